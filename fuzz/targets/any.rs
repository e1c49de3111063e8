//! The program that libFuzzer drives: `OWNPRINT_FUZZ_TARGET` names the target. One program for all of them builds once.

#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let wanted = std::env::var("OWNPRINT_FUZZ_TARGET").unwrap_or_default();
    let target = ownprint_fuzz::TARGETS.iter().find(|(name, _)| *name == wanted);
    target.unwrap_or_else(|| panic!("OWNPRINT_FUZZ_TARGET names no target: {wanted:?}")).1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET(bytes));
