//! What can be wrong with a record or a list of hashes.

/// An error about a record or a list of hashes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A record or a list of hashes that departs from its format.
    #[error("line {line}, column {column}: {detail}")]
    InvalidRecord {
        /// The line, from 1.
        line: u64,
        /// The character of that line, from 1.
        column: u64,
        /// What is wrong there, and what belongs there.
        detail: String,
    },
    /// A name or a hash that the hash functions do not accept.
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
