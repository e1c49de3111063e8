//! The command line's arguments.

mod files;
mod hash;
mod lists;
mod search;
mod videos;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use ownprint::VariantSet;

pub(crate) use self::files::{DecodingArguments, FileArguments};
pub(crate) use self::hash::{HashArguments, OutputFormat};
pub(crate) use self::lists::{FORMATS, ListArguments};
pub(crate) use self::search::{
    DuplicatesArguments, HashOrVideos, IndexBuildArguments, IndexCommand, IndexInfoArguments,
    MatchAlgorithm, MatchArguments, RowFormat, SingleHash,
};
pub(crate) use self::videos::VideoArguments;

/// Computes hashes of images and videos on the device that holds the file. The file stays; only the
/// hash leaves.
///
/// No network access. The only file written is the one that `index build` is asked for.
#[derive(Debug, Parser)]
#[command(name = "ownprint", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  ownprint hash photo.jpg                     hash an image
  ownprint hash --format jsonl photos         hash a folder's files, one JSON object a line
  ownprint compare photo.jpg copy.jpg         are these two the same image?
  ownprint compare part.mp4 whole.mp4         how much of one video is in the other?
  ownprint match --against list.txt photos    which of these are on a list?
  ownprint duplicates photos                  which of these are the same image or video?
  ownprint algorithms                         which hashes are there, and what do they equal?";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compute hashes and digests of images, videos and other files
    Hash(HashArguments),
    /// Compare two images, two videos or two hashes
    Compare(CompareArguments),
    /// Find images and videos in lists of hashes
    Match(MatchArguments),
    /// Find images and videos that are the same or nearly the same
    Duplicates(DuplicatesArguments),
    /// Build or describe an index of hashes for fast matching
    #[command(subcommand)]
    Index(IndexCommand),
    /// List the image formats
    Formats(ListingArguments),
    /// List the hashes and digests
    Algorithms(ListingArguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell that runs the script
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "\
A and B are images, hashes in hexadecimal, videos, or files with the record of one of them, as
`ownprint hash --format` jsonl, vpdq and vpdq-json write it. If the name of a file looks like a
hash, pass ./NAME. - is an image or a video on standard input.

Two videos are compared by their frames. A is the query, B the compared video. They match if
--query-percent of A's frames are in B, and --compared-percent of B's frames are in A. Frames with
the same hash count once.

Exit status: 0 they match, 1 they do not match, 2 they could not be compared.

Examples:
  ownprint compare photo.jpg copy.jpg
  ownprint compare photo.jpg f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22
  ownprint compare --variants wide --query-variants photo.jpg copy.jpg
  ownprint compare part.mp4 whole.mp4
  ownprint compare --query-percent 0 --compared-percent 80 longer.mp4 listed.mp4")]
pub(crate) struct CompareArguments {
    /// An image, a video, a hash or a record
    #[arg(value_name = "A")]
    pub(crate) first: std::ffi::OsString,

    /// An image, a video, a hash or a record
    #[arg(value_name = "B")]
    pub(crate) second: std::ffi::OsString,

    /// The hash to compare. Default: pdq of images, vpdq of videos
    #[arg(short, long, value_name = "NAME")]
    pub(crate) algorithm: Option<HashOrVideos>,

    /// Compare B with edited variants of A too: compact, standard, wide, or a list of edits
    #[arg(long, value_name = "SET")]
    pub(crate) variants: Option<VariantSet>,

    /// Compare A with B without its borders, page or rotation, and with all rotations and mirror
    /// images of B, too. --query-variants=query-wide compares more parts of B
    #[arg(long, value_name = "SET", num_args = 0..=1, require_equals = true,
        default_missing_value = search::QUERY_VARIANTS)]
    pub(crate) query_variants: Option<VariantSet>,

    /// Output format
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,

    #[command(flatten)]
    pub(crate) decoding: DecodingArguments,

    // After the limits: the heading of videos applies to all that follows.
    #[command(flatten)]
    pub(crate) videos: VideoArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ListingArguments {
    /// Output format
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

/// Ends the program with the status and form of a wrong command line.
pub(crate) fn usage_error(message: &str) -> ! {
    Arguments::command().error(ErrorKind::ArgumentConflict, message).exit()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The script for fish contains the help of values inside of double quotes, without escapes.
    #[test]
    fn the_help_of_values_has_no_quotes() {
        let mut commands = vec![Arguments::command()];
        let mut checked = 0;
        while let Some(command) = commands.pop() {
            let values = command.get_arguments().flat_map(clap::Arg::get_possible_values);
            for help in values.filter_map(|value| value.get_help().map(ToString::to_string)) {
                assert!(!help.contains(['"', '$', '`', '\\']), "{help}");
                checked += 1;
            }
            commands.extend(command.get_subcommands().cloned());
        }
        assert!(checked > 10, "{checked} values have help");
    }
}
