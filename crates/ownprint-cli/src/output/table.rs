//! The table for people: a line about each file, then its hashes in full, ready to be copied.

use console::{Style, Term, measure_text_width, pad_str};
use ownprint::hash::{SkipReason, SkippedVariant, VpdqFrame};
use ownprint::{ExifOrientation, Fingerprint, HashAlgorithm, Quality, Selection};

use super::format::Output;
use crate::batch::FileResult;
use crate::messages;

#[derive(Debug)]
pub(crate) struct Table {
    /// Columns of the table.
    width: usize,
    /// Columns of the longest name of a hash or digest.
    name_width: usize,
    started: bool,
}

/// The width without a terminal, and the maximum with one.
const WIDEST: usize = 100;
/// The minimum; narrower terminals wrap. A PDQ hash has 64 columns.
const NARROWEST: usize = 80;
/// Columns after the path, including the space before them.
const FACTS_WIDTH: usize = 1 + 6 + 2 + 11 + 2 + 7;

impl Table {
    pub(crate) fn new(selection: &Selection) -> Self {
        let terminal = Term::stdout();
        let width = if terminal.is_term() { terminal.size().1.into() } else { WIDEST };
        let hashes = selection.hashes.iter().map(|hash| hash.name());
        let digests = selection.digests.iter().map(|digest| digest.name().into());
        let variants = selection.variants.iter().flat_map(|set| set.variants());
        let variants = variants.map(|variant| variant.to_string().into());
        let widths = hashes.chain(digests).chain(variants).map(|name| name.len());
        Self {
            width: width.clamp(NARROWEST, WIDEST),
            name_width: widths.chain([NOTE.len()]).max().unwrap_or_default(),
            started: false,
        }
    }

    fn facts(&self, path: &str, format: &str, size: &str, quality: &str, style: &Style) -> String {
        let path_width = self.width - FACTS_WIDTH;
        let facts = format!("{format:<6}  {size:>11}  {quality:>7}");
        if measure_text_width(path) <= path_width {
            let padding = " ".repeat(path_width - measure_text_width(path));
            format!("{}{padding} {facts}\n", style.apply_to(path))
        } else {
            format!("{}\n{} {facts}\n", style.apply_to(path), " ".repeat(path_width))
        }
    }

    fn row(&self, name: &str, value: &str) -> String {
        let name = pad_str(name, self.name_width, console::Alignment::Left, None);
        format!("  {}  {value}\n", dim().apply_to(name))
    }

    fn hash_rows(&self, fingerprint: &Fingerprint) -> String {
        let mut rows = String::new();
        let image = fingerprint.image().ok();
        for hash in image.iter().flat_map(|image| &image.hashes) {
            let names = std::iter::once(hash.algorithm.name()).chain(std::iter::repeat("".into()));
            for (name, value) in names.zip(&hash.values) {
                rows += &self.row(&name, &value.to_hex());
            }
        }
        let variants = image.iter().flat_map(|image| &image.variants).flat_map(|set| &set.hashes);
        for hash in variants.filter(|hash| !hash.variant.is_image()) {
            rows += &self.row(&hash.variant.to_string(), &hash.value.to_hex());
        }
        let frames = fingerprint.video().into_iter().flat_map(|video| &video.vpdq);
        for (frame, name) in frames.zip(std::iter::once("vpdq").chain(std::iter::repeat(""))) {
            let VpdqFrame { feature, .. } = frame;
            let (hash, seconds, quality) = (feature.hash(), feature.seconds(), feature.quality);
            rows += &self.row(name, &format!("{hash}  {seconds:.3} s, quality {quality}"));
        }
        rows
    }

    fn notes(&self, fingerprint: &Fingerprint) -> String {
        let image = fingerprint.image().ok();
        let info = image.map(|image| &image.info);
        let oriented = info
            .filter(|it| it.orientation != ExifOrientation::Normal && it.orientation_applied)
            .map(|it| {
                let (exif, stored) = (it.orientation.to_exif(), it.stored);
                self.row(NOTE, &format!("EXIF orientation {exif} applied; stored as {stored}"))
            });
        let qualities =
            differing_qualities(fingerprint).map(|qualities| self.row(NOTE, &qualities));
        let skipped = image.iter().flat_map(|image| &image.variants).flat_map(|set| &set.skipped);
        let skipped = skipped.map(|variant| self.row(NOTE, &skipped_text(variant)));
        let warnings = fingerprint.warnings().iter().map(|warning| {
            self.row(NOTE, &Style::new().for_stdout().yellow().apply_to(warning).to_string())
        });
        oriented.into_iter().chain(qualities).chain(skipped).chain(warnings).collect()
    }
}

/// The name of a row with a note about the result.
const NOTE: &str = "note";

impl Output for Table {
    fn file(&mut self, file: &FileResult) -> (String, Option<String>) {
        // The reason of a failure is on standard error.
        let Ok(fingerprint) = &file.fingerprint else { return (String::new(), None) };
        if fingerprint.failure().is_some() && fingerprint.digests().is_empty() {
            return (String::new(), None);
        }
        let mut text = String::new();
        if !std::mem::replace(&mut self.started, true) {
            text += &self.facts("FILE", "FORMAT", "SIZE", "QUALITY", &dim());
        }
        let image = fingerprint.image().ok().map(|image| &image.info);
        let video = fingerprint.video().ok();
        let format = image.and_then(|it| it.format).map(|it| it.to_string());
        let format =
            format.or_else(|| video.map(|it| it.format.clone())).unwrap_or_else(|| "-".to_owned());
        let size = image.map(|it| it.size).or_else(|| video.map(|it| it.size));
        let size = size.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let quality =
            lowest_quality(fingerprint).map_or_else(|| "-".to_owned(), |it| it.to_string());
        let path = messages::shown(&file.path);
        text += &self.facts(&path, &format, &size, &quality, &Style::new().for_stdout().bold());
        text += &self.hash_rows(fingerprint);
        if let Some(rgb_md5) = image.and_then(|it| it.rgb_md5.as_ref()) {
            text += &self.row("rgb", &format!("{rgb_md5}  MD5 of the pixels"));
        }
        for digest in fingerprint.digests() {
            text += &self.row(digest.algorithm.name(), &digest.to_hex());
        }
        text += &self.notes(fingerprint);
        (text, None)
    }
}

fn skipped_text(SkippedVariant { variant, reason, .. }: &SkippedVariant) -> String {
    match reason {
        SkipReason::Quality(quality) => format!("{variant} skipped: quality {quality}"),
        SkipReason::Near { to, distance } => {
            format!("{variant} skipped: {distance} bits from {to}, so it would match nothing more")
        }
    }
}

fn qualities(fingerprint: &Fingerprint) -> impl Iterator<Item = (HashAlgorithm, Quality)> {
    let image = fingerprint.image().ok();
    let hashes = image.into_iter().flat_map(|image| &image.hashes);
    hashes.filter_map(|hash| Some((hash.algorithm, hash.quality?)))
}

fn lowest_quality(fingerprint: &Fingerprint) -> Option<Quality> {
    qualities(fingerprint).map(|(_, quality)| quality).min()
}

/// Returns a note with the qualities above the lowest, which the table shows.
fn differing_qualities(fingerprint: &Fingerprint) -> Option<String> {
    let lowest = lowest_quality(fingerprint)?;
    let higher: Vec<_> = qualities(fingerprint)
        .filter(|&(_, quality)| quality != lowest)
        .map(|(algorithm, quality)| format!("{quality} for {algorithm}"))
        .collect();
    (!higher.is_empty())
        .then(|| format!("the lowest quality is shown; it is {}", higher.join(", ")))
}

fn dim() -> Style {
    Style::new().for_stdout().dim()
}
