//! The reasons why an item of a HEIC or AVIF file cannot be decoded.

use ownprint_pixels::Format;

use crate::detail::short;
use crate::error::Error;

/// The reason why an item cannot be decoded. HEIC and AVIF share it, so it has no format.
#[derive(Debug)]
pub(super) enum Reason {
    Truncated,
    Damaged(String),
    Unsupported(String),
}

impl Reason {
    /// Returns the error for a file of this format.
    pub(super) fn of(self, format: Format) -> Error {
        match self {
            Self::Truncated => Error::Truncated { format },
            Self::Damaged(detail) => Error::Damaged { format, detail },
            Self::Unsupported(detail) => Error::UnsupportedFeature { format, detail },
        }
    }
}

impl From<&heifer_isobmff::Error> for Reason {
    fn from(error: &heifer_isobmff::Error) -> Self {
        let detail = short(&error.to_string());
        match error {
            heifer_isobmff::Error::UnexpectedEof => Self::Truncated,
            heifer_isobmff::Error::Unimplemented(_) => Self::Unsupported(detail),
            _ => Self::Damaged(detail),
        }
    }
}
