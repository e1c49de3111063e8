//! Writes PNG, GIF, BMP, TIFF and WebP files without compression.

#![allow(clippy::trivially_copy_pass_by_ref)]

/// Returns a PNG of stored (uncompressed) rows. `chunks` precede the pixels, `late` follow them.
pub fn png(
    (width, height): (u32, u32),
    (depth, colours): (u8, u8),
    rows: &[u8],
    chunks: &[(&[u8; 4], Vec<u8>)],
    late: &[(&[u8; 4], Vec<u8>)],
) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let header =
        [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colours, 0, 0, 0]].concat();
    file.extend(chunk(b"IHDR", &header));
    for (name, payload) in chunks {
        file.extend(chunk(name, payload));
    }
    let row = rows.len() / (height as usize).max(1);
    let filtered: Vec<u8> =
        rows.chunks(row.max(1)).flat_map(|row| [&[0][..], row].concat()).collect();
    file.extend(chunk(b"IDAT", &stored(&filtered)));
    for (name, payload) in late {
        file.extend(chunk(name, payload));
    }
    file.extend(chunk(b"IEND", &[]));
    file
}

fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 1];
    let count = data.len().div_ceil(65_535).max(1);
    for (index, part) in data.chunks(65_535).enumerate() {
        stream.push(u8::from(index + 1 == count));
        stream.extend((part.len() as u16).to_le_bytes());
        stream.extend((!(part.len() as u16)).to_le_bytes());
        stream.extend_from_slice(part);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in data {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

fn chunk(name: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let body = [&name[..], payload].concat();
    let sum = !body.iter().fold(!0_u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 }
        })
    });
    [&(payload.len() as u32).to_be_bytes()[..], &body, &sum.to_be_bytes()].concat()
}

/// A frame of a GIF: position, size, transparent index, and palette indices below 128.
pub struct GifFrame<'a> {
    pub place: (u16, u16),
    pub size: (u16, u16),
    pub transparent: Option<u8>,
    pub numbers: &'a [u8],
}

/// Returns a GIF with a global palette of 128 colours.
pub fn gif(
    (width, height): (u16, u16),
    palette: &[[u8; 3]; 128],
    frames: &[GifFrame<'_>],
) -> Vec<u8> {
    let mut file = b"GIF89a".to_vec();
    file.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
    file.extend([0x80 | 6, 0, 0]);
    file.extend(palette.as_flattened());
    for frame in frames {
        if let Some(number) = frame.transparent {
            file.extend([0x21, 0xf9, 4, 1, 0, 0, number, 0]);
        }
        file.push(0x2c);
        for number in [frame.place.0, frame.place.1, frame.size.0, frame.size.1] {
            file.extend(number.to_le_bytes());
        }
        file.extend([0, 7]);
        // Codes stay eight bits wide, because the table is cleared before it grows.
        for part in frame.numbers.chunks(100) {
            file.push(part.len() as u8 + 1);
            file.push(0x80);
            file.extend_from_slice(part);
        }
        file.extend([1, 0x81, 0]);
    }
    file.push(0x3b);
    file
}

/// Returns a BMP of 24 bits; a negative height means that the top row is first.
pub fn bmp(width: i32, height: i32, rows: &[u8]) -> Vec<u8> {
    let mut file = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    file.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
    file.extend([1, 0, 24, 0]);
    file.extend([0; 24]);
    file.extend_from_slice(rows);
    file
}

/// Returns a TIFF with one uncompressed strip for each plane. Tags are `(number, values)`, all of
/// 16 bits.
pub fn tiff(width: u16, height: u16, tags: &[(u16, &[u16])], planes: &[&[u8]]) -> Vec<u8> {
    let mut file = b"II*\0\0\0\0\0".to_vec();
    let starts: Vec<u16> = planes
        .iter()
        .map(|plane| {
            let start = file.len() as u16;
            file.extend_from_slice(plane);
            start
        })
        .collect();
    let lengths: Vec<u16> = planes.iter().map(|plane| plane.len() as u16).collect();
    let (width, height) = ([width], [height]);
    let mut all: Vec<(u16, &[u16])> =
        vec![(256, &width), (257, &height), (273, &starts), (279, &lengths), (278, &height)];
    all.extend_from_slice(tags);
    all.sort_by_key(|(tag, _)| *tag);
    let mut entries = (all.len() as u16).to_le_bytes().to_vec();
    for (tag, values) in all {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        entries.extend([tag.to_le_bytes(), 3_u16.to_le_bytes()].concat());
        entries.extend((values.len() as u32).to_le_bytes());
        if bytes.len() <= 4 {
            entries.extend([&bytes[..], &[0; 4]].concat().iter().take(4));
        } else {
            entries.extend((file.len() as u32).to_le_bytes());
            file.extend(bytes);
        }
    }
    let directory = (file.len() as u32).to_le_bytes();
    file[4..8].copy_from_slice(&directory);
    file.extend(entries);
    file.extend([0; 4]);
    file
}

/// Returns a chunk of a WebP file.
pub fn riff(name: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut bytes = [&name[..], &(payload.len() as u32).to_le_bytes(), payload].concat();
    if payload.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes
}

/// Returns a WebP file of these chunks.
pub fn webp(chunks: &[Vec<u8>]) -> Vec<u8> {
    riff(b"RIFF", &[b"WEBP".to_vec(), chunks.concat()].concat())
}

/// Returns a lossless WebP image of one colour with alpha. Every code has one symbol, so the pixels
/// take no bits.
pub fn lossless(width: u32, height: u32, [red, green, blue, alpha]: [u8; 4]) -> Vec<u8> {
    let mut bits = u128::from(width - 1) | u128::from(height - 1) << 14 | 1 << 28;
    let mut at = 32;
    let mut push = |value: u32, count: u32| {
        bits |= u128::from(value) << at;
        at += count;
    };
    // No transform, no colour cache, no meta prefix codes.
    push(0, 3);
    for symbol in [green, red, blue, alpha, 0] {
        // A simple code with one symbol of eight bits.
        push(1, 1);
        push(0, 1);
        push(1, 1);
        push(symbol.into(), 8);
    }
    let bytes = bits.to_le_bytes();
    riff(b"VP8L", &[&[0x2f][..], &bytes[..13]].concat())
}
