//! Converts values to the bits of a hash (`alg/mod.rs` and `BoolsToBytes` of img_hash 3.2.0, MIT or
//! Apache-2.0).

use crate::bit_hash::BitHash;

/// The comparison that determines a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// Each value with the mean of all.
    Mean,
    /// Each value with its left neighbour.
    Gradient,
    /// Each value with the one above, column by column.
    VerticalGradient,
    /// Both gradients, one after the other.
    DoubleGradient,
}

impl Comparison {
    /// Returns the columns and rows of values for a hash of `width` by `height`.
    pub(super) fn values(self, width: usize, height: usize) -> (usize, usize) {
        match self {
            Self::Mean => (width, height),
            Self::Gradient => (width + 1, height),
            Self::VerticalGradient => (width, height + 1),
            Self::DoubleGradient => (width / 2 + 1, height / 2 + 1),
        }
    }

    /// Returns the number of bits of a hash of `width` by `height`.
    pub(super) fn bits(self, width: usize, height: usize) -> usize {
        match self {
            Self::Mean | Self::Gradient | Self::VerticalGradient => width * height,
            Self::DoubleGradient => {
                let (columns, rows) = self.values(width, height);
                (columns - 1) * rows + columns * (rows - 1)
            }
        }
    }

    /// Returns the hash of rows of `width` integers.
    pub(super) fn of_pixels(self, pixels: &[u8], width: usize) -> BitHash {
        let sum: u32 = pixels.iter().map(|&pixel| u32::from(pixel)).sum();
        self.of_values(pixels, width, (sum / (pixels.len() as u32).max(1)) as u8)
    }

    /// Returns the hash of rows of `width` coefficients.
    pub(super) fn of_coefficients(self, coefficients: &[f32], width: usize) -> BitHash {
        let sum = coefficients.iter().fold(0.0, |sum, coefficient| sum + coefficient);
        self.of_values(coefficients, width, sum / coefficients.len() as f32)
    }

    fn of_values<T: PartialOrd + Copy>(self, values: &[T], width: usize, mean: T) -> BitHash {
        let mut bits = Vec::new();
        if self == Self::Mean {
            bits.extend(values.iter().map(|value| *value >= mean));
        }
        if matches!(self, Self::Gradient | Self::DoubleGradient) {
            let pairs = values.chunks_exact(width).flat_map(|row| row.windows(2));
            bits.extend(pairs.map(|pair| pair[0] < pair[1]));
        }
        if matches!(self, Self::VerticalGradient | Self::DoubleGradient) {
            for column in 0..width {
                let upper = values.iter().skip(column).step_by(width);
                let lower = values.iter().skip(column + width).step_by(width);
                bits.extend(upper.zip(lower).map(|(upper, lower)| upper < lower));
            }
        }
        packed(&bits)
    }
}

/// Packs bits into bytes, least significant bit first.
pub(super) fn packed(bits: &[bool]) -> BitHash {
    let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
    BitHash::from_bytes(&bits.chunks(8).map(byte).collect::<Vec<u8>>())
}
