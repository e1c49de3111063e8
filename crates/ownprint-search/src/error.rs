//! Errors about an index of hashes.

/// An error about an index of hashes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is not an index, or was changed after it was saved.
    #[error("invalid index file: {detail}; build it again from its list")]
    InvalidIndex {
        /// What is wrong with the file.
        detail: String,
    },
    /// The index cannot hold this many entries.
    #[error("index full: {detail}")]
    IndexFull {
        /// What exceeds the index.
        detail: String,
    },
    /// The hash or the algorithm does not fit the index.
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

/// Returns the error about a file that cannot be loaded.
pub(crate) fn invalid(detail: &str) -> Error {
    Error::InvalidIndex { detail: detail.to_owned() }
}

/// Returns the error about a file that ends too early, or could not be read.
pub(crate) fn truncated(error: std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::UnexpectedEof {
        invalid("it is truncated")
    } else {
        error.into()
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    /// Other languages and stored records identify errors by their codes. New codes may be added;
    /// existing ones must not change or be removed.
    #[test]
    fn codes_are_frozen() {
        let frozen = [
            (Error::InvalidIndex { detail: String::new() }, "invalid-index"),
            (Error::IndexFull { detail: String::new() }, "index-full"),
            (
                Error::Hash(ownprint_hash::Error::NotComparable { detail: String::new() }),
                "not-comparable",
            ),
            (Error::Io(std::io::Error::other("")), "io"),
        ];
        for (error, code) in &frozen {
            assert_eq!(error.code(), *code);
            // Compilation fails here for a new variant; add it to the list above.
            match error {
                Error::InvalidIndex { .. }
                | Error::IndexFull { .. }
                | Error::Hash(_)
                | Error::Io(_) => {}
            }
        }
    }
}
