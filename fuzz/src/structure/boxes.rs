//! Boxes of the ISO base media file format (ISO/IEC 14496-12).

use super::edits::{edit_bytes, edit_list, put_number};
use super::numbers::Rng;

/// A box. Its length is computed when it is written.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) kind: [u8; 4],
    pub(super) content: Content,
    /// A wrong length that is written in place of the right one.
    length: Option<u32>,
}

#[derive(Clone)]
pub(super) enum Content {
    Bytes(Vec<u8>),
    /// Fields, then boxes.
    Boxes(Vec<u8>, Vec<Node>),
}

impl Node {
    pub(super) fn leaf(kind: [u8; 4], bytes: Vec<u8>) -> Self {
        Self { kind, content: Content::Bytes(bytes), length: None }
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Boxes(..) => None,
        }
    }

    pub(super) fn bytes_mut(&mut self) -> Option<&mut Vec<u8>> {
        match &mut self.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Boxes(..) => None,
        }
    }

    fn bytes_in_file(&self) -> usize {
        8 + match &self.content {
            Content::Bytes(bytes) => bytes.len(),
            Content::Boxes(head, boxes) => {
                head.len() + boxes.iter().map(Self::bytes_in_file).sum::<usize>()
            }
        }
    }
}

/// Returns the length of the fields before the boxes in a box, or `None` if it contains no boxes.
fn fields(kind: [u8; 4], body: &[u8]) -> Option<usize> {
    match &kind {
        b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" | b"edts" | b"dinf" | b"iprp" | b"ipco"
        | b"moof" | b"traf" | b"mvex" => Some(0),
        b"meta" | b"iref" => Some(4),
        b"iinf" => Some(if body.first() == Some(&0) { 6 } else { 8 }),
        b"stsd" => Some(8),
        b"avc1" | b"avc3" | b"hvc1" | b"hev1" | b"vp09" | b"vp08" | b"av01" => Some(78),
        _ => None,
    }
}

/// Returns the boxes of a file, or `None` if the first is none.
pub(super) fn parse(bytes: &[u8]) -> Option<Vec<Node>> {
    parse_boxes(bytes, 0).filter(|nodes| !nodes.is_empty())
}

fn parse_boxes(mut rest: &[u8], depth: usize) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    while !rest.is_empty() {
        let (length, behind) = rest.split_first_chunk::<4>()?;
        let (kind, mut body) = behind.split_first_chunk::<4>()?;
        let mut length = u64::from(u32::from_be_bytes(*length));
        let mut header = 8;
        if length == 1 {
            let (long, behind) = body.split_first_chunk::<8>()?;
            (length, body, header) = (u64::from_be_bytes(*long), behind, 16);
        } else if length == 0 {
            length = rest.len() as u64;
        }
        let length = usize::try_from(length.checked_sub(header)?).ok()?;
        if length > body.len() && depth > 0 {
            return None;
        }
        let (body, behind) = body.split_at(length.min(body.len()));
        rest = behind;
        let inner = fields(*kind, body).filter(|fields| *fields <= body.len() && depth < 12);
        let content = inner
            .and_then(|fields| {
                let boxes = parse_boxes(&body[fields..], depth + 1)?;
                Some(Content::Boxes(body[..fields].to_vec(), boxes))
            })
            .unwrap_or_else(|| Content::Bytes(body.to_vec()));
        nodes.push(Node { kind: *kind, content, length: None });
    }
    Some(nodes)
}

pub(super) fn write(nodes: &[Node]) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_into(nodes, &mut bytes);
    bytes
}

fn write_into(nodes: &[Node], bytes: &mut Vec<u8>) {
    for node in nodes {
        let start = bytes.len();
        bytes.extend([0; 4]);
        bytes.extend(node.kind);
        match &node.content {
            Content::Bytes(body) => bytes.extend(body),
            Content::Boxes(head, boxes) => {
                bytes.extend(head);
                write_into(boxes, bytes);
            }
        }
        let length = node.length.unwrap_or((bytes.len() - start) as u32);
        bytes[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
}

/// Calls `act` with every box, from the outside to the inside.
pub(super) fn each(nodes: &mut [Node], act: &mut dyn FnMut(&mut Node)) {
    for node in nodes {
        act(node);
        if let Content::Boxes(_, boxes) = &mut node.content {
            each(boxes, act);
        }
    }
}

/// Returns the first box of a kind, at any depth.
pub(super) fn find(nodes: &mut [Node], kind: [u8; 4]) -> Option<&mut Node> {
    for node in nodes {
        if node.kind == kind {
            return Some(node);
        }
        if let Content::Boxes(_, boxes) = &mut node.content
            && let Some(found) = find(boxes, kind)
        {
            return Some(found);
        }
    }
    None
}

/// Returns the start of the data of the first box `mdat`, which offsets in tables point into.
pub(super) fn data_start(nodes: &[Node]) -> usize {
    8 + nodes
        .iter()
        .take_while(|node| &node.kind != b"mdat")
        .map(Node::bytes_in_file)
        .sum::<usize>()
}

/// Applies one change to the boxes.
pub(super) fn change(nodes: &mut Vec<Node>, donor: &[Node], numbers: &mut Rng) -> Option<()> {
    if numbers.one_in(3) { change_list(nodes, donor, numbers) } else { change_leaf(nodes, numbers) }
}

/// Edits the list of boxes in one box, or in the file.
fn change_list(nodes: &mut Vec<Node>, donor: &[Node], numbers: &mut Rng) -> Option<()> {
    let mut count = 1;
    each(nodes, &mut |node| count += usize::from(node.bytes().is_none()));
    let chosen = numbers.below(count);
    if chosen == 0 {
        edit_list(nodes, donor, Node::bytes_in_file, numbers);
        return Some(());
    }
    let mut at = 0;
    each(nodes, &mut |node| {
        let kind = node.kind;
        if let Content::Boxes(_, boxes) = &mut node.content {
            at += 1;
            if at == chosen {
                let mut donor = donor.to_vec();
                let other = match find(&mut donor, kind).map(|node| &node.content) {
                    Some(Content::Boxes(_, boxes)) => boxes.as_slice(),
                    _ => &[],
                };
                edit_list(boxes, other, Node::bytes_in_file, numbers);
            }
        }
    });
    Some(())
}

/// Changes the length, a number, an entry or bytes of one box.
fn change_leaf(nodes: &mut [Node], numbers: &mut Rng) -> Option<()> {
    let is_table = |node: &Node| node.bytes().is_some() && &node.kind != b"mdat";
    let mut count = 0;
    each(nodes, &mut |node| count += usize::from(is_table(node)));
    let chosen = numbers.below(count);
    let mut at = 0;
    each(nodes, &mut |node| {
        if is_table(node) {
            if at == chosen {
                if numbers.one_in(12) {
                    node.length = Some(numbers.number());
                }
                if let Some(bytes) = node.bytes_mut() {
                    change_table(bytes, numbers);
                }
            }
            at += 1;
        }
    });
    (count > 0).then_some(())
}

/// Changes a word, the count or an entry of a table, or repeats an entry.
fn change_table(bytes: &mut Vec<u8>, numbers: &mut Rng) {
    let width = [2, 4, 4, 4, 6, 8, 12, 16][numbers.below(8)];
    let at = 8 + width * numbers.below(bytes.len().saturating_sub(8) / width);
    let at = if numbers.one_in(3) { 4 * numbers.below(bytes.len() / 4) } else { at };
    match numbers.below(6) {
        0 => put_number(bytes, 4, 4, numbers),
        1 if at + width <= bytes.len() => {
            // More entries, which the count includes.
            let count = numbers.repeats(width);
            let repeated = bytes[at..at + width].repeat(count);
            bytes.splice(at..at, repeated);
            if let Some(stated) = bytes.get_mut(4..8).and_then(|stated| stated.first_chunk_mut()) {
                *stated = u32::from_be_bytes(*stated).wrapping_add(count as u32).to_be_bytes();
            }
        }
        2 if at + width <= bytes.len() => {
            // The same value in two entries: they overlap.
            let from = 4 * numbers.below(bytes.len() / 4);
            if from + width <= bytes.len() {
                bytes.copy_within(from..from + width, at);
            }
        }
        3 => edit_bytes(bytes, &[], numbers),
        _ => {
            let width = [1, 2, 4, 4][numbers.below(4)];
            let number = numbers.number().to_be_bytes();
            if let Some(place) = bytes.get_mut(at..at + width) {
                place.copy_from_slice(&number[4 - width..]);
            }
        }
    }
}
