//! `ownprint duplicates`: finds images that are the same or nearly the same.

use std::io;
use std::process::ExitCode;

use ownprint::search::Index;
use ownprint::{BitHash, Quality};
use serde_json::json;

use crate::arguments::{DuplicatesArguments, RowFormat, usage_error};
use crate::batch::{self, write_whole};
use crate::exit_status::SOME_FAILED;
use crate::messages;
use crate::progress::Progress;

/// An image that can be compared with others.
struct Member {
    path: String,
    shown: String,
    hash: BitHash,
    quality: Option<Quality>,
}

pub(crate) fn run(arguments: &DuplicatesArguments) -> io::Result<ExitCode> {
    let search = &arguments.search;
    let paths = search.files.paths().unwrap_or_else(|message| usage_error(&message));
    let algorithm = arguments.algorithm.0;
    let progress = Progress::new();
    let mut index = Index::new(algorithm).map_err(io::Error::other)?;
    let (mut members, mut low_quality) = (Vec::new(), 0_u64);
    let fingerprinter = search.fingerprinter([algorithm], [], None);
    let summary =
        batch::fingerprint_files(&search.files, paths, fingerprinter, &progress, |file| {
            let Some((hash, quality)) = file.first_hash() else { return Ok(()) };
            if quality.is_some_and(|quality| !quality.is_reliable()) {
                low_quality += 1;
                return Ok(());
            }
            index.insert(hash, "").map_err(io::Error::other)?;
            let path = file.path.to_string_lossy().into_owned();
            members.push(Member {
                path,
                shown: messages::shown(&file.path),
                hash: hash.clone(),
                quality,
            });
            Ok(())
        })?;
    let threshold = search.threshold(algorithm);
    let groups = index.groups(threshold);
    for group in &groups {
        // Entries of the index have the positions of the members.
        let group: Vec<&Member> =
            group.iter().filter_map(|entry| members.get(*entry as usize)).collect();
        let text = match search.format {
            RowFormat::Table => table(&group),
            RowFormat::Jsonl => line(&group),
        };
        write_whole(&progress, &text)?;
    }
    summary.print();
    if low_quality > 0 {
        messages::print(&format!(
            "skipped {low_quality} with a quality below {}: too little detail to compare",
            Quality::EXCHANGE_THRESHOLD
        ));
    }
    if groups.is_empty() {
        messages::print(&format!(
            "no two of {} images are within {threshold} bits by {algorithm}",
            members.len()
        ));
    }
    Ok(if summary.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) })
}

/// Returns the members with their distances from the first of the group.
fn distances<'a>(group: &'a [&Member]) -> impl Iterator<Item = (&'a Member, u32)> {
    let first = group.first().map(|member| &member.hash);
    group.iter().map(move |member| {
        let distance = first.and_then(|first| first.distance(&member.hash).ok());
        (*member, distance.unwrap_or_default())
    })
}

fn table(group: &[&Member]) -> String {
    let rows =
        distances(group).map(|(member, distance)| format!("  {distance:>3}  {}\n", member.shown));
    std::iter::once(format!("{} images\n", group.len())).chain(rows).collect()
}

fn line(group: &[&Member]) -> String {
    let images: Vec<_> = distances(group)
        .map(|(member, distance)| {
            let mut object =
                json!({ "path": member.path, "distance": distance, "hex": member.hash.to_hex() });
            if let Some(quality) = member.quality {
                object["quality"] = json!(quality.value());
            }
            object
        })
        .collect();
    format!("{}\n", json!({ "images": images }))
}
