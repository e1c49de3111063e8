//! Constructors of the errors about videos.

use crate::error::Error;

pub(super) fn damaged(detail: impl Into<String>) -> Error {
    Error::DamagedVideo { detail: detail.into() }
}

pub(super) fn unsupported(detail: impl Into<String>) -> Error {
    Error::UnsupportedVideo { detail: detail.into() }
}

/// Returns the error for a codec that no build decodes, by its name in the container.
pub(super) fn unsupported_codec(name: &[u8]) -> Error {
    let name: String =
        name.iter().map(|&byte| char::from(byte)).filter(char::is_ascii_graphic).collect();
    unsupported(format!("video codec {name}; convert it to H.264"))
}
