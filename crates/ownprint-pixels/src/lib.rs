//! Images in memory: borrowed pixel views, buffers that are wiped on drop, orientation, and
//! oriented rows.
//!
//! This crate contains no decoder and no hash. Most users need
//! [`ownprint`](https://docs.rs/ownprint) only, which builds on it.
//!
//! ```
//! use ownprint_pixels::{PixelFormat, Pixels};
//!
//! let grey = vec![128; 64 * 48];
//! let pixels = Pixels::new(&grey, 64, 48, PixelFormat::L8)?;
//! assert_eq!(pixels.size().to_string(), "64x48");
//! # Ok::<(), ownprint_pixels::Error>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(test), deny(clippy::disallowed_types, clippy::disallowed_methods))]

mod alpha;
mod channels;
mod colour;
mod error;
mod format;
mod image_info;
mod limits;
mod orientation;
mod oriented_rows;
mod pixels;
#[cfg(feature = "serde")]
mod serde_repr;
#[doc(hidden)]
pub mod tile;
mod video_frame;
#[doc(hidden)]
pub mod wipe;

pub use crate::alpha::unpremultiplied;
pub use crate::colour::{ColourMatrix, ColourRange};
pub use crate::error::{Error, LimitKind};
pub use crate::format::Format;
pub use crate::image_info::ImageInfo;
pub use crate::limits::{Limits, check};
pub use crate::orientation::{ExifOrientation, Orientation};
pub use crate::oriented_rows::{BLOCK_ROWS, Source, TakeRows, oriented_rows};
pub use crate::pixels::{PixelFormat, Pixels, Raster, Size};
pub use crate::video_frame::{Plane, VideoFrame, YuvPlanes};
