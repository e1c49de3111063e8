//! The result of hashing a video, and the options.

use ownprint_pixels::Size;

use super::feature::VpdqFrame;

/// A video and the hashes of its frames.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct VideoFingerprint {
    /// The stable name of the container: `mp4`, `mov`, `webm` or `matroska`.
    pub format: String,
    /// The stable name of the codec: `h264`, `hevc`, `vp9`, `vp8` or `av1`.
    pub codec: String,
    /// The size as stored, which is the size as hashed: vPDQ ignores the rotation of a video.
    pub size: Size,
    /// Number of frames that the container lists.
    pub frames: u64,
    /// The average frame rate as a fraction: a number of frames, and their duration in seconds.
    pub frames_per_second: (u64, u64),
    /// Whether a part could not be decoded; always `false` unless damaged files are accepted.
    pub damaged: bool,
    /// The hashed frames.
    pub vpdq: Vec<VpdqFrame>,
}

impl VideoFingerprint {
    /// Creates the fingerprint of a video that was hashed elsewhere; `damaged` is set as a field.
    #[must_use]
    pub fn from_parts(
        format: impl Into<String>,
        codec: impl Into<String>,
        size: Size,
        frames: u64,
        frames_per_second: (u64, u64),
        vpdq: Vec<VpdqFrame>,
    ) -> Self {
        let (format, codec) = (format.into(), codec.into());
        Self { format, codec, size, frames, frames_per_second, damaged: false, vpdq }
    }
}

/// Selects the frames of a video that are hashed.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct VpdqOptions {
    /// Seconds between hashed frames; 0 hashes every frame. The default is 1, as in
    /// python-threatexchange.
    pub seconds_per_hash: f64,
    /// The maximum distance in bits at which a frame is pruned; see
    /// [`VpdqHasher::prune`](crate::VpdqHasher::prune). The default is no pruning.
    pub prune: Option<u32>,
}

impl Default for VpdqOptions {
    fn default() -> Self {
        Self { seconds_per_hash: 1.0, prune: None }
    }
}
