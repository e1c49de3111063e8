//! Errors about records and lists of hashes.

/// An error about a record or a list of hashes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The record or the list does not have the expected format.
    #[error("line {line}, column {column}: {detail}")]
    InvalidRecord {
        /// The line, from 1.
        line: u64,
        /// The character in that line, from 1.
        column: u64,
        /// What is wrong, and what is expected.
        detail: String,
    },
    /// A name or a hash is not valid.
    #[error(transparent)]
    Hash(#[from] ownprint_hash::Error),
    /// The input could not be read.
    #[error("could not be read: {0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// Returns the stable, language-independent name of this kind of error, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRecord { .. } => "invalid-record",
            Self::Hash(error) => error.code(),
            Self::Io(_) => "io",
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
        let frozen = [
            (Error::InvalidRecord { line: 1, column: 1, detail: String::new() }, "invalid-record"),
            (
                Error::Hash(ownprint_hash::Error::InvalidHash { detail: String::new() }),
                "invalid-hash",
            ),
            (Error::Io(std::io::Error::other("")), "io"),
        ];
        for (error, code) in &frozen {
            assert_eq!(error.code(), *code);
            // Compilation fails here for a new variant; add it to the list above.
            match error {
                Error::InvalidRecord { .. } | Error::Hash(_) | Error::Io(_) => {}
            }
        }
    }
}
