//! What can be wrong with hashes, their names, and the pixels they are computed from.

/// An error about hashes, algorithms or variants.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Pixels or a frame that cannot be hashed.
    #[error(transparent)]
    Pixels(#[from] ownprint_pixels::Error),
    /// Text that is not a hash of the expected form.
    #[error("not a valid hash: {detail}")]
    InvalidHash {
        /// What is wrong with the text.
        detail: String,
    },
    /// Two hashes that cannot be compared.
    #[error("these hashes cannot be compared: {detail}")]
    NotComparable {
        /// What differs.
        detail: String,
    },
    /// A name that is no algorithm of this library.
    #[error("there is no algorithm named \"{name}\"; known algorithms: {known}")]
    UnknownAlgorithm {
        /// The name as it was passed.
        name: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// A name that is no variant of an image, or not in its shortest form.
    #[error(
        "there is no variant named \"{name}\"; use names such as crop:4, mirror, border:4:white, crop:4+mirror, or \
         the name of a set"
    )]
    UnknownVariant {
        /// The name as it was passed.
        name: String,
    },
    /// Variants that cannot form a set.
    #[error("these variants cannot form a set: {detail}")]
    InvalidVariants {
        /// What is wrong with them.
        detail: String,
    },
    /// A time or frame rate that no video has.
    #[error("not a valid video property: {detail}")]
    InvalidVideo {
        /// What is wrong with it.
        detail: String,
    },
    /// The input could not be read.
    #[error("could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// The caller cancelled; no result was produced.
    #[error("cancelled")]
    Cancelled,
    /// A defect of this library.
    #[error("internal error, not a fault of yours; please report it with the kind of file that causes it")]
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

    /// Codes are what other languages and stored records know errors by. One may be added; none may change or go.
    #[test]
    fn codes_are_frozen() {
        let detail = String::new;
        let frozen = [
            (Error::Pixels(ownprint_pixels::Error::InvalidPixels { detail: detail() }), "invalid-pixels"),
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
            // A new variant stops here until it is in the list above.
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
