//! NAL units: their kinds, start codes inside of them, and emulation prevention (ITU-T H.264, 7.3.1
//! and Annex B).

use ownprint_pixels::wipe::WipedBytes;

use crate::error::Error;
use crate::video::nal;

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
/// begins a unit. If the first unit is needed for decoding, it is returned whole: a start code
/// inside of it is an error in [`payload`].
pub(super) fn split(unit: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_stream = kind(unit) == UnitKind::Other;
    let mut rest = Some(unit);
    std::iter::from_fn(move || {
        let unit = rest.take()?;
        let Some(start) = nal::start_code(unit).filter(|_| is_stream) else { return Some(unit) };
        rest = unit.get(start + 3..);
        unit.get(..start)
    })
}

/// Returns the unit without zeros at its end (B.1.1), and without the zero words that end coded
/// slices (7.3.2.8).
pub(super) fn trimmed(mut unit: &[u8]) -> &[u8] {
    while let [rest @ .., 0] | [rest @ .., 0, 0, 3] = unit {
        unit = rest;
    }
    unit
}

/// Returns the payload of a unit; see [`nal::payload`].
pub(super) fn payload(unit: &[u8]) -> Result<WipedBytes, Error> {
    nal::payload(unit.get(1..).unwrap_or_default())
}

/// Returns the unit as a byte stream (Annex B of H.264), overwritten on drop.
pub(super) fn byte_stream(unit: &[u8]) -> WipedBytes {
    const START: [u8; 4] = [0, 0, 0, 1];
    let mut stream = WipedBytes(Vec::with_capacity(START.len() + unit.len()));
    stream.0.extend_from_slice(&START);
    stream.0.extend_from_slice(unit);
    stream
}

#[cfg(test)]
mod tests {
    use super::{payload, split, trimmed};

    #[test]
    fn a_start_code_in_a_unit_that_is_not_needed_begins_a_unit() {
        let units = |unit| split(unit).map(trimmed).collect::<Vec<_>>();
        let prefix = &[14, 9, 0, 0, 0, 1, 0x65, 7, 0, 0, 1, 0x61, 8][..];
        assert_eq!(units(prefix), [&[14, 9][..], &[0x65, 7], &[0x61, 8]]);
        let slice = &[0x65, 0, 0, 1, 0x67][..];
        assert_eq!(units(slice), [slice]);
        assert_eq!(units(&[9, 0x10, 0]), [&[9, 0x10][..]]);
        assert_eq!(units(&[14, 0, 0, 1]), [&[14][..], &[]]);
    }

    #[test]
    fn bytes_that_encoders_must_escape_are_an_error() {
        for unit in [
            &[0x65, 0, 0, 1, 0x67][..],
            &[0x65, 7, 0, 0, 0, 9],
            &[0x65, 0, 0, 2, 1],
            &[0x65, 0, 0, 3, 4],
        ] {
            assert!(payload(unit).is_err(), "{unit:?}");
        }
        for (unit, expected) in [
            (&[][..], &[][..]),
            (&[0x65, 0, 0, 3, 1], &[0, 0, 1]),
            (&[0x65, 0, 1, 0, 0, 4], &[0, 1, 0, 0, 4]),
            (&[0x65, 0, 0, 3, 0, 0, 3, 0, 1], &[0, 0, 0, 0, 0, 1]),
        ] {
            assert_eq!(payload(unit).unwrap().0, expected, "{unit:?}");
        }
        // Zeros and zero words at the end.
        assert_eq!(trimmed(&[0x65, 0x80, 0, 0, 3, 0, 0, 3, 0]), [0x65, 0x80]);
        assert_eq!(trimmed(&[0, 0]), []);
    }
}
