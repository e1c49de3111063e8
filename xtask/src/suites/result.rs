//! The results of suites.

/// The result of a suite that did not fail.
pub(super) enum SuiteResult {
    Passed,
    /// Some tests were skipped because this machine lacks something, which the text names.
    PassedBut(String),
}

/// Returns a note if the tests had no corpus of real images.
pub(super) fn corpus_result() -> SuiteResult {
    match std::env::var("OWNPRINT_CORPUS") {
        Ok(corpus) if !corpus.is_empty() => SuiteResult::Passed,
        _ => SuiteResult::PassedBut("OWNPRINT_CORPUS is not set: generated images only".to_owned()),
    }
}
