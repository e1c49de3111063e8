//! What a video codec must provide.

use super::frame::Frame;
use crate::error::Error;

/// What the headers of a sample say, before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SampleInfo {
    pub(super) kind: SampleKind,
    /// Whether the sample has a frame that is shown.
    pub(super) is_shown: bool,
    /// Whether later samples may need parameters of the sample, even if it is not decoded.
    pub(super) has_parameters: bool,
    /// The position of the frame among those since the last [`Start`](SampleKind::Start) on
    /// display; frames with the same are shown in decoding order. `None` if it is not known.
    pub(super) order: Option<i32>,
}

impl SampleInfo {
    /// A sample with a frame that is shown in decoding order, and without parameters.
    pub(super) fn new(kind: SampleKind) -> Self {
        Self { kind, is_shown: true, has_parameters: false, order: Some(0) }
    }
}

/// What later samples need of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SampleKind {
    /// Nothing: it can be skipped.
    Disposable,
    /// Its frames may be references of later samples.
    Reference,
    /// Nothing that precedes it is needed by it or by later samples.
    Start,
}

/// A decoder of a video stream, which gets its samples in decoding order.
pub(super) trait Codec {
    /// Reads the headers of a sample. Every sample is inspected once, in order, before the first is
    /// decoded. Of a damaged sample, the readable headers count.
    fn inspect(&mut self, sample: &[u8]) -> SampleInfo;

    /// Decodes a sample, and returns its frame if it `is_wanted` and has one. `check` is called
    /// between the parts of the sample.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] before the decoder allocates memory,
    /// [`Error::UnsupportedVideo`], [`Error::DamagedVideo`], and errors of `check`.
    fn decode(
        &mut self,
        sample: &[u8],
        is_wanted: bool,
        check: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Option<Frame>, Error>;

    /// Reads the parameters of a sample that is not decoded and has some.
    fn skip(&mut self, _sample: &[u8]) -> Result<(), Error> {
        Ok(())
    }
}

/// A codec as containers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodecName {
    H264,
    Hevc,
    Vp9,
    Vp8,
    Av1,
}

/// The codec of a track, and its configuration record.
#[derive(Debug)]
pub(super) struct Description {
    pub(super) codec: CodecName,
    /// `avcC`, `hvcC` or `av1C`, which other codecs and byte streams do not need.
    pub(super) record: Option<Vec<u8>>,
}

impl CodecName {
    /// Returns the stable name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::Hevc => "hevc",
            Self::Vp9 => "vp9",
            Self::Vp8 => "vp8",
            Self::Av1 => "av1",
        }
    }

    /// Returns `true` if this build decodes the codec.
    pub(super) fn is_decoded(self) -> bool {
        match self {
            Self::H264 => cfg!(feature = "h264"),
            Self::Hevc => cfg!(feature = "hevc"),
            Self::Vp9 => cfg!(feature = "vp9"),
            Self::Vp8 => cfg!(feature = "vp8"),
            Self::Av1 => cfg!(feature = "av1"),
        }
    }

    /// Returns the name for messages.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::H264 => "H.264",
            Self::Hevc => "HEVC",
            Self::Vp9 => "VP9",
            Self::Vp8 => "VP8",
            Self::Av1 => "AV1",
        }
    }
}
