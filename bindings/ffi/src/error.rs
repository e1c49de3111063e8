//! The one error: the core's stable code and its sentence, whatever the language.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ownprint::Error;

/// What went wrong. Match on `code`: codes are the same in every binding and never change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum OwnprintError {
    /// An error of the core.
    #[error("{code}: {explanation}")]
    Failed {
        /// The stable name of this kind of error, in kebab case, as `ownprint::Error::code` gives it.
        code: String,
        /// A sentence that says what was wrong and what to do.
        explanation: String,
    },
}

impl From<Error> for OwnprintError {
    fn from(error: Error) -> Self {
        Self::Failed { code: error.code().to_owned(), explanation: error.to_string() }
    }
}

/// Runs what could fail, and makes the core's own error of a panic.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, OwnprintError> {
    // What a panic leaves half done is dropped with the closure; nothing of it is looked at again.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Error::Internal)).map_err(OwnprintError::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_internal_error() {
        let OwnprintError::Failed { code, explanation } =
            caught(|| -> Result<(), Error> { std::panic::resume_unwind(Box::new("a defect")) }).unwrap_err();
        assert_eq!((code.as_str(), explanation), ("internal", Error::Internal.to_string()));
    }
}
