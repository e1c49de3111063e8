//! `cargo xtask …`: the build, test and measurement commands of this repository.

mod android;
mod api;
mod audit;
mod bench;
mod c;
mod command_line;
mod files;
mod formats;
#[cfg(test)]
mod frozen;
mod fuzz;
mod kit;
mod kotlin;
mod measure;
mod metadata;
mod mobile;
mod native;
mod newcomers;
mod ports;
mod process;
mod protections;
mod python;
mod release;
mod reproduce;
mod shipping;
mod site;
mod suites;
mod swift;
mod tables;
mod targets;
mod video_formats;
mod web;
mod wheels;

use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;

use crate::formats::Formats;

/// Builds, packages, tests and measures ownprint.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
enum Command {
    /// Run the named test suites, or the default suites (see `--list`).
    Test {
        /// Print the names of the suites.
        #[arg(long)]
        list: bool,
        #[arg(value_name = "SUITE", value_parser = PossibleValuesParser::new(suites::names()))]
        suites: Vec<String>,
    },
    /// Build a package.
    #[command(subcommand)]
    Package(Package),
    /// Check, pack and publish a release.
    #[command(subcommand)]
    Release(release::Release),
    /// Build the native library for Android and Apple platforms, and print its sizes.
    Mobile(Formats),
    /// Build the npm package and the page in examples/web, and serve it on localhost.
    Web,
    /// Print benchmark tables that compare ownprint with pdqhash, ImageHash, img_hash and faiss.
    BenchPeers {
        #[arg(value_name = "TABLE", value_parser = PossibleValuesParser::new(bench::names()))]
        tables: Vec<String>,
    },
    /// Print benchmark tables of the core, called directly and through the Kotlin package.
    BenchKotlin,
    /// Print the speed, memory and sizes of the npm package in Chromium.
    BenchWeb,
    /// Measure how time and memory grow with the input, and write the table and the plot of the
    /// section "Growth" in docs/benchmarks.md. Takes half an hour.
    BenchGrowth {
        /// The series to measure, as the table names them. Default: all.
        #[arg(value_name = "SERIES")]
        series: Vec<String>,
    },
    /// Print the true and false matches of the thresholds among the images of `OWNPRINT_CORPUS`.
    Thresholds,
    /// Print which edited images the sets of variants find, for the images of `OWNPRINT_CORPUS` and
    /// of folders.
    Coverage {
        /// Folders, and the options of conformance/python/coverage.py: `--choose`, `--plot FILE`,
        /// `--kept FOLDER`, `--most N`, `--threads N`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Print how far the edits of a published benchmark move PDQ hashes, for the images of
    /// `OWNPRINT_CORPUS` and of folders.
    Robustness {
        /// Folders, and the options of conformance/python/robustness.py: `--plot FILE`, `--most N`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Print time and memory for decompression bombs and other hostile files.
    Limits,
    /// Print the results for unusual kinds of JPEG, compared with Pillow.
    OddJpegs,
    /// Print the results for image files with every combination of options, compared with reference
    /// decoders.
    DecodeMatrices,
    /// Write the list of decoded and refused videos in docs/formats.md, from the source.
    VideoFormats,
    /// Print every linked crate with its repository, its use of `unsafe`, and the system interfaces
    /// that its code names.
    Audit,
    /// Copy the `RustSec` advisories for our dependencies from a clone of its database.
    Advisories { clone: String },
    /// Build the npm package and the native library twice, from two clones of the last commit, and
    /// compare the bytes.
    Reproduce,
    /// Build the documents as a site with mdBook, into target/site/book, and check its links.
    Site,
    /// Switch off each protection in a copy of the repository, and check that its test fails.
    Protections,
    /// Run the fuzz targets with libFuzzer and a nightly compiler.
    Fuzz {
        /// Duration of each target.
        #[arg(long)]
        seconds: u32,
        #[arg(value_name = "TARGET")]
        targets: Vec<String>,
    },
    /// Change the structure of valid files, and fail if one costs more memory or time than
    /// promised.
    ///
    /// Files of `OWNPRINT_CORPUS` are changed too.
    FuzzCost {
        /// Processor time of each format.
        #[arg(long)]
        seconds: u32,
        /// Formats by the names of records, and `video`. Default: all.
        #[arg(value_name = "FORMAT")]
        formats: Vec<String>,
    },
    /// Measure public implementations with the conformance kit, and write docs/ports.md.
    Ports,
    /// Regenerate conformance/vectors with the values of the reference implementations.
    Vectors,
    /// Write `conformance/vectors/decoders.json`: what each decoder returns, with its revision.
    Decoders,
    /// Regenerate the header of the C library.
    Header,
    /// Build the npm and the Kotlin package, and regenerate the reports of their declarations.
    Api,
    /// Regenerate the cosine table of PDQ from its formula.
    Tables,
    /// Regenerate examples/images.
    Images,
}

#[derive(Debug, clap::Subcommand)]
enum Package {
    /// The npm package, into bindings/wasm/dist; prints sizes and integrity.
    Web,
    /// The command line as an archive with manual pages and completions, into target/cli.
    Cli {
        /// The target, as rustc names it. Default: this machine.
        target: Option<String>,
    },
    /// The native library and the Kotlin and Swift bindings, into target/ffi.
    Ffi(Formats),
    /// The C library, its header, and the files of pkg-config and `CMake`, into target/c, and as an
    /// archive into target/c-archive.
    C,
    /// The Python wheel for this machine, and others, into target/wheels.
    Python(wheels::Wheels),
    /// The wheel of the conformance kit, into target/kit-wheel.
    Kit,
    /// The Kotlin package with the native library of this machine, into .cache/maven.
    Kotlin(Formats),
    /// The Android package (aar) with the libraries of `cargo xtask mobile`, into target/android.
    Android,
    /// The Swift package in bindings/swift, for this machine, or on a Mac for all Apple platforms.
    Swift(Formats),
}

fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Test { list: true, .. } => {
            suites::list();
            Ok(())
        }
        Command::Test { suites, .. } => suites::test(&suites),
        Command::Package(Package::Web) => web::package(),
        Command::Package(Package::Cli { target }) => command_line::package(target.as_deref()),
        Command::Package(Package::Ffi(formats)) => native::package(&formats),
        Command::Package(Package::C) => c::package(),
        Command::Package(Package::Python(wheels)) => wheels::package(&wheels),
        Command::Package(Package::Kit) => kit::package(),
        Command::Package(Package::Kotlin(formats)) => kotlin::package(&formats),
        Command::Package(Package::Android) => android::package(),
        Command::Package(Package::Swift(formats)) => swift::package(&formats),
        Command::Release(step) => release::release(&step),
        Command::Mobile(formats) => mobile::build_all(&formats),
        Command::Web => web::serve_page(),
        Command::BenchPeers { tables } => bench::peers(&tables),
        Command::BenchKotlin => bench::kotlin::bench(),
        Command::BenchWeb => bench::web(),
        Command::BenchGrowth { series } => bench::growth(&series),
        Command::Thresholds => measure::thresholds(),
        Command::Coverage { words } => measure::coverage(&words),
        Command::Robustness { words } => measure::robustness(&words),
        Command::Limits => measure::limits(),
        Command::OddJpegs => suites::differential::odd_jpegs(),
        Command::DecodeMatrices => suites::differential::decode_matrices(),
        Command::VideoFormats => video_formats::write(),
        Command::Audit => audit::print(),
        Command::Advisories { clone } => suites::deny::refresh_advisories(&clone),
        Command::Reproduce => reproduce::reproduce(),
        Command::Protections => protections::protections(),
        Command::Fuzz { seconds, targets } => fuzz::fuzz(seconds, &targets),
        Command::FuzzCost { seconds, formats } => fuzz::fuzz_cost(seconds, &formats),
        Command::Site => site::build(),
        Command::Ports => ports::ports(),
        Command::Vectors => measure::write_vectors(),
        Command::Decoders => measure::list_decoders(),
        Command::Api => api::write(),
        Command::Header => c::write_header(),
        Command::Tables => tables::write(),
        Command::Images => measure::write_images(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_arguments_are_consistent() {
        <super::Command as clap::CommandFactory>::command().debug_assert();
    }
}
