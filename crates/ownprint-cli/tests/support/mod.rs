//! Runs the command in a temporary folder with generated images.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part; a test must stop at the first failure"
)]

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A temporary folder, which is removed when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "ownprint-test-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: &[u8]) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Runs `ownprint` with arguments in this folder.
    pub(crate) fn command<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ownprint"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command
    }

    pub(crate) fn run<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Runs `ownprint` with bytes on standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Ran::of(child.wait_with_output().unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The output and the exit status of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Parses the JSON object on every line.
    pub(crate) fn objects(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }
}

/// Returns a binary PPM of 80x64 pixels, different for every seed, with a quality of 100.
pub(crate) fn image(seed: u32) -> Vec<u8> {
    ppm(80, 64, |x, y| {
        let cell = (x / 9 * 31 + y / 7 * 17 + seed * 7919).wrapping_mul(2_654_435_761) >> 24;
        [cell as u8, (cell as u8) ^ 0x5a, (x * 3 + y) as u8]
    })
}

/// Returns a binary PPM of one colour.
pub(crate) fn flat() -> Vec<u8> {
    ppm(80, 64, |_, _| [120, 120, 120])
}

/// Returns a binary PPM of fine stripes. Downscaling blurs them, so hashes and qualities depend on
/// the scaling method.
pub(crate) fn gradient(width: u32, height: u32) -> Vec<u8> {
    ppm(width, height, |x, y| {
        let stripe = if x % 5 < 2 { 40 } else { 0 };
        [(x * 200 / width + stripe) as u8, (y * 200 / height + stripe) as u8, stripe as u8]
    })
}

fn ppm(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let mut bytes = format!("P6\n{width} {height}\n255\n").into_bytes();
    for y in 0..height {
        bytes.extend((0..width).flat_map(|x| pixel(x, y)));
    }
    bytes
}
