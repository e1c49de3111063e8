//! Finds the markers and segments of a JPEG file.

use ownprint_pixels::Format;

use crate::error::Error;

/// Returns the offset of the next marker in the data of a scan. Stuffed bytes and fill bytes are
/// skipped.
pub(super) fn marker_in_scan(bytes: &[u8], from: usize) -> Option<usize> {
    /// Bytes that are compared together; most pieces of a photograph contain no marker.
    const PIECE: usize = 64;
    let (here, next) = (bytes.get(from..)?, bytes.get(from + 1..)?);
    for (piece, (here, next)) in here.chunks(PIECE).zip(next.chunks(PIECE)).enumerate() {
        let pairs = || here.iter().zip(next);
        // Without branches, so that the compiler vectorizes the comparison.
        let is_marker = |(byte, next): (&u8, &u8)| {
            u8::from(*byte == 0xff) & u8::from(*next != 0) & u8::from(*next != 0xff)
        };
        if pairs().map(is_marker).fold(0, std::ops::BitOr::bitor) != 0 {
            let index = pairs().position(|pair| is_marker(pair) != 0)?;
            return Some(from + piece * PIECE + index);
        }
    }
    None
}

pub(super) struct Marker {
    pub(super) code: u8,
    /// The offset of its 0xff byte.
    pub(super) at: usize,
    /// Bytes that belong to no segment precede the marker.
    pub(super) stray: bool,
}

/// Returns the next marker at or after `from`. Fill bytes and other bytes are skipped.
pub(super) fn next_marker(bytes: &[u8], from: usize) -> Result<Marker, Error> {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.windows(2)
        .position(|pair| matches!(*pair, [0xff, code] if code != 0 && code != 0xff))
        .and_then(|skipped| {
            let code = *rest.get(skipped + 1)?;
            Some(Marker { code, at: from + skipped, stray: skipped > 0 })
        })
        .ok_or(TRUNCATED)
}

/// Returns the marker, length and payload of the segment at `at`.
pub(super) fn segment(bytes: &[u8], at: usize) -> Result<&[u8], Error> {
    let Some([_, _, high, low]) = bytes.get(at..at + 4) else { return Err(TRUNCATED) };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if length < 2 {
        return Err(damaged("segment length less than 2"));
    }
    bytes.get(at..at + 2 + length).ok_or(TRUNCATED)
}

pub(super) const TRUNCATED: Error = Error::Truncated { format: Format::Jpeg };

pub(super) fn damaged(detail: &str) -> Error {
    Error::Damaged { format: Format::Jpeg, detail: detail.to_owned() }
}

pub(super) fn unsupported(detail: &str) -> Error {
    Error::UnsupportedFeature { format: Format::Jpeg, detail: detail.to_owned() }
}
