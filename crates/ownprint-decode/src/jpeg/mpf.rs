//! The index of a Multi-Picture file (CIPA DC-007): which further images follow the first.

use crate::exif::Directory;

/// What begins the segment that holds the index.
pub(super) const PREFIX: &[u8] = b"MPF\0";
/// The entries of all images, 16 bytes each: attributes, length, offset, dependent images.
const ENTRIES_TAG: u16 = 0xb002;
const ENTRY_BYTES: usize = 16;
/// Entries that are read.
const MOST_ENTRIES: usize = 16;
/// The class of "large thumbnails", previews of the first image, among the types of images.
const PREVIEW: u32 = 0x01;
/// Bytes of an image that are searched for the metadata of a gain map.
const HEAD_BYTES: usize = 64 * 1024;
/// Names in the metadata of gain maps: Adobe and Google, Apple, ISO 21496-1.
const GAIN_MAPS: [&[u8]; 3] = [b"ns.adobe.com/hdr-gain-map", b"aux:hdrgainmap", b"iso:ts:21496"];

/// Returns `true` if the file holds a further image that is shown on its own. Previews and gain maps
/// belong to the first image. `index` are the bytes from the index to the end of the file.
pub(super) fn has_further_image(index: &[u8]) -> bool {
    let entries = || {
        let directory = Directory::first(index)?;
        let entries = directory.entry(ENTRIES_TAG)?;
        let start = directory.u32_at(entries.value_at)? as usize;
        let count = (entries.count as usize / ENTRY_BYTES).min(MOST_ENTRIES);
        Some((directory, start, count))
    };
    let Some((directory, start, count)) = entries() else { return false };
    // The first entry is that of the first image.
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
