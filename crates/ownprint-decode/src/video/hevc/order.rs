//! The order in which HEVC frames are shown, from the headers of samples that are not decoded.

use super::parameters::{PictureParameters, SequenceParameters};
use super::stream::{SliceKind, UNIT_HEADER, is_anchor, is_sequence_set, temporal_layer};
use crate::error::Error;
use crate::video::bits::Bits;
use crate::video::nal::payload;
use crate::video::order_count::order_count;

/// The bytes at the beginning of a slice that contain its order count.
const SLICE_HEADER_BYTES: usize = 64;

/// The parameter sets so far, and the order count that later ones are relative to.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The ID of each sequence parameter set, and the bits of its order counts.
    sequence_sets: Vec<(u32, u32)>,
    picture_sets: Vec<PictureParameters>,
    anchor: i64,
}

impl Order {
    /// Reads a parameter set. Damaged ones are errors when they are decoded.
    pub(super) fn take_set(&mut self, unit: &[u8]) {
        let Ok(payload) = payload(unit.get(UNIT_HEADER..).unwrap_or_default()) else { return };
        if is_sequence_set(unit) {
            if let Ok(set) = SequenceParameters::read(&payload.0) {
                self.sequence_sets.retain(|(id, _)| *id != set.id);
                self.sequence_sets.push((set.id, set.references.order_bits));
            }
        } else if let Ok(set) = PictureParameters::read(&payload.0) {
            self.picture_sets.retain(|it| it.id != set.id);
            self.picture_sets.push(set);
        }
    }

    /// Returns the order count of the frame that begins with a slice; `None` if it is not known.
    /// `is_restart` is whether the frame is the start of a sequence.
    pub(super) fn next(&mut self, unit: &[u8], kind: SliceKind, is_restart: bool) -> Option<i32> {
        let order = self.read(unit, kind, is_restart).ok()?;
        i32::try_from(order?).ok()
    }

    fn read(
        &mut self,
        unit: &[u8],
        kind: SliceKind,
        is_restart: bool,
    ) -> Result<Option<i64>, Error> {
        let body = unit.get(UNIT_HEADER..).unwrap_or_default();
        let payload = payload(body.get(..SLICE_HEADER_BYTES).unwrap_or(body))?;
        // 7.3.6.1
        let mut bits = Bits::of(&payload.0);
        bits.flag()?;
        if kind.is_random_access() {
            bits.flag()?;
        }
        let id = bits.golomb()?;
        let Some(parameters) = self.picture_sets.iter().find(|it| it.id == id) else {
            return Ok(None);
        };
        let sequence = self.sequence_sets.iter().find(|(id, _)| *id == parameters.sequence);
        let Some(&(_, order_bits)) = sequence else { return Ok(None) };
        bits.number(parameters.extra_bits)?;
        bits.golomb()?;
        let low = if kind.is_instant() { 0 } else { i64::from(bits.number(order_bits)?) };
        let order = if is_restart { low } else { order_count(self.anchor, low, 1 << order_bits) };
        if is_anchor(kind, temporal_layer(unit)) {
            self.anchor = order;
        }
        Ok(Some(order))
    }
}
