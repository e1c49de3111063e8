//! The sets of reference pictures that HEVC sequence parameter sets and slice headers specify
//! (ITU-T H.265, 7.3.7 and 7.4.8).

use crate::error::Error;
use crate::video::bits::{Bits, out_of_range};

/// The maximum number of pictures that a decoder holds (A.4.2).
pub(super) const MAX_PICTURES: u32 = 16;
/// A set of short-term references: the distances in order, and whether the current picture uses
/// them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ShortTermSet {
    /// Earlier pictures, the nearest first.
    negative: Vec<(i32, bool)>,
    /// Later pictures, the nearest first.
    positive: Vec<(i32, bool)>,
}

impl ShortTermSet {
    /// Reads the set with number `index`, of which those before it are in `sets`. In a slice
    /// header, it follows all sets of the sequence.
    pub(super) fn read(
        bits: &mut Bits<'_>,
        sets: &[Self],
        is_in_slice: bool,
    ) -> Result<Self, Error> {
        if !sets.is_empty() && bits.flag()? {
            let back = if is_in_slice { bits.golomb()?.saturating_add(1) } else { 1 } as usize;
            let source = sets.len().checked_sub(back).and_then(|at| sets.get(at));
            return source.ok_or_else(out_of_range)?.predicted(bits);
        }
        let counts = [bits.golomb_to(MAX_PICTURES)?, bits.golomb_to(MAX_PICTURES)?];
        let mut read = |count: u32, sign: i32| {
            let mut distance = 0_i32;
            let mut list = Vec::new();
            for _ in 0..count {
                distance += sign * (distance_of(bits.golomb_to(MAX_DISTANCE)?) + 1);
                list.push((distance, bits.flag()?));
            }
            Ok::<_, Error>(list)
        };
        let set = Self { negative: read(counts[0], -1)?, positive: read(counts[1], 1)? };
        set.checked()
    }

    /// Reads a set that is coded as the difference from this one (7.4.8).
    fn predicted(&self, bits: &mut Bits<'_>) -> Result<Self, Error> {
        let is_negative = bits.flag()?;
        let size = distance_of(bits.golomb_to(MAX_DISTANCE)?) + 1;
        let delta = if is_negative { -size } else { size };
        let count = self.negative.len() + self.positive.len();
        // The flags of each reference of the source, and of the source itself.
        let mut flags = Vec::with_capacity(count + 1);
        for _ in 0..=count {
            let is_used = bits.flag()?;
            flags.push((is_used, is_used || bits.flag()?));
        }
        let of = |distance: i32, at: usize| {
            let (is_used, is_kept) = flags.get(at).copied().unwrap_or_default();
            (distance + delta, is_used, is_kept)
        };
        let negative = self.negative.iter().zip(0..).map(|(&(distance, _), at)| of(distance, at));
        let first = self.negative.len();
        let positive =
            self.positive.iter().zip(first..).map(|(&(distance, _), at)| of(distance, at));
        let all: Vec<_> = negative.chain(positive).chain([of(0, count)]).collect();
        let side = |is_wanted: fn(i32) -> bool| {
            let kept = all.iter().filter(|(distance, _, kept)| *kept && is_wanted(*distance));
            let mut list: Vec<_> = kept.map(|&(distance, used, _)| (distance, used)).collect();
            list.sort_by_key(|(distance, _)| distance.abs());
            list
        };
        let set = Self {
            negative: side(|distance| distance < 0),
            positive: side(|distance| distance > 0),
        };
        set.checked()
    }

    fn checked(self) -> Result<Self, Error> {
        let count = self.negative.len() + self.positive.len();
        if count <= MAX_PICTURES as usize { Ok(self) } else { Err(out_of_range()) }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (i32, bool)> {
        self.negative.iter().chain(&self.positive).copied()
    }
}

/// Distances between pictures have 16 bits.
const MAX_DISTANCE: u32 = (1 << 15) - 1;

fn distance_of(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 2)
}

/// The references that a sequence parameter set specifies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ReferenceSyntax {
    /// The bits of the low part of a picture's order count.
    pub(super) order_bits: u32,
    pub(super) short_term: Vec<ShortTermSet>,
    /// The candidates for long-term references, if there may be any: the low parts of their order
    /// counts, and whether the current picture uses them.
    pub(super) long_term: Option<Vec<(u32, bool)>>,
}

#[cfg(test)]
mod tests {
    use super::ShortTermSet;
    use crate::video::bits::Bits;

    #[test]
    fn a_set_may_be_coded_as_the_difference_from_another() {
        // Two earlier pictures (1 and 3), none later, all used: 011 1 | 1 1 010 1.
        let bytes = [0b0111_1101, 0b0100_0000];
        let first = ShortTermSet::read(&mut Bits::of(&bytes), &[], false).unwrap();
        assert_eq!(first.negative, [(-1, true), (-3, true)]);
        // Predicted, -1; the picture at -1 used, at -3 not kept, the source itself used.
        let bytes = [0b1111_0010, 0];
        let second = ShortTermSet::read(&mut Bits::of(&bytes), &[first], false).unwrap();
        assert_eq!(second.negative, [(-1, true), (-2, true)]);
        assert!(second.positive.is_empty());
    }
}
