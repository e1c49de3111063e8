//! How suites end.

/// How a suite ended when it did not fail.
pub(super) enum SuiteResult {
    Passed,
    /// Something was skipped because this machine lacks something; the text names it.
    PassedBut(String),
}

/// Says so if the tests over other people's images had none.
pub(super) fn corpus_result() -> SuiteResult {
    match std::env::var("OWNPRINT_CORPUS") {
        Ok(corpus) if !corpus.is_empty() => SuiteResult::Passed,
        _ => SuiteResult::PassedBut("OWNPRINT_CORPUS is not set: generated images only".to_owned()),
    }
}
