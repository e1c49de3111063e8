//! Builds the npm package: its WebAssembly modules, their JavaScript glue, and the TypeScript.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files;
use crate::process::{Outcome, command, root, run, target_folder};
use crate::{shipping, targets};

const TARGET: &str = "wasm32-unknown-unknown";

/// A WebAssembly module of the package: its name, the name of its glue, and its build settings.
struct Module {
    name: &'static str,
    glue: &'static str,
    features: &'static str,
    is_simd: bool,
    /// cargo settings in addition to the profile.
    configuration: &'static [&'static str],
}

impl Module {
    /// Returns a module that hashes. What no byte of a photo passes through is built for size.
    const fn hashing(
        name: &'static str,
        glue: &'static str,
        features: &'static str,
        is_simd: bool,
    ) -> Self {
        Self { name, glue, features, is_simd, configuration: &[LEVEL_3, SMALL_DECODE] }
    }

    /// Returns a module that decodes an image format.
    const fn decoding(name: &'static str, features: &'static str) -> Self {
        Self { name, glue: DECODER_GLUE, features, is_simd: true, configuration: &[] }
    }

    /// Returns a module that decodes and hashes videos of a codec. Most of its time goes to the
    /// decoder, which is a crate of its own. What surrounds the decoder and the hash is built for
    /// size.
    const fn video(name: &'static str, codec: &'static str) -> Self {
        let configuration = &[LEVEL_3, SMALL_DECODE, SMALL_PIXELS, SMALL_RECORDS, SMALL];
        Self { glue: VIDEO_GLUE, configuration, ..Self::decoding(name, codec) }
    }
}

const LEVEL_3: &str = "profile.wasm.package.ownprint-wasm.opt-level=3";
/// The decoders of a photograph are crates of their own: this one reads headers.
const SMALL_DECODE: &str = r#"profile.wasm.package.ownprint-decode.opt-level="z""#;
const SMALL_PIXELS: &str = r#"profile.wasm.package.ownprint-pixels.opt-level="s""#;
const SMALL_RECORDS: &str = r#"profile.wasm.package.ownprint-exchange.opt-level="s""#;
const SMALL_SEARCH: &str = r#"profile.wasm.package.ownprint-search.opt-level="s""#;
const SMALL: &str = r#"profile.wasm.package.ownprint.opt-level="s""#;

/// Every engine has SIMD since 2023, so only the default build exists without it. It comes last:
/// cargo recompiles all dependencies when the target features change.
const MODULES: [Module; 12] = [
    Module::hashing("ownprint-simd", GLUE, "hashes,decoders,simd", true),
    // Level 3 would make it 30 kB larger (gzip), and searching and records another 8 kB.
    Module {
        configuration: &[SMALL_DECODE, SMALL_RECORDS, SMALL_SEARCH],
        ..Module::hashing("ownprint-full-simd", FULL_GLUE, "full,simd", true)
    },
    // BLAKE3 has no SIMD here, because its SIMD code would be an eighth of this module. Level 3 would
    // be another tenth.
    Module {
        configuration: &[SMALL_DECODE],
        ..Module::hashing("ownprint-pixels-simd", GLUE, "hashes", true)
    },
    // Optimisation level 3 decodes HEVC a quarter faster.
    Module { configuration: &[LEVEL_3], ..Module::decoding("ownprint-heic", "heic") },
    Module::decoding("ownprint-avif", "avif"),
    Module::decoding("ownprint-jxl", "jxl"),
    Module::video("ownprint-video", "h264"),
    Module::video("ownprint-video-hevc", "hevc"),
    Module::video("ownprint-video-vp9", "vp9"),
    Module::video("ownprint-video-vp8", "vp8"),
    Module::video("ownprint-video-av1", "av1"),
    Module::hashing("ownprint", GLUE, "hashes,decoders", false),
];

/// LLVM's default inlining threshold of 225 makes the default build 5 % larger, and decodes neither
/// JPEG nor HEVC faster. Functions that must be inlined are marked in the source.
const INLINING: &str = "-Cllvm-args=-inline-threshold=100";

/// The glue of all modules that hash, and the glue that also has the exports of the full build.
const GLUE: &str = "glue";
const FULL_GLUE: &str = "glue-full";

/// The glue of the modules that decode images.
const DECODER_GLUE: &str = "glue-decoder";

/// The glue of the modules for videos.
const VIDEO_GLUE: &str = "glue-video";

const SIMD: &str = "-Ctarget-feature=+simd128";

/// A smaller replacement for a crate whose tables would be a fifteenth of every module. A patch
/// would be in the lock file and apply to every other program too; a path override does not.
const OVERRIDE: &str = r#"paths=["bindings/wasm/crc32fast"]"#;

/// WebAssembly features that rustc enables by default. Every engine supports them since 2021.
const ASSUMED: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Returns the folder of the package.
pub(crate) fn package_folder() -> PathBuf {
    root().join("bindings/wasm")
}

/// Builds the package into its `dist` folder.
pub(crate) fn package() -> Outcome {
    targets::add_target(TARGET)?;
    install(&package_folder())?;
    let (generated, dist) =
        (package_folder().join("client/generated"), package_folder().join("dist"));
    for folder in [&generated, &dist] {
        // Files of an earlier build must not be shipped.
        let _ = fs::remove_dir_all(folder);
        files::create_folder(folder)?;
    }
    for module in &MODULES {
        build(module, &dist)?;
        keep_glue(module, &generated)?;
    }
    check_glues(&generated)?;
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        files::copy(root().join(license), package_folder().join(license))?;
    }
    run(command("npm run --silent build").current_dir(package_folder()))
}

/// Builds the package and the page, and serves the page until it is interrupted.
pub(crate) fn serve_page() -> Outcome {
    package()?;
    let page = page_folder();
    install(&page)?;
    run(command("npm run --silent start").current_dir(page))
}

/// Returns the folder of the page.
pub(crate) fn page_folder() -> PathBuf {
    root().join("examples/web")
}

/// Installs the dependencies of a package if its lock file changed since the last installation.
pub(crate) fn install(folder: &Path) -> Outcome {
    let (lock, installed) =
        (folder.join("package-lock.json"), folder.join("node_modules/.package-lock.json"));
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    if modified(&installed)
        .is_some_and(|installed| modified(&lock).is_none_or(|lock| installed >= lock))
    {
        return Ok(());
    }
    println!("installing the dependencies in {}", lock.display());
    run(command("npm ci --no-fund --no-audit").current_dir(folder))
}

/// Builds one module into `dist`, and its glue into [`bindgen_folder`].
fn build(module: &Module, dist: &Path) -> Outcome {
    let Module { name, features, is_simd, configuration, .. } = *module;
    let flags: &[&str] = if is_simd { &[INLINING, SIMD] } else { &[INLINING] };
    let mut cargo = shipping::cargo(
        "cargo build --profile wasm --package ownprint-wasm --no-default-features",
        flags,
    )?;
    for configuration in [OVERRIDE].iter().chain(configuration) {
        cargo.args(["--config", configuration]);
    }
    run(cargo.args(["--target", TARGET, "--features", features]))?;
    let built = target_folder().join(TARGET).join("wasm/ownprint_wasm.wasm");
    let mut pack = command("cargo run --quiet --package ownprint-wasm-pack --");
    run(pack.arg(built).arg(bindgen_folder()).arg("glue"))?;
    let (bound, optimised) =
        (bindgen_folder().join("glue_bg.wasm"), bindgen_folder().join("glue_optimised.wasm"));
    // More effort makes the modules smaller, but their compressed size, which counts for downloads,
    // 1 to 2 % larger.
    optimise(is_simd, "-O1 --debuginfo", &bound, &optimised)?;
    // Functions of one source file become neighbours, so that `gzip`, whose window is 32 kB, finds
    // their similarities.
    let ordered =
        "--reorder-functions-by-name --strip-debug --strip-producers --strip-target-features";
    optimise(is_simd, ordered, &optimised, &dist.join(format!("{name}.wasm")))
}

fn optimise(is_simd: bool, passes: &str, from: &Path, to: &Path) -> Outcome {
    let mut wasm_opt = command(&format!("node_modules/.bin/wasm-opt {passes}"));
    wasm_opt.current_dir(package_folder()).args(ASSUMED);
    if is_simd {
        wasm_opt.arg("--enable-simd");
    }
    run(wasm_opt.arg(from).arg("-o").arg(to))
}

/// Copies the glue of a module to where the TypeScript imports it. Modules that share a glue must
/// generate the same one, whatever their features and instruction sets.
fn keep_glue(module: &Module, generated: &Path) -> Outcome {
    let Module { name, glue, .. } = module;
    for extension in ["js", "d.ts"] {
        let made = files::read_text(bindgen_folder().join(format!("glue.{extension}")))?;
        let kept = generated.join(format!("{glue}.{extension}"));
        if kept.exists() && files::read_text(&kept)? != made {
            return Err(format!(
                "the glue of {name} differs from that of the previous modules that share {glue}.{extension}"
            ));
        }
        files::write(&kept, made)?;
    }
    Ok(())
}

/// Checks that the full glue only adds lines to the smaller glue. A worker runs both modules with
/// the smaller glue, and `ownprint/core` runs both with the full glue.
fn check_glues(generated: &Path) -> Outcome {
    let [glue, full] =
        [GLUE, FULL_GLUE].map(|name| files::read_text(generated.join(format!("{name}.js"))));
    let (glue, full) = (glue?, full?);
    let mut full = full.lines();
    match glue.lines().find(|line| !full.any(|it| it == *line)) {
        None => Ok(()),
        Some(line) => Err(format!(
            "{FULL_GLUE}.js lacks a line of {GLUE}.js, or has it in another order: {line}"
        )),
    }
}

fn bindgen_folder() -> PathBuf {
    target_folder().join("wasm-bindgen")
}
