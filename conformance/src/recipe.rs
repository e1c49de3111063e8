//! An image's name, which is all it takes to make it: `kind:seed:WIDTHxHEIGHT`.

use std::fmt;
use std::str::FromStr;

use crate::{patterns, photo};

/// What an image shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Hills, sky, water, balloons, grain: what a camera's image is to a hash.
    Photo,
    /// One colour.
    Flat,
    /// Blocks of two greys: coefficients tie.
    Ties,
    /// Pixels of three greys.
    Levels,
    /// Straight bars.
    Stripes,
    /// A chessboard.
    Checks,
    /// Colours that change evenly.
    Gradient,
    /// A window with lines of writing.
    Screen,
    /// Soft blots, mirrored.
    Symmetric,
    /// Every channel of every pixel by itself.
    Noise,
    /// A grid of blocks in four greys.
    Blocks,
}

impl Kind {
    /// Every kind with its name.
    pub const ALL: [(&'static str, Self); 11] = [
        ("photo", Self::Photo),
        ("flat", Self::Flat),
        ("ties", Self::Ties),
        ("levels", Self::Levels),
        ("stripes", Self::Stripes),
        ("checks", Self::Checks),
        ("gradient", Self::Gradient),
        ("screen", Self::Screen),
        ("symmetric", Self::Symmetric),
        ("noise", Self::Noise),
        ("blocks", Self::Blocks),
    ];
}

/// An image's name, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// What it shows.
    pub kind: Kind,
    /// Which of its kind.
    pub seed: u32,
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// Pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// RGB triples, row by row.
    pub rgb: Vec<u8>,
}

impl Recipe {
    /// Makes the image.
    #[must_use]
    pub fn paint(&self) -> Raw {
        let paint = match self.kind {
            Kind::Photo => photo::pixel,
            Kind::Flat => patterns::flat,
            Kind::Ties => patterns::ties,
            Kind::Levels => patterns::levels,
            Kind::Stripes => patterns::stripes,
            Kind::Checks => patterns::checks,
            Kind::Gradient => patterns::gradient,
            Kind::Screen => patterns::screen,
            Kind::Symmetric => patterns::symmetric,
            Kind::Noise => patterns::noise,
            Kind::Blocks => patterns::blocks,
        };
        let canvas = Canvas {
            seed: self.seed,
            width: i64::from(self.width),
            height: i64::from(self.height),
        };
        let mut rgb = Vec::with_capacity(self.width as usize * self.height as usize * 3);
        for y in 0..canvas.height {
            for x in 0..canvas.width {
                rgb.extend(paint(&canvas, x, y).map(|channel| channel.clamp(0, 255) as u8));
            }
        }
        Raw { width: self.width, height: self.height, rgb }
    }
}

/// What every painter is told besides the position.
#[derive(Debug)]
pub struct Canvas {
    /// Which of its kind.
    pub seed: u32,
    /// Pixels a row.
    pub width: i64,
    /// Rows.
    pub height: i64,
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name =
            Kind::ALL.iter().find(|(_, kind)| *kind == self.kind).map_or("", |(name, _)| name);
        write!(f, "{name}:{}:{}x{}", self.seed, self.width, self.height)
    }
}

impl FromStr for Recipe {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (kind, rest) = text.split_once(':')?;
            let (seed, size) = rest.split_once(':')?;
            let (width, height) = size.split_once('x')?;
            let (_, kind) = Kind::ALL.into_iter().find(|(name, _)| *name == kind)?;
            let (width, height): (u32, u32) = (width.parse().ok()?, height.parse().ok()?);
            (width > 0 && height > 0).then_some(Self {
                kind,
                seed: seed.parse().ok()?,
                width,
                height,
            })
        };
        parse().ok_or_else(|| {
            format!("{text}: a recipe reads kind:seed:WIDTHxHEIGHT, such as photo:7:640x480")
        })
    }
}
