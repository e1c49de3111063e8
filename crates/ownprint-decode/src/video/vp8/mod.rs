//! Decodes VP8 (RFC 6386) with `oxideav-vp8`.

mod segments;

use oxideav_vp8::Vp8DecoderState;

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ColourRange, Limits, Size};

use self::segments::Segments;
use super::codec::{Codec, SampleInfo, SampleKind};
use super::errors::damaged;
use super::frame::Frame;
use super::frame_limits::FrameLimits;
use crate::detail::short;
use crate::error::Error;

/// Bytes that the decoder may allocate for each pixel of a frame: the three references, the frame,
/// its copy for the caller, and the coefficients and modes of its macroblocks.
const BYTES_PER_PIXEL: u64 = 24;

/// A decoder with limits.
pub(super) struct Vp8 {
    decoder: Vp8DecoderState,
    limits: FrameLimits,
    /// The size of the last key frame.
    size: Option<Size>,
    segments: Segments,
}

impl Vp8 {
    pub(super) fn new(limits: &Limits, file_bytes: u64) -> Self {
        Self {
            decoder: Vp8DecoderState::new().with_max_pixels_per_frame(limits.pixels),
            limits: FrameLimits::new(limits, file_bytes),
            size: None,
            segments: Segments::default(),
        }
    }
}

/// The beginning of a frame (RFC 6386, 9.1).
struct Header<'a> {
    is_key: bool,
    is_shown: bool,
    /// The first partition.
    partition: &'a [u8],
    /// The size of a key frame.
    size: Option<Size>,
}

impl<'a> Header<'a> {
    fn read(sample: &'a [u8]) -> Option<Self> {
        let (tag, rest) = sample.split_first_chunk::<3>()?;
        let (is_key, is_shown) = (tag[0] & 1 == 0, tag[0] & 0x10 != 0);
        // The upper two bits of each side only ask the player to scale.
        let size = rest.strip_prefix(&[0x9d, 0x01, 0x2a]).and_then(|rest| {
            let side =
                |at: usize| Some(u32::from(*rest.get(at)?) | u32::from(*rest.get(at + 1)?) << 8);
            Some(Size { width: side(0)? & 0x3fff, height: side(2)? & 0x3fff })
        });
        let partition = rest.get(if is_key { 7 } else { 0 }..).unwrap_or_default();
        let length =
            usize::from(tag[0]) >> 5 | usize::from(tag[1]) << 3 | usize::from(tag[2]) << 11;
        let partition = partition.get(..length).unwrap_or(partition);
        Some(Self { is_key, is_shown, partition, size: size.filter(|_| is_key) })
    }
}

impl Codec for Vp8 {
    /// The probabilities of a frame may be those of any frame since the last key frame, so that all
    /// of them are needed.
    fn inspect(&mut self, sample: &[u8]) -> SampleInfo {
        let Some(header) = Header::read(sample) else {
            return SampleInfo::new(SampleKind::Reference);
        };
        let kind = if header.is_key { SampleKind::Start } else { SampleKind::Reference };
        SampleInfo { is_shown: header.is_shown, ..SampleInfo::new(kind) }
    }

    fn decode(
        &mut self,
        sample: &[u8],
        is_wanted: bool,
        _check: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Option<Frame>, Error> {
        let header = Header::read(sample).ok_or_else(|| damaged("truncated frame"))?;
        if header.is_key {
            let size = header.size.ok_or_else(|| damaged("key frame without a start code"))?;
            // Whole macroblocks.
            let padded = |side: u32| u64::from(side.next_multiple_of(16));
            let memory = padded(size.width) * padded(size.height) * BYTES_PER_PIXEL;
            self.limits.check(size, memory)?;
            self.size = Some(size);
        }
        let size =
            self.size.ok_or_else(|| damaged("a stream that does not begin with a key frame"))?;
        self.limits.count(size.pixels())?;
        self.segments.check(header.partition, header.is_key)?;
        let frame = self
            .decoder
            .decode_frame(sample)
            .map_err(|error| damaged(short(&error.to_string())))?;
        let size = Size { width: frame.width, height: frame.height };
        let planes = [frame.y, frame.u, frame.v].map(WipedBytes);
        let frame = Frame { size, planes, range: ColourRange::Limited };
        Ok(Some(frame).filter(|_| is_wanted))
    }
}
