//! The samples of a fragmented MP4 file (ISO/IEC 14496-12, 8.8).

use super::boxes::{Content, Node, find};

const DATA_OFFSET: u32 = 1;
const SIZES: u32 = 0x200;
const BASE_OFFSET: u32 = 1;

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.first_chunk().map(|word| u32::from_be_bytes(*word))
}

/// Returns the samples of all fragments with one run; `None` if there are none.
pub(super) fn read(nodes: &[Node]) -> Option<Vec<Vec<u8>>> {
    let mut frames = Vec::new();
    for [fragment, data] in nodes.array_windows() {
        let (b"moof", b"mdat") = (&fragment.kind, &data.kind) else { continue };
        let mut rest = data.bytes()?;
        for size in sizes(fragment)? {
            let (frame, behind) = rest.split_at_checked(size as usize)?;
            frames.push(frame.to_vec());
            rest = behind;
        }
    }
    (!frames.is_empty()).then_some(frames)
}

fn sizes(fragment: &Node) -> Option<Vec<u32>> {
    let mut fragment = [fragment.clone()];
    let default = find(&mut fragment, *b"tfhd").and_then(|node| {
        let bytes = node.bytes()?;
        let present = word(bytes, 0)?;
        let before = [(1, 8), (2, 4), (8, 4)];
        let skipped: usize =
            before.iter().filter(|(flag, _)| present & flag > 0).map(|(_, width)| width).sum();
        if present & 0x10 > 0 { word(bytes, 8 + skipped) } else { None }
    });
    let run = find(&mut fragment, *b"trun")?.bytes()?;
    let (present, count) = (word(run, 0)?, word(run, 4)?);
    let head = 8 + 4 * usize::from(present & 1 > 0) + 4 * usize::from(present & 4 > 0);
    let width = 4 * (present >> 8 & 15).count_ones() as usize;
    let before = 4 * usize::from(present & 0x100 > 0);
    (0..count.min(1 << 16) as usize)
        .map(|at| if present & SIZES > 0 { word(run, head + width * at + before) } else { default })
        .collect()
}

/// Writes the samples into the first fragment and the last into a second one, if the file has
/// fragments.
pub(super) fn write(nodes: &mut Vec<Node>, frames: &[Vec<u8>]) -> bool {
    let is_data = |node: &Node| matches!(&node.kind, b"moof" | b"mdat" | b"mfra" | b"sidx");
    let Some(fragment) = nodes.iter().find(|node| &node.kind == b"moof").cloned() else {
        return false;
    };
    nodes.retain(|node| !is_data(node));
    for frames in [frames.split_at(frames.len() * 3 / 4).0, frames.split_at(frames.len() * 3 / 4).1]
    {
        nodes.extend(pair(&fragment, frames));
    }
    true
}

/// Returns a fragment and its data.
fn pair(fragment: &Node, frames: &[Vec<u8>]) -> Vec<Node> {
    let mut fragment = [fragment.clone()];
    if let Some(header) = find(&mut fragment, *b"tfhd").and_then(|node| node.bytes_mut()) {
        let present = word(header, 0).unwrap_or_default();
        if present & BASE_OFFSET > 0 && header.len() >= 16 {
            header.drain(8..16);
            header[..4].copy_from_slice(&(present & !BASE_OFFSET).to_be_bytes());
        }
    }
    // The time of a fragment is that of its predecessor's end.
    if let Some(track) = find(&mut fragment, *b"traf")
        && let Content::Boxes(_, boxes) = &mut track.content
    {
        boxes.retain(|node| &node.kind != b"tfdt");
    }
    let words = |offset: u32| -> Vec<u8> {
        let sizes = frames.iter().map(|frame| frame.len() as u32);
        let head = [DATA_OFFSET | SIZES, frames.len() as u32, offset];
        head.into_iter().chain(sizes).flat_map(u32::to_be_bytes).collect()
    };
    for _ in 0..2 {
        let offset = super::boxes::write(&fragment).len() as u32 + 8;
        if let Some(run) = find(&mut fragment, *b"trun").and_then(|node| node.bytes_mut()) {
            *run = words(offset);
        }
    }
    let [fragment] = fragment;
    vec![fragment, Node::leaf(*b"mdat", frames.concat())]
}
