//! The eight values of the EXIF orientation, and whether it is applied.

use std::str::FromStr;

use crate::error::Error;
use crate::pixels::Size;

/// How stored pixels must be rotated or mirrored for display: EXIF tag 0x0112, values 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ExifOrientation {
    /// 1: no change.
    #[default]
    Normal,
    /// 2: mirror horizontally.
    Mirrored,
    /// 3: rotate by 180 degrees.
    Rotated180,
    /// 4: mirror vertically.
    MirroredRotated180,
    /// 5: transpose: mirror at the diagonal from top left to bottom right.
    Transposed,
    /// 6: rotate clockwise by 90 degrees.
    Rotated90,
    /// 7: transverse: mirror at the diagonal from top right to bottom left.
    Transversed,
    /// 8: rotate clockwise by 270 degrees.
    Rotated270,
}

impl ExifOrientation {
    /// Returns the orientation of an EXIF value. Values outside `1..=8` mean `Normal`, as in image
    /// viewers.
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

    /// Returns the EXIF value, `1..=8`.
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

    /// Returns the size of an image of the stored size `size` after the orientation is applied.
    #[must_use]
    pub fn oriented_size(self, size: Size) -> Size {
        if self.transposes() { size.transposed() } else { size }
    }
}

/// Whether the EXIF orientation is applied to the pixels before they are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Orientation {
    /// Apply it, as image viewers do and as most platforms do after an upload.
    #[default]
    Apply,
    /// Ignore it and hash the stored pixels, as the reference command lines do.
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
