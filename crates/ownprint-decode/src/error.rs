//! Errors of decoding images and videos.

use ownprint_pixels::{Format, LimitKind, Limits};

/// The reason why an image or video could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No hash of the image or video was requested, so nothing was decoded.
    #[error("no image or video hash was requested")]
    NotRequested,
    /// No known image format starts with these bytes.
    #[error("not an image in a known format; use a JPEG, PNG, WebP, GIF, BMP, TIFF or PNM file")]
    NotAnImage,
    /// No known video container starts with these bytes.
    #[error("not a video in a known container; use an MP4, MOV, WebM or Matroska file")]
    NotAVideo,
    /// An image format that is recognized but that this build does not decode.
    #[error("{format} images cannot be decoded by this build; save the image as JPEG or PNG")]
    UnsupportedFormat {
        /// The recognized format.
        format: Format,
    },
    /// The file uses a feature that its decoder does not support.
    #[error("unsupported {format} feature: {detail}; save the image again as JPEG or PNG")]
    UnsupportedFeature {
        /// The recognized format.
        format: Format,
        /// The feature as a noun phrase: `arithmetic coding`.
        detail: String,
    },
    /// The file ends before the end of the image.
    #[error("this {format} file is truncated; get a complete copy of it")]
    Truncated {
        /// The recognized format.
        format: Format,
    },
    /// The file violates its own format.
    #[error(
        "this {format} file is damaged ({detail}); get an intact copy of it, or open it and save it again"
    )]
    Damaged {
        /// The recognized format.
        format: Format,
        /// The defect.
        detail: String,
    },
    /// A video that this build does not decode.
    #[error("unsupported video: {detail}")]
    UnsupportedVideo {
        /// The unsupported codec or feature.
        detail: String,
    },
    /// The video contradicts its own format or ends before its last frame.
    #[error(
        "this video is damaged: {detail}; get an intact copy of it, or open it and save it again"
    )]
    DamagedVideo {
        /// The defect.
        detail: String,
    },
    /// The image or video exceeds a limit; nothing was allocated for it.
    #[error(
        "the {kind} is {actual}, over the limit of {allowed}; raise that limit if this image is expected"
    )]
    LimitExceeded {
        /// The limit that was exceeded.
        kind: LimitKind,
        /// The value that the file needs.
        actual: u64,
        /// The value that the limits allow.
        allowed: u64,
    },
    /// The caller cancelled; no result was produced.
    #[error("cancelled")]
    Cancelled,
    /// A defect of this library or of a decoder.
    #[error("internal error; please report it with the kind of file that causes it")]
    Internal,
}

impl Error {
    /// Translates an error under [`Limits::for_file`] to the limits that the caller set.
    ///
    /// An excess of pixels that the caller's limits allow is an excess of [`Limits::expansion`].
    pub(crate) fn under_caller_limits(self, limits: &Limits, file_bytes: u64) -> Self {
        let Self::LimitExceeded { kind: LimitKind::Pixels, actual, .. } = self else { return self };
        if actual > limits.pixels {
            let (kind, allowed) = (LimitKind::Pixels, limits.pixels);
            return Self::LimitExceeded { kind, actual, allowed };
        }
        Self::LimitExceeded {
            kind: LimitKind::Expansion,
            actual: actual.saturating_mul(3).div_ceil(file_bytes.max(1)),
            allowed: limits.expansion.into(),
        }
    }

    /// Names the format of the file instead of that of an image inside it.
    #[cfg(all(feature = "jpeg", feature = "tiff"))]
    pub(crate) fn in_container(self, format: Format) -> Self {
        match self {
            Self::Damaged { detail, .. } => Self::Damaged { format, detail },
            Self::UnsupportedFeature { detail, .. } => Self::UnsupportedFeature { format, detail },
            Self::Truncated { .. } => Self::Truncated { format },
            error => error,
        }
    }

    /// Returns the stable, language-independent name of this kind of error, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRequested => "not-requested",
            Self::NotAnImage => "not-an-image",
            Self::NotAVideo => "not-a-video",
            Self::UnsupportedFormat { .. } => "unsupported-format",
            Self::UnsupportedFeature { .. } => "unsupported-feature",
            Self::Truncated { .. } => "truncated",
            Self::Damaged { .. } => "damaged",
            Self::UnsupportedVideo { .. } => "unsupported-video",
            Self::DamagedVideo { .. } => "damaged-video",
            Self::LimitExceeded { .. } => "limit-exceeded",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

impl From<ownprint_pixels::Error> for Error {
    fn from(error: ownprint_pixels::Error) -> Self {
        match error {
            ownprint_pixels::Error::LimitExceeded { kind, actual, allowed } => {
                Self::LimitExceeded { kind, actual, allowed }
            }
            // Decoders create views of their own buffers only, so other errors are defects.
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use ownprint_pixels::{Format, LimitKind};

    use super::Error;

    /// Other languages and stored records identify errors by their codes. New codes may be added;
    /// existing ones never change.
    #[test]
    fn codes_are_frozen() {
        let (format, detail) = (Format::Jpeg, String::new);
        let frozen = [
            (Error::NotRequested, "not-requested"),
            (Error::NotAnImage, "not-an-image"),
            (Error::NotAVideo, "not-a-video"),
            (Error::UnsupportedFormat { format }, "unsupported-format"),
            (Error::UnsupportedFeature { format, detail: detail() }, "unsupported-feature"),
            (Error::Truncated { format }, "truncated"),
            (Error::Damaged { format, detail: detail() }, "damaged"),
            (Error::UnsupportedVideo { detail: detail() }, "unsupported-video"),
            (Error::DamagedVideo { detail: detail() }, "damaged-video"),
            (
                Error::LimitExceeded { kind: LimitKind::Width, actual: 2, allowed: 1 },
                "limit-exceeded",
            ),
            (Error::Cancelled, "cancelled"),
            (Error::Internal, "internal"),
        ];
        for (error, code) in &frozen {
            assert_eq!(error.code(), *code);
            // A new variant does not compile until it is added here and to the list above.
            match error {
                Error::NotRequested
                | Error::NotAnImage
                | Error::NotAVideo
                | Error::UnsupportedFormat { .. }
                | Error::UnsupportedFeature { .. }
                | Error::Truncated { .. }
                | Error::Damaged { .. }
                | Error::UnsupportedVideo { .. }
                | Error::DamagedVideo { .. }
                | Error::LimitExceeded { .. }
                | Error::Cancelled
                | Error::Internal => {}
            }
        }
    }
}
