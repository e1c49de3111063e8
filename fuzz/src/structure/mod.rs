//! Changes the structure of valid files.
//!
//! libFuzzer changes bytes, and most of its changes end at the first check of a parser. This module
//! splits a file into its segments, edits their list or one of their fields, and writes the file
//! again with correct lengths, checksums and offsets. So the file reaches the code behind the
//! parser, with more or larger segments than an encoder writes.

mod bitmaps;
mod boxes;
mod codecs;
mod ebml;
mod edits;
mod fragments;
mod gif;
mod heif;
mod hevc;
mod items;
mod jpeg;
mod jxl;
mod numbers;
mod obu;
mod png;
mod samples;
mod tiff;
mod units;
mod video;
mod webp;

pub use numbers::{MOST_BYTES, Rng};
pub use video::format_of_video;

/// Applies one change to a file of a format. `donor` is another file. Returns `None` if the file
/// has no such structure.
type Change = fn(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>>;

/// The formats, by the names that [`changed`] takes, and their changes.
pub const FORMATS: &[(&str, Change)] = &[
    ("jpeg", jpeg::change),
    ("png", png::change),
    ("gif", gif::change),
    ("webp", webp::change),
    ("bmp", bitmaps::change_bmp),
    ("tiff", tiff::change),
    ("pnm", bitmaps::change_pnm),
    ("heic", heif::change),
    ("avif", heif::change),
    ("jxl", jxl::change),
    ("video", video::change_h264),
    ("hevc", video::change_hevc),
    ("vp9", video::change_vp9),
    ("vp8", video::change_vp8),
    ("av1", video::change_av1),
];

/// The length from which a file is not changed further.
const LONG: usize = 300_000;

/// Returns a file of `seeds` with one to six changes.
///
/// # Panics
/// If no format has this name.
pub fn changed(format: &str, seeds: &[Vec<u8>], numbers: &mut Rng) -> Vec<u8> {
    let (_, change) =
        FORMATS.iter().find(|(name, _)| *name == format).expect("the name of a format");
    let mut bytes = numbers.pick(seeds).cloned().unwrap_or_default();
    for _ in 0..=numbers.below(6) {
        let donor = numbers.pick(seeds).map_or(&[][..], Vec::as_slice);
        let restructured = if numbers.one_in(8) { None } else { change(&bytes, donor, numbers) };
        match restructured {
            Some(file) => bytes = file,
            None => edits::edit_bytes(&mut bytes, donor, numbers),
        }
        // Further changes of a long file would take longer than to open it.
        if bytes.len() > LONG {
            bytes.truncate(MOST_BYTES);
            break;
        }
    }
    bytes
}
