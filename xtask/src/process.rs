//! Runs other programs and prints their command lines.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

thread_local! {
    /// The log for the output of programs that this thread starts. Without a log, they print to the
    /// terminal.
    static LOG: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// Redirects the output of programs that this thread starts to a file.
pub(crate) fn log_to(file: File) {
    LOG.set(Some(file));
}

/// The result of a command; the error is a message for the user.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// Returns the root of the repository.
///
/// Reads the variable that `cargo run` sets, not the path at compile time: several checkouts with a
/// common target folder use the same xtask program.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = here.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map(Path::to_path_buf).unwrap_or(here)
}

/// Returns the target folder of cargo.
pub(crate) fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Returns a command that runs in the root of the repository. The line is split at blanks, so paths
/// must be added with `arg`.
pub(crate) fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(root());
    command
}

/// Prints a line to the log of this thread, or to the terminal.
pub(crate) fn say(line: &str) {
    LOG.with_borrow_mut(|log| match log {
        // If writing fails, reading the log at the end reports an error.
        Some(file) => drop(writeln!(file, "{line}")),
        None => println!("{line}"),
    });
}

/// Returns the standard output for a program: the log of this thread, or the terminal.
fn printing() -> Stdio {
    LOG.with_borrow(|log| {
        log.as_ref().and_then(|file| file.try_clone().ok()).map_or_else(Stdio::inherit, Stdio::from)
    })
}

/// Prints and runs a command.
pub(crate) fn run(command: &mut Command) -> Outcome {
    finish(command.stdout(printing()).stderr(printing()))
}

/// Prints and runs a command; its diagnostics go into a file.
pub(crate) fn run_into(command: &mut Command, log: File) -> Outcome {
    finish(command.stdout(printing()).stderr(log))
}

fn finish(command: &mut Command) -> Outcome {
    say(&format!("+ {}", describe(command)));
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed: {status}", describe(command))) }
}

/// Prints and runs a command, and returns its output.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    say(&format!("+ {}", describe(command)));
    quiet_output(command)
}

/// Runs a command without printing it, and returns its output.
pub(crate) fn quiet_output(command: &mut Command) -> Outcome<String> {
    let output =
        command.stderr(printing()).output().map_err(|error| cannot_start(command, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("`{}` failed: {}", describe(command), output.status))
    }
}

/// Returns `true` if a command can be started and succeeds. Prints nothing.
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
