//! Decodes H.264 access units to frames with `rusty_h264-decoder`.

use rusty_h264_decoder::{DecodeError, Decoder};

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ColourMatrix, ColourRange, Limits, Plane, Size, YuvPlanes};

use super::errors::{damaged, unsupported};
use super::stream::{Decoded, Stream};
use super::units::{byte_stream, trimmed};
use crate::detail::short;
use crate::error::Error;

/// A decoder with limits.
pub(super) struct H264 {
    decoder: Decoder,
    stream: Stream,
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
    /// Returns a decoder for a file of this length.
    pub(super) fn new(limits: &Limits, file_bytes: u64) -> Self {
        Self { decoder: Decoder::new(), stream: Stream::new(limits, file_bytes) }
    }

    /// Starts a sample, which has a maximum of one frame.
    pub(super) fn start_sample(&mut self) {
        self.stream.start_sample();
    }

    /// Decodes a unit of a sample, and returns the frame if the unit completes it.
    ///
    /// The decoder reads only units that [`Stream`] has checked.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] before the decoder allocates memory for the parameters,
    /// [`Error::UnsupportedVideo`], [`Error::DamagedVideo`].
    pub(super) fn decode(&mut self, unit: &[u8]) -> Result<Option<Frame>, Error> {
        let unit = trimmed(unit);
        if !self.stream.accept(unit)? {
            return Ok(None);
        }
        let stream = byte_stream(unit);
        let Some(frame) = self.decoder.decode(&stream.0).map_err(refusal)? else {
            return Ok(None);
        };
        let size = Size { width: frame.width as u32, height: frame.height as u32 };
        let [luma, blue, red] = [frame.y, frame.u, frame.v].map(WipedBytes);
        let Decoded { range, slice_ends } = self.stream.finish()?;
        let frame = Frame { size, luma, blue, red, range };
        if slice_ends.into_iter().any(|end| frame.is_missing(end)) {
            return Err(damaged("missing slice"));
        }
        Ok(Some(frame))
    }
}

impl Frame {
    /// Returns `true` if the macroblock was not decoded.
    ///
    /// The decoder leaves its samples 0 and reports nothing. No colour has three samples of 0.
    fn is_missing(&self, (column, row): (u64, u64)) -> bool {
        let Size { width, height } = self.size;
        // The middle of the macroblock, which the filter of its edges does not reach.
        let x = (16 * column + 8).min(u64::from(width).saturating_sub(1)) as usize;
        let y = (16 * row + 8).min(u64::from(height).saturating_sub(1)) as usize;
        let (stride, half) = (width as usize, width.div_ceil(2) as usize);
        let chroma = y / 2 * half + x / 2;
        [(&self.luma, y * stride + x), (&self.blue, chroma), (&self.red, chroma)]
            .iter()
            .all(|(plane, at)| plane.0.get(*at) == Some(&0))
    }

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

fn refusal(error: DecodeError) -> Error {
    match error {
        DecodeError::Unsupported(what) => unsupported(short(what)),
        error => damaged(short(&error.to_string())),
    }
}
