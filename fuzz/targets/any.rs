//! The program that libFuzzer runs. `OWNPRINT_FUZZ_TARGET` names the target. A single program for
//! all targets is built only once.

#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let wanted = std::env::var("OWNPRINT_FUZZ_TARGET").unwrap_or_default();
    let target = ownprint_fuzz::TARGETS.iter().find(|(name, _)| *name == wanted);
    let target =
        target.unwrap_or_else(|| panic!("OWNPRINT_FUZZ_TARGET names no target: {wanted:?}")).1;
    // The panic hook of libFuzzer would also abort at a panic that the core catches, such as those
    // of the AV1 and H.264 decoders. libFuzzer still finds other panics, because they unwind into
    // it.
    std::panic::set_hook(Box::new(|_| {}));
    target
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET(bytes));
