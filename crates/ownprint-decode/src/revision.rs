//! Revisions of the decoders, which records state. A record of another revision may have been
//! computed from other pixels.
//!
//! Raise the revision of a decoder when any file gets other pixels than before, be it by a change
//! here or by an update of a dependency. `conformance/tests/decoder_revisions.rs` fails when the
//! pixels of its files change and the revision does not.

use ownprint_pixels::Format;

use crate::probe::can_decode;

/// Returns the revision of the decoder of an image format, from 1; `None` if this build has none.
///
/// ```
/// use ownprint_decode::{Format, can_decode, image_decoder_revision};
///
/// let revision = image_decoder_revision(Format::Png);
/// assert_eq!(revision.is_some(), can_decode(Format::Png));
/// ```
#[must_use]
pub fn image_decoder_revision(format: Format) -> Option<u32> {
    let revision = match format {
        Format::Jpeg
        | Format::Png
        | Format::Gif
        | Format::WebP
        | Format::Bmp
        | Format::Tiff
        | Format::Pnm
        | Format::Heic
        | Format::Avif
        | Format::Jxl => 1,
        // A format that a later version of `ownprint-pixels` adds.
        _ => return None,
    };
    can_decode(format).then_some(revision)
}

/// Returns the revision of the decoder of a video codec by its name in records, from 1; `None` if
/// this build has none.
#[must_use]
pub fn video_decoder_revision(codec: &str) -> Option<u32> {
    let (is_decoded, revision) = match codec {
        "h264" => (cfg!(feature = "h264"), 1),
        "hevc" => (cfg!(feature = "hevc"), 1),
        "vp9" => (cfg!(feature = "vp9"), 1),
        "vp8" => (cfg!(feature = "vp8"), 1),
        "av1" => (cfg!(feature = "av1"), 1),
        _ => return None,
    };
    is_decoded.then_some(revision)
}
