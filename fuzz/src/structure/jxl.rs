//! JPEG XL: the boxes of the container, and the bits of the codestream.

use super::boxes::{self, Node};
use super::edits::{BitOrder, edit_bits, edit_bytes};
use super::numbers::Rng;

const CONTAINER: &[u8] = b"\0\0\0\x0cJXL \r\n\x87\n";

pub(super) fn change(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    if !bytes.starts_with(CONTAINER) {
        return Some(match numbers.below(12) {
            0 => wrapped(bytes, numbers),
            1 | 2 => {
                let mut stream = bytes.to_vec();
                edit_bytes(&mut stream, donor, numbers);
                stream
            }
            _ => edited(bytes, numbers),
        });
    }
    let mut nodes = boxes::parse(bytes)?;
    let streams: Vec<usize> =
        (0..nodes.len()).filter(|&at| matches!(&nodes[at].kind, b"jxlc" | b"jxlp")).collect();
    if let (Some(&at), true) = (numbers.pick(&streams), numbers.one_in(2)) {
        let skipped = if &nodes[at].kind == b"jxlp" { 4 } else { 0 };
        let data = nodes[at].bytes_mut()?;
        let skipped = skipped.min(data.len());
        *data = [&data[..skipped], &edited(&data[skipped..], numbers)].concat();
    } else {
        let other = boxes::parse(donor).unwrap_or_default();
        boxes::change(&mut nodes, &other, numbers)?;
    }
    Some(boxes::write(&nodes))
}

/// Changes bits of the codestream behind its signature.
fn edited(stream: &[u8], numbers: &mut Rng) -> Vec<u8> {
    let head = stream.len().min(2);
    let mut changed = stream[..head].to_vec();
    changed.extend(edit_bits(&stream[head..], BitOrder::LowFirst, false, numbers));
    changed
}

/// Returns a container with the codestream in one box, or in many.
fn wrapped(stream: &[u8], numbers: &mut Rng) -> Vec<u8> {
    let mut nodes =
        boxes::parse(&[CONTAINER, b"\0\0\0\x14ftypjxl \0\0\0\0jxl "].concat()).unwrap_or_default();
    let length = stream.len().div_ceil(1 << numbers.below(12)).max(1);
    let count = stream.len().div_ceil(length);
    if count < 2 {
        nodes.push(Node::leaf(*b"jxlc", stream.to_vec()));
    }
    for (at, piece) in stream.chunks(length).enumerate().filter(|_| count > 1) {
        let last = if at + 1 == count { 1 << 31 } else { 0 };
        let number = (at as u32 | last).to_be_bytes();
        nodes.push(Node::leaf(*b"jxlp", [&number[..], piece].concat()));
    }
    boxes::write(&nodes)
}
