//! Reads how a frame is coded. The decoder does not report it, so the start of the frame header
//! (ISO/IEC 18181-1, F.2) is parsed here.

use jxl::api::{JxlBasicInfo, JxlBitDepth};

use crate::bits::Bits;

/// Returns `true` if a frame is decoded with integer arithmetic only, and so to the same pixels on
/// every machine.
///
/// Only the form that encoders write for lossless images is recognized: one modular frame in the
/// colour space of the image, without filters. Every other frame counts as lossy.
pub(super) fn is_lossless(frame: &[u8], info: &JxlBasicInfo) -> bool {
    let is_integer = matches!(info.bit_depth, JxlBitDepth::Int { bits_per_sample: ..=16 });
    is_integer
        && info.uses_original_profile
        && info.animation.is_none()
        && has_plain_header(frame, info.extra_channels.len()).unwrap_or(false)
}

/// Returns `true` if a frame has lossy (`VarDCT`) coefficients of RGB, instead of XYB or YCbCr.
///
/// The decoder filters such frames in another way than libjxl does.
pub(super) fn is_rgb_vardct(frame: &[u8], info: &JxlBasicInfo) -> bool {
    info.uses_original_profile && has_rgb_coefficients(frame).unwrap_or(false)
}

/// Returns `true` for a frame that the decoder renders group by group, without planes of the size
/// of the image: a regular `VarDCT` frame of one pass.
pub(super) fn is_rendered_by_groups(frame: &[u8], info: &JxlBasicInfo) -> bool {
    has_one_pass(frame, info).unwrap_or(false)
}

/// Returns `None` if the bytes end early.
fn has_one_pass(frame: &[u8], info: &JxlBasicInfo) -> Option<bool> {
    const USES_DC_FRAME: u64 = 32;
    let is_xyb = !info.uses_original_profile;
    let mut bits = Bits::of(frame);
    // All values are the defaults.
    if bits.flag()? {
        return Some(true);
    }
    // A regular frame with `VarDCT`.
    if bits.take(2)? != 0 || bits.take(1)? != 0 {
        return Some(false);
    }
    if bits.long()? & USES_DC_FRAME != 0 {
        return Some(false);
    }
    if !is_xyb && bits.flag()? {
        // YCbCr: subsampling of each channel.
        bits.skip(6)?;
    }
    // Upsampling, also of the extra channels.
    bits.skip(2 + 2 * info.extra_channels.len() as u64)?;
    if is_xyb {
        // Scales of the quantization matrices.
        bits.skip(6)?;
    }
    let further_passes = bits.take(2)?;
    Some(further_passes == 0)
}

/// Returns `None` if the bytes end early.
fn has_rgb_coefficients(frame: &[u8]) -> Option<bool> {
    let mut bits = Bits::of(frame);
    if bits.flag()? {
        // All values are the defaults: `VarDCT`, no YCbCr.
        return Some(true);
    }
    let _frame_type = bits.take(2)?;
    let is_modular = bits.flag()?;
    let _flags = bits.long()?;
    let is_ycbcr = bits.flag()?;
    Some(!is_modular && !is_ycbcr)
}

/// Returns `None` if the bytes end early.
fn has_plain_header(frame: &[u8], extra_channels: usize) -> Option<bool> {
    let mut bits = Bits::of(frame);
    // `all_default` (lossy) is not set; regular frame; modular coding; no flags such as noise,
    // patches or splines; no YCbCr; no upsampling.
    for (count, expected) in [(1, 0), (2, 0), (1, 1), (2, 0), (1, 0), (2, 0)] {
        if bits.take(count)? != expected {
            return Some(false);
        }
    }
    for _ in 0..extra_channels {
        if bits.take(2)? != 0 {
            return Some(false);
        }
    }
    let _group_size = bits.take(2)?;
    // One pass; no crop; blend mode "replace" for the frame and each extra channel.
    if bits.take(2)? != 0 || bits.take(1)? != 0 {
        return Some(false);
    }
    for _ in 0..=extra_channels {
        if bits.take(2)? != 0 {
            return Some(false);
        }
    }
    // Last frame; no name; no default filters; no Gaborish; no edge-preserving filter.
    for (count, expected) in [(1, 1), (2, 0), (1, 0), (1, 0), (2, 0)] {
        if bits.take(count)? != expected {
            return Some(false);
        }
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::has_rgb_coefficients;

    #[test]
    fn rgb_coefficients_are_recognized() {
        // Not all defaults, a regular frame, `VarDCT`, no flags, YCbCr or not.
        assert_eq!(has_rgb_coefficients(&[0b0000_0000]), Some(true));
        assert_eq!(has_rgb_coefficients(&[0b0100_0000]), Some(false));
        // Modular coding.
        assert_eq!(has_rgb_coefficients(&[0b0000_1000]), Some(false));
        // All defaults.
        assert_eq!(has_rgb_coefficients(&[1]), Some(true));
        assert_eq!(has_rgb_coefficients(&[]), None);
    }
}
