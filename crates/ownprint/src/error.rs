//! The error of every call, with a stable code and a message that says what to do.

use ownprint_decode as decode;
use ownprint_exchange as exchange;
use ownprint_hash as hash;
use ownprint_pixels as pixels;
#[cfg(feature = "search")]
use ownprint_search as search;

/// The error of a call.
///
/// [`code`](Error::code) is the same in every language and never changes after a release.
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
    /// The pixels do not match their description, or exceed a limit.
    #[error(transparent)]
    Pixels(#[from] pixels::Error),
    /// The image or video could not be decoded.
    #[error(transparent)]
    Decode(#[from] decode::Error),
    /// A hash, the name of an algorithm or a set of variants is invalid.
    #[error(transparent)]
    Hash(hash::Error),
    /// A record or a list of hashes is invalid.
    #[error(transparent)]
    Exchange(exchange::Error),
    /// An index of hashes is invalid or does not match the hash.
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
    /// Converts the error of `fingerprint.image()?` in a function that returns [`Error`].
    fn from(error: &decode::Error) -> Self {
        Self::Decode(error.clone())
    }
}

// Errors that a crate only forwards keep their own variant, so that each error has one code.

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

    /// Other languages and stored records identify errors by their codes. New codes may be added;
    /// existing ones never change.
    #[test]
    fn codes_are_frozen() {
        let detail = String::new;
        let mut frozen = vec![
            (Error::Io(io::Error::other("")), "io"),
            (Error::Pixels(pixels::Error::InvalidPixels { detail: detail() }), "invalid-pixels"),
            (Error::Decode(decode::Error::NotAnImage), "not-an-image"),
            (Error::Hash(hash::Error::InvalidHash { detail: detail() }), "invalid-hash"),
            (
                Error::Exchange(exchange::Error::InvalidRecord {
                    line: 1,
                    column: 1,
                    detail: detail(),
                }),
                "invalid-record",
            ),
            (Error::Cancelled, "cancelled"),
        ];
        #[cfg(feature = "search")]
        frozen.push((
            Error::Search(super::search::Error::InvalidIndex { detail: detail() }),
            "invalid-index",
        ));
        for (error, code) in &frozen {
            assert_eq!(error.code(), *code);
            // A new variant does not compile until it is added here and to the list above.
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

    /// A forwarded error keeps its variant.
    #[test]
    fn forwarded_errors_keep_their_variant() {
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
            assert!(matches!(
                Error::from(search::Error::Hash(hash::Error::Cancelled)),
                Error::Cancelled
            ));
            assert!(matches!(Error::from(search::Error::Io(io::Error::other(""))), Error::Io(_)));
        }
    }
}
