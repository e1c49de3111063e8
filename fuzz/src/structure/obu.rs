//! Open bitstream units of AV1: a header, a length in LEB128, a payload.

use super::edits::{BitOrder, edit_bits, edit_bytes, edit_list};
use super::numbers::Rng;

#[derive(Clone)]
struct Unit {
    /// One byte, or two with the flag of an extension.
    header: Vec<u8>,
    payload: Vec<u8>,
}

/// Returns the data with one change to its units.
pub(super) fn change(data: &[u8], donor: &[u8], numbers: &mut Rng) -> Vec<u8> {
    let mut units = parse(data);
    let other = parse(donor);
    let at = numbers.below(units.len());
    match (numbers.below(8), units.get_mut(at)) {
        (0 | 1, _) | (_, None) => {
            edit_list(&mut units, &other, |unit| unit.payload.len() + 4, numbers);
        }
        // Another kind: sequence, delimiter, frame header, tiles, metadata, frame, list, padding.
        (2, Some(unit)) => unit.header[0] = (numbers.below(16) as u8) << 3 | 2,
        (3, Some(unit)) => edit_bytes(&mut unit.payload, &[], numbers),
        (_, Some(unit)) => {
            unit.payload = edit_bits(&unit.payload, BitOrder::HighFirst, false, numbers);
        }
    }
    write(&units, numbers)
}

/// Returns the data with other first bits of a frame header: shows an existing frame, the kind of
/// frame, is shown.
pub(super) fn with_flags(data: &[u8], numbers: &mut Rng) -> Vec<u8> {
    let mut units = parse(data);
    let frames = units.iter_mut().filter(|unit| matches!(unit.header[0] >> 3 & 15, 3 | 6));
    for first in frames.filter_map(|unit| unit.payload.first_mut()) {
        if numbers.one_in(2) {
            *first ^= *numbers.pick(&[0x10, 0x10, 0x20, 0x40, 0x60, 0x80]).unwrap_or(&0x10);
        }
    }
    write(&units, numbers)
}

fn parse(mut rest: &[u8]) -> Vec<Unit> {
    let mut units = Vec::new();
    while let Some(first) = rest.first() {
        let header = if first & 4 == 0 { 1 } else { 2 };
        let Some((header, behind)) = rest.split_at_checked(header) else { break };
        rest = behind;
        let mut length = rest.len();
        if first & 2 != 0 {
            length = 0;
            let mut bytes = 0;
            for byte in rest.iter().take(5) {
                length |= usize::from(byte & 0x7f) << (7 * bytes);
                bytes += 1;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            rest = &rest[bytes..];
        }
        let (payload, behind) = rest.split_at(length.min(rest.len()));
        rest = behind;
        units.push(Unit { header: header.to_vec(), payload: payload.to_vec() });
    }
    units
}

fn write(units: &[Unit], numbers: &mut Rng) -> Vec<u8> {
    let wrong = numbers.one_in(24).then(|| numbers.below(units.len()));
    let mut bytes = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let mut header = unit.header.clone();
        header[0] |= 2;
        bytes.extend(header);
        let length = if wrong == Some(at) { numbers.number() } else { unit.payload.len() as u32 };
        let mut left = length;
        loop {
            let more = if left > 0x7f { 0x80 } else { 0 };
            bytes.push(left as u8 & 0x7f | more);
            left >>= 7;
            if left == 0 {
                break;
            }
        }
        bytes.extend(&unit.payload);
    }
    bytes
}
