//! The order in which H.264 frames are shown, from the headers of samples that are not decoded.

use super::parameters::{PictureOrder, PictureParameters, SequenceParameters};
use super::slice::picture_set;
use super::stream::replace;
use super::units::{UnitKind, kind, payload};
use crate::error::Error;
use crate::video::bits::Bits;
use crate::video::order_count::order_count;

/// The bytes at the beginning of a slice that contain its order count.
const SLICE_HEADER_BYTES: usize = 64;

/// The parameter sets so far, and the order count that later ones are relative to.
#[derive(Debug, Default)]
pub(super) struct Order {
    sequence_sets: Vec<SequenceParameters>,
    picture_sets: Vec<PictureParameters>,
    anchor: i64,
    /// The number of frames since the last IDR frame, with it.
    frames: i64,
}

impl Order {
    /// Reads a parameter set. Damaged ones are errors when they are decoded.
    pub(super) fn take_set(&mut self, unit: &[u8]) {
        let Ok(payload) = payload(unit) else { return };
        if unit.first().is_some_and(|header| header & 31 == 7) {
            if let Ok(set) = SequenceParameters::read(&payload.0) {
                replace(&mut self.sequence_sets, set, |it| it.id);
            }
        } else if let Ok(set) = PictureParameters::read(&payload.0) {
            replace(&mut self.picture_sets, set, |it| it.id);
        }
    }

    /// Returns the order count of the frame that begins with a slice; `None` if it is not known.
    pub(super) fn next(&mut self, unit: &[u8]) -> Option<i32> {
        let order = self.read(unit).ok()?;
        i32::try_from(order?).ok()
    }

    fn read(&mut self, unit: &[u8]) -> Result<Option<i64>, Error> {
        let payload = payload(unit.get(..SLICE_HEADER_BYTES).unwrap_or(unit))?;
        let id = picture_set(&payload.0)?;
        let parameters = self.picture_sets.iter().find(|it| it.id == id);
        let Some(sequence) =
            parameters.and_then(|it| self.sequence_sets.iter().find(|set| set.id == it.sequence))
        else {
            return Ok(None);
        };
        let unit_kind = kind(unit);
        if unit_kind == UnitKind::Idr {
            (self.anchor, self.frames) = (0, 0);
        }
        self.frames += 1;
        let bit_count = match sequence.order {
            PictureOrder::Bits(count) => count,
            PictureOrder::Decoding => return Ok(Some(self.frames)),
            PictureOrder::Cycle { .. } => return Ok(None),
        };
        // First macroblock, type, picture parameter set and frame number (7.3.3).
        let mut bits = Bits::of(&payload.0);
        for _ in 0..3 {
            bits.golomb()?;
        }
        bits.number(sequence.frame_number_bits)?;
        if !sequence.frames_only && bits.flag()? {
            return Ok(None);
        }
        if unit_kind == UnitKind::Idr {
            bits.golomb()?;
        }
        let low = bits.number(bit_count)?;
        let order = order_count(self.anchor, low.into(), 1 << bit_count);
        if unit_kind != UnitKind::Disposable {
            self.anchor = order;
        }
        Ok(Some(order))
    }
}
