//! Checks the units of an HEVC stream before the decoder reads them, and its frames afterwards.

use std::rc::Rc;

use ownprint_pixels::{ColourRange, Limits};
use rust_h265::{Frame, PixelData};

use super::parameters::{PictureParameters, SequenceParameters};
use super::reference_sets::MAX_PICTURES;
use super::references::{PictureKind, References, SliceReferences};
use crate::error::Error;
use crate::video::bits::{Bits, out_of_range};
use crate::video::errors::{damaged, unsupported};
use crate::video::frame_limits::FrameLimits;
use crate::video::nal;

/// The bytes at the beginning of a slice that contain what is checked: up to 16 short-term and 33
/// long-term references.
const SLICE_HEADER_BYTES: usize = 640;
/// The bytes of a unit's header.
pub(super) const UNIT_HEADER: usize = 2;

/// The kind of a NAL unit, by its header (HEVC, 7.4.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    Slice(SliceKind),
    /// A sequence or picture parameter set.
    Parameters,
    /// The end of a sequence or of the stream.
    End,
    /// Not needed for decoding, or of another layer (of depth, transparency or a second view).
    Other,
}

/// The type of a slice's NAL unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SliceKind(u8);

impl SliceKind {
    /// Returns `true` if decoding can start here.
    pub(super) fn is_random_access(self) -> bool {
        self.0 >= 16
    }

    /// Returns `true` for a random access point after which leading pictures are never decoded.
    pub(super) fn is_broken_link(self) -> bool {
        (16..=18).contains(&self.0)
    }

    /// Returns `true` for a random access point whose leading pictures may refer to pictures before
    /// it.
    pub(super) fn is_clean(self) -> bool {
        self.0 == 21
    }

    /// Returns `true` for a random access point that is the start of a sequence, in which no
    /// picture before it is needed.
    pub(super) fn is_instant(self) -> bool {
        matches!(self.0, 19 | 20)
    }

    /// Returns `true` for a leading picture, which precedes its random access point on display.
    fn is_leading(self) -> bool {
        (6..=9).contains(&self.0)
    }

    /// Returns `true` for a leading picture that may refer to pictures before the random access
    /// point.
    pub(super) fn is_skipped_leading(self) -> bool {
        matches!(self.0, 8 | 9)
    }

    /// Returns `true` if no picture of the same temporal layer refers to the picture.
    pub(super) fn is_never_referred(self) -> bool {
        self.0 < 16 && self.0.is_multiple_of(2)
    }
}

fn unit_type(unit: &[u8]) -> Option<u8> {
    let [first, second, ..] = *unit else { return None };
    let is_base_layer = first & 1 == 0 && second >> 3 == 0;
    is_base_layer.then_some(first >> 1 & 0x3f)
}

/// Returns the kind of a NAL unit.
pub(super) fn kind(unit: &[u8]) -> UnitKind {
    match unit_type(unit) {
        Some(kind @ (0..=9 | 16..=21)) => UnitKind::Slice(SliceKind(kind)),
        Some(33 | 34) => UnitKind::Parameters,
        Some(36 | 37) => UnitKind::End,
        _ => UnitKind::Other,
    }
}

/// Returns the temporal layer of a unit, from 0.
pub(super) fn temporal_layer(unit: &[u8]) -> u8 {
    unit.get(1).map_or(0, |byte| byte & 7).saturating_sub(1)
}

/// Returns `true` if later order counts are relative to that of this picture (HEVC, 8.3.1).
pub(super) fn is_anchor(kind: SliceKind, layer: u8) -> bool {
    layer == 0 && !kind.is_leading() && !kind.is_never_referred()
}

pub(super) fn is_sequence_set(unit: &[u8]) -> bool {
    unit_type(unit) == Some(33)
}

/// The state of a stream: its parameter sets, and the current picture.
pub(super) struct Stream {
    limits: FrameLimits,
    sequence_sets: Vec<Rc<SequenceParameters>>,
    picture_sets: Vec<PictureParameters>,
    has_started: bool,
    /// Whether a sequence has ended since the last picture.
    is_after_end: bool,
    references: References,
    /// The sequence parameter set of the last picture.
    active: Option<Rc<SequenceParameters>>,
    /// The first coding tree block of each slice segment of the current picture.
    starts: Vec<u64>,
}

impl Stream {
    pub(super) fn new(limits: &Limits, file_bytes: u64) -> Self {
        Self {
            limits: FrameLimits::new(limits, file_bytes),
            sequence_sets: Vec::new(),
            picture_sets: Vec::new(),
            has_started: false,
            is_after_end: false,
            references: References::default(),
            active: None,
            starts: Vec::new(),
        }
    }

    /// Starts a sample, which has a maximum of one picture.
    pub(super) fn start_sample(&mut self) {
        self.starts.clear();
    }

    /// Returns the colour range of the last picture.
    pub(super) fn range(&self) -> ColourRange {
        self.active.as_ref().map_or(ColourRange::Limited, |active| active.range)
    }

    /// Checks a unit, and returns `true` if it is to be decoded.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`], [`Error::UnsupportedVideo`], [`Error::DamagedVideo`].
    pub(super) fn accept(&mut self, unit: &[u8]) -> Result<bool, Error> {
        let body = unit.get(UNIT_HEADER..).unwrap_or_default();
        match kind(unit) {
            UnitKind::Other => return Ok(false),
            UnitKind::End => self.is_after_end = true,
            UnitKind::Parameters if is_sequence_set(unit) => {
                let set = SequenceParameters::read(&nal::payload(body)?.0)?;
                set.check(&self.limits)?;
                self.sequence_sets.retain(|it| it.id != set.id);
                self.sequence_sets.push(Rc::new(set));
            }
            UnitKind::Parameters => {
                let set = PictureParameters::read(&nal::payload(body)?.0)?;
                self.picture_sets.retain(|it| it.id != set.id);
                self.picture_sets.push(set);
            }
            UnitKind::Slice(kind) => {
                let start = body.get(..SLICE_HEADER_BYTES).unwrap_or(body);
                self.slice(kind, temporal_layer(unit), &nal::payload(start)?.0)?;
            }
        }
        Ok(true)
    }

    /// Checks the beginning of a slice segment header (HEVC, 7.3.6.1).
    fn slice(&mut self, kind: SliceKind, layer: u8, header: &[u8]) -> Result<(), Error> {
        let mut bits = Bits::of(header);
        let is_first = bits.flag()?;
        let mut discards_frames = false;
        if kind.is_random_access() {
            discards_frames = bits.flag()? || kind.is_clean();
        } else if !self.has_started {
            return Err(unsupported("a stream that does not begin with a random access point"));
        }
        let missing = || damaged("missing parameter set");
        let id = bits.golomb()?;
        let parameters = *self.picture_sets.iter().find(|it| it.id == id).ok_or_else(missing)?;
        let sequence = self.sequence_sets.iter().find(|it| it.id == parameters.sequence);
        let sequence = Rc::clone(sequence.ok_or_else(missing)?);
        let (columns, rows) = sequence.blocks();
        let count = columns * rows;
        if is_first {
            if !self.starts.is_empty() {
                return Err(damaged("more than one frame in a sample"));
            }
            // Of a picture's slices, the first has its references.
            let is_restart = kind.is_random_access()
                && (!kind.is_clean() || !self.has_started || self.is_after_end);
            if is_restart && discards_frames && self.has_started && sequence.has_reordering {
                // Which of them depends on when the decoder shows each frame.
                return Err(unsupported("frames that are discarded before they are shown"));
            }
            let is_anchor = is_anchor(kind, layer);
            bits.number(parameters.extra_bits)?;
            // The type of the slice: any may be the first.
            bits.golomb()?;
            let picture = PictureKind { is_restart, is_anchor };
            self.check_references(&mut bits, kind, picture, &sequence)?;
            (self.has_started, self.is_after_end) = (true, false);
            self.active = Some(Rc::clone(&sequence));
        } else if self.starts.is_empty() || self.active.as_ref() != Some(&sequence) {
            return Err(damaged("slice outside of a frame"));
        }
        let mut address = 0;
        if !is_first {
            if parameters.has_dependent_slices {
                bits.flag()?;
            }
            address = u64::from(bits.number(count.next_power_of_two().trailing_zeros())?);
            if address == 0 || address >= count {
                return Err(out_of_range());
            }
            if self.starts.contains(&address) {
                return Err(damaged("overlapping slices"));
            }
        }
        self.starts.push(address);
        // As far as the slice may reach.
        let block = u64::from(sequence.block).pow(2);
        self.limits.count(sequence.size.pixels().min((count - address).saturating_mul(block)))
    }

    /// Checks that the references of a picture, whose slice header `bits` reads, were decoded.
    fn check_references(
        &mut self,
        bits: &mut Bits<'_>,
        kind: SliceKind,
        picture: PictureKind,
        sequence: &SequenceParameters,
    ) -> Result<(), Error> {
        let references = if kind.is_instant() {
            SliceReferences::default()
        } else {
            SliceReferences::read(bits, &sequence.references)?
        };
        let held = self.references.add(&references, picture, sequence)?;
        if held > MAX_PICTURES + 1 {
            return Err(damaged("more reference frames than any decoder holds"));
        }
        // Some encoders state fewer than they use.
        let memory = sequence.memory(held.max(sequence.pictures));
        self.limits.check(sequence.size, memory)
    }

    /// Returns an error if a slice of the current picture is missing.
    ///
    /// The decoder fills its blocks with grey and reports nothing. The blocks before each slice and
    /// at the end of the picture are looked at; a picture that is grey everywhere has no detail to
    /// hash.
    pub(super) fn check_blocks(&self, frame: &Frame) -> Result<(), Error> {
        let Some(sequence) = &self.active else { return Ok(()) };
        let (columns, rows) = sequence.blocks();
        let ends = self.starts.iter().filter_map(|start| start.checked_sub(1));
        let is_missing = |block: u64| {
            let (x, y) = (block % columns, block / columns);
            is_grey(frame, (x, y), sequence.block)
        };
        let is_damaged = ends.chain([columns * rows - 1]).any(is_missing)
            && !(0..columns * rows).all(is_missing);
        if is_damaged { Err(damaged("missing slice")) } else { Ok(()) }
    }
}

/// Returns `true` if the middle of a block has the grey of missing blocks in all planes. The
/// filters of its edges do not reach the middle.
fn is_grey(frame: &Frame, (column, row): (u64, u64), block: u32) -> bool {
    let grey = 1_u16 << (frame.bit_depth - 1);
    let (width, height) = (frame.width as usize, frame.height as usize);
    let side = block as usize;
    let range = |index: u64, length: usize| {
        let start = (index as usize * side + side / 4).min(length.saturating_sub(1));
        start..(index as usize * side + side * 3 / 4).min(length).max(start + 1)
    };
    let (columns, rows) = (range(column, width), range(row, height));
    [(&frame.y, 1), (&frame.u, 2), (&frame.v, 2)].iter().all(|(plane, scale)| {
        let stride = width.div_ceil(*scale);
        rows.clone().step_by(*scale).all(|y| {
            columns.clone().step_by(*scale).all(|x| {
                let at = y / scale * stride + x / scale;
                match plane {
                    PixelData::U8(samples) => samples.get(at).copied().map(u16::from),
                    PixelData::U16(samples) => samples.get(at).copied(),
                }
                .is_none_or(|sample| sample == grey)
            })
        })
    })
}
