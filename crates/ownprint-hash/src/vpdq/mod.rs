//! vPDQ: PDQ hashes of a video's frames at regular intervals. See `docs/vpdq.md`.

pub(crate) mod comparison;
pub(crate) mod feature;
pub(crate) mod fingerprint;
pub(crate) mod hasher;
