//! Constructors of the errors about videos.

use crate::error::Error;

pub(super) fn damaged(detail: impl Into<String>) -> Error {
    Error::DamagedVideo { detail: detail.into() }
}

pub(super) fn unsupported(detail: impl Into<String>) -> Error {
    Error::UnsupportedVideo { detail: detail.into() }
}
