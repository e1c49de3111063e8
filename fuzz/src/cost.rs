//! Measures what a file costs, and compares it with what the library promises.
//!
//! The program or test must have [`PeakAlloc`] as its global allocator.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use cpu_time::ProcessTime;
use ownprint::decode::probe;
use ownprint::hash::VpdqOptions;
use ownprint::{DigestAlgorithm, Fingerprint, Fingerprinter, Format, HashAlgorithm, Limits};
use peak_alloc::PeakAlloc;

/// Memory in addition to the file and the decoded image.
const MEMORY: u64 = 64 << 20;
/// Memory in addition for a JPEG XL: a tree of 2^20 nodes, which a hundred bytes can state.
const TREE: u64 = 64 << 20;
/// Processor time in seconds of each megabyte of file and of each decoded megapixel: two seconds
/// for ten of them.
const SECONDS: f64 = 0.2;
/// Processor time of any file, which covers what does not depend on its length.
const SECONDS_OF_ANY: f64 = 0.1;

/// Pixels of an image that the tests allow: enough to reach all code, few enough for thousands of
/// files a minute.
const PIXELS: u64 = 1 << 20;
/// Pixels of a frame of a video. A video has many frames.
const FRAME_PIXELS: u64 = 1 << 16;

/// Pixels of a frame that has another size than the first, if the limits allow as many.
const CHANGED_FRAME_PIXELS: u64 = 1 << 22;

/// Which limits a file is opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// One megapixel and 64 MiB, so that a file is hashed or refused in milliseconds.
    Little,
    /// Four megapixels and 256 MiB.
    Moderate,
    /// The default limits.
    Default,
}

/// What one file cost.
#[derive(Debug, Clone)]
pub struct Cost {
    /// The error code, or `hashed`.
    pub outcome: String,
    /// The error with its detail.
    pub detail: String,
    /// Bytes in addition to the file.
    pub memory: u64,
    /// The memory divided by what is promised.
    pub memory_ratio: f64,
    /// Processor time.
    pub seconds: f64,
    /// The time divided by what is promised.
    pub time_ratio: f64,
    /// What the file broke: `memory`, `time`, `panic` or `modes`, and a description.
    pub findings: Vec<(&'static str, String)>,
}

/// Opens a file in strict or tolerant mode and measures it. If it is hashed, the other mode must
/// give the same hash. `patience` is the factor that a slower build or a busy machine needs.
pub fn measure(bytes: &[u8], allowed: Allowed, tolerant: bool, patience: f64) -> Cost {
    let limits = limits(allowed, is_video(bytes));
    let mut opened = open(bytes, limits, tolerant);
    let mut findings = Vec::new();
    let mut promise = Promise::of(&opened, limits, bytes);
    let mut seconds = opened.seconds;
    // A busy machine can lengthen one measurement.
    for _ in 0..2 {
        if seconds > promise.seconds * patience {
            opened = open(bytes, limits, tolerant);
            promise = Promise::of(&opened, limits, bytes);
            seconds = seconds.min(opened.seconds);
        }
    }
    let ratio = seconds / promise.seconds;
    if ratio > patience {
        findings.push(("time", format!("{seconds:.3} s, {ratio:.1} times the promise")));
    }
    let memory_ratio = opened.memory as f64 / promise.memory as f64;
    if memory_ratio > 1.0 {
        let mebibytes = opened.memory >> 20;
        findings.push(("memory", format!("{mebibytes} MiB, {memory_ratio:.1} times the promise")));
    }
    let (outcome, detail) = match &opened.fingerprint {
        Ok(fingerprint) => described(fingerprint),
        Err(location) => {
            findings.push(("panic", location.clone()));
            ("panic".to_owned(), location.clone())
        }
    };
    if outcome == "hashed" {
        let other = open(bytes, limits, !tolerant);
        let (strict, tolerant) = if tolerant { (&other, &opened) } else { (&opened, &other) };
        if let Some(difference) = difference(strict, tolerant) {
            findings.push(("modes", difference.to_owned()));
        }
    }
    let memory = opened.memory;
    Cost { outcome, detail, memory, memory_ratio, seconds, time_ratio: ratio, findings }
}

fn is_video(bytes: &[u8]) -> bool {
    probe(bytes).is_none() && ownprint::decode::is_video(bytes)
}

fn limits(allowed: Allowed, is_video: bool) -> Limits {
    match allowed {
        Allowed::Default => Limits::default(),
        Allowed::Moderate => Limits { pixels: 1 << 22, memory: 256 << 20, ..Limits::default() },
        Allowed::Little => Limits {
            pixels: if is_video { FRAME_PIXELS } else { PIXELS },
            memory: MEMORY,
            ..Limits::default()
        },
    }
}

/// What the library promises for a file.
struct Promise {
    memory: u64,
    seconds: f64,
}

impl Promise {
    fn of(opened: &Opened, limits: Limits, bytes: &[u8]) -> Self {
        let (length, format) = (bytes.len(), probe(bytes));
        let is_video = is_video(bytes);
        let mut pixels = limits.for_file(length as u64).pixels;
        let mut decoded = pixels;
        if let Ok(fingerprint) = &opened.fingerprint {
            if let Ok(image) = fingerprint.image() {
                pixels = image.info.stored.pixels();
                decoded = pixels;
            } else if is_video {
                if let Ok(video) = fingerprint.video() {
                    pixels = video.size.pixels();
                }
                // The observer is called for each frame and each slice. A frame may have another
                // size than the first.
                let largest = pixels.max(limits.pixels.min(CHANGED_FRAME_PIXELS));
                decoded = largest * opened.steps;
            }
        }
        let memory = if is_video || limits.pixels > PIXELS {
            // docs/limits.md states the frames that a decoder may hold.
            limits.memory.max(pixels * 3)
        } else {
            pixels * 3
        };
        let megabytes = length as f64 / 1e6;
        let seconds = SECONDS_OF_ANY + SECONDS * (megabytes + decoded as f64 / 1e6);
        let tree = if format == Some(Format::Jxl) { TREE } else { 0 };
        Self { memory: memory + MEMORY + tree, seconds }
    }
}

/// The result of opening a file once, and its cost.
struct Opened {
    /// The fingerprint, or the location of the panic that escaped.
    fingerprint: Result<Fingerprint, String>,
    memory: u64,
    seconds: f64,
    /// How often the observer was called.
    steps: u64,
}

fn open(bytes: &[u8], limits: Limits, tolerant: bool) -> Opened {
    let mut every = VpdqOptions::default();
    every.seconds_per_hash = 0.0;
    let fingerprinter = Fingerprinter::builder()
        .hashes([HashAlgorithm::PDQ])
        .digests([DigestAlgorithm::Md5])
        .vpdq(Some(every))
        .limits(limits)
        .accept_damaged(tolerant)
        .build();
    let mut steps = 0;
    PeakAlloc.reset_peak_usage();
    let before = PeakAlloc.peak_usage();
    OPENING.store(true, Ordering::Relaxed);
    let start = ProcessTime::now();
    let fingerprint = catch_unwind(AssertUnwindSafe(|| {
        fingerprinter.fingerprint_bytes_with(bytes, |_| {
            steps += 1;
            ControlFlow::Continue(())
        })
    }));
    let seconds = start.elapsed().as_secs_f64();
    OPENING.store(false, Ordering::Relaxed);
    let memory = PeakAlloc.peak_usage().saturating_sub(before) as u64;
    let fingerprint = match fingerprint {
        Ok(Ok(fingerprint)) => Ok(fingerprint),
        Ok(Err(error)) => Err(format!("an error in place of a fingerprint: {error}")),
        Err(_) => Err(last_panic()),
    };
    Opened { fingerprint, memory, seconds, steps }
}

fn described(fingerprint: &Fingerprint) -> (String, String) {
    if fingerprint.image().is_ok() || fingerprint.video().is_ok() {
        return ("hashed".to_owned(), "hashed".to_owned());
    }
    match fingerprint.failure() {
        Some(error) => (error.code().to_owned(), error.to_string()),
        None => {
            let code = fingerprint.warnings().first().map_or("none", |warning| warning.code());
            (code.to_owned(), format!("{:?}", fingerprint.warnings()))
        }
    }
}

/// Compares the hashes of the modes. A damaged file has a hash in tolerant mode only.
fn difference(strict: &Opened, tolerant: &Opened) -> Option<&'static str> {
    let (Ok(strict), Ok(tolerant)) = (&strict.fingerprint, &tolerant.fingerprint) else {
        return Some("only one mode panics");
    };
    let damaged = tolerant.image().is_ok_and(|image| image.info.damaged)
        || tolerant.video().is_ok_and(|video| video.damaged);
    let strict_hashes = strict.image().is_ok() || strict.video().is_ok();
    if damaged {
        return strict_hashes
            .then_some("strict mode hashes a file that tolerant mode calls damaged");
    }
    let same_image = match (strict.image(), tolerant.image()) {
        (Ok(strict), Ok(tolerant)) => strict.hashes == tolerant.hashes,
        (strict, tolerant) => strict.is_ok() == tolerant.is_ok(),
    };
    let same_video = match (strict.video(), tolerant.video()) {
        (Ok(strict), Ok(tolerant)) => strict == tolerant,
        (strict, tolerant) => strict.is_ok() == tolerant.is_ok(),
    };
    (!same_image || !same_video).then_some("the modes give different hashes")
}

/// Whether the library runs.
static OPENING: AtomicBool = AtomicBool::new(false);

/// Places where the code panicked, and the last of them.
static PANICS: Mutex<(BTreeSet<String>, String)> = Mutex::new((BTreeSet::new(), String::new()));

/// Records the place of each panic, in place of printing it.
pub fn record_panics() {
    // The first file installs a hook that ignores panics of decoders. The hook below replaces it.
    let _ = ownprint::decode::decode(b"P6 1 1 255 rgb", &Limits::default(), false);
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |location| {
            // Without the folder of the registry.
            let file = location.file();
            let start = file.rfind("/src/").and_then(|end| file[..end].rfind('/'));
            format!("{}:{}", &file[start.map_or(0, |start| start + 1)..], location.line())
        });
        let mut panics = PANICS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if !OPENING.load(Ordering::Relaxed) {
            eprintln!("outside of the library: {info}");
        }
        panics.0.insert(place.clone());
        panics.1 = place;
    }));
}

fn last_panic() -> String {
    PANICS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).1.clone()
}

/// Returns the places of the panics since the last call.
pub fn take_panics() -> BTreeSet<String> {
    std::mem::take(&mut PANICS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).0)
}
