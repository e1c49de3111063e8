//! H.264 access units to frames, through `rusty_h264-decoder`.

use rusty_h264_decoder::{DecodeError, Decoder};

use super::errors::{damaged, unsupported};
use super::mp4::byte_stream;
use super::parameters::SequenceParameters;
use crate::detail::short;
use crate::error::Error;
use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ColourMatrix, ColourRange, Limits, Plane, Size, YuvPlanes};

/// Frames that a decoder may hold for others to refer to, at most, and those it works on.
const MOST_REFERENCES: u64 = 16;
const IN_WORK: u64 = 4;

/// What a unit is, by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UnitKind {
    /// Nothing that decoding needs.
    Other,
    /// A part of an image that no other refers to.
    Disposable,
    /// A part of an image that others may refer to.
    Reference,
    /// A part of an image before which nothing is referred to: an IDR image.
    Start,
    /// Parameters.
    Parameters,
}

/// The kind of a unit.
pub(super) fn kind(unit: &[u8]) -> UnitKind {
    match unit.first().map_or((0, 0), |header| (header & 31, header >> 5 & 3)) {
        (1, 0) => UnitKind::Disposable,
        (1, _) => UnitKind::Reference,
        (5, _) => UnitKind::Start,
        (7 | 8, _) => UnitKind::Parameters,
        _ => UnitKind::Other,
    }
}

/// A decoder under limits.
pub(super) struct H264 {
    decoder: Decoder,
    limits: Limits,
    range: ColourRange,
}

/// A decoded frame, overwritten on drop.
pub(super) struct Frame {
    pub(super) size: Size,
    luma: WipedBytes,
    blue: WipedBytes,
    red: WipedBytes,
    range: ColourRange,
}

impl H264 {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { decoder: Decoder::new(), limits: *limits, range: ColourRange::default() }
    }

    /// Decodes the units of a sample, and gives its frame once all of it is there.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] before a decoder takes memory for its parameters, [`Error::UnsupportedVideo`],
    /// [`Error::DamagedVideo`].
    pub(super) fn decode(&mut self, units: &[&[u8]]) -> Result<Option<Frame>, Error> {
        for unit in units {
            if holds_start(unit) {
                return Err(damaged("a part of a frame holds the start of another"));
            }
            if unit.first().is_some_and(|header| header & 31 == 7) {
                self.range = check(&SequenceParameters::read(unit)?, &self.limits)?;
            }
        }
        let stream = byte_stream(units);
        let frame = self.decoder.decode(&stream.0).map_err(explain)?;
        Ok(frame.map(|frame| Frame {
            size: Size { width: frame.width as u32, height: frame.height as u32 },
            luma: WipedBytes(frame.y),
            blue: WipedBytes(frame.u),
            red: WipedBytes(frame.v),
            range: self.range,
        }))
    }
}

impl Frame {
    /// The frame in BT.601, whatever the video says, as vPDQ's reference takes it.
    pub(super) fn planes(&self) -> Result<YuvPlanes<'_>, Error> {
        let Size { width, height } = self.size;
        let half = width.div_ceil(2) as usize;
        let luma = Plane { data: &self.luma.0, stride: width as usize };
        let blue = Plane { data: &self.blue.0, stride: half };
        let red = Plane { data: &self.red.0, stride: half };
        let planes = YuvPlanes::i420(width, height, luma, blue, red)?;
        Ok(planes.colours(ColourMatrix::Bt601, self.range))
    }
}

/// Whether the decoder, which is given a byte stream, would see a unit begin inside this one: parameters, say, that nobody compared
/// with the limits. No encoder writes such (7.4.1.1), but some leave zeros at the end.
fn holds_start(unit: &[u8]) -> bool {
    let end = unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let unit = unit.get(..end).unwrap_or_default();
    unit.windows(3).any(|bytes| matches!(bytes, [0, 0, 0 | 1]))
}

/// Whether a decoder may be given these parameters, and the range of the colours.
fn check(parameters: &SequenceParameters, limits: &Limits) -> Result<ColourRange, Error> {
    let (columns, rows) = parameters.coded;
    let size = Size {
        width: u32::try_from(columns).unwrap_or(u32::MAX),
        height: u32::try_from(rows).unwrap_or(u32::MAX),
    };
    let frames = parameters.references.min(MOST_REFERENCES) + IN_WORK;
    let bytes = size.pixels().saturating_mul(3).div_ceil(2).saturating_mul(frames);
    limits.check_image(size, bytes)?;
    Ok(parameters.range)
}

fn explain(error: DecodeError) -> Error {
    match error {
        DecodeError::Unsupported(what) => unsupported(short(what)),
        error => damaged(short(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::holds_start;

    #[test]
    fn a_unit_inside_a_unit_is_seen_wherever_it_begins() {
        for unit in [&[0x65, 0, 0, 1, 0x67][..], &[0, 0, 1], &[0x65, 0, 0, 0, 1], &[0x65, 7, 0, 0, 0, 9]] {
            assert!(holds_start(unit), "{unit:?}");
        }
        // Kept apart by a 3, or zeros that fill up the end.
        for unit in [&[][..], &[0], &[0x65, 0, 0, 3, 1], &[0x65, 0, 1], &[0x65, 0x80, 0, 0, 0, 0], &[0, 0, 0]]
        {
            assert!(!holds_start(unit), "{unit:?}");
        }
    }
}
