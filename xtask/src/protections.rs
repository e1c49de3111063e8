//! `cargo xtask protections`: switches each protection off, one at a time, and sees that the test which holds it fails.
//!
//! In a copy of the repository, so that nothing here is touched.

use std::path::Path;

use crate::files;
use crate::process::{Outcome, command, root, run, target_folder};

/// A protection: its name, where it is, what stands there, what stands there when it is off, and the test that must fail.
struct Protection {
    name: &'static str,
    file: &'static str,
    on: &'static str,
    off: &'static str,
    test: &'static str,
}

const PROTECTIONS: [Protection; 12] = [
    Protection {
        name: "limit of pixels, before memory is taken",
        file: "crates/ownprint/src/limits.rs",
        on: "check(LimitKind::Pixels, size.pixels(), self.pixels)?;",
        off: "",
        test: "--package ownprint --test decode_limits -- more_pixels_than_allowed_are_refused_in_every_format",
    },
    Protection {
        name: "limit of expansion",
        file: "crates/ownprint/src/limits.rs",
        on: "memory: self.memory.min(allowed)",
        off: "memory: self.memory.max(allowed)",
        test: "--package ownprint --test bombs -- a_file_that_unpacks_into_much_is_told_from_one_that_is_large",
    },
    Protection {
        name: "limit of a file's length",
        file: "crates/ownprint/src/limits.rs",
        on: "check(LimitKind::FileBytes, bytes, self.file_bytes)",
        off: "check(LimitKind::FileBytes, bytes, u64::MAX)",
        test: "--package ownprint --test decode_limits -- each_limit_is_checked_on_the_header",
    },
    Protection {
        name: "a cut file is refused",
        file: "crates/ownprint/src/decode/jpeg.rs",
        on: ".set_strict_mode(mode == Mode::Strict)",
        off: ".set_strict_mode(false)",
        test: "--package ownprint --test decode_jpeg -- a_cut",
    },
    Protection {
        name: "buffers are wiped",
        file: "crates/ownprint/src/wipe.rs",
        on: "        wipe(&mut self.0);\n",
        off: "",
        test: "--package ownprint-conformance --test residue -- the_core_alone",
    },
    Protection {
        name: "the stack below decoders is wiped",
        file: "crates/ownprint/src/decode/mod.rs",
        on: "    wipe_stack::<STACK_WORDS>();\n",
        off: "    let _ = wipe_stack::<STACK_WORDS>;\n",
        test: "--package ownprint-conformance --test residue -- packages_leave_nothing_of_a_file_in_any_format",
    },
    Protection {
        name: "the bindings' allocator wipes",
        file: "bindings/ffi/src/lib.rs",
        on: "static WIPING_ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);",
        off: "static ALLOCATOR: std::alloc::System = std::alloc::System; const _: Option<ZeroAlloc<std::alloc::System>> = None;",
        test: "--package ownprint-ffi --test allocator",
    },
    Protection {
        name: "a panic becomes an error at the bindings' border",
        file: "bindings/ffi/src/error.rs",
        on: "catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Error::Internal)).map_err(OwnprintError::from)",
        off: "let _ = |work: fn()| catch_unwind(AssertUnwindSafe(work)); work().map_err(OwnprintError::from)",
        test: "--package ownprint-ffi --lib -- a_panic_becomes_an_internal_error",
    },
    Protection {
        name: "PDQ's luma is rounded once",
        file: "crates/ownprint/src/perceptual/pdq/luma.rs",
        on: "weighted.mul_add(f32x8::splat(simd, RECIPROCAL), weighted * RECIPROCAL_REST)",
        off: "weighted * (RECIPROCAL + 0.0 * RECIPROCAL_REST)",
        test: "--package ownprint --test pdq_oracle",
    },
    Protection {
        name: "an index that was altered is refused",
        file: "crates/ownprint/src/matching/index/file.rs",
        on: "return Err(invalid(\"its checksum is another: it was altered, or damaged on the way\"));",
        off: "",
        test: "--package ownprint --lib -- index",
    },
    Protection {
        name: "a PDQ hash of low quality is not exchanged",
        file: "crates/ownprint/src/record/exchange.rs",
        on: "self.quality.is_none_or(|quality| quality.is_reliable())",
        off: "self.quality.is_none_or(|_| true)",
        test: "--package ownprint-cli --test hash -- threatexchange_takes_reliable_hashes_only_and_says_so",
    },
    Protection {
        name: "an error's code is frozen",
        file: "crates/ownprint/src/error.rs",
        on: "Self::Truncated { .. } => \"truncated\",",
        off: "Self::Truncated { .. } => \"cut-off\",",
        test: "--package ownprint --lib -- codes_are_frozen",
    },
];

pub(crate) fn protections() -> Outcome {
    let copy = target_folder().join("protections/copy");
    if copy.exists() {
        files::remove_folder(&copy)?;
    }
    run(command("git clone --quiet").arg(root()).arg(&copy))?;
    let mut rows = Vec::new();
    for protection in &PROTECTIONS {
        let path = copy.join(protection.file);
        let whole = files::read_text(&path)?;
        if whole.matches(protection.on).count() != 1 {
            return Err(format!("{}: `{}` is not there once", protection.file, protection.on));
        }
        files::write(&path, whole.replace(protection.on, protection.off))?;
        rows.push((protection, fails(&copy, protection.test)));
        files::write(&path, whole)?;
    }
    println!("\n| protection | switched off in | the test that fails |\n|---|---|---|");
    for (Protection { name, file, test, .. }, fails) in &rows {
        println!("| {name} | `{file}` | {}`{test}` |", if *fails { "" } else { "**DOES NOT FAIL:** " });
    }
    match rows.iter().filter(|(_, fails)| !fails).count() {
        0 => Ok(()),
        unheld => Err(format!("{unheld} protections can be switched off, and no test fails")),
    }
}

/// Whether the tests can be built, and fail.
fn fails(copy: &Path, test: &str) -> bool {
    let build = test.split(" -- ").next().unwrap_or(test);
    let cargo = |arguments: &str| {
        let mut cargo = command(&format!("cargo test --locked {arguments}"));
        cargo.current_dir(copy).env("CARGO_TARGET_DIR", target_folder().join("protections/target"));
        cargo
    };
    run(&mut cargo(&format!("{build} --no-run"))).is_ok() && run(&mut cargo(test)).is_err()
}
