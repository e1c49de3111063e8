//! Portable pixmaps (`P6`): an image format that any language reads in five lines.

use crate::Raw;

/// The image as a file.
#[must_use]
pub fn write(raw: &Raw) -> Vec<u8> {
    let mut file = format!("P6\n{} {}\n255\n", raw.width, raw.height).into_bytes();
    file.extend_from_slice(&raw.rgb);
    file
}

/// A file as [`write`](fn@write) writes it; `None` for anything else.
#[must_use]
pub fn read(file: &[u8]) -> Option<Raw> {
    let mut lines = file.splitn(4, |byte| *byte == b'\n');
    let (magic, size, range, rgb) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
    let (width, height) = std::str::from_utf8(size).ok()?.split_once(' ')?;
    let (width, height) = (width.parse().ok()?, height.parse().ok()?);
    let is_whole = rgb.len() as u64 == u64::from(width) * u64::from(height) * 3;
    (magic == b"P6" && range == b"255" && is_whole).then(|| Raw {
        width,
        height,
        rgb: rgb.to_vec(),
    })
}
