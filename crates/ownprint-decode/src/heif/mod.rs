//! HEIC and AVIF: the primary image of a container, independent of the codec of its tiles.
//!
//! `container.rs` lays out the tiles. `hevc.rs` and `av1.rs` are the only modules that know a
//! codec. Tiles are decoded one at a time and written directly into the RGB8 buffer, so memory
//! holds one decoded tile in addition to that buffer.

#[cfg(feature = "avif")]
mod av1;
mod colours;
mod container;
mod decode;
#[cfg(feature = "heic")]
mod hevc;
mod outline;
mod paint;
mod reason;
mod transforms;

pub(crate) use self::decode::decode;
