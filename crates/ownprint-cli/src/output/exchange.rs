//! Lines for hash exchanges, as python-threatexchange's local file exchange reads them.

use super::Output;
use crate::pictures::Entry;

#[derive(Debug)]
pub(crate) struct Exchange;

impl Output for Exchange {
    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        let (mut lines, mut withheld) = (String::new(), None);
        for hash in entry.result.iter().flat_map(|fingerprint| &fingerprint.hashes) {
            if let Some(line) = hash.threatexchange_line() {
                lines.push_str(&line);
                lines.push('\n');
            } else if let Some(quality) = hash.quality {
                withheld = Some(format!(
                    "left out: its {} quality is {quality}, and exchanges discard what is below {}; the picture \
                     is too plain to be told from others",
                    hash.algorithm,
                    ownprint::Quality::EXCHANGE_THRESHOLD,
                ));
            }
        }
        (lines, withheld)
    }
}
