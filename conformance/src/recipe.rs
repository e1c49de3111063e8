//! Recipes: names from which images are generated, `kind:seed:WIDTHxHEIGHT`.

use std::fmt;
use std::str::FromStr;

use crate::canvas::Canvas;
use crate::{patterns, photo};

/// The content of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A landscape with hills, sky, water, balloons and grain, which resembles a photograph.
    Photo,
    /// One colour.
    Flat,
    /// Blocks of two greys, which give equal coefficients.
    Ties,
    /// Pixels of three greys.
    Levels,
    /// Straight bars.
    Stripes,
    /// A chessboard.
    Checks,
    /// Linear gradients.
    Gradient,
    /// A window with lines of text.
    Screen,
    /// Soft blots with a symmetry.
    Symmetric,
    /// Independent noise in every channel of every pixel.
    Noise,
    /// A grid of blocks in four greys.
    Blocks,
}

impl Kind {
    /// All kinds with their names.
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

/// A parsed recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// The content.
    pub kind: Kind,
    /// The seed of the noise.
    pub seed: u32,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
}

/// A painted image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// RGB triples, row-major.
    pub rgb: Vec<u8>,
}

impl Recipe {
    /// Paints the image.
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
            format!("{text}: a recipe has the form kind:seed:WIDTHxHEIGHT, such as photo:7:640x480")
        })
    }
}
