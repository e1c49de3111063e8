//! Reads the orientation from an EXIF block: tag 0x0112 of the first directory. No other value is
//! read.
//!
//! Types and damage are handled as in Pillow 13 (`TiffImagePlugin`, `ImageOps.exif_transpose`), by
//! which the reference hashes are computed.

use ownprint_pixels::ExifOrientation;

/// The tag of the orientation.
const ORIENTATION_TAG: u16 = 0x0112;
/// Bytes of one directory entry: tag, type, count, value.
const ENTRY_BYTES: usize = 12;
/// Values of this length or shorter are in the entry itself.
const INLINE_BYTES: u64 = 4;
/// The bytes of one value of each TIFF type; 0 for unknown types.
const TYPE_BYTES: [u8; 17] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8];
/// The prefix of an EXIF block in JPEG. Some programs write it in PNG and WebP too.
pub(super) const PREFIX: &[u8] = b"Exif\0\0";

/// Returns the orientation in an EXIF block, or `Normal` if there is none or the block is damaged.
///
/// A damaged block is not an error, because viewers show such an image without a transform.
/// Returns `true` if the block begins like an EXIF block.
#[cfg_attr(not(feature = "jpeg"), allow(dead_code))]
pub(super) fn is_readable(block: &[u8]) -> bool {
    let block = block.strip_prefix(PREFIX).unwrap_or(block);
    Directory::first(block).is_some()
}

/// Returns the orientation in an EXIF block. `None` means that the block has no such tag.
///
/// The first value of any numeric type counts, also of a rational or floating-point one. Bytes,
/// texts and values out of range mean `Normal`.
pub(super) fn find(block: &[u8]) -> Option<ExifOrientation> {
    let block = block.strip_prefix(PREFIX).unwrap_or(block);
    let block = block.strip_prefix(PREFIX).unwrap_or(block);
    let value = Directory::first(block)?.value(ORIENTATION_TAG)?;
    // Small whole numbers, and quotients that equal them, are exact.
    #[allow(clippy::float_cmp)]
    let exif = (1..=8).find(|exif| f64::from(*exif) == value);
    Some(ExifOrientation::from_exif(exif.unwrap_or(1)))
}

/// The first directory of a TIFF file or EXIF block. All reads are bounds-checked.
pub(super) struct Directory<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    start: usize,
}

/// An entry of a directory.
#[cfg_attr(not(feature = "jpeg"), allow(dead_code))]
pub(super) struct Entry {
    /// The number of values, not 0.
    pub(super) count: u32,
    /// The offset of the value, or of its offset if it takes more than four bytes.
    pub(super) value_at: usize,
}

impl<'a> Directory<'a> {
    /// Returns `None` if the bytes do not begin with a TIFF signature.
    pub(super) fn first(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..4)? {
            // Pillow accepts the version in the wrong byte order too.
            [b'I', b'I', 42, 0] | [b'I', b'I', 0, 42] => false,
            [b'M', b'M', 0, 42] | [b'M', b'M', 42, 0] => true,
            _ => return None,
        };
        let mut directory = Self { bytes, big_endian, start: 0 };
        directory.start = directory.u32_at(4)? as usize;
        Some(directory)
    }

    /// Returns the first entry with this tag. An entry outside the bytes ends the search.
    #[cfg_attr(not(feature = "jpeg"), allow(dead_code))]
    pub(super) fn entry(&self, tag: u16) -> Option<Entry> {
        for at in self.entries()? {
            if self.u16_at(at)? == tag {
                let count = self.u32_at(at + 4)?;
                return (count > 0).then_some(Entry { count, value_at: at + 8 });
            }
        }
        None
    }

    /// Returns the offsets of the entries.
    fn entries(&self) -> Option<impl Iterator<Item = usize>> {
        let first = self.start.checked_add(2)?;
        let count = usize::from(self.u16_at(self.start)?);
        // The sum fits: an offset has 32 bits, and a directory less than 2^20 bytes.
        Some((0..count).map(move |index| first.saturating_add(index * ENTRY_BYTES)))
    }

    /// Returns the first value of the first readable entry with this tag; 0 if it is not a number.
    ///
    /// An entry of an unknown type, without values, or with more bytes than the block is skipped.
    /// Values outside the block end the search.
    fn value(&self, wanted: u16) -> Option<f64> {
        let mut outside = 0_u64;
        for at in self.entries()? {
            let [tag, kind] = [self.u16_at(at)?, self.u16_at(at + 2)?];
            let count = self.u32_at(at + 4)?;
            // The whole entry must be present.
            let inline = self.u32_at(at + 8)?;
            let unit = TYPE_BYTES.get(usize::from(kind)).copied().unwrap_or_default();
            let length = u64::from(count) * u64::from(unit);
            let mut value_at = at + 8;
            if length > INLINE_BYTES {
                outside += length;
                if outside > self.bytes.len() as u64 {
                    continue;
                }
                value_at = inline as usize;
                self.bytes.get(value_at..)?.get(..usize::try_from(length).ok()?)?;
            }
            if tag == wanted && length > 0 {
                return self.number(kind, value_at);
            }
        }
        None
    }

    /// Returns the number at this offset; 0 for bytes and texts.
    fn number(&self, kind: u16, at: usize) -> Option<f64> {
        let long = |at| self.u32_at(at);
        let signed = |at| Some(f64::from(self.u32_at(at)?.cast_signed()));
        Some(match kind {
            3 => self.u16_at(at)?.into(),
            4 | 13 => long(at)?.into(),
            5 => f64::from(long(at)?) / f64::from(long(at + 4)?),
            6 => f64::from(self.bytes.get(at)?.cast_signed()),
            8 => f64::from(self.u16_at(at)?.cast_signed()),
            9 => signed(at)?,
            10 => signed(at)? / signed(at + 4)?,
            11 => f32::from_bits(long(at)?).into(),
            12 => f64::from_bits(self.u64_at(at)?),
            16 => self.u64_at(at)? as f64,
            _ => 0.0,
        })
    }

    fn u16_at(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub(super) fn u32_at(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    fn u64_at(&self, at: usize) -> Option<u64> {
        let [first, second] = [self.u32_at(at)?, self.u32_at(at.checked_add(4)?)?].map(u64::from);
        Some(if self.big_endian { first << 32 | second } else { second << 32 | first })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a block of these entries; values of more than four bytes follow the directory.
    fn block(big_endian: bool, entries: &[(u16, u16, u32, &[u8])]) -> Vec<u8> {
        let two =
            |number: u16| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
        let four =
            |number: u32| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
        let mut bytes = if big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        bytes.extend(four(8));
        bytes.extend(two(entries.len() as u16));
        let mut values = Vec::new();
        for (tag, kind, count, value) in entries {
            bytes.extend([two(*tag), two(*kind)].concat());
            bytes.extend(four(*count));
            if value.len() > 4 {
                bytes.extend(four((14 + entries.len() * 12 + values.len()) as u32));
                values.extend_from_slice(value);
            } else {
                bytes.extend([value, &[0; 4][value.len()..]].concat());
            }
        }
        bytes.extend(four(0));
        [bytes, values].concat()
    }

    /// Returns the value as each type stores it, with its type.
    fn typed(big_endian: bool, value: u16) -> Vec<(u16, Vec<u8>)> {
        let order = |mut bytes: Vec<u8>, unit: usize| {
            if !big_endian {
                bytes.chunks_mut(unit).for_each(<[u8]>::reverse);
            }
            bytes
        };
        let two = order(value.to_be_bytes().to_vec(), 2);
        let four = order(u32::from(value).to_be_bytes().to_vec(), 4);
        let rational = [&(2 * u32::from(value)).to_be_bytes()[..], &[0, 0, 0, 2]].concat();
        let float = order(f32::from(value).to_be_bytes().to_vec(), 4);
        vec![
            (3, two.clone()),
            (4, four.clone()),
            (5, order(rational.clone(), 4)),
            (6, vec![value as u8]),
            (8, two),
            (9, four.clone()),
            (10, order(rational, 4)),
            (11, float),
            (12, order(f64::from(value).to_be_bytes().to_vec(), 8)),
            (13, four),
            (16, order(u64::from(value).to_be_bytes().to_vec(), 8)),
        ]
    }

    fn exif_of(block: &[u8]) -> Option<u16> {
        find(block).map(ExifOrientation::to_exif)
    }

    #[test]
    fn every_numeric_type_is_obeyed_in_both_byte_orders() {
        for big_endian in [false, true] {
            for value in 1..=8 {
                for (kind, bytes) in typed(big_endian, value) {
                    let make = (0x010f, 2, 9, &b"a camera\0"[..]);
                    let plain = block(big_endian, &[make, (ORIENTATION_TAG, kind, 1, &bytes)]);
                    assert_eq!(exif_of(&plain), Some(value), "type {kind}");
                    assert_eq!(find(&[PREFIX, &plain].concat()).unwrap().to_exif(), value);
                    assert_eq!(exif_of(&[PREFIX, PREFIX, &plain].concat()), Some(value));
                    assert_eq!(exif_of(&[PREFIX, PREFIX, PREFIX, &plain].concat()), None);
                }
            }
        }
    }

    #[test]
    fn bytes_texts_and_values_out_of_range_mean_normal() {
        for kind in [1, 2, 7] {
            let one = block(false, &[(ORIENTATION_TAG, kind, 1, &[6])]);
            assert_eq!(exif_of(&one), Some(1), "type {kind}");
            assert_eq!(exif_of(&block(true, &[(ORIENTATION_TAG, kind, 1, b"6")])), Some(1));
        }
        for value in [0_u16, 9, 255, 6 << 8] {
            let block = block(false, &[(ORIENTATION_TAG, 3, 1, &value.to_le_bytes())]);
            assert_eq!(exif_of(&block), Some(1));
        }
        for (kind, value) in [(6, &[0xfa][..]), (9, &[0xfa, 0xff, 0xff, 0xff])] {
            assert_eq!(exif_of(&block(false, &[(ORIENTATION_TAG, kind, 1, value)])), Some(1));
        }
        for value in [[6, 0, 0, 0, 0, 0, 0, 0], [13, 0, 0, 0, 2, 0, 0, 0]] {
            assert_eq!(exif_of(&block(false, &[(ORIENTATION_TAG, 5, 1, &value)])), Some(1));
        }
    }

    #[test]
    fn unknown_types_and_entries_without_values_are_skipped() {
        let (six, eight) = (&[6, 0][..], &[8, 0][..]);
        for (kind, count) in [(0, 1), (14, 1), (17, 1), (u16::MAX, 1), (3, 0)] {
            let skipped = (ORIENTATION_TAG, kind, count, six);
            assert_eq!(exif_of(&block(false, &[skipped])), None);
            let both = block(false, &[skipped, (ORIENTATION_TAG, 3, 1, eight)]);
            assert_eq!(exif_of(&both), Some(8), "type {kind}, {count} values");
        }
        // Of two entries and of several values, the first counts.
        let twice = [(ORIENTATION_TAG, 3, 1, six), (ORIENTATION_TAG, 3, 1, eight)];
        assert_eq!(exif_of(&block(false, &twice)), Some(6));
        assert_eq!(exif_of(&block(false, &[(ORIENTATION_TAG, 3, 2, &[6, 0, 8, 0])])), Some(6));
        assert_eq!(
            exif_of(&block(false, &[(ORIENTATION_TAG, 3, 3, &[6, 0, 8, 0, 1, 0])])),
            Some(6)
        );
    }

    #[test]
    fn values_outside_the_block_are_not_read() {
        let six = (ORIENTATION_TAG, 3, 1, &[6, 0][..]);
        // An offset outside the block ends the search; a length beyond that of the block does not.
        let mut outside = block(false, &[(0x010f, 2, 9, &b"a camera\0"[..]), six]);
        outside[18..22].copy_from_slice(&900_u32.to_le_bytes());
        assert_eq!(exif_of(&outside), None);
        let long = block(false, &[(0x010f, 2, u32::MAX, &[0; 4]), six]);
        assert_eq!(exif_of(&long), Some(6));
        // The second directory is that of the thumbnail.
        let mut thumbnail = block(false, &[]);
        let end = thumbnail.len();
        thumbnail[end - 4..].copy_from_slice(&(end as u32).to_le_bytes());
        thumbnail.extend(&block(false, &[six])[8..]);
        assert_eq!(exif_of(&thumbnail), None);
    }

    #[test]
    fn truncated_and_altered_blocks_do_not_panic() {
        let rational = [6, 0, 0, 0, 1, 0, 0, 0];
        let whole = block(true, &[(0x010f, 2, 5, b"make\0"), (ORIENTATION_TAG, 5, 1, &rational)]);
        for length in 0..whole.len() {
            let _ = find(&whole[..length]);
        }
        for at in 0..whole.len() {
            for value in [0, 0x7f, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                let _ = find(&bytes);
            }
        }
    }

    #[test]
    fn a_directory_outside_the_block_has_no_orientation() {
        assert_eq!(exif_of(b"II*\0\xff\xff\xff\xff"), None);
        assert_eq!(exif_of(b"II*\0\x08\0\0\0\xff\xff"), None);
    }
}
