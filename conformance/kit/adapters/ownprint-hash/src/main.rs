//! The crate ownprint-hash on its own, for pixmaps (`--input ppm`). The suite `kit` builds it from
//! copies of the crates, once with a defect.

use std::error::Error;
use std::io::stdin;

use ownprint_hash::{HashAlgorithm, ImageHasher};
use ownprint_pixels::{BLOCK_ROWS, Size};

fn main() -> Result<(), Box<dyn Error>> {
    for path in stdin().lines() {
        println!("{}", pdq(&std::fs::read(path?)?)?);
    }
    Ok(())
}

/// Returns the hash and the quality of a pixmap with a header of three lines.
fn pdq(file: &[u8]) -> Result<String, Box<dyn Error>> {
    let mut lines = file.splitn(4, |byte| *byte == b'\n').skip(1);
    let size = std::str::from_utf8(lines.next().unwrap_or_default())?;
    let (width, height) = size.split_once(' ').ok_or("not a pixmap")?;
    let (width, height) = (width.parse()?, height.parse()?);
    let rgb = lines.nth(1).ok_or("not a pixmap")?;
    let mut hasher = ImageHasher::new(&[HashAlgorithm::PDQ], None, false, Size { width, height });
    let rows: Vec<&[u8]> = rgb.chunks_exact(width as usize * 3).collect();
    for block in rows.chunks(BLOCK_ROWS) {
        let _ = hasher.update(block);
    }
    let found = hasher.finalize().hashes.pop().ok_or("no hash")?;
    let hash = found.values.first().ok_or("no hash")?;
    Ok(format!("{hash},{}", found.quality.map_or(0, |quality| quality.value())))
}
