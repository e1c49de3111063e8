//! Videos: the frames of a file that a caller requests. One module for each codec and container.

#[cfg(feature = "av1")]
mod av1;
#[cfg(any(feature = "h264", feature = "hevc"))]
mod bits;
#[cfg(feature = "video")]
mod codec;
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
mod frame;
#[cfg(feature = "h264")]
mod h264;
#[cfg(feature = "hevc")]
mod hevc;
#[cfg(feature = "video")]
mod matroska;
#[cfg(feature = "video")]
mod mp4;
#[cfg(any(feature = "h264", feature = "hevc"))]
mod nal;
mod sink;
#[cfg(feature = "video")]
mod track;
#[cfg(feature = "vp8")]
mod vp8;
#[cfg(feature = "vp9")]
mod vp9;
#[cfg(feature = "video")]
mod work;

#[cfg(not(feature = "video"))]
pub use self::disabled::{decode_video, is_video};
#[cfg(feature = "video")]
pub use self::file::{decode_video, is_video};
pub use self::sink::{FrameSink, VideoInfo};
