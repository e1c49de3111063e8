//! `cargo xtask protections`: switches each protection off, one at a time, and sees that the test which holds it fails.
//!
//! In a copy of the repository, so that nothing here is touched.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

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

const PROTECTIONS: &[Protection] = &[
    Protection {
        name: "limit of pixels, before memory is taken",
        file: "crates/ownprint/src/limits.rs",
        on: "check(LimitKind::Pixels, size.pixels(), self.pixels)?;",
        off: "",
        test: "--package ownprint --test decode_limits -- more_pixels_than_allowed_are_refused_in_every_format",
    },
    Protection {
        name: "limit of width",
        file: "crates/ownprint/src/limits.rs",
        on: "check(LimitKind::Width, size.width.into(), self.width.into())?;",
        off: "",
        test: "--package ownprint --test decode_limits -- each_limit_is_checked_on_the_header",
    },
    Protection {
        name: "limit of height",
        file: "crates/ownprint/src/limits.rs",
        on: "check(LimitKind::Height, size.height.into(), self.height.into())?;",
        off: "",
        test: "--package ownprint --test decode_limits -- each_limit_is_checked_on_the_header",
    },
    Protection {
        name: "limit of memory",
        file: "crates/ownprint/src/limits.rs",
        on: "check(LimitKind::Memory, decoded_bytes, self.memory)",
        off: "check(LimitKind::Memory, decoded_bytes, u64::MAX)",
        test: "--package ownprint --test decode_limits -- each_limit_is_checked_on_the_header",
    },
    Protection {
        name: "limit of expansion",
        file: "crates/ownprint/src/limits.rs",
        on: "memory: self.memory.min(allowed)",
        off: "memory: self.memory.max(allowed)",
        test: "--package ownprint --test bombs -- a_file_that_unpacks_into_much_is_told_from_one_that_is_large",
    },
    Protection {
        name: "limits of a video's frames",
        file: "crates/ownprint/src/video/decode/h264.rs",
        on: "    limits.check_image(size, bytes)?;\n",
        off: "",
        test: "--package ownprint --features heic,avif,jxl,video --test videos -- limits_are_compared_before_anything_is_decoded",
    },
    Protection {
        name: "parameters hidden in another unit of a video are refused",
        file: "crates/ownprint/src/video/decode/h264.rs",
        on: "if holds_start(unit) {",
        off: "if holds_start(unit) && false {",
        test: "--package ownprint --features heic,avif,jxl,video --test videos -- parameters_hidden_in_another_unit_are_refused",
    },
    Protection {
        name: "samples of a video that lie over one another are refused",
        file: "crates/ownprint/src/video/decode/samples.rs",
        on: "if covered > length {",
        off: "if covered > length && false {",
        test: "--package ownprint --features heic,avif,jxl,video --test videos -- samples_that_lie_over_one_another_are_refused",
    },
    Protection {
        name: "tables of HEIC and AVIF are counted first",
        file: "crates/ownprint/src/decode/heif/container.rs",
        on: "        outline.check(format)?;\n",
        off: "",
        test: "--package ownprint --features heic,avif,jxl,video --test bombs -- bombs_are_refused_soon_and_in_little_memory",
    },
    Protection {
        name: "values of a TIFF are counted first",
        file: "crates/ownprint/src/decode/tiff/mod.rs",
        on: "    tables::check(bytes)?;\n",
        off: "    let _ = tables::check;\n",
        test: "--package ownprint --features heic,avif,jxl,video --test bombs -- bombs_are_refused_soon_and_in_little_memory",
    },
    Protection {
        name: "the length of a JPEG XL's colour profile is looked at first",
        file: "crates/ownprint/src/decode/jxl.rs",
        on: "    profile::check(bytes)?;\n",
        off: "",
        test: "--package ownprint --features heic,avif,jxl,video --test bombs -- bombs_are_refused_soon_and_in_little_memory",
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
        name: "an image is wiped behind the hashing of it",
        file: "crates/ownprint/src/wipe.rs",
        on: "            wipe(piece);\n",
        off: "",
        test: "--package ownprint-conformance --test residue -- the_core_alone_leaves_nothing_of_what_it_decodes_itself",
    },
    Protection {
        name: "PDQ's rows of luma are wiped",
        file: "crates/ownprint/src/perceptual/pdq/jarosz.rs",
        on: "            wipe(values);\n",
        off: "            let _ = (wipe as fn(&mut [Eight]), values);\n",
        test: "--package ownprint-conformance --test residue -- the_core_alone_leaves_nothing_of_what_it_decodes_itself",
    },
    Protection {
        name: "digests wipe the last bytes that they were given",
        file: "crates/ownprint/src/digest.rs",
        on: "        self.blake3.zeroize();\n",
        off: "        let _ = <blake3::Hasher as Zeroize>::zeroize;\n",
        test: "--package ownprint-conformance --test residue -- digests_leave_nothing_of_the_last_bytes",
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
        name: "a panic of the AV1 decoder is caught",
        file: "crates/ownprint/src/decode/heif/av1.rs",
        on: "decoded.unwrap_or_else(|_| Err(Reason::Damaged(\"the decoder gave up on it\".to_owned())))?;",
        off: "decoded.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;",
        test: "--package ownprint --features heic,avif,jxl,video --test bombs -- bad_files_cost_little",
    },
    Protection {
        name: "a panic does not take other files' results along",
        file: "crates/ownprint-cli/src/source.rs",
        on: ".unwrap_or(Err(Error::Internal))",
        off: ".unwrap_or_else(|panic| std::panic::resume_unwind(panic))",
        test: "--package ownprint-cli --bin ownprint -- a_defect_becomes_an_error",
    },
    Protection {
        name: "results keep the order of their files",
        file: "crates/ownprint-cli/src/ordered.rs",
        on: "Ok(results.into_iter().map_while(|slot| slot.recv().ok()))",
        off: "Ok(results.into_iter().filter_map(|slot| slot.recv().ok()).collect::<Vec<_>>().into_iter().rev())",
        test: "--package ownprint-cli --bin ownprint -- results_keep_the_order_of_the_inputs",
    },
    Protection {
        name: "an interrupt waits for the end of a line",
        file: "crates/ownprint-cli/src/interruption.rs",
        on: "            let _line = io::stdout().lock();\n",
        off: "            let _ = io::stdout;\n",
        test: "--package ownprint-cli --test load -- an_interrupt_waits_for_the_end_of_a_long_line",
    },
    Protection {
        name: "nothing goes over the wire",
        file: "crates/ownprint-cli/src/main.rs",
        on: "    messages::honour_no_color();\n",
        off: "    messages::honour_no_color();\n    let _ = std::net::UdpSocket::bind(\"127.0.0.1:0\");\n",
        test: "--package ownprint-cli --test system_calls -- reading_commands_open_no_connection_and_write_no_file",
    },
    Protection {
        name: "PDQ's running sums add before they subtract",
        file: "crates/ownprint/src/perceptual/pdq/jarosz/rows.rs",
        on: "sum[group] = sum[group] + entering[index] - leaving[index][group].load(simd);",
        off: "sum[group] = sum[group] - leaving[index][group].load(simd) + entering[index];",
        test: "--package ownprint --test pdq_oracle",
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

impl Protection {
    fn switched_off(&self, whole: &str) -> Outcome<String> {
        if whole.matches(self.on).count() != 1 {
            return Err(format!("{}: `{}` is not there once", self.file, self.on));
        }
        Ok(whole.replace(self.on, self.off))
    }

    /// Its row of the table, with a remark on the test.
    fn row(&self, remark: &str) -> String {
        format!("| {} | `{}` | {remark}`{}` |", self.name, self.file, self.test)
    }
}

pub(crate) fn protections() -> Outcome {
    let copy = target_folder().join("protections/copy");
    if copy.exists() {
        files::remove_folder(&copy)?;
    }
    run(command("git clone --quiet").arg(root()).arg(&copy))?;
    for test in PROTECTIONS.iter().map(|protection| protection.test).collect::<BTreeSet<_>>() {
        // One that fails anyway would hold nothing.
        run(&mut cargo(&copy, test))?;
    }
    let mut rows = Vec::new();
    for protection in PROTECTIONS {
        let path = copy.join(protection.file);
        let whole = files::read_text(&path)?;
        files::write(&path, protection.switched_off(&whole)?)?;
        rows.push((protection, fails(&copy, protection.test)));
        files::write(&path, whole)?;
    }
    println!("\n| protection | switched off in | the test that fails |\n|---|---|---|");
    for (protection, fails) in &rows {
        println!("{}", protection.row(if *fails { "" } else { "**DOES NOT FAIL:** " }));
    }
    match rows.iter().filter(|(_, fails)| !fails).count() {
        0 => Ok(()),
        unheld => Err(format!("{unheld} protections can be switched off, and no test fails")),
    }
}

/// Whether the tests can be built, and fail.
fn fails(copy: &Path, test: &str) -> bool {
    let build = test.split(" -- ").next().unwrap_or(test);
    run(&mut cargo(copy, &format!("{build} --no-run"))).is_ok() && run(&mut cargo(copy, test)).is_err()
}

fn cargo(copy: &Path, test: &str) -> Command {
    let mut cargo = command(&format!("cargo test --locked {test}"));
    cargo.current_dir(copy).env("CARGO_TARGET_DIR", target_folder().join("protections/target"));
    cargo
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::PROTECTIONS;
    use crate::files;
    use crate::process::root;

    #[test]
    fn each_can_be_switched_off_and_stands_in_the_threat_model() {
        let table = files::read_text(root().join("docs/threat-model.md")).unwrap();
        for protection in PROTECTIONS {
            let whole = files::read_text(root().join(protection.file)).unwrap();
            assert!(protection.switched_off(&whole).is_ok(), "{}: its line is another now", protection.name);
            assert!(table.contains(&protection.row("")), "docs/threat-model.md has not: {}", protection.name);
        }
    }
}
