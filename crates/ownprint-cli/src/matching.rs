//! `ownprint match`: which images are on a list of hashes.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use ownprint::search::Hit;
use ownprint::{BitHash, Quality};
use serde_json::json;

use crate::arguments::{MatchArguments, RowFormat, usage_error};
use crate::images::{self, write_whole};
use crate::progress::Progress;
use crate::{TROUBLE, lists, messages};

/// The status when no image is on the list, as `compare` and `grep` have it.
const NONE_FOUND: u8 = 1;

pub(crate) fn run(arguments: &MatchArguments) -> io::Result<ExitCode> {
    let search = &arguments.search;
    search.images.check().unwrap_or_else(|complaint| usage_error(&complaint));
    let index = match lists::index(&arguments.against, arguments.algorithm.map(|it| it.0)) {
        Ok(index) => index,
        Err(trouble) => {
            messages::say(&trouble);
            return Ok(ExitCode::from(TROUBLE));
        }
    };
    let algorithm = index.algorithm();
    let threshold = search.radius(algorithm);
    let progress = Progress::new();
    let mut found = 0_u64;
    let tally = images::each(&search.images, search.fingerprinter(algorithm), &progress, |entry| {
        let Some((hash, quality)) = entry.hash() else { return Ok(()) };
        let hits = index.within(hash, threshold).map_err(io::Error::other)?;
        found += u64::from(!hits.is_empty());
        let text = match search.format {
            RowFormat::Table => table(&entry.path, &hits),
            RowFormat::Jsonl => line(&entry.path, hash, quality, &hits),
        };
        write_whole(&progress, &text)?;
        if let Some(quality) = quality.filter(|quality| !quality.is_reliable() && !hits.is_empty()) {
            let shown = messages::shown(&entry.path);
            progress.aside(|| messages::say(&messages::too_plain(&shown, quality, "a match")));
        }
        Ok(())
    })?;
    tally.summarise();
    if found == 0 && search.format == RowFormat::Table {
        messages::say(&format!(
            "none is within {threshold} bits of the {} {algorithm} hashes listed",
            index.len()
        ));
    }
    Ok(match (tally.failed, found) {
        (0, 0) => ExitCode::from(NONE_FOUND),
        (0, _) => ExitCode::SUCCESS,
        _ => ExitCode::from(TROUBLE),
    })
}

/// Nothing for an image that is on no list.
fn table(path: &Path, hits: &[Hit<'_>]) -> String {
    if hits.is_empty() {
        return String::new();
    }
    let row = |hit: &Hit<'_>| {
        let (name, variant) = hit.name_and_variant();
        let variant = variant.map_or_else(String::new, |variant| format!("  {variant}"));
        format!("  {:>3}  {}{variant}\n", hit.distance, messages::shown(Path::new(name)))
    };
    std::iter::once(format!("{}\n", messages::shown(path))).chain(hits.iter().map(row)).collect()
}

fn line(path: &Path, hash: &BitHash, quality: Option<Quality>, hits: &[Hit<'_>]) -> String {
    let found = |hit: &Hit<'_>| {
        let (name, variant) = hit.name_and_variant();
        let mut found = json!({ "name": name, "distance": hit.distance });
        if let Some(variant) = variant {
            found["variant"] = json!(variant.to_string());
        }
        found
    };
    let matches: Vec<_> = hits.iter().map(found).collect();
    let mut object = json!({ "path": path.to_string_lossy(), "hex": hash.to_hex() });
    if let Some(quality) = quality {
        object["quality"] = json!(quality.value());
    }
    object["matches"] = json!(matches);
    format!("{object}\n")
}
