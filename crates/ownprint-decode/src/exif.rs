//! Reads the orientation from an EXIF block: tag 0x0112 of the first directory. No other tag is
//! read.

use ownprint_pixels::ExifOrientation;

/// The tag of the orientation.
const ORIENTATION_TAG: u16 = 0x0112;
/// Bytes of one directory entry: tag, type, count, value.
const ENTRY_BYTES: usize = 12;
/// The prefix of an EXIF block in JPEG. Some programs write it in PNG and WebP too.
pub(super) const PREFIX: &[u8] = b"Exif\0\0";

/// Returns the orientation in an EXIF block, or `Normal` if there is none or the block is damaged.
///
/// A damaged block is not an error, because viewers show such an image without a transform.
pub(super) fn orientation(block: &[u8]) -> ExifOrientation {
    let block = block.strip_prefix(PREFIX).unwrap_or(block);
    ExifOrientation::from_exif(find(block).unwrap_or(1))
}

fn find(block: &[u8]) -> Option<u16> {
    let directory = Directory::first(block)?;
    let entry = directory.entry(ORIENTATION_TAG)?;
    match entry.kind {
        1 => Some(u16::from(*block.get(entry.value_at)?)),
        3 => directory.u16_at(entry.value_at),
        4 => u16::try_from(directory.u32_at(entry.value_at)?).ok(),
        _ => None,
    }
}

/// The first directory of a TIFF file or EXIF block. All reads are bounds-checked.
pub(super) struct Directory<'a> {
    bytes: &'a [u8],
    pub(super) big_endian: bool,
    start: usize,
}

/// An entry of a directory.
pub(super) struct Entry {
    /// The TIFF type: 1 for bytes, 3 for 16-bit, 4 for 32-bit values.
    pub(super) kind: u16,
    /// The number of values, not 0.
    pub(super) count: u32,
    /// The offset of the value, or of its offset if it takes more than four bytes.
    pub(super) value_at: usize,
}

impl<'a> Directory<'a> {
    /// Returns `None` if the bytes do not begin with a TIFF signature.
    pub(super) fn first(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => false,
            [b'M', b'M', 0, 42] => true,
            _ => return None,
        };
        let mut directory = Self { bytes, big_endian, start: 0 };
        directory.start = directory.u32_at(4)? as usize;
        Some(directory)
    }

    /// Returns the first entry with this tag. An entry outside the bytes ends the search.
    pub(super) fn entry(&self, tag: u16) -> Option<Entry> {
        let entries = usize::from(self.u16_at(self.start)?);
        for index in 0..entries {
            let at = self.start.checked_add(2 + index * ENTRY_BYTES)?;
            if self.u16_at(at)? == tag {
                let (kind, count) = (self.u16_at(at + 2)?, self.u32_at(at + 4)?);
                return (count > 0).then_some(Entry { kind, count, value_at: at + 8 });
            }
        }
        None
    }

    pub(super) fn u16_at(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub(super) fn u32_at(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(big_endian: bool, kind: u16, value: u16) -> Vec<u8> {
        let two =
            |number: u16| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
        let four =
            |number: u32| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
        let mut bytes = if big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        bytes.extend(four(8));
        bytes.extend(two(2));
        for (tag, kind, value) in [(0x010f, 2, 0), (ORIENTATION_TAG, kind, value)] {
            bytes.extend(two(tag));
            bytes.extend(two(kind));
            bytes.extend(four(1));
            match kind {
                1 => bytes.extend([value as u8, 0, 0, 0]),
                4 => bytes.extend(four(value.into())),
                _ => bytes.extend([two(value), two(0)].concat()),
            }
        }
        bytes.extend(four(0));
        bytes
    }

    #[test]
    fn every_value_is_found_in_both_byte_orders_and_all_integer_types() {
        for big_endian in [false, true] {
            for kind in [1, 3, 4] {
                for value in 1..=8 {
                    let plain = block(big_endian, kind, value);
                    assert_eq!(orientation(&plain).to_exif(), value);
                    assert_eq!(orientation(&[PREFIX, &plain].concat()).to_exif(), value);
                }
            }
        }
    }

    #[test]
    fn unknown_values_and_types_mean_normal() {
        for value in [0, 9, 255] {
            assert_eq!(orientation(&block(false, 3, value)), ExifOrientation::Normal);
        }
        assert_eq!(orientation(&block(false, 7, 6)), ExifOrientation::Normal);
    }

    #[test]
    fn truncated_and_altered_blocks_do_not_panic() {
        let whole = block(true, 3, 6);
        for length in 0..whole.len() {
            let _ = orientation(&whole[..length]);
        }
        for at in 0..whole.len() {
            for value in [0, 0x7f, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                let _ = orientation(&bytes);
            }
        }
    }

    #[test]
    fn a_directory_outside_the_block_means_normal() {
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), ExifOrientation::Normal);
        assert_eq!(orientation(b"II*\0\x08\0\0\0\xff\xff"), ExifOrientation::Normal);
    }
}
