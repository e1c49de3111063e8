//! What can be wrong with an index.

/// An error about an index of hashes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file that is no index, or not as it was saved.
    #[error("this index file cannot be used: {detail}; build it again from the list it came from")]
    InvalidIndex {
        /// What is wrong with the file.
        detail: String,
    },
    /// More entries, or longer hashes, than an index holds.
    #[error("the index cannot hold this: {detail}")]
    IndexFull {
        /// What is too many or too long.
        detail: String,
    },
    /// A hash or an algorithm that does not belong to the index.
    #[error(transparent)]
    Hash(#[from] ownprint_hash::Error),
    /// The index file could not be read or written.
    #[error("could not be read or written: {0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// Returns the stable, language-independent name of this kind of error, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidIndex { .. } => "invalid-index",
            Self::IndexFull { .. } => "index-full",
            Self::Hash(error) => error.code(),
            Self::Io(_) => "io",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    /// Codes are what other languages and stored records know errors by. One may be added; none may change or go.
    #[test]
    fn codes_are_frozen() {
        let frozen = [
            (Error::InvalidIndex { detail: String::new() }, "invalid-index"),
            (Error::IndexFull { detail: String::new() }, "index-full"),
            (Error::Hash(ownprint_hash::Error::NotComparable { detail: String::new() }), "not-comparable"),
            (Error::Io(std::io::Error::other("")), "io"),
        ];
        for (error, code) in &frozen {
            assert_eq!(error.code(), *code);
            // A new variant stops here until it is in the list above.
            match error {
                Error::InvalidIndex { .. } | Error::IndexFull { .. } | Error::Hash(_) | Error::Io(_) => {}
            }
        }
    }
}
