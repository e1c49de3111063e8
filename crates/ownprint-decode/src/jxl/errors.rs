//! Constructors of the errors about JPEG XL files.

use ownprint_pixels::Format;

use crate::error::Error;

pub(super) fn damaged(detail: &str) -> Error {
    Error::Damaged { format: Format::Jxl, detail: detail.to_owned() }
}

pub(super) fn unsupported(detail: &str) -> Error {
    Error::UnsupportedFeature { format: Format::Jxl, detail: detail.to_owned() }
}
