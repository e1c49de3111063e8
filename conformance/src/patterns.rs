//! Images that are edge cases for a hash: uniform, periodic, symmetric, or with equal coefficients.

use crate::canvas::{Canvas, Rgb};
use crate::noise::{ONE, mix, octaves, pick, scramble};

/// Paints one colour.
#[must_use]
pub fn flat(canvas: &Canvas, _x: i64, _y: i64) -> Rgb {
    colour(canvas.seed, 0)
}

/// Paints blocks of two greys.
#[must_use]
pub fn ties(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    let block = 1 + pick(canvas.seed, 0, 9);
    let levels = [pick(canvas.seed, 1, 128), 128 + pick(canvas.seed, 2, 128)];
    [levels[(scramble(canvas.seed, x / block, y / block) >> 31) as usize]; 3]
}

/// Paints pixels of three greys.
#[must_use]
pub fn levels(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    [i64::from(scramble(canvas.seed, x, y) % 3) * 100; 3]
}

/// Paints straight bars in one of four directions.
#[must_use]
pub fn stripes(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    let (across, down) = [(1, 0), (0, 1), (1, 1), (2, 1)][pick(canvas.seed, 0, 4) as usize];
    let period = 1 + pick(canvas.seed, 1, 40);
    colour(canvas.seed, 2 + (x * across + y * down) / period % 2)
}

/// Paints a chessboard.
#[must_use]
pub fn checks(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    let side = 1 + pick(canvas.seed, 0, 32);
    colour(canvas.seed, 1 + (x / side + y / side) % 2)
}

/// Paints a linear gradient in each channel, with different directions.
#[must_use]
pub fn gradient(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    [0, 1, 2].map(|channel| {
        let from = pick(canvas.seed, 3 * channel, 256);
        let right = pick(canvas.seed, 3 * channel + 1, 511) - 255;
        let down = pick(canvas.seed, 3 * channel + 2, 511) - 255;
        from + right * x / canvas.width + down * y / canvas.height
    })
}

/// Paints a window: a title bar, buttons, and lines of text in 5x7 dot letters.
#[must_use]
pub fn screen(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    let unit = (canvas.height / 150).max(1);
    let (x, y) = (x / unit, y / unit);
    let columns = canvas.width / unit;
    if y < 9 {
        let is_button = (3..6).contains(&y) && x < 24 && x % 8 > 4;
        return if is_button {
            colour(canvas.seed, 3 + x / 8)
        } else {
            colour(canvas.seed, 1).map(|c| c / 2)
        };
    }
    let (line, row) = ((y - 9) / 11, (y - 9) % 11);
    let (letter, column) = ((x - 4).div_euclid(6), (x - 4).rem_euclid(6));
    let paper = if line % 7 == 3 { [225, 232, 245] } else { [250, 250, 248] };
    let ink = if line % 7 == 0 { colour(canvas.seed, 2).map(|c| c / 2) } else { [30, 32, 40] };
    let line_ends = columns * (40 + pick(canvas.seed, 100 + line, 55)) / 100;
    let is_gap = scramble(canvas.seed ^ 0x77, letter, line).is_multiple_of(6);
    let is_outside =
        letter < 0 || column == 5 || !(2..9).contains(&row) || x > line_ends || x > columns - 4;
    if is_gap || is_outside || line % 7 == 6 {
        return paper;
    }
    let glyph = scramble(canvas.seed, letter, line) % 40;
    // The dots of a letter. Every other letter is symmetric, which resembles real text.
    let dot = if glyph.is_multiple_of(2) { column.min(4 - column) } else { column };
    if scramble(glyph, dot, row).is_multiple_of(2) { ink } else { paper }
}

/// Paints soft blots with a symmetry: left to right, top to bottom, both, or about the diagonal.
#[must_use]
pub fn symmetric(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    let (left, top) = (x.min(canvas.width - 1 - x), y.min(canvas.height - 1 - y));
    let (x, y) =
        [(left, y), (x, top), (left, top), (x.min(y), x.max(y))][pick(canvas.seed, 0, 4) as usize];
    let cell = (canvas.width.max(canvas.height) / 6).max(2);
    let (from, to) = (colour(canvas.seed, 1), colour(canvas.seed, 2));
    let t = octaves(canvas.seed, x, y, cell);
    [0, 1, 2].map(|channel| mix(from[channel], to[channel], (2 * t - ONE / 2).clamp(0, ONE)))
}

/// Paints a grid of 4 to 32 blocks per side, in four greys.
#[must_use]
pub fn blocks(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    let count = 4 << pick(canvas.seed, 0, 4);
    let greys = [pick(canvas.seed, 1, 256), pick(canvas.seed, 2, 256), 64, 192];
    let block = scramble(canvas.seed, x * count / canvas.width, y * count / canvas.height);
    [greys[(block >> 30) as usize]; 3]
}

/// Paints independent noise in every channel of every pixel.
#[must_use]
pub fn noise(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    let bits = scramble(canvas.seed, x, y);
    [0, 8, 16].map(|shift| i64::from(bits >> shift & 255))
}

/// Returns the `index`th colour of a seed.
fn colour(seed: u32, index: i64) -> Rgb {
    [0, 1, 2].map(|channel| pick(seed ^ 0xc0_1035, index * 3 + channel, 256))
}
