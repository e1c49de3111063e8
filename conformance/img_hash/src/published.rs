//! Compares ownprint with the hashes that blockhash-python publishes with its test images.

use std::path::Path;

use decoders::GenericImageView;
use ownprint_conformance::Raw;

use crate::ours::ours;

/// The number of blocks per side of the published hashes.
const BLOCKS: u32 = 16;

/// The images whose hash differs from the published one, with the number of bits. The median of a
/// band is the upper of the two middle values in img_hash, but their mean in blockhash-python. With
/// the other median, all six hashes are equal.
const KNOWN: [(&str, usize); 3] = [
    ("blockhash/puffy_white.png", 4),
    ("blockhash/Babylonian.png", 1),
    ("blockhash/00136101.jpg", 4),
];

/// Prints the distances. Returns an error if one differs from the known distance.
pub fn run(corpus: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let Ok(table) = std::fs::read_to_string(corpus.join("PUBLISHED_HASHES.tsv")) else {
        println!("OWNPRINT_CORPUS has no PUBLISHED_HASHES.tsv: its published hashes were skipped");
        return Ok(());
    };
    for row in table.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
        let [file, algorithm, hex, ..] = row.as_slice() else { continue };
        // The other method distributes pixels between blocks.
        if !algorithm.starts_with("blockhash bits=16 method=1") {
            continue;
        }
        let hash = &ours(&whole_blocks(&corpus.join(file))?, &[format!("blockhash:{BLOCKS}")])?[0];
        let bits = hash.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1));
        let published = hex.bytes().flat_map(|digit| {
            let digit = (digit as char).to_digit(16).unwrap_or_default();
            (0..4).rev().map(move |bit| digit >> bit & 1 == 1)
        });
        let distance = bits.zip(published).filter(|(ours, theirs)| ours != theirs).count();
        println!("| blockhash-python | {file} | {distance} of 256 bits differ |");
        let known =
            KNOWN.iter().find(|(known, _)| known == file).map_or(0, |(_, distance)| *distance);
        if distance != known {
            return Err(
                format!("{file} is {distance} bits from its published hash, not {known}").into()
            );
        }
    }
    Ok(())
}

/// Prepares an image like blockhash-python's quick method: crops it to whole blocks, and makes
/// transparent pixels white.
fn whole_blocks(path: &Path) -> Result<Raw, Box<dyn std::error::Error>> {
    let image = decoders::open(path)?;
    let (width, height) = (image.width() / BLOCKS * BLOCKS, image.height() / BLOCKS * BLOCKS);
    let pixels = image.view(0, 0, width, height).to_image();
    let rgb = pixels.pixels().flat_map(|pixel| {
        let [red, green, blue, alpha] = pixel.0;
        if alpha == 0 { [255; 3] } else { [red, green, blue] }
    });
    Ok(Raw { width, height, rgb: rgb.collect() })
}
