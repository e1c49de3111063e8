//! `ownprint index`: builds and describes indexes of hashes.

use std::fmt::Display;
use std::fs;
use std::io::{self, BufReader, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ownprint::search::{Error, Index, SavedIndex, VideoIndex, file_to_replace, replace_file};
use serde_json::json;

use crate::arguments::{HashOrVideos, IndexBuildArguments, IndexInfoArguments, TextOrJson};
use crate::exit_status::COULD_NOT_RUN;
use crate::lists::{self, Known, Wanted};
use crate::{messages, source};

pub(crate) fn build(arguments: &IndexBuildArguments) -> ExitCode {
    match build_and_write(arguments) {
        Ok(written) => {
            messages::print(&format!("wrote {written} to {}", messages::shown(&arguments.output)));
            ExitCode::SUCCESS
        }
        Err(message) => {
            messages::print(&message);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Writes the index and returns what it contains.
fn build_and_write(arguments: &IndexBuildArguments) -> Result<String, String> {
    let output = &arguments.output;
    let failed = |error: &dyn Display| format!("{}: {error}", messages::shown(output));
    let target = target(output, &arguments.lists).map_err(|error| failed(&error))?;
    let wanted = match arguments.algorithm {
        None => Wanted::HashesAndVideos,
        Some(HashOrVideos::Hash(hash)) => Wanted::Hashes(Some(hash.0)),
        Some(HashOrVideos::Videos) => Wanted::Videos,
    };
    let quality = arguments.frames.quality();
    let Known { index, videos, .. } =
        lists::read(&arguments.lists, &arguments.reading, wanted, quality)?;
    let is_of_videos = matches!(wanted, Wanted::Videos) || (index.is_empty() && !videos.is_empty());
    if is_of_videos {
        replace_file(&target, |file| videos.save(file)).map_err(|error| failed(&error))?;
        return Ok(format!("{} videos with {} hashes", videos.len(), videos.frames()));
    }
    replace_file(&target, |file| index.save(file)).map_err(|error| failed(&error))?;
    if !videos.is_empty() {
        messages::print(&format!(
            "skipped {} videos: an index holds images or videos; use --algorithm vpdq to index them",
            videos.len()
        ));
    }
    Ok(format!("{} hashes", index.len()))
}

/// Returns the file to write. Anything but a regular file and a new file is refused, and so is a
/// list that is read.
fn target(output: &Path, lists: &[PathBuf]) -> io::Result<PathBuf> {
    let target = file_to_replace(output)?;
    // A new file is none of the lists.
    let Ok(written) = fs::canonicalize(&target) else { return Ok(target) };
    let is_written = |list: &PathBuf| fs::canonicalize(list).is_ok_and(|list| list == written);
    if lists.iter().any(is_written) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is one of the lists; write to another file and rename it",
        ));
    }
    Ok(target)
}

pub(crate) fn info(arguments: &IndexInfoArguments) -> io::Result<ExitCode> {
    let path = &arguments.index;
    // In memory, so that the whole file is verified, and its memory when loaded is known.
    let loaded = source::open_regular(path)
        .map_err(Error::from)
        .and_then(|file| SavedIndex::load(BufReader::new(file), NonZero::<usize>::MIN));
    let text = match loaded {
        Ok(SavedIndex::Hashes(index)) => describe(&index, arguments.format),
        Ok(SavedIndex::Videos(index)) => describe_videos(&index, arguments.format),
        Ok(_) => {
            messages::print(&format!("{}: an unknown index", messages::shown(path)));
            return Ok(ExitCode::from(COULD_NOT_RUN));
        }
        Err(error) => {
            messages::print(&format!("{}: {error}", messages::shown(path)));
            return Ok(ExitCode::from(COULD_NOT_RUN));
        }
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn describe(index: &Index, format: TextOrJson) -> String {
    let (algorithm, hashes, memory) = (index.algorithm(), index.len(), index.memory());
    match format {
        TextOrJson::Text => format!(
            "algorithm  {algorithm}, {} bits, matches up to {}\n\
             hashes     {hashes}\n\
             memory     {} when loaded\n",
            algorithm.bits(),
            algorithm.threshold(),
            indicatif::HumanBytes(memory as u64),
        ),
        TextOrJson::Json => {
            let name = algorithm.name();
            format!("{}\n", json!({ "algorithm": name, "hashes": hashes, "memory": memory }))
        }
    }
}

fn describe_videos(index: &VideoIndex, format: TextOrJson) -> String {
    let (videos, hashes, memory) = (index.len(), index.frames(), index.memory());
    let quality = index.quality().value();
    match format {
        TextOrJson::Text => format!(
            "algorithm  vpdq, frames of quality {quality} and higher\n\
             videos     {videos}\n\
             hashes     {hashes}\n\
             memory     {} when loaded\n",
            indicatif::HumanBytes(memory as u64),
        ),
        TextOrJson::Json => {
            let object = json!({
                "algorithm": "vpdq",
                "videos": videos,
                "hashes": hashes,
                "quality": quality,
                "memory": memory,
            });
            format!("{object}\n")
        }
    }
}
