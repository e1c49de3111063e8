//! `ownprint index`: lists of hashes made ready for fast searching.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ownprint::Error;
use ownprint::search::Index;
use serde_json::json;

use crate::arguments::{IndexBuildArguments, IndexInfoArguments, TextOrJson};
use crate::{TROUBLE, lists, messages, source};

pub(crate) fn build(arguments: &IndexBuildArguments) -> ExitCode {
    let written = lists::index(&arguments.lists, Some(arguments.algorithm.0)).and_then(|index| {
        write(&index, &arguments.output)
            .map(|()| index.len())
            .map_err(|error| format!("{}: {error}", messages::shown(&arguments.output)))
    });
    match written {
        Ok(hashes) => {
            messages::say(&format!("{hashes} hashes are in {}", messages::shown(&arguments.output)));
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            messages::say(&trouble);
            ExitCode::from(TROUBLE)
        }
    }
}

/// Writes beside `path` first, so that what stands there is always whole.
fn write(index: &Index, path: &Path) -> Result<(), Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let beside = PathBuf::from(name);
    let outcome = File::create_new(&beside).map_err(Error::from).and_then(|file| {
        let mut file = BufWriter::new(file);
        index.save(&mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(fs::rename(&beside, path)?)
    });
    match outcome {
        Err(Error::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Error::Io(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!(
                    "{} is there already, perhaps left by an earlier run; remove it",
                    messages::shown(&beside)
                ),
            )))
        }
        Err(error) => {
            // What is left of it helps nobody; that it cannot be removed is the smaller trouble.
            let _ = fs::remove_file(&beside);
            Err(error)
        }
        Ok(()) => Ok(()),
    }
}

pub(crate) fn info(arguments: &IndexInfoArguments) -> io::Result<ExitCode> {
    let path = &arguments.index;
    let loaded = source::open_regular(path)
        .map_err(Error::from)
        .and_then(|file| Index::load(BufReader::new(file), NonZero::<usize>::MIN));
    let index = match loaded {
        Ok(index) => index,
        Err(error) => {
            messages::say(&format!("{}: {error}", messages::shown(path)));
            return Ok(ExitCode::from(TROUBLE));
        }
    };
    let (algorithm, hashes, memory) = (index.algorithm(), index.len(), index.memory());
    let text = match arguments.format {
        TextOrJson::Text => format!(
            "algorithm  {algorithm}, {} bits, matches up to {}\nhashes     {hashes}\nmemory     {} when loaded\n",
            algorithm.bits(),
            algorithm.threshold(),
            indicatif::HumanBytes(memory as u64),
        ),
        TextOrJson::Json => {
            let name = algorithm.name();
            format!("{}\n", json!({ "algorithm": name, "hashes": hashes, "memory": memory }))
        }
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
