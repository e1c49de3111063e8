//! A video and the hashes of its frames.

use ownprint::{Error, Size};

use crate::VpdqFrame;

/// A video and the PDQ hashes of its frames.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct VideoFingerprint {
    /// The stable name of the container: `mp4`, `mov`, `webm` or `matroska`.
    pub format: String,
    /// The stable name of the codec: `h264`, `hevc`, `vp9`, `vp8` or `av1`.
    pub codec: String,
    /// Pixels in a row, as stored; vPDQ applies no rotation.
    pub width: u32,
    /// Number of rows, as stored.
    pub height: u32,
    /// Number of frames that the container lists.
    pub frames: u64,
    /// The average frame rate.
    pub frame_rate: FrameRate,
    /// Whether only part of the video could be decoded; always false unless damaged files were
    /// accepted.
    pub damaged: bool,
    /// The frames that were hashed.
    pub vpdq: Vec<VpdqFrame>,
}

/// A frame rate as a fraction: `numerator / denominator` frames a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct FrameRate {
    /// Frames.
    pub numerator: u64,
    /// The seconds that these frames take.
    pub denominator: u64,
}

impl From<ownprint::VideoFingerprint> for VideoFingerprint {
    fn from(video: ownprint::VideoFingerprint) -> Self {
        let (numerator, denominator) = video.frames_per_second;
        Self {
            format: video.format,
            codec: video.codec,
            width: video.size.width,
            height: video.size.height,
            frames: video.frames,
            frame_rate: FrameRate { numerator, denominator },
            damaged: video.damaged,
            vpdq: video.vpdq.iter().map(VpdqFrame::of).collect(),
        }
    }
}

impl VideoFingerprint {
    pub(crate) fn to_core(&self) -> Result<ownprint::VideoFingerprint, Error> {
        let FrameRate { numerator, denominator } = self.frame_rate;
        let mut video = ownprint::VideoFingerprint::from_parts(
            &self.format,
            &self.codec,
            Size { width: self.width, height: self.height },
            self.frames,
            (numerator, denominator),
            self.vpdq.iter().map(VpdqFrame::to_core).collect::<Result<_, _>>()?,
        );
        video.damaged = self.damaged;
        Ok(video)
    }
}
