//! WebP: RIFF chunks, and the headers of their bit streams.

use super::edits::{BitOrder, edit_bits, edit_bytes, edit_list};
use super::numbers::Rng;

#[derive(Clone)]
struct Chunk {
    kind: [u8; 4],
    data: Vec<u8>,
}

pub(super) fn change(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    let mut chunks = parse(body(bytes)?);
    let other = body(donor).map(parse).unwrap_or_default();
    change_chunks(&mut chunks, &other, numbers)?;
    let body = write(&chunks, numbers);
    let length = if numbers.one_in(16) { numbers.number() } else { body.len() as u32 + 4 };
    Some([b"RIFF", &length.to_le_bytes()[..], b"WEBP", &body].concat())
}

fn body(bytes: &[u8]) -> Option<&[u8]> {
    (bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP").then(|| &bytes[12..])
}

fn change_chunks(chunks: &mut Vec<Chunk>, other: &[Chunk], numbers: &mut Rng) -> Option<()> {
    let at = numbers.below(chunks.len());
    match numbers.below(8) {
        0 | 1 => edit_list(chunks, other, |chunk| chunk.data.len() + 8, numbers),
        2 => {
            let at = numbers.below(chunks.len() + 1);
            chunks.insert(at, inserted(chunks, numbers));
        }
        _ => {
            let donor = numbers.pick(other).map_or(&[][..], |chunk| &chunk.data);
            let chunk = chunks.get_mut(at)?;
            change_data(chunk, donor, other, numbers)?;
        }
    }
    Some(())
}

/// Changes a field of the chunk, or bits of its stream.
fn change_data(chunk: &mut Chunk, donor: &[u8], other: &[Chunk], numbers: &mut Rng) -> Option<()> {
    let data = &mut chunk.data;
    let side = numbers.side();
    match (&chunk.kind, numbers.below(4)) {
        // The flags, then the width and the height of the canvas, minus one, in three bytes each.
        (b"VP8X", 0) => *data.first_mut()? = numbers.byte() & 0x3e,
        (b"VP8X", 1..) => {
            let at = 4 + 3 * numbers.below(2);
            data.get_mut(at..at + 3)?.copy_from_slice(&side.to_le_bytes()[..3]);
        }
        // Position and dimensions of a frame, then its chunks.
        (b"ANMF", 0) => {
            let at = 3 * numbers.below(4);
            data.get_mut(at..at + 3)?.copy_from_slice(&side.to_le_bytes()[..3]);
        }
        (b"ANMF", 1..) if data.len() > 16 => {
            let mut inner = parse(&data[16..]);
            change_chunks(&mut inner, other, numbers)?;
            data.truncate(16);
            data.extend(write(&inner, numbers));
        }
        (b"ALPH", 0) => *data.first_mut()? = numbers.byte() & 0x3f,
        (b"ALPH", 1 | 2) if !data.is_empty() => {
            *data =
                [&data[..1], &edit_bits(&data[1..], BitOrder::LowFirst, false, numbers)].concat();
        }
        (b"VP8L", 0) => {
            // Fourteen bits each.
            let sides =
                (side.wrapping_sub(1) & 0x3fff) | ((numbers.side().wrapping_sub(1) & 0x3fff) << 14);
            data.get_mut(1..5)?.copy_from_slice(&sides.to_le_bytes());
        }
        (b"VP8L", 1 | 2) if data.len() > 5 => {
            *data =
                [&data[..5], &edit_bits(&data[5..], BitOrder::LowFirst, false, numbers)].concat();
        }
        (b"VP8 ", 0) => {
            let at = 6 + 2 * numbers.below(2);
            data.get_mut(at..at + 2)?.copy_from_slice(&(side as u16 & 0x3fff).to_le_bytes());
        }
        (b"VP8 ", 1) if data.len() > 10 => {
            *data = [&data[..10], &edit_bits(&data[10..], BitOrder::HighFirst, false, numbers)]
                .concat();
        }
        _ => edit_bytes(data, donor, numbers),
    }
    Some(())
}

/// Returns a chunk that turns the file into an extended one, or that wraps another.
fn inserted(chunks: &[Chunk], numbers: &mut Rng) -> Chunk {
    let sides = [numbers.side(), numbers.side()].map(u32::to_le_bytes);
    let frame = [&[0; 6][..], &sides[0][..3], &sides[1][..3], &[0; 4]].concat();
    let filled = vec![0; numbers.repeats(1)];
    let (kind, data): (&[u8; 4], Vec<u8>) = match numbers.below(6) {
        0 => (
            b"VP8X",
            [&[numbers.byte() & 0x3e, 0, 0, 0][..], &sides[0][..3], &sides[1][..3]].concat(),
        ),
        1 => (b"ALPH", [&[numbers.byte() & 0x3f][..], &filled].concat()),
        2 => (b"ANMF", [frame, write(chunks, numbers)].concat()),
        3 => (b"EXIF", [&b"MM\0*\0\0\0\x08"[..], &filled].concat()),
        4 => (b"ICCP", filled),
        _ => (b"XXXX", filled),
    };
    Chunk { kind: *kind, data }
}

fn parse(mut rest: &[u8]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    while let Some((kind, behind)) = rest.split_first_chunk::<4>() {
        let Some((length, behind)) = behind.split_first_chunk::<4>() else { break };
        let length = (u32::from_le_bytes(*length) as usize).min(behind.len());
        chunks.push(Chunk { kind: *kind, data: behind[..length].to_vec() });
        rest = behind.get(length + length % 2..).unwrap_or_default();
    }
    chunks
}

fn write(chunks: &[Chunk], numbers: &mut Rng) -> Vec<u8> {
    let wrong = numbers.one_in(16).then(|| numbers.below(chunks.len()));
    let mut bytes = Vec::new();
    for (at, Chunk { kind, data }) in chunks.iter().enumerate() {
        let length = if wrong == Some(at) { numbers.number() } else { data.len() as u32 };
        bytes.extend(kind);
        bytes.extend(length.to_le_bytes());
        bytes.extend(data);
        bytes.resize(bytes.len() + data.len() % 2, 0);
    }
    bytes
}
