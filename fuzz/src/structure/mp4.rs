//! MP4 and MOV with H.264: boxes, sample tables, and the units of samples.

use super::boxes::{self, Node, find};
use super::edits::edit_list;
use super::numbers::Rng;
use super::{samples, units};

pub(super) fn change(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    let mut nodes = boxes::parse(bytes)?;
    let mut other = boxes::parse(donor).unwrap_or_default();
    if numbers.one_in(3) {
        let before = boxes::data_start(&nodes);
        boxes::change(&mut nodes, &other, numbers)?;
        let shift = (boxes::data_start(&nodes) as u32).wrapping_sub(before as u32);
        if shift != 0 && !numbers.one_in(16) {
            samples::shift(&mut nodes, shift);
        }
        return Some(boxes::write(&nodes));
    }
    if numbers.one_in(4) {
        let before = boxes::data_start(&nodes);
        change_sets(&mut nodes, &mut other, numbers)?;
        let shift = (boxes::data_start(&nodes) as u32).wrapping_sub(before as u32);
        samples::shift(&mut nodes, shift);
        return Some(boxes::write(&nodes));
    }
    let read = samples::read(&mut nodes, bytes)?;
    let donors = samples::read(&mut other, donor).unwrap_or_default();
    let read = change_samples(read, &donors, numbers)?;
    samples::write(&mut nodes, &read, numbers)?;
    Some(boxes::write(&nodes))
}

/// Edits the list of samples, or the units of one.
fn change_samples(
    mut samples: Vec<Vec<u8>>,
    donors: &[Vec<u8>],
    numbers: &mut Rng,
) -> Option<Vec<Vec<u8>>> {
    let at = numbers.below(samples.len());
    if numbers.one_in(4) {
        edit_list(&mut samples, donors, |sample| sample.len() + 8, numbers);
        return Some(samples);
    }
    let sample = samples.get_mut(at)?;
    let mut list = units::parse(sample);
    let other: Vec<Vec<u8>> =
        numbers.pick(donors).map(|sample| units::parse(sample)).unwrap_or_default();
    let place = numbers.below(list.len() + 1);
    match numbers.below(6) {
        0 | 1 => edit_list(&mut list, &other, |unit| unit.len() + 4, numbers),
        2 => list.insert(place, units::sequence_set(numbers)),
        _ => {
            let at = numbers.below(list.len());
            units::change_h264(list.get_mut(at)?, numbers);
        }
    }
    *sample = units::write(&list, numbers);
    Some(samples)
}

/// Changes the parameter sets in the configuration of H.264.
fn change_sets(nodes: &mut [Node], other: &mut [Node], numbers: &mut Rng) -> Option<()> {
    let donor = find(other, *b"avcC").and_then(|node| node.bytes()).and_then(parse_sets);
    let bytes = find(nodes, *b"avcC")?.bytes_mut()?;
    let [mut sequences, mut images] = parse_sets(bytes)?;
    let [other_sequences, other_images] = donor.unwrap_or_default();
    let length = |unit: &Vec<u8>| unit.len() + 2;
    match numbers.below(8) {
        0 => edit_list(&mut sequences, &other_sequences, length, numbers),
        1 => edit_list(&mut images, &other_images, length, numbers),
        2 | 3 => *sequences.first_mut()? = units::sequence_set(numbers),
        4 | 5 => units::change_h264(sequences.first_mut()?, numbers),
        _ => {
            let at = numbers.below(images.len());
            units::change_h264(images.get_mut(at)?, numbers);
        }
    }
    bytes.truncate(5);
    for (list, flags, most) in [(sequences, 0xe0, 31), (images, 0, 255)] {
        let list = &list[..list.len().min(most)];
        bytes.push(flags | list.len() as u8);
        for set in list {
            bytes.extend((set.len() as u16).to_be_bytes());
            bytes.extend(set);
        }
    }
    Some(())
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
