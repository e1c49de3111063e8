//! Decodes AV1 with `rusty_av1d`, a fork of rav1d without assembly and C.
//!
//! "AV1" below is the AV1 Bitstream & Decoding Process Specification.

use rusty_av1d::{Decoder, Picture, PixelLayout, PlanarImageComponent, Rav1dError, Settings};

use ownprint_pixels::{ColourRange, Limits, Size};

use super::bits::Bits;
use super::codec::{Codec, SampleInfo, SampleKind};
use super::errors::{damaged, unsupported};
use super::frame::{Frame, high_bits};
use super::frame_limits::FrameLimits;
use crate::error::Error;
use crate::obu::{self, Obu};

/// Bytes that the decoder may allocate for each pixel of a frame: eight references and the frame,
/// with chroma and up to 16 bits, their motion and segments, and the copy for the caller.
const BYTES_PER_PIXEL: u64 = 40;
/// The bytes of `av1C` before its units.
const RECORD_HEADER: usize = 4;

/// Returns the bytes that the decoder may allocate for frames of this size.
fn memory(size: Size) -> u64 {
    let padded = |side: u32| u64::from(side).next_multiple_of(128);
    (padded(size.width) * padded(size.height)).saturating_mul(BYTES_PER_PIXEL)
}

/// A decoder with limits.
pub(super) struct Av1 {
    decoder: Decoder,
    limits: FrameLimits,
    /// The pixels that a frame may have by the last sequence header and the limits.
    pixels: u64,
    /// The limit that frames of the maximum size of the sequence would exceed.
    excess: Option<Error>,
}

impl Av1 {
    /// Returns a decoder for a track with this `av1C` record.
    pub(super) fn open(
        record: Option<&[u8]>,
        limits: &Limits,
        file_bytes: u64,
    ) -> Result<Self, Error> {
        let mut settings = Settings::new();
        settings.set_n_threads(1);
        settings.set_max_frame_delay(1);
        settings.set_all_layers(false);
        let limits = FrameLimits::new(limits, file_bytes);
        // A frame may be larger than its sequence header says.
        let most = limits.for_file.pixels.min(limits.for_file.memory / BYTES_PER_PIXEL).max(1);
        settings.set_frame_size_limit(u32::try_from(most).unwrap_or(u32::MAX));
        let units = record.and_then(|record| record.get(RECORD_HEADER..)).unwrap_or_default();
        let mut codec = Self {
            decoder: Decoder::with_settings(&settings).map_err(refusal)?,
            limits,
            pixels: most,
            excess: None,
        };
        if !units.is_empty() {
            codec.check(units)?;
            codec.push(units)?;
        }
        Ok(codec)
    }

    /// Checks the sequence headers in a sample before the decoder reads them, counts its frames,
    /// and returns their number.
    ///
    /// Streams whose frames can be switched state a maximum size that no frame may have. So the
    /// decoder compares each frame with the limits.
    fn check(&mut self, sample: &[u8]) -> Result<usize, Error> {
        for unit in obu::units(sample).filter(|unit| unit.kind == obu::SEQUENCE_HEADER) {
            let size = maximum_size(unit.body)?;
            self.excess = self.limits.check(size, memory(size)).err();
            let limits = &self.limits.for_file;
            self.pixels = size.pixels().min(limits.pixels).min(limits.memory / BYTES_PER_PIXEL);
        }
        let frames = obu::count_frames(sample);
        self.limits.count(self.pixels.saturating_mul(frames as u64))?;
        Ok(frames)
    }

    /// Passes units to the decoder, and returns the frame that it shows.
    fn push(&mut self, units: &[u8]) -> Result<Option<Picture>, Error> {
        self.shown_frame(units).map_err(|error| match error {
            Rav1dError::OutOfRange => self.excess.take().unwrap_or_else(|| refusal(error)),
            _ => refusal(error),
        })?
    }

    fn shown_frame(&mut self, units: &[u8]) -> Result<Result<Option<Picture>, Error>, Rav1dError> {
        let mut outcome = self.decoder.send_data(units.to_vec().into(), None, None, None);
        let mut shown = None;
        loop {
            match self.decoder.get_picture() {
                Ok(frame) => {
                    if shown.replace(frame).is_some() {
                        // Each would be a frame of its own, of the same time.
                        return Ok(Err(unsupported("several shown frames in one sample")));
                    }
                }
                Err(Rav1dError::TryAgain) => match outcome {
                    // The decoder waited until its frames were taken.
                    Err(Rav1dError::TryAgain) => outcome = self.decoder.send_pending_data(),
                    _ => break,
                },
                Err(error) => return Err(error),
            }
        }
        outcome.map(|()| Ok(shown))
    }
}

impl Codec for Av1 {
    /// Decoding can start at a sample with a sequence header and a key frame that is shown.
    fn inspect(&mut self, sample: &[u8]) -> SampleInfo {
        let mut has_sequence = false;
        for unit in obu::units(sample) {
            match unit.kind {
                obu::SEQUENCE_HEADER => has_sequence = true,
                obu::FRAME | obu::FRAME_HEADER => {
                    let starts = has_sequence && is_shown_key_frame(&unit);
                    let kind = if starts { SampleKind::Start } else { SampleKind::Reference };
                    return SampleInfo::new(kind);
                }
                _ => {}
            }
        }
        SampleInfo::new(SampleKind::Reference)
    }

    fn decode(
        &mut self,
        sample: &[u8],
        is_wanted: bool,
        check: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Option<Frame>, Error> {
        for _ in 0..self.check(sample)? {
            check()?;
        }
        let shown = self.push(sample)?;
        shown.filter(|_| is_wanted).map(|frame| copied(&frame)).transpose()
    }
}

/// Reads the first bits of a frame header (AV1, 5.9.2).
fn is_shown_key_frame(unit: &Obu<'_>) -> bool {
    // Shows an existing frame, the kind of frame (0 for a key frame), is shown.
    unit.body.first().is_some_and(|first| first >> 4 == 1)
}

/// Returns the maximum size of a frame in a sequence header (AV1, 5.5.1).
fn maximum_size(header: &[u8]) -> Result<Size, Error> {
    let mut bits = Bits::of(header);
    bits.number(4)?;
    let is_reduced = bits.flag()?;
    if is_reduced {
        bits.number(5)?;
    } else {
        let model = if bits.flag()? { timing(&mut bits)? } else { None };
        let has_delay = bits.flag()?;
        for _ in 0..=bits.number(5)? {
            bits.number(12)?;
            if bits.number(5)? > 7 {
                bits.flag()?;
            }
            if let Some(length) = model
                && bits.flag()?
            {
                bits.number(length)?;
                bits.number(length)?;
                bits.flag()?;
            }
            if has_delay && bits.flag()? {
                bits.number(4)?;
            }
        }
    }
    let (columns, rows) = (bits.number(4)? + 1, bits.number(4)? + 1);
    let side = |bits: Result<u32, Error>| bits.map(|side| side.saturating_add(1));
    Ok(Size { width: side(bits.number(columns))?, height: side(bits.number(rows))? })
}

/// Skips the timing information, and returns the length in bits of the delays of the decoder model,
/// if there is one (AV1, 5.5.3 and 5.5.4).
fn timing(bits: &mut Bits<'_>) -> Result<Option<u32>, Error> {
    bits.number(32)?;
    bits.number(32)?;
    if bits.flag()? {
        bits.golomb()?;
    }
    if !bits.flag()? {
        return Ok(None);
    }
    let length = bits.number(5)? + 1;
    bits.number(32)?;
    bits.number(10)?;
    Ok(Some(length))
}

fn copied(frame: &Picture) -> Result<Frame, Error> {
    if frame.pixel_layout() != PixelLayout::I420 {
        return Err(unsupported("chroma other than 4:2:0"));
    }
    let size = Size { width: frame.width(), height: frame.height() };
    let depth = frame.bits_per_component().map_or(8, |bits| bits.0) as u32;
    if depth > 10 {
        return Err(unsupported("AV1 of more than 10 bits a sample"));
    }
    let half = (size.width.div_ceil(2) as usize, size.height.div_ceil(2) as usize);
    let whole = (size.width as usize, size.height as usize);
    let [y, u, v] = [PlanarImageComponent::Y, PlanarImageComponent::U, PlanarImageComponent::V];
    let planes = [(y, whole), (u, half), (v, half)].map(|(component, (columns, rows))| {
        let (data, stride) = (frame.plane(component), frame.stride(component) as usize);
        let bytes = if depth == 8 { 1 } else { 2 };
        let lines = (0..rows).map(|row| data.get(row * stride..).unwrap_or_default());
        let samples = lines.flat_map(|row| row.chunks_exact(bytes).take(columns));
        high_bits(
            columns * rows,
            samples.map(|sample| match *sample {
                [low, high] => u16::from_ne_bytes([low, high]),
                [sample] => sample.into(),
                _ => 0,
            }),
            depth,
        )
    });
    // As in ffmpeg, whose format of pixels has no range for this codec.
    Ok(Frame { size, planes, range: ColourRange::Limited })
}

fn refusal(error: Rav1dError) -> Error {
    match error {
        Rav1dError::UnsupportedBitstream => unsupported(error.as_str()),
        _ => damaged(error.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::maximum_size;
    use ownprint_pixels::Size;

    #[test]
    fn reads_the_maximum_size_of_a_sequence_header() {
        // Of a file by libaom: profile 0, one operating point, 8 and 7 bits for the sides.
        let header = [0x00, 0x00, 0x00, 0x02, 0xaf, 0xff, 0x9b, 0x5f];
        let size = maximum_size(&header).unwrap();
        assert!(size.width > 0 && size.height > 0, "{size}");
        assert!(maximum_size(&header[..3]).is_err());
    }

    #[test]
    fn reads_a_sequence_header_with_timing_and_delays() {
        let mut bits = String::new();
        let mut put = |value: u64, count: usize| write!(bits, "{value:0count$b}").unwrap();
        put(0, 4); // Profile, not a still picture.
        put(0, 1);
        put(1, 1); // Timing information.
        put(1, 32);
        put(30, 32);
        put(1, 1);
        put(1, 1); // An interval of one tick.
        put(1, 1); // A decoder model with delays of 10 bits.
        put(9, 5);
        put(1, 32);
        put(0, 10);
        put(1, 1); // Initial delays.
        put(1, 5); // Two operating points.
        for level in [8, 4] {
            put(0, 12);
            put(level, 5);
            if level > 7 {
                put(0, 1);
            }
            put(1, 1);
            put(5, 10);
            put(5, 10);
            put(0, 1);
            put(1, 1);
            put(3, 4);
        }
        put(10, 4);
        put(9, 4);
        put(1919, 11);
        put(799, 10);
        let bytes: Vec<u8> = bits
            .as_bytes()
            .chunks(8)
            .map(|bits| {
                bits.iter().fold(0, |byte, &bit| byte << 1 | (bit - b'0')) << (8 - bits.len())
            })
            .collect();
        assert_eq!(maximum_size(&bytes), Ok(Size { width: 1920, height: 800 }));
    }
}
