//! Elements of WebM and Matroska (RFC 8794 and RFC 9559).

use super::edits::{edit_bytes, edit_list};
use super::numbers::Rng;

/// An element. Its size is computed when it is written.
#[derive(Clone)]
pub(super) struct Element {
    id: u32,
    content: Content,
    size: SizeKind,
}

#[derive(Clone)]
enum Content {
    Bytes(Vec<u8>),
    Elements(Vec<Element>),
}

/// How the size of an element is written.
#[derive(Clone, Copy)]
enum SizeKind {
    Shortest,
    /// In eight bytes.
    Long,
    Unknown,
    Wrong(u32),
}

const SEGMENT: u32 = 0x1853_8067;
const CLUSTER: u32 = 0x1F43_B675;
const SIMPLE_BLOCK: u32 = 0xA3;
const BLOCK: u32 = 0xA1;
const PRIVATE: u32 = 0x63A2;

/// Elements that contain elements: header, segment, information, tracks, entry, video, colour,
/// encodings, encoding, compression, cluster, block group.
const PARENTS: [u32; 12] = [
    0x1A45_DFA3,
    SEGMENT,
    0x1549_A966,
    0x1654_AE6B,
    0xAE,
    0xE0,
    0x55B0,
    0x6D80,
    0x6240,
    0x5034,
    CLUSTER,
    0xA0,
];

/// Elements that are read, or that end a cluster of unknown size.
const KINDS: [u32; 24] = [
    SEGMENT,
    CLUSTER,
    0x1549_A966,
    0x1654_AE6B,
    0xAE,
    0xD7,
    0x83,
    0xB9,
    0x0023_E383,
    0x86,
    PRIVATE,
    0x6D80,
    0xE7,
    SIMPLE_BLOCK,
    0xA0,
    BLOCK,
    0x002A_D7B1,
    0xEC,
    0xBF,
    0x75A1,
    0x1C53_BB6B,
    0x114D_9B74,
    0x1254_C367,
    0x1A45_DFA3,
];

/// Returns the elements of a file, or `None` if it is no EBML file.
pub(super) fn parse(bytes: &[u8]) -> Option<Vec<Element>> {
    bytes.starts_with(&[0x1A, 0x45, 0xDF, 0xA3]).then(|| parse_elements(bytes, 0))
}

fn parse_elements(mut rest: &[u8], depth: usize) -> Vec<Element> {
    let mut elements = Vec::new();
    while let Some((id, behind)) = marked(rest, 4, true) {
        let Some((length, body)) = marked(behind, 8, false) else { break };
        let width = behind.len() - body.len();
        let is_unknown = length == (1 << (7 * width)) - 1;
        let end = if is_unknown && u64::from(CLUSTER) == id {
            end_of_cluster(body)
        } else {
            usize::try_from(length).unwrap_or(usize::MAX).min(body.len())
        };
        let (body, behind) = body.split_at(end);
        rest = behind;
        let id = id as u32;
        let content = if PARENTS.contains(&id) && depth < 12 {
            Content::Elements(parse_elements(body, depth + 1))
        } else {
            Content::Bytes(body.to_vec())
        };
        let size = if is_unknown { SizeKind::Unknown } else { SizeKind::Shortest };
        elements.push(Element { id, content, size });
    }
    elements
}

fn end_of_cluster(body: &[u8]) -> usize {
    let starts = [CLUSTER.to_be_bytes(), 0x1C53_BB6B_u32.to_be_bytes()];
    body.windows(4).position(|bytes| starts.iter().any(|id| bytes == id)).unwrap_or(body.len())
}

/// Reads a number of up to `longest` bytes whose first set bit marks its length.
fn marked(bytes: &[u8], longest: usize, keeps_marker: bool) -> Option<(u64, &[u8])> {
    let width = bytes.first()?.leading_zeros() as usize + 1;
    let (number, rest) = bytes.split_at_checked(width).filter(|_| width <= longest)?;
    let value = number.iter().fold(0, |value, &byte| value << 8 | u64::from(byte));
    Some((if keeps_marker { value } else { value & ((1 << (7 * width)) - 1) }, rest))
}

pub(super) fn write(elements: &[Element]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for element in elements {
        let body = match &element.content {
            Content::Bytes(body) => body.clone(),
            Content::Elements(inner) => write(inner),
        };
        let id = element.id.to_be_bytes();
        bytes.extend(&id[id.iter().position(|&byte| byte > 0).unwrap_or(3)..]);
        match element.size {
            SizeKind::Shortest if body.len() < 0x7f => bytes.push(0x80 | body.len() as u8),
            SizeKind::Shortest => bytes.extend((0x1000_0000 | body.len() as u32).to_be_bytes()),
            SizeKind::Long => bytes.extend((1 << 56 | body.len() as u64).to_be_bytes()),
            SizeKind::Unknown => bytes.extend((0x01ff_ffff_ffff_ffff_u64).to_be_bytes()),
            SizeKind::Wrong(size) => bytes.extend((1 << 56 | u64::from(size)).to_be_bytes()),
        }
        bytes.extend(body);
    }
    bytes
}

/// Calls `act` with every element, from the outside to the inside.
fn each(elements: &mut [Element], act: &mut dyn FnMut(&mut Element)) {
    for element in elements {
        act(element);
        if let Content::Elements(inner) = &mut element.content {
            each(inner, act);
        }
    }
}

fn length(element: &Element) -> usize {
    match &element.content {
        Content::Bytes(body) => body.len() + 8,
        Content::Elements(inner) => inner.iter().map(length).sum::<usize>() + 8,
    }
}

/// Returns the frames of all blocks with one frame, and the configuration record.
pub(super) fn frames(elements: &mut [Element]) -> (Vec<Vec<u8>>, Vec<u8>) {
    let (mut frames, mut record) = (Vec::new(), Vec::new());
    each(elements, &mut |element| {
        if let (SIMPLE_BLOCK | BLOCK, Content::Bytes(body)) = (element.id, &element.content) {
            frames.extend(body.get(4..).map(<[u8]>::to_vec));
        }
        if let (PRIVATE, Content::Bytes(body)) = (element.id, &element.content) {
            record = body.clone();
        }
    });
    (frames, record)
}

/// Replaces the frames, in the first blocks or in new ones, and the configuration record.
pub(super) fn replace_frames(elements: &mut [Element], frames: &[Vec<u8>], record: &[u8]) {
    let mut left = frames.iter();
    let (mut count, mut seen) = (0, 0);
    let is_block = |element: &Element| matches!(element.id, SIMPLE_BLOCK | BLOCK);
    each(elements, &mut |element| {
        count += usize::from(is_block(element));
        if element.id == PRIVATE {
            element.content = Content::Bytes(record.to_vec());
        }
    });
    each(elements, &mut |element| {
        if is_block(element) {
            let header = block_header(element);
            element.content = left.next().map_or_else(
                || Content::Bytes(header.clone()),
                |frame| Content::Bytes([&header[..], frame].concat()),
            );
        }
        if let (CLUSTER, Content::Elements(inner)) = (element.id, &mut element.content) {
            seen += inner.iter().filter(|inner| is_block(inner)).count();
            // Frames that the file did not have blocks for.
            if seen == count && seen > 0 {
                let extra = frames.get(count..).unwrap_or_default();
                inner.extend(extra.iter().zip(1_u16..).map(|(frame, time)| {
                    let time = (time.wrapping_mul(40)).to_be_bytes();
                    let body = [&[0x81, time[0], time[1], 0][..], frame].concat();
                    let content = Content::Bytes(body);
                    Element { id: SIMPLE_BLOCK, content, size: SizeKind::Shortest }
                }));
                seen = 0;
            }
        }
    });
}

fn block_header(element: &Element) -> Vec<u8> {
    match &element.content {
        Content::Bytes(body) => body.get(..4).unwrap_or(&[0x81, 0, 0, 0]).to_vec(),
        Content::Elements(_) => vec![0x81, 0, 0, 0],
    }
}

/// Applies one change to the elements.
pub(super) fn change(elements: &mut Vec<Element>, donor: &[Element], numbers: &mut Rng) {
    let mut count = 0;
    each(elements, &mut |_| count += 1);
    let chosen = numbers.below(count);
    if numbers.one_in(3) {
        change_list(elements, donor, numbers);
        return;
    }
    let mut at = 0;
    each(elements, &mut |element| {
        if at == chosen {
            change_element(element, numbers);
        }
        at += 1;
    });
}

fn change_element(element: &mut Element, numbers: &mut Rng) {
    match numbers.below(10) {
        0 => element.size = SizeKind::Unknown,
        1 => element.size = SizeKind::Wrong(numbers.number()),
        2 => element.size = SizeKind::Long,
        3 => element.id = *numbers.pick(&KINDS).unwrap_or(&element.id),
        _ => {}
    }
    if let Content::Bytes(body) = &mut element.content {
        match (element.id, numbers.below(4)) {
            // The track, the time and the flags, which include the lacing.
            (SIMPLE_BLOCK | BLOCK, 0..3) => {
                let at = numbers.below(6);
                if let Some(byte) = body.get_mut(at) {
                    *byte = if numbers.one_in(2) { numbers.byte() } else { *byte ^ 2 };
                }
            }
            (_, 0) => *body = numbers.number().to_be_bytes().to_vec(),
            (_, 1) => *body = u64::from(numbers.number()).wrapping_sub(2).to_be_bytes().to_vec(),
            _ => edit_bytes(body, &[], numbers),
        }
    }
}

/// Edits the list of elements in one element, or in the file.
fn change_list(elements: &mut Vec<Element>, donor: &[Element], numbers: &mut Rng) {
    let mut count = 1;
    each(elements, &mut |it| count += usize::from(matches!(it.content, Content::Elements(_))));
    let chosen = numbers.below(count);
    if chosen == 0 {
        edit_list(elements, donor, length, numbers);
        return;
    }
    let mut at = 0;
    each(elements, &mut |element| {
        let id = element.id;
        if let Content::Elements(inner) = &mut element.content {
            at += 1;
            if at == chosen {
                let mut other = Vec::new();
                each(&mut donor.to_vec(), &mut |element| {
                    if let (true, Content::Elements(inner)) = (element.id == id, &element.content) {
                        other.clone_from(inner);
                    }
                });
                edit_list(inner, &other, length, numbers);
            }
        }
    });
}
