//! The color hash: the shares of black, grey, and faint and bright hues in an image.
//!
//! Reference: `colorhash` of ImageHash 4.3.2 over `rgb2hsv_row` of Pillow
//! (`src/libImaging/Convert.c`). Pillow computes hue and saturation in single precision and
//! truncates them to bytes. Only comparisons with a few bounds are needed, and products of integers
//! give the same results. A test covers every color.

use fearless_simd::{Level, dispatch};

/// Minimum luma of a pixel that is not black: `256 // 8`.
const BLACK: u8 = 32;

/// Number of kinds of pixels: black, grey, neither faint nor bright, six faint hues, six bright
/// hues.
const KINDS: usize = 15;
const GREY: usize = 1;
const BETWEEN: usize = 2;
const FAINT: usize = 3;
const BRIGHT: usize = 9;

/// Number of fractions in a hash: all kinds except [`BETWEEN`].
pub(super) const FRACTIONS: usize = KINDS - 1;

/// Number of pixels that are classified at a time.
const STEP: usize = 64;

/// Counts of pixels of each kind.
#[derive(Debug)]
pub(super) struct ColourCounts {
    level: Level,
    /// Four counters per kind, so that equal neighbours do not wait for each other.
    counts: [[u64; KINDS]; 4],
}

impl ColourCounts {
    pub(super) fn new(level: Level) -> Self {
        Self { level, counts: [[0; KINDS]; 4] }
    }

    /// Counts the pixels of a row; its luma is passed too.
    pub(super) fn push(&mut self, rgb: &[u8], luma: &[u8]) {
        dispatch!(self.level, _simd => self.push_row(rgb, luma));
    }

    #[inline(always)]
    fn push_row(&mut self, rgb: &[u8], luma: &[u8]) {
        let mut kinds = [0; STEP];
        for (pixels, luma) in rgb.as_chunks::<3>().0.chunks(STEP).zip(luma.chunks(STEP)) {
            for ((kind, pixel), &luma) in kinds.iter_mut().zip(pixels).zip(luma) {
                *kind = kind_of(*pixel, luma);
            }
            for four in kinds[..pixels.len()].chunks(4) {
                for (counts, kind) in self.counts.iter_mut().zip(four) {
                    counts[usize::from(kind % KINDS as u8)] += 1;
                }
            }
        }
    }

    /// Returns the hash with `bits` bits per fraction.
    pub(super) fn bits(&self, bits: u32) -> Vec<bool> {
        let count = |kind: usize| self.counts.iter().map(|counts| counts[kind]).sum::<u64>();
        let all: u64 = (0..KINDS).map(count).sum();
        let coloured: u64 = (BETWEEN..KINDS).map(count).sum();
        let levels = 1_u64 << bits;
        let mut fractions = vec![
            (count(0) as f64 / all as f64 * levels as f64) as u64,
            (count(GREY) as f64 / all as f64 * levels as f64) as u64,
        ];
        let part = |kind| ((count(kind) * levels) as f64 / coloured.max(1) as f64) as u64;
        fractions.extend((FAINT..KINDS).map(part));
        fractions.iter().flat_map(|fraction| digits((*fraction).min(levels - 1), bits)).collect()
    }
}

/// Returns the digits of the original, which are not binary: `v // 2^(bits-i-1) % 2^(bits-i) > 0`.
fn digits(value: u64, bits: u32) -> impl Iterator<Item = bool> {
    (0..bits).map(move |i| !(value >> (bits - i - 1)).is_multiple_of(1 << (bits - i)))
}

/// Classifies without branches, so that the compiler vectorizes it.
#[inline(always)]
fn kind_of([red, green, blue]: [u8; 3], luma: u8) -> u8 {
    let [r, g, b] = [red, green, blue].map(i16::from);
    let largest = r.max(g).max(b);
    let range = largest - r.min(g).min(b);
    // Saturations of 85, 170 and 171: a third, two thirds, and 171/255.
    let is_grey = 3 * range < largest;
    let is_faint = 3 * range < 2 * largest;
    let is_bright = 85 * range >= 57 * largest;
    // A hue right after a sixth of the circle is truncated to the byte before if it is less than
    // 1/85 of a sixth.
    let is_past = |other: i16| i16::from(85 * (largest - other) >= range);
    let from_red = if g >= b { 0 } else { 4 + is_past(b) };
    let from_green = if b >= r { 2 } else { is_past(r) };
    let from_blue = if g <= r { 4 } else { 2 + is_past(g) };
    let hue = if r == largest {
        from_red
    } else if g == largest {
        from_green
    } else {
        from_blue
    };
    let colour = if is_faint {
        FAINT as i16 + hue
    } else if is_bright {
        BRIGHT as i16 + hue
    } else {
        BETWEEN as i16
    };
    let light = if is_grey { GREY as i16 } else { colour };
    (if luma < BLACK { 0 } else { light }) as u8
}

#[cfg(test)]
mod tests {
    use super::super::luma;
    use super::*;

    /// Hue and saturation as the C code computes them.
    fn hue_and_saturation([r, g, b]: [u8; 3]) -> (u8, u8) {
        let (largest, smallest) = (r.max(g).max(b), r.min(g).min(b));
        if largest == smallest {
            return (0, 0);
        }
        let range = f32::from(largest - smallest);
        let [rc, gc, bc] = [r, g, b].map(|channel| f32::from(largest - channel) / range);
        let hue = if r == largest {
            bc - gc
        } else if g == largest {
            (2.0 + f64::from(rc) - f64::from(bc)) as f32
        } else {
            (4.0 + f64::from(gc) - f64::from(rc)) as f32
        };
        let hue = ((f64::from(hue) / 6.0 + 1.0) % 1.0) as f32;
        let saturation = range / f32::from(largest);
        ((f64::from(hue) * 255.0) as u8, (f64::from(saturation) * 255.0) as u8)
    }

    fn expected(pixel: [u8; 3]) -> u8 {
        let (hue, saturation) = hue_and_saturation(pixel);
        let bin = [42.5, 85.0, 127.5, 170.0, 212.5]
            .iter()
            .filter(|edge| f64::from(hue) >= **edge)
            .count();
        match saturation {
            0..85 => GREY as u8,
            85..170 => (FAINT + bin) as u8,
            170 => BETWEEN as u8,
            _ => (BRIGHT + bin) as u8,
        }
    }

    #[test]
    fn the_kind_of_every_colour_equals_that_of_pillow() {
        for red in 0..=255 {
            for green in 0..=255 {
                for blue in 0..=255 {
                    let pixel = [red, green, blue];
                    let luma = luma::of_pixel(pixel);
                    let expected = if luma < 32 { 0 } else { expected(pixel) };
                    assert_eq!(kind_of(pixel, luma), expected, "{pixel:?}");
                }
            }
        }
    }

    #[test]
    fn binary_digits_equal_those_of_imagehash() {
        let of = |value| digits(value, 3).collect::<Vec<_>>();
        assert_eq!(
            (of(4), of(2), of(1)),
            (vec![true, true, false], vec![false, true, false], vec![false, false, true])
        );
    }
}
