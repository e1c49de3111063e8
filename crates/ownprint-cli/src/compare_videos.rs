//! What `ownprint compare` prints about two videos.

use std::io::{self, Write};
use std::process::ExitCode;

use ownprint::hash::VpdqComparison;
use serde_json::{Value, json};

use crate::arguments::TextOrJson;
use crate::exit_status::NO_MATCH;
use crate::messages;
use crate::operands::VideoOperand;

pub(crate) fn report(
    format: TextOrJson,
    comparison: &VpdqComparison,
    operands: &[VideoOperand; 2],
) -> io::Result<ExitCode> {
    let text = match format {
        TextOrJson::Text => text(comparison, operands),
        TextOrJson::Json => format!("{}\n", json(comparison, operands)),
    };
    io::stdout().write_all(text.as_bytes())?;
    let lowest = comparison.thresholds().quality;
    for (operand, frames) in operands.iter().zip([comparison.query, comparison.compared]) {
        if frames == 0 {
            messages::print(&messages::no_usable_frame(&operand.name.shown, lowest));
        }
    }
    Ok(if comparison.is_match() { ExitCode::SUCCESS } else { ExitCode::from(NO_MATCH) })
}

fn text(comparison: &VpdqComparison, [first, second]: &[VideoOperand; 2]) -> String {
    let thresholds = comparison.thresholds();
    let is_match = if comparison.is_match() { "match" } else { "no match" };
    let [query, compared] =
        [comparison.query_percent(), comparison.compared_percent()].map(messages::percent);
    let [query_needed, compared_needed] =
        [thresholds.query_percent, thresholds.compared_percent].map(messages::percent);
    let VpdqComparison { query: frames, query_found: found, .. } = comparison;
    let VpdqComparison { compared: other_frames, compared_found: other_found, .. } = comparison;
    format!(
        "{is_match}: {query} of A is in B, threshold {query_needed}; {compared} of B is in A, \
         threshold {compared_needed}\n  \
         frames    of quality {} and more; two match up to {} bits\n  \
         A         {}\n            {found} of {frames} distinct frames are in B\n  \
         B         {}\n            {other_found} of {other_frames} distinct frames are in A\n",
        thresholds.quality, thresholds.distance, first.name.shown, second.name.shown,
    )
}

fn json(comparison: &VpdqComparison, [first, second]: &[VideoOperand; 2]) -> Value {
    let thresholds = comparison.thresholds();
    json!({
        "algorithm": "vpdq",
        "query_percent": comparison.query_percent(),
        "compared_percent": comparison.compared_percent(),
        "thresholds": {
            "quality": thresholds.quality.value(),
            "distance": thresholds.distance,
            "query_percent": thresholds.query_percent,
            "compared_percent": thresholds.compared_percent,
        },
        "match": comparison.is_match(),
        "a": operand(first, comparison.query, comparison.query_found),
        "b": operand(second, comparison.compared, comparison.compared_found),
    })
}

fn operand(operand: &VideoOperand, frames: usize, found: usize) -> Value {
    json!({ "given": operand.name.given, "frames": frames, "found": found })
}
