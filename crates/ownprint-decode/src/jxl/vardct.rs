//! Detects frames that the decoder renders group by group, without planes of the size of the image.
//!
//! The decoder does not report the coding of a frame before it allocates memory, so the start of
//! the frame header (ISO/IEC 18181-1, F.2) is parsed here.

use jxl::api::JxlBasicInfo;

use crate::bits::Bits;

/// Returns `true` for a regular `VarDCT` frame of one pass, which no other frame may refer to.
pub(super) fn is_rendered_by_groups(frame: &[u8], info: &JxlBasicInfo) -> bool {
    has_one_pass(frame, info).unwrap_or(false)
}

/// Returns `None` if the bytes end early.
fn has_one_pass(frame: &[u8], info: &JxlBasicInfo) -> Option<bool> {
    let is_xyb = !info.uses_original_profile;
    let mut bits = Bits::of(frame);
    // All fields have their default: one pass of VarDCT.
    if bits.flag()? {
        return Some(true);
    }
    // A regular frame with VarDCT.
    if bits.take(2)? != 0 || bits.take(1)? != 0 {
        return Some(false);
    }
    let uses_dc_frame = flags(&mut bits)? & 32 != 0;
    let is_ycbcr = !is_xyb && bits.flag()?;
    if !uses_dc_frame {
        // Subsampling, and upsampling of each channel.
        let channels = info.extra_channels.len() as u64;
        bits.skip(if is_ycbcr { 6 } else { 0 } + 2 + 2 * channels)?;
    }
    if is_xyb {
        // Scales of the quantization matrices.
        bits.skip(6)?;
    }
    Some(!uses_dc_frame && bits.take(2)? == 0)
}

/// Reads a `U64` (ISO/IEC 18181-1, B.2.5). Values above 272, which no flag needs, are `None`.
fn flags(bits: &mut Bits<'_>) -> Option<u32> {
    Some(match bits.take(2)? {
        0 => 0,
        1 => bits.take(4)? + 1,
        2 => bits.take(8)? + 17,
        _ => return None,
    })
}
