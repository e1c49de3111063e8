//! Arguments of `ownprint hash`.

use clap::{Args, ValueEnum};
use ownprint::hash::VpdqOptions;
use ownprint::{Selection, VariantSet};

use super::FileArguments;

const AFTER_HELP: &str = "\
Exit status: 0 all files succeeded, 1 some files failed, 2 the command line is wrong or the output
could not be written.

Examples:
  ownprint hash photo.jpg
  ownprint hash --recursive --format csv photos > photos.csv
  ownprint hash --algorithms pdq,md5 --format jsonl a.jpg b.png
  find . -name '*.jpg' -print0 | ownprint hash --files-from - --null --format jsonl
  ownprint hash --format threatexchange photos > exchange.txt
  ownprint hash --variants standard --format threatexchange photo.jpg
  ownprint hash --seconds-per-hash 0.5 video.mp4";

const AFTER_LONG_HELP: &str = "\
Folders: the files of a folder are hashed in the order of their names, including hidden files, and
subfolders only with --recursive. Links to files are followed, links to folders are not; pass such a
folder itself to include it. Only regular files are read: a pipe, a socket or a device is an error.
The content of a pipe can be read from standard input with the path -.

Lists of paths: --files-from accepts lines that end with LF or CR LF, and with --null any path. In
a list, - is a file of that name.

Variants: exchanges match copies that are nearly the same. --variants adds the hashes of edited
variants of the image (mirrored, cropped, framed, rotated), so that the same exchange matches those
copies too. They are in \"variants\" in jsonl and json, in columns of that name in csv, and on a line
each in threatexchange.

Videos: vpdq is the hash of videos in MP4, MOV, WebM and Matroska: a PDQ hash for each second. A
file is read in pieces; standard input is held in memory, up to --max-file-bytes. An unsupported
video gets its digests and a warning.

Formats:
  table           for people
  jsonl           one JSON object for each file, in input order, written as soon as it and all
                  before it are complete; the format for programs
  json            the same objects in one array
  csv             a header and one row for each file; several values are separated by spaces
  threatexchange  lines \"pdq HASH\", as the local file exchange of python-threatexchange reads them;
                  hashes of a quality that exchanges discard are skipped, with a note
  vpdq            lines \"FRAME,QUALITY,HASH,SECONDS\", as the vPDQ command line writes them
  vpdq-json       a list of \"HASH,QUALITY,SECONDS\", as python-threatexchange reads it; times have
                  three significant digits

With several paths, a folder or --files-from, vpdq and vpdq-json write one JSON object a line for
each file: \"path\", and either \"vpdq\" with the list or \"error\".

Failed files are reported on standard error, and the other files are still hashed. A failed file
keeps its digests. In json and jsonl it has an \"error\" with a stable code, and csv has columns for
the error. Paths that are not UTF-8 are opened as they are and printed with replacement characters.

Exit status: 0 all files succeeded, 1 some files failed, 2 the command line is wrong or the output
could not be written.

Examples:
  ownprint hash photo.jpg
  ownprint hash --recursive --format csv photos > photos.csv
  ownprint hash --algorithms pdq,md5 --format jsonl a.jpg b.png
  find . -name '*.jpg' -print0 | ownprint hash --files-from - --null --format jsonl
  ownprint hash --format threatexchange photos > exchange.txt
  ownprint hash --variants standard --format threatexchange photo.jpg
  ownprint hash --algorithms vpdq,md5 video.mp4";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP)]
pub(crate) struct HashArguments {
    /// Hashes and digests to compute, separated by commas, or "all"; see `ownprint algorithms`.
    /// Default: pdq of images, vpdq of videos, md5, sha256 and blake3 (threatexchange: pdq; vpdq
    /// and vpdq-json: vpdq)
    #[arg(short, long, value_name = "LIST")]
    pub(crate) algorithms: Option<Selection>,

    /// Add the PDQ hashes of edited variants of the image: compact (8), standard (16), wide (32),
    /// query (up to 32, for an image that is looked up), or a list of edits separated by commas
    #[arg(long, value_name = "SET")]
    pub(crate) variants: Option<VariantSet>,

    /// Seconds between hashed frames of a video; 0 hashes every frame
    #[arg(long, value_name = "SECONDS", default_value_t = VpdqOptions::default().seconds_per_hash)]
    pub(crate) seconds_per_hash: f64,

    /// Skip frames of a video whose hash differs from the previous one in at most BITS bits
    #[arg(long, value_name = "BITS")]
    pub(crate) prune: Option<u32>,

    /// Output format
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,

    /// With --format csv: put an apostrophe before a field that a spreadsheet would take for a
    /// formula
    #[arg(long)]
    pub(crate) escape_formulas: bool,

    /// Add the MD5 of the decoded RGB pixels, which tells differences between decoders from
    /// differences between hashers
    #[arg(long)]
    pub(crate) rgb_md5: bool,

    // Last: the heading of its limits applies to all that follows.
    #[command(flatten)]
    pub(crate) files: FileArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    #[default]
    Table,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
    /// A header and one row for each file
    Csv,
    /// Lines of pdq and HASH, for hash exchanges
    Threatexchange,
    /// Lines FRAME,QUALITY,HASH,SECONDS of a video
    Vpdq,
    /// A list of HASH,QUALITY,SECONDS of a video
    VpdqJson,
}
