//! NAL units with a length before each, as containers store H.264 and HEVC, and their emulation
//! prevention.

use ownprint_pixels::wipe::WipedBytes;

use super::errors::damaged;
use super::fields::Fields;
use crate::error::Error;

/// Returns the NAL units of a sample, up to its end or to the first that does not fit.
///
/// `length_bytes` is the width of the length before each unit, 1 to 4.
pub(super) fn units(
    sample: &[u8],
    length_bytes: usize,
) -> impl Iterator<Item = Result<&[u8], Error>> {
    let mut rest = Some(Fields(sample));
    std::iter::from_fn(move || {
        let mut fields = rest.take().filter(|fields| !fields.0.is_empty())?;
        let unit = fields.take(length_bytes).and_then(|length| {
            let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
            fields.take(length)
        });
        match unit {
            Ok(unit) => {
                rest = Some(fields);
                Some(Ok(unit))
            }
            Err(_) => Some(Err(damaged("truncated frame"))),
        }
    })
}

/// Returns the payload of a unit, given without its header, without emulation prevention bytes, or an
/// error if it has bytes that encoders must escape (H.264, 7.4.1; HEVC, 7.4.2).
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
