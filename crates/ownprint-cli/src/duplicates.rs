//! `ownprint duplicates`: finds images and videos that are the same or nearly the same.

use std::io;
use std::process::ExitCode;

use ownprint::hash::{VpdqComparison, VpdqFeature, VpdqThresholds};
use ownprint::search::{Index, VideoIndex};
use ownprint::{BitHash, HashAlgorithm, Quality};
use serde_json::json;

use crate::arguments::{DuplicatesArguments, HashOrVideos, RowFormat, usage_error};
use crate::batch::{self, FileResult, write_whole};
use crate::exit_status::SOME_FAILED;
use crate::messages;
use crate::progress::Progress;

pub(crate) fn run(arguments: &DuplicatesArguments) -> io::Result<ExitCode> {
    let search = &arguments.search;
    let paths = search.files.paths().unwrap_or_else(|message| usage_error(&message));
    let (algorithm, has_videos) = HashOrVideos::selected(arguments.algorithm);
    let progress = Progress::new();
    let mut images = algorithm.map(|it| Images::new(it, search.threshold(it))).transpose()?;
    let mut videos = Videos::new(arguments.videos.thresholds())?;
    let options = has_videos.then(|| arguments.videos.options());
    let fingerprinter = search.fingerprinter(algorithm, [], None, options);
    let summary =
        batch::fingerprint_files(&search.files, paths, fingerprinter, &progress, |file| {
            if let Some(features) = file.features() {
                videos.add(file, features)
            } else if let Some(images) = &mut images {
                images.add(file)
            } else {
                Ok(())
            }
        })?;
    let groups = images.as_mut().map_or(Ok(Vec::new()), |images| images.groups(search.format))?;
    let groups = [groups, videos.groups(search.format)?].concat();
    for group in &groups {
        write_whole(&progress, group)?;
    }
    summary.print();
    let notes = [images.as_ref().and_then(Images::low_quality), videos.low_quality()];
    for note in notes.into_iter().flatten() {
        messages::print(&note);
    }
    if groups.is_empty() {
        let counts = [
            images.filter(|it| !(it.members.is_empty() && has_any(&videos))).map(|it| it.none()),
            has_any(&videos).then(|| videos.none()),
        ];
        for none in counts.into_iter().flatten() {
            messages::print(&none);
        }
    }
    Ok(if summary.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) })
}

fn has_any(videos: &Videos) -> bool {
    !videos.members.is_empty()
}

/// The paths of a file, for programs and for a terminal.
struct Name {
    path: String,
    shown: String,
}

impl Name {
    fn of(file: &FileResult) -> Self {
        let path = file.path.to_string_lossy().into_owned();
        Self { path, shown: messages::shown(&file.path) }
    }
}

/// An image that can be compared with others.
struct Image {
    name: Name,
    hash: BitHash,
    quality: Option<Quality>,
}

/// The images of a run.
struct Images {
    algorithm: HashAlgorithm,
    threshold: u32,
    index: Index,
    /// Entries of the index have these positions.
    members: Vec<Image>,
    low_quality: u64,
}

impl Images {
    fn new(algorithm: HashAlgorithm, threshold: u32) -> io::Result<Self> {
        let index = Index::new(algorithm).map_err(io::Error::other)?;
        Ok(Self { algorithm, threshold, index, members: Vec::new(), low_quality: 0 })
    }

    fn add(&mut self, file: &FileResult) -> io::Result<()> {
        let Some((hash, quality)) = file.first_hash() else { return Ok(()) };
        if quality.is_some_and(|quality| !quality.is_reliable()) {
            self.low_quality += 1;
            return Ok(());
        }
        self.index.insert(hash, "").map_err(io::Error::other)?;
        self.members.push(Image { name: Name::of(file), hash: hash.clone(), quality });
        Ok(())
    }

    /// Returns the text of each group.
    fn groups(&mut self, format: RowFormat) -> io::Result<Vec<String>> {
        let groups = self.index.groups(self.threshold).map_err(io::Error::other)?;
        let text = |group: &Vec<u32>| {
            let group: Vec<&Image> =
                group.iter().filter_map(|entry| self.members.get(*entry as usize)).collect();
            match format {
                RowFormat::Table => images_table(&group),
                RowFormat::Jsonl => images_line(&group),
            }
        };
        Ok(groups.iter().map(text).collect())
    }

    fn low_quality(&self) -> Option<String> {
        let Self { low_quality, .. } = self;
        (*low_quality > 0).then(|| messages::skipped_low_quality(*low_quality))
    }

    fn none(&self) -> String {
        let Self { algorithm, threshold, members, .. } = self;
        format!("no two of {} images are within {threshold} bits by {algorithm}", members.len())
    }
}

/// Returns the members with their distances from the first of the group.
fn distances<'a>(group: &'a [&Image]) -> impl Iterator<Item = (&'a Image, u32)> {
    let first = group.first().map(|image| &image.hash);
    group.iter().map(move |image| {
        let distance = first.and_then(|first| first.distance(&image.hash).ok());
        (*image, distance.unwrap_or_default())
    })
}

fn images_table(group: &[&Image]) -> String {
    let rows = distances(group)
        .map(|(image, distance)| format!("  {distance:>3}  {}\n", image.name.shown));
    std::iter::once(format!("{} images\n", group.len())).chain(rows).collect()
}

fn images_line(group: &[&Image]) -> String {
    let images: Vec<_> = distances(group)
        .map(|(image, distance)| {
            let mut object = json!({
                "path": image.name.path,
                "distance": distance,
                "hex": image.hash.to_hex(),
            });
            if let Some(quality) = image.quality {
                object["quality"] = json!(quality.value());
            }
            object
        })
        .collect();
    format!("{}\n", json!({ "images": images }))
}

/// The videos of a run.
struct Videos {
    thresholds: VpdqThresholds,
    index: VideoIndex,
    /// Videos of the index have these positions.
    members: Vec<(Name, Vec<VpdqFeature>)>,
    low_quality: u64,
}

impl Videos {
    fn new(thresholds: VpdqThresholds) -> io::Result<Self> {
        let index = VideoIndex::with_quality(thresholds.quality).map_err(io::Error::other)?;
        Ok(Self { thresholds, index, members: Vec::new(), low_quality: 0 })
    }

    fn add(&mut self, file: &FileResult, features: Vec<VpdqFeature>) -> io::Result<()> {
        if self.thresholds.count(&features) == 0 {
            self.low_quality += 1;
            return Ok(());
        }
        self.index.insert(&features, "").map_err(io::Error::other)?;
        self.members.push((Name::of(file), features));
        Ok(())
    }

    /// Returns the text of each group.
    fn groups(&self, format: RowFormat) -> io::Result<Vec<String>> {
        let groups = self.index.groups(&self.thresholds).map_err(io::Error::other)?;
        let text = |group: &Vec<u32>| {
            let members = group.iter().filter_map(|video| self.members.get(*video as usize));
            let members: Vec<_> = members.collect();
            let first = members.first().map(|(_, features)| features.as_slice());
            let comparisons = members.iter().map(|(name, features)| {
                let first = first.unwrap_or_default();
                (name, VpdqComparison::new(features, first, &self.thresholds))
            });
            match format {
                RowFormat::Table => videos_table(comparisons),
                RowFormat::Jsonl => videos_line(comparisons),
            }
        };
        Ok(groups.iter().map(text).collect())
    }

    fn low_quality(&self) -> Option<String> {
        let (Self { low_quality, .. }, lowest) = (self, self.thresholds.quality);
        (*low_quality > 0).then(|| {
            format!("skipped {low_quality} videos without a frame of quality {lowest} or more")
        })
    }

    fn none(&self) -> String {
        format!("no two of {} videos match", self.members.len())
    }
}

fn videos_table<'a>(group: impl ExactSizeIterator<Item = (&'a Name, VpdqComparison)>) -> String {
    let title = format!("{} videos\n", group.len());
    let rows = group.map(|(name, comparison)| {
        format!("  {:>6}  {}\n", messages::percent(comparison.query_percent()), name.shown)
    });
    std::iter::once(title).chain(rows).collect()
}

fn videos_line<'a>(group: impl Iterator<Item = (&'a Name, VpdqComparison)>) -> String {
    let videos: Vec<_> = group
        .map(|(name, comparison)| {
            json!({
                "path": name.path,
                "query_percent": comparison.query_percent(),
                "compared_percent": comparison.compared_percent(),
            })
        })
        .collect();
    format!("{}\n", json!({ "videos": videos }))
}
