//! Constructors of the errors about TIFF files.

use ownprint_pixels::Format;

use crate::error::Error;

pub(super) const TRUNCATED: Error = Error::Truncated { format: Format::Tiff };

pub(super) fn unsupported(detail: &str) -> Error {
    Error::UnsupportedFeature { format: Format::Tiff, detail: detail.to_owned() }
}

pub(super) fn damaged(detail: &str) -> Error {
    Error::Damaged { format: Format::Tiff, detail: detail.to_owned() }
}
