//! The `ownprint` command: fingerprints of images, computed on the device that holds them.
//!
//! Arguments, walking folders, progress and tables live here; everything that computes lives in the `ownprint` crate.

mod arguments;
mod compare;
mod duplicates;
mod hash;
mod images;
mod index;
mod interruption;
mod limits;
mod listings;
mod lists;
mod matching;
mod messages;
mod ordered;
mod output;
mod paths;
mod progress;
mod source;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::arguments::{Arguments, Command, IndexCommand};

/// The status of a wrong command line, and of everything that kept a command from doing its work at all.
const TROUBLE: u8 = 2;

/// The status when some files failed.
const SOME_FAILED: u8 = 1;

fn main() -> ExitCode {
    messages::honour_no_color();
    messages::keep_decoders_quiet();
    interruption::end_with_a_whole_line();
    let done = match Arguments::parse().command {
        Command::Hash(arguments) => hash::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Match(arguments) => matching::run(&arguments),
        Command::Duplicates(arguments) => duplicates::run(&arguments),
        Command::Index(IndexCommand::Build(arguments)) => Ok(index::build(&arguments)),
        Command::Index(IndexCommand::Info(arguments)) => index::info(&arguments),
        Command::Formats(arguments) => print(&listings::formats(arguments.format)),
        Command::Algorithms(arguments) => print(&listings::algorithms(arguments.format)),
        Command::Completions { shell } => print(&completions(shell)),
    };
    done.unwrap_or_else(|error| {
        // The reader has what it wanted, as in `ownprint hash … | head -1`.
        if error.kind() == ErrorKind::BrokenPipe {
            return ExitCode::SUCCESS;
        }
        messages::say(&format!("the output could not be written: {error}"));
        ExitCode::from(TROUBLE)
    })
}

fn print(text: &str) -> std::io::Result<ExitCode> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "ownprint", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
