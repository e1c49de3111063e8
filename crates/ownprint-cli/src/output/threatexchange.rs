//! Lines for hash exchanges, in the format of python-threatexchange's local file exchange.

use ownprint::exchange::threatexchange::{to_line, variant_lines};
use ownprint::{HashAlgorithm, Quality};

use super::format::Output;
use crate::batch::FileResult;

#[derive(Debug)]
pub(crate) struct Lines;

impl Output for Lines {
    fn file(&mut self, file: &FileResult) -> (String, Option<String>) {
        let Some(image) = file.fingerprint.as_ref().ok().and_then(|it| it.image().ok()) else {
            return (String::new(), None);
        };
        let (mut lines, mut note) = (String::new(), None);
        for line in image.variants.iter().flat_map(variant_lines) {
            lines.push_str(&line);
            lines.push('\n');
        }
        // The first line of a set is the image's own PDQ hash.
        let has_pdq = !lines.is_empty();
        for hash in
            image.hashes.iter().filter(|hash| !(has_pdq && hash.algorithm == HashAlgorithm::PDQ))
        {
            if let Some(line) = to_line(hash) {
                lines.push_str(&line);
                lines.push('\n');
            } else if let Some(quality) = hash.quality {
                note = Some(format!(
                    "skipped: {} quality {quality}; exchanges discard hashes below {}",
                    hash.algorithm,
                    Quality::EXCHANGE_THRESHOLD,
                ));
            }
        }
        (lines, note)
    }
}
