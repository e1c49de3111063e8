//! Converts YCbCr to RGB with integer arithmetic, so that every machine computes the same bytes.
//!
//! Each component is `(a*(Y - black) + b*(Cb - 128) + c*(Cr - 128) + 2^15) >> 16`, clamped to
//! `0..=255`. The factors are those of ITU-R BT.601 and BT.709 times 2^16, rounded to the nearest
//! integer. For the limited range they are scaled by 255/219 (luma) and 255/224 (chroma). Each
//! chroma sample applies to the four nearest pixels, without interpolation. BT.601 with the limited
//! range came closest to the hashes that vPDQ publishes for its sample videos.

/// The matrix that converts between RGB and YCbCr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ColourMatrix {
    /// ITU-R BT.601.
    #[default]
    Bt601,
    /// ITU-R BT.709.
    Bt709,
}

impl ColourMatrix {
    /// All matrices.
    pub const ALL: [Self; 2] = [Self::Bt601, Self::Bt709];

    /// Returns the stable name, which every binding uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bt601 => "bt601",
            Self::Bt709 => "bt709",
        }
    }
}

/// The range of luma and chroma values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ColourRange {
    /// Luma from 16 to 235, chroma from 16 to 240.
    #[default]
    Limited,
    /// Luma and chroma from 0 to 255.
    Full,
}

impl ColourRange {
    /// Both ranges.
    pub const ALL: [Self; 2] = [Self::Limited, Self::Full];

    /// Returns the stable name, which every binding uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Limited => "limited",
            Self::Full => "full",
        }
    }
}

/// The factors of one matrix and range, multiplied by 2^16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conversion {
    black: i32,
    luma: i32,
    red_of_red: i32,
    green_of_blue: i32,
    green_of_red: i32,
    blue_of_blue: i32,
}

impl Default for Conversion {
    fn default() -> Self {
        Self::new(ColourMatrix::default(), ColourRange::default())
    }
}

impl Conversion {
    pub(crate) fn new(matrix: ColourMatrix, range: ColourRange) -> Self {
        let (black, luma, [red_of_red, green_of_blue, green_of_red, blue_of_blue]) =
            match (range, matrix) {
                (ColourRange::Limited, ColourMatrix::Bt601) => {
                    (16, 76309, [104597, 25675, 53279, 132201])
                }
                (ColourRange::Limited, ColourMatrix::Bt709) => {
                    (16, 76309, [117489, 13975, 34925, 138438])
                }
                (ColourRange::Full, ColourMatrix::Bt601) => {
                    (0, 65536, [91881, 22553, 46802, 116130])
                }
                (ColourRange::Full, ColourMatrix::Bt709) => {
                    (0, 65536, [103206, 12276, 30679, 121609])
                }
            };
        Self { black, luma, red_of_red, green_of_blue, green_of_red, blue_of_blue }
    }

    /// Converts a row. Each pair of chroma samples (Cb, Cr) applies to two pixels.
    pub(crate) fn write_row(
        self,
        luma: &[u8],
        chroma: impl Iterator<Item = [u8; 2]>,
        rgb: &mut [[u8; 3]],
    ) {
        for ((rgb, luma), [blue, red]) in rgb.chunks_mut(2).zip(luma.chunks(2)).zip(chroma) {
            let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
            let of_chroma = [
                self.red_of_red * red,
                -self.green_of_blue * blue - self.green_of_red * red,
                self.blue_of_blue * blue,
            ];
            for (rgb, &luma) in rgb.iter_mut().zip(luma) {
                let of_luma = self.luma * (i32::from(luma) - self.black) + (1 << 15);
                *rgb = of_chroma.map(|of_chroma| ((of_luma + of_chroma) >> 16).clamp(0, 255) as u8);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computes the factors from the luma weights of red and blue in the two standards.
    #[test]
    fn factors_equal_those_of_the_standards() {
        for (matrix, red, blue) in
            [(ColourMatrix::Bt601, 0.299, 0.114), (ColourMatrix::Bt709, 0.2126, 0.0722)]
        {
            for range in ColourRange::ALL {
                let (luma, chroma) = match range {
                    ColourRange::Limited => (255.0 / 219.0, 255.0 / 224.0),
                    ColourRange::Full => (1.0, 1.0),
                };
                let green = 1.0 - red - blue;
                let factor = |exact: f64| (exact * 65536.0).round() as i32;
                let conversion = Conversion::new(matrix, range);
                assert_eq!(conversion.luma, factor(luma));
                assert_eq!(conversion.red_of_red, factor(2.0 * (1.0 - red) * chroma));
                assert_eq!(conversion.blue_of_blue, factor(2.0 * (1.0 - blue) * chroma));
                assert_eq!(
                    conversion.green_of_blue,
                    factor(2.0 * (1.0 - blue) * blue / green * chroma)
                );
                assert_eq!(
                    conversion.green_of_red,
                    factor(2.0 * (1.0 - red) * red / green * chroma)
                );
            }
        }
    }

    /// Compares with the same formula in floating point, for every luma value and a grid of chroma
    /// values.
    #[test]
    fn converted_rows_are_rounded_correctly() {
        let conversion = Conversion::default();
        for blue in (0..=255).step_by(15) {
            for red in (0..=255).step_by(17) {
                for luma in 0..=255_u8 {
                    let mut rgb = [[0; 3]];
                    conversion.write_row(&[luma], std::iter::once([blue, red]), &mut rgb);
                    let (y, b, r) =
                        (f64::from(luma) - 16.0, f64::from(blue) - 128.0, f64::from(red) - 128.0);
                    let (y, b, r) = (y * 255.0 / 219.0, b * 255.0 / 224.0, r * 255.0 / 224.0);
                    let exact =
                        [y + 1.402 * r, y - 0.344_136_3 * b - 0.714_136_3 * r, y + 1.772 * b];
                    for (got, exact) in rgb[0].into_iter().zip(exact) {
                        assert!(
                            (f64::from(got) - exact.clamp(0.0, 255.0)).abs() <= 0.502,
                            "{got} {exact}"
                        );
                    }
                }
            }
        }
    }
}
