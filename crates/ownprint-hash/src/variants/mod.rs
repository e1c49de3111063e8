//! Hashes of an image's likely edits: a list that has them finds the copy that was cropped, framed or rotated.

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
