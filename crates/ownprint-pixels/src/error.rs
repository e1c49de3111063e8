//! Errors about pixels and about the names of formats and orientations.

/// The limit that an image or video exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitKind {
    /// Length of the encoded file in bytes.
    FileBytes,
    /// Width of the stored image, in pixels.
    Width,
    /// Height of the stored image, in pixels.
    Height,
    /// Width times height of the stored image.
    Pixels,
    /// Memory in bytes that the decoded image needs.
    Memory,
    /// Decoded bytes for each byte of the file.
    Expansion,
}

impl std::fmt::Display for LimitKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::FileBytes => "length of the file in bytes",
            Self::Width => "width",
            Self::Height => "height",
            Self::Pixels => "pixel count",
            Self::Memory => "memory in bytes",
            Self::Expansion => "number of decoded bytes for each byte of the file",
        })
    }
}

/// An error about pixels in memory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Width, height, stride and buffer length contradict each other.
    #[error("the pixel buffer does not match its description: {detail}")]
    InvalidPixels {
        /// The mismatch.
        detail: String,
    },
    /// The image exceeds a limit; nothing was allocated for it.
    #[error(
        "the {kind} is {actual}, over the limit of {allowed}; raise that limit if this image is expected"
    )]
    LimitExceeded {
        /// The limit that was exceeded.
        kind: LimitKind,
        /// The value that the image needs.
        actual: u64,
        /// The value that the limits allow.
        allowed: u64,
    },
    /// The name is not that of a format, pixel format or orientation.
    #[error("there is no {what} named \"{name}\"; known names: {known}")]
    UnknownName {
        /// The kind of name: `pixel format`, `image format` or `orientation`.
        what: &'static str,
        /// The name that was passed.
        name: String,
        /// The valid names, separated by commas.
        known: String,
    },
}

impl Error {
    /// Returns the stable, language-independent name of this kind of error, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidPixels { .. } => "invalid-pixels",
            Self::LimitExceeded { .. } => "limit-exceeded",
            Self::UnknownName { .. } => "unknown-name",
        }
    }

    pub(crate) fn unknown_name(what: &'static str, name: &str, known: &[&str]) -> Self {
        Self::UnknownName { what, name: name.to_owned(), known: known.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, LimitKind};

    /// Other languages and stored records identify errors by their codes. New codes may be added;
    /// existing ones never change.
    #[test]
    fn codes_are_frozen() {
        let frozen = [
            (Error::InvalidPixels { detail: String::new() }, "invalid-pixels"),
            (
                Error::LimitExceeded { kind: LimitKind::Width, actual: 2, allowed: 1 },
                "limit-exceeded",
            ),
            (Error::unknown_name("orientation", "", &[]), "unknown-name"),
        ];
        for (error, code) in &frozen {
            assert_eq!(error.code(), *code);
            // A new variant does not compile until it is added here and to the list above.
            match error {
                Error::InvalidPixels { .. }
                | Error::LimitExceeded { .. }
                | Error::UnknownName { .. } => {}
            }
        }
    }
}
