//! Hashes of likely edits of an image, so that a list that contains them matches a cropped, framed
//! or rotated copy.

#[cfg(feature = "query-variants")]
mod background;
pub(crate) mod hasher;
pub(crate) mod hashes;
mod measures;
mod plane;
mod rotate;
mod samples;
pub(crate) mod set;
mod shape;
mod trim;
pub(crate) mod variant;
