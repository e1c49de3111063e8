//! PNG: chunks with checksums, and the compressed rows.

use super::edits::{edit_bytes, edit_list};
use super::numbers::{MOST_BYTES, Rng};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

#[derive(Clone)]
struct Chunk {
    kind: [u8; 4],
    data: Vec<u8>,
}

pub(super) fn change(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    let mut chunks = parse(bytes)?;
    let other = parse(donor).unwrap_or_default();
    match numbers.below(8) {
        0 | 1 => edit_list(&mut chunks, &other, |chunk| chunk.data.len() + 12, numbers),
        2 | 3 => change_header(&mut chunks, numbers)?,
        4 => change_rows(&mut chunks, numbers)?,
        5 => cut(&mut chunks, numbers)?,
        6 => {
            let at = numbers.below(chunks.len() + 1);
            chunks.insert(at, ancillary(numbers));
        }
        _ => {
            let donor = numbers.pick(&other).map_or(&[][..], |chunk| &chunk.data);
            let at = numbers.below(chunks.len());
            edit_bytes(&mut chunks.get_mut(at)?.data, donor, numbers);
        }
    }
    Some(write(&chunks, numbers))
}

/// Splits a file into its chunks. The last is cut to the length of the file.
fn parse(bytes: &[u8]) -> Option<Vec<Chunk>> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let mut chunks = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let Some((kind, behind)) = behind.split_first_chunk::<4>() else { break };
        let length = (u32::from_be_bytes(*length) as usize).min(behind.len());
        chunks.push(Chunk { kind: *kind, data: behind[..length].to_vec() });
        rest = behind.get(length + 4..).unwrap_or_default();
    }
    Some(chunks)
}

fn write(chunks: &[Chunk], numbers: &mut Rng) -> Vec<u8> {
    let wrong = numbers.one_in(12).then(|| numbers.below(chunks.len()));
    let wrong_sum = numbers.one_in(24).then(|| numbers.below(chunks.len()));
    let mut bytes = SIGNATURE.to_vec();
    for (at, Chunk { kind, data }) in chunks.iter().enumerate() {
        let length = if wrong == Some(at) { numbers.number() } else { data.len() as u32 };
        bytes.extend(length.to_be_bytes());
        let start = bytes.len();
        bytes.extend(kind);
        bytes.extend(data);
        let sum = if wrong_sum == Some(at) { 0 } else { crc(&bytes[start..]) };
        bytes.extend(sum.to_be_bytes());
    }
    bytes
}

/// Changes the dimensions, the depth, the colour type or the interlacing.
fn change_header(chunks: &mut [Chunk], numbers: &mut Rng) -> Option<()> {
    let header = chunks.iter_mut().find(|chunk| &chunk.kind == b"IHDR")?;
    header.data.resize(13, 0);
    match numbers.below(4) {
        0 => header.data[..4].copy_from_slice(&numbers.side().to_be_bytes()),
        1 => header.data[4..8].copy_from_slice(&numbers.side().to_be_bytes()),
        2 => header.data[8] = *numbers.pick(&[1, 2, 4, 8, 16, 0, 32])?,
        _ => header.data[9] = *numbers.pick(&[0, 2, 3, 4, 6, 1, 255])?,
    }
    if numbers.one_in(4) {
        header.data[12] ^= 1;
    }
    Some(())
}

/// Compresses other rows: changed ones, or as many zeros as a large image has.
fn change_rows(chunks: &mut Vec<Chunk>, numbers: &mut Rng) -> Option<()> {
    let first = chunks.iter().position(|chunk| &chunk.kind == b"IDAT")?;
    let stream: Vec<u8> = chunks
        .iter()
        .filter(|chunk| &chunk.kind == b"IDAT")
        .flat_map(|chunk| chunk.data.iter().copied())
        .collect();
    let mut rows = fdeflate::decompress_to_vec_bounded(&stream, 1 << 22).unwrap_or_default();
    match numbers.below(4) {
        0 => rows = vec![numbers.byte() & 7; numbers.repeats(1) * numbers.repeats(1)],
        1 => rows.extend(vec![0; numbers.below(MOST_BYTES)]),
        _ => edit_bytes(&mut rows, &stream, numbers),
    }
    rows.truncate(4 * MOST_BYTES);
    chunks.retain(|chunk| &chunk.kind != b"IDAT");
    let data = fdeflate::compress_to_vec(&rows);
    chunks.insert(first, Chunk { kind: *b"IDAT", data });
    Some(())
}

/// Cuts the data of one chunk into many chunks of the same kind.
fn cut(chunks: &mut Vec<Chunk>, numbers: &mut Rng) -> Option<()> {
    let at = numbers.below(chunks.len());
    let chunk = chunks.get(at)?.clone();
    let length = 1 + numbers.below(chunk.data.len().min(64));
    let pieces: Vec<Chunk> = chunk
        .data
        .chunks(length)
        .map(|piece| Chunk { kind: chunk.kind, data: piece.to_vec() })
        .collect();
    chunks.splice(at..=at, pieces);
    Some(())
}

/// Returns a chunk that a decoder may unpack or count: texts, profiles, frames.
fn ancillary(numbers: &mut Rng) -> Chunk {
    let zeros = vec![0; numbers.repeats(1) * numbers.repeats(1)];
    let zeros = &zeros[..zeros.len().min(4 * MOST_BYTES)];
    let packed = fdeflate::compress_to_vec(zeros);
    let word = |number: u32| number.to_be_bytes();
    let (kind, data): (&[u8; 4], Vec<u8>) = match numbers.below(8) {
        0 => (b"iCCP", [b"x\0\0", &packed[..]].concat()),
        1 => (b"zTXt", [b"Raw profile type exif\0\0", &packed[..]].concat()),
        2 => (b"iTXt", [b"XML:com.adobe.xmp\0\x01\0\0\0", &packed[..]].concat()),
        3 => (b"acTL", [word(numbers.number()), word(0)].concat()),
        4 => {
            let sides = [0, numbers.side(), numbers.side(), numbers.number(), 0].map(word);
            (b"fcTL", [sides.concat(), vec![0; 6]].concat())
        }
        5 => (b"PLTE", vec![7; 3 * numbers.below(300)]),
        6 => (b"tRNS", vec![7; numbers.below(300)]),
        _ => (b"eXIf", [b"MM\0*\0\0\0\x08", &zeros[..zeros.len().min(4096)]].concat()),
    };
    Chunk { kind: *kind, data }
}

/// The remainders of all bytes.
const REMAINDERS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
};

fn crc(bytes: &[u8]) -> u32 {
    let add = |sum: u32, byte: &u8| (sum >> 8) ^ REMAINDERS[(sum as u8 ^ byte) as usize];
    !bytes.iter().fold(u32::MAX, add)
}
