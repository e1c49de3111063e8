//! The decode door: encoded bytes to an RGB8 raster, under one policy (`docs/pixels.md`) and one set of limits.

#[cfg(any(feature = "bmp", feature = "pnm"))]
mod bitmap;
#[cfg(any(
    feature = "jpeg",
    feature = "png",
    feature = "gif",
    feature = "webp",
    feature = "bmp",
    feature = "tiff",
    feature = "pnm",
    feature = "heic",
    feature = "avif",
    feature = "jxl"
))]
#[cfg_attr(not(feature = "decode"), allow(dead_code))]
mod canvas;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod corpus;
#[cfg(any(feature = "jpeg", feature = "png", feature = "webp", feature = "tiff"))]
#[cfg_attr(not(feature = "decode"), allow(dead_code))]
mod exif;
#[cfg(feature = "gif")]
mod gif;
#[cfg(any(feature = "heic", feature = "avif"))]
mod heif;
#[cfg(feature = "jpeg")]
mod jpeg;
#[cfg(feature = "jxl")]
mod jxl;
#[cfg(feature = "png")]
mod png;
mod sniff;
#[cfg(any(feature = "png", feature = "webp", feature = "bmp", feature = "pnm"))]
mod through_image;
#[cfg(feature = "tiff")]
mod tiff;
#[cfg(feature = "webp")]
mod webp;

pub use self::sniff::Format;
pub(crate) use self::sniff::{SNIFF_BYTES, sniff};

use crate::raster::Raster;
use crate::wipe::wipe_stack;
use crate::{Error, Limits, Orientation};

/// What is overwritten of the stack: zune-jpeg leaves pixels and pieces of the file there, and reaches down 52 KiB.
const STACK_WORDS: usize = 96 * 1024 / 8;

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
    /// Whole numbers all the way: the same pixels on every machine.
    pub(crate) exact: bool,
}

/// Decodes the first frame of a file.
///
/// Only JPEG has a tolerant decoder: `accept_damaged` changes nothing for the other formats.
///
/// # Errors
/// Any of [`Error`]'s variants on formats, damage and limits.
pub(crate) fn decode(bytes: &[u8], limits: &Limits, accept_damaged: bool) -> Result<Decoded, Error> {
    let length = bytes.len() as u64;
    let decoded = by_format(bytes, &limits.for_file(length), accept_damaged);
    wipe_stack::<STACK_WORDS>();
    decoded.map_err(|error| limits.explain(error, length))
}

// With a frame of its own, below the caller's.
#[inline(never)]
fn by_format(bytes: &[u8], limits: &Limits, accept_damaged: bool) -> Result<Decoded, Error> {
    let _ = (limits, accept_damaged);
    match sniff(bytes).ok_or(Error::NotAPicture)? {
        #[cfg(feature = "jpeg")]
        Format::Jpeg => jpeg::decode(bytes, limits, accept_damaged),
        #[cfg(feature = "png")]
        Format::Png => png::decode(bytes, limits),
        #[cfg(feature = "gif")]
        Format::Gif => gif::decode(bytes, limits),
        #[cfg(feature = "webp")]
        Format::WebP => webp::decode(bytes, limits),
        #[cfg(feature = "bmp")]
        Format::Bmp => bitmap::decode_bmp(bytes, limits),
        #[cfg(feature = "tiff")]
        Format::Tiff => tiff::decode(bytes, limits),
        #[cfg(feature = "pnm")]
        Format::Pnm => bitmap::decode_pnm(bytes, limits),
        #[cfg(feature = "heic")]
        Format::Heic => heif::decode(bytes, Format::Heic, limits),
        #[cfg(feature = "avif")]
        Format::Avif => heif::decode(bytes, Format::Avif, limits),
        #[cfg(feature = "jxl")]
        Format::Jxl => jxl::decode(bytes, limits),
        // None is left in a build with every decoder.
        #[allow(unreachable_patterns)]
        format => Err(Error::UnsupportedFormat { format }),
    }
}

/// A decoder's words, cut to one short line: they reach people and logs.
#[cfg_attr(not(feature = "decode"), allow(dead_code))]
pub(crate) fn short(detail: &str) -> String {
    const LONGEST: usize = 120;
    let line = detail.lines().next().unwrap_or_default().trim_matches(['"', ' ']);
    line.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}
