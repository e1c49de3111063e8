//! The reference pictures of HEVC slices (ITU-T H.265, 7.3.7, 7.3.6.1, 8.3.1 and 8.3.2).
//!
//! The decoder replaces a missing reference by grey, and reports nothing. So each picture is
//! compared with the pictures that were decoded.

use super::parameters::SequenceParameters;
use super::reference_sets::{MAX_PICTURES, ReferenceSyntax, ShortTermSet};
use crate::error::Error;
use crate::video::bits::{Bits, out_of_range};
use crate::video::errors::damaged;
use crate::video::order_count::order_count;

/// A long-term reference of a slice.
#[derive(Debug, PartialEq, Eq)]
struct LongTerm {
    low: i64,
    /// The distance to the current picture in units of the low part's range.
    cycles: Option<i64>,
    is_used: bool,
}

/// The order count and the references of a picture, from the header of its first slice.
#[derive(Debug, Default)]
pub(super) struct SliceReferences {
    low: i64,
    short_term: ShortTermSet,
    long_term: Vec<LongTerm>,
}

impl SliceReferences {
    /// Reads a slice header from the order count on (7.3.6.1).
    pub(super) fn read(bits: &mut Bits<'_>, syntax: &ReferenceSyntax) -> Result<Self, Error> {
        let low = i64::from(bits.number(syntax.order_bits)?);
        let sets = &syntax.short_term;
        let short_term = if bits.flag()? {
            let index = bits.number(index_bits(sets.len()))? as usize;
            sets.get(index).cloned().ok_or_else(out_of_range)?
        } else {
            ShortTermSet::read(bits, sets, true)?
        };
        let mut long_term = Vec::new();
        if let Some(candidates) = &syntax.long_term {
            let most = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
            let listed = if most > 0 { bits.golomb_to(most)? } else { 0 };
            let own = bits.golomb_to(MAX_PICTURES)?;
            let mut cycles_before = 0_i64;
            for at in 0..listed.saturating_add(own) {
                let (low, is_used) = if at < listed {
                    let index = bits.number(index_bits(candidates.len()))? as usize;
                    candidates.get(index).copied().ok_or_else(out_of_range)?
                } else {
                    (bits.number(syntax.order_bits)?, bits.flag()?)
                };
                // Coded as differences, from the first of either kind on.
                if at == listed {
                    cycles_before = 0;
                }
                let has_cycles = bits.flag()?;
                let cycles = if has_cycles { i64::from(bits.golomb()?) } else { 0 };
                cycles_before += cycles;
                let cycles = has_cycles.then_some(cycles_before);
                long_term.push(LongTerm { low: low.into(), cycles, is_used });
            }
        }
        Ok(Self { low, short_term, long_term })
    }
}

/// Returns the bits of an index into a list.
fn index_bits(count: usize) -> u32 {
    count.next_power_of_two().trailing_zeros()
}

/// What the type of a picture says about its order count and its successors'.
#[derive(Debug, Clone, Copy)]
pub(super) struct PictureKind {
    /// All earlier pictures are forgotten, and the order count begins anew.
    pub(super) is_restart: bool,
    /// Later order counts are relative to that of this picture.
    pub(super) is_anchor: bool,
}

/// The order counts of the decoded pictures that may be references.
#[derive(Debug, Default)]
pub(super) struct References {
    held: Vec<i64>,
    /// The order count of the last anchor.
    anchor: i64,
}

impl References {
    /// Takes the next picture, and returns how many pictures the decoder holds with it.
    ///
    /// # Errors
    /// [`Error::DamagedVideo`] if a reference was not decoded.
    pub(super) fn add(
        &mut self,
        picture: &SliceReferences,
        kind: PictureKind,
        sequence: &SequenceParameters,
    ) -> Result<u32, Error> {
        let range = 1_i64 << sequence.references.order_bits;
        if kind.is_restart {
            self.held.clear();
        }
        let order = if kind.is_restart {
            picture.low
        } else {
            order_count(self.anchor, picture.low, range)
        };
        let mut kept = Vec::new();
        let mut is_missing = false;
        for (distance, is_used) in picture.short_term.all() {
            let wanted = order + i64::from(distance);
            match self.held.iter().find(|held| **held == wanted) {
                Some(held) => kept.push(*held),
                None => is_missing |= is_used,
            }
        }
        for reference in &picture.long_term {
            let is_it = |held: &i64| match reference.cycles {
                Some(cycles) => {
                    *held == order - cycles * range - order.rem_euclid(range) + reference.low
                }
                None => held.rem_euclid(range) == reference.low,
            };
            match self.held.iter().find(|held| is_it(held)) {
                Some(held) => kept.push(*held),
                None => is_missing |= reference.is_used,
            }
        }
        if is_missing {
            return Err(damaged("missing reference frame"));
        }
        kept.sort_unstable();
        kept.dedup();
        kept.push(order);
        self.held = kept;
        if kind.is_anchor {
            self.anchor = order;
        }
        Ok(u32::try_from(self.held.len()).unwrap_or(u32::MAX))
    }
}
