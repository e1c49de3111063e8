//! What a picture may ask for before anything is allocated for it.

use crate::error::LimitKind;
use crate::{Error, Size};

/// Bounds on a picture, checked against its header before anything is allocated.
///
/// The defaults allow a phone's 200-megapixel photograph and refuse what only an attacker would make.
///
/// ```
/// use ownprint::{Fingerprinter, Limits};
///
/// let small = Limits { pixels: 1_000_000, ..Limits::default() };
/// let fingerprinter = Fingerprinter::new().limits(small);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Length of the encoded file in bytes. Default 512 MiB.
    pub file_bytes: u64,
    /// Width in pixels, as stored. Default 65,535.
    pub width: u32,
    /// Height in pixels, as stored. Default 65,535.
    pub height: u32,
    /// Width times height. Default 2^28, about 268 million.
    pub pixels: u64,
    /// Bytes of decoded samples. Default 2 GiB; a decoder's own tables come on top.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 512 << 20, width: 65_535, height: 65_535, pixels: 1 << 28, memory: 2 << 30 }
    }
}

impl Limits {
    pub(crate) fn check_file_bytes(&self, bytes: u64) -> Result<(), Error> {
        check(LimitKind::FileBytes, bytes, self.file_bytes)
    }

    /// Checks a stored size and the bytes its decoded samples take.
    #[cfg_attr(not(feature = "jpeg"), allow(dead_code))]
    pub(crate) fn check_picture(&self, size: Size, decoded_bytes: u64) -> Result<(), Error> {
        check(LimitKind::Width, size.width.into(), self.width.into())?;
        check(LimitKind::Height, size.height.into(), self.height.into())?;
        check(LimitKind::Pixels, size.pixels(), self.pixels)?;
        check(LimitKind::Memory, decoded_bytes, self.memory)
    }
}

fn check(kind: LimitKind, actual: u64, allowed: u64) -> Result<(), Error> {
    if actual > allowed { Err(Error::LimitExceeded { kind, actual, allowed }) } else { Ok(()) }
}
