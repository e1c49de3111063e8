//! Converts YCbCr to RGB by ITU-T H.273, 8.3 and 8.8, with integer arithmetic, so that every
//! machine computes the same bytes.
//!
//! Images of more than 8 bits per sample are reduced to the high bits of the result
//! (`docs/pixels.md`).

use super::reason::Reason;

/// The matrix and range of the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colours {
    /// `MatrixCoefficients` of H.273.
    pub(super) matrix: u16,
    /// Black is 0 and white has all bits set. Otherwise they are 16 and 235 (for 8 bits).
    pub(super) full_range: bool,
}

/// Fractional bits of the fixed-point factors.
const FRACTION: u32 = 14;

/// How the factors of a conversion are rounded.
#[derive(Debug, Clone, Copy)]
struct Precision {
    fraction: u32,
    /// The factors that expand luma and chroma to the full range, as fractions.
    expansions: [(i64, i64); 2],
}

/// The conversion for one image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conversion {
    identity: bool,
    fraction: u32,
    /// Bits that are dropped before the conversion.
    dropped_bits: u32,
    /// Bits per sample beyond 8.
    extra_bits: u32,
    max_value: i32,
    black: i32,
    neutral_chroma: i32,
    luma: i32,
    red: i32,
    green_of_red: i32,
    green_of_blue: i32,
    blue: i32,
}

impl Conversion {
    /// Returns the conversion for samples of 8 to 12 bits. Matrix 0 means planes of green, blue and
    /// red.
    pub(super) fn new(colours: Colours, depth: u8) -> Result<Self, Reason> {
        let extra_bits = u32::from(depth.saturating_sub(8));
        let max_value = (1_i64 << depth) - 1;
        let expansions = if colours.full_range {
            [(1, 1); 2]
        } else {
            [(max_value, 219 << extra_bits), (max_value, 224 << extra_bits)]
        };
        Self::with_precision(colours, depth, Precision { fraction: FRACTION, expansions })
    }

    /// Returns the conversion of libheif 1.23 to 8 bits, with its rounded factors.
    #[cfg_attr(not(feature = "heic"), allow(dead_code))]
    pub(super) fn libheif(colours: Colours, depth: u8, is_420: bool) -> Result<Self, Reason> {
        if !colours.full_range {
            let expansions = [(11_689, 10_000), (11_429, 10_000)];
            return Self::with_precision(
                colours,
                depth,
                Precision { fraction: FRACTION, expansions },
            );
        }
        if !is_420 {
            return Self::new(colours, depth);
        }
        // What phones write: more bits than 8 are dropped first.
        let precision = Precision { fraction: 8, expansions: [(1, 1); 2] };
        let conversion = Self::with_precision(colours, 8, precision)?;
        Ok(Self { dropped_bits: u32::from(depth.saturating_sub(8)), ..conversion })
    }

    fn with_precision(
        colours: Colours,
        depth: u8,
        Precision { fraction, expansions: [luma, chroma] }: Precision,
    ) -> Result<Self, Reason> {
        if !(8..=12).contains(&depth) {
            return Err(Reason::Unsupported(format!("{depth}-bit samples")));
        }
        // The weights of red and blue in luma, times 10,000.
        let (red, blue) = match colours.matrix {
            1 => (2126, 722),
            4 => (3000, 1100),
            // BT.601, also the default for files without this information.
            0 | 2 | 5 | 6 => (2990, 1140),
            7 => (2120, 870),
            9 => (2627, 593),
            other => return Err(Reason::Unsupported(format!("matrix coefficients {other}"))),
        };
        let green = 10_000 - red - blue;
        let extra_bits = u32::from(depth) - 8;
        // `number / (10,000 * over)` times the expansion, rounded to fixed point.
        let scaled = |number: i64, over: i64, (up, down): (i64, i64)| {
            let over = 10_000 * over * down;
            ((2 * number * (up << fraction) + over).div_euclid(2 * over)) as i32
        };
        Ok(Self {
            identity: colours.matrix == 0,
            fraction,
            dropped_bits: 0,
            extra_bits,
            max_value: (1 << depth) - 1,
            black: if colours.full_range { 0 } else { 16 << extra_bits },
            neutral_chroma: 128 << extra_bits,
            luma: scaled(10_000, 1, luma),
            red: scaled(2 * (10_000 - red), 1, chroma),
            green_of_red: scaled(2 * (10_000 - red) * red, green, chroma),
            green_of_blue: scaled(2 * (10_000 - blue) * blue, green, chroma),
            blue: scaled(2 * (10_000 - blue), 1, chroma),
        })
    }

    /// Converts the three samples of a pixel to RGB.
    #[inline]
    pub(super) fn rgb(&self, samples: [u16; 3]) -> [u8; 3] {
        let [first, second, third] = samples.map(|sample| sample >> self.dropped_bits);
        let luma = |sample| (i32::from(sample) - self.black) * self.luma;
        if self.identity {
            // The planes are green, blue, red.
            return [third, first, second].map(|sample| self.shrink(luma(sample)));
        }
        let luma = luma(first);
        let [for_blue, for_red] =
            [second, third].map(|sample| i32::from(sample) - self.neutral_chroma);
        [
            self.shrink(luma + for_red * self.red),
            self.shrink(luma - for_red * self.green_of_red - for_blue * self.green_of_blue),
            self.shrink(luma + for_blue * self.blue),
        ]
    }

    /// Converts a grey sample.
    #[inline]
    pub(super) fn grey(&self, sample: u16) -> u8 {
        self.shrink((i32::from(sample) - self.black) * self.luma)
    }

    #[inline]
    fn shrink(&self, value: i32) -> u8 {
        let rounded = (value + (1 << (self.fraction - 1))) >> self.fraction;
        (rounded.clamp(0, self.max_value) >> self.extra_bits) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversion(matrix: u16, full_range: bool, depth: u8) -> Conversion {
        Conversion::new(Colours { matrix, full_range }, depth).unwrap()
    }

    #[test]
    fn black_white_and_red_are_converted_exactly() {
        for depth in [8, 10, 12] {
            let scale = |sample: u16| sample << (depth - 8);
            let limited = conversion(1, false, depth);
            assert_eq!(limited.rgb([16, 128, 128].map(scale)), [0; 3]);
            assert_eq!(limited.rgb([235, 128, 128].map(scale)), [255; 3]);
            assert_eq!(limited.grey(scale(235)), 255);
        }
        // Pure red by the equations of H.273 for BT.601, full range.
        assert_eq!(conversion(6, true, 8).rgb([76, 85, 255]), [254, 0, 0]);
    }

    #[test]
    fn greys_of_the_full_range_keep_their_high_bits() {
        for matrix in [0, 1, 2, 9] {
            for depth in [8_u8, 10, 12] {
                let conversion = conversion(matrix, true, depth);
                for sample in 0..1_u16 << depth {
                    let none = if matrix == 0 { sample } else { 1 << (depth - 1) };
                    assert_eq!(
                        conversion.rgb([sample, none, none]),
                        [(sample >> (depth - 8)) as u8; 3]
                    );
                    assert_eq!(conversion.grey(sample), (sample >> (depth - 8)) as u8);
                }
            }
        }
    }

    /// libheif 1.23 adds offsets of 8 fractional bits to luma, and expands with rounded factors.
    #[test]
    fn the_factors_of_libheif_are_used() {
        let full = Conversion::libheif(Colours { matrix: 6, full_range: true }, 8, true).unwrap();
        for (cb, cr) in [(0, 255), (77, 201), (128, 128), (255, 3)] {
            let (b, r) = (i32::from(cb) - 128, i32::from(cr) - 128);
            let offsets = [359 * r, -88 * b - 183 * r, 454 * b].map(|offset| (offset + 128) >> 8);
            let expected = offsets.map(|offset| (100 + offset).clamp(0, 255) as u8);
            assert_eq!(full.rgb([100, cb, cr]), expected);
            let ten = Conversion::libheif(Colours { matrix: 6, full_range: true }, 10, true);
            assert_eq!(ten.unwrap().rgb([403, 4 * cb + 3, 4 * cr + 3]), expected);
        }
        let limited =
            Conversion::libheif(Colours { matrix: 1, full_range: false }, 8, true).unwrap();
        // (126 - 16) * 1.1689 = 128.6; the standard gives 128.1.
        assert_eq!(limited.rgb([126, 128, 128]), [129; 3]);
        assert_eq!(conversion(1, false, 8).rgb([126, 128, 128]), [128; 3]);
    }

    /// Extreme samples must not overflow.
    #[test]
    fn extreme_samples_do_not_overflow() {
        for matrix in [0, 1, 4, 7, 9] {
            for full_range in [false, true] {
                for corner in 0..8 {
                    let samples =
                        [0, 1, 2].map(|bit| if corner >> bit & 1 == 0 { 0 } else { 4095 });
                    let _ = conversion(matrix, full_range, 12).rgb(samples);
                }
            }
        }
    }
}
