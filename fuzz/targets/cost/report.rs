//! The parent: starts children, adds up what they print, and keeps the input that ended one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::{Arguments, worker};

/// The wall time after which an input counts as endless. On a busy machine, it is a multiple of the
/// processor time.
const ENDLESS: Duration = Duration::from_secs(300);
/// Address space of a child, in KiB.
const ADDRESS_SPACE: u64 = 12 << 20;

/// The sums of one format.
#[derive(Default)]
struct Table {
    files: u64,
    /// Processor time of the children.
    seconds: f64,
    /// The part of it in which the library ran.
    opening: f64,
    /// The processor time when the row was last printed.
    printed: f64,
    outcomes: BTreeMap<String, u64>,
    findings: BTreeMap<String, u64>,
    panics: BTreeSet<String>,
    /// Bytes and ratio.
    memory: (f64, f64),
    /// Seconds and ratio.
    time: (f64, f64),
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let mut table = Table::default();
    let mut seed = arguments.seed;
    while table.seconds < arguments.seconds {
        let before = (table.seconds, table.opening);
        let mut child = start(arguments, seed).expect("the program starts itself");
        let lines = lines_of(&mut child);
        let left = arguments.seconds - before.0;
        if let Some(ended) = listen(arguments, &lines, &mut table, before, left) {
            let _ = child.kill();
            let status = child.wait().map_or_else(|_| String::new(), |status| status.to_string());
            let kind = if ended { "endless" } else { "abort" };
            let path = arguments.kept.join(format!("{}-{kind}-{seed}", arguments.format));
            let _ = fs::copy(worker::current(arguments), &path);
            println!("{kind}: {status}: {}", path.display());
            *table.findings.entry(kind.to_owned()).or_default() += 1;
            // A child that ends at once must not be started forever.
            table.seconds = table.seconds.max(before.0 + 1.0);
        } else {
            let _ = child.kill();
            let _ = child.wait();
        }
        seed += 1000;
    }
    let _ = fs::remove_file(worker::current(arguments));
    table.print(&arguments.format);
    if table.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn start(arguments: &Arguments, seed: u64) -> std::io::Result<Child> {
    let mut child = Command::new("sh");
    // The limit turns an enormous allocation into an abort of the child.
    child.args(["-c", &format!("ulimit -v {ADDRESS_SPACE} 2>/dev/null; exec \"$0\" \"$@\"")]);
    child.arg(std::env::current_exe()?).arg(&arguments.format).arg("--worker");
    child.arg("--seed").arg(seed.to_string()).arg("--kept").arg(&arguments.kept);
    for folder in &arguments.seeds {
        child.arg("--seeds").arg(folder);
    }
    child.env("RUST_BACKTRACE", "0").stdout(Stdio::piped()).spawn()
}

fn lines_of(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    let output = child.stdout.take().expect("the output is piped");
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Adds the lines of a child to the table. Returns `None` when its time is over, otherwise whether
/// it printed nothing for too long.
fn listen(
    arguments: &Arguments,
    lines: &Receiver<String>,
    table: &mut Table,
    before: (f64, f64),
    left: f64,
) -> Option<bool> {
    loop {
        match lines.recv_timeout(ENDLESS) {
            Ok(line) => {
                let words: Vec<&str> = line.split('\t').collect();
                table.add(&words, before);
                table.print_now_and_then(&arguments.format);
                if table.seconds - before.0 >= left {
                    return None;
                }
            }
            Err(RecvTimeoutError::Timeout) => return Some(true),
            Err(RecvTimeoutError::Disconnected) => return Some(false),
        }
    }
}

impl Table {
    fn add(&mut self, words: &[&str], before: (f64, f64)) {
        match words {
            [
                "file",
                outcome,
                bytes,
                memory_ratio,
                seconds,
                time_ratio,
                opening,
                processor,
                panics,
            ] => {
                let number = |text: &str| text.parse().unwrap_or(f64::NAN);
                self.files += 1;
                self.seconds = before.0 + number(processor);
                self.opening = before.1 + number(opening);
                *self.outcomes.entry((*outcome).to_owned()).or_default() += 1;
                self.panics.extend(panics.split_whitespace().map(str::to_owned));
                let (memory, time) = (number(memory_ratio), number(time_ratio));
                if memory > self.memory.1 {
                    self.memory = (number(bytes), memory);
                }
                if time > self.time.1 {
                    self.time = (number(seconds), time);
                }
            }
            ["finding", kind, ..] => {
                println!("{}", words[1..].join(": "));
                *self.findings.entry((*kind).to_owned()).or_default() += 1;
            }
            _ => println!("{}", words.join(" ")),
        }
    }

    /// Prints the row once a minute of processor time, so that a run that is ended has one too.
    fn print_now_and_then(&mut self, format: &str) {
        if self.seconds >= self.printed + 60.0 {
            self.printed = self.seconds;
            self.print_row(format);
        }
    }

    fn print(&self, format: &str) {
        println!("outcomes of {format}: {:?}", self.outcomes);
        println!("caught panics of {format}: {:?}", self.panics);
        self.print_row(format);
    }

    fn print_row(&self, format: &str) {
        let findings = if self.findings.is_empty() {
            "none".to_owned()
        } else {
            let kinds = self.findings.iter().map(|(kind, count)| format!("{count} {kind}"));
            kinds.collect::<Vec<_>>().join(", ")
        };
        println!(
            "| `{format}` | {} | {:.0} ({:.0}) | {} | {findings} | {} | {:.1} ({:.2}) | {:.2} ({:.2}) |",
            self.files,
            self.seconds,
            self.opening,
            self.outcomes.get("hashed").unwrap_or(&0),
            self.panics.len(),
            self.memory.0 / f64::from(1 << 20),
            self.memory.1,
            self.time.0,
            self.time.1,
        );
    }
}
