//! `cargo xtask bench-peers`: compares ownprint with other libraries in one run.
//!
//! The speed of a shared machine drifts. The programs therefore run alternately. Each turn gives a
//! ratio, and the tables show the median of the ratios.

pub(crate) mod kotlin;
mod search;
mod tools;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::tools::{
    Bench, TURNS, column, folder, median, middle, named, numbers, ratio, table, turns, with,
};
use crate::files::{self, build_timed_programs};
use crate::process::{Outcome, command, quiet_output, root, run, succeeds, target_folder};
use crate::python;
use crate::suites::{self, img_hash};
use crate::targets::{self, in_node};

/// Width, height, and the number of runs of ownprint and of the other program in each turn.
const SIZES: [(u32, u32, u32, u32); 3] =
    [(4000, 3000, 8, 2), (1920, 1080, 40, 5), (512, 512, 200, 40)];

/// The algorithms that `time_imagehash.py` times one by one.
const IMAGEHASH: [&str; 6] = ["ahash", "dhash", "phash", "whash", "colorhash", "crop-resistant"];

/// Sets of hashes that are computed in one pass.
const TOGETHER: [&str; 4] = [
    "ahash,dhash,dhash-vertical,phash,phash-simple",
    "pdq,pdq-512,pdq-dihedral,pdq-512-dihedral",
    "img-hash-mean,img-hash-gradient,img-hash-vertical-gradient,img-hash-double-gradient,blockhash",
    "pdq,phash,dhash,blockhash",
];

/// The name of a table, and the function that returns it.
type Table = (&'static str, fn(&Bench) -> Outcome<String>);

/// All tables.
const TABLES: [Table; 8] = [
    ("pdq", Bench::pixels),
    ("variants", Bench::variants),
    ("files", Bench::files),
    ("formats", Bench::formats),
    ("imagehash", Bench::imagehash),
    ("algorithms", Bench::algorithms),
    ("img-hash", |_| img_hash::printed("time 4000 3000")),
    ("index", |bench| search::peers(bench, &search::MILLION)),
];

/// Tables that take an hour. They are printed when named.
const LARGE_TABLES: [Table; 2] = [
    ("index-10m", |bench| search::peers(bench, &search::TEN_MILLION)),
    ("index-crossover", search::crossover),
];

fn all_tables() -> impl Iterator<Item = Table> {
    TABLES.into_iter().chain(LARGE_TABLES)
}

pub(crate) fn names() -> Vec<&'static str> {
    all_tables().map(|(name, _)| name).collect()
}

/// Prints the named tables, or all.
pub(crate) fn peers(wanted: &[String]) -> Outcome {
    let python = python::interpreter()?;
    let bench = Bench { programs: build_timed_programs()?, python };
    let mut tables = String::new();
    let is_default = |name| TABLES.iter().any(|(table, _)| *table == name);
    for (name, measure) in all_tables() {
        if (wanted.is_empty() && is_default(name)) || wanted.iter().any(|wanted| wanted == name) {
            let _ = writeln!(tables, "\n{}", measure(&bench)?);
        }
    }
    println!("\nMachine: {}, one thread, medians of {TURNS} turns.\n{tables}", machine());
    Ok(())
}

/// `cargo xtask bench-web`: measures the npm package in headless Chromium, and its start in Node.
pub(crate) fn web() -> Outcome {
    let python = python::interpreter()?;
    suites::web::prepare()?;
    let bench = Bench { programs: build_timed_programs()?, python };
    let jpeg = bench.camera_jpeg()?;
    quiet_output(bench.script("make_formats.py").arg(&jpeg).arg(folder()))?;
    let stills = ["photo.heic", "photo.avif", "photo.jxl"].map(|name| folder().join(name));
    let mut times = command("node bindings/wasm/bench/bench.mjs");
    run(times.env("OWNPRINT_PROGRAMS", &bench.programs).arg(&jpeg).args(stills))?;
    let mut native = command("node bindings/wasm/bench/native.mjs");
    run(native.env("OWNPRINT_PROGRAMS", &bench.programs).arg(&jpeg))?;
    run(&mut command("node bindings/wasm/bench/start.mjs"))
}

/// `cargo xtask bench-growth`: writes the table and the plot of the section "Growth".
pub(crate) fn growth(series: &[String]) -> Outcome {
    let bench = Bench { python: python::interpreter()?, programs: build_timed_programs()? };
    run(bench.script("growth.py").arg(&bench.programs).args(series))?;
    run(Command::new(&bench.python).arg(root().join("docs/plot_growth.py")))
}

impl Bench {
    /// Compares PDQ of decoded pixels: ownprint, `pdqhash`, and ownprint in WebAssembly.
    fn pixels(&self) -> Outcome<String> {
        let webassembly = webassembly_program()?;
        let mut table = table(
            "PDQ of decoded pixels | ownprint, ms | PyPI pdqhash 0.2.8, ms | ratio | wasm32 + simd128, ms \
             | memory, KiB",
        );
        for (width, height, our_runs, their_runs) in SIZES {
            let [width, height, our_runs, their_runs] =
                [width, height, our_runs, their_runs].map(|number| number.to_string());
            let mut programs: Vec<&dyn Fn() -> Command> = Vec::new();
            let ours = || with(self.program("time-pdq"), &[&width, &height, &our_runs]);
            let theirs = || with(self.script("time_pdqhash.py"), &[&width, &height, &their_runs]);
            programs.extend([&ours as &dyn Fn() -> Command, &theirs]);
            let wasm = webassembly
                .as_ref()
                .map(|path| || with(in_node(path), &[&width, &height, &our_runs]));
            programs.extend(wasm.as_ref().map(|wasm| wasm as &dyn Fn() -> Command));
            let printed = turns(&programs)?;
            let memory =
                printed[0].last().and_then(|text| named(text, "memory ")).unwrap_or_default();
            let wasm =
                printed.get(2).map_or("not run".to_owned(), |it| format!("{:.2}", middle(it)));
            let (ours, theirs) = (middle(&printed[0]), middle(&printed[1]));
            let ratio = ratio(&printed[1], &printed[0]);
            let _ = writeln!(
                table,
                "| {width}x{height} | {ours:.2} | {theirs:.1} | {ratio:.1}x | {wasm} | {memory} |"
            );
        }
        Ok(table)
    }

    /// Compares one hash with the set of 32 variants.
    fn variants(&self) -> Outcome<String> {
        let webassembly = webassembly_program()?;
        let mut table = table(
            "pixels to | `pdq`, ms | `wide`, ms | ratio | wasm32 + simd128: `pdq`, ms | `wide`, ms | ratio",
        );
        for (width, height, runs, _) in SIZES {
            let size = [width.to_string(), height.to_string(), runs.to_string()];
            let compare = |program: &dyn Fn() -> Command| -> Outcome<String> {
                let one = || with(program(), &[&size[0], &size[1], &size[2]]);
                let wide = || with(one(), &["wide"]);
                let printed = turns(&[&one, &wide])?;
                let (one, wide) = (middle(&printed[0]), middle(&printed[1]));
                Ok(format!("{one:.2} | {wide:.2} | {:.2}x", ratio(&printed[1], &printed[0])))
            };
            let native = compare(&|| self.program("time-pdq"))?;
            let wasm = match &webassembly {
                Some(program) => compare(&|| in_node(program))?,
                None => "not run | not run | not run".to_owned(),
            };
            let _ = writeln!(table, "| {width}x{height} | {native} | {wasm} |");
        }
        Ok(table)
    }

    /// Compares the time from a JPEG file to its hash with the time of the decoder alone.
    fn files(&self) -> Outcome<String> {
        let mut table = table(
            "12-megapixel JPEG to `pdq` | decoder alone, ms | everything, ms | in addition to decoding",
        );
        let (plain, rotated) = ("EXIF orientation 1", "rotated by 90 degrees");
        for (quality, orientation, name) in
            [(95, 1, plain), (88, 1, plain), (95, 6, rotated), (88, 6, rotated)]
        {
            let jpeg = self.make_jpeg(orientation, quality)?;
            let printed = quiet_output(self.program("time-jpeg").arg(&jpeg).arg("21"))?;
            let pairs: Vec<_> =
                printed.lines().map(numbers).filter(|pair| pair.len() == 2).collect();
            let all = |value: fn(&Vec<f64>) -> f64| median(pairs.iter().map(value).collect());
            let (alone, whole) = (all(|pair| pair[0]), all(|pair| pair[1]));
            let share = all(|pair| (pair[1] / pair[0] - 1.0) * 100.0);
            let megabytes = files::size(&jpeg)? as f64 / 1e6;
            let _ = writeln!(
                table,
                "| {megabytes:.1} MB, {name} | {alone:.0} | {whole:.0} | {share:.0} % |"
            );
        }
        Ok(table)
    }

    /// Times HEIC, AVIF, JPEG XL and a video, from file to hash. The script prints the table.
    fn formats(&self) -> Outcome<String> {
        let jpeg = self.camera_jpeg()?;
        let mut time = self.script("time_formats.py");
        time.arg(self.programs.join("ownprint")).arg(jpeg).arg(folder());
        quiet_output(time.arg(TURNS.to_string()))
    }

    fn imagehash(&self) -> Outcome<String> {
        let ours = || with(self.program("time-hashes"), &IMAGEHASH);
        let theirs = || with(self.script("time_imagehash.py"), &IMAGEHASH);
        let printed = turns(&[&ours, &theirs])?;
        let mut table =
            table("4000x3000 pixels to | ownprint, ms | PyPI ImageHash 4.3.2, ms | ratio");
        for (index, name) in IMAGEHASH.iter().enumerate() {
            let [ours, theirs] = [0, 1].map(|program: usize| column(&printed[program], index));
            let ratios = theirs.iter().zip(&ours).map(|(theirs, ours)| theirs / ours).collect();
            let (ours, theirs, ratio) = (median(ours), median(theirs.clone()), median(ratios));
            let _ = writeln!(table, "| `{name}` | {ours:.1} | {theirs:.0} | {ratio:.1}x |");
        }
        Ok(table)
    }

    /// Times every image hash alone, then some sets of hashes.
    fn algorithms(&self) -> Outcome<String> {
        let listed = quiet_output(self.program("ownprint").arg("algorithms"))?;
        // Lines of hashes start with the name and contain a threshold; lines of digests have no
        // threshold.
        let hashes = listed.lines().filter(|line| line.contains("<=") && !line.starts_with(' '));
        let mut names: Vec<&str> =
            hashes.filter_map(|line| line.split_whitespace().next()).collect();
        names.extend(TOGETHER);
        let printed = turns(&[&|| with(self.program("time-hashes"), &names)])?;
        let mut table = table("4000x3000 pixels to | ms");
        for (index, name) in names.iter().enumerate() {
            let _ = writeln!(table, "| `{name}` | {:.1} |", median(column(&printed[0], index)));
        }
        Ok(table)
    }

    /// Writes a JPEG of 12 megapixels and less than 2 MB with EXIF orientation 1.
    fn camera_jpeg(&self) -> Outcome<PathBuf> {
        self.make_jpeg(1, 88)
    }

    /// Writes a JPEG of 12 megapixels with sensor grain, an EXIF orientation and a quality.
    fn make_jpeg(&self, orientation: u8, quality: u8) -> Outcome<PathBuf> {
        let folder = folder();
        files::create_folder(&folder)?;
        quiet_output(self.program("paint").arg(&folder).arg("photo:1:4000x3000"))?;
        let jpeg = folder.join(format!("{quality}-{orientation}.jpg"));
        let mut make = self.script("make_jpeg.py");
        make.arg(folder.join("photo-1-4000x3000.ppm")).arg(&jpeg);
        quiet_output(make.args([orientation, quality].map(|it| it.to_string())))?;
        Ok(jpeg)
    }
}

/// Builds the timing program for WebAssembly with SIMD. Returns `None` if Node is not installed.
fn webassembly_program() -> Outcome<Option<PathBuf>> {
    const TARGET: &str = "wasm32-wasip1";
    if !succeeds("node --version") {
        println!("Node is not installed; WebAssembly is not timed");
        return Ok(None);
    }
    targets::add_target(TARGET)?;
    let folder = target_folder().join("simd128");
    let mut build =
        command("cargo build --profile dist --package ownprint-benches --bin time-pdq --target");
    build.arg(TARGET).env("RUSTFLAGS", "-C target-feature=+simd128");
    run(build.env("CARGO_TARGET_DIR", &folder))?;
    Ok(Some(folder.join(TARGET).join("dist/time-pdq.wasm")))
}

/// Returns the name of the processor, on Linux.
fn machine() -> String {
    let cpus = fs::read_to_string(Path::new("/proc/cpuinfo")).unwrap_or_default();
    let name = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} ({threads} virtual processors)", name.unwrap_or("unknown processor"))
}
