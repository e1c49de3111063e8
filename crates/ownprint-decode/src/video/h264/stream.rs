//! Checks the units of an H.264 stream before the decoder reads them.

use ownprint_pixels::{ColourRange, Limits};

use super::parameters::{PictureOrder, PictureParameters, SequenceParameters};
use super::references::References;
use super::slice::{PictureHeader, SliceHeader, SliceKind, picture_set};
use super::units::{UnitKind, kind, payload};
use crate::error::Error;
use crate::video::errors::{damaged, unsupported};
use crate::video::frame_limits::FrameLimits;

/// The state of a stream: its parameter sets, its references, and the current picture.
pub(super) struct Stream {
    /// The limits, with the pixels of all decoded slices, each counted to the end of its picture.
    limits: FrameLimits,
    sequence_sets: Vec<SequenceParameters>,
    picture_sets: Vec<PictureParameters>,
    /// The sequence parameter set of the pictures since the last IDR picture.
    active: Option<SequenceParameters>,
    references: References,
    current: Option<Picture>,
    /// Whether the current sample has a complete picture.
    is_complete: bool,
}

struct Picture {
    header: PictureHeader,
    /// The first macroblock of each slice but the first.
    starts: Vec<u64>,
}

/// What a decoded frame needs from the stream.
pub(super) struct Decoded {
    pub(super) range: ColourRange,
    /// The columns and rows of the last macroblocks of all slices but the last.
    pub(super) slice_ends: Vec<(u64, u64)>,
}

impl Stream {
    pub(super) fn new(limits: &Limits, file_bytes: u64) -> Self {
        Self {
            limits: FrameLimits::new(limits, file_bytes),
            sequence_sets: Vec::new(),
            picture_sets: Vec::new(),
            active: None,
            references: References::default(),
            current: None,
            is_complete: false,
        }
    }

    /// Starts a sample, which has a maximum of one picture.
    pub(super) fn start_sample(&mut self) {
        self.current = None;
        self.is_complete = false;
    }

    /// Checks a unit, and returns `true` if it is to be decoded.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`], [`Error::UnsupportedVideo`], [`Error::DamagedVideo`].
    pub(super) fn accept(&mut self, unit: &[u8]) -> Result<bool, Error> {
        let header = unit.first().copied().unwrap_or_default();
        match kind(unit) {
            UnitKind::Other => Ok(false),
            UnitKind::Partition => Err(unsupported("data partitioning")),
            UnitKind::Parameters if header & 31 == 7 => {
                let set = SequenceParameters::read(&payload(unit)?.0)?;
                set.check(&self.limits)?;
                replace(&mut self.sequence_sets, set, |it| it.id);
                Ok(true)
            }
            UnitKind::Parameters => {
                let set = PictureParameters::read(&payload(unit)?.0)?;
                replace(&mut self.picture_sets, set, |it| it.id);
                Ok(true)
            }
            _ => self.slice(header, &payload(unit)?.0),
        }
    }

    fn slice(&mut self, header: u8, payload: &[u8]) -> Result<bool, Error> {
        let missing = || damaged("missing parameter set");
        let id = picture_set(payload)?;
        let parameters = *self.picture_sets.iter().find(|it| it.id == id).ok_or_else(missing)?;
        let sequence = self.sequence_sets.iter().find(|it| it.id == parameters.sequence);
        let sequence = *sequence.ok_or_else(missing)?;
        let Some(slice) = SliceHeader::read(header, payload, &sequence, &parameters)? else {
            return Ok(false);
        };
        if self.is_complete {
            return Err(damaged("more than one frame in a sample"));
        }
        if slice.first_macroblock == 0 {
            self.start_picture(slice.picture, sequence)?;
        } else {
            self.continue_picture(&slice, &sequence, parameters.has_large_transform)?;
        }
        Ok(true)
    }

    fn start_picture(
        &mut self,
        header: PictureHeader,
        sequence: SequenceParameters,
    ) -> Result<(), Error> {
        if header.is_idr {
            self.active = Some(sequence);
        }
        match self.active {
            None => return Err(unsupported("a stream that does not begin with an IDR frame")),
            Some(active) if active != sequence => {
                return Err(damaged("parameters changed without an IDR frame"));
            }
            Some(_) => {}
        }
        if header.kind == SliceKind::Bipredicted {
            check_bipredicted(&sequence)?;
        }
        self.references.start(&header, &sequence)?;
        self.count_work(&sequence, 0)?;
        self.current = Some(Picture { header, starts: Vec::new() });
        Ok(())
    }

    /// Counts the pixels from the first macroblock of a slice on, which is as far as it may reach.
    fn count_work(&mut self, sequence: &SequenceParameters, first: u64) -> Result<(), Error> {
        self.limits.count(sequence.size().pixels().saturating_sub(256 * first))
    }

    /// Checks a slice that is not the first of its picture.
    ///
    /// The decoder applies some values of one slice to the whole picture, and takes wrong
    /// neighbours of 8x8 blocks if a slice begins inside a row.
    fn continue_picture(
        &mut self,
        slice: &SliceHeader,
        sequence: &SequenceParameters,
        has_large_transform: bool,
    ) -> Result<(), Error> {
        let Some(picture) = &mut self.current else {
            return Err(damaged("slice outside of a frame"));
        };
        if picture.starts.last().is_some_and(|&last| slice.first_macroblock <= last) {
            return Err(damaged("overlapping slices"));
        }
        picture.starts.push(slice.first_macroblock);
        if slice.picture != picture.header {
            return Err(unsupported("slices of one frame with different headers"));
        }
        if has_large_transform && !slice.first_macroblock.is_multiple_of(sequence.macroblocks.0) {
            return Err(unsupported("slices that begin inside a row, with the 8x8 transform"));
        }
        if picture.header.marking.makes_long_term() {
            return Err(unsupported("long-term references in several slices"));
        }
        self.count_work(sequence, slice.first_macroblock)
    }

    /// Ends the current picture, which was decoded.
    pub(super) fn finish(&mut self) -> Result<Decoded, Error> {
        let (Some(picture), Some(sequence)) = (self.current.take(), self.active) else {
            return Err(damaged("slice outside of a frame"));
        };
        self.is_complete = true;
        self.references.finish(&picture.header, &sequence)?;
        let columns = sequence.macroblocks.0;
        let ends = picture.starts.iter().map(|start| start - 1);
        let slice_ends = ends.map(|end| (end % columns, end / columns)).collect();
        Ok(Decoded { range: sequence.range, slice_ends })
    }
}

/// Refuses B slices for which the decoder has no tables, or a wrong order of references.
fn check_bipredicted(sequence: &SequenceParameters) -> Result<(), Error> {
    if sequence.is_baseline {
        return Err(damaged("B slices in the Baseline profile"));
    }
    match sequence.order {
        PictureOrder::Cycle { .. } => Err(unsupported("B slices with pic_order_cnt_type 1")),
        _ => Ok(()),
    }
}

/// Stores a set in place of the one with the same ID.
pub(super) fn replace<T>(sets: &mut Vec<T>, set: T, id: impl Fn(&T) -> u32) {
    match sets.iter_mut().find(|it| id(it) == id(&set)) {
        Some(stored) => *stored = set,
        None => sets.push(set),
    }
}

#[cfg(test)]
mod tests {
    use super::Stream;
    use crate::error::Error;
    use crate::video::frame_limits::FREE_PIXELS;
    use ownprint_pixels::{LimitKind, Limits};

    /// Parameter sets of 64x64 pixels, and the header of an IDR slice.
    const UNITS: [&[u8]; 3] = [
        &[0x67, 66, 0, 51, 0xda, 0x10, 0x99],
        &[0x68, 0xce, 0x3c, 0x80],
        &[0x65, 0x88, 0x84, 0xf8],
    ];

    /// Returns the outcome of one more frame after this many pixels.
    fn outcome(pixels: u64, limits: &Limits, file_bytes: u64) -> Result<bool, Error> {
        let mut stream = Stream::new(limits, file_bytes);
        stream.limits.pixels = pixels;
        UNITS.iter().try_fold(true, |all, unit| Ok(all & stream.accept(unit)?))
    }

    #[test]
    fn the_pixels_of_all_frames_are_bounded_by_the_length_of_the_file() {
        let limits = Limits::default();
        assert_eq!(outcome(FREE_PIXELS - 64 * 64, &limits, 1000), Ok(true));
        let error = outcome(FREE_PIXELS, &limits, 1000).unwrap_err();
        assert!(
            matches!(
                error,
                Error::LimitExceeded { kind: LimitKind::Expansion, allowed: 100_000, .. }
            ),
            "{error}"
        );
        assert_eq!(outcome(FREE_PIXELS, &limits, 1 << 20), Ok(true));
        let generous = Limits { expansion: u32::MAX, ..limits };
        assert_eq!(outcome(FREE_PIXELS, &generous, 1000), Ok(true));
    }
}
