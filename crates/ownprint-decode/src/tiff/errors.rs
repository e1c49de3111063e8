//! Constructors of the errors about TIFF files.

use ownprint_pixels::Format;

use crate::error::Error;

pub(super) fn unsupported(detail: &str) -> Error {
    Error::UnsupportedFeature { format: Format::Tiff, detail: detail.to_owned() }
}
