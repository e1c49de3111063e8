//! What a container's tables come to, counted before the parser takes memory for them and goes through them.
//!
//! The parser looks for each item among all places and all associations, and finds an item by going through all of them; a position whose
//! numbers have no bytes costs the file nothing, and the parser 24 bytes. So there are bounds, far above what cameras write.

use heifer_isobmff::BoxIter;

use crate::error::Error;
use ownprint_pixels::Format;

/// Items, tiles of a grid, and entries of the tables about them: 200 megapixels in tiles of 512x512 are 768. Tiles of AV1 take 80 µs each
/// whatever is in them, 1,936 of them 0.15 s (`docs/limits.md`).
pub(super) const MOST_ITEMS: u64 = 2048;
/// Pieces of all items together.
const MOST_PIECES: u64 = 65_536;
/// What an association can name.
const MOST_PROPERTIES: u64 = 32_767;
/// Bytes of one property but a colour profile; a decoder is given it before each tile.
const LONGEST_PROPERTY: u64 = 16_384;

/// The boxes of a file, before any is trusted.
#[derive(Default)]
pub(super) struct Outline {
    /// Where the last complete box ends.
    pub(super) end: usize,
    pub(super) has_meta: bool,
    pub(super) has_video: bool,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    items: u64,
    places: u64,
    pieces: u64,
    associations: u64,
    references: u64,
    properties: u64,
    longest_property: u64,
}

impl Outline {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut outline = Self::default();
        for found in boxes(bytes) {
            outline.end = found.end;
            match &found.kind {
                b"moov" => outline.has_video = true,
                b"meta" => {
                    outline.has_meta = true;
                    outline.counts = Counts::of(found.body.get(4..).unwrap_or_default());
                }
                _ => {}
            }
        }
        outline
    }

    /// Whether the parser may be given the file.
    pub(super) fn check(&self, format: Format) -> Result<(), Error> {
        let counts = &self.counts;
        for (count, most, what) in [
            (counts.items, MOST_ITEMS, "items"),
            (counts.places, MOST_ITEMS, "places of items"),
            (counts.pieces, MOST_PIECES, "pieces of items"),
            (counts.associations, MOST_ITEMS, "items with properties"),
            (counts.references, MOST_ITEMS, "references"),
            (counts.properties, MOST_PROPERTIES, "properties"),
            (counts.longest_property, LONGEST_PROPERTY, "bytes of a property"),
        ] {
            if count > most {
                let detail = format!("{count} {what}, more than {most}");
                return Err(Error::UnsupportedFeature { format, detail });
            }
        }
        Ok(())
    }
}

impl Counts {
    fn of(meta: &[u8]) -> Self {
        let mut counts = Self::default();
        for found in boxes(meta) {
            match &found.kind {
                b"iinf" => {
                    // A version, and the number of items in two bytes or in four.
                    let wide = found.body.first().is_some_and(|version| *version > 0);
                    let infos = found.body.get(if wide { 8 } else { 6 }..).unwrap_or_default();
                    counts.items += boxes(infos).count() as u64;
                }
                b"iloc" => counts.add_places(found.body),
                b"iref" => {
                    counts.references += boxes(found.body.get(4..).unwrap_or_default()).count() as u64;
                }
                b"iprp" => boxes(found.body).for_each(|found| match &found.kind {
                    b"ipco" => boxes(found.body).for_each(|property| counts.add_property(&property)),
                    b"ipma" => counts.associations += number(found.body, 4, 4).unwrap_or_default(),
                    _ => {}
                }),
                _ => {}
            }
        }
        counts
    }

    fn add_property(&mut self, property: &Found<'_>) {
        self.properties += 1;
        if property.kind != *b"colr" {
            self.longest_property = self.longest_property.max(property.body.len() as u64);
        }
    }

    /// Counts the entries of `iloc` (ISO/IEC 14496-12, 8.11.3), as far as they are there and no more than are allowed.
    fn add_places(&mut self, table: &[u8]) {
        let version = table.first().copied().unwrap_or_default();
        let width = |at: usize, shift: u8| table.get(at).map_or(0, |byte| usize::from(byte >> shift & 15));
        let (offset, length, base) = (width(4, 4), width(4, 0), width(5, 4));
        let index = if version == 0 { 0 } else { width(5, 0) };
        let id = if version < 2 { 2 } else { 4 };
        self.places += number(table, 6, id).unwrap_or_default();
        let mut at = 6 + id;
        for _ in 0..self.places.min(MOST_ITEMS) {
            // Its number, how it is put together, which file it is in, and where that begins.
            at += id + if version == 0 { 0 } else { 2 } + 2 + base;
            let Some(pieces) = number(table, at, 2) else { return };
            self.pieces += pieces;
            at += 2 + pieces as usize * (index + offset + length);
        }
    }
}

/// A box, and where it ends.
struct Found<'a> {
    kind: [u8; 4],
    body: &'a [u8],
    end: usize,
}

fn boxes(bytes: &[u8]) -> impl Iterator<Item = Found<'_>> {
    BoxIter::new(bytes).map_while(Result::ok).map(|found| Found {
        kind: found.header.box_type.0,
        body: found.content,
        end: found.offset + found.header.header_size as usize + found.content.len(),
    })
}

/// A number of so many bytes.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(width)?)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
