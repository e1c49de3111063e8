//! Parses H.264 sequence and picture parameter sets before memory is allocated for them (ITU-T
//! H.264, 7.3.2.1.1, 7.3.2.2 and E.1.1).
//!
//! Values outside of the ranges of 7.4.2 are an error here, because the decoder computes with them
//! unchecked. Features that the decoder accepts and decodes wrongly are refused by name.

use ownprint_pixels::{ColourRange, Size};

use crate::error::Error;
use crate::video::bits::{Bits, out_of_range};
use crate::video::errors::{damaged, unsupported};
use crate::video::frame_limits::FrameLimits;

/// The maximum of `max_num_ref_frames` (A.3.1).
///
/// The maximum of a level is often lower, and is not applied: many files state a level that their
/// frames exceed.
const MAX_REFERENCES: u32 = 16;
const BASELINE: u32 = 66;
/// Profiles whose sequence parameter sets contain the chroma format.
const WITH_CHROMA: [u32; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];
pub(super) const MAX_SEQUENCE_ID: u32 = 31;
pub(super) const MAX_PICTURE_ID: u32 = 255;
/// The maximum of references in a list (7.4.2.2).
pub(super) const MAX_LIST: u32 = 32;

/// The values of a sequence parameter set that are checked or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SequenceParameters {
    pub(super) id: u32,
    /// Whether the profile is Baseline, which has no B slices.
    pub(super) is_baseline: bool,
    /// Coded columns and rows in macroblocks of 16x16 samples.
    pub(super) macroblocks: (u64, u64),
    /// The maximum number of reference frames.
    pub(super) references: usize,
    /// Bits of a frame number.
    pub(super) frame_number_bits: u32,
    pub(super) may_have_gaps: bool,
    pub(super) order: PictureOrder,
    pub(super) frames_only: bool,
    pub(super) range: ColourRange,
}

/// The coding of picture order counts (8.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PictureOrder {
    /// Type 0, with this number of bits.
    Bits(u32),
    /// Type 1, and whether slices have differences.
    Cycle { has_differences: bool },
    /// Type 2: decoding order.
    Decoding,
}

impl SequenceParameters {
    /// Reads the payload of a NAL unit of type 7.
    pub(super) fn read(payload: &[u8]) -> Result<Self, Error> {
        let mut bits = Bits::of(payload);
        let profile = bits.number(8)?;
        bits.number(16)?;
        let id = bits.golomb_to(MAX_SEQUENCE_ID)?;
        if WITH_CHROMA.contains(&profile) {
            chroma(&mut bits)?;
        }
        let frame_number_bits = bits.golomb_to(12)? + 4;
        let order = PictureOrder::read(&mut bits)?;
        let references = bits.golomb_to(MAX_REFERENCES)? as usize;
        let may_have_gaps = bits.flag()?;
        let columns = u64::from(bits.golomb()?) + 1;
        let rows = u64::from(bits.golomb()?) + 1;
        let frames_only = bits.flag()?;
        if !frames_only && bits.flag()? {
            return Err(unsupported("interlaced video"));
        }
        let fields = if frames_only { 1 } else { 2 };
        let (columns, rows) = (columns, fields * rows);
        bits.flag()?;
        if bits.flag()? {
            crop(&mut bits, (16 * columns, 16 * rows), 2 * fields)?;
        }
        // The usability information is optional, so its absence or truncation is no error.
        let is_full = bits.full_range_of_usability().unwrap_or_default();
        let range = if is_full { ColourRange::Full } else { ColourRange::Limited };
        Ok(Self {
            id,
            is_baseline: profile == BASELINE,
            macroblocks: (columns, rows),
            references,
            frame_number_bits,
            may_have_gaps,
            order,
            frames_only,
            range,
        })
    }

    /// Returns the coded size.
    pub(super) fn size(&self) -> Size {
        let samples = |count: u64| u32::try_from(16 * count).unwrap_or(u32::MAX);
        Size { width: samples(self.macroblocks.0), height: samples(self.macroblocks.1) }
    }

    /// Returns the bytes that the decoder may allocate at the same time.
    ///
    /// A reference frame has a border of 16 samples and, for each 4x4 samples, 10 bytes of motion.
    /// When an IDR picture replaces all references, the previous ones are still held. Twelve more
    /// frames bound the decoded frame, its copy for the caller, the tables of its macroblocks, and
    /// 42 buffers that are reused.
    pub(super) fn memory(&self) -> u64 {
        const OTHERS: u64 = 12;
        let Size { width, height } = self.size();
        let samples = (u64::from(width) + 32).saturating_mul(u64::from(height) + 32);
        let frames = 2 * self.references.max(1) as u64 + OTHERS;
        (samples.saturating_mul(9) / 4).saturating_mul(frames)
    }

    /// Compares the size of a frame and the memory of the decoder with the limits.
    pub(super) fn check(&self, limits: &FrameLimits) -> Result<(), Error> {
        limits.check(self.size(), self.memory())
    }
}

impl PictureOrder {
    fn read(bits: &mut Bits<'_>) -> Result<Self, Error> {
        match bits.golomb_to(2)? {
            0 => Ok(Self::Bits(bits.golomb_to(12)? + 4)),
            1 => {
                let has_differences = !bits.flag()?;
                bits.signed()?;
                bits.signed()?;
                for _ in 0..bits.golomb_to(255)? {
                    bits.signed()?;
                }
                Ok(Self::Cycle { has_differences })
            }
            _ => Ok(Self::Decoding),
        }
    }
}

/// Reads the chroma format and bit depths, and skips the scaling lists.
fn chroma(bits: &mut Bits<'_>) -> Result<(), Error> {
    if bits.golomb_to(3)? != 1 {
        return Err(unsupported("chroma other than 4:2:0"));
    }
    if (bits.golomb_to(6)?, bits.golomb_to(6)?) != (0, 0) {
        return Err(unsupported("more than 8 bits a sample"));
    }
    bits.flag()?;
    if bits.flag()? { bits.scaling_lists(2) } else { Ok(()) }
}

/// Checks the cropping, which is in units of two columns and `row_unit` rows.
fn crop(bits: &mut Bits<'_>, (width, height): (u64, u64), row_unit: u64) -> Result<(), Error> {
    let mut side = || bits.golomb().map(u64::from);
    let [left, right, top, bottom] = [side()?, side()?, side()?, side()?];
    if 2 * (left + right) >= width || row_unit * (top + bottom) >= height {
        return Err(damaged("cropping exceeds the frame"));
    }
    // The decoder ignores it, and ffmpeg rounds it to its alignment of memory.
    if (left, top) == (0, 0) { Ok(()) } else { Err(unsupported("cropping at the left or top")) }
}

/// The values of a picture parameter set that are checked or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "the flags of the standard are independent")]
pub(super) struct PictureParameters {
    pub(super) id: u32,
    pub(super) sequence: u32,
    pub(super) is_arithmetic: bool,
    pub(super) has_order_of_fields: bool,
    /// References in the two lists, unless a slice states others.
    pub(super) references: [u32; 2],
    pub(super) has_weights: bool,
    pub(super) has_explicit_bipredictive_weights: bool,
    pub(super) quantizer: i64,
    pub(super) has_deblocking: bool,
    pub(super) has_redundant_pictures: bool,
    pub(super) has_large_transform: bool,
}

impl PictureParameters {
    /// Reads the payload of a NAL unit of type 8.
    pub(super) fn read(payload: &[u8]) -> Result<Self, Error> {
        let mut bits = Bits::of(payload);
        let id = bits.golomb_to(MAX_PICTURE_ID)?;
        let sequence = bits.golomb_to(MAX_SEQUENCE_ID)?;
        let is_arithmetic = bits.flag()?;
        let has_order_of_fields = bits.flag()?;
        if bits.golomb()? != 0 {
            return Err(unsupported("slice groups"));
        }
        let mut list = || bits.golomb_to(MAX_LIST - 1).map(|last| last + 1);
        let references = [list()?, list()?];
        let has_weights = bits.flag()?;
        let bipredictive = bits.number(2)?;
        if bipredictive == 3 {
            return Err(out_of_range());
        }
        let quantizer = 26 + bits.signed_in(-26, 25)?;
        bits.signed_in(-26, 25)?;
        let blue = bits.signed_in(-12, 12)?;
        let has_deblocking = bits.flag()?;
        let is_constrained = bits.flag()?;
        let has_redundant_pictures = bits.flag()?;
        let (mut has_large_transform, mut red) = (false, blue);
        if bits.has_more() {
            has_large_transform = bits.flag()?;
            if bits.flag()? {
                bits.scaling_lists(if has_large_transform { 2 } else { 0 })?;
            }
            red = bits.signed_in(-12, 12)?;
        }
        if red != blue {
            return Err(unsupported("different quantizers of the chroma planes"));
        }
        if is_constrained && has_large_transform {
            return Err(unsupported("constrained intra prediction with the 8x8 transform"));
        }
        Ok(Self {
            id,
            sequence,
            is_arithmetic,
            has_order_of_fields,
            references,
            has_weights,
            has_explicit_bipredictive_weights: bipredictive == 1,
            quantizer,
            has_deblocking,
            has_redundant_pictures,
            has_large_transform,
        })
    }
}
