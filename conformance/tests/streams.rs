//! Verifies that streams of any length are digested in constant memory.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::Command;

use ownprint_conformance::vectors;
use serde_json::Value;

/// The maximum memory of the program.
const KIBIBYTES: u64 = 32 * 1024;

fn check(length: u64) {
    let vectors = std::fs::read(vectors::folder().join("digests.json")).unwrap();
    let vectors: Value = serde_json::from_slice(&vectors).unwrap();
    let repeated = vectors["repeated"].as_array().unwrap();
    let case = repeated.iter().find(|case| case["length"] == length).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_digest-repeat"))
        .args([case["byte"].to_string(), length.to_string()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    for line in lines.lines().filter(|line| !line.is_empty()) {
        match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["VmHWM:", peak, "kB"] => {
                println!("{length} bytes, peak memory {peak} KiB");
                assert!(peak.parse::<u64>().unwrap() < KIBIBYTES, "{peak} KiB");
            }
            [algorithm, hex] => assert_eq!(*hex, case[*algorithm], "{algorithm}"),
            _ => panic!("{line}"),
        }
    }
}

#[test]
fn a_quarter_gigabyte_is_digested_in_constant_memory() {
    check(256 * 1024 * 1024);
}

#[test]
#[ignore = "takes a minute; `cargo xtask test slow` runs it"]
fn ten_gigabytes_are_digested_in_constant_memory() {
    check(10_000_000_000);
}
