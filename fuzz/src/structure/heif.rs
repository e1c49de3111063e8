//! HEIC and AVIF: boxes, items and the units in their data.

use super::boxes::{self, Node, find};
use super::edits::{edit_bytes, edit_list};
use super::items::{self, Location};
use super::numbers::Rng;
use super::{obu, units};

pub(super) fn change(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    let mut nodes = boxes::parse(bytes)?;
    find(&mut nodes, *b"iloc")?;
    let before = boxes::data_start(&nodes);
    let mut appended = None;
    match numbers.below(10) {
        0..=2 => {
            let other = boxes::parse(donor).unwrap_or_default();
            boxes::change(&mut nodes, &other, numbers)?;
        }
        3 => change_extents(&mut nodes, numbers)?,
        4 => copy_items(&mut nodes, numbers)?,
        5 => appended = Some(derive(&mut nodes, numbers)?),
        6 => change_sets(&mut nodes, numbers)?,
        _ => appended = Some(change_data(&mut nodes, bytes, donor, numbers)?),
    }
    finish(&mut nodes, before, appended, numbers);
    Some(boxes::write(&nodes))
}

/// Corrects the offsets of the items, and appends new data of one.
fn finish(
    nodes: &mut Vec<Node>,
    before: usize,
    appended: Option<(u32, Vec<u8>)>,
    numbers: &mut Rng,
) {
    if let Some(mut places) = items::locations(nodes) {
        if appended.is_some() {
            // The box may become longer.
            items::set_locations(nodes, &places);
        }
        let shift = boxes::data_start(nodes) as u64;
        let shift = shift.wrapping_sub(before as u64);
        if (shift != 0 && !numbers.one_in(24)) || appended.is_some() {
            items::set_locations(nodes, &places);
            let shift = (boxes::data_start(nodes) as u64).wrapping_sub(before as u64);
            for place in places.iter_mut().filter(|place| place.method == 0) {
                for extent in &mut place.extents {
                    extent.0 = extent.0.wrapping_add(shift);
                }
            }
            if let Some((id, data)) = appended {
                let place = Location { id, method: 0, base: 0, extents: vec![(0, 0)] };
                let at = places.iter().position(|place| place.id == id);
                let at = at.unwrap_or_else(|| {
                    places.push(place.clone());
                    places.len() - 1
                });
                places[at] = place;
                items::set_locations(nodes, &places);
                let shift_again = (boxes::data_start(nodes) as u64)
                    .wrapping_sub(before as u64)
                    .wrapping_sub(shift);
                for place in places.iter_mut().filter(|place| place.method == 0) {
                    for extent in &mut place.extents {
                        extent.0 = extent.0.wrapping_add(shift_again);
                    }
                }
                let start = boxes::write(nodes).len() as u64 + 8;
                places[at].extents = vec![(start, data.len() as u64)];
                items::set_locations(nodes, &places);
                nodes.push(Node::leaf(*b"mdat", data));
                return;
            }
            items::set_locations(nodes, &places);
        }
    }
}

/// Changes the extents of an item: those of another, repeated, split, or with other numbers.
fn change_extents(nodes: &mut [Node], numbers: &mut Rng) -> Option<()> {
    let mut places = items::locations(nodes)?;
    let other = numbers.pick(&places)?.clone();
    let at = numbers.below(places.len());
    let place = &mut places[at];
    match numbers.below(6) {
        0 => place.extents = other.extents,
        1 => edit_list(&mut place.extents, &other.extents, |_| 8, numbers),
        2 => {
            let (offset, length) = *numbers.pick(&place.extents)?;
            let count = numbers.repeats(8).min(65_535) as u64;
            // Many extents of the same bytes, of one byte each, or of none.
            place.extents = match numbers.below(3) {
                0 => vec![(offset, length); count as usize],
                1 => (0..length.min(count)).map(|byte| (offset.wrapping_add(byte), 1)).collect(),
                _ => vec![(offset, 0); count as usize],
            };
        }
        3 => place.method = numbers.below(4) as u16,
        4 => place.base = numbers.number().into(),
        _ => {
            let at = numbers.below(place.extents.len());
            let extent = place.extents.get_mut(at)?;
            let number = numbers.number().into();
            if numbers.one_in(2) { extent.0 = number } else { extent.1 = number }
        }
    }
    items::set_locations(nodes, &places)
}

/// Copies an item under new IDs, and may refer to the copies.
fn copy_items(nodes: &mut [Node], numbers: &mut Rng) -> Option<()> {
    let kinds = items::kinds(nodes);
    let (id, _) = *numbers.pick(&kinds)?;
    let first = kinds.iter().map(|(id, _)| *id).max()?.wrapping_add(1);
    let count = numbers.repeats(64) as u32;
    let copies: Vec<u32> = (0..count)
        .map(|copy| if numbers.one_in(64) { id } else { first.wrapping_add(copy) })
        .collect();
    items::copy_item(nodes, id, &copies)?;
    if numbers.one_in(2) {
        let (from, _) = *numbers.pick(&kinds)?;
        let kind = *numbers.pick(&[*b"dimg", *b"auxl", *b"thmb", *b"cdsc", *b"prem"])?;
        items::refer(nodes, kind, from, &copies)?;
    }
    Some(())
}

/// Turns an item into a grid, an overlay or a rotated identity of others. Returns its new data.
fn derive(nodes: &mut [Node], numbers: &mut Rng) -> Option<(u32, Vec<u8>)> {
    let kinds = items::kinds(nodes);
    let (id, _) = *numbers.pick(&kinds)?;
    let (part, _) = *numbers.pick(&kinds)?;
    let (columns, rows) = (numbers.repeats(64).min(256), numbers.repeats(64).min(256));
    let count = (columns * rows).min(65_535);
    let mut parts = vec![part; count];
    if id == part || numbers.one_in(2) {
        let first = kinds.iter().map(|(id, _)| *id).max()?.wrapping_add(1);
        let copies: Vec<u32> =
            (0..count.min(4096) as u32).map(|copy| first.wrapping_add(copy)).collect();
        items::copy_item(nodes, part, &copies)?;
        parts = copies;
    }
    let kind = *numbers.pick(&[*b"grid", *b"grid", *b"grid", *b"iovl", *b"iden"])?;
    items::set_kind(nodes, id, kind)?;
    items::refer(nodes, *b"dimg", id, &parts)?;
    let sides = [numbers.side(), numbers.side()].map(u32::to_be_bytes).concat();
    let data = match &kind {
        b"grid" => [&[0, 1, (rows - 1) as u8, (columns - 1) as u8][..], &sides].concat(),
        b"iovl" => [&[0, 1][..], &[0xff; 8], &sides, &vec![0; 8 * parts.len()]].concat(),
        _ => Vec::new(),
    };
    Some((id, data))
}

/// Changes a parameter set in the configuration of HEVC.
fn change_sets(nodes: &mut [Node], numbers: &mut Rng) -> Option<()> {
    let bytes = find(nodes, *b"hvcC")?.bytes_mut()?;
    let mut at = 23;
    let mut found = Vec::new();
    for _ in 0..*bytes.get(22)? {
        let count = u16::from_be_bytes(*bytes.get(at + 1..at + 3)?.first_chunk()?);
        at += 3;
        for _ in 0..count {
            let length = usize::from(u16::from_be_bytes(*bytes.get(at..at + 2)?.first_chunk()?));
            found.push(at..(at + 2 + length).min(bytes.len()));
            at += 2 + length;
        }
    }
    let place = numbers.pick(&found)?.clone();
    let mut unit = bytes.get(place.start + 2..place.end)?.to_vec();
    units::change_hevc(&mut unit, numbers);
    let length = (unit.len() as u16).to_be_bytes();
    bytes.splice(place, [&length[..], &unit].concat());
    Some(())
}

/// Returns the changed data of an item.
fn change_data(
    nodes: &mut [Node],
    file: &[u8],
    donor: &[u8],
    numbers: &mut Rng,
) -> Option<(u32, Vec<u8>)> {
    let kinds = items::kinds(nodes);
    let (id, kind) = *numbers.pick(&kinds)?;
    let places = items::locations(nodes)?;
    let mut data = places.iter().find(|place| place.id == id)?.data(file)?;
    let other = first_data(donor, kind).unwrap_or_default();
    match &kind {
        b"hvc1" => {
            let (mut list, other) = (units::parse(&data), units::parse(&other));
            let at = numbers.below(list.len());
            match list.get_mut(at) {
                Some(unit) if !numbers.one_in(3) => units::change_hevc(unit, numbers),
                _ => edit_list(&mut list, &other, |unit| unit.len() + 4, numbers),
            }
            data = units::write(&list, numbers);
        }
        b"av01" => data = obu::change(&data, &other, numbers),
        _ => edit_bytes(&mut data, &other, numbers),
    }
    Some((id, data))
}

/// Returns the data of the first item of a type in another file.
fn first_data(file: &[u8], kind: [u8; 4]) -> Option<Vec<u8>> {
    let mut nodes = boxes::parse(file)?;
    let (id, _) = items::kinds(&mut nodes).into_iter().find(|(_, found)| *found == kind)?;
    items::locations(&mut nodes)?.iter().find(|place| place.id == id)?.data(file)
}
