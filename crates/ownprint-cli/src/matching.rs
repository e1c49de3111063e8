//! `ownprint match`: finds images and videos in lists of hashes.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use ownprint::hash::{Digest, Variant, VpdqThresholds};
use ownprint::search::{Hit, VideoHit};
use ownprint::{BitHash, DigestAlgorithm, Fingerprint, HashAlgorithm, Quality};
use serde_json::json;

use crate::arguments::{MatchAlgorithm, MatchArguments, RowFormat, usage_error};
use crate::batch::{self, FileResult, write_whole};
use crate::exit_status::{COULD_NOT_RUN, NO_MATCH};
use crate::lists::{self, Known, Wanted};
use crate::messages;
use crate::progress::Progress;
use crate::source::{READ_ONCE, is_standard_input};

pub(crate) fn run(arguments: &MatchArguments) -> io::Result<ExitCode> {
    let search = &arguments.search;
    let paths = search.files.paths().unwrap_or_else(|message| usage_error(&message));
    let has_piped_list = arguments.against.iter().any(|list| is_standard_input(list));
    if has_piped_list && search.files.reads_standard_input() {
        messages::print(READ_ONCE);
        return Ok(ExitCode::from(COULD_NOT_RUN));
    }
    let wanted = match arguments.algorithm {
        None => Wanted::Everything,
        Some(MatchAlgorithm::Hash(algorithm)) => Wanted::Hashes(Some(algorithm.0)),
        Some(MatchAlgorithm::Digest(algorithm)) => Wanted::Digests(algorithm),
        Some(MatchAlgorithm::Videos) => Wanted::Videos,
    };
    let of_frames = arguments.videos.thresholds();
    let known = lists::read(&arguments.against, &arguments.reading, wanted, of_frames.quality);
    let known = match known {
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
    // Without hashes to compare, images need not be decoded, and no videos without videos.
    let has_videos = !known.videos.is_empty() || matches!(wanted, Wanted::Videos);
    let no_hashes = matches!(wanted, Wanted::Digests(_) | Wanted::Videos)
        || (known.index.is_empty() && (!digests.is_empty() || has_videos));
    if arguments.query_variants.is_some() && (no_hashes || algorithm != HashAlgorithm::PDQ) {
        messages::print("variants have only pdq hashes: omit --query-variants or --algorithm");
        return Ok(ExitCode::from(COULD_NOT_RUN));
    }
    let variants = arguments.query_variants.clone();
    let hashes = (!no_hashes).then_some(algorithm);
    let videos = has_videos.then(|| arguments.videos.options());
    let fingerprinter = search.fingerprinter(hashes, digests, variants, videos);
    let summary =
        batch::fingerprint_files(&search.files, paths, fingerprinter, &progress, |file| {
            let Some(found) = Found::of(file, &known, threshold, &of_frames)? else {
                return Ok(());
            };
            compared += 1;
            matched += u64::from(found.is_match());
            let text = match search.format {
                RowFormat::Table => found.table(&file.path, threshold),
                RowFormat::Jsonl => found.line(&file.path, algorithm, threshold),
            };
            write_whole(&progress, &text)?;
            let shown = messages::shown(&file.path);
            if let Some(quality) = found.low_quality().filter(|_| !known.index.is_empty()) {
                progress.suspend(|| messages::print(&messages::low_quality(&shown, quality)));
            }
            if found.frames == Some(0) {
                progress.suspend(|| {
                    messages::print(&messages::no_usable_frame(&shown, of_frames.quality));
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
    let videos = match known.videos.len() {
        0 => None,
        1 => Some("no video matches the video listed".to_owned()),
        videos => Some(format!("no video matches one of the {videos} videos listed")),
    };
    let digests_listed = || format!("no file has one of the {digests} digests listed");
    let listed = match known.index.len() {
        0 if digests > 0 || videos.is_some() => {
            let digests = (digests > 0).then(digests_listed);
            return videos.into_iter().chain(digests).collect::<Vec<_>>().join(", and ");
        }
        1 => format!("the {algorithm} hash listed"),
        hashes => format!("the {hashes} {algorithm} hashes listed"),
    };
    let images = format!("no image is within {threshold} bits of {listed}");
    let digests = (digests > 0).then(digests_listed);
    std::iter::once(images).chain(videos).chain(digests).collect::<Vec<_>>().join(", and ")
}

/// An entry of the index, and the variant of the image that is nearest to it.
type ImageHit<'a> = (Hit<'a>, Option<&'a Variant>);

/// Returns the entries that an image or its variants find. An image of low quality finds nothing.
fn hits<'a>(
    file: &'a FileResult,
    known: &'a Known,
    threshold: u32,
) -> io::Result<Vec<ImageHit<'a>>> {
    if let Some(query) = file.variants() {
        let hits = known.index.within_variants(query, threshold).map_err(io::Error::other)?;
        let queried = |variant: &'a Variant| Some(variant).filter(|variant| !variant.is_image());
        return Ok(hits.into_iter().map(|found| (found.hit, queried(found.variant))).collect());
    }
    let reliable = |quality: Option<Quality>| quality.is_none_or(Quality::is_reliable);
    let Some((hash, _)) = file.first_hash().filter(|(_, quality)| reliable(*quality)) else {
        return Ok(Vec::new());
    };
    let hits = known.index.within(hash, threshold).map_err(io::Error::other)?;
    Ok(hits.into_iter().map(|hit| (hit, None)).collect())
}

/// Returns the pair that matched: which variant on the list, and which of the image; with the
/// threshold. The result is empty if both are the images themselves.
fn reason(threshold: u32, listed: Option<&Variant>, queried: Option<&Variant>) -> String {
    let pair = match (listed, queried) {
        (None, None) => return String::new(),
        (Some(listed), None) => format!("its variant {listed}"),
        (None, Some(queried)) => format!("by this image's variant {queried}"),
        (Some(listed), Some(queried)) => {
            format!("its variant {listed} by this image's variant {queried}")
        }
    };
    format!("  {pair}, threshold {threshold}")
}

/// What the lists have of one file.
struct Found<'a> {
    hash: Option<(&'a BitHash, Option<Quality>)>,
    /// The nearest hit of each entry, and the variant of the image that is this near.
    hits: Vec<ImageHit<'a>>,
    /// The number of a video's distinct frames of sufficient quality.
    frames: Option<usize>,
    /// The videos that a video matches, the best one first.
    videos: Vec<VideoHit<'a>>,
    digests: &'a [Digest],
    /// Each digest that is listed, with a name.
    equal: Vec<(DigestAlgorithm, &'a str)>,
}

impl<'a> Found<'a> {
    /// Returns `None` if the file has nothing to compare.
    fn of(
        file: &'a FileResult,
        known: &'a Known,
        threshold: u32,
        of_frames: &VpdqThresholds,
    ) -> io::Result<Option<Self>> {
        let hash = file.first_hash();
        let features = file.features();
        let digests = file.fingerprint.as_ref().map(Fingerprint::digests).unwrap_or_default();
        if hash.is_none() && features.is_none() && digests.is_empty() {
            return Ok(None);
        }
        let frames = features.as_ref().map(|features| of_frames.count(features));
        let videos = match &features {
            Some(features) => {
                known.videos.matches(features, of_frames).map_err(io::Error::other)?
            }
            None => Vec::new(),
        };
        let hits = hits(file, known, threshold)?;
        let names = |digest: &'a Digest| {
            known.names(digest).iter().map(|name| (digest.algorithm, name.as_str()))
        };
        let equal = digests.iter().flat_map(names).collect();
        Ok(Some(Self { hash, hits, frames, videos, digests, equal }))
    }

    fn is_match(&self) -> bool {
        !(self.hits.is_empty() && self.videos.is_empty() && self.equal.is_empty())
    }

    /// Returns the quality if it is too low for the hash to match anything.
    fn low_quality(&self) -> Option<Quality> {
        let (_, quality) = self.hash?;
        quality.filter(|quality| !quality.is_reliable())
    }

    /// Returns the rows of a file, or nothing if it has no match.
    fn table(&self, path: &Path, threshold: u32) -> String {
        if !self.is_match() {
            return String::new();
        }
        let equal = self.equal.iter().map(|(algorithm, name)| {
            format!("  {algorithm:>3}  {}\n", messages::shown(Path::new(name)))
        });
        let near = self.hits.iter().map(|(hit, queried)| {
            let (name, variant) = hit.name_and_variant();
            let (name, variant) = (messages::shown(Path::new(name)), variant.as_ref());
            let reason = reason(threshold, variant, *queried);
            format!("  {:>3}  {name}{reason}\n", hit.distance)
        });
        let videos = self.videos.iter().map(|hit| {
            let (comparison, name) = (&hit.comparison, messages::shown(Path::new(hit.payload)));
            let [query, compared] = [comparison.query_percent(), comparison.compared_percent()];
            let [query, compared] = [query, compared].map(messages::percent);
            format!("  {query:>6}  {name}  {compared} of it\n")
        });
        let path = std::iter::once(format!("{}\n", messages::shown(path)));
        path.chain(equal).chain(near).chain(videos).collect()
    }

    fn line(&self, path: &Path, algorithm: HashAlgorithm, threshold: u32) -> String {
        let equal = self
            .equal
            .iter()
            .map(|(algorithm, name)| json!({ "name": name, "digest": algorithm.name() }));
        let near = self.hits.iter().map(|(hit, queried)| {
            let (name, variant) = hit.name_and_variant();
            let mut object = json!({
                "name": name,
                "algorithm": algorithm.name(),
                "distance": hit.distance,
                "threshold": threshold,
            });
            if let Some(variant) = variant {
                object["variant"] = json!(variant.to_string());
            }
            if let Some(queried) = queried {
                object["query_variant"] = json!(queried.to_string());
            }
            object
        });
        let videos = self.videos.iter().map(|hit| {
            json!({
                "name": hit.payload,
                "query_percent": hit.comparison.query_percent(),
                "compared_percent": hit.comparison.compared_percent(),
            })
        });
        let matches: Vec<_> = equal.chain(near).chain(videos).collect();
        let mut object = json!({ "path": path.to_string_lossy() });
        if let Some((hash, quality)) = self.hash {
            object["hex"] = json!(hash.to_hex());
            if let Some(quality) = quality {
                object["quality"] = json!(quality.value());
                object["reliable"] = json!(quality.is_reliable());
            }
        }
        if let Some(frames) = self.frames {
            object["frames"] = json!(frames);
        }
        for digest in self.digests {
            object["digests"][digest.algorithm.name()] = json!(digest.to_hex());
        }
        object["matches"] = json!(matches);
        format!("{object}\n")
    }
}
