//! Decodes H.264 access units to frames with `rusty_h264-decoder`.

use rusty_h264_decoder::{DecodeError, Decoder};

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ColourMatrix, ColourRange, Limits, Plane, Size, YuvPlanes};

use super::errors::{damaged, unsupported};
use super::mp4::byte_stream;
use super::parameters::SequenceParameters;
use crate::detail::short;
use crate::error::Error;

/// The maximum of reference frames in the decoder, and the frames it holds in addition.
const MAX_REFERENCES: u64 = 16;
const EXTRA_FRAMES: u64 = 4;

/// The kind of a NAL unit, by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UnitKind {
    /// Not needed for decoding.
    Other,
    /// A slice of a picture that is no reference.
    Disposable,
    /// A slice of a reference picture.
    Reference,
    /// A slice of an IDR picture, which ends all references to earlier pictures.
    Idr,
    /// A sequence or picture parameter set.
    Parameters,
}

/// Returns the kind of a NAL unit.
pub(super) fn kind(unit: &[u8]) -> UnitKind {
    match unit.first().map_or((0, 0), |header| (header & 31, header >> 5 & 3)) {
        (1, 0) => UnitKind::Disposable,
        (1, _) => UnitKind::Reference,
        (5, _) => UnitKind::Idr,
        (7 | 8, _) => UnitKind::Parameters,
        _ => UnitKind::Other,
    }
}

/// A decoder with limits.
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

    /// Decodes the units of a sample, and returns the frame if they complete one.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] before the decoder allocates memory for the parameters,
    /// [`Error::UnsupportedVideo`], [`Error::DamagedVideo`].
    pub(super) fn decode(&mut self, units: &[&[u8]]) -> Result<Option<Frame>, Error> {
        for unit in units {
            if holds_start(unit) {
                return Err(damaged("start code inside a NAL unit"));
            }
            if unit.first().is_some_and(|header| header & 31 == 7) {
                self.range = check(&SequenceParameters::read(unit)?, &self.limits)?;
            }
        }
        let stream = byte_stream(units);
        let frame = self.decoder.decode(&stream.0).map_err(refusal)?;
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
    /// Returns the planes with the matrix BT.601, independent of the video, as in the reference
    /// implementation of vPDQ.
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

/// Returns `true` if the unit contains a start code.
///
/// The decoder reads a byte stream and would decode the hidden unit, such as a parameter set that
/// was not checked against the limits. Encoders escape start codes (7.4.1.1), but some write zeros
/// at the end.
fn holds_start(unit: &[u8]) -> bool {
    let end = unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let unit = unit.get(..end).unwrap_or_default();
    unit.windows(3).any(|bytes| matches!(bytes, [0, 0, 0 | 1]))
}

/// Checks the parameters against the limits, and returns the colour range.
fn check(parameters: &SequenceParameters, limits: &Limits) -> Result<ColourRange, Error> {
    let (columns, rows) = parameters.coded;
    let size = Size {
        width: u32::try_from(columns).unwrap_or(u32::MAX),
        height: u32::try_from(rows).unwrap_or(u32::MAX),
    };
    let frames = parameters.references.min(MAX_REFERENCES) + EXTRA_FRAMES;
    let bytes = size.pixels().saturating_mul(3).div_ceil(2).saturating_mul(frames);
    limits.check_image(size, bytes)?;
    Ok(parameters.range)
}

fn refusal(error: DecodeError) -> Error {
    match error {
        DecodeError::Unsupported(what) => unsupported(short(what)),
        error => damaged(short(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::holds_start;

    #[test]
    fn a_start_code_is_found_anywhere_in_a_unit() {
        for unit in
            [&[0x65, 0, 0, 1, 0x67][..], &[0, 0, 1], &[0x65, 0, 0, 0, 1], &[0x65, 7, 0, 0, 0, 9]]
        {
            assert!(holds_start(unit), "{unit:?}");
        }
        // Escaped by a 3, or zeros at the end.
        for unit in [
            &[][..],
            &[0],
            &[0x65, 0, 0, 3, 1],
            &[0x65, 0, 1],
            &[0x65, 0x80, 0, 0, 0, 0],
            &[0, 0, 0],
        ] {
            assert!(!holds_start(unit), "{unit:?}");
        }
    }
}
