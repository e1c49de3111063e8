//! The one error type; every variant has a stable code that all bindings pass on.

use crate::decode::Format;

/// What a [`Limits`](crate::Limits) field bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitKind {
    /// Length of the encoded file, in bytes.
    FileBytes,
    /// Width of the stored image, in pixels.
    Width,
    /// Height of the stored image, in pixels.
    Height,
    /// Width times height of the stored image.
    Pixels,
    /// Bytes the decoded image would need.
    Memory,
    /// The same for each byte of the file.
    Expansion,
}

impl std::fmt::Display for LimitKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::FileBytes => "file bytes",
            Self::Width => "width",
            Self::Height => "height",
            Self::Pixels => "pixel count",
            Self::Memory => "memory in bytes",
            Self::Expansion => "number of decoded bytes for each byte of the file",
        })
    }
}

/// Everything that can go wrong, with a sentence that says what was wrong and what to do.
///
/// Match on [`code`](Error::code) across language borders: codes never change once published.
///
/// ```
/// use ownprint::{Error, Fingerprinter};
///
/// let error = Fingerprinter::new().bytes(b"BM not really an image").unwrap_err();
/// assert_eq!(error.code(), "damaged");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file or stream could not be read.
    #[error("could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// No known image format starts with these bytes.
    #[error("this is not an image in a known format; choose a JPEG, PNG, WebP, GIF, BMP, TIFF or PNM file")]
    NotAnImage,
    /// An image format that is recognised but that this build does not decode.
    #[error("{format} images cannot be decoded here; save the image as JPEG or PNG and use that file")]
    UnsupportedFormat {
        /// The recognised format.
        format: Format,
    },
    /// A valid file that uses a feature its decoder does not have.
    #[error(
        "this {format} file uses a feature that cannot be decoded ({detail}); save it again as JPEG or PNG"
    )]
    UnsupportedFeature {
        /// The recognised format.
        format: Format,
        /// The decoder's own words.
        detail: String,
    },
    /// The file ends before the image does.
    #[error("this {format} file is cut off before its end; get a complete copy of it")]
    Truncated {
        /// The recognised format.
        format: Format,
    },
    /// The file contradicts its own format.
    #[error("this {format} file is damaged ({detail}); get an intact copy of it, or open and save it again")]
    Damaged {
        /// The recognised format.
        format: Format,
        /// The decoder's own words.
        detail: String,
    },
    /// The image exceeds a limit; nothing was allocated for it.
    #[error(
        "the {kind} is {actual}, over the limit of {allowed}; raise that limit if this image is expected"
    )]
    LimitExceeded {
        /// The limit that was exceeded.
        kind: LimitKind,
        /// What the file asks for.
        actual: u64,
        /// What the limits allow.
        allowed: u64,
    },
    /// Width, height, stride and buffer length do not fit together.
    #[error("the pixel buffer does not fit its description: {detail}")]
    InvalidPixels {
        /// What does not fit.
        detail: String,
    },
    /// A video that this build does not decode.
    #[error("this video cannot be decoded here: {detail}; save it as MP4 with H.264 and use that file")]
    UnsupportedVideo {
        /// What it is, or has.
        detail: String,
    },
    /// A video that contradicts itself, or ends before its images do.
    #[error("this video is damaged: {detail}; get an intact copy of it, or open and save it again")]
    DamagedVideo {
        /// What is wrong with it.
        detail: String,
    },
    /// Times and rates that no video has.
    #[error("not what a video is: {detail}")]
    InvalidVideo {
        /// What is wrong with them.
        detail: String,
    },
    /// Text that is not a hash of the expected form.
    #[error("not a valid hash: {detail}")]
    InvalidHash {
        /// What is wrong with the text.
        detail: String,
    },
    /// A record or a list of hashes that departs from its form.
    #[error("line {line}, column {column}: {detail}")]
    InvalidRecord {
        /// The line, from 1.
        line: u64,
        /// The character of that line, from 1.
        column: u64,
        /// What is wrong there, and what belongs there.
        detail: String,
    },
    /// Two hashes that cannot be compared.
    #[error("these hashes cannot be compared: {detail}")]
    NotComparable {
        /// What differs.
        detail: String,
    },
    /// A file that is no index, or not as it was saved.
    #[error("this index file cannot be used: {detail}; build it again from the list it came from")]
    InvalidIndex {
        /// What is wrong with the file.
        detail: String,
    },
    /// A name that is no algorithm of this library.
    #[error("there is no algorithm named \"{name}\"; known are: {known}")]
    UnknownAlgorithm {
        /// The name as given.
        name: String,
        /// The names that exist, comma separated.
        known: String,
    },
    /// A name that is no edit of an image, or not in its one form.
    #[error(
        "there is no variant named \"{name}\"; names are like crop:4, mirror, border:4:white, crop:4+mirror, or those of sets"
    )]
    UnknownVariant {
        /// The name as given.
        name: String,
    },
    /// Variants that make no set.
    #[error("these variants make no set: {detail}")]
    InvalidVariants {
        /// What is wrong with them.
        detail: String,
    },
    /// The caller's cancellation was observed; no result was produced.
    #[error("cancelled")]
    Cancelled,
    /// A defect of this library or of a decoder, caught before it could do more harm.
    #[error("an internal error, not a fault of yours; please report it with the kind of file that causes it")]
    Internal,
}

impl Error {
    /// The stable, language-independent name of this kind of error, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::NotAnImage => "not-an-image",
            Self::UnsupportedFormat { .. } => "unsupported-format",
            Self::UnsupportedFeature { .. } => "unsupported-feature",
            Self::Truncated { .. } => "truncated",
            Self::Damaged { .. } => "damaged",
            Self::LimitExceeded { .. } => "limit-exceeded",
            Self::InvalidPixels { .. } => "invalid-pixels",
            Self::UnsupportedVideo { .. } => "unsupported-video",
            Self::DamagedVideo { .. } => "damaged-video",
            Self::InvalidVideo { .. } => "invalid-video",
            Self::InvalidHash { .. } => "invalid-hash",
            Self::InvalidRecord { .. } => "invalid-record",
            Self::NotComparable { .. } => "not-comparable",
            Self::InvalidIndex { .. } => "invalid-index",
            Self::UnknownAlgorithm { .. } => "unknown-algorithm",
            Self::UnknownVariant { .. } => "unknown-variant",
            Self::InvalidVariants { .. } => "invalid-variants",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Error;
    use crate::decode::Format;
    use crate::{LimitKind, Warning};

    /// Codes are what other languages and stored records know errors by. One may be added; none may change or go.
    #[test]
    fn codes_are_frozen() {
        let (format, detail) = (Format::Jpeg, String::new);
        let frozen = [
            (Error::Io(std::io::Error::other("")), "io"),
            (Error::NotAnImage, "not-an-image"),
            (Error::UnsupportedFormat { format }, "unsupported-format"),
            (Error::UnsupportedFeature { format, detail: detail() }, "unsupported-feature"),
            (Error::Truncated { format }, "truncated"),
            (Error::Damaged { format, detail: detail() }, "damaged"),
            (Error::LimitExceeded { kind: LimitKind::Width, actual: 2, allowed: 1 }, "limit-exceeded"),
            (Error::InvalidPixels { detail: detail() }, "invalid-pixels"),
            (Error::UnsupportedVideo { detail: detail() }, "unsupported-video"),
            (Error::DamagedVideo { detail: detail() }, "damaged-video"),
            (Error::InvalidVideo { detail: detail() }, "invalid-video"),
            (Error::InvalidHash { detail: detail() }, "invalid-hash"),
            (Error::InvalidRecord { line: 1, column: 1, detail: detail() }, "invalid-record"),
            (Error::NotComparable { detail: detail() }, "not-comparable"),
            (Error::InvalidIndex { detail: detail() }, "invalid-index"),
            (Error::UnknownAlgorithm { name: detail(), known: detail() }, "unknown-algorithm"),
            (Error::UnknownVariant { name: detail() }, "unknown-variant"),
            (Error::InvalidVariants { detail: detail() }, "invalid-variants"),
            (Error::Cancelled, "cancelled"),
            (Error::Internal, "internal"),
        ];
        for (error, code) in &frozen {
            assert_eq!(error.code(), *code);
            // A new variant stops here until it is in the list above.
            match error {
                Error::Io(_)
                | Error::NotAnImage
                | Error::UnsupportedFormat { .. }
                | Error::UnsupportedFeature { .. }
                | Error::Truncated { .. }
                | Error::Damaged { .. }
                | Error::LimitExceeded { .. }
                | Error::InvalidPixels { .. }
                | Error::UnsupportedVideo { .. }
                | Error::DamagedVideo { .. }
                | Error::InvalidVideo { .. }
                | Error::InvalidHash { .. }
                | Error::InvalidRecord { .. }
                | Error::NotComparable { .. }
                | Error::InvalidIndex { .. }
                | Error::UnknownAlgorithm { .. }
                | Error::UnknownVariant { .. }
                | Error::InvalidVariants { .. }
                | Error::Cancelled
                | Error::Internal => {}
            }
        }
    }

    #[test]
    fn codes_of_warnings_are_frozen() {
        for (warning, code) in [
            (Warning::NotAnImage, "not-an-image"),
            (Warning::UnsupportedFormat(Format::Heic), "unsupported-format"),
            (Warning::Damaged, "damaged"),
            (Warning::FirstFrameOnly, "first-frame-only"),
            (Warning::LowQuality, "low-quality"),
            (Warning::UnsupportedVideo(String::new()), "unsupported-video"),
        ] {
            assert_eq!(warning.code(), code);
            match warning {
                Warning::NotAnImage
                | Warning::UnsupportedFormat(_)
                | Warning::Damaged
                | Warning::FirstFrameOnly
                | Warning::LowQuality
                | Warning::UnsupportedVideo(_) => {}
            }
        }
    }
}
