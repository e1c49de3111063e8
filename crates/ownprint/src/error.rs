//! Everything that can go wrong, with a message that says what was wrong and what to do.

use ownprint_decode as decode;
use ownprint_exchange as exchange;
use ownprint_hash as hash;
use ownprint_pixels as pixels;
#[cfg(feature = "search")]
use ownprint_search as search;

/// The error of a call.
///
/// Match on [`code`](Error::code) across language borders: codes never change once published.
///
/// ```
/// use ownprint::{Error, HashAlgorithm};
///
/// let error = Error::from("pqd".parse::<HashAlgorithm>().unwrap_err());
/// assert_eq!(error.code(), "unknown-algorithm");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file or stream could not be read.
    #[error("could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// Pixels that do not fit their description, or that exceed a limit.
    #[error(transparent)]
    Pixels(#[from] pixels::Error),
    /// An image or video that could not be decoded.
    #[error(transparent)]
    Decode(#[from] decode::Error),
    /// A hash, a name of an algorithm, or a set of variants.
    #[error(transparent)]
    Hash(hash::Error),
    /// A record or a list of hashes.
    #[error(transparent)]
    Exchange(exchange::Error),
    /// An index of hashes.
    #[cfg(feature = "search")]
    #[error(transparent)]
    Search(search::Error),
    /// The caller cancelled; no result was produced.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// Returns the stable, language-independent name of this kind of error, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::Pixels(error) => error.code(),
            Self::Decode(error) => error.code(),
            Self::Hash(error) => error.code(),
            Self::Exchange(error) => error.code(),
            #[cfg(feature = "search")]
            Self::Search(error) => error.code(),
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<&decode::Error> for Error {
    /// Lets `fingerprint.image()?` be written in a function that returns this error.
    fn from(error: &decode::Error) -> Self {
        Self::Decode(error.clone())
    }
}

// One error, one variant: what a crate only passes on is what it was.

impl From<hash::Error> for Error {
    fn from(error: hash::Error) -> Self {
        match error {
            hash::Error::Pixels(error) => Self::Pixels(error),
            hash::Error::Io(error) => Self::Io(error),
            hash::Error::Cancelled => Self::Cancelled,
            error => Self::Hash(error),
        }
    }
}

impl From<exchange::Error> for Error {
    fn from(error: exchange::Error) -> Self {
        match error {
            exchange::Error::Hash(error) => error.into(),
            exchange::Error::Io(error) => Self::Io(error),
            error => Self::Exchange(error),
        }
    }
}

#[cfg(feature = "search")]
impl From<search::Error> for Error {
    fn from(error: search::Error) -> Self {
        match error {
            search::Error::Hash(error) => error.into(),
            search::Error::Io(error) => Self::Io(error),
            error => Self::Search(error),
        }
    }
}

impl From<&Error> for exchange::Diagnostic {
    fn from(error: &Error) -> Self {
        Self { code: error.code().to_owned(), message: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{Error, decode, exchange, hash, pixels};

    /// Codes are what other languages and stored records know errors by. One may be added; none may change or go.
    #[test]
    fn codes_are_frozen() {
        let detail = String::new;
        let mut frozen = vec![
            (Error::Io(io::Error::other("")), "io"),
            (Error::Pixels(pixels::Error::InvalidPixels { detail: detail() }), "invalid-pixels"),
            (Error::Decode(decode::Error::NotAnImage), "not-an-image"),
            (Error::Hash(hash::Error::InvalidHash { detail: detail() }), "invalid-hash"),
            (
                Error::Exchange(exchange::Error::InvalidRecord { line: 1, column: 1, detail: detail() }),
                "invalid-record",
            ),
            (Error::Cancelled, "cancelled"),
        ];
        #[cfg(feature = "search")]
        frozen
            .push((Error::Search(super::search::Error::InvalidIndex { detail: detail() }), "invalid-index"));
        for (error, code) in &frozen {
            assert_eq!(error.code(), *code);
            // A new variant stops here until it is in the list above.
            match error {
                Error::Io(_)
                | Error::Pixels(_)
                | Error::Decode(_)
                | Error::Hash(_)
                | Error::Exchange(_)
                | Error::Cancelled => {}
                #[cfg(feature = "search")]
                Error::Search(_) => {}
            }
        }
    }

    /// One error is one variant, whichever crate passes it on.
    #[test]
    fn errors_that_are_passed_on_are_what_they_were() {
        let invalid = || pixels::Error::InvalidPixels { detail: String::new() };
        assert!(matches!(Error::from(hash::Error::Pixels(invalid())), Error::Pixels(_)));
        assert!(matches!(Error::from(hash::Error::Io(io::Error::other(""))), Error::Io(_)));
        assert!(matches!(Error::from(hash::Error::Cancelled), Error::Cancelled));
        let of_exchange = exchange::Error::Hash(hash::Error::Pixels(invalid()));
        assert!(matches!(Error::from(of_exchange), Error::Pixels(_)));
        assert!(matches!(Error::from(exchange::Error::Io(io::Error::other(""))), Error::Io(_)));
        #[cfg(feature = "search")]
        {
            use super::search;
            assert!(matches!(Error::from(search::Error::Hash(hash::Error::Cancelled)), Error::Cancelled));
            assert!(matches!(Error::from(search::Error::Io(io::Error::other(""))), Error::Io(_)));
        }
    }
}
