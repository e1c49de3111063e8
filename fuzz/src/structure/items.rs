//! Items of HEIF: their information, locations, properties and references.

use super::boxes::{Content, Node, find};
use super::numbers::MOST_BYTES;

/// Where the data of an item is.
#[derive(Clone)]
pub(super) struct Location {
    pub(super) id: u32,
    /// 0: offsets in the file; 1: in the box `idat`; 2: in another item.
    pub(super) method: u16,
    pub(super) base: u64,
    /// Offsets and lengths.
    pub(super) extents: Vec<(u64, u64)>,
}

impl Location {
    /// Returns the data of an item whose extents are in the file.
    pub(super) fn data(&self, file: &[u8]) -> Option<Vec<u8>> {
        let mut data = Vec::new();
        for (offset, length) in &self.extents {
            let start = usize::try_from(self.base.checked_add(*offset)?).ok()?;
            let end = start.checked_add(usize::try_from(*length).ok()?)?;
            data.extend_from_slice(file.get(start..end.min(file.len()))?);
            if data.len() > MOST_BYTES {
                return None;
            }
        }
        (self.method == 0).then_some(data)
    }
}

/// Reads big-endian numbers of any width.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn take(&mut self, width: usize) -> Option<u64> {
        let (head, rest) = self.0.split_at_checked(width)?;
        self.0 = rest;
        Some(head.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

/// Reads the box `iloc`.
pub(super) fn locations(nodes: &mut [Node]) -> Option<Vec<Location>> {
    let mut numbers = Numbers(find(nodes, *b"iloc")?.bytes()?);
    let version = numbers.take(1)?;
    numbers.take(3)?;
    let widths = numbers.take(2)?;
    let [offset, length, base, index] =
        [12, 8, 4, 0].map(|shift| (widths >> shift & 15) as usize).map(|width| width.min(8));
    let id = if version < 2 { 2 } else { 4 };
    let count = numbers.take(id)?;
    let mut found = Vec::new();
    let mut left = 1_u64 << 17;
    for _ in 0..count.min(1 << 13) {
        let id = numbers.take(id)? as u32;
        let method = if version == 0 { 0 } else { numbers.take(2)? as u16 & 15 };
        numbers.take(2)?;
        let base = numbers.take(base)?;
        let extents = numbers.take(2)?;
        // Extents without numbers take no bytes.
        left = left.checked_sub(extents)?;
        let extents: Option<Vec<(u64, u64)>> = (0..extents)
            .map(|_| {
                numbers.take(if version == 0 { 0 } else { index })?;
                Some((numbers.take(offset)?, numbers.take(length)?))
            })
            .collect();
        found.push(Location { id, method, base, extents: extents? });
    }
    Some(found)
}

/// Writes the box `iloc`, version 2, with numbers of four bytes.
pub(super) fn set_locations(nodes: &mut [Node], locations: &[Location]) -> Option<()> {
    let word = |number: u64| (number as u32).to_be_bytes();
    let mut bytes = vec![2, 0, 0, 0, 0x44, 0x40];
    bytes.extend(word(locations.len() as u64));
    for location in locations {
        bytes.extend(location.id.to_be_bytes());
        bytes.extend(location.method.to_be_bytes());
        bytes.extend([0; 2]);
        bytes.extend(word(location.base));
        let extents = &location.extents[..location.extents.len().min(65_535)];
        bytes.extend((extents.len() as u16).to_be_bytes());
        for (offset, length) in extents {
            bytes.extend(word(*offset));
            bytes.extend(word(*length));
        }
    }
    *find(nodes, *b"iloc")?.bytes_mut()? = bytes;
    Some(())
}

/// Returns the IDs and types of the items.
pub(super) fn kinds(nodes: &mut [Node]) -> Vec<(u32, [u8; 4])> {
    let Some(Content::Boxes(_, infos)) = find(nodes, *b"iinf").map(|node| &node.content) else {
        return Vec::new();
    };
    let kind = |node: &Node| {
        let bytes = node.bytes()?;
        let mut numbers = Numbers(bytes.get(4..)?);
        let id = numbers.take(if bytes[0] < 3 { 2 } else { 4 })?;
        Some((id as u32, *numbers.0.get(2..)?.first_chunk()?))
    };
    infos.iter().filter_map(kind).collect()
}

/// Writes `number` in `width` bytes at `at`.
fn put(bytes: &mut [u8], at: usize, width: usize, number: u32) -> Option<()> {
    bytes.get_mut(at..at + width)?.copy_from_slice(&number.to_be_bytes()[4 - width..]);
    Some(())
}

/// Adds copies of an item with these IDs, unless all would be longer than a file may be.
pub(super) fn copy_item(nodes: &mut [Node], id: u32, copies: &[u32]) -> Option<()> {
    let mut places = locations(nodes)?;
    let place = places.iter().find(|place| place.id == id)?.clone();
    if copies.len() * (64 + 8 * place.extents.len()) > MOST_BYTES {
        return None;
    }
    if let Content::Boxes(head, infos) = &mut find(nodes, *b"iinf")?.content {
        let is_it = |node: &&Node| {
            node.bytes().is_some_and(|bytes| {
                let width = if bytes.first() < Some(&3) { 2 } else { 4 };
                bytes.get(4..).and_then(|rest| Numbers(rest).take(width)) == Some(id.into())
            })
        };
        let info = infos.iter().find(is_it)?.clone();
        for copy in copies {
            let mut info = info.clone();
            let bytes = info.bytes_mut()?;
            let width = if bytes[0] < 3 { 2 } else { 4 };
            put(bytes, 4, width, *copy)?;
            infos.push(info);
        }
        let width = head.len() - 4;
        put(head, 4, width, infos.len() as u32)?;
    }
    places.extend(copies.iter().map(|copy| Location { id: *copy, ..place.clone() }));
    set_locations(nodes, &places)?;
    let bytes = find(nodes, *b"ipma")?.bytes_mut()?;
    let width = if bytes.first()? == &0 { 2 } else { 4 };
    let each = if bytes.get(3)? & 1 == 0 { 1 } else { 2 };
    let mut numbers = Numbers(bytes.get(8..)?);
    let mut associations = Vec::new();
    while let Some(found) = numbers.take(width) {
        let count = numbers.0.first().map_or(0, |count| 1 + each * usize::from(*count));
        let entry = numbers.0.get(..count)?;
        if found == u64::from(id) {
            associations = entry.to_vec();
        }
        numbers.0 = &numbers.0[count..];
    }
    let count = u32::from_be_bytes(*bytes.get(4..8)?.first_chunk()?);
    put(bytes, 4, 4, count.wrapping_add(copies.len() as u32))?;
    for copy in copies {
        bytes.extend(&copy.to_be_bytes()[4 - width..]);
        bytes.extend(&associations);
    }
    Some(())
}

/// Sets the type of an item.
pub(super) fn set_kind(nodes: &mut [Node], id: u32, kind: [u8; 4]) -> Option<()> {
    let Content::Boxes(_, infos) = &mut find(nodes, *b"iinf")?.content else { return None };
    for info in infos {
        let bytes = info.bytes_mut()?;
        let width = if bytes.first()? < &3 { 2 } else { 4 };
        if Numbers(bytes.get(4..)?).take(width) == Some(id.into()) {
            bytes.get_mut(6 + width..10 + width)?.copy_from_slice(&kind);
        }
    }
    Some(())
}

/// Adds a reference from an item to others.
pub(super) fn refer(nodes: &mut [Node], kind: [u8; 4], from: u32, to: &[u32]) -> Option<()> {
    if find(nodes, *b"iref").is_none() {
        let content = Content::Boxes(vec![1, 0, 0, 0], Vec::new());
        let mut references = Node::leaf(*b"iref", Vec::new());
        references.content = content;
        if let Content::Boxes(_, boxes) = &mut find(nodes, *b"meta")?.content {
            boxes.push(references);
        }
    }
    let Content::Boxes(head, boxes) = &mut find(nodes, *b"iref")?.content else { return None };
    let width = if head.first()? == &0 { 2 } else { 4 };
    let to = &to[..to.len().min(65_535)];
    let mut bytes = from.to_be_bytes()[4 - width..].to_vec();
    bytes.extend((to.len() as u16).to_be_bytes());
    to.iter().for_each(|id| bytes.extend(&id.to_be_bytes()[4 - width..]));
    boxes.push(Node::leaf(kind, bytes));
    Some(())
}
