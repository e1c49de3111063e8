//! Whether a frame is decoded with whole numbers alone, and so to the same bits everywhere.
//!
//! The decoder does not say how a frame is coded, so the start of its header (ISO/IEC 18181-1, F.2) is read here. Only the plain
//! case is recognised, the one that encoders write for a lossless image: one frame, coded as whole numbers, in the
//! image's own colours, without a filter. Anything else counts as lossy, which is the safe side.

use jxl::api::{JxlBasicInfo, JxlBitDepth};

use super::bits::Bits;

pub(super) fn is_lossless(frame: &[u8], info: &JxlBasicInfo) -> bool {
    let whole_numbers = matches!(info.bit_depth, JxlBitDepth::Int { bits_per_sample: ..=16 });
    whole_numbers
        && info.uses_original_profile
        && info.animation.is_none()
        && has_plain_header(frame, info.extra_channels.len()).unwrap_or(false)
}

/// `None` when the bytes end.
fn has_plain_header(frame: &[u8], extra_channels: usize) -> Option<bool> {
    let mut bits = Bits::of(frame);
    // Not the defaults, which are lossy; a regular frame; coded as whole numbers; no noise, patches or splines; no YCbCr; its
    // own size.
    for (count, plain) in [(1, 0), (2, 0), (1, 1), (2, 0), (1, 0), (2, 0)] {
        if bits.take(count)? != plain {
            return Some(false);
        }
    }
    for _ in 0..extra_channels {
        if bits.take(2)? != 0 {
            return Some(false);
        }
    }
    let _group_size = bits.take(2)?;
    // One pass; no crop; it replaces what was there, and so does each extra channel.
    if bits.take(2)? != 0 || bits.take(1)? != 0 {
        return Some(false);
    }
    for _ in 0..=extra_channels {
        if bits.take(2)? != 0 {
            return Some(false);
        }
    }
    // The last frame; without a name; not the default filters; no smoothing; no edge-preserving filter.
    for (count, plain) in [(1, 1), (2, 0), (1, 0), (1, 0), (2, 0)] {
        if bits.take(count)? != plain {
            return Some(false);
        }
    }
    Some(true)
}
