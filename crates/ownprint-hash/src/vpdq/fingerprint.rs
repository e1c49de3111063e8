//! What is known of a video that was hashed.

use super::feature::VpdqFrame;
use ownprint_pixels::Size;

/// A video and the hashes of its frames.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct VideoFingerprint {
    /// The container's stable name: `mp4` or `mov`.
    pub format: String,
    /// The stable name of how its images are coded: `h264`.
    pub codec: String,
    /// Size as stored, which is as hashed: vPDQ turns no frame.
    pub size: Size,
    /// Frames that the container lists.
    pub frames: u64,
    /// The average rate as a fraction: frames, and the seconds that they take together.
    pub frames_per_second: (u64, u64),
    /// Whether not all of it could be decoded; always false unless damaged files were accepted.
    pub damaged: bool,
    /// The frames that were hashed.
    pub vpdq: Vec<VpdqFrame>,
}

impl VideoFingerprint {
    /// A video that was hashed elsewhere, as a record describes it; `damaged` is set as a field.
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

/// How a video's frames are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct VpdqOptions {
    /// Seconds from one hashed frame to the next, 0 for every frame. Default 1, as python-threatexchange has it.
    pub seconds_per_hash: f64,
    /// The distance up to which a frame is skipped after the one before; see [`VpdqHasher::prune`](crate::VpdqHasher::prune).
    /// Default none.
    pub prune: Option<u32>,
}

impl Default for VpdqOptions {
    fn default() -> Self {
        Self { seconds_per_hash: 1.0, prune: None }
    }
}
