//! Videos: vPDQ, a PDQ hash for every so many frames. `docs/vpdq.md` has its rules.
//!
//! Frames come from whoever decodes the video ([`VpdqHasher`]), or, with the feature `video`, from the file itself.

mod colour;
#[cfg(feature = "video")]
mod decode;
mod feature;
mod fingerprint;
mod frame;
mod hasher;
mod matching;

#[cfg(feature = "video")]
pub(crate) use self::decode::{hash, is_video};

pub use self::colour::{ColourMatrix, ColourRange};
pub use self::feature::{VpdqFeature, VpdqFrame};
pub use self::fingerprint::{VideoFingerprint, VpdqOptions};
pub use self::frame::{Plane, VideoFrame, YuvPlanes};
pub use self::hasher::VpdqHasher;
pub use self::matching::{VpdqComparison, VpdqThresholds};

/// Whether a video begins so that this build may decode.
#[cfg(not(feature = "video"))]
pub(crate) fn is_video(_head: &[u8]) -> bool {
    false
}

/// Nothing is a video to a build without the feature `video`.
#[cfg(not(feature = "video"))]
pub(crate) fn hash(
    _bytes: &[u8],
    _options: VpdqOptions,
    _limits: &crate::Limits,
    _accept_damaged: bool,
    _observe: &mut dyn FnMut() -> std::ops::ControlFlow<()>,
) -> Result<VideoFingerprint, crate::Error> {
    Err(crate::Error::UnsupportedVideo { detail: "this build decodes no videos".to_owned() })
}
