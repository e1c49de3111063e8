//! Skips the headers of a codestream up to its ICC profile (ISO/IEC 18181-1, D and E).

use crate::bits::Bits;

/// The coded ICC profile of a codestream.
pub(super) enum Profile<'a> {
    Absent,
    At(Bits<'a>),
}

/// Returns the position of the ICC profile. `None` means that the bytes end early or that the
/// decoder rejects them too.
pub(super) fn profile(codestream: &[u8]) -> Option<Profile<'_>> {
    let mut bits = Bits::of(codestream);
    // The signature.
    bits.skip(16)?;
    size(&mut bits)?;
    let is_default = bits.flag()?;
    if is_default {
        return Some(Profile::Absent);
    }
    let has_more = bits.flag()?;
    if has_more {
        more(&mut bits)?;
    }
    depth(&mut bits)?;
    // `modular_16bit_buffers`.
    bits.skip(1)?;
    for _ in 0..bits.one_of([(0, 0), (0, 1), (4, 2), (12, 1)])? {
        extra_channel(&mut bits)?;
    }
    let is_xyb = bits.flag()?;
    if !has_profile(&mut bits)? {
        return Some(Profile::Absent);
    }
    if has_more && !bits.flag()? {
        // Tone mapping: three half-precision numbers and a flag.
        bits.skip(3 * 16 + 1)?;
    }
    extensions(&mut bits)?;
    if !bits.flag()? {
        weights(&mut bits, is_xyb)?;
    }
    Some(Profile::At(bits))
}

fn size(bits: &mut Bits<'_>) -> Option<()> {
    let is_small = bits.flag()?;
    let dimension = |bits: &mut Bits<'_>| {
        if is_small {
            bits.skip(5)
        } else {
            bits.one_of([(9, 0), (13, 0), (18, 0), (30, 0)]).map(drop)
        }
    };
    dimension(bits)?;
    let ratio = bits.take(3)?;
    if ratio == 0 { dimension(bits) } else { Some(()) }
}

/// Skips orientation, intrinsic size, preview and animation.
fn more(bits: &mut Bits<'_>) -> Option<()> {
    bits.skip(3)?;
    if bits.flag()? {
        size(bits)?;
    }
    if bits.flag()? {
        preview(bits)?;
    }
    if bits.flag()? {
        bits.one_of([(0, 100), (0, 1000), (10, 1), (30, 1)])?;
        bits.one_of([(0, 1), (0, 1001), (8, 1), (10, 1)])?;
        bits.one_of([(0, 0), (3, 0), (16, 0), (32, 0)])?;
        bits.skip(1)?;
    }
    Some(())
}

fn preview(bits: &mut Bits<'_>) -> Option<()> {
    let in_eights = bits.flag()?;
    let dimension = |bits: &mut Bits<'_>| {
        bits.one_of(if in_eights {
            [(0, 16), (0, 32), (5, 1), (9, 33)]
        } else {
            [(6, 0), (8, 64), (10, 320), (12, 1344)]
        })
    };
    dimension(bits)?;
    if bits.take(3)? == 0 {
        dimension(bits)?;
    }
    Some(())
}

fn depth(bits: &mut Bits<'_>) -> Option<()> {
    let is_float = bits.flag()?;
    bits.one_of(if is_float {
        [(0, 32), (0, 16), (0, 24), (6, 1)]
    } else {
        [(0, 8), (0, 10), (0, 12), (6, 1)]
    })?;
    if is_float { bits.skip(4) } else { Some(()) }
}

/// Reads an enumerated value, `Enum()`.
fn enumerated(bits: &mut Bits<'_>) -> Option<u32> {
    bits.one_of([(0, 0), (0, 1), (4, 2), (6, 18)])
}

fn extra_channel(bits: &mut Bits<'_>) -> Option<()> {
    const ALPHA: u32 = 0;
    const SPOT: u32 = 2;
    const FILTER: u32 = 5;
    let is_default = bits.flag()?;
    if is_default {
        return Some(());
    }
    let kind = enumerated(bits)?;
    depth(bits)?;
    bits.one_of([(0, 0), (0, 3), (0, 4), (3, 1)])?;
    let name = bits.one_of([(0, 0), (4, 0), (5, 16), (10, 48)])?;
    bits.skip(u64::from(name) * 8)?;
    match kind {
        ALPHA => bits.skip(1),
        SPOT => bits.skip(4 * 16),
        FILTER => bits.one_of([(0, 1), (2, 0), (4, 3), (8, 19)]).map(drop),
        _ => Some(()),
    }
}

fn has_profile(bits: &mut Bits<'_>) -> Option<bool> {
    let is_default = bits.flag()?;
    if is_default || !bits.flag()? {
        return Some(false);
    }
    enumerated(bits)?;
    Some(true)
}

fn extensions(bits: &mut Bits<'_>) -> Option<()> {
    let which = bits.long()?;
    let mut all = 0_u64;
    for _ in 0..which.count_ones() {
        all = all.checked_add(bits.long()?)?;
    }
    bits.skip(all)
}

/// Skips the inverse XYB matrix and the upsampling weights, all numbers of 16 bits.
fn weights(bits: &mut Bits<'_>, is_xyb: bool) -> Option<()> {
    if is_xyb && !bits.flag()? {
        bits.skip((9 + 3 + 4) * 16)?;
    }
    let which = bits.take(3)?;
    for (bit, count) in [(1, 15), (2, 55), (4, 210)] {
        if which & bit != 0 {
            bits.skip(count * 16)?;
        }
    }
    Some(())
}
