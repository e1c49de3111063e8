//! The reference frames that the decoder holds (ITU-T H.264, 8.2.5).

use super::errors::{damaged, unsupported};
use super::parameters::SequenceParameters;
use super::slice::{Command, Marking, PictureHeader, SliceKind};
use crate::error::Error;

/// The marking of the reference frames, which the decoder does not show.
///
/// The decoder keeps up to 16 frames, whatever the sequence parameter set allows, and replaces
/// missing frames by grey ones. Both are refused here.
#[derive(Debug, Default)]
pub(super) struct References {
    /// The most recent first.
    frames: Vec<Reference>,
    /// The frame number of the previous reference frame.
    previous: u32,
}

#[derive(Debug, Clone, Copy)]
struct Reference {
    number: u32,
    long_term: Option<u32>,
}

impl References {
    /// Starts a picture.
    pub(super) fn start(
        &mut self,
        picture: &PictureHeader,
        sequence: &SequenceParameters,
    ) -> Result<(), Error> {
        if picture.is_idr {
            self.frames.clear();
            self.previous = 0;
            return Ok(());
        }
        let has_long_term = self.frames.iter().any(|frame| frame.long_term.is_some());
        if has_long_term && picture.kind == SliceKind::Bipredicted {
            return Err(unsupported("long-term references of B slices"));
        }
        if self.frames.is_empty() && picture.kind != SliceKind::Intra {
            return Err(damaged("missing reference frames"));
        }
        self.check_gap(picture.frame_number, sequence)
    }

    /// Refuses missing frames (8.2.5.2).
    ///
    /// The only reference of a sequence is always the previous one, so that its frame numbers do
    /// not matter, unless the decoder fills the gap.
    fn check_gap(&self, number: u32, sequence: &SequenceParameters) -> Result<(), Error> {
        let next = (self.previous + 1) & ((1 << sequence.frame_number_bits) - 1);
        let is_filled = sequence.may_have_gaps;
        if number == next || number == self.previous && !is_filled {
            Ok(())
        } else if is_filled {
            Err(unsupported("gaps in frame numbers"))
        } else if sequence.references > 1 {
            Err(damaged("missing reference frames"))
        } else {
            Ok(())
        }
    }

    /// Marks the references after a decoded picture, as the decoder does.
    pub(super) fn finish(
        &mut self,
        picture: &PictureHeader,
        sequence: &SequenceParameters,
    ) -> Result<(), Error> {
        if !picture.is_reference {
            return Ok(());
        }
        let maximum = sequence.references.max(1);
        let mut current = Reference { number: picture.frame_number, long_term: None };
        match &picture.marking {
            Marking::LongTermIdr => current.long_term = Some(0),
            Marking::Commands(commands) => {
                for &command in commands {
                    self.execute(command, &mut current, sequence);
                }
            }
            Marking::SlidingWindow => {
                while self.frames.len() >= maximum
                    && let Some(at) = self.frames.iter().rposition(|it| it.long_term.is_none())
                {
                    self.frames.remove(at);
                }
            }
        }
        self.previous = picture.frame_number;
        self.frames.insert(0, current);
        if self.frames.len() > maximum {
            return Err(damaged("more reference frames than allowed"));
        }
        Ok(())
    }

    fn execute(
        &mut self,
        command: Command,
        current: &mut Reference,
        sequence: &SequenceParameters,
    ) {
        let modulus = 1_u32 << sequence.frame_number_bits;
        let number = current.number;
        // Frame numbers are compared modulo their range (8.2.4.1 and 8.2.5.4.1).
        let is_at = |frame: &Reference, difference: u32| {
            frame.long_term.is_none()
                && difference < modulus
                && frame.number == (number + modulus - 1 - difference) % modulus
        };
        match command {
            Command::Remove(difference) => self.frames.retain(|it| !is_at(it, difference)),
            Command::RemoveLong(index) => self.remove_long(|it| it == index),
            Command::MakeLong(difference, index) => {
                self.remove_long(|it| it == index);
                for frame in self.frames.iter_mut().filter(|it| is_at(it, difference)) {
                    frame.long_term = Some(index);
                }
            }
            Command::LimitLong(count) => self.remove_long(|it| it >= count),
            Command::CurrentLong(index) => {
                self.remove_long(|it| it == index);
                current.long_term = Some(index);
            }
        }
    }

    fn remove_long(&mut self, is_removed: impl Fn(u32) -> bool) {
        self.frames.retain(|frame| !frame.long_term.is_some_and(&is_removed));
    }
}
