//! The table for people: a line of facts a file, and below it every hash in full, to be read and copied.

use console::{Style, Term, measure_text_width, pad_str};
use ownprint::hash::{SkipReason, SkippedVariant, VpdqFrame};
use ownprint::{ExifOrientation, Fingerprint, Orientation, Quality, Selection};

use super::Output;
use crate::images::Entry;
use crate::messages;

#[derive(Debug)]
pub(crate) struct Table {
    /// Columns of the terminal that are used.
    width: usize,
    /// Columns that the longest name of a hash or digest takes.
    name_width: usize,
    started: bool,
}

/// The width where there is no terminal, and the widest that is used of one.
const WIDEST: usize = 100;
/// Narrower terminals wrap: a hash alone takes 64 columns.
const NARROWEST: usize = 80;
/// What the columns after the path take, with the space before them.
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
        for hash in &fingerprint.hashes {
            let names = std::iter::once(hash.algorithm.name()).chain(std::iter::repeat("".into()));
            for (name, value) in names.zip(&hash.values) {
                rows += &self.row(&name, &value.to_hex());
            }
        }
        let variants = fingerprint.variants.iter().flat_map(|set| &set.hashes);
        for hash in variants.filter(|hash| !hash.variant.is_image()) {
            rows += &self.row(&hash.variant.to_string(), &hash.value.to_hex());
        }
        let frames = fingerprint.video.iter().flat_map(|video| &video.vpdq);
        for (frame, name) in frames.zip(std::iter::once("vpdq").chain(std::iter::repeat(""))) {
            let VpdqFrame { feature, .. } = frame;
            let (hash, seconds, quality) = (feature.hash(), feature.seconds(), feature.quality);
            rows += &self.row(name, &format!("{hash}  {seconds:.3} s, quality {quality}"));
        }
        rows
    }

    fn notes(&self, fingerprint: &Fingerprint) -> String {
        let turned = fingerprint
            .image
            .as_ref()
            .filter(|it| it.orientation != ExifOrientation::Normal && it.order == Orientation::Apply);
        let turned = turned.map(|image| {
            let stored = image.stored;
            let exif = image.orientation.to_exif();
            self.row(NOTE, &format!("turned upright; stored as {stored}, EXIF orientation {exif}"))
        });
        let warnings = fingerprint
            .warnings
            .iter()
            .map(|warning| self.row(NOTE, &Style::new().for_stdout().yellow().apply_to(warning).to_string()));
        let qualities = differing_qualities(fingerprint).map(|qualities| self.row(NOTE, &qualities));
        let skipped = fingerprint.variants.iter().flat_map(|set| &set.skipped);
        let skipped = skipped.map(|variant| self.row(NOTE, &skipped_text(variant)));
        turned.into_iter().chain(qualities).chain(skipped).chain(warnings).collect()
    }
}

/// The name of a row that says something about the result.
const NOTE: &str = "note";

impl Output for Table {
    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        // A failed path is named on standard error, which stands in the same place on a terminal.
        let Ok(fingerprint) = &entry.result else { return (String::new(), None) };
        let mut text = String::new();
        if !std::mem::replace(&mut self.started, true) {
            text += &self.facts("FILE", "FORMAT", "SIZE", "QUALITY", &dim());
        }
        let image = fingerprint.image.as_ref();
        let video = fingerprint.video.as_ref();
        let format = image.and_then(|it| it.format).map(|it| it.to_string());
        let format = format.or_else(|| video.map(|it| it.format.clone())).unwrap_or_else(|| "-".to_owned());
        let size = image.map(|it| it.size).or_else(|| video.map(|it| it.size));
        let size = size.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let quality = lowest_quality(fingerprint).map_or_else(|| "-".to_owned(), |it| it.to_string());
        let path = messages::shown(&entry.path);
        text += &self.facts(&path, &format, &size, &quality, &Style::new().for_stdout().bold());
        text += &self.hash_rows(fingerprint);
        if let Some(rgb_md5) = image.and_then(|it| it.rgb_md5.as_ref()) {
            text += &self.row("rgb", &format!("{rgb_md5}  MD5 of the pixels"));
        }
        for digest in &fingerprint.digests {
            text += &self.row(digest.algorithm.name(), &digest.to_hex());
        }
        text += &self.notes(fingerprint);
        (text, None)
    }
}

fn skipped_text(SkippedVariant { variant, reason, .. }: &SkippedVariant) -> String {
    match reason {
        SkipReason::Quality(quality) => format!("{variant} is skipped: its quality is {quality}"),
        SkipReason::Near { to, distance } => {
            format!("{variant} is skipped: {distance} bits from {to}, it finds nothing more")
        }
    }
}

fn lowest_quality(fingerprint: &Fingerprint) -> Option<Quality> {
    fingerprint.hashes.iter().filter_map(|hash| hash.quality).min()
}

/// The quality of each hash, where the lowest alone does not tell them.
fn differing_qualities(fingerprint: &Fingerprint) -> Option<String> {
    let lowest = lowest_quality(fingerprint)?;
    let qualities = fingerprint.hashes.iter().filter_map(|hash| Some((hash.algorithm, hash.quality?)));
    let higher: Vec<_> = qualities
        .filter(|&(_, quality)| quality != lowest)
        .map(|(algorithm, quality)| format!("{quality} by {algorithm}"))
        .collect();
    (!higher.is_empty()).then(|| format!("the lowest quality is shown; it is {}", higher.join(", ")))
}

fn dim() -> Style {
    Style::new().for_stdout().dim()
}
