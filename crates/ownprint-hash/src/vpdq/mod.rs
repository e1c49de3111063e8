//! vPDQ: a PDQ hash for every so many frames of a video. `docs/vpdq.md` has its rules.

pub(crate) mod comparison;
pub(crate) mod feature;
pub(crate) mod fingerprint;
pub(crate) mod hasher;
