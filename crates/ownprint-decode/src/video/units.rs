//! NAL units: their kinds, start codes inside of them, and emulation prevention (ITU-T H.264, 7.3.1
//! and Annex B).

use ownprint_pixels::wipe::WipedBytes;

use super::errors::damaged;
use crate::error::Error;

/// The kind of a NAL unit, by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UnitKind {
    /// Not needed for decoding.
    Other,
    /// A slice of a picture that is no reference.
    Disposable,
    /// A slice of a reference picture.
    Reference,
    /// A slice of an IDR picture, which ends all references to earlier pictures.
    Idr,
    /// A part of a slice (data partitioning), which is not supported.
    Partition,
    /// A sequence or picture parameter set.
    Parameters,
}

/// Returns the kind of a NAL unit.
pub(super) fn kind(unit: &[u8]) -> UnitKind {
    match unit.first().map_or((0, 0), |header| (header & 31, header >> 5 & 3)) {
        (1, 0) => UnitKind::Disposable,
        (1, _) => UnitKind::Reference,
        (2..=4, _) => UnitKind::Partition,
        (5, _) => UnitKind::Idr,
        (7 | 8, _) => UnitKind::Parameters,
        _ => UnitKind::Other,
    }
}

/// Iterates over the units in a unit with a length.
///
/// Samsung's slow motion has whole byte streams in units of type 14. As in ffmpeg, each start code
/// begins a unit. A unit that is needed for decoding is returned whole: a start code inside of it
/// is an error in [`payload`].
pub(super) fn split(unit: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(unit);
    std::iter::from_fn(move || {
        let unit = rest.take()?;
        let start = if kind(unit) == UnitKind::Other { start_code(unit) } else { None };
        let Some(start) = start else { return Some(unit) };
        rest = unit.get(start + 3..);
        unit.get(..start)
    })
}

/// Returns the position of the first start code.
fn start_code(unit: &[u8]) -> Option<usize> {
    unit.windows(3).position(|bytes| bytes == [0, 0, 1])
}

/// Returns the unit without zeros at its end (B.1.1), and without the zero words that end coded
/// slices (7.3.2.8).
pub(super) fn trimmed(mut unit: &[u8]) -> &[u8] {
    while let [rest @ .., 0] | [rest @ .., 0, 0, 3] = unit {
        unit = rest;
    }
    unit
}

/// Returns the payload of a unit without its header and emulation prevention bytes, or an error if
/// it has bytes that encoders must escape (7.4.1).
///
/// The decoder reads a byte stream, in which a start code would begin another unit, which was not
/// checked against the limits.
pub(super) fn payload(unit: &[u8]) -> Result<WipedBytes, Error> {
    let unit = unit.get(1..).unwrap_or_default();
    // Allocated once, because growing would leave an unwiped copy.
    let mut payload = WipedBytes(Vec::with_capacity(unit.len()));
    let mut zeros = 0;
    for (&byte, at) in unit.iter().zip(1..) {
        if zeros >= 2 {
            match byte {
                0..=2 => return Err(damaged("start code inside a NAL unit")),
                3 if unit.get(at).is_some_and(|&next| next > 3) => {
                    return Err(damaged("invalid emulation prevention"));
                }
                3 => {
                    zeros = 0;
                    continue;
                }
                _ => {}
            }
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        payload.0.push(byte);
    }
    Ok(payload)
}

/// Returns the unit as a byte stream (Annex B of H.264), overwritten on drop.
pub(super) fn byte_stream(unit: &[u8]) -> WipedBytes {
    const START: [u8; 4] = [0, 0, 0, 1];
    let mut stream = WipedBytes(Vec::with_capacity(START.len() + unit.len()));
    stream.0.extend_from_slice(&START);
    stream.0.extend_from_slice(unit);
    stream
}
