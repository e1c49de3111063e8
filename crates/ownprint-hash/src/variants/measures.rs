//! Numbers and words in the names of variants.

use std::fmt;

/// A percentage in tenths of a percent, above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Percent(u16);

impl Percent {
    /// The maximum that may be cropped at one edge: a tenth of the image remains between two such
    /// edges.
    pub(super) const MAX_CROPPED: u16 = 450;
    /// 100 per cent.
    pub(super) const WHOLE: u16 = 1000;

    /// Parses a percentage of up to `maximum` tenths.
    pub(super) fn parse(text: &str, maximum: u16) -> Option<Self> {
        let tenths = tenths(text)?;
        (1..=maximum).contains(&tenths).then_some(Self(tenths))
    }

    /// Returns this percentage of `length`.
    pub(super) fn of(self, length: f64) -> f64 {
        length * f64::from(self.0) / 1000.0
    }

    /// Returns the length of which `length` remains after this percentage was removed.
    pub(super) fn before_crop(self, length: f64) -> f64 {
        length * 1000.0 / f64::from(Self::WHOLE.saturating_sub(self.0).max(1))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_tenths(f, self.0)
    }
}

/// An angle in tenths of a degree, clockwise, not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Angle(i16);

impl Angle {
    const MAX: u16 = 450;

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let tenths = tenths(digits).filter(|tenths| (1..=Self::MAX).contains(tenths))?;
        Some(Self(sign * tenths as i16))
    }

    /// Returns sine and cosine, computed from sums and products only, because the functions of
    /// platforms differ in the last bit.
    ///
    /// Taylor series up to the 17th power. Up to 45 degrees the remainder is below the last bit of
    /// an `f64`.
    pub(super) fn sine_and_cosine(self) -> (f64, f64) {
        let radians = f64::from(self.0) * (std::f64::consts::PI / 1800.0);
        let square = radians * radians;
        let (mut sine, mut cosine) = (1.0, 1.0);
        for step in (1..=8).rev() {
            let (even, odd) = (
                f64::from(2 * step - 1) * f64::from(2 * step),
                f64::from(2 * step) * f64::from(2 * step + 1),
            );
            sine = 1.0 - square / odd * sine;
            cosine = 1.0 - square / even * cosine;
        }
        (radians * sine, cosine)
    }
}

impl fmt::Display for Angle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write_tenths(f, self.0.unsigned_abs())
    }
}

/// A ratio of width to height, each in tenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Ratio {
    width: u16,
    height: u16,
}

impl Ratio {
    const MAX: u16 = 1000;

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (width, height) = text.split_once('x')?;
        let side = |text| tenths(text).filter(|side| (1..=Self::MAX).contains(side));
        Some(Self { width: side(width)?, height: side(height)? })
    }

    /// Returns the height for a width.
    pub(super) fn height_of(self, width: f64) -> f64 {
        width * f64::from(self.height) / f64::from(self.width)
    }

    /// Returns the width for a height.
    pub(super) fn width_of(self, height: f64) -> f64 {
        height * f64::from(self.width) / f64::from(self.height)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_tenths(f, self.width)?;
        f.write_str("x")?;
        write_tenths(f, self.height)
    }
}

/// The shade of a frame or cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Shade {
    Black,
    Grey,
    White,
}

impl Shade {
    const ALL: [Self; 3] = [Self::Black, Self::Grey, Self::White];

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shade| shade.name() == word)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Black => "black",
            Self::Grey => "grey",
            Self::White => "white",
        }
    }

    /// Returns its luma.
    pub(super) fn luma(self) -> f32 {
        match self {
            Self::Black => 0.0,
            Self::Grey => 128.0,
            Self::White => 255.0,
        }
    }
}

impl fmt::Display for Shade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Parses `12` or `12.5` as tenths. Callers check the shortest spelling by printing the value
/// again.
fn tenths(text: &str) -> Option<u16> {
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let number = |text: &str| {
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| is_plain)
    };
    let tenth = number(tenth).filter(|&tenth| tenth < 10)?;
    number(whole)?.checked_mul(10)?.checked_add(tenth)
}

fn write_tenths(f: &mut fmt::Formatter<'_>, tenths: u16) -> fmt::Result {
    match tenths % 10 {
        0 => write!(f, "{}", tenths / 10),
        tenth => write!(f, "{}.{tenth}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_equal_sine_and_cosine() {
        for tenths in (1..=450).chain(-450..0) {
            let (sine, cosine) = Angle(tenths).sine_and_cosine();
            let radians = (f64::from(tenths) / 10.0).to_radians();
            assert!((sine - radians.sin()).abs() < 4e-16, "{tenths}");
            assert!((cosine - radians.cos()).abs() < 4e-16, "{tenths}");
        }
    }
}
