//! `cargo xtask package cli`: the command line as an archive for one target, with its manual pages
//! and completion scripts.

use std::path::Path;
use std::process::Command;

use crate::process::{Outcome, command, output, quiet_output, root, run, target_folder};
use crate::{files, metadata, shipping, targets};

/// The maximum size of the program on Linux, in bytes.
const MAXIMUM: u64 = 12_000_000;

/// The shells of the completion scripts, and the names of the files.
const SHELLS: [(&str, &str); 4] = [
    ("bash", "ownprint.bash"),
    ("zsh", "_ownprint"),
    ("fish", "ownprint.fish"),
    ("powershell", "ownprint.ps1"),
];

/// Builds the program for a target, or for this machine, and writes
/// `target/cli/ownprint-VERSION-TARGET.tar.gz`.
pub(crate) fn package(target: Option<&str>) -> Outcome {
    let host = output(&mut command("rustc --print host-tuple"))?.trim().to_owned();
    let target = target.unwrap_or(&host);
    targets::add_target(target)?;
    let flags: &[&str] = if target.ends_with("-linux-musl") {
        // The linker and C library of Rust: the program is static and needs no toolchain.
        &["-Clinker=rust-lld", "-Clink-self-contained=yes", "-Cstrip=symbols"]
    } else {
        &["-Cstrip=symbols"]
    };
    let line = "cargo build --locked --profile dist --package ownprint-cli --target";
    run(shipping::cargo(line, flags)?.arg(target))?;
    let name = if target.contains("windows") { "ownprint.exe" } else { "ownprint" };
    let program = target_folder().join(target).join("dist").join(name);
    let size = files::size(&program)?;
    println!("{size:>12}  {}", program.display());
    if target.contains("linux") && size > MAXIMUM {
        return Err(format!("the program has {size} bytes; the maximum is {MAXIMUM}"));
    }
    // Programs for another processor do not run here; their texts are the same.
    let runs = Command::new(&program).arg("--version").output().is_ok_and(|it| it.status.success());
    let spoken = if runs { program.clone() } else { files::build_programs()?.join("ownprint") };
    let version = metadata::published()?.first().map(|it| it.version.clone()).unwrap_or_default();
    archive(&program, &spoken, &format!("ownprint-{version}-{target}"))
}

/// Packs a program with the texts that another build of it prints.
fn archive(program: &Path, spoken: &Path, name: &str) -> Outcome {
    let cli = target_folder().join("cli");
    let folder = cli.join(name);
    if folder.exists() {
        files::remove_folder(&folder)?;
    }
    for inside in ["completions", "man"] {
        files::create_folder(folder.join(inside))?;
    }
    files::copy(program, folder.join(files::name(program)))?;
    for file in ["LICENSE-APACHE", "LICENSE-MIT", "docs/cli.md"] {
        files::copy(root().join(file), folder.join(file.rsplit('/').next().unwrap_or(file)))?;
    }
    for (shell, file) in SHELLS {
        let script = quiet_output(Command::new(spoken).args(["completions", shell]))?;
        files::write(folder.join("completions").join(file), script)?;
    }
    let main = quiet_output(Command::new(spoken).arg("--help"))?;
    let commands = commands(&main);
    if commands.is_empty() {
        return Err("the help of the program lists no commands".to_owned());
    }
    files::write(folder.join("man/ownprint.1"), manual("ownprint", &main))?;
    for command in commands {
        let help = quiet_output(Command::new(spoken).args([command, "--help"]))?;
        let title = format!("ownprint-{command}");
        files::write(folder.join(format!("man/{title}.1")), manual(&title, &help))?;
    }
    let path = cli.join(format!("{name}.tar.gz"));
    run(command("tar -czf").arg(&path).arg("-C").arg(&cli).arg(name))?;
    files::list(&[path])
}

/// Returns the commands in the help of the program.
fn commands(help: &str) -> Vec<&str> {
    let listed = help.split_once("Commands:\n").map_or("", |(_, listed)| listed);
    let lines = listed.lines().take_while(|line| line.starts_with("  "));
    // Continued descriptions are indented further.
    let names = lines
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").collect()
}

/// Returns a manual page with the help of a command.
fn manual(title: &str, help: &str) -> String {
    // The first sentence, which the program wraps at the width of the terminal.
    let paragraph = help.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let summary = paragraph.split(". ").next().unwrap_or_default().trim_end_matches('.');
    let mut page = format!(
        ".TH {} 1\n.SH NAME\n{} \\- {}\n.SH DESCRIPTION\n.nf\n",
        title.to_uppercase(),
        escaped(title),
        escaped(summary),
    );
    for line in help.lines() {
        page += &escaped(line);
        page.push('\n');
    }
    page + ".fi\n"
}

/// Escapes what roff would interpret.
fn escaped(line: &str) -> String {
    let text = line.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_from_the_help() {
        let help = "Hashes.\n\nCommands:\n  hash     Computes\n           hashes\n  help     Prints\n\nOptions:\n  -h\n";
        assert_eq!(commands(help), ["hash"]);
    }

    #[test]
    fn a_page_is_named_by_the_first_sentence() {
        let page = manual("ownprint-hash", "Computes\nhashes. More.\n\nUsage: hash\n");
        assert!(
            page.starts_with(
                ".TH OWNPRINT-HASH 1\n.SH NAME\nownprint\\-hash \\- Computes hashes\n"
            )
        );
        assert!(page.ends_with("Usage: hash\n.fi\n"), "{page}");
    }

    #[test]
    fn roff_prints_every_line_as_it_is() {
        assert_eq!(escaped(".name"), "\\&.name");
        assert_eq!(escaped("a\\b --c"), "a\\eb \\-\\-c");
    }
}
