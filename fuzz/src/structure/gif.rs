//! GIF: blocks, frames and their sub-blocks of LZW codes.

use super::edits::{edit_bytes, edit_list};
use super::numbers::{MOST_BYTES, Rng};

/// An extension or a frame: the bytes before its sub-blocks, and the joined sub-blocks.
#[derive(Clone)]
struct Block {
    head: Vec<u8>,
    data: Vec<u8>,
    /// The length of the sub-blocks; 255 in encoders.
    piece: usize,
}

struct File {
    /// The signature, the logical screen and the global colour table.
    head: Vec<u8>,
    blocks: Vec<Block>,
}

const FRAME: u8 = 0x2c;

pub(super) fn change(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    let mut file = parse(bytes)?;
    let other = parse(donor).map(|file| file.blocks).unwrap_or_default();
    let side = (numbers.side() as u16).to_le_bytes();
    match numbers.below(8) {
        0 | 1 => {
            let length = |block: &Block| block.head.len() + block.data.len() + 2;
            edit_list(&mut file.blocks, &other, length, numbers);
        }
        2 => {
            let at = 6 + 2 * numbers.below(2);
            file.head.get_mut(at..at + 2)?.copy_from_slice(&side);
        }
        3 | 4 => {
            let frame = frame(&mut file.blocks, numbers)?;
            let at = 1 + 2 * numbers.below(4);
            frame.head.get_mut(at..at + 2)?.copy_from_slice(&side);
        }
        5 => {
            let frame = frame(&mut file.blocks, numbers)?;
            match numbers.below(3) {
                // The size of the first LZW codes.
                0 => *frame.head.last_mut()? = *numbers.pick(&[0, 1, 2, 8, 11, 12, 255])?,
                1 => frame.head[9] ^= 0x40,
                _ => {
                    // A colour table of the frame.
                    let code = frame.head.pop()?;
                    frame.head[9] |= 0x87;
                    frame.head.extend([5; 768]);
                    frame.head.push(code);
                }
            }
        }
        6 => {
            let at = numbers.below(file.blocks.len());
            let block = file.blocks.get_mut(at)?;
            if numbers.one_in(2) {
                block.piece = 1 + numbers.below(255);
            } else {
                // Codes that mean the longest string, or that clear the table.
                let filled = [numbers.byte(), numbers.byte(), numbers.byte()];
                block.data = filled.repeat(numbers.repeats(3));
            }
        }
        _ => {
            let at = numbers.below(file.blocks.len());
            let donor = numbers.pick(&other).map_or(&[][..], |block| &block.data);
            let block = file.blocks.get_mut(at)?;
            let part = if numbers.one_in(3) { &mut block.head } else { &mut block.data };
            edit_bytes(part, donor, numbers);
        }
    }
    Some(write(&file))
}

fn frame<'a>(blocks: &'a mut [Block], numbers: &mut Rng) -> Option<&'a mut Block> {
    let frames: Vec<usize> = (0..blocks.len())
        .filter(|&at| blocks[at].head.first() == Some(&FRAME) && blocks[at].head.len() > 10)
        .collect();
    blocks.get_mut(*numbers.pick(&frames)?)
}

/// Returns the length of the colour table that these flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn parse(bytes: &[u8]) -> Option<File> {
    if !bytes.starts_with(b"GIF8") {
        return None;
    }
    let mut at = 13 + table(*bytes.get(10)?);
    let head = bytes.get(..at)?.to_vec();
    let mut blocks = Vec::new();
    while let Some(kind) = bytes.get(at) {
        let length = match kind {
            0x21 => 2,
            &FRAME => match bytes.get(at + 9) {
                Some(flags) => 10 + table(*flags) + 1,
                None => break,
            },
            _ => break,
        };
        let Some(head) = bytes.get(at..at + length) else { break };
        at += length;
        let mut data = Vec::new();
        while let Some(count) = bytes.get(at).map(|count| usize::from(*count)) {
            at += 1;
            if count == 0 {
                break;
            }
            data.extend_from_slice(&bytes[at.min(bytes.len())..(at + count).min(bytes.len())]);
            at += count;
        }
        blocks.push(Block { head: head.to_vec(), data, piece: 255 });
    }
    Some(File { head, blocks })
}

fn write(file: &File) -> Vec<u8> {
    let mut bytes = file.head.clone();
    for block in &file.blocks {
        bytes.extend(&block.head);
        for piece in block.data.chunks(block.piece) {
            bytes.push(piece.len() as u8);
            bytes.extend(piece);
        }
        bytes.push(0);
        if bytes.len() > MOST_BYTES {
            break;
        }
    }
    bytes.push(0x3b);
    bytes
}
