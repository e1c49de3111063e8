//! Errors about hashes, their names, and the pixels they are computed from.

/// An error about hashes, algorithms or variants.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The pixels or the frame cannot be hashed.
    #[error(transparent)]
    Pixels(#[from] ownprint_pixels::Error),
    /// The text is not a hash in the expected format.
    #[error("invalid hash: {detail}")]
    InvalidHash {
        /// What is wrong with the text.
        detail: String,
    },
    /// The two hashes cannot be compared.
    #[error("hashes cannot be compared: {detail}")]
    NotComparable {
        /// What differs.
        detail: String,
    },
    /// The name is not an algorithm of this build.
    #[error("unknown algorithm \"{name}\"; known algorithms: {known}")]
    UnknownAlgorithm {
        /// The name as it was passed.
        name: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// The name is not a variant of an image, or not in its shortest form.
    #[error(
        "unknown variant \"{name}\"; use names such as crop:4, mirror, border:4:white, crop:4+mirror, or \
         the name of a set"
    )]
    UnknownVariant {
        /// The name as it was passed.
        name: String,
    },
    /// The variants cannot form a set.
    #[error("variants cannot form a set: {detail}")]
    InvalidVariants {
        /// What is wrong with them.
        detail: String,
    },
    /// The time or the frame rate is not valid for a video.
    #[error("invalid video property: {detail}")]
    InvalidVideo {
        /// What is wrong with it.
        detail: String,
    },
    /// The input could not be read.
    #[error("could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// The caller cancelled the operation; there is no result.
    #[error("cancelled")]
    Cancelled,
    /// A defect in this library.
    #[error("internal error; please report it with the kind of file that causes it")]
    Internal,
}

impl Error {
    /// Returns the stable, language-independent name of this kind of error, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Pixels(error) => error.code(),
            Self::InvalidHash { .. } => "invalid-hash",
            Self::NotComparable { .. } => "not-comparable",
            Self::UnknownAlgorithm { .. } => "unknown-algorithm",
            Self::UnknownVariant { .. } => "unknown-variant",
            Self::InvalidVariants { .. } => "invalid-variants",
            Self::InvalidVideo { .. } => "invalid-video",
            Self::Io(_) => "io",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    /// Other languages and stored records identify errors by their codes. New codes may be added;
    /// existing ones must not change or be removed.
    #[test]
    fn codes_are_frozen() {
        let detail = String::new;
        let frozen = [
            (
                Error::Pixels(ownprint_pixels::Error::InvalidPixels { detail: detail() }),
                "invalid-pixels",
            ),
            (Error::InvalidHash { detail: detail() }, "invalid-hash"),
            (Error::NotComparable { detail: detail() }, "not-comparable"),
            (Error::UnknownAlgorithm { name: detail(), known: detail() }, "unknown-algorithm"),
            (Error::UnknownVariant { name: detail() }, "unknown-variant"),
            (Error::InvalidVariants { detail: detail() }, "invalid-variants"),
            (Error::InvalidVideo { detail: detail() }, "invalid-video"),
            (Error::Io(std::io::Error::other("")), "io"),
            (Error::Cancelled, "cancelled"),
            (Error::Internal, "internal"),
        ];
        for (error, code) in &frozen {
            assert_eq!(error.code(), *code);
            // Compilation fails here for a new variant; add it to the list above.
            match error {
                Error::Pixels(_)
                | Error::InvalidHash { .. }
                | Error::NotComparable { .. }
                | Error::UnknownAlgorithm { .. }
                | Error::UnknownVariant { .. }
                | Error::InvalidVariants { .. }
                | Error::InvalidVideo { .. }
                | Error::Io(_)
                | Error::Cancelled
                | Error::Internal => {}
            }
        }
    }
}
