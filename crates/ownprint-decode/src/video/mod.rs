//! Videos: the frames of a file that a caller requests. One module for each codec and container.

#[cfg(feature = "av1")]
mod av1;
#[cfg(any(feature = "h264", feature = "hevc", feature = "av1"))]
#[cfg_attr(not(feature = "h264"), allow(dead_code))]
mod bits;
#[cfg(feature = "video")]
#[cfg_attr(not(all(feature = "h264", feature = "hevc")), allow(dead_code))]
mod codec;
#[cfg(feature = "video")]
#[cfg_attr(not(feature = "h264"), allow(unused_imports, unused_variables))]
mod codecs;
#[cfg(not(feature = "video"))]
mod disabled;
#[cfg(feature = "video")]
mod edits;
#[cfg(feature = "video")]
mod errors;
#[cfg(feature = "video")]
#[cfg_attr(not(any(feature = "h264", feature = "hevc")), allow(dead_code))]
mod fields;
#[cfg(feature = "video")]
mod file;
#[cfg(feature = "video")]
#[cfg_attr(not(feature = "vp8"), allow(dead_code))]
mod frame;
#[cfg(any(feature = "h264", feature = "hevc", feature = "vp9", feature = "vp8", feature = "av1"))]
mod frame_limits;
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
#[cfg(any(feature = "h264", feature = "hevc"))]
mod order_count;
#[cfg(feature = "video")]
mod reader;
mod signature;
mod sink;
#[cfg(feature = "video")]
mod source;
#[cfg(feature = "video")]
mod track;
#[cfg(feature = "vp8")]
mod vp8;
#[cfg(feature = "vp9")]
mod vp9;

#[cfg(not(feature = "video"))]
pub use self::disabled::{VideoReader, decode_video, missing_video_codec};
#[cfg(feature = "video")]
pub use self::reader::{VideoReader, decode_video, missing_video_codec};
pub use self::signature::{DECODES_VIDEOS, is_video};
pub use self::sink::{FrameSink, VideoInfo, VideoStep};
