//! The reference frames that the decoder holds (ITU-T H.264, 8.2.5).

use super::parameters::SequenceParameters;
use super::slice::{Command, Marking, PictureHeader, SliceKind};
use crate::error::Error;
use crate::video::errors::{damaged, unsupported};

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

#[cfg(test)]
mod tests {
    use super::References;
    use crate::error::Error;
    use crate::video::h264::parameters::{PictureOrder, SequenceParameters};
    use crate::video::h264::slice::{Command, Marking, PictureHeader, SliceKind};
    use ownprint_pixels::ColourRange;

    fn sequence(references: usize, may_have_gaps: bool) -> SequenceParameters {
        SequenceParameters {
            id: 0,
            is_baseline: false,
            macroblocks: (4, 4),
            references,
            frame_number_bits: 4,
            may_have_gaps,
            order: PictureOrder::Decoding,
            frames_only: true,
            range: ColourRange::Limited,
        }
    }

    fn picture(frame_number: u32, marking: Marking) -> PictureHeader {
        let is_idr = frame_number == 0;
        let kind = if is_idr { SliceKind::Intra } else { SliceKind::Predicted };
        PictureHeader::for_tests(is_idr, kind, frame_number, marking)
    }

    /// Decodes pictures with consecutive frame numbers, and returns the references after them.
    fn decoded(
        sequence: &SequenceParameters,
        markings: impl IntoIterator<Item = Marking>,
    ) -> Result<Vec<(u32, Option<u32>)>, Error> {
        let mut references = References::default();
        for (number, marking) in (0..).zip(markings) {
            let picture = picture(number % 16, marking);
            references.start(&picture, sequence)?;
            references.finish(&picture, sequence)?;
        }
        Ok(references.frames.iter().map(|it| (it.number, it.long_term)).collect())
    }

    #[test]
    fn references_follow_the_commands_of_the_stream() {
        let window = || Marking::SlidingWindow;
        let commands = |all: &[Command]| Marking::Commands(all.to_vec());
        let recent = decoded(&sequence(3, false), std::iter::repeat_with(window).take(16));
        assert_eq!(recent.unwrap(), [(15, None), (14, None), (13, None)]);
        let long = [window(), commands(&[Command::MakeLong(0, 1)]), window(), window()];
        assert_eq!(
            decoded(&sequence(3, false), long).unwrap(),
            [(3, None), (2, None), (0, Some(1))]
        );
        let removed =
            [window(), window(), commands(&[Command::Remove(1), Command::CurrentLong(4)])];
        assert_eq!(decoded(&sequence(3, false), removed).unwrap(), [(2, Some(4)), (1, None)]);
        let limited = [Marking::LongTermIdr, commands(&[Command::LimitLong(0)])];
        assert_eq!(decoded(&sequence(3, false), limited).unwrap(), [(1, None)]);
        let kept = [Marking::LongTermIdr, commands(&[Command::RemoveLong(1)])];
        assert_eq!(decoded(&sequence(3, false), kept).unwrap(), [(1, None), (0, Some(0))]);
    }

    /// The decoder would keep 16.
    #[test]
    fn more_references_than_allowed_are_damage() {
        let none = || Marking::Commands(vec![Command::LimitLong(0)]);
        let all = std::iter::once(Marking::SlidingWindow).chain(std::iter::repeat_with(none));
        assert!(decoded(&sequence(3, false), all.clone().take(3)).is_ok());
        let error = decoded(&sequence(3, false), all.take(4)).unwrap_err();
        assert!(error.to_string().contains("more reference frames than allowed"), "{error}");
    }

    #[test]
    fn missing_frames_are_refused() {
        let outcome = |references, may_have_gaps, number| {
            let sequence = sequence(references, may_have_gaps);
            let mut stream = References::default();
            let first = picture(0, Marking::SlidingWindow);
            stream.start(&first, &sequence).unwrap();
            stream.finish(&first, &sequence).unwrap();
            stream.start(&picture(number, Marking::SlidingWindow), &sequence)
        };
        assert!(outcome(3, false, 1).is_ok() && outcome(3, true, 1).is_ok());
        assert_eq!(outcome(3, false, 2).unwrap_err().code(), "damaged-video");
        assert_eq!(outcome(1, true, 2).unwrap_err().code(), "unsupported-video");
        // A single reference is the previous frame, with or without missing ones.
        assert!(outcome(1, false, 2).is_ok());
        let mut empty = References::default();
        let error = empty.start(&picture(1, Marking::SlidingWindow), &sequence(1, false));
        assert_eq!(error.unwrap_err().code(), "damaged-video");
    }
}
