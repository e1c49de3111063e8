//! Tests of the system calls of the command: no network, no other program, and no changed file
//! except a named output.
//!
//! `strace` records every system call of every thread. Without it these tests are skipped with a
//! message, unless `OWNPRINT_STRACE` is `required`, as `cargo xtask test` sets it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test must stop at the first failure")]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};

use support::{Folder, flat, image};

/// Calls that reach other machines or other programs.
const NETWORK: [&str; 18] = [
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "recvfrom",
    "recvmsg",
    "recvmmsg",
    "shutdown",
    "getsockname",
    "getpeername",
    "setsockopt",
    // `strace` does not show the operations in its queue.
    "io_uring_setup",
];
const PROGRAMS: [&str; 4] = ["execveat", "fork", "vfork", "ptrace"];
/// Calls that change the file system, in addition to opening a file for writing.
const CHANGES: [&str; 28] = [
    "creat",
    "mkdir",
    "mkdirat",
    "mknod",
    "mknodat",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "renameat2",
    "rmdir",
    "truncate",
    "ftruncate",
    "fallocate",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "fchown",
    "lchown",
    "fchownat",
    "fsetxattr",
    "utimensat",
    "setxattr",
];
const TO_WRITE: [&str; 5] = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"];

#[test]
fn reading_commands_open_no_connection_and_write_no_file() {
    let folder = folder();
    let commands: [&[&str]; 11] = [
        &[
            "hash",
            "--recursive",
            "--algorithms",
            "all,vpdq",
            "--format",
            "jsonl",
            "images",
            "gone.jpg",
        ],
        &["hash", "--format", "csv", "--files-from", "-"],
        &["hash", "--format", "threatexchange", "images"],
        &["compare", "images/a.ppm", "images/b.ppm"],
        &["match", "--against", "list.jsonl", "images"],
        &["index", "info", "saved.index"],
        &["duplicates", "images"],
        &["algorithms"],
        &["formats"],
        &["completions", "bash"],
        &["--help"],
    ];
    for arguments in commands {
        let Some(calls) = folder.calls(&[&[env!("CARGO_BIN_EXE_ownprint")], arguments].concat())
        else {
            return;
        };
        assert!(calls.len() > 20, "{arguments:?}: {calls:?}");
        let found: Vec<&str> = calls.iter().filter_map(|call| complaint(call)).collect();
        assert!(found.is_empty(), "{arguments:?}: {found:#?}");
    }
}

/// `index build` is the only command that writes a file.
#[test]
fn building_an_index_writes_only_the_named_file() {
    let folder = folder();
    let build = [
        env!("CARGO_BIN_EXE_ownprint"),
        "index",
        "build",
        "--output",
        "another.index",
        "list.jsonl",
    ];
    let Some(calls) = folder.calls(&build) else { return };
    let found: Vec<&str> = calls.iter().filter_map(|call| complaint(call)).collect();
    assert!(!found.is_empty(), "no write was detected");
    assert!(found.iter().all(|call| call.contains("another.index")), "{found:#?}");
}

/// Verifies the detection with other programs that make forbidden calls.
#[test]
fn the_trace_detects_forbidden_system_calls() {
    let folder = folder();
    let connecting = ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9"];
    let writing = ["touch", "new"];
    for program in [&connecting[..], &writing] {
        let Some(calls) = folder.calls(program) else { return };
        assert!(calls.iter().any(|call| complaint(call).is_some()), "{program:?}");
    }
}

fn folder() -> Folder {
    let folder = Folder::new();
    for (name, file) in [
        ("a.ppm", image(1)),
        ("b.ppm", image(2)),
        ("plain.ppm", flat()),
        ("broken.jpg", b"\xff\xd8\xff".to_vec()),
    ] {
        folder.write(format!("images/{name}"), &file);
    }
    // Covers every other decoder with small files.
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for decoder in ["decode-heic", "decode-avif", "decode-jxl", "video"] {
        for entry in std::fs::read_dir(repository.join("fuzz/corpus").join(decoder)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("images/{decoder}-{}", entry.file_name().to_string_lossy());
            folder.write(name, &std::fs::read(entry.path()).unwrap());
        }
    }
    let listed = folder.run(&["hash", "--format", "jsonl", "images/a.ppm"]);
    folder.write("list.jsonl", listed.stdout.as_bytes());
    assert_eq!(folder.run(&["index", "build", "--output", "saved.index", "list.jsonl"]).status, 0);
    folder
}

impl Folder {
    /// Returns the system calls of a program, one per line, or `None` without `strace`.
    fn calls(&self, program: &[&str]) -> Option<Vec<String>> {
        if Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_err() {
            assert!(std::env::var_os("OWNPRINT_STRACE").is_none(), "strace is not installed");
            println!("skipped: strace is not installed");
            return None;
        }
        let log = self.path().join("calls");
        let status = Command::new("strace")
            .args(["--follow-forks", "--quiet=all", "--string-limit=256", "--output"])
            .arg(&log)
            .args(program)
            .current_dir(self.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.code().is_some(), "{program:?}: {status}");
        let calls = std::fs::read_to_string(log).unwrap();
        Some(calls.lines().map(str::to_owned).collect())
    }
}

/// Returns the name of the call if it is forbidden.
fn complaint(line: &str) -> Option<&str> {
    // Each line starts with the number of a thread.
    let call = line.trim_start_matches(|it: char| it.is_ascii_digit()).trim_start();
    let name = call.split('(').next().unwrap_or_default();
    let opens = matches!(name, "open" | "openat" | "openat2")
        && TO_WRITE.iter().any(|flag| call.contains(flag));
    let bad =
        NETWORK.contains(&name) || PROGRAMS.contains(&name) || CHANGES.contains(&name) || opens;
    bad.then_some(call)
}
