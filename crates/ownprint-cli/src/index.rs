//! `ownprint index`: builds and describes indexes of hashes.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ownprint::search::{Error, Index};
use serde_json::json;

use crate::arguments::{IndexBuildArguments, IndexInfoArguments, TextOrJson};
use crate::exit_status::COULD_NOT_RUN;
use crate::{lists, messages, source};

pub(crate) fn build(arguments: &IndexBuildArguments) -> ExitCode {
    let written = lists::index(&arguments.lists, Some(arguments.algorithm.0)).and_then(|index| {
        write(&index, &arguments.output)
            .map(|()| index.len())
            .map_err(|error| format!("{}: {error}", messages::shown(&arguments.output)))
    });
    match written {
        Ok(hashes) => {
            messages::print(&format!(
                "wrote {hashes} hashes to {}",
                messages::shown(&arguments.output)
            ));
            ExitCode::SUCCESS
        }
        Err(message) => {
            messages::print(&message);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Writes a temporary file next to `path` and renames it, so that `path` is never incomplete.
fn write(index: &Index, path: &Path) -> Result<(), Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let temporary = PathBuf::from(name);
    let written = File::create_new(&temporary).map_err(Error::from).and_then(|file| {
        let mut file = BufWriter::new(file);
        index.save(&mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(fs::rename(&temporary, path)?)
    });
    match written {
        Err(Error::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Error::Io(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!(
                    "{} already exists, perhaps from an interrupted run; remove it",
                    messages::shown(&temporary)
                ),
            )))
        }
        Err(error) => {
            // The first error says more than a failed removal would.
            let _ = fs::remove_file(&temporary);
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
            messages::print(&format!("{}: {error}", messages::shown(path)));
            return Ok(ExitCode::from(COULD_NOT_RUN));
        }
    };
    let (algorithm, hashes, memory) = (index.algorithm(), index.len(), index.memory());
    let text = match arguments.format {
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
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
