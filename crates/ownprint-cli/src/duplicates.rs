//! `ownprint duplicates`: which images are the same, or nearly.

use std::io;
use std::process::ExitCode;

use ownprint::search::Index;
use ownprint::{BitHash, Quality};
use serde_json::json;

use crate::arguments::{DuplicatesArguments, RowFormat, usage_error};
use crate::images::{self, write_whole};
use crate::progress::Progress;
use crate::{SOME_FAILED, messages};

/// An image that can be compared with others.
struct Member {
    path: String,
    shown: String,
    hash: BitHash,
    quality: Option<Quality>,
}

pub(crate) fn run(arguments: &DuplicatesArguments) -> io::Result<ExitCode> {
    let search = &arguments.search;
    search.images.check().unwrap_or_else(|complaint| usage_error(&complaint));
    let algorithm = arguments.algorithm.0;
    let progress = Progress::new();
    let mut index = Index::new(algorithm).map_err(io::Error::other)?;
    let (mut members, mut plain) = (Vec::new(), 0_u64);
    let tally = images::each(&search.images, search.fingerprinter(algorithm), &progress, |entry| {
        let Some((hash, quality)) = entry.hash() else { return Ok(()) };
        if quality.is_some_and(|quality| !quality.is_reliable()) {
            plain += 1;
            return Ok(());
        }
        index.insert(hash, "").map_err(io::Error::other)?;
        let path = entry.path.to_string_lossy().into_owned();
        members.push(Member { path, shown: messages::shown(&entry.path), hash: hash.clone(), quality });
        Ok(())
    })?;
    let threshold = search.radius(algorithm);
    let groups = index.groups(threshold);
    for group in &groups {
        // Entries are numbered as the members are.
        let group: Vec<&Member> = group.iter().filter_map(|entry| members.get(*entry as usize)).collect();
        let text = match search.format {
            RowFormat::Table => table(&group),
            RowFormat::Jsonl => line(&group),
        };
        write_whole(&progress, &text)?;
    }
    tally.summarise();
    if plain > 0 {
        messages::say(&format!(
            "{plain} with a quality below {} were skipped: they are too plain to be told apart",
            Quality::EXCHANGE_THRESHOLD
        ));
    }
    if groups.is_empty() {
        messages::say(&format!(
            "no two of {} images are within {threshold} bits by {algorithm}",
            members.len()
        ));
    }
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) })
}

/// Members with their distance from the group's first.
fn distances<'a>(group: &'a [&Member]) -> impl Iterator<Item = (&'a Member, u32)> {
    let first = group.first().map(|member| &member.hash);
    group.iter().map(move |member| {
        let distance = first.and_then(|first| first.distance(&member.hash).ok());
        (*member, distance.unwrap_or_default())
    })
}

fn table(group: &[&Member]) -> String {
    let rows = distances(group).map(|(member, distance)| format!("  {distance:>3}  {}\n", member.shown));
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
