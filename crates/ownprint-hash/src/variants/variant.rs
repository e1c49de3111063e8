//! A variant's name and what it says: edits of an image, each with its parameters.

use std::fmt;
use std::str::FromStr;

use super::measures::{Angle, Percent, Ratio, Shade};
use crate::error::Error;

/// Edits that a name may have.
const MOST_EDITS: usize = 8;

/// An edited form of an image, known by its stable name: `mirror`, `crop:4`, `crop:6+mirror+border:4:white`.
///
/// A name is edits with plus signs between, in the order in which they are made; the image itself is `image`. First
/// come what is done to the image, each at most once and in this order: `trim`, `crop`, `rotate`, `mirror`, `turn`,
/// `invert`; then what is put around it, in any order, and at most one of `screenshot` and `patch`, which cover some of it.
/// What each does to the pixels is written in `docs/coverage.md`; a name means the same bits for ever.
///
/// | edit | |
/// |---|---|
/// | `trim` | without its uniform border or bars, where it has any |
/// | `crop:4`, `crop:left:4`, `crop:top-left:4` | without 4 % of its width on the left and right and of its height at the top and bottom; of one side; of the two sides of a corner |
/// | `crop:1x1` | its middle, in that ratio |
/// | `rotate:1.5:cropped`, `rotate:-4:black` | turned clockwise by degrees, and cropped to what is full; or of the same size, with corners of a shade |
/// | `mirror` | left to right |
/// | `turn:90`, `turn:180`, `turn:270` | clockwise |
/// | `invert` | light for dark |
/// | `border:4:white` | a border, as thick as 4 % of the shorter side |
/// | `letterbox:4x5:black` | bars on two sides that make the ratio |
/// | `screenshot:9x19.5:black` | in the middle of a screen of that ratio, with an app's marks above and below |
/// | `caption:top:16:white` | a bar of 16 % of the height, above or below (`bottom`) |
/// | `patch:bottom-right:20:white` | a square over a corner, 20 % of the shorter side |
///
/// Shades are `black`, `grey` and `white`; percentages and degrees have at most one decimal.
///
/// ```
/// use ownprint_hash::Variant;
///
/// let variant: Variant = "crop:4+mirror".parse()?;
/// assert_eq!(variant.to_string(), "crop:4+mirror");
/// assert!("mirror+crop:4".parse::<Variant>().is_err());
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Variant {
    pub(super) edits: Vec<Edit>,
}

impl Variant {
    /// The image itself.
    pub const ORIGINAL: Self = Self { edits: Vec::new() };

    /// Whether this is the image itself.
    #[must_use]
    pub fn is_image(&self) -> bool {
        self.edits.is_empty()
    }

    /// One that stands twice among some, which no set may have. They may be many.
    #[doc(hidden)]
    pub fn repeated<'a>(variants: impl Iterator<Item = &'a Self>) -> Option<&'a Self> {
        let mut sorted: Vec<_> = variants.collect();
        sorted.sort();
        sorted.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first().copied())
    }
}

/// The name of the image itself.
const ORIGINAL: &str = "original";

/// One edit. The order of the variants is that in which they stand in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Edit {
    Trim,
    Crop(Crop),
    Rotate { angle: Angle, corners: Corners },
    Mirror,
    Turn(Turn),
    Invert,
    Border { thickness: Percent, shade: Shade },
    Letterbox { ratio: Ratio, shade: Shade },
    Screenshot { ratio: Ratio, shade: Shade },
    Caption { edge: Edge, height: Percent, shade: Shade },
    Patch { corner: Corner, side: Percent, shade: Shade },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Crop {
    All(Percent),
    Side(Side, Percent),
    Corner(Corner, Percent),
    Ratio(Ratio),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Corners {
    Cropped,
    Filled(Shade),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Turn {
    Quarter,
    Half,
    ThreeQuarters,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Corner {
    TopLeft,
    TopRight,
    BottomLeft,
    BottomRight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Edge {
    Top,
    Bottom,
}

const TURNS: [(&str, Turn); 3] = [("90", Turn::Quarter), ("180", Turn::Half), ("270", Turn::ThreeQuarters)];
const SIDES: [(&str, Side); 4] =
    [("left", Side::Left), ("right", Side::Right), ("top", Side::Top), ("bottom", Side::Bottom)];
const CORNERS: [(&str, Corner); 4] = [
    ("top-left", Corner::TopLeft),
    ("top-right", Corner::TopRight),
    ("bottom-left", Corner::BottomLeft),
    ("bottom-right", Corner::BottomRight),
];
const EDGES: [(&str, Edge); 2] = [("top", Edge::Top), ("bottom", Edge::Bottom)];

fn named<T: Copy>(names: &[(&str, T)], word: &str) -> Option<T> {
    names.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    names.iter().find(|(_, named)| named == value).map_or("", |(name, _)| name)
}

impl Edit {
    /// Where it stands in a name; what frames an image may stand in any order, several times.
    fn rank(self) -> u8 {
        match self {
            Self::Trim => 0,
            Self::Crop(_) => 1,
            Self::Rotate { .. } => 2,
            Self::Mirror => 3,
            Self::Turn(_) => 4,
            Self::Invert => 5,
            _ => FRAME,
        }
    }

    /// Whether it puts something over the image.
    fn covers(self) -> bool {
        matches!(self, Self::Screenshot { .. } | Self::Patch { .. })
    }

    fn parse(name: &str) -> Option<Self> {
        let words: Vec<&str> = name.split(':').collect();
        Some(match *words.as_slice() {
            ["trim"] => Self::Trim,
            ["crop", word] => match Percent::parse(word, Percent::MOST_CROPPED) {
                Some(percent) => Self::Crop(Crop::All(percent)),
                None => Self::Crop(Crop::Ratio(Ratio::parse(word)?)),
            },
            ["crop", place, percent] => {
                let percent = Percent::parse(percent, Percent::MOST_CROPPED)?;
                Self::Crop(match named(&SIDES, place) {
                    Some(side) => Crop::Side(side, percent),
                    None => Crop::Corner(named(&CORNERS, place)?, percent),
                })
            }
            ["rotate", angle, corners] => Self::Rotate {
                angle: Angle::parse(angle)?,
                corners: if corners == CROPPED {
                    Corners::Cropped
                } else {
                    Corners::Filled(Shade::parse(corners)?)
                },
            },
            ["mirror"] => Self::Mirror,
            ["turn", degrees] => Self::Turn(named(&TURNS, degrees)?),
            ["invert"] => Self::Invert,
            ["border", thickness, shade] => Self::Border {
                thickness: Percent::parse(thickness, Percent::WHOLE)?,
                shade: Shade::parse(shade)?,
            },
            ["letterbox", ratio, shade] => {
                Self::Letterbox { ratio: Ratio::parse(ratio)?, shade: Shade::parse(shade)? }
            }
            ["screenshot", ratio, shade] => {
                Self::Screenshot { ratio: Ratio::parse(ratio)?, shade: Shade::parse(shade)? }
            }
            ["caption", edge, height, shade] => Self::Caption {
                edge: named(&EDGES, edge)?,
                height: Percent::parse(height, Percent::WHOLE)?,
                shade: Shade::parse(shade)?,
            },
            ["patch", corner, side, shade] => Self::Patch {
                corner: named(&CORNERS, corner)?,
                side: Percent::parse(side, Percent::WHOLE)?,
                shade: Shade::parse(shade)?,
            },
            _ => return None,
        })
    }
}

/// The rank of everything that frames an image.
const FRAME: u8 = 6;

/// The word for a rotated image without its corners.
const CROPPED: &str = "cropped";

impl FromStr for Variant {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        parse(name).ok_or_else(|| Error::UnknownVariant { name: name.to_owned() })
    }
}

/// `None` for a name that is none, or not in its one form.
fn parse(name: &str) -> Option<Variant> {
    if name == ORIGINAL {
        return Some(Variant::ORIGINAL);
    }
    let edits = name.split('+').take(MOST_EDITS + 1).map(Edit::parse).collect::<Option<Vec<_>>>()?;
    let is_ordered = edits.windows(2).all(|pair| match *pair {
        [before, after] => before.rank() < after.rank() || after.rank() == FRAME,
        _ => true,
    });
    let covers = edits.iter().filter(|edit| edit.covers()).count();
    let variant = Variant { edits };
    // Printed again it must be the same: no number has two forms.
    (variant.edits.len() <= MOST_EDITS && is_ordered && covers <= 1 && variant.to_string() == name)
        .then_some(variant)
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_image() {
            return f.pad(ORIGINAL);
        }
        let names: Vec<String> = self.edits.iter().map(ToString::to_string).collect();
        f.pad(&names.join("+"))
    }
}

impl fmt::Debug for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Variant({self})")
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trim => f.write_str("trim"),
            Self::Crop(Crop::All(percent)) => write!(f, "crop:{percent}"),
            Self::Crop(Crop::Side(side, percent)) => {
                write!(f, "crop:{}:{percent}", name_of(&SIDES, side))
            }
            Self::Crop(Crop::Corner(corner, percent)) => {
                write!(f, "crop:{}:{percent}", name_of(&CORNERS, corner))
            }
            Self::Crop(Crop::Ratio(ratio)) => write!(f, "crop:{ratio}"),
            Self::Rotate { angle, corners: Corners::Cropped } => write!(f, "rotate:{angle}:{CROPPED}"),
            Self::Rotate { angle, corners: Corners::Filled(shade) } => write!(f, "rotate:{angle}:{shade}"),
            Self::Mirror => f.write_str("mirror"),
            Self::Turn(turn) => write!(f, "turn:{}", name_of(&TURNS, turn)),
            Self::Invert => f.write_str("invert"),
            Self::Border { thickness, shade } => write!(f, "border:{thickness}:{shade}"),
            Self::Letterbox { ratio, shade } => write!(f, "letterbox:{ratio}:{shade}"),
            Self::Screenshot { ratio, shade } => write!(f, "screenshot:{ratio}:{shade}"),
            Self::Caption { edge, height, shade } => {
                write!(f, "caption:{}:{height}:{shade}", name_of(&EDGES, edge))
            }
            Self::Patch { corner, side, shade } => {
                write!(f, "patch:{}:{side}:{shade}", name_of(&CORNERS, corner))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back() {
        for name in [
            "original",
            "trim",
            "crop:4",
            "crop:0.5",
            "crop:45",
            "crop:left:12.5",
            "crop:bottom-right:6",
            "crop:1x1",
            "crop:9x19.5",
            "rotate:1.5:cropped",
            "rotate:-8:white",
            "mirror",
            "turn:270",
            "invert",
            "border:4:white",
            "letterbox:4x5:black",
            "screenshot:9x19.5:grey",
            "caption:bottom:16:black",
            "patch:top-left:20:white",
            "trim+crop:4+rotate:2:cropped+mirror+turn:90+invert+caption:top:10:white+border:2:black",
        ] {
            assert_eq!(name.parse::<Variant>().unwrap().to_string(), name);
        }
    }

    #[test]
    fn another_spelling_is_refused() {
        for name in [
            "",
            "+",
            "ImageInfo",
            "original+mirror",
            "mirror+",
            "mirror+mirror",
            "mirror+crop:4",
            "crop:4+crop:left:4",
            "crop:0",
            "crop:4.0",
            "crop:04",
            "crop:.5",
            "crop:4.55",
            "crop:45.1",
            "crop:-4",
            "crop:middle:4",
            "crop:1x0",
            "crop:1x1.0",
            "rotate:0:cropped",
            "rotate:45.1:cropped",
            "rotate:+3:cropped",
            "rotate:3:blue",
            "rotate:3",
            "turn:0",
            "border:4",
            "border:101:white",
            "screenshot:9x16:white+patch:top-left:20:white",
            "caption:left:4:white",
            "border:1:black+border:1:black+border:1:black+border:1:black+border:1:black+border:1:black+border:1:black+border:1:black+border:1:black",
        ] {
            let error = name.parse::<Variant>().unwrap_err();
            assert_eq!(error.code(), "unknown-variant", "{name}");
        }
    }
}
