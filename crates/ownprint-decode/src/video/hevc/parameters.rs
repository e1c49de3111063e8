//! Parses HEVC sequence and picture parameter sets before memory is allocated for them (ITU-T
//! H.265, 7.3.2.2, 7.3.2.3, 7.3.3, 7.3.4, 7.3.7 and E.2.1).

use ownprint_pixels::{ColourRange, Size};

use super::reference_sets::{MAX_PICTURES, ReferenceSyntax, ShortTermSet};
use crate::error::Error;
use crate::video::bits::{Bits, out_of_range};
use crate::video::errors::{damaged, unsupported};
use crate::video::frame_limits::FrameLimits;

const MAX_SEQUENCE_ID: u32 = 15;
const MAX_PICTURE_ID: u32 = 63;
const MAX_SHORT_TERM_SETS: u32 = 64;
const MAX_LONG_TERM_PICTURES: u32 = 32;

/// The values of a sequence parameter set that are checked or used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SequenceParameters {
    pub(super) id: u32,
    /// The coded size, before cropping.
    pub(super) size: Size,
    /// The bits of a sample, 8 to 10.
    pub(super) depth: u32,
    /// The pictures that the decoder holds.
    pub(super) pictures: u32,
    /// Whether pictures are shown in another order than they are coded.
    pub(super) has_reordering: bool,
    /// The side of a coding tree block.
    pub(super) block: u32,
    pub(super) range: ColourRange,
    pub(super) references: ReferenceSyntax,
}

impl SequenceParameters {
    /// Reads the payload of a NAL unit of type 33.
    pub(super) fn read(payload: &[u8]) -> Result<Self, Error> {
        let mut bits = Bits::of(payload);
        bits.number(4)?;
        let sub_layers = bits.number(3)?;
        bits.flag()?;
        skip_profiles(&mut bits, sub_layers)?;
        let id = bits.golomb_to(MAX_SEQUENCE_ID)?;
        if bits.golomb_to(3)? != 1 {
            return Err(unsupported("chroma other than 4:2:0"));
        }
        let size = Size { width: bits.golomb()?, height: bits.golomb()? };
        if bits.flag()? {
            let mut side = || bits.golomb().map(u64::from);
            let [left, right, top, bottom] = [side()?, side()?, side()?, side()?];
            if 2 * (left + right) >= size.width.into() || 2 * (top + bottom) >= size.height.into() {
                return Err(damaged("cropping exceeds the frame"));
            }
        }
        let depth = 8 + bits.golomb_to(8)?;
        if depth > 10 || 8 + bits.golomb_to(8)? != depth {
            return Err(unsupported("more than 10 bits a sample, or other bits for chroma"));
        }
        let order_bits = bits.golomb_to(12)? + 4;
        let has_all_layers = bits.flag()?;
        let (mut pictures, mut has_reordering) = (0, false);
        for _ in if has_all_layers { 0 } else { sub_layers }..=sub_layers {
            pictures = pictures.max(bits.golomb_to(MAX_PICTURES - 1)? + 1);
            has_reordering |= bits.golomb()? > 0;
            bits.golomb()?;
        }
        let smallest = bits.golomb_to(3)? + 3;
        let largest = smallest + bits.golomb_to(3)?;
        if largest > 6 {
            return Err(out_of_range());
        }
        skip_tools(&mut bits)?;
        let references = references(&mut bits, order_bits)?;
        bits.number(2)?;
        // The usability information is optional, so its absence or truncation is no error.
        let range = bits.full_range_of_usability().unwrap_or_default();
        // ffmpeg has a format of pixels with full range for 8 bits only.
        let range = if range && depth == 8 { ColourRange::Full } else { ColourRange::Limited };
        let block = 1 << largest;
        Ok(Self { id, size, depth, pictures, has_reordering, block, range, references })
    }

    /// Returns the bytes that the decoder may allocate at the same time if it holds so many
    /// pictures: for each its samples and a quarter more for whole blocks, and its motion; for the
    /// current one tables of its blocks; and a copy for the caller.
    pub(super) fn memory(&self, pictures: u32) -> u64 {
        let sample_bytes = if self.depth > 8 { 2 } else { 1 };
        let pictures = u64::from(pictures) + 3;
        let (columns, rows) = self.blocks();
        let padded = (columns * rows).saturating_mul(u64::from(self.block).pow(2));
        padded.saturating_mul((2 * sample_bytes + 2) * pictures)
    }

    /// Compares the size of a frame and the memory of the decoder with the limits.
    pub(super) fn check(&self, limits: &FrameLimits) -> Result<(), Error> {
        if self.size.width == 0 || self.size.height == 0 {
            return Err(damaged("a frame without pixels"));
        }
        limits.check(self.size, self.memory(self.pictures))
    }

    /// Returns the columns and rows of coding tree blocks.
    pub(super) fn blocks(&self) -> (u64, u64) {
        let Size { width, height } = self.size;
        (width.div_ceil(self.block).into(), height.div_ceil(self.block).into())
    }
}

/// Skips the profile, tier and level (7.3.3).
fn skip_profiles(bits: &mut Bits<'_>, sub_layers: u32) -> Result<(), Error> {
    const PROFILE: [u32; 3] = [32, 32, 24];
    const LEVEL: u32 = 8;
    for length in PROFILE {
        bits.number(length)?;
    }
    bits.number(LEVEL)?;
    let mut present = Vec::new();
    for _ in 0..sub_layers {
        present.push((bits.flag()?, bits.flag()?));
    }
    if sub_layers > 0 {
        bits.number(2 * (8 - sub_layers))?;
    }
    for (has_profile, has_level) in present {
        for length in PROFILE.into_iter().filter(|_| has_profile) {
            bits.number(length)?;
        }
        if has_level {
            bits.number(LEVEL)?;
        }
    }
    Ok(())
}

/// Skips what is between the sizes of coding blocks and the references.
fn skip_tools(bits: &mut Bits<'_>) -> Result<(), Error> {
    for _ in 0..4 {
        bits.golomb()?;
    }
    if bits.flag()? && bits.flag()? {
        skip_scaling_lists(bits)?;
    }
    bits.number(2)?;
    if bits.flag()? {
        bits.number(8)?;
        bits.golomb()?;
        bits.golomb()?;
        bits.flag()?;
    }
    Ok(())
}

/// Reads the sets of short-term references and the candidates for long-term references.
fn references(bits: &mut Bits<'_>, order_bits: u32) -> Result<ReferenceSyntax, Error> {
    let mut short_term = Vec::new();
    for _ in 0..bits.golomb_to(MAX_SHORT_TERM_SETS)? {
        let set = ShortTermSet::read(bits, &short_term, false)?;
        short_term.push(set);
    }
    let mut long_term = None;
    if bits.flag()? {
        let candidates = long_term.insert(Vec::new());
        for _ in 0..bits.golomb_to(MAX_LONG_TERM_PICTURES)? {
            candidates.push((bits.number(order_bits)?, bits.flag()?));
        }
    }
    Ok(ReferenceSyntax { order_bits, short_term, long_term })
}

/// Skips the scaling lists (7.3.4).
fn skip_scaling_lists(bits: &mut Bits<'_>) -> Result<(), Error> {
    for size in 0..4_u32 {
        for _ in (0..6).step_by(if size == 3 { 3 } else { 1 }) {
            if !bits.flag()? {
                bits.golomb()?;
                continue;
            }
            if size > 1 {
                bits.signed()?;
            }
            for _ in 0..64.min(1 << (4 + 2 * size)) {
                bits.signed()?;
            }
        }
    }
    Ok(())
}

/// The values of a picture parameter set that are checked or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PictureParameters {
    pub(super) id: u32,
    pub(super) sequence: u32,
    pub(super) has_dependent_slices: bool,
    /// Bits in the header of a slice that have no meaning.
    pub(super) extra_bits: u32,
}

impl PictureParameters {
    /// Reads the payload of a NAL unit of type 34.
    pub(super) fn read(payload: &[u8]) -> Result<Self, Error> {
        let mut bits = Bits::of(payload);
        let id = bits.golomb_to(MAX_PICTURE_ID)?;
        let sequence = bits.golomb_to(MAX_SEQUENCE_ID)?;
        let has_dependent_slices = bits.flag()?;
        if bits.flag()? {
            return Err(unsupported("frames that are not shown"));
        }
        let extra_bits = bits.number(3)?;
        Ok(Self { id, sequence, has_dependent_slices, extra_bits })
    }
}
