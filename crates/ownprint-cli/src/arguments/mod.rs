//! What can be said on the command line.

mod searching;

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use ownprint::hash::VpdqOptions;
use ownprint::{Orientation, Selection, VariantSet};

pub(crate) use self::searching::{
    DuplicatesArguments, IndexBuildArguments, IndexCommand, IndexInfoArguments, MatchArguments, RowFormat,
    SingleHash,
};
use crate::limits::LimitArguments;
use crate::source::STANDARD_INPUT;

/// Fingerprints of images, computed on the device that holds them: the image stays, the fingerprint travels.
///
/// Nothing is sent anywhere, and no file is written but the one that `index build` is told to write.
#[derive(Debug, Parser)]
#[command(name = "ownprint", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  ownprint hash photo.jpg                   the fingerprints of one image
  ownprint hash --format jsonl photos       those of a folder's files, as a JSON object a line
  ownprint compare photo.jpg copy.jpg       are these two the same image?
  ownprint match --against list.txt photos  which of these are on a list?
  ownprint duplicates photos                which of these are the same image?
  ownprint algorithms                       what can be computed, and what it equals";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fingerprint images and files
    Hash(HashArguments),
    /// Say how far apart two images or hashes are, and whether that is a match
    Compare(CompareArguments),
    /// Find images in lists of hashes
    Match(MatchArguments),
    /// Find images that are the same, or nearly, among others
    Duplicates(DuplicatesArguments),
    /// Make lists of hashes ready for fast searching
    #[command(subcommand)]
    Index(IndexCommand),
    /// List the image formats
    Formats(ListingArguments),
    /// List the hashes and digests
    Algorithms(ListingArguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell that will read it
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
#[command(
    after_help = "\
Exit status: 0 all paths were fingerprinted, 1 some were not, 2 the command line is wrong or the
output cannot be written.

Examples:
  ownprint hash photo.jpg
  ownprint hash --recursive --format csv Images > images.csv
  ownprint hash --algorithms pdq,md5 --format jsonl a.jpg b.png
  find . -name '*.jpg' -print0 | ownprint hash --stdin-paths --null --format jsonl
  ownprint hash --format threatexchange Images > exchange.txt
  ownprint hash --variants standard --format threatexchange photo.jpg
  ownprint hash --algorithms vpdq,md5 video.mp4",
    after_long_help = "\
Folders: the files of a folder are taken in the order of their names, hidden ones too; of the
folders inside it, only with --recursive. Links to files are followed, links to folders are not
(name such a folder itself to have it). Only regular files are read: a pipe, a socket or a device is
an error, not a wait. What a pipe holds can be given on standard input, as the path -.

Variants: exchanges match copies that are nearly the same. With --variants the hashes of what may be
made of the image (mirrored, cropped, framed, turned) are listed with its own, and the same exchange
finds those copies too. In jsonl and json they are in \"variants\", in csv in columns of that name; in
threatexchange each is a line.

Videos: with vpdq among the algorithms, an MP4 or MOV file whose images are H.264 gets a PDQ hash
for every second, as vPDQ does. The whole file is held in memory while it is read, up to
--max-file-bytes. A video that cannot be decoded gets its digests and a warning.

Formats:
  table           for people
  jsonl           one JSON object a path, in the order of the paths, each written as soon as it and
                  all before it are known: the format for other programs
  json            the same objects as one array
  csv             a header and one row a path; several hashes or warnings are separated by spaces
  threatexchange  lines \"pdq HASH\", as python-threatexchange's local file exchange reads them; hashes
                  that exchanges would discard for their quality are skipped, with a note
  vpdq            lines \"FRAME,QUALITY,HASH,SECONDS\" of a video, as vPDQ's command line writes them
  vpdq-json       a video's list of \"HASH,QUALITY,SECONDS\" on a line, as python-threatexchange reads it;
                  times of three significant digits

A path that fails is named on standard error with the reason, in json and jsonl it also has an
\"error\" with a stable code, in csv its own columns; the other paths go on. Paths that are not UTF-8
are opened as they are and printed with replacement characters. Among paths on standard input, - is
a file of that name.

Exit status: 0 all paths were fingerprinted, 1 some were not, 2 the command line is wrong or the
output cannot be written.

Examples:
  ownprint hash photo.jpg
  ownprint hash --recursive --format csv Images > images.csv
  ownprint hash --algorithms pdq,md5 --format jsonl a.jpg b.png
  find . -name '*.jpg' -print0 | ownprint hash --stdin-paths --null --format jsonl
  ownprint hash --format threatexchange Images > exchange.txt
  ownprint hash --variants standard --format threatexchange photo.jpg
  ownprint hash --algorithms vpdq,md5 video.mp4"
)]
pub(crate) struct HashArguments {
    #[command(flatten)]
    pub(crate) images: ImageArguments,

    /// Hashes and digests to compute, separated by commas, or "all"; see `ownprint algorithms`.
    /// Default: pdq,md5,sha256,blake3 (pdq alone for threatexchange, vpdq alone for its forms)
    #[arg(short, long, value_name = "LIST")]
    pub(crate) algorithms: Option<Selection>,

    /// Add the PDQ hashes of the image's likely edits: compact (8), standard (16), wide (32), or names
    /// of edits separated by commas
    #[arg(long, value_name = "SET")]
    pub(crate) variants: Option<VariantSet>,

    /// Seconds from one hashed frame of a video to the next; 0 is every frame
    #[arg(long, value_name = "SECONDS", default_value_t = VpdqOptions::default().seconds_per_hash)]
    pub(crate) seconds_per_hash: f64,

    /// Leave out frames of a video whose hash is at most so many bits from the one before
    #[arg(long, value_name = "BITS")]
    pub(crate) prune: Option<u32>,

    /// How to print the results
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,

    /// Add the MD5 of the decoded RGB pixels: tells a decoder's difference from a hash's
    #[arg(long)]
    pub(crate) rgb_md5: bool,
}

/// Which files, the same for every command that goes over some.
#[derive(Debug, Args)]
pub(crate) struct ImageArguments {
    /// Files and folders; - is a file on standard input
    #[arg(value_name = "PATH", required_unless_present = "stdin_paths")]
    pub(crate) paths: Vec<PathBuf>,

    /// Read paths from standard input, one a line
    #[arg(long, conflicts_with = "paths")]
    pub(crate) stdin_paths: bool,

    /// With --stdin-paths: paths end with a NUL byte, not with the line, as `find -print0` writes them
    #[arg(short = '0', long)]
    pub(crate) null: bool,

    /// Go into folders inside folders
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Files worked on at once; each may need memory for one decoded image. Default: one a processor
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,

    #[command(flatten)]
    pub(crate) decoding: DecodingArguments,
}

impl ImageArguments {
    /// What the shape of the arguments alone cannot forbid.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.paths.iter().filter(|path| path.as_os_str() == STANDARD_INPUT).count() > 1 {
            return Err("standard input can be read only once: give - a single time".to_owned());
        }
        // Clap waives a requirement on an argument that another one rules out, so this is no `requires`.
        if self.null && !self.stdin_paths {
            return Err("--null says how paths on standard input end: give --stdin-paths with it".to_owned());
        }
        Ok(())
    }
}

/// How images are read, the same for every command that reads some.
#[derive(Debug, Args)]
pub(crate) struct DecodingArguments {
    /// Which way round to hash: as a person sees the image, or as the file stores it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) pixels: PixelsArgument,

    /// Hash damaged images as far as they can be decoded, with a warning, instead of refusing them
    #[arg(long)]
    pub(crate) accept_damaged: bool,

    #[command(flatten)]
    pub(crate) limits: LimitArguments,
}

impl DecodingArguments {
    pub(crate) fn fingerprinter(&self) -> ownprint::Fingerprinter {
        let order = match self.pixels {
            PixelsArgument::Upright => Orientation::Apply,
            PixelsArgument::Stored => Orientation::Ignore,
        };
        ownprint::Fingerprinter::builder()
            .order(order)
            .accept_damaged(self.accept_damaged)
            .limits(self.limits.limits())
    }
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum PixelsArgument {
    /// Turned as the file's EXIF orientation says
    #[default]
    Upright,
    /// As the file stores them
    Stored,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    #[default]
    Table,
    /// One JSON array
    Json,
    /// One JSON object a line, as soon as it is known
    Jsonl,
    /// A header and one row a path
    Csv,
    /// "pdq HASH" lines for hash exchanges
    Threatexchange,
    /// "FRAME,QUALITY,HASH,SECONDS" lines of a video
    Vpdq,
    /// A video's list of "HASH,QUALITY,SECONDS"
    VpdqJson,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A and B are images or hashes written as hexadecimal digits; a file whose name looks like a hash is
given as ./NAME, and - is an image on standard input.

Exit status: 0 they match, 1 they do not, 2 they could not be compared.

Examples:
  ownprint compare photo.jpg copy.jpg
  ownprint compare photo.jpg f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22
  ownprint compare --variants wide photo.jpg copy.jpg")]
pub(crate) struct CompareArguments {
    /// An image or a hash
    #[arg(value_name = "A")]
    pub(crate) first: std::ffi::OsString,

    /// Another one
    #[arg(value_name = "B")]
    pub(crate) second: std::ffi::OsString,

    /// The hash to compare by
    #[arg(short, long, value_name = "NAME", default_value_t)]
    pub(crate) algorithm: SingleHash,

    /// Compare the likely edits of A with B, too: compact, standard, wide, or names of edits
    #[arg(long, value_name = "SET")]
    pub(crate) variants: Option<VariantSet>,

    /// How to print the result
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,

    #[command(flatten)]
    pub(crate) decoding: DecodingArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ListingArguments {
    /// How to print the list
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Ends the program as a wrong command line does.
pub(crate) fn usage_error(complaint: &str) {
    Arguments::command().error(ErrorKind::ArgumentConflict, complaint).exit()
}
