//! `cargo xtask …`: what this repository can do to itself.

mod advisories;
mod android;
mod audit;
mod bench_hashes;
mod bench_index;
mod bench_kotlin;
mod bench_peers;
mod bench_web;
mod coverage;
mod files;
mod formats;
mod fuzz;
mod kotlin;
mod limits;
mod mobile;
mod native;
mod parts;
mod process;
mod protections;
mod python;
mod reproduce;
mod sbom;
mod semver;
mod shipping;
mod swift;
mod tables;
mod targets;
mod thresholds;
mod vectors;
mod web;

use std::process::ExitCode;

use crate::formats::Formats;
use crate::process::Outcome;

const HELP: &str = "\
cargo xtask test [PART]...  run the test suites, when none is named all but those that `--list` marks so
cargo xtask package web     build the npm package into bindings/wasm/dist, and print sizes and integrity
cargo xtask package ffi     build the native library, and the Kotlin and Swift that speak to it, into target/ffi
cargo xtask package kotlin  build the Kotlin package's jar with this machine's native library, and install it into .cache/maven
cargo xtask package android build the Android package (aar) from what `cargo xtask mobile` built, into target/android
cargo xtask package swift   complete the Swift package in bindings/swift: for this machine; on a Mac for Apple's systems
cargo xtask mobile          build the native library for Android and Apple's systems, and print its sizes
                            (`package ffi|kotlin|swift` and `mobile`: --formats heic,avif,jxl adds their decoders)
cargo xtask web             build the npm package and the page in examples/web, and serve it on localhost
cargo xtask bench-peers [TABLE]...  print the tables of times beside PyPI pdqhash, ImageHash, img_hash and faiss, of each
                            algorithm, and of JPEG, HEIC, AVIF, JPEG XL and videos from file to hash
cargo xtask bench-kotlin    print the table of the core directly and through the Kotlin package
cargo xtask bench-web       print the tables of times, memory and sizes of the npm package in Chromium
cargo xtask thresholds      print what the thresholds find and confuse among the images of OWNPRINT_CORPUS
cargo xtask coverage [FOLDER]...  print what sets of variants find among the images of OWNPRINT_CORPUS and of folders;
                            --choose chooses sets anew, --plot FILE draws, --kept FOLDER keeps the copies' hashes
cargo xtask limits          print what becomes of files that are made to exhaust a machine, how soon and in how much memory
cargo xtask odd-jpegs       print what becomes of every odd kind of JPEG, beside Pillow
cargo xtask audit           print every crate that is linked: who keeps it, its `unsafe`, what its code names of the world outside
cargo xtask advisories CLONE  take over what RustSec knows against our dependencies, from a clone of its database
cargo xtask semver [COMMIT] whether the version says what became of the crate's interface since a commit, or the last release
cargo xtask sbom            write what each package is made of, as CycloneDX, into target/sbom
cargo xtask reproduce       build what is shipped twice, from two clones of the last commit, and compare it byte by byte
cargo xtask protections     switch each protection off, in a copy, and see that the test which holds it fails
cargo xtask fuzz --seconds N [TARGET]...  every fuzz target for N seconds each, with libFuzzer and a nightly compiler
cargo xtask vectors         write conformance/vectors anew, with the reference implementations' values
cargo xtask tables          write PDQ's table of cosines anew from its formula
cargo xtask images        write examples/images anew
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test", parts @ ..] => parts::test(parts),
        ["package", "web"] => web::package(),
        ["package", "ffi", words @ ..] => with_formats(words, native::package),
        ["package", "android"] => android::package(),
        ["package", "kotlin", words @ ..] => with_formats(words, kotlin::package),
        ["package", "swift", words @ ..] => with_formats(words, swift::package),
        ["mobile", words @ ..] => with_formats(words, mobile::build_all),
        ["web"] => web::serve_page(),
        ["bench-peers", tables @ ..] => bench_peers::bench_peers(tables),
        ["bench-kotlin"] => bench_kotlin::bench_kotlin(),
        ["bench-web"] => bench_web::bench_web(),
        ["thresholds"] => thresholds::thresholds(),
        ["coverage", words @ ..] => coverage::coverage(words),
        ["audit"] => audit::audit(),
        ["advisories", clone] => advisories::refresh(clone),
        ["sbom"] => sbom::sbom(),
        ["semver", words @ ..] => semver::semver(words),
        ["reproduce"] => reproduce::reproduce(),
        ["protections"] => protections::protections(),
        ["limits"] => limits::limits(),
        ["odd-jpegs"] => parts::differential::odd_jpegs(),
        ["fuzz", words @ ..] => fuzz::fuzz(words),
        ["vectors"] => vectors::write(),
        ["tables"] => tables::write(),
        ["images"] => vectors::write_images(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("there is no `cargo xtask {}`\n{HELP}", words.join(" "))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Commands that build the native library are told which formats it decodes beside the usual ones.
fn with_formats(words: &[&str], build: fn(&Formats) -> Outcome) -> Outcome {
    build(&Formats::of_words(words)?)
}
