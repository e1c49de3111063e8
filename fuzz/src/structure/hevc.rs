//! Parameter sets of HEVC.

use super::edits::edit_list;
use super::numbers::Rng;
use super::units::{Fields, change_hevc, mostly};

/// Returns an HEVC sequence parameter set of mostly valid numbers.
pub(super) fn sequence_set(numbers: &mut Rng) -> Vec<u8> {
    let mut fields = Fields::default();
    let layers = mostly(numbers, 0, &[1, 2, 6]);
    // Layers, nesting, the profile, its flags, the level.
    fields.bits(0, 4).bits(layers, 3).bits(1, 1);
    fields.bits(1, 8).bits(0x6000_0000, 32).bits(0x9000_0000, 32).bits(0, 16).bits(93, 8);
    if layers > 0 {
        fields.bits(0, 16);
    }
    fields.golomb(mostly(numbers, 0, &[1, 15, 16])).golomb(mostly(numbers, 1, &[0, 2, 3]));
    for _ in 0..2 {
        let side = 8 * (1 + numbers.below(40) as u32);
        fields.golomb(mostly(numbers, side, &[0, 1, 7, 4096, 8192, 16_888, 65_528, 1 << 28]));
    }
    if numbers.one_in(4) {
        fields.bits(1, 1);
        for _ in 0..4 {
            fields.golomb(mostly(numbers, 0, &[1, 8, 1 << 31, u32::MAX - 1, 1 << 30]));
        }
    } else {
        fields.bits(0, 1);
    }
    let depth = mostly(numbers, 0, &[2, 4, 8]);
    fields.golomb(depth).golomb(mostly(numbers, depth, &[0, 1]));
    fields.golomb(mostly(numbers, 4, &[0, 12, 13])).bits(0, 1);
    // The pictures that a decoder holds, those that are reordered, and their latency.
    let pictures = [0, 1, 3, 15, 16, 1 << 31];
    fields.golomb(mostly(numbers, 4, &pictures)).golomb(2).golomb(mostly(numbers, 0, &[5]));
    // Coding blocks and transform blocks.
    let smallest = mostly(numbers, 0, &[1, 3, 4]);
    fields.golomb(smallest).golomb(mostly(numbers, 1, &[0, 2, 3]));
    fields.golomb(mostly(numbers, 0, &[1, 3])).golomb(mostly(numbers, 3, &[0, 1, 4]));
    fields.golomb(mostly(numbers, 0, &[1, 4])).golomb(mostly(numbers, 0, &[1, 4]));
    // Scaling lists, partitions, offsets, PCM.
    fields.bits(0, 1).bits(numbers.below(4) as u32, 2);
    if numbers.one_in(8) {
        fields.bits(1, 1).bits(0x77, 8).golomb(0).golomb(mostly(numbers, 0, &[1, 2, 3])).bits(0, 1);
    } else {
        fields.bits(0, 1);
    }
    // Sets of references: so many, each of earlier pictures.
    let sets = mostly(numbers, 1, &[0, 2, 63, 64, 65]);
    fields.golomb(sets);
    for set in 0..sets {
        if set > 0 {
            fields.bits(0, 1);
        }
        let earlier = mostly(numbers, 1, &[0, 2, 15, 16]);
        fields.golomb(earlier).golomb(0);
        for _ in 0..earlier {
            fields.golomb(mostly(numbers, 0, &[1, 1 << 15])).bits(1, 1);
        }
    }
    let long_term = mostly(numbers, 0, &[1, 32, 33]);
    fields.bits(u32::from(long_term > 0), 1);
    if long_term > 0 {
        fields.golomb(long_term);
        for at in 0..long_term {
            fields.bits(at, 8).bits(1, 1);
        }
    }
    fields.bits(numbers.below(4) as u32, 2).bits(0, 1).bits(mostly(numbers, 0, &[1]), 1).bits(1, 1);
    fields.unit(&[33 << 1, 1])
}

/// Returns an HEVC picture parameter set of mostly valid numbers, with tiles now and then.
pub(super) fn image_set(numbers: &mut Rng) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.golomb(mostly(numbers, 0, &[1, 63, 64])).golomb(mostly(numbers, 0, &[1, 15]));
    // Dependent slices, hidden pictures, extra bits, hidden signs, context tables.
    fields.bits(mostly(numbers, 0, &[1]), 1).bits(mostly(numbers, 0, &[1]), 1);
    fields.bits(mostly(numbers, 0, &[1, 7]), 3).bits(numbers.below(4) as u32, 2);
    fields.golomb(mostly(numbers, 0, &[3, 14, 15])).golomb(mostly(numbers, 0, &[3, 14, 15]));
    fields.golomb(mostly(numbers, 0, &[1, 51, 53])).bits(numbers.below(4) as u32, 2);
    let has_quantizer = mostly(numbers, 1, &[0]);
    fields.bits(has_quantizer, 1);
    if has_quantizer > 0 {
        fields.golomb(mostly(numbers, 0, &[1, 3, 4]));
    }
    fields.golomb(0).golomb(mostly(numbers, 0, &[23, 24])).bits(numbers.below(16) as u32, 4);
    let has_tiles = numbers.one_in(2);
    fields.bits(u32::from(has_tiles), 1).bits(mostly(numbers, 0, &[1]), 1);
    if has_tiles {
        let columns = mostly(numbers, 1, &[0, 2, 19, 20, 1 << 20]);
        let rows = mostly(numbers, 0, &[1, 2, 21, 22, 1 << 20]);
        fields.golomb(columns).golomb(rows).bits(1, 1).bits(1, 1);
    }
    fields.bits(numbers.below(2) as u32, 1).bits(0, 4).golomb(mostly(numbers, 0, &[1, 4, 5]));
    fields.bits(0, 2).bits(1, 1);
    fields.unit(&[34 << 1, 1])
}

/// Changes the parameter sets of the box `hvcC`.
pub(super) fn changed_record(record: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    let mut units = units_of(record)?;
    let other = units_of(donor).unwrap_or_default();
    let kind = |unit: &Vec<u8>| unit.first().map_or(0, |first| first >> 1);
    let of = |units: &[Vec<u8>], wanted| units.iter().position(|unit| kind(unit) == wanted);
    match numbers.below(8) {
        0 => edit_list(&mut units, &other, |unit| unit.len() + 5, numbers),
        1 | 2 => {
            let at = of(&units, 33)?;
            units[at] = sequence_set(numbers);
        }
        3 => {
            let at = of(&units, 34)?;
            units[at] = image_set(numbers);
        }
        _ => {
            let at = numbers.below(units.len());
            change_hevc(units.get_mut(at)?, numbers);
        }
    }
    let mut bytes = record.get(..22)?.to_vec();
    units.truncate(255);
    bytes.push(units.len() as u8);
    for unit in &units {
        bytes.push(kind(unit));
        bytes.extend(1_u16.to_be_bytes());
        bytes.extend((unit.len() as u16).to_be_bytes());
        bytes.extend(unit);
    }
    Some(bytes)
}

fn units_of(record: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (arrays, mut rest) = record.get(22..)?.split_first()?;
    let mut units = Vec::new();
    for _ in 0..*arrays {
        let (head, behind) = rest.split_first_chunk::<3>()?;
        rest = behind;
        for _ in 0..u16::from_be_bytes([head[1], head[2]]) {
            let (length, behind) = rest.split_first_chunk::<2>()?;
            let (unit, behind) =
                behind.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            units.push(unit.to_vec());
            rest = behind;
        }
    }
    Some(units)
}
