//! Videos: the frames of an MP4 or MOV file that a caller requests. One module for each table,
//! codec and container.

#[cfg(feature = "video")]
mod bits;
#[cfg(not(feature = "video"))]
mod disabled;
#[cfg(feature = "video")]
mod edits;
#[cfg(feature = "video")]
mod errors;
#[cfg(feature = "video")]
mod fields;
#[cfg(feature = "video")]
mod file;
#[cfg(feature = "video")]
mod h264;
#[cfg(feature = "video")]
mod mp4;
#[cfg(feature = "video")]
mod parameters;
#[cfg(feature = "video")]
mod references;
#[cfg(feature = "video")]
mod samples;
mod sink;
#[cfg(feature = "video")]
mod slice;
#[cfg(feature = "video")]
mod stream;
#[cfg(feature = "video")]
mod units;

#[cfg(not(feature = "video"))]
pub use self::disabled::{decode_video, is_video};
#[cfg(feature = "video")]
pub use self::file::{decode_video, is_video};
pub use self::sink::{FrameSink, VideoInfo};
