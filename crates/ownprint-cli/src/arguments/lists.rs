//! Arguments about lists of hashes.

use clap::Args;
use ownprint::exchange::ListFormat;
use ownprint::{DigestAlgorithm, HashAlgorithm};

/// How lists are read.
#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// The format of all lists: jsonl, csv, threatexchange, stopncii, pdq-photo-hasher, vpdq,
    /// vpdq-json, or for lines that begin with a hash its name, such as pdq or md5. Default:
    /// detected by the first line
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    pub(crate) list_format: Option<ListFormat>,

    /// Skip invalid rows of lists, and report them on standard error
    #[arg(long)]
    pub(crate) skip_invalid: bool,
}

/// What `--list-format` accepts, for errors.
pub(crate) const FORMATS: &str = "jsonl, csv, threatexchange, stopncii, pdq-photo-hasher, vpdq, \
                                  vpdq-json, or the name of the hash at the beginning of each \
                                  line, such as pdq or md5";

fn parse_format(name: &str) -> Result<ListFormat, String> {
    let named = ListFormat::ALL.into_iter().find(|format| format.name() == name);
    let hash = || name.parse::<HashAlgorithm>().ok().map(ListFormat::Hashes);
    let digest = || name.parse::<DigestAlgorithm>().ok().map(ListFormat::Digests);
    named.or_else(digest).or_else(hash).ok_or_else(|| format!("use {FORMATS}"))
}

/// The help about lists that several commands share.
macro_rules! list_help {
    () => {
        "\
LIST is the output of `ownprint hash --format` jsonl, csv, threatexchange, vpdq or vpdq-json, a list
of lines \"pdq HASH\" from an exchange, a page of StopNCII.org in JSON, the lines HASH,QUALITY,NAME of
pdq-photo-hasher, or an index. Its format is detected by the first line. Lines that only have a hash
do not name its algorithm: pass --list-format pdq, --list-format md5 and so on. What follows such a
hash after a space or a comma is its name, as in the output of md5sum."
    };
}
pub(crate) use list_help;
