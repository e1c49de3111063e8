//! Running other programs, and saying so.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

thread_local! {
    /// Where what this thread's programs print goes; to the terminal where there is none.
    static LOG: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// From now on, what this thread's programs print goes into a file.
pub(crate) fn log_to(file: File) {
    LOG.set(Some(file));
}

/// What went wrong, in words for a person.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The root of the repository.
///
/// As `cargo run` names it, not as it was compiled in: checkouts that share a target folder share
/// this program.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = here.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map(Path::to_path_buf).unwrap_or(here)
}

/// Where cargo builds.
pub(crate) fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A command line in the root of the repository; its words are split at blanks, so paths go in with
/// `arg`.
pub(crate) fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(root());
    command
}

/// Prints a line of our own among what programs print.
pub(crate) fn say(line: &str) {
    LOG.with_borrow_mut(|log| match log {
        // A log that cannot be written to is missed when it is read.
        Some(file) => drop(writeln!(file, "{line}")),
        None => println!("{line}"),
    });
}

/// A handle on the log for a program, or on the terminal.
fn printing() -> Stdio {
    LOG.with_borrow(|log| {
        log.as_ref().and_then(|file| file.try_clone().ok()).map_or_else(Stdio::inherit, Stdio::from)
    })
}

/// Runs a command after printing it.
pub(crate) fn run(command: &mut Command) -> Outcome {
    finish(command.stdout(printing()).stderr(printing()))
}

/// Runs a command after printing it; what it says of itself goes into a file.
pub(crate) fn run_into(command: &mut Command, log: File) -> Outcome {
    finish(command.stdout(printing()).stderr(log))
}

fn finish(command: &mut Command) -> Outcome {
    say(&format!("+ {}", describe(command)));
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed: {status}", describe(command))) }
}

/// Runs a command after printing it, and gives what it prints.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    say(&format!("+ {}", describe(command)));
    quiet_output(command)
}

/// Runs a command, and gives what it prints.
pub(crate) fn quiet_output(command: &mut Command) -> Outcome<String> {
    let output =
        command.stderr(printing()).output().map_err(|error| cannot_start(command, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("`{}` failed: {}", describe(command), output.status))
    }
}

/// Whether a command can be run and succeeds; prints nothing.
pub(crate) fn succeeds(line: &str) -> bool {
    command(line)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` cannot be started: {error}", command.get_program().to_string_lossy())
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
