//! `ownprint match`: finds images in lists of hashes.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use ownprint::hash::{Digest, Variant};
use ownprint::search::Hit;
use ownprint::{BitHash, DigestAlgorithm, Fingerprint, HashAlgorithm, Quality, VariantSet};
use serde_json::json;

use crate::arguments::{MatchAlgorithm, MatchArguments, RowFormat, usage_error};
use crate::batch::{self, FileResult, write_whole};
use crate::exit_status::{COULD_NOT_RUN, NO_MATCH};
use crate::lists::{self, Known, Wanted};
use crate::messages;
use crate::progress::Progress;

pub(crate) fn run(arguments: &MatchArguments) -> io::Result<ExitCode> {
    let search = &arguments.search;
    let paths = search.files.paths().unwrap_or_else(|message| usage_error(&message));
    let wanted = match arguments.algorithm {
        None => Wanted::HashesAndDigests,
        Some(MatchAlgorithm::Hash(algorithm)) => Wanted::Hashes(Some(algorithm.0)),
        Some(MatchAlgorithm::Digest(algorithm)) => Wanted::Digests(algorithm),
    };
    let known = match lists::read(&arguments.against, &arguments.reading, wanted) {
        Ok(known) => known,
        Err(message) => {
            messages::print(&message);
            return Ok(ExitCode::from(COULD_NOT_RUN));
        }
    };
    let algorithm = known.index.algorithm();
    let threshold = search.threshold(algorithm);
    let progress = Progress::new();
    let (mut compared, mut matched) = (0_u64, 0_u64);
    let digests = known.digest_algorithms();
    // Without hashes to compare, images need not be decoded.
    let only_digests =
        matches!(wanted, Wanted::Digests(_)) || (known.index.is_empty() && !digests.is_empty());
    if arguments.query_variants && (only_digests || algorithm != HashAlgorithm::PDQ) {
        messages::print("variants have only pdq hashes: omit --query-variants or --algorithm");
        return Ok(ExitCode::from(COULD_NOT_RUN));
    }
    let variants = arguments.query_variants.then(VariantSet::query);
    let hashes = (!only_digests).then_some(algorithm);
    let fingerprinter = search.fingerprinter(hashes, digests, variants);
    let summary =
        batch::fingerprint_files(&search.files, paths, fingerprinter, &progress, |file| {
            let Some(found) = Found::of(file, &known, threshold)? else { return Ok(()) };
            compared += 1;
            matched += u64::from(found.is_match());
            let text = match search.format {
                RowFormat::Table => found.table(&file.path),
                RowFormat::Jsonl => found.line(&file.path),
            };
            write_whole(&progress, &text)?;
            if let Some(quality) = found.low_quality() {
                let shown = messages::shown(&file.path);
                progress.suspend(|| {
                    messages::print(&messages::low_quality(&shown, quality, "a match"));
                });
            }
            Ok(())
        })?;
    summary.print();
    if matched == 0 && compared > 0 && search.format == RowFormat::Table {
        messages::print(&no_match(&known, threshold));
    }
    Ok(match (compared, matched) {
        (0, _) => ExitCode::from(COULD_NOT_RUN),
        (_, 0) => ExitCode::from(NO_MATCH),
        _ => ExitCode::SUCCESS,
    })
}

fn no_match(known: &Known, threshold: u32) -> String {
    let (algorithm, digests) = (known.index.algorithm(), known.digests.len());
    let listed = match known.index.len() {
        0 if digests > 0 => return format!("no file has one of the {digests} digests listed"),
        1 => format!("the {algorithm} hash listed"),
        hashes => format!("the {hashes} {algorithm} hashes listed"),
    };
    let digests = match digests {
        0 => String::new(),
        digests => format!(", and no file has one of the {digests} digests listed"),
    };
    format!("no image is within {threshold} bits of {listed}{digests}")
}

/// What the lists have of one file.
struct Found<'a> {
    hash: Option<(&'a BitHash, Option<Quality>)>,
    /// The nearest hit of each entry, and the variant of the image that is this near.
    hits: Vec<(Hit<'a>, Option<&'a Variant>)>,
    digests: &'a [Digest],
    /// Each digest that is listed, with a name.
    equal: Vec<(DigestAlgorithm, &'a str)>,
}

impl<'a> Found<'a> {
    /// Returns `None` if the file has nothing to compare.
    fn of(file: &'a FileResult, known: &'a Known, threshold: u32) -> io::Result<Option<Self>> {
        let hash = file.first_hash();
        let digests = file.fingerprint.as_ref().map(Fingerprint::digests).unwrap_or_default();
        if hash.is_none() && digests.is_empty() {
            return Ok(None);
        }
        let mut hits = BTreeMap::new();
        for (hash, variant) in file.query_hashes() {
            for hit in known.index.within(hash, threshold).map_err(io::Error::other)? {
                let nearest = hits.entry(hit.entry).or_insert((hit, variant));
                if hit.distance < nearest.0.distance {
                    *nearest = (hit, variant);
                }
            }
        }
        let mut hits: Vec<_> = hits.into_values().collect();
        hits.sort_by_key(|(hit, _)| *hit);
        let names = |digest: &'a Digest| {
            known.names(digest).iter().map(|name| (digest.algorithm, name.as_str()))
        };
        let equal = digests.iter().flat_map(names).collect();
        Ok(Some(Self { hash, hits, digests, equal }))
    }

    fn is_match(&self) -> bool {
        !(self.hits.is_empty() && self.equal.is_empty())
    }

    /// Returns the quality if it is too low for a match of the hash to be reliable.
    fn low_quality(&self) -> Option<Quality> {
        let (_, quality) = self.hash.filter(|_| !self.hits.is_empty())?;
        quality.filter(|quality| !quality.is_reliable())
    }

    /// Returns the rows of a file, or nothing if it has no match.
    fn table(&self, path: &Path) -> String {
        if !self.is_match() {
            return String::new();
        }
        let equal = self.equal.iter().map(|(algorithm, name)| {
            format!("  {algorithm:>3}  {}\n", messages::shown(Path::new(name)))
        });
        let near = self.hits.iter().map(|(hit, queried)| {
            let (name, variant) = hit.name_and_variant();
            let variant = variant.map_or_else(String::new, |variant| format!("  {variant}"));
            let queried = queried.map_or_else(String::new, |it| format!("  by its variant {it}"));
            let name = messages::shown(Path::new(name));
            format!("  {:>3}  {name}{variant}{queried}\n", hit.distance)
        });
        std::iter::once(format!("{}\n", messages::shown(path))).chain(equal).chain(near).collect()
    }

    fn line(&self, path: &Path) -> String {
        let equal = self
            .equal
            .iter()
            .map(|(algorithm, name)| json!({ "name": name, "digest": algorithm.name() }));
        let near = self.hits.iter().map(|(hit, queried)| {
            let (name, variant) = hit.name_and_variant();
            let mut object = json!({ "name": name, "distance": hit.distance });
            if let Some(variant) = variant {
                object["variant"] = json!(variant.to_string());
            }
            if let Some(queried) = queried {
                object["query_variant"] = json!(queried.to_string());
            }
            object
        });
        let matches: Vec<_> = equal.chain(near).collect();
        let mut object = json!({ "path": path.to_string_lossy() });
        if let Some((hash, quality)) = self.hash {
            object["hex"] = json!(hash.to_hex());
            if let Some(quality) = quality {
                object["quality"] = json!(quality.value());
            }
        }
        for digest in self.digests {
            object["digests"][digest.algorithm.name()] = json!(digest.to_hex());
        }
        object["matches"] = json!(matches);
        format!("{object}\n")
    }
}
