//! The program that libFuzzer drives: `OWNPRINT_FUZZ_TARGET` names the target. One program for all
//! of them builds once.

#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let wanted = std::env::var("OWNPRINT_FUZZ_TARGET").unwrap_or_default();
    let target = ownprint_fuzz::TARGETS.iter().find(|(name, _)| *name == wanted);
    let target =
        target.unwrap_or_else(|| panic!("OWNPRINT_FUZZ_TARGET names no target: {wanted:?}")).1;
    // The hook of libFuzzer ends the process at a panic that the core catches, as it does those of
    // the AV1 and H.264 decoders. One that is not caught is still found: it comes back to
    // libFuzzer.
    std::panic::set_hook(Box::new(|_| {}));
    target
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET(bytes));
