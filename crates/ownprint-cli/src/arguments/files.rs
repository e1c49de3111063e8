//! Arguments that several commands share: which files, and how they are decoded.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ownprint::{Fingerprinter, FingerprinterBuilder, Orientation};

use crate::limits::LimitArguments;
use crate::messages;
use crate::paths::{PathList, Terminator};
use crate::source::{READ_ONCE, is_standard_input};

/// The files of a batch.
#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// Files and folders; - is a file on standard input
    #[arg(value_name = "PATH", required_unless_present = "files_from")]
    pub(crate) paths: Vec<PathBuf>,

    /// Read paths from FILE, one a line; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub(crate) files_from: Option<PathBuf>,

    /// With --files-from: paths end with a NUL byte instead of a line break, as `find -print0`
    /// writes them
    #[arg(short = '0', long)]
    pub(crate) null: bool,

    /// Include subfolders
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Files hashed at once; each may need memory for one decoded image. Default: one a processor
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,

    #[command(flatten)]
    pub(crate) decoding: DecodingArguments,
}

impl FileArguments {
    /// Returns the paths.
    ///
    /// # Errors
    /// Returns a message if the arguments contradict each other or a list cannot be opened.
    pub(crate) fn paths(&self) -> Result<PathList, String> {
        if self.paths.iter().filter(|path| is_standard_input(path)).count() > 1 {
            return Err(READ_ONCE.to_owned());
        }
        let Some(list) = &self.files_from else {
            // Clap waives a requirement on an argument that another one excludes, so `requires`
            // cannot say this.
            if self.null {
                return Err(
                    "--null describes the list of --files-from, which is missing".to_owned()
                );
            }
            return Ok(PathList::Arguments(self.paths.clone().into_iter()));
        };
        let terminator = if self.null { Terminator::Nul } else { Terminator::Line };
        PathList::open(list, terminator)
            .map_err(|error| format!("--files-from {}: {error}", messages::shown(list)))
    }

    /// Returns `true` if a file or the list of paths is on standard input.
    pub(crate) fn reads_standard_input(&self) -> bool {
        self.paths.iter().chain(&self.files_from).any(|path| is_standard_input(path))
    }

    /// Returns `true` if the paths name one file and can name no more.
    pub(crate) fn is_single_file(&self) -> bool {
        match self.paths.as_slice() {
            [path] => self.files_from.is_none() && !path.is_dir(),
            _ => false,
        }
    }
}

/// How files are decoded.
#[derive(Debug, Args)]
pub(crate) struct DecodingArguments {
    /// Whether to apply the EXIF orientation before hashing
    #[arg(long, value_enum, default_value_t)]
    pub(crate) orientation: OrientationArgument,

    /// Hash damaged JPEG images and videos as far as they can be decoded, with a warning
    #[arg(long)]
    pub(crate) accept_damaged: bool,

    #[command(flatten)]
    pub(crate) limits: LimitArguments,
}

impl DecodingArguments {
    /// Returns a builder with these options set.
    pub(crate) fn fingerprinter(&self) -> FingerprinterBuilder {
        let orientation = match self.orientation {
            OrientationArgument::Apply => Orientation::Apply,
            OrientationArgument::Ignore => Orientation::Ignore,
        };
        Fingerprinter::builder()
            .orientation(orientation)
            .accept_damaged(self.accept_damaged)
            .limits(self.limits.limits())
    }
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum OrientationArgument {
    /// Hash the image as viewers show it
    #[default]
    Apply,
    /// Hash the pixels as stored
    Ignore,
}
