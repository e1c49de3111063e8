//! The decode door: encoded bytes to an RGB8 raster, under one policy (`docs/pixels.md`) and one set of limits.

#[cfg(any(
    feature = "png",
    feature = "gif",
    feature = "webp",
    feature = "bmp",
    feature = "tiff",
    feature = "pnm"
))]
mod containers;
#[cfg(feature = "jpeg")]
mod jpeg;
mod sniff;

pub use self::sniff::Format;
pub(crate) use self::sniff::{SNIFF_BYTES, sniff};

use crate::raster::Raster;
use crate::{Error, Limits, Orientation};

/// A decoded picture as it is stored, and how to stand it upright.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) raster: Raster,
    pub(crate) format: Format,
    pub(crate) orientation: Orientation,
    /// Only a tolerant decoder got through, and not everything may be there.
    pub(crate) damaged: bool,
    /// There are further frames.
    pub(crate) animated: bool,
}

/// Decodes the first frame of a file.
///
/// # Errors
/// Any of [`Error`]'s variants on formats, damage and limits.
pub(crate) fn decode(bytes: &[u8], limits: &Limits, accept_damaged: bool) -> Result<Decoded, Error> {
    let _ = accept_damaged;
    match sniff(bytes).ok_or(Error::NotAPicture)? {
        #[cfg(feature = "jpeg")]
        Format::Jpeg => jpeg::decode(bytes, limits, accept_damaged),
        #[cfg(any(
            feature = "png",
            feature = "gif",
            feature = "webp",
            feature = "bmp",
            feature = "tiff",
            feature = "pnm"
        ))]
        format if format.is_decodable() => containers::decode(bytes, format, limits),
        format => {
            let _ = limits;
            Err(Error::UnsupportedFormat { format })
        }
    }
}
