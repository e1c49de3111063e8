//! The samples of a video track, and their tables.

use super::boxes::{self, Content, Node, find};
use super::numbers::{MOST_BYTES, Rng};

/// Reads the big-endian words of a table behind `skipped` bytes.
fn words(nodes: &mut [Node], kind: [u8; 4], skipped: usize) -> Option<Vec<u32>> {
    let bytes = find(nodes, kind)?.bytes()?.get(skipped..)?;
    Some(bytes.as_chunks::<4>().0.iter().map(|word| u32::from_be_bytes(*word)).collect())
}

/// Returns the samples of the first track whose tables are complete.
pub(super) fn read(nodes: &mut [Node], file: &[u8]) -> Option<Vec<Vec<u8>>> {
    let sizes = words(nodes, *b"stsz", 4)?;
    let (&[fixed, count], sizes) = sizes.split_first_chunk::<2>()?;
    let offsets = words(nodes, *b"stco", 8)?;
    let runs = words(nodes, *b"stsc", 8)?;
    let runs = runs.as_chunks::<3>().0;
    let mut samples = Vec::new();
    let mut total = 0;
    for (chunk, offset) in offsets.iter().enumerate() {
        let run = runs.iter().take_while(|run| run[0] as usize <= chunk + 1).last()?;
        let mut start = *offset as usize;
        for _ in 0..run[1] {
            let at = samples.len();
            if at >= count as usize || at > 1 << 16 {
                break;
            }
            let size = if fixed > 0 { fixed } else { *sizes.get(at)? } as usize;
            total += size;
            if total > MOST_BYTES {
                return None;
            }
            samples.push(file.get(start..start.checked_add(size)?)?.to_vec());
            start += size;
        }
    }
    Some(samples)
}

/// Writes the samples into a new box `mdat` at the end, each in a chunk of its own, and their
/// tables.
pub(super) fn write(nodes: &mut Vec<Node>, samples: &[Vec<u8>], numbers: &mut Rng) -> Option<()> {
    let count = samples.len() as u32;
    let table = |entries: &[u32]| -> Vec<u8> {
        [0].iter().chain(entries).flat_map(|word| word.to_be_bytes()).collect()
    };
    let sizes: Vec<u32> = samples.iter().map(|sample| sample.len() as u32).collect();
    *find(nodes, *b"stsz")?.bytes_mut()? = table(&[&[0, count][..], &sizes].concat());
    *find(nodes, *b"stsc")?.bytes_mut()? = table(&[1, 1, 1, 1]);
    if !numbers.one_in(12) {
        // The time of a sample stays.
        let times = find(nodes, *b"stts")?.bytes_mut()?;
        let time = times.get(12..16).and_then(|time| time.first_chunk()).copied();
        *times = table(&[1, count, u32::from_be_bytes(time.unwrap_or([0, 0, 2, 0]))]);
        remove(nodes, *b"ctts");
        remove(nodes, *b"stss");
        remove(nodes, *b"edts");
    }
    *find(nodes, *b"stco")?.bytes_mut()? = table(&vec![0; samples.len() + 1]);
    nodes.retain(|node| &node.kind != b"mdat");
    let mut at = boxes::write(nodes).len() as u32 + 8;
    let mut offsets = vec![count];
    for size in &sizes {
        offsets.push(at);
        at = at.wrapping_add(*size);
    }
    *find(nodes, *b"stco")?.bytes_mut()? = table(&offsets);
    nodes.push(Node::leaf(*b"mdat", samples.concat()));
    Some(())
}

fn remove(nodes: &mut [Node], kind: [u8; 4]) {
    boxes::each(nodes, &mut |node| {
        if let Content::Boxes(_, boxes) = &mut node.content {
            boxes.retain(|node| node.kind != kind);
        }
    });
}

/// Adds a number to all offsets of chunks.
pub(super) fn shift(nodes: &mut [Node], by: u32) {
    boxes::each(nodes, &mut |node| {
        if &node.kind == b"stco"
            && let Some(offsets) = node.bytes_mut().and_then(|bytes| bytes.get_mut(8..))
        {
            for offset in offsets.as_chunks_mut::<4>().0 {
                *offset = u32::from_be_bytes(*offset).wrapping_add(by).to_be_bytes();
            }
        }
    });
}
