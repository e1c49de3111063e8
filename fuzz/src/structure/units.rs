//! Units of H.264 and HEVC: fields of parameter sets and slice headers.

use super::edits::{BitOrder, edit_bits, edit_list, golomb_bits};
use super::numbers::Rng;

/// Splits data into units, each behind its length in four bytes.
pub(super) fn parse(mut rest: &[u8]) -> Vec<Vec<u8>> {
    let mut units = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let length = (u32::from_be_bytes(*length) as usize).min(behind.len());
        units.push(behind[..length].to_vec());
        rest = &behind[length..];
    }
    units
}

pub(super) fn write(units: &[Vec<u8>], numbers: &mut Rng) -> Vec<u8> {
    let wrong = numbers.one_in(24).then(|| numbers.below(units.len()));
    let mut bytes = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let length = if wrong == Some(at) { numbers.number() } else { unit.len() as u32 };
        bytes.extend(length.to_be_bytes());
        bytes.extend(unit);
    }
    bytes
}

/// Returns the unit with replaced, removed or inserted bits, often an Exp-Golomb number, near its
/// start. `header` is the length of the unit header, which stays.
pub(super) fn field_changed(unit: &[u8], header: usize, numbers: &mut Rng) -> Vec<u8> {
    let (head, payload) = unit.split_at(header.min(unit.len()));
    let payload = edit_bits(&unescaped(payload), BitOrder::HighFirst, true, numbers);
    [head, &escaped(&payload)].concat()
}

/// Removes emulation prevention bytes.
fn unescaped(payload: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(payload.len());
    let mut zeros = 0;
    for byte in payload {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        result.push(*byte);
    }
    result
}

/// Adds emulation prevention bytes.
fn escaped(payload: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(payload.len());
    let mut zeros = 0;
    for byte in payload {
        if zeros >= 2 && *byte < 4 {
            result.push(3);
            zeros = 0;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        result.push(*byte);
    }
    result
}

/// Bits of a parameter set, the highest first.
#[derive(Default)]
pub(super) struct Fields(Vec<bool>);

impl Fields {
    pub(super) fn bits(&mut self, number: u32, width: u32) -> &mut Self {
        self.0.extend((0..width).rev().map(|bit| number >> bit & 1 == 1));
        self
    }

    pub(super) fn golomb(&mut self, number: u32) -> &mut Self {
        self.0.extend(golomb_bits(number));
        self
    }

    /// Returns the unit with this header.
    pub(super) fn unit(&self, header: &[u8]) -> Vec<u8> {
        [header, &escaped(&BitOrder::HighFirst.pack(&self.0))].concat()
    }
}

/// Returns `often` in most calls, otherwise one of `others`.
pub(super) fn mostly(numbers: &mut Rng, often: u32, others: &[u32]) -> u32 {
    match numbers.pick(others) {
        Some(other) if numbers.one_in(4) => *other,
        _ => often,
    }
}

/// Returns an H.264 sequence parameter set of mostly valid numbers.
pub(super) fn sequence_set(numbers: &mut Rng) -> Vec<u8> {
    let profile = [66, 77, 100][numbers.below(3)];
    let mut fields = Fields::default();
    let level = mostly(numbers, 30, &[255, 9, 62]);
    fields.bits(profile, 8).bits(0, 8).bits(level, 8).golomb(mostly(numbers, 0, &[1, 31, 32]));
    if profile == 100 {
        fields.golomb(mostly(numbers, 1, &[0, 3, 4])).golomb(mostly(numbers, 0, &[2, 7]));
        fields.golomb(mostly(numbers, 0, &[6])).bits(mostly(numbers, 0, &[1]), 1).bits(0, 1);
    }
    fields.golomb(mostly(numbers, 0, &[4, 12, 13]));
    let order = numbers.below(3) as u32;
    fields.golomb(order);
    if order == 0 {
        fields.golomb(mostly(numbers, 2, &[12, 13]));
    }
    if order == 1 {
        // The number of frames in a cycle, and as many offsets.
        let cycle = mostly(numbers, 1, &[255, 256]);
        fields.bits(0, 1).golomb(1).golomb(2).golomb(cycle);
        for _ in 0..cycle {
            fields.golomb(1);
        }
    }
    let references = [0, 1, 2, 8, 15, 16, 17, 1 << 31];
    fields.golomb(mostly(numbers, 4, &references)).bits(mostly(numbers, 0, &[1]), 1);
    for _ in 0..2 {
        let side = numbers.below(8) as u32;
        fields.golomb(mostly(numbers, side, &[20, 60, 300, 5000, 1 << 28, 1 << 31]));
    }
    match mostly(numbers, 1, &[0, 2]) {
        1 => fields.bits(1, 1),
        flags => fields.bits(flags, 2),
    };
    fields.bits(1, 1);
    if numbers.one_in(4) {
        fields.bits(1, 1);
        for _ in 0..4 {
            fields.golomb(mostly(numbers, 0, &[1, 8, 1 << 31, u32::MAX - 1, 1 << 30]));
        }
    } else {
        fields.bits(0, 1);
    }
    if numbers.one_in(4) {
        fields.bits(1 << 20, 21);
    } else {
        fields.bits(0, 1);
    }
    fields.bits(1, 1);
    fields.unit(&[0x67])
}

/// First bytes of H.264 units: slices, parameter sets, partitions, extensions.
const KINDS: &[u8] = &[0x61, 0x41, 0x01, 0x65, 0x25, 0x67, 0x68, 0x6e, 0x0e, 0x02, 0x06, 0x09];

/// Changes one H.264 unit.
pub(super) fn change_h264(unit: &mut Vec<u8>, numbers: &mut Rng) {
    match unit.first_mut() {
        Some(kind) if numbers.one_in(5) => *kind = *numbers.pick(KINDS).unwrap_or(kind),
        _ => *unit = field_changed(unit, 1, numbers),
    }
}

/// Changes one HEVC unit, whose header has two bytes.
pub(super) fn change_hevc(unit: &mut Vec<u8>, numbers: &mut Rng) {
    match unit.first_mut() {
        Some(kind) if numbers.one_in(8) => *kind = (numbers.below(48) as u8) << 1,
        _ => *unit = field_changed(unit, 2, numbers),
    }
}

/// Changes the parameter sets of the box `avcC`.
pub(super) fn changed_avc_record(
    record: &[u8],
    donor: &[u8],
    numbers: &mut Rng,
) -> Option<Vec<u8>> {
    let [mut sequences, mut images] = parse_sets(record)?;
    let [other_sequences, other_images] = parse_sets(donor).unwrap_or_default();
    let length = |unit: &Vec<u8>| unit.len() + 2;
    match numbers.below(8) {
        0 => edit_list(&mut sequences, &other_sequences, length, numbers),
        1 => edit_list(&mut images, &other_images, length, numbers),
        2 | 3 => *sequences.first_mut()? = sequence_set(numbers),
        4 | 5 => change_h264(sequences.first_mut()?, numbers),
        _ => {
            let at = numbers.below(images.len());
            change_h264(images.get_mut(at)?, numbers);
        }
    }
    let mut bytes = record.get(..5)?.to_vec();
    for (list, flags, most) in [(sequences, 0xe0, 31), (images, 0, 255)] {
        let list = &list[..list.len().min(most)];
        bytes.push(flags | list.len() as u8);
        for set in list {
            bytes.extend((set.len() as u16).to_be_bytes());
            bytes.extend(set);
        }
    }
    Some(bytes)
}

/// Returns the parameter sets of sequences and of images of the box `avcC`.
fn parse_sets(bytes: &[u8]) -> Option<[Vec<Vec<u8>>; 2]> {
    let mut rest = bytes.get(5..)?;
    let mut lists = [Vec::new(), Vec::new()];
    for (list, mask) in lists.iter_mut().zip([31, 255]) {
        let (count, behind) = rest.split_first()?;
        rest = behind;
        for _ in 0..count & mask {
            let (length, behind) = rest.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            list.push(behind.get(..length)?.to_vec());
            rest = &behind[length..];
        }
    }
    Some(lists)
}
