//! The NAL units of a sample, as containers store H.264 and HEVC, and their emulation prevention.

use ownprint_pixels::wipe::WipedBytes;

use super::errors::damaged;
use super::fields::Fields;
use crate::error::Error;

/// How the units of a sample are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// A length before each unit, of this many bytes.
    Length(usize),
    /// A start code before each unit (Annex B). Browsers record Matroska in this way, without a
    /// configuration record.
    StartCodes,
}

/// Returns the NAL units of a sample, up to its end or to the first that does not fit.
pub(super) fn units(sample: &[u8], framing: Framing) -> impl Iterator<Item = Result<&[u8], Error>> {
    let mut rest = Some(Fields(sample));
    if framing == Framing::StartCodes {
        rest = start_code(sample).and_then(|start| sample.get(start + 3..)).map(Fields);
    }
    std::iter::from_fn(move || {
        let mut fields = rest.take().filter(|fields| !fields.0.is_empty())?;
        let Framing::Length(length_bytes) = framing else {
            let unit = fields.0;
            let end = start_code(unit).unwrap_or(unit.len());
            rest = unit.get(end + 3..).map(Fields);
            let unit = unit.get(..end)?;
            // No unit ends with a zero; those are of a start code of four bytes, or padding.
            let length = unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
            return unit.get(..length).map(Ok);
        };
        let unit = fields.take(length_bytes).and_then(|length| {
            let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
            fields.take(length)
        });
        match unit {
            // ffmpeg drops the frame and does not count it.
            Ok([]) => Some(Err(damaged("an empty NAL unit"))),
            Ok(unit) => {
                rest = Some(fields);
                Some(Ok(unit))
            }
            Err(_) => Some(Err(damaged("truncated frame"))),
        }
    })
}

/// Returns the position of the first start code.
pub(super) fn start_code(bytes: &[u8]) -> Option<usize> {
    bytes.windows(3).position(|bytes| bytes == [0, 0, 1])
}

/// Returns the payload of a unit, given without its header, without emulation prevention bytes, or
/// an error if it has bytes that encoders must escape (H.264, 7.4.1; HEVC, 7.4.2).
///
/// The decoder of H.264 reads a byte stream, in which a start code would begin another unit, which
/// was not checked against the limits.
pub(super) fn payload(unit: &[u8]) -> Result<WipedBytes, Error> {
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

#[cfg(test)]
mod tests {
    use super::{Framing, units};

    #[test]
    fn units_follow_lengths_or_start_codes() {
        let all = |sample, framing| -> Vec<_> { units(sample, framing).map(Result::ok).collect() };
        let lengths = &[0, 2, 7, 8, 0, 1, 9][..];
        assert_eq!(all(lengths, Framing::Length(2)), [Some(&[7, 8][..]), Some(&[9])]);
        assert_eq!(all(&[0, 3, 7, 8], Framing::Length(2)), [None]);
        assert_eq!(all(&[0, 1, 7, 0, 0], Framing::Length(2)), [Some(&[7][..]), None]);
        let codes = &[0, 0, 0, 1, 7, 8, 0, 0, 1, 9][..];
        assert_eq!(all(codes, Framing::StartCodes), [Some(&[7, 8][..]), Some(&[9])]);
        let long = &[0, 0, 1, 7, 8, 0, 0, 0, 1, 9, 0, 0][..];
        assert_eq!(all(long, Framing::StartCodes), [Some(&[7, 8][..]), Some(&[9])]);
        assert!(all(&[7, 8, 9], Framing::StartCodes).is_empty());
        assert!(all(&[0, 0, 1], Framing::StartCodes).is_empty());
    }
}
