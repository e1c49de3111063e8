//! From luma and chroma to red, green and blue: whole numbers only, so that every machine gets the same.
//!
//! ITU-T H.273 8.3 and 8.8. What files of more than 8 bits keep are the high bits of the result, as everywhere (docs/pixels.md).

use super::reason::Reason;

/// How samples are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colours {
    /// The number of H.273's `MatrixCoefficients`.
    pub(super) matrix: u16,
    /// Black is 0 and white all ones; otherwise 16 and 235, of 8 bits.
    pub(super) full_range: bool,
}

/// Bits behind the point.
const FRACTION: u32 = 14;

/// The conversion for one image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conversion {
    identity: bool,
    /// Bits a sample beyond 8.
    more_bits: u32,
    most: i32,
    black: i32,
    no_colour: i32,
    luma: i32,
    red: i32,
    green_of_red: i32,
    green_of_blue: i32,
    blue: i32,
}

impl Conversion {
    /// For samples of 8 to 12 bits; planes of red, green and blue are told from the matrix.
    pub(super) fn new(colours: Colours, depth: u8) -> Result<Self, Reason> {
        if !(8..=12).contains(&depth) {
            return Err(Reason::Unsupported(format!("{depth} bits a sample")));
        }
        // Red's and blue's share of luma, in ten thousandths.
        let (red, blue) = match colours.matrix {
            1 => (2126, 722),
            4 => (3000, 1100),
            // BT.601, and where the file says nothing.
            0 | 2 | 5 | 6 => (2990, 1140),
            7 => (2120, 870),
            9 => (2627, 593),
            other => return Err(Reason::Unsupported(format!("colour matrix {other}"))),
        };
        let green = 10_000 - red - blue;
        let more_bits = u32::from(depth) - 8;
        let most = (1_i64 << depth) - 1;
        let (luma_span, chroma_span) =
            if colours.full_range { (most, most) } else { (219 << more_bits, 224 << more_bits) };
        // What a step of a sample is worth, times `number` ten thousandths of `over`.
        let scaled = |number: i64, over: i64, span: i64| {
            let over = 10_000 * over * span;
            ((2 * number * (most << FRACTION) + over).div_euclid(2 * over)) as i32
        };
        Ok(Self {
            identity: colours.matrix == 0,
            more_bits,
            most: most as i32,
            black: if colours.full_range { 0 } else { 16 << more_bits },
            no_colour: 128 << more_bits,
            luma: scaled(10_000, 1, luma_span),
            red: scaled(2 * (10_000 - red), 1, chroma_span),
            green_of_red: scaled(2 * (10_000 - red) * red, green, chroma_span),
            green_of_blue: scaled(2 * (10_000 - blue) * blue, green, chroma_span),
            blue: scaled(2 * (10_000 - blue), 1, chroma_span),
        })
    }

    /// A pixel's first, second and third sample as red, green and blue.
    #[inline]
    pub(super) fn rgb(&self, [first, second, third]: [u16; 3]) -> [u8; 3] {
        let luma = |sample| (i32::from(sample) - self.black) * self.luma;
        if self.identity {
            // Green, blue, red.
            return [third, first, second].map(|sample| self.shrink(luma(sample)));
        }
        let luma = luma(first);
        let [for_blue, for_red] = [second, third].map(|sample| i32::from(sample) - self.no_colour);
        [
            self.shrink(luma + for_red * self.red),
            self.shrink(luma - for_red * self.green_of_red - for_blue * self.green_of_blue),
            self.shrink(luma + for_blue * self.blue),
        ]
    }

    /// A grey pixel.
    #[inline]
    pub(super) fn grey(&self, sample: u16) -> u8 {
        self.shrink((i32::from(sample) - self.black) * self.luma)
    }

    #[inline]
    fn shrink(&self, value: i32) -> u8 {
        let rounded = (value + (1 << (FRACTION - 1))) >> FRACTION;
        (rounded.clamp(0, self.most) >> self.more_bits) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversion(matrix: u16, full_range: bool, depth: u8) -> Conversion {
        Conversion::new(Colours { matrix, full_range }, depth).unwrap()
    }

    #[test]
    fn black_white_and_red_are_themselves() {
        for depth in [8, 10, 12] {
            let scale = |sample: u16| sample << (depth - 8);
            let limited = conversion(1, false, depth);
            assert_eq!(limited.rgb([16, 128, 128].map(scale)), [0; 3]);
            assert_eq!(limited.rgb([235, 128, 128].map(scale)), [255; 3]);
            assert_eq!(limited.grey(scale(235)), 255);
        }
        // H.273's equations for BT.601, full range, of pure red.
        assert_eq!(conversion(6, true, 8).rgb([76, 85, 255]), [254, 0, 0]);
    }

    #[test]
    fn greys_of_the_full_range_keep_their_high_bits() {
        for matrix in [0, 1, 2, 9] {
            for depth in [8_u8, 10, 12] {
                let conversion = conversion(matrix, true, depth);
                for sample in 0..1_u16 << depth {
                    let none = if matrix == 0 { sample } else { 1 << (depth - 1) };
                    assert_eq!(conversion.rgb([sample, none, none]), [(sample >> (depth - 8)) as u8; 3]);
                    assert_eq!(conversion.grey(sample), (sample >> (depth - 8)) as u8);
                }
            }
        }
    }

    /// No sample can overflow.
    #[test]
    fn the_corners_of_every_cube_are_survived() {
        for matrix in [0, 1, 4, 7, 9] {
            for full_range in [false, true] {
                for corner in 0..8 {
                    let samples = [0, 1, 2].map(|bit| if corner >> bit & 1 == 0 { 0 } else { 4095 });
                    let _ = conversion(matrix, full_range, 12).rgb(samples);
                }
            }
        }
    }
}
