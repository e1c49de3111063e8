//! EXIF orientation: the eight values, and whether they are applied.

use std::str::FromStr;

use crate::error::Error;
use crate::pixels::Size;

/// How stored pixels must be rotated or mirrored for display: EXIF tag 0x0112, values 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ExifOrientation {
    /// 1: as stored.
    #[default]
    Normal,
    /// 2: mirrored left to right.
    Mirrored,
    /// 3: turned by 180 degrees.
    Rotated180,
    /// 4: mirrored top to bottom.
    MirroredRotated180,
    /// 5: rows and columns exchanged.
    Transposed,
    /// 6: to be turned clockwise by 90 degrees.
    Rotated90,
    /// 7: rows and columns exchanged about the other diagonal.
    Transversed,
    /// 8: to be turned clockwise by 270 degrees.
    Rotated270,
}

impl ExifOrientation {
    /// The orientation of an EXIF value; values outside 1 to 8 mean normal, as in image viewers.
    #[must_use]
    pub fn from_exif(value: u16) -> Self {
        match value {
            2 => Self::Mirrored,
            3 => Self::Rotated180,
            4 => Self::MirroredRotated180,
            5 => Self::Transposed,
            6 => Self::Rotated90,
            7 => Self::Transversed,
            8 => Self::Rotated270,
            _ => Self::Normal,
        }
    }

    /// The EXIF value, `1..=8`.
    #[must_use]
    pub fn to_exif(self) -> u16 {
        match self {
            Self::Normal => 1,
            Self::Mirrored => 2,
            Self::Rotated180 => 3,
            Self::MirroredRotated180 => 4,
            Self::Transposed => 5,
            Self::Rotated90 => 6,
            Self::Transversed => 7,
            Self::Rotated270 => 8,
        }
    }

    /// Returns `true` if applying the orientation exchanges width and height.
    #[must_use]
    pub fn transposes(self) -> bool {
        self.to_exif() >= 5
    }

    /// Returns the size that the stored `size` has after the orientation is applied.
    #[must_use]
    pub fn oriented_size(self, size: Size) -> Size {
        if self.transposes() { size.transposed() } else { size }
    }
}

/// Whether the EXIF orientation is applied to the pixels before they are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Orientation {
    /// Apply it: what a viewer shows, and what most platforms store after an upload.
    #[default]
    Apply,
    /// Ignore it and hash the pixels as the file stores them, as the reference command lines do.
    Ignore,
}

impl Orientation {
    /// Returns the stable name: `apply` or `ignore`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Ignore => "ignore",
        }
    }
}

impl FromStr for Orientation {
    type Err = Error;

    /// Parses `apply` or `ignore`.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    fn from_str(name: &str) -> Result<Self, Error> {
        let all = [Self::Apply, Self::Ignore];
        all.into_iter()
            .find(|it| it.name() == name)
            .ok_or_else(|| Error::unknown_name("orientation", name, &all.map(Self::name)))
    }
}
