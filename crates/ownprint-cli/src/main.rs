//! The `ownprint` command: hashes of images and videos, computed on the device that holds the file.
//!
//! Arguments, expansion of folders, progress and output formats. Everything that computes is in the
//! crate `ownprint`.

mod arguments;
mod batch;
mod compare;
mod compare_videos;
mod duplicates;
mod exit_status;
mod hash;
mod index;
mod interruption;
mod limits;
mod listings;
mod lists;
mod matching;
mod messages;
mod operands;
mod ordered;
mod output;
mod paths;
mod progress;
mod source;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::arguments::{Arguments, Command, IndexCommand};
use crate::exit_status::COULD_NOT_RUN;

fn main() -> ExitCode {
    messages::honor_no_color();
    interruption::finish_line_on_signal();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => error.exit(),
        // `exit` would ignore that the help could not be written.
        Err(help) => return finish(help.print().and_then(|()| flush())),
    };
    finish(match arguments.command {
        Command::Hash(arguments) => hash::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Match(arguments) => matching::run(&arguments),
        Command::Duplicates(arguments) => duplicates::run(&arguments),
        Command::Index(IndexCommand::Build(arguments)) => Ok(index::build(&arguments)),
        Command::Index(IndexCommand::Info(arguments)) => index::info(&arguments),
        Command::Formats(arguments) => print(&listings::formats(arguments.format)),
        Command::Algorithms(arguments) => print(&listings::algorithms(arguments.format)),
        Command::Completions { shell } => print(&completions(shell)),
    })
}

fn finish(done: std::io::Result<ExitCode>) -> ExitCode {
    done.unwrap_or_else(|error| {
        // The reader has all it wants, as in `ownprint hash … | head -1`.
        if error.kind() == ErrorKind::BrokenPipe {
            return ExitCode::SUCCESS;
        }
        messages::print(&format!("could not write the output: {error}"));
        ExitCode::from(COULD_NOT_RUN)
    })
}

fn print(text: &str) -> std::io::Result<ExitCode> {
    std::io::stdout().write_all(text.as_bytes())?;
    flush()
}

/// Writes what is buffered: at the end of the program, errors would be ignored.
fn flush() -> std::io::Result<ExitCode> {
    std::io::stdout().flush()?;
    Ok(ExitCode::SUCCESS)
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "ownprint", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
