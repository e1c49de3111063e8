//! What can be said to the commands that search.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use ownprint::{Fingerprinter, HashAlgorithm};

use super::{ImageArguments, TextOrJson};

/// A hash algorithm that gives one hash an image.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SingleHash(pub(crate) HashAlgorithm);

impl Default for SingleHash {
    fn default() -> Self {
        Self(HashAlgorithm::PDQ)
    }
}

impl std::fmt::Display for SingleHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for SingleHash {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let algorithm: HashAlgorithm = name.parse().map_err(|error: ownprint::Error| error.to_string())?;
        if algorithm.hashes() == Some(1) {
            return Ok(Self(algorithm));
        }
        let single = HashAlgorithm::all().filter(|it| it.hashes() == Some(1)).map(HashAlgorithm::name);
        let single = single.collect::<Vec<_>>().join(", ");
        Err(format!("{algorithm} gives several hashes an image; compare by one of: {single}"))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
LIST is what `ownprint hash --format jsonl`, csv or threatexchange writes, lines \"pdq HASH\" of an
exchange, or an index of `ownprint index build`; its form is recognised.

Exit status: 0 an image was found, 1 none was, 2 something could not be read.

Examples:
  ownprint match --against exchange.txt photo.jpg
  ownprint match --against known.index --format jsonl --recursive Images")]
pub(crate) struct MatchArguments {
    /// A list of hashes, or an index; give it again for more of them
    #[arg(long, value_name = "LIST", required = true)]
    pub(crate) against: Vec<PathBuf>,

    /// The hash to look for, where a list has several. Default: pdq, or that of the index
    #[arg(short, long, value_name = "NAME")]
    pub(crate) algorithm: Option<SingleHash>,

    #[command(flatten)]
    pub(crate) search: SearchArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A group has every image that steps of at most the threshold lead to. The number before each is its
distance from the group's first, in bits. Images of a PDQ quality below 50 are skipped.

Exit status: 0 all paths were fingerprinted, 1 some were not, 2 the command line is wrong or the
output cannot be written.

Examples:
  ownprint duplicates --recursive Images
  ownprint duplicates --algorithm phash --threshold 6 --format jsonl Images")]
pub(crate) struct DuplicatesArguments {
    /// The hash to compare by
    #[arg(short, long, value_name = "NAME", default_value_t)]
    pub(crate) algorithm: SingleHash,

    #[command(flatten)]
    pub(crate) search: SearchArguments,
}

/// Over which images and how near, the same for every command that searches.
#[derive(Debug, Args)]
pub(crate) struct SearchArguments {
    /// Bits that may differ. Default: the algorithm's threshold, see `ownprint algorithms`
    #[arg(short, long, value_name = "N")]
    pub(crate) threshold: Option<u32>,

    /// How to print the results
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: RowFormat,

    #[command(flatten)]
    pub(crate) images: ImageArguments,
}

impl SearchArguments {
    /// Bits that may differ between hashes of `algorithm`.
    pub(crate) fn radius(&self, algorithm: HashAlgorithm) -> u32 {
        self.threshold.unwrap_or(algorithm.threshold())
    }

    /// Computes hashes of `algorithm`, and nothing else.
    pub(crate) fn fingerprinter(&self, algorithm: HashAlgorithm) -> Fingerprinter {
        self.images.decoding.fingerprinter().hashes([algorithm]).digests([])
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum IndexCommand {
    /// Write an index of the hashes of lists
    Build(IndexBuildArguments),
    /// Say what is in an index
    Info(IndexInfoArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
LIST is what `ownprint hash --format jsonl`, csv or threatexchange writes, or lines \"pdq HASH\" of an
exchange; its form is recognised. With each hash goes the path that its list has, or LIST:LINE.

Exit status: 0 it was written, 2 it was not.

Example:
  ownprint index build --output known.index exchange.txt more.jsonl")]
pub(crate) struct IndexBuildArguments {
    /// A list of hashes
    #[arg(value_name = "LIST", required = true)]
    pub(crate) lists: Vec<PathBuf>,

    /// The file to write; one that is there is replaced once the new one is complete
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// The hash to take, where a list has several
    #[arg(short, long, value_name = "NAME", default_value_t)]
    pub(crate) algorithm: SingleHash,
}

#[derive(Debug, Args)]
pub(crate) struct IndexInfoArguments {
    /// An index that `ownprint index build` wrote
    #[arg(value_name = "FILE")]
    pub(crate) index: PathBuf,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum RowFormat {
    /// For people
    #[default]
    Table,
    /// One JSON object a line
    Jsonl,
}
