//! The operands of `ownprint compare`: hashes, images, videos and records.

use std::ffi::OsStr;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use ownprint::exchange::{HashList, ListEntry, ListFormat};
use ownprint::hash::{Variant, VariantHash, VariantHashes, VpdqFeature};
use ownprint::{BitHash, Error, Fingerprint, Fingerprinter, HashAlgorithm, Quality};

use crate::arguments::DecodingArguments;
use crate::{messages, source};

/// How an operand was named.
#[derive(Debug)]
pub(crate) struct Name {
    /// As on the command line, for programs.
    pub(crate) given: String,
    /// As on the command line, for a terminal.
    pub(crate) shown: String,
}

/// An image, or its hash.
#[derive(Debug)]
pub(crate) struct ImageOperand {
    pub(crate) name: Name,
    pub(crate) hash: BitHash,
    /// `None` if the operand is a hash.
    pub(crate) quality: Option<Quality>,
    pub(crate) variants: Option<VariantHashes>,
}

impl ImageOperand {
    /// Returns the hashes of the image's variants, or its own PDQ hash as the only one. A hash
    /// without a quality counts as reliable.
    ///
    /// # Errors
    /// Returns a message if the hash has another length than a PDQ hash.
    pub(crate) fn to_variants(&self) -> Result<VariantHashes, String> {
        if let Some(variants) = &self.variants {
            return Ok(variants.clone());
        }
        let quality = self.quality.unwrap_or(Quality::new(100));
        let original = VariantHash::from_parts(Variant::ORIGINAL, self.hash.clone(), quality);
        let original = original.map_err(|error| error.to_string())?;
        Ok(VariantHashes::from_parts(None, vec![original], Vec::new()))
    }
}

/// A video, or its record.
#[derive(Debug)]
pub(crate) struct VideoOperand {
    pub(crate) name: Name,
    pub(crate) features: Vec<VpdqFeature>,
}

#[derive(Debug)]
pub(crate) enum Content {
    Image(ImageOperand),
    Video(VideoOperand),
}

impl Content {
    pub(crate) fn name(&self) -> &Name {
        match self {
            Self::Image(image) => &image.name,
            Self::Video(video) => &video.name,
        }
    }

    /// Returns what the operand is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Image(ImageOperand { quality: None, .. }) => "a hash",
            Self::Image(_) => "an image",
            Self::Video(_) => "a video",
        }
    }
}

/// Returns the operand that the command line names.
///
/// # Errors
/// Returns a message that names the operand.
pub(crate) fn operand(
    given: &OsStr,
    algorithm: HashAlgorithm,
    decoding: &DecodingArguments,
    fingerprinter: &Fingerprinter,
) -> Result<Content, String> {
    let path = Path::new(given);
    let shown = messages::shown(path);
    let name = Name { given: given.to_string_lossy().into_owned(), shown };
    if let Some(hash) = given.to_str().and_then(|text| algorithm.parse_hash(text).ok()) {
        return Ok(Content::Image(ImageOperand { name, hash, quality: None, variants: None }));
    }
    let fingerprint = source::fingerprint(fingerprinter, path, |_| ()).map_err(|error| {
        let as_hash = given.to_str().and_then(|text| BitHash::from_hex(text).ok());
        match (&error, as_hash) {
            (Error::Io(cause), Some(hash)) if cause.kind() == io::ErrorKind::NotFound => format!(
                "{}: there is no such file, and as a hash it has {} bits instead of the {} of {algorithm}",
                name.shown,
                hash.bits(),
                algorithm.bits(),
            ),
            _ => messages::unreadable(path, &error),
        }
    })?;
    if let Some(message) = messages::undecodable(path, &fingerprint, decoding) {
        let is_other = fingerprint.image().is_err() && !fingerprint.is_video();
        let recorded = if is_other && given != source::STANDARD_INPUT {
            recorded(&name, path, algorithm)?
        } else {
            None
        };
        let entry = recorded.ok_or(message)?;
        return of_entry(name, entry);
    }
    of_fingerprint(name, algorithm, &fingerprint)
}

fn of_fingerprint(
    name: Name,
    algorithm: HashAlgorithm,
    fingerprint: &Fingerprint,
) -> Result<Content, String> {
    if let Ok(video) = fingerprint.video() {
        let features = video.vpdq.iter().map(|frame| frame.feature.clone()).collect();
        return Ok(Content::Video(VideoOperand { name, features }));
    }
    let image = fingerprint.image().map_err(|error| format!("{}: {error}", name.shown))?;
    let hash =
        image.hash(algorithm).and_then(|hash| Some((hash.values.first()?.clone(), hash.quality)));
    let (hash, quality) = hash.ok_or_else(|| format!("{}: no {algorithm} hash", name.shown))?;
    Ok(Content::Image(ImageOperand { name, hash, quality, variants: image.variants.clone() }))
}

fn of_entry(name: Name, entry: ListEntry) -> Result<Content, String> {
    match entry {
        ListEntry::Video(video) => {
            Ok(Content::Video(VideoOperand { name, features: video.features }))
        }
        ListEntry::Hash(listed) => {
            let (hash, quality) = (listed.value, listed.quality);
            Ok(Content::Image(ImageOperand { name, hash, quality, variants: None }))
        }
        _ => Err(format!("{}: no hash of an image or a video", name.shown)),
    }
}

/// Returns the video or the hash of a file that contains one record; `None` if the file does not
/// begin like records.
fn recorded(
    name: &Name,
    path: &Path,
    algorithm: HashAlgorithm,
) -> Result<Option<ListEntry>, String> {
    let unreadable = |error: io::Error| messages::unreadable(path, &error.into());
    let mut file = source::open_regular(path).map_err(unreadable)?;
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let format = ListFormat::probe(&head).filter(|format| {
        use ListFormat::{Csv, JsonLines, Vpdq, VpdqJson};
        matches!(format, JsonLines | Csv | Vpdq | VpdqJson)
    });
    let Some(format) = format else { return Ok(None) };
    let mut list = HashList::new(BufReader::new(file), format);
    let mut found = None;
    while let Some(entry) = list.next_entry() {
        let entry = entry.map_err(|error| format!("{}: {error}", name.shown))?;
        let is_wanted = match &entry {
            ListEntry::Video(_) => true,
            ListEntry::Hash(hash) => {
                hash.algorithm == algorithm
                    && hash.variant.as_ref().is_none_or(|variant| variant.is_image())
            }
            _ => false,
        };
        if is_wanted && found.replace(entry).is_some() {
            return Err(format!(
                "{}: it has several images or videos; pass a file with the record of one",
                name.shown
            ));
        }
    }
    let missing = || format!("{}: its record has no {algorithm} hash and no video", name.shown);
    found.ok_or_else(missing).map(Some)
}

/// The first line of a list is detected by so many bytes.
const HEAD_BYTES: u64 = 4096;
