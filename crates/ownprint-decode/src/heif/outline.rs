//! Counts the entries of a container's tables before the parser allocates memory for them.
//!
//! The parser searches all locations and all associations for each item, so its work is quadratic.
//! An entry whose fields have a width of 0 takes no bytes in the file and 24 bytes in the parser.
//! The bounds are far above those of files from cameras.

use std::collections::BTreeSet;

use heifer_isobmff::BoxIter;

use ownprint_pixels::Format;

use crate::error::Error;

/// The maximum of items, tiles of a grid, and entries of tables about them.
///
/// An image of 200 megapixels has 768 tiles of 512x512 pixels. Each AV1 tile takes 80 µs or more
/// (`docs/limits.md`).
pub(super) const MAX_ITEMS: u64 = 2048;
/// The maximum of extents of all items together.
const MAX_EXTENTS: u64 = 65_536;
/// The maximum of properties: the largest index in an association.
const MAX_PROPERTIES: u64 = 32_767;
/// The maximum of bytes in a property other than an ICC profile. Decoders receive properties again
/// for each tile.
const MAX_PROPERTY_BYTES: u64 = 16_384;

/// The boxes of a file, before the parser reads them.
#[derive(Default)]
pub(super) struct Outline {
    /// The end of the last complete box.
    pub(super) end: usize,
    pub(super) has_meta: bool,
    pub(super) has_video: bool,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    items: u64,
    /// An item ID that two items have.
    repeated_id: Option<u64>,
    locations: u64,
    extents: u64,
    associations: u64,
    references: u64,
    properties: u64,
    property_bytes: u64,
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

    /// Returns an error if a table is too long for the parser.
    pub(super) fn check(&self, format: Format) -> Result<(), Error> {
        let counts = &self.counts;
        if let Some(id) = counts.repeated_id {
            // The parser would copy the extents of the ID for each item.
            let detail = format!("two items with the ID {id}");
            return Err(Error::Damaged { format, detail });
        }
        for (count, maximum, what) in [
            (counts.items, MAX_ITEMS, "items"),
            (counts.locations, MAX_ITEMS, "item locations"),
            (counts.extents, MAX_EXTENTS, "item extents"),
            (counts.associations, MAX_ITEMS, "property associations"),
            (counts.references, MAX_ITEMS, "item references"),
            (counts.properties, MAX_PROPERTIES, "item properties"),
            (counts.property_bytes, MAX_PROPERTY_BYTES, "bytes in an item property"),
        ] {
            if count > maximum {
                let detail = format!("{count} {what} (maximum {maximum})");
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
                    // Version and flags, then the number of items in two or four bytes.
                    let wide = found.body.first().is_some_and(|version| *version > 0);
                    let infos = found.body.get(if wide { 8 } else { 6 }..).unwrap_or_default();
                    counts.add_items(infos);
                }
                b"iloc" => counts.add_locations(found.body),
                b"iref" => {
                    counts.references +=
                        boxes(found.body.get(4..).unwrap_or_default()).count() as u64;
                }
                b"iprp" => boxes(found.body).for_each(|found| match &found.kind {
                    b"ipco" => {
                        boxes(found.body).for_each(|property| counts.add_property(&property));
                    }
                    b"ipma" => counts.associations += number(found.body, 4, 4).unwrap_or_default(),
                    _ => {}
                }),
                _ => {}
            }
        }
        counts
    }

    /// Counts the entries of `iinf` (ISO/IEC 14496-12, 8.11.6).
    fn add_items(&mut self, infos: &[u8]) {
        let mut ids = BTreeSet::new();
        for info in boxes(infos) {
            self.items += 1;
            if self.items > MAX_ITEMS {
                return;
            }
            // Version and flags, then the ID in two or, since version 3, four bytes.
            let width = if info.body.first().is_some_and(|version| *version > 2) { 4 } else { 2 };
            if let Some(id) = number(info.body, 4, width)
                && !ids.insert(id)
            {
                self.repeated_id = Some(id);
            }
        }
    }

    fn add_property(&mut self, property: &Found<'_>) {
        self.properties += 1;
        if property.kind != *b"colr" {
            self.property_bytes = self.property_bytes.max(property.body.len() as u64);
        }
    }

    /// Counts the entries of `iloc` (ISO/IEC 14496-12, 8.11.3) that are present, up to the maximum.
    fn add_locations(&mut self, table: &[u8]) {
        let version = table.first().copied().unwrap_or_default();
        let width =
            |at: usize, shift: u8| table.get(at).map_or(0, |byte| usize::from(byte >> shift & 15));
        let (offset, length, base) = (width(4, 4), width(4, 0), width(5, 4));
        let index = if version == 0 { 0 } else { width(5, 0) };
        let id = if version < 2 { 2 } else { 4 };
        self.locations += number(table, 6, id).unwrap_or_default();
        let mut at = 6 + id;
        for _ in 0..self.locations.min(MAX_ITEMS) {
            // Item ID, construction method, data reference index, base offset.
            at += id + if version == 0 { 0 } else { 2 } + 2 + base;
            let Some(extents) = number(table, at, 2) else { return };
            self.extents += extents;
            at += 2 + extents as usize * (index + offset + length);
        }
    }
}

/// A box and the offset of its end.
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

/// Reads a big-endian number of `width` bytes.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(width)?)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
