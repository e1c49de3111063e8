//! Variants: edits of an image with their parameters, and their names.

use std::fmt;
use std::str::FromStr;

use super::measures::{Angle, Percent, Ratio, Shade};
use crate::error::Error;

/// The maximum number of edits in a name.
const MAX_EDITS: usize = 8;

/// A variant of an image, identified by its stable name: `mirror`, `crop:4`,
/// `crop:6+mirror+border:4:white`.
///
/// A name consists of edits in the order in which they are applied, separated by plus signs; the
/// unchanged image is `original`. Edits of the image come first, each once and in this order:
/// `trim`, `trim:background` or `deskew`, then `crop`, `rotate` by a small angle, `mirror`,
/// `rotate` by a multiple of 90, `invert`.
/// Frames follow in any order, with one `screenshot` or `patch`, which cover a part of the image.
/// `docs/variants.md` defines the pixels of each edit; a name always produces the same bits.
///
/// | edit | result |
/// |---|---|
/// | `trim` | without a uniform border or bars; no hash if there are none |
/// | `trim:background` | the largest connected area that differs from the background: the image within a page, a screenshot or captions; no hash if there is none |
/// | `deskew` | that area, rotated until its edges are horizontal; no hash if it is not rotated |
/// | `crop:4`, `crop:left:4`, `crop:top-left:4` | without 4 % of the width at the left and right and of the height at the top and bottom; at one edge; at the two edges of a corner |
/// | `crop:except-left:4` | without as much at the other three edges: what `crop:4` leaves of an image whose left 4 % were missing |
/// | `crop:1x1` | the center, in that ratio |
/// | `rotate:1.5:cropped`, `rotate:-4:black` | rotated clockwise by degrees, and cropped to the largest rectangle without corners; or with the same size, and corners of a shade |
/// | `mirror` | mirrored left to right |
/// | `rotate:90`, `rotate:180`, `rotate:270` | rotated clockwise |
/// | `invert` | inverted light and dark |
/// | `border:4:white` | a border, 4 % of the smaller of width and height |
/// | `letterbox:4x5:black` | two bars that produce the ratio |
/// | `screenshot:9x19.5:black` | in the center of a screen of that ratio, with the controls of an app above and below |
/// | `caption:top:16:white` | a bar of 16 % of the height, above or below (`bottom`) |
/// | `patch:bottom-right:20:white` | a square over a corner, 20 % of the smaller of width and height |
///
/// Without the feature `query-variants`, `trim:background` and `deskew` are unknown.
///
/// Shades are `black`, `grey` and `white`; percentages and degrees have one decimal or none.
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
    /// The unchanged image.
    pub const ORIGINAL: Self = Self { edits: Vec::new() };

    /// Returns `true` for the unchanged image.
    #[must_use]
    pub fn is_image(&self) -> bool {
        self.edits.is_empty()
    }

    /// Returns a variant that is repeated, which sets must not contain. There may be many variants.
    #[doc(hidden)]
    pub fn repeated<'a>(variants: impl Iterator<Item = &'a Self>) -> Option<&'a Self> {
        let mut sorted: Vec<_> = variants.collect();
        sorted.sort();
        sorted
            .windows(2)
            .find(|pair| pair.first() == pair.last())
            .and_then(|pair| pair.first().copied())
    }
}

/// The name of the unchanged image.
const ORIGINAL: &str = "original";

/// One edit. The variants are in the order of edits in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Edit {
    Trim,
    #[cfg(feature = "query-variants")]
    TrimBackground,
    #[cfg(feature = "query-variants")]
    Deskew,
    Crop(Crop),
    Rotate {
        angle: Angle,
        corners: Corners,
    },
    Mirror,
    RightAngle(RightAngle),
    Invert,
    Border {
        thickness: Percent,
        shade: Shade,
    },
    Letterbox {
        ratio: Ratio,
        shade: Shade,
    },
    Screenshot {
        ratio: Ratio,
        shade: Shade,
    },
    Caption {
        edge: Edge,
        height: Percent,
        shade: Shade,
    },
    Patch {
        corner: Corner,
        side: Percent,
        shade: Shade,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Crop {
    All(Percent),
    Side(Side, Percent),
    /// At all edges but this one, which lost as much already.
    Rest(Side, Percent),
    Corner(Corner, Percent),
    Ratio(Ratio),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Corners {
    Cropped,
    Filled(Shade),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum RightAngle {
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

const ROTATIONS: [(&str, RightAngle); 3] =
    [("90", RightAngle::Quarter), ("180", RightAngle::Half), ("270", RightAngle::ThreeQuarters)];
const SIDES: [(&str, Side); 4] =
    [("left", Side::Left), ("right", Side::Right), ("top", Side::Top), ("bottom", Side::Bottom)];
const RESTS: [(&str, Side); 4] = [
    ("except-left", Side::Left),
    ("except-right", Side::Right),
    ("except-top", Side::Top),
    ("except-bottom", Side::Bottom),
];
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
    /// Returns the rank in a name; frames have the same rank, in any order and repeatedly.
    fn rank(self) -> u8 {
        match self {
            Self::Trim => 0,
            #[cfg(feature = "query-variants")]
            Self::TrimBackground | Self::Deskew => 0,
            Self::Crop(_) => 1,
            Self::Rotate { .. } => 2,
            Self::Mirror => 3,
            Self::RightAngle(_) => 4,
            Self::Invert => 5,
            _ => FRAME,
        }
    }

    /// Returns `true` if the edit covers a part of the image.
    fn covers(self) -> bool {
        matches!(self, Self::Screenshot { .. } | Self::Patch { .. })
    }

    fn parse(name: &str) -> Option<Self> {
        let words: Vec<&str> = name.split(':').collect();
        Some(match *words.as_slice() {
            ["trim"] => Self::Trim,
            #[cfg(feature = "query-variants")]
            ["trim", "background"] => Self::TrimBackground,
            #[cfg(feature = "query-variants")]
            ["deskew"] => Self::Deskew,
            ["crop", word] => match Percent::parse(word, Percent::MAX_CROPPED) {
                Some(percent) => Self::Crop(Crop::All(percent)),
                None => Self::Crop(Crop::Ratio(Ratio::parse(word)?)),
            },
            ["crop", position, percent] => {
                let percent = Percent::parse(percent, Percent::MAX_CROPPED)?;
                let side = |side| Crop::Side(side, percent);
                let rest = |side| Crop::Rest(side, percent);
                let corner = |corner| Crop::Corner(corner, percent);
                let of_side = || named(&SIDES, position).map(side);
                let of_rest = || named(&RESTS, position).map(rest);
                let crop = of_side().or_else(of_rest);
                Self::Crop(crop.or_else(|| named(&CORNERS, position).map(corner))?)
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
            ["rotate", degrees] => Self::RightAngle(named(&ROTATIONS, degrees)?),
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

/// The rank of frames.
const FRAME: u8 = 6;

/// The word for a rotated image without corners.
const CROPPED: &str = "cropped";

impl FromStr for Variant {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        parse(name).ok_or_else(|| Error::UnknownVariant { name: name.to_owned() })
    }
}

/// Parses a name; `None` if it is invalid or not in its only spelling.
fn parse(name: &str) -> Option<Variant> {
    if name == ORIGINAL {
        return Some(Variant::ORIGINAL);
    }
    let edits = name.split('+').take(MAX_EDITS + 1).map(Edit::parse).collect::<Option<Vec<_>>>()?;
    let is_ordered = edits.windows(2).all(|pair| match *pair {
        [before, after] => before.rank() < after.rank() || after.rank() == FRAME,
        _ => true,
    });
    let covers = edits.iter().filter(|edit| edit.covers()).count();
    let variant = Variant { edits };
    // The printed name must be equal, so that no number has two spellings.
    (variant.edits.len() <= MAX_EDITS && is_ordered && covers <= 1 && variant.to_string() == name)
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
            #[cfg(feature = "query-variants")]
            Self::TrimBackground => f.write_str("trim:background"),
            #[cfg(feature = "query-variants")]
            Self::Deskew => f.write_str("deskew"),
            Self::Crop(Crop::All(percent)) => write!(f, "crop:{percent}"),
            Self::Crop(Crop::Side(side, percent)) => {
                write!(f, "crop:{}:{percent}", name_of(&SIDES, side))
            }
            Self::Crop(Crop::Rest(side, percent)) => {
                write!(f, "crop:{}:{percent}", name_of(&RESTS, side))
            }
            Self::Crop(Crop::Corner(corner, percent)) => {
                write!(f, "crop:{}:{percent}", name_of(&CORNERS, corner))
            }
            Self::Crop(Crop::Ratio(ratio)) => write!(f, "crop:{ratio}"),
            Self::Rotate { angle, corners: Corners::Cropped } => {
                write!(f, "rotate:{angle}:{CROPPED}")
            }
            Self::Rotate { angle, corners: Corners::Filled(shade) } => {
                write!(f, "rotate:{angle}:{shade}")
            }
            Self::Mirror => f.write_str("mirror"),
            Self::RightAngle(angle) => write!(f, "rotate:{}", name_of(&ROTATIONS, angle)),
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
    fn names_round_trip() {
        for name in [
            "original",
            "trim",
            #[cfg(feature = "query-variants")]
            "trim:background+mirror+rotate:90",
            #[cfg(feature = "query-variants")]
            "deskew",
            "crop:4",
            "crop:0.5",
            "crop:45",
            "crop:left:12.5",
            "crop:bottom-right:6",
            "crop:except-left:4",
            "crop:except-bottom:12.5",
            "crop:1x1",
            "crop:9x19.5",
            "rotate:1.5:cropped",
            "rotate:-8:white",
            "mirror",
            "rotate:270",
            "invert",
            "border:4:white",
            "letterbox:4x5:black",
            "screenshot:9x19.5:grey",
            "caption:bottom:16:black",
            "patch:top-left:20:white",
            "trim+crop:4+rotate:2:cropped+mirror+rotate:90+invert+caption:top:10:white+border:2:black",
        ] {
            assert_eq!(name.parse::<Variant>().unwrap().to_string(), name);
        }
    }

    #[test]
    fn other_spellings_are_rejected() {
        for name in [
            "",
            "+",
            "ImageInfo",
            "original+mirror",
            "mirror+",
            "mirror+mirror",
            "trim+trim:background",
            "trim:background+deskew",
            "trim:page",
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
            "crop:except-middle:4",
            "crop:except-top-left:4",
            "crop:1x0",
            "crop:1x1.0",
            "rotate:0:cropped",
            "rotate:45.1:cropped",
            "rotate:+3:cropped",
            "rotate:3:blue",
            "rotate:3",
            "rotate:0",
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
