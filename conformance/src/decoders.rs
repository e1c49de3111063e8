//! The pixels of the repository's own files, by decoder and revision: `vectors/decoders.json`.
//!
//! An update of a dependency that changes them must raise the revision that records state.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use ownprint::decode::{
    self, FrameSink, decode, decode_video, image_decoder_revision, is_video, video_decoder_revision,
};
use ownprint::pixels::VideoFrame;
use ownprint::{DigestAlgorithm, Digester, Limits};
use serde_json::{Map, Value, json};

/// Folders of files that the project's own generators made, from the root of the repository.
const FOLDERS: [&str; 16] = [
    "bindings/wasm/tests/videos",
    "conformance/vectors/frames",
    "conformance/vectors/images",
    "conformance/vectors/stills",
    "examples/images",
    "fuzz/corpus/decode-avif",
    "fuzz/corpus/decode-bmp",
    "fuzz/corpus/decode-gif",
    "fuzz/corpus/decode-heic",
    "fuzz/corpus/decode-jpeg",
    "fuzz/corpus/decode-jxl",
    "fuzz/corpus/decode-png",
    "fuzz/corpus/decode-pnm",
    "fuzz/corpus/decode-tiff",
    "fuzz/corpus/decode-webp",
    "fuzz/corpus/video",
];

/// The MD5 of a file and of its decoded pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pixels {
    file: String,
    rgb: String,
}

/// The revision of a decoder, and what it returns for each file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoder {
    revision: u32,
    files: BTreeMap<String, Pixels>,
}

/// Decoders by the name of their format or codec.
pub type Decoders = BTreeMap<String, Decoder>;

/// Returns the path of the committed list.
#[must_use]
pub fn path() -> PathBuf {
    crate::vectors::folder().join("decoders.json")
}

/// Decodes all files with the decoders of this build. Files that have no decoder, are refused, or
/// are not deterministic (lossy JPEG XL) are left out.
///
/// # Errors
/// A file or folder cannot be read.
pub fn current() -> Result<Decoders, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut decoders = Decoders::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            let bytes = fs::read(entry.path())?;
            let decoded = if is_video(&bytes) { video(&bytes) } else { image(&bytes) };
            let Some((decoder, revision, rgb)) = decoded else { continue };
            let decoder = decoders
                .entry(decoder.to_owned())
                .or_insert_with(|| Decoder { revision, files: BTreeMap::new() });
            decoder.files.insert(name, Pixels { file: md5(&[&bytes]), rgb });
        }
    }
    Ok(decoders)
}

/// Returns the files whose pixels differ from a list with the same revision of their decoder.
/// Files that are new, or were replaced, do not count.
#[must_use]
pub fn changed(listed: &Decoders, current: &Decoders) -> Vec<String> {
    let mut changed = Vec::new();
    for (name, decoder) in current {
        let Some(before) = listed.get(name).filter(|it| it.revision == decoder.revision) else {
            continue;
        };
        for (path, pixels) in &decoder.files {
            let old = before.files.get(path);
            if old.is_some_and(|old| old.file == pixels.file && old.rgb != pixels.rgb) {
                changed.push(format!("{path} ({name}, revision {})", decoder.revision));
            }
        }
    }
    changed
}

/// Returns the list as JSON.
#[must_use]
pub fn to_json(decoders: &Decoders) -> Value {
    let decoder = |decoder: &Decoder| {
        let files: Map<_, _> = decoder
            .files
            .iter()
            .map(|(path, it)| (path.clone(), json!({ "file": it.file, "rgb": it.rgb })))
            .collect();
        json!({ "revision": decoder.revision, "files": files })
    };
    decoders.iter().map(|(name, it)| (name.clone(), decoder(it))).collect()
}

/// Reads the list.
///
/// # Errors
/// A member is missing or has another type.
pub fn from_json(value: &Value) -> Result<Decoders, Box<dyn Error>> {
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("an MD5 is missing");
    let mut decoders = Decoders::new();
    for (name, decoder) in value.as_object().ok_or("the list must be an object")? {
        let revision = decoder["revision"].as_u64().ok_or("a revision is missing")?.try_into()?;
        let mut files = BTreeMap::new();
        for (path, it) in decoder["files"].as_object().ok_or("the files are missing")? {
            files.insert(path.clone(), Pixels { file: text(&it["file"])?, rgb: text(&it["rgb"])? });
        }
        decoders.insert(name.clone(), Decoder { revision, files });
    }
    Ok(decoders)
}

/// Returns the format of an image, the revision of its decoder, and the MD5 of its stored pixels.
fn image(bytes: &[u8]) -> Option<(&'static str, u32, String)> {
    let image = decode(bytes, &Limits::default(), false).ok().filter(|it| it.deterministic)?;
    let revision = image_decoder_revision(image.format)?;
    Some((image.format.name(), revision, md5(&[image.rgb()])))
}

/// Returns the codec of a video, the revision of its decoder, and the MD5 of its frames, each of
/// which is the MD5 of its RGB rows.
fn video(bytes: &[u8]) -> Option<(&'static str, u32, String)> {
    let mut frames = Frames::default();
    let info = decode_video(bytes, &Limits::default(), true, &mut frames).ok()?;
    let revision = video_decoder_revision(info.codec)?;
    let parts: Vec<&[u8]> = frames.0.values().map(String::as_bytes).collect();
    Some((info.codec, revision, md5(&parts)))
}

/// The MD5 of every frame, by its number in display order.
#[derive(Debug, Default)]
struct Frames(BTreeMap<u64, String>);

impl FrameSink for Frames {
    fn start(&mut self, _: (u64, u64)) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn wants(&self, _: u64) -> bool {
        true
    }

    fn update(&mut self, frame: u64, planes: &VideoFrame<'_>) -> ControlFlow<()> {
        let mut hasher = Digester::new(&[DigestAlgorithm::Md5]);
        planes.rows(&mut |rows| {
            for row in rows {
                hasher.update(row);
            }
            ControlFlow::Continue(())
        })?;
        self.0.insert(frame, hasher.finalize().iter().map(|digest| digest.to_hex()).collect());
        ControlFlow::Continue(())
    }

    fn check_cancelled(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn md5(parts: &[&[u8]]) -> String {
    let mut hasher = Digester::new(&[DigestAlgorithm::Md5]);
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().iter().map(|digest| digest.to_hex()).collect()
}

/// Returns `true` if this build decodes every format and codec.
#[must_use]
pub fn is_complete() -> bool {
    ownprint::Format::ALL.into_iter().all(decode::can_decode)
        && ["h264", "hevc", "vp9", "vp8", "av1"]
            .into_iter()
            .all(|codec| video_decoder_revision(codec).is_some())
}
