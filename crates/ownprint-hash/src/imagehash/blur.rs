//! The two filters before segmentation: `GaussianBlur()` and `MedianFilter()` of Pillow.
//!
//! Reference: `src/libImaging/BoxBlur.c` and `RankFilter.c` of Pillow 12.3.0.

use zeroize::Zeroize;

/// Number of box filters in each direction.
const PASSES: usize = 3;

/// The weights of the box that approximates a Gaussian of radius 2, with 24 fractional bits: of the
/// three central pixels, and of the pixel at each end.
const MIDDLE: u32 = 4_473_924;
const END: u32 = 1_677_722;

/// Blurs a square of `side` by `side` with three boxes along rows, then along columns.
pub(super) fn gaussian(square: &mut [u8], side: usize) {
    let mut line = vec![0; side];
    for row in square.chunks_exact_mut(side) {
        for _ in 0..PASSES {
            line.copy_from_slice(row);
            blur(&line, row);
        }
    }
    let mut column = vec![0; side];
    for x in 0..side {
        for (pixel, row) in column.iter_mut().zip(square.chunks_exact(side)) {
            *pixel = row[x];
        }
        for _ in 0..PASSES {
            line.copy_from_slice(&column);
            blur(&line, &mut column);
        }
        for (pixel, row) in column.iter().zip(square.chunks_exact_mut(side)) {
            row[x] = *pixel;
        }
    }
    line.zeroize();
    column.zeroize();
}

/// Pixels at the ends are repeated beyond them.
fn blur(line: &[u8], out: &mut [u8]) {
    let last = line.len() - 1;
    for (x, out) in out.iter_mut().enumerate() {
        let pixel = |offset: usize| u32::from(line[(x + offset).saturating_sub(2).min(last)]);
        let sum = MIDDLE * (pixel(1) + pixel(2) + pixel(3)) + END * (pixel(0) + pixel(4));
        *out = ((sum + (1 << 23)) >> 24) as u8;
    }
}

/// Replaces each pixel by the median of itself and its eight neighbours; pixels at the edge are
/// repeated beyond it.
pub(super) fn median(square: &[u8], side: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(square.len());
    for y in 0..side {
        let rows =
            [y.saturating_sub(1), y, (y + 1).min(side - 1)].map(|y| &square[y * side..][..side]);
        for x in 0..side {
            let columns = [x.saturating_sub(1), x, (x + 1).min(side - 1)];
            let mut nine = rows.map(|row| columns.map(|x| row[x]));
            let nine = nine.as_flattened_mut();
            out.push(*nine.select_nth_unstable(4).1);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    /// `_gaussian_blur_radius` and `ImagingHorizontalBoxBlur`, step by step in the types of the C
    /// code.
    #[test]
    fn the_weights_equal_those_of_radius_2() {
        let variance = 2.0_f32 * 2.0 / 3.0;
        let box_length = (12.0 * f64::from(variance) + 1.0).sqrt() as f32;
        let whole = ((f64::from(box_length) - 1.0) / 2.0).floor() as f32;
        let part = (2.0 * whole + 1.0) * (whole * (whole + 1.0) - 3.0 * variance)
            / (6.0 * (variance - (whole + 1.0) * (whole + 1.0)));
        let radius = whole + part;
        assert_eq!(radius as u32, 1);
        let middle = ((1 << 24) as f32 / (radius * 2.0 + 1.0)) as u32;
        assert_eq!((middle, ((1 << 24) - 3 * middle) / 2), (super::MIDDLE, super::END));
    }
}
