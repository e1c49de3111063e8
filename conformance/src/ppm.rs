//! Portable pixmaps (`P6`), an image format that every language can parse in a few lines.

use crate::Raw;

/// Returns the image as a `P6` file.
#[must_use]
pub fn write(raw: &Raw) -> Vec<u8> {
    let mut file = format!("P6\n{} {}\n255\n", raw.width, raw.height).into_bytes();
    file.extend_from_slice(&raw.rgb);
    file
}

/// Parses a file of [`write`](fn@write). Returns `None` for any other file.
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
