//! Reads the index of an MPO file (MPF, CIPA DC-007), which lists the images after the first.

use crate::exif::Directory;

/// The prefix of the segment that contains the index.
pub(super) const PREFIX: &[u8] = b"MPF\0";
/// The tag of the image entries, of 16 bytes each: attributes, length, offset, dependent images.
const ENTRIES_TAG: u16 = 0xb002;
const ENTRY_BYTES: usize = 16;
/// The maximum of entries that are read.
const MAX_ENTRIES: usize = 16;
/// The image type class "large thumbnail", a preview of the first image.
const PREVIEW: u32 = 0x01;
/// Bytes of an image that are searched for the metadata of a gain map.
const HEAD_BYTES: usize = 64 * 1024;
/// Identifiers in the metadata of gain maps: Adobe and Google, Apple, ISO 21496-1.
const GAIN_MAPS: [&[u8]; 3] = [b"ns.adobe.com/hdr-gain-map", b"aux:hdrgainmap", b"iso:ts:21496"];

/// Returns `true` if the file contains another independent image. Previews and gain maps do not
/// count.
///
/// `index` is the file from the start of the index.
pub(super) fn has_further_image(index: &[u8]) -> bool {
    let entries = || {
        let directory = Directory::first(index)?;
        let entries = directory.entry(ENTRIES_TAG)?;
        let start = directory.u32_at(entries.value_at)? as usize;
        let count = (entries.count as usize / ENTRY_BYTES).min(MAX_ENTRIES);
        Some((directory, start, count))
    };
    let Some((directory, start, count)) = entries() else { return false };
    // Entry 0 describes the first image.
    (1..count).any(|number| {
        let is_further = || {
            let at = start.checked_add(number * ENTRY_BYTES)?;
            let kind = directory.u32_at(at)? & 0x00ff_ffff;
            let offset = directory.u32_at(at.checked_add(8)?)? as usize;
            let image = index.get(offset..)?;
            Some(
                kind >> 16 != PREVIEW
                    && offset > 0
                    && image.starts_with(&[0xff, 0xd8])
                    && !is_gain_map(image),
            )
        };
        is_further().unwrap_or(false)
    })
}

fn is_gain_map(image: &[u8]) -> bool {
    let head = image.get(..HEAD_BYTES).unwrap_or(image);
    GAIN_MAPS.iter().any(|name| head.windows(name.len()).any(|it| it == *name))
}
