//! The error of every call: the core's stable code, and a sentence.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ownprint::Error;

/// Why a call failed. Match on `code`: codes are stable, and the same in every binding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum OwnprintError {
    /// An error of the core.
    #[error("{code}: {detail}")]
    Failed {
        /// The stable code, in kebab case: `ownprint::Error::code`.
        code: String,
        /// A sentence that says what is wrong and what to do. Not named `message`, which Kotlin's
        /// exceptions have already.
        detail: String,
    },
}

impl From<Error> for OwnprintError {
    fn from(error: Error) -> Self {
        Self::Failed { code: error.code().to_owned(), detail: error.to_string() }
    }
}

/// Runs `work`, and converts a panic to the error `internal`.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, OwnprintError> {
    // Values that a panic leaves in an invalid state are dropped with the closure, and never read.
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or(Err(ownprint::decode::Error::Internal.into()))
        .map_err(OwnprintError::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_internal_error() {
        let OwnprintError::Failed { code, detail } =
            caught(|| -> Result<(), Error> { std::panic::resume_unwind(Box::new("a defect")) })
                .unwrap_err();
        assert_eq!(
            (code.as_str(), detail),
            ("internal", ownprint::decode::Error::Internal.to_string())
        );
    }
}
