//! Tests with thousands of images, some of them damaged; with interrupts; with errors of the file
//! system.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test must stop at the first failure")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use support::{Folder, image};

/// The number of different images, which are repeated.
const KINDS: u32 = 20;
/// Each image whose number is a multiple of this is truncated.
const BROKEN_EVERY: u32 = 20;

#[test]
fn ten_thousand_images_keep_their_order_in_constant_memory() {
    let folder = folder();
    let expected: Vec<String> = (0..KINDS).map(|seed| pdq(&image(seed))).collect();
    let [few, many] = [1_000, 10_000].map(|count| {
        let mut child = start(&folder);
        let mut input = child.stdin.take().unwrap();
        let writing = std::thread::spawn(move || {
            for number in 0..count {
                writeln!(input, "{}", name(number)).unwrap();
            }
        });
        let mut errors = child.stderr.take().unwrap();
        let reading = std::thread::spawn(move || std::io::read_to_string(&mut errors).unwrap());
        let mut memory = 0;
        for (number, line) in (0..).zip(BufReader::new(child.stdout.take().unwrap()).lines()) {
            let object: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
            assert_eq!(object["path"], name(number));
            if number % BROKEN_EVERY == 0 {
                assert_eq!(object["error"]["code"], "truncated", "{object}");
            } else {
                assert_eq!(object["hashes"]["pdq"]["hex"], expected[(number % KINDS) as usize]);
            }
            if number % 100 == 99 {
                memory = most_memory(&child).unwrap_or(memory);
            }
            assert!(number < count);
        }
        writing.join().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1));
        assert_eq!(
            reading.join().unwrap().matches("is truncated").count(),
            (count / BROKEN_EVERY) as usize
        );
        memory
    });
    println!("{few} KiB maximum for 1,000 images, {many} KiB for 10,000");
    assert!(many < few + 8 * 1024, "{few} KiB for 1,000 images, {many} KiB for 10,000");
}

#[test]
fn an_interrupt_leaves_only_complete_lines() {
    let folder = folder();
    let mut child = start(&folder);
    let mut input = child.stdin.take().unwrap();
    let writing = std::thread::spawn(move || {
        // More input than the program reads. The pipe breaks when the program ends.
        (0..1_000_000).take_while(|number| writeln!(input, "{}", name(*number)).is_ok()).count()
    });
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut lines = Vec::new();
    for _ in 0..200 {
        output.read_until(b'\n', &mut lines).unwrap();
    }
    // The same signal as Ctrl-C, which a shell may ignore for background programs.
    assert!(
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success()
    );
    while output.read_until(b'\n', &mut lines).unwrap() > 0 {}
    assert!(!child.wait().unwrap().success());
    writing.join().unwrap();
    let text = String::from_utf8(lines).unwrap();
    assert!(text.ends_with("}\n"), "{:?}", text.chars().rev().take(80).collect::<String>());
    for (number, line) in (0..).zip(text.lines()) {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["path"], name(number));
    }
}

/// A pipe of sixteen pages holds five lines of three pages and one page of the sixth, so the
/// program blocks inside the sixth line.
#[test]
fn an_interrupt_waits_for_the_end_of_a_long_line() {
    let folder = folder();
    let mut command = folder.command(&["hash", "-a", "all", "--variants", "wide", "-f", "jsonl"]);
    // Long paths make long lines. Most files are still to be hashed when the signal arrives.
    command
        .args((0..10 * KINDS).map(|at| format!("{}kinds/{}.ppm", "./".repeat(1_500), at % KINDS)));
    let mut child =
        interruptible(&command).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut status = std::path::PathBuf::from(format!("/proc/{}/wchan", child.id()));
    if !status.exists() {
        status = std::path::PathBuf::from("/dev/null");
    }
    for _ in 0..100 {
        std::thread::sleep(std::time::Duration::from_millis(50));
        if std::fs::read_to_string(&status).unwrap().contains("pipe_write") {
            break;
        }
    }
    assert!(
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success()
    );
    std::thread::sleep(std::time::Duration::from_millis(200));
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    assert!(!child.wait().unwrap().success());
    assert!(text.ends_with("}\n"), "{:?}", text.chars().rev().take(80).collect::<String>());
    assert!(
        text.lines().all(|line| (8_193..12_288).contains(&line.len())),
        "a line has another length"
    );
}

#[test]
fn a_file_without_read_permission_has_an_io_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let forbidden = folder.path().join("kinds/3.ppm");
    std::fs::set_permissions(&forbidden, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&forbidden).is_ok() {
        println!("skipped: this user can read every file");
        return;
    }
    let ran =
        folder.run(&["hash", "--format", "jsonl", "kinds/2.ppm", "kinds/3.ppm", "kinds/4.ppm"]);
    assert_eq!(ran.status, 1);
    let objects = ran.objects();
    assert_eq!(objects[1]["error"]["code"], "io");
    assert!(objects[0]["hashes"].is_object() && objects[2]["hashes"].is_object());
}

#[test]
fn the_longest_path_is_opened_and_a_longer_one_is_an_error() {
    let folder = Folder::new();
    let inner = format!("{}/", "d".repeat(200)).repeat(19);
    // The system accepts such a long path only relative to a folder, so each step creates one
    // folder.
    let mut directory = folder.path().to_path_buf();
    for part in inner.trim_end_matches('/').split('/') {
        directory.push(part);
        assert!(
            Command::new("mkdir")
                .arg(part)
                .current_dir(directory.parent().unwrap())
                .status()
                .unwrap()
                .success()
        );
    }
    folder.write(format!("{inner}a.ppm"), &image(1));
    let long = format!("{inner}{}a.ppm", "./".repeat((4_000 - inner.len()) / 2));
    let longer = format!("{inner}{}a.ppm", "./".repeat(2_000));
    let ran = folder.run(&["hash", "--format", "jsonl", &long, &longer]);
    let objects = ran.objects();
    assert_eq!(objects[0]["hashes"]["pdq"]["hex"], pdq(&image(1)), "{}", ran.stderr);
    assert_eq!(objects[1]["error"]["code"], "io");
}

/// Writes every image twice, complete and truncated.
fn folder() -> Folder {
    let folder = Folder::new();
    for seed in 0..KINDS {
        let file = image(seed);
        folder.write(format!("kinds/{seed}.ppm"), &file);
        folder.write(format!("kinds/{seed}-broken.ppm"), &file[..file.len() / 2]);
    }
    folder
}

fn name(number: u32) -> String {
    let broken = if number.is_multiple_of(BROKEN_EVERY) { "-broken" } else { "" };
    format!("kinds/{}{broken}.ppm", number % KINDS)
}

/// Returns the command with default signal handling: the program that started the test may ignore
/// signals, and children inherit this.
fn interruptible(command: &Command) -> Command {
    const DEFAULTS: &str = "--default-signal=INT,TERM,HUP";
    let mut env = Command::new("env");
    // Not every system's `env` has this option.
    if Command::new("env").args([DEFAULTS, "true"]).status().is_ok_and(|status| status.success()) {
        env.arg(DEFAULTS);
    }
    env.arg(command.get_program())
        .args(command.get_args())
        .current_dir(command.get_current_dir().unwrap());
    env
}

fn start(folder: &Folder) -> Child {
    let command =
        folder.command(&["hash", "--algorithms", "pdq", "--format", "jsonl", "--files-from", "-"]);
    interruptible(&command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn pdq(file: &[u8]) -> String {
    ownprint::fingerprint_bytes(file).unwrap().image().unwrap().pdq().unwrap().hash.to_hex()
}

/// Returns the peak memory of the process in KiB; `None` if the system does not report it.
fn most_memory(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
