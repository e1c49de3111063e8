//! `ownprint match`: finds images in lists of hashes.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use ownprint::search::Hit;
use ownprint::{BitHash, Quality};
use serde_json::json;

use crate::arguments::{MatchArguments, RowFormat, usage_error};
use crate::batch::{self, write_whole};
use crate::exit_status::{COULD_NOT_RUN, NO_MATCH};
use crate::progress::Progress;
use crate::{lists, messages};

pub(crate) fn run(arguments: &MatchArguments) -> io::Result<ExitCode> {
    let search = &arguments.search;
    let paths = search.files.paths().unwrap_or_else(|message| usage_error(&message));
    let index = match lists::index(&arguments.against, arguments.algorithm.map(|it| it.0)) {
        Ok(index) => index,
        Err(message) => {
            messages::print(&message);
            return Ok(ExitCode::from(COULD_NOT_RUN));
        }
    };
    let algorithm = index.algorithm();
    let threshold = search.threshold(algorithm);
    let progress = Progress::new();
    let (mut compared, mut matched) = (0_u64, 0_u64);
    let fingerprinter = search.fingerprinter(algorithm);
    let summary =
        batch::fingerprint_files(&search.files, paths, fingerprinter, &progress, |file| {
            let Some((hash, quality)) = file.first_hash() else { return Ok(()) };
            let hits = index.within(hash, threshold).map_err(io::Error::other)?;
            compared += 1;
            matched += u64::from(!hits.is_empty());
            let text = match search.format {
                RowFormat::Table => table(&file.path, &hits),
                RowFormat::Jsonl => line(&file.path, hash, quality, &hits),
            };
            write_whole(&progress, &text)?;
            if let Some(quality) =
                quality.filter(|quality| !quality.is_reliable() && !hits.is_empty())
            {
                let shown = messages::shown(&file.path);
                progress.suspend(|| {
                    messages::print(&messages::low_quality(&shown, quality, "a match"));
                });
            }
            Ok(())
        })?;
    summary.print();
    if matched == 0 && compared > 0 && search.format == RowFormat::Table {
        let listed = match index.len() {
            1 => format!("the {algorithm} hash listed"),
            hashes => format!("the {hashes} {algorithm} hashes listed"),
        };
        messages::print(&format!("no image is within {threshold} bits of {listed}"));
    }
    Ok(match (compared, matched) {
        (0, _) => ExitCode::from(COULD_NOT_RUN),
        (_, 0) => ExitCode::from(NO_MATCH),
        _ => ExitCode::SUCCESS,
    })
}

/// Returns the rows of an image, or nothing if it has no match.
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
    let to_json = |hit: &Hit<'_>| {
        let (name, variant) = hit.name_and_variant();
        let mut object = json!({ "name": name, "distance": hit.distance });
        if let Some(variant) = variant {
            object["variant"] = json!(variant.to_string());
        }
        object
    };
    let matches: Vec<_> = hits.iter().map(to_json).collect();
    let mut object = json!({ "path": path.to_string_lossy(), "hex": hash.to_hex() });
    if let Some(quality) = quality {
        object["quality"] = json!(quality.value());
    }
    object["matches"] = json!(matches);
    format!("{object}\n")
}
