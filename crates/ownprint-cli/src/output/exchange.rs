//! Lines for hash exchanges, as python-threatexchange's local file exchange reads them.

use ownprint::HashAlgorithm;

use super::Output;
use crate::images::Entry;

#[derive(Debug)]
pub(crate) struct Exchange;

impl Output for Exchange {
    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        let (mut lines, mut withheld) = (String::new(), None);
        let variants = entry.result.iter().filter_map(|fingerprint| fingerprint.variants.as_ref());
        for line in variants.flat_map(|set| set.threatexchange_lines()) {
            lines.push_str(&line);
            lines.push('\n');
        }
        // The first line of a set is the image's own.
        let is_in_set = !lines.is_empty();
        let hashes = entry.result.iter().flat_map(|fingerprint| &fingerprint.hashes);
        for hash in hashes.filter(|hash| !(is_in_set && hash.algorithm == HashAlgorithm::PDQ)) {
            if let Some(line) = hash.threatexchange_line() {
                lines.push_str(&line);
                lines.push('\n');
            } else if let Some(quality) = hash.quality {
                withheld = Some(format!(
                    "skipped: its {} quality is {quality}, and exchanges discard what is below {}; the image \
                     is too plain to be told from others",
                    hash.algorithm,
                    ownprint::Quality::EXCHANGE_THRESHOLD,
                ));
            }
        }
        (lines, withheld)
    }
}
