//! Builds the native library for phones: shared libraries for Android, static ones for Apple
//! platforms.
//!
//! With the Android NDK, an app can ship the libraries. Without it, Rust's own linker links them
//! against system libraries without symbols. This only checks that they link, and measures their
//! size. Such a library does not find `_Unwind_…` on a phone, so it is stored separately, under
//! `link-check`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files;
use crate::formats::Formats;
use crate::native;
use crate::process::{Outcome, command, output, target_folder};
use crate::targets;

/// An Android target: the Rust target, the folder of the ABI in an `aar`, and the name of the NDK
/// compiler before the API level.
const ANDROID: [[&str; 3]; 3] = [
    ["aarch64-linux-android", "arm64-v8a", "aarch64-linux-android"],
    ["armv7-linux-androideabi", "armeabi-v7a", "armv7a-linux-androideabi"],
    ["x86_64-linux-android", "x86_64", "x86_64-linux-android"],
];

const APPLE: [&str; 3] = ["aarch64-apple-ios", "aarch64-apple-ios-sim", "aarch64-apple-darwin"];

/// The `minSdk` of `bindings/kotlin`.
const OLDEST_API: u32 = 26;

/// The aim for the size of a library, in bytes per ABI.
const AIM: u64 = 1_200_000;

/// Options for the LLVM linker.
const LINKING: [&str; 3] = [
    // Some Android devices have pages of 16 KiB, and Google Play requires libraries that support
    // them.
    "-zmax-page-size=16384",
    // Android 6 and later support packed relocations, a tenth of the usual size.
    "--pack-dyn-relocs=android",
    // Generic code is compiled once per type, often to identical instructions.
    "--icf=all",
];

/// The system libraries that Rust's standard library links on Android.
const SYSTEM_LIBRARIES: [&str; 5] = ["c", "dl", "log", "m", "unwind"];

/// Builds every library, and prints the path and size of each.
pub(crate) fn build_all(formats: &Formats) -> Outcome {
    let linker = find_ndk();
    match &linker {
        Some(bin) => println!("linking with the NDK in {}", bin.display()),
        None => println!(
            "no Android NDK was found (ANDROID_NDK_HOME, or ANDROID_HOME with ndk/); linking without \
             Android's libraries, which checks symbols and sizes only: do not ship the result"
        ),
    }
    let mut rows = Vec::new();
    for [target, abi, compiler] in ANDROID {
        let library = build_android(target, abi, compiler, linker.as_deref(), formats)?;
        rows.push((abi, files::size(&library)?, library));
    }
    let mut missing = Vec::new();
    for target in APPLE {
        // Some targets cannot be installed on every machine. They are skipped.
        if let Err(error) = targets::add_target(target) {
            missing.push(format!("{target}: {error}"));
            continue;
        }
        let library =
            native::build_for(target, "staticlib", formats, &[], &[])?.join("libownprint_ffi.a");
        rows.push((target, files::size(&library)?, library));
    }
    println!("\n{:22} {:>12}  file", "for", "bytes");
    for (name, bytes, library) in &rows {
        println!("{name:22} {bytes:>12}  {}", library.display());
    }
    println!(
        "The aim is {AIM} bytes per Android ABI without optional codecs. The libraries for Apple \
         platforms are static archives, of which an app links only what it uses."
    );
    for target in missing {
        println!("skipped, because Rust's standard library is missing: {target}");
    }
    Ok(())
}

/// Returns the Android ABIs that libraries are built for.
pub(crate) fn abis() -> impl Iterator<Item = &'static str> {
    ANDROID.iter().map(|[_, abi, _]| *abi)
}

/// Returns the folder of the Android libraries that can be shipped. It has one folder per ABI.
pub(crate) fn android_folder() -> PathBuf {
    target_folder().join("mobile/android")
}

/// Returns the compiler of the NDK for a target, which links for it, or `None` without an NDK.
pub(crate) fn ndk_linker(target: &str) -> Option<PathBuf> {
    let [_, _, compiler] = ANDROID.into_iter().find(|[name, ..]| *name == target)?;
    Some(find_ndk()?.join(format!("{compiler}{OLDEST_API}-clang")))
}

fn build_android(
    target: &str,
    abi: &str,
    compiler: &str,
    ndk: Option<&Path>,
    formats: &Formats,
) -> Outcome<PathBuf> {
    let (linker, mut flags) = if let Some(bin) = ndk {
        let flags = LINKING.map(|flag| format!("-Clink-arg=-Wl,{flag}"));
        (bin.join(format!("{compiler}{OLDEST_API}-clang")), flags.to_vec())
    } else {
        let mut flags = LINKING.map(|flag| format!("-Clink-arg={flag}")).to_vec();
        flags.push("-Clinker-flavor=ld.lld".to_owned());
        flags.push(format!("-L{}", empty_libraries()?.display()));
        (rust_linker()?, flags)
    };
    flags.push(format!("-Clinker={}", linker.display()));
    let built = native::build_for(target, "cdylib", &formats.on(target), &flags, &[])?
        .join("libownprint_ffi.so");
    let folder =
        if ndk.is_some() { android_folder() } else { target_folder().join("mobile/link-check") };
    let folder = folder.join(abi);
    files::create_folder(&folder)?;
    let library = folder.join("libownprint.so");
    files::copy(&built, &library)?;
    check_pages(&library)?;
    Ok(library)
}

/// Returns the folder of the NDK compilers.
fn find_ndk() -> Option<PathBuf> {
    let named = std::env::var_os("ANDROID_NDK_HOME").map(PathBuf::from);
    let newest = || {
        let versions = PathBuf::from(std::env::var_os("ANDROID_HOME")?).join("ndk");
        fs::read_dir(versions).ok()?.flatten().map(|entry| entry.path()).max()
    };
    let hosts = named.or_else(newest)?.join("toolchains/llvm/prebuilt");
    fs::read_dir(hosts).ok()?.flatten().map(|host| host.path().join("bin")).find(|bin| bin.is_dir())
}

/// Returns the path of the linker that comes with Rust.
fn rust_linker() -> Outcome<PathBuf> {
    let sysroot = output(&mut command("rustc --print sysroot"))?;
    let host = output(&mut command("rustc --print host-tuple"))?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(host.trim()).join("bin/rust-lld"))
}

/// Writes empty linker scripts in place of the system libraries, and returns their folder.
fn empty_libraries() -> Outcome<PathBuf> {
    let folder = target_folder().join("mobile/no-libraries");
    files::create_folder(&folder)?;
    for name in SYSTEM_LIBRARIES {
        let path = folder.join(format!("lib{name}.so"));
        files::write(&path, "/* nothing */\n")?;
    }
    Ok(folder)
}

/// Checks that every loaded segment of a library is aligned to pages of 16 KiB.
fn check_pages(library: &Path) -> Outcome {
    let headers = output(command("readelf --program-headers --wide").arg(library))?;
    let loaded: Vec<&str> =
        headers.lines().filter(|line| line.trim_start().starts_with("LOAD")).collect();
    // The alignment is the last column, in hexadecimal.
    let alignment = |line: &str| u64::from_str_radix(line.rsplit_once("0x")?.1.trim(), 16).ok();
    if loaded.is_empty()
        || loaded.iter().any(|line| alignment(line).is_none_or(|it| it < 16 * 1024))
    {
        return Err(format!(
            "{} has segments that are not aligned to 16 KiB:\n{headers}",
            library.display()
        ));
    }
    Ok(())
}
