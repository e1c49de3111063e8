//! Arguments of the commands that search: `match`, `duplicates` and `index`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use ownprint::hash::VpdqOptions;
use ownprint::{DigestAlgorithm, Fingerprinter, HashAlgorithm, VariantSet, hash};

use super::lists::list_help;
use super::videos::FrameArguments;
use super::{FileArguments, ListArguments, TextOrJson, VideoArguments};

/// The value of `--query-variants` without one.
pub(super) const QUERY_VARIANTS: &str = "query";

/// A hash algorithm that computes one hash for each image.
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
        let algorithm: HashAlgorithm =
            name.parse().map_err(|error: hash::Error| error.to_string())?;
        if algorithm.hashes() == Some(1) {
            return Ok(Self(algorithm));
        }
        let single =
            HashAlgorithm::all().filter(|it| it.hashes() == Some(1)).map(HashAlgorithm::name);
        let single = single.collect::<Vec<_>>().join(", ");
        Err(format!("{algorithm} computes several hashes for each image; use one of: {single}"))
    }
}

/// The name of the hashes of videos.
const VPDQ: &str = "vpdq";

/// What `compare`, `duplicates` and `index build` compare.
#[derive(Debug, Clone, Copy)]
pub(crate) enum HashOrVideos {
    Hash(SingleHash),
    Videos,
}

impl HashOrVideos {
    /// Returns the hash of images to compute, if any, and whether videos are hashed. Without a
    /// name, PDQ and videos.
    pub(crate) fn selected(algorithm: Option<Self>) -> (Option<HashAlgorithm>, bool) {
        match algorithm {
            None => (Some(SingleHash::default().0), true),
            Some(Self::Hash(hash)) => (Some(hash.0), false),
            Some(Self::Videos) => (None, true),
        }
    }
}

impl std::str::FromStr for HashOrVideos {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        if name == VPDQ { Ok(Self::Videos) } else { name.parse().map(Self::Hash) }
    }
}

#[derive(Debug, Args)]
#[command(after_help = concat!(list_help!(), "

A video is the query, and the videos of the lists are compared with it: it matches if --query-percent
of its frames are in a listed video, and --compared-percent of the listed video's frames are in it.
Each match is printed with these two percentages.

A list of digests, such as MD5, matches files with the same bytes. It can be combined with lists of
other hashes. `--algorithm md5` matches the digests of any list, and no perceptual hash.

Files that could not be hashed are reported on standard error and do not change the exit status if
others could be compared.

Exit status: 0 a file matched, 1 no file matched, 2 no file could be compared.

Examples:
  ownprint match --against exchange.txt photo.jpg
  ownprint match --against videos.jsonl --against exchange.txt --recursive uploads
  ownprint match --against exchange.txt --query-variants upload.jpg
  ownprint match --against known.index --format jsonl --recursive photos
  ownprint match --against hashes.txt --list-format pdq photos"))]
pub(crate) struct MatchArguments {
    /// A list of hashes or an index, or - for a list on standard input; can be passed several times
    #[arg(long, value_name = "LIST", required = true)]
    pub(crate) against: Vec<PathBuf>,

    /// The hash or digest to match, if a list has several. Default: pdq, or that of the index; vpdq
    /// of videos; digests of lists that have no other hashes
    #[arg(short, long, value_name = "NAME")]
    pub(crate) algorithm: Option<MatchAlgorithm>,

    /// Match the PDQ hashes of the image without borders, page or rotation, and of all rotations
    /// and mirror images, too: up to 32 hashes instead of one. For lists of images with sets,
    /// --query-variants=query-wide has up to 124
    #[arg(long, value_name = "SET", num_args = 0..=1, require_equals = true,
        default_missing_value = QUERY_VARIANTS)]
    pub(crate) query_variants: Option<VariantSet>,

    #[command(flatten)]
    pub(crate) reading: ListArguments,

    #[command(flatten)]
    pub(crate) search: SearchArguments,

    // After the limits: the heading of videos applies to all that follows.
    #[command(flatten)]
    pub(crate) videos: VideoArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A group contains all images that are connected by distances up to the threshold. The number before
each image is its distance from the first image of the group, in bits. Images with a PDQ quality
below 50 are skipped.

A group of videos contains all that are connected by matches, in either direction. The percentage
before each video is the share of its frames that are in the first video of the group.

Exit status: 0 all files succeeded, 1 some files failed, 2 the command line is wrong or the output
could not be written.

Examples:
  ownprint duplicates --recursive photos
  ownprint duplicates --algorithm phash --threshold 6 --format jsonl photos
  ownprint duplicates --algorithm vpdq --query-percent 50 videos")]
pub(crate) struct DuplicatesArguments {
    /// The hash to compare. Default: pdq of images, vpdq of videos
    #[arg(short, long, value_name = "NAME")]
    pub(crate) algorithm: Option<HashOrVideos>,

    #[command(flatten)]
    pub(crate) search: SearchArguments,

    // After the limits: the heading of videos applies to all that follows.
    #[command(flatten)]
    pub(crate) videos: VideoArguments,
}

/// What `match` compares.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MatchAlgorithm {
    Hash(SingleHash),
    Digest(DigestAlgorithm),
    Videos,
}

impl std::str::FromStr for MatchAlgorithm {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.parse() {
            Ok(digest) => Ok(Self::Digest(digest)),
            Err(_) if name == VPDQ => Ok(Self::Videos),
            Err(_) => name.parse().map(Self::Hash),
        }
    }
}

/// The files to search and the largest distance.
#[derive(Debug, Args)]
pub(crate) struct SearchArguments {
    /// Largest distance of a match in bits. Default: the algorithm's, see `ownprint algorithms`
    #[arg(short, long, value_name = "N")]
    pub(crate) threshold: Option<u32>,

    /// Output format
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: RowFormat,

    #[command(flatten)]
    pub(crate) files: FileArguments,
}

impl SearchArguments {
    /// Returns the largest distance of a match between hashes of `algorithm`.
    pub(crate) fn threshold(&self, algorithm: HashAlgorithm) -> u32 {
        self.threshold.unwrap_or(algorithm.threshold())
    }

    /// Returns a fingerprinter that computes only these hashes, digests and variants, and of videos
    /// vPDQ if there are options.
    pub(crate) fn fingerprinter(
        &self,
        hashes: impl IntoIterator<Item = HashAlgorithm>,
        digests: impl IntoIterator<Item = DigestAlgorithm>,
        variants: Option<VariantSet>,
        videos: Option<VpdqOptions>,
    ) -> Fingerprinter {
        let builder = self.files.decoding.fingerprinter().hashes(hashes).digests(digests);
        builder.variants(variants).vpdq(videos).build()
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum IndexCommand {
    /// Build an index from lists of hashes
    Build(IndexBuildArguments),
    /// Describe an index
    Info(IndexInfoArguments),
}

#[derive(Debug, Args)]
#[command(after_help = concat!(list_help!(), "

An index holds hashes of images or videos. Without --algorithm it holds those of images, or of videos
if the lists have no others. Each hash or video keeps the path that its list has for it, or else
LIST:LINE. The output must be a regular
file or a new one, and none of the lists.

Exit status: 0 the index was written, 2 it was not.

Examples:
  ownprint index build --output known.index exchange.txt more.jsonl
  ownprint index build --algorithm vpdq --output videos.index videos.jsonl"))]
pub(crate) struct IndexBuildArguments {
    /// A list of hashes
    #[arg(value_name = "LIST", required = true)]
    pub(crate) lists: Vec<PathBuf>,

    /// The file to write; an existing file is replaced when the new one is complete
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// The hash to index, if a list has several: a hash of images, or vpdq
    #[arg(short, long, value_name = "NAME")]
    pub(crate) algorithm: Option<HashOrVideos>,

    #[command(flatten)]
    pub(crate) frames: FrameArguments,

    #[command(flatten)]
    pub(crate) reading: ListArguments,
}

#[derive(Debug, Args)]
pub(crate) struct IndexInfoArguments {
    /// An index that `ownprint index build` wrote
    #[arg(value_name = "FILE")]
    pub(crate) index: PathBuf,

    /// Output format
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
