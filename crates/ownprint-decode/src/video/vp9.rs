//! Decodes VP9 with `rusty_vp9`.
//!
//! "VP9" below is version 0.7 of the VP9 Bitstream and Decoding Process Specification.

use rusty_vp9::{
    BitReader, Error as DecodeError, FrameHeader, Vp9Decoder, parse_uncompressed_header,
};

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ColourRange, Limits, Size};

use super::codec::{Codec, SampleInfo, SampleKind};
use super::errors::{damaged, unsupported};
use super::frame::Frame;
use super::frame_limits::FrameLimits;
use crate::detail::short;
use crate::error::Error;

/// Frames that the decoder holds: eight references, the current one, and two buffers to reuse.
const FRAMES: u64 = 11;
/// Bytes for each pixel in addition: modes and motion of two frames, segments, and the copy for the
/// caller.
const BYTES_PER_PIXEL: u64 = 8;

/// Returns the bytes that the decoder may allocate for frames of this size.
///
/// Its planes have 16 bits a sample and a border, and the length of a row is a power of two.
fn memory(size: Size) -> u64 {
    const BORDER: u64 = 72;
    let plane = |scale: u32| {
        let (columns, rows) = (size.width.div_ceil(scale), size.height.div_ceil(scale));
        (u64::from(columns) + BORDER).next_power_of_two() * (u64::from(rows) + BORDER) * 2
    };
    (plane(1) + 2 * plane(2)) * FRAMES + size.pixels() * BYTES_PER_PIXEL
}

/// A decoder with limits.
pub(super) struct Vp9 {
    decoder: Vp9Decoder,
    limits: FrameLimits,
    /// The sizes of the eight references.
    references: [(u32, u32); 8],
}

impl Vp9 {
    pub(super) fn new(limits: &Limits, file_bytes: u64) -> Self {
        Self {
            decoder: Vp9Decoder::new(),
            limits: FrameLimits::new(limits, file_bytes),
            references: [(0, 0); 8],
        }
    }

    /// Checks the header of a frame before the decoder reads it.
    fn check(&mut self, frame: &[u8]) -> Result<(), Error> {
        let header = header(frame, &self.references)?;
        if header.show_existing_frame {
            return Ok(());
        }
        let has_colours = header.key_frame || header.intra_only;
        if has_colours && (header.subsampling_x, header.subsampling_y) != (1, 1) {
            return Err(unsupported("chroma other than 4:2:0"));
        }
        // Not compared with ffmpeg: no encoder at hand writes it.
        if has_colours && header.bit_depth != 8 {
            return Err(unsupported("VP9 of more than 8 bits a sample"));
        }
        let size = Size { width: header.width, height: header.height };
        self.limits.check(size, memory(size))?;
        // Whole blocks are decoded, which counts for frames of a few pixels in width or height.
        let padded = |side: u32| u64::from(side).next_multiple_of(64);
        self.limits.count(padded(size.width) * padded(size.height))?;
        let refreshed = if header.key_frame { 0xff } else { header.refresh_frame_flags };
        for (slot, reference) in self.references.iter_mut().enumerate() {
            if refreshed >> slot & 1 == 1 {
                *reference = (header.width, header.height);
            }
        }
        Ok(())
    }
}

/// The first bits of a frame (VP9, 6.2), which do not depend on other frames.
struct FirstBits {
    is_key: bool,
    is_shown: bool,
}

impl FirstBits {
    fn at(frame: &[u8]) -> Option<Self> {
        let first = u32::from(*frame.first()?);
        let is_profile_3 = first >> 4 & 3 == 3;
        // A bit is reserved behind the profile 3.
        let bits = (first & 15) << u32::from(is_profile_3);
        let shows_existing = bits & 8 != 0;
        let is_shown = shows_existing || bits & 2 != 0;
        Some(Self { is_key: !shows_existing && bits & 4 == 0, is_shown })
    }
}

/// Parses the uncompressed header of a frame (VP9, 6.2).
fn header(frame: &[u8], references: &[(u32, u32); 8]) -> Result<FrameHeader, Error> {
    parse_uncompressed_header(&mut BitReader::new(frame), references)
        .map_err(|error| refusal(&error))
}

/// Returns the frames of a superframe (VP9, annex B), or the sample if it is none.
///
/// The decoder splits the sample in the same way.
fn frames(sample: &[u8]) -> Vec<&[u8]> {
    superframe(sample).filter(|frames| !frames.is_empty()).unwrap_or_else(|| vec![sample])
}

fn superframe(sample: &[u8]) -> Option<Vec<&[u8]>> {
    let marker = *sample.last()?;
    let (count, width) = (usize::from(marker & 7) + 1, usize::from(marker >> 3 & 3) + 1);
    let index_start = sample.len().checked_sub(2 + width * count)?;
    if marker & 0xe0 != 0xc0 || *sample.get(index_start)? != marker {
        return None;
    }
    let sizes = sample.get(index_start + 1..sample.len() - 1)?.chunks_exact(width);
    let mut start = 0_usize;
    let mut frames = Vec::with_capacity(count);
    for size in sizes {
        let size = size.iter().rev().fold(0_usize, |size, &byte| size << 8 | usize::from(byte));
        let end = start.saturating_add(size);
        frames.extend(sample.get(start..end));
        start = end;
    }
    Some(frames)
}

impl Codec for Vp9 {
    /// The motion and segments of a frame are predicted from the previous one, whether or not it is
    /// a reference, so that all frames since the last key frame are needed.
    fn inspect(&mut self, sample: &[u8]) -> SampleInfo {
        let frames: Vec<FirstBits> = frames(sample).into_iter().filter_map(FirstBits::at).collect();
        let starts = frames.first().is_some_and(|frame| frame.is_key);
        let kind = if starts { SampleKind::Start } else { SampleKind::Reference };
        let is_shown = frames.is_empty() || frames.iter().any(|it| it.is_shown);
        SampleInfo { is_shown, ..SampleInfo::new(kind) }
    }

    fn decode(
        &mut self,
        sample: &[u8],
        is_wanted: bool,
        check: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Option<Frame>, Error> {
        let frames = frames(sample);
        if frames.iter().copied().filter_map(FirstBits::at).filter(|it| it.is_shown).count() > 1 {
            // Each would be a frame of its own, of the same time.
            return Err(unsupported("several shown frames in one sample"));
        }
        for frame in &frames {
            self.check(frame)?;
        }
        self.decoder.push(sample, None).map_err(|error| refusal(&error))?;
        let mut shown = None;
        for _ in &frames {
            check()?;
            match self.decoder.next_frame() {
                Ok(frame) => shown = Some(frame),
                Err(DecodeError::Again) => {}
                Err(error) => return Err(refusal(&error)),
            }
        }
        let Some(frame) = shown.filter(|_| is_wanted) else { return Ok(None) };
        if (frame.subsampling_x, frame.subsampling_y) != (1, 1) {
            return Err(unsupported("chroma other than 4:2:0"));
        }
        let size = Size { width: frame.width, height: frame.height };
        let planes: [Vec<u8>; 3] =
            frame.planes.try_into().map_err(|_| damaged("a frame without three planes"))?;
        let planes = planes.map(WipedBytes);
        // As in ffmpeg, whose format of pixels has no range for this codec.
        Ok(Some(Frame { size, planes, range: ColourRange::Limited }))
    }
}

fn refusal(error: &DecodeError) -> Error {
    match error {
        DecodeError::Unsupported(what) => unsupported(short(what)),
        DecodeError::Unimplemented(what) => unsupported(short(what)),
        error => damaged(short(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Codec, Size, Vp9, frames, memory};
    use crate::error::Error;
    use ownprint_pixels::Limits;

    /// ffmpeg shows both.
    #[test]
    fn two_shown_frames_in_a_sample_are_unsupported() {
        // Each shows a reference.
        let sample = [0x88, 0x89, 0xc1, 1, 1, 0xc1];
        let decoded = Vp9::new(&Limits::default(), 6).decode(&sample, true, &mut || Ok(()));
        assert!(matches!(decoded, Err(Error::UnsupportedVideo { .. })));
    }

    #[test]
    fn long_and_narrow_frames_need_more_memory_than_their_pixels() {
        let of = |width, height| memory(Size { width, height });
        assert!(of(1, 65_535) > 300 << 20);
        assert!(of(256, 256) < 8 << 20);
        assert!(of(3840, 2160) < 400 << 20);
    }

    #[test]
    fn a_superframe_has_the_frames_of_its_index() {
        // Two frames of 3 and 1 bytes, with sizes of one byte.
        let sample = [7, 7, 7, 9, 0xc1, 3, 1, 0xc1];
        assert_eq!(frames(&sample), [&[7, 7, 7][..], &[9]]);
        // A marker without its twin, a frame that does not fit, and no marker.
        assert_eq!(frames(&[7, 7, 7, 9, 0xc2, 3, 1, 0xc1]).len(), 1);
        assert_eq!(frames(&[7, 0xc1, 200, 1, 0xc1]), [&[7, 0xc1, 200, 1, 0xc1][..]]);
        assert_eq!(frames(&[]), [&[][..]]);
    }
}
