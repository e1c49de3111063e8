//! The native library for phones: shared libraries for Android, static ones for Apple's systems.
//!
//! With Android's NDK the libraries are what an app ships. Without it, Rust's own linker still
//! makes them, against system libraries that have no symbols: that shows that everything of ours
//! links, and how large it is, and no more. Such a library finds no `_Unwind_…` on a phone, so it
//! is kept apart, under `link-check`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files;
use crate::formats::Formats;
use crate::native;
use crate::process::{Outcome, command, output, target_folder};
use crate::targets;

/// An Android target: Rust's name, the ABI's folder in an `aar`, the name of the NDK's compiler
/// before the API level.
const ANDROID: [[&str; 3]; 3] = [
    ["aarch64-linux-android", "arm64-v8a", "aarch64-linux-android"],
    ["armv7-linux-androideabi", "armeabi-v7a", "armv7a-linux-androideabi"],
    ["x86_64-linux-android", "x86_64", "x86_64-linux-android"],
];

const APPLE: [&str; 3] = ["aarch64-apple-ios", "aarch64-apple-ios-sim", "aarch64-apple-darwin"];

/// `minSdk` of `bindings/kotlin`.
const OLDEST_API: u32 = 26;

/// Bytes an ABI that we aim at.
const AIM: u64 = 1_200_000;

/// What LLVM's linker is told.
const LINKING: [&str; 3] = [
    // Android's processors may have pages of 16 KiB, and Google Play asks for libraries that fit
    // them.
    "-zmax-page-size=16384",
    // Android 6 and later read the addresses to be set in this form, a tenth as long.
    "--pack-dyn-relocs=android",
    // Generic code is compiled once a type, often to the same instructions.
    "--icf=all",
];

/// What Rust's standard library links on Android.
const SYSTEM_LIBRARIES: [&str; 5] = ["c", "dl", "log", "m", "unwind"];

/// Builds every library, and prints where each is and how large.
pub(crate) fn build_all(formats: &Formats) -> Outcome {
    let linker = find_ndk();
    match &linker {
        Some(bin) => println!("linking with the NDK in {}", bin.display()),
        None => println!(
            "no NDK is here (ANDROID_NDK_HOME, or ANDROID_HOME with ndk/): linking without Android's libraries, as a check of \
             symbols and size; what comes out is not for shipping"
        ),
    }
    let mut rows = Vec::new();
    for [target, abi, compiler] in ANDROID {
        let library = build_android(target, abi, compiler, linker.as_deref(), formats)?;
        rows.push((abi, files::size(&library)?, library));
    }
    let mut missing = Vec::new();
    for target in APPLE {
        // Not every machine can have every target; the others are built all the same.
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
        "The aim is {AIM} bytes an Android ABI without optional codecs. Apple's are archives with everything in them, of which an app links what \
         it uses."
    );
    for target in missing {
        println!("skipped, for want of Rust's standard library: {target}");
    }
    Ok(())
}

/// Android's names of the processors that libraries are built for.
pub(crate) fn abis() -> impl Iterator<Item = &'static str> {
    ANDROID.iter().map(|[_, abi, _]| *abi)
}

/// Where Android's libraries are put, a folder an ABI: those that can be shipped.
pub(crate) fn android_folder() -> PathBuf {
    target_folder().join("mobile/android")
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

/// The folder of the NDK's compilers.
fn find_ndk() -> Option<PathBuf> {
    let named = std::env::var_os("ANDROID_NDK_HOME").map(PathBuf::from);
    let newest = || {
        let versions = PathBuf::from(std::env::var_os("ANDROID_HOME")?).join("ndk");
        fs::read_dir(versions).ok()?.flatten().map(|entry| entry.path()).max()
    };
    let hosts = named.or_else(newest)?.join("toolchains/llvm/prebuilt");
    fs::read_dir(hosts).ok()?.flatten().map(|host| host.path().join("bin")).find(|bin| bin.is_dir())
}

/// The linker that comes with Rust.
fn rust_linker() -> Outcome<PathBuf> {
    let sysroot = output(&mut command("rustc --print sysroot"))?;
    let host = output(&mut command("rustc --print host-tuple"))?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(host.trim()).join("bin/rust-lld"))
}

/// Stands for the system's libraries: linker scripts that bring nothing.
fn empty_libraries() -> Outcome<PathBuf> {
    let folder = target_folder().join("mobile/no-libraries");
    files::create_folder(&folder)?;
    for name in SYSTEM_LIBRARIES {
        let path = folder.join(format!("lib{name}.so"));
        files::write(&path, "/* nothing */\n")?;
    }
    Ok(folder)
}

/// Checks that every part of a library that is loaded is aligned to pages of 16 KiB.
fn check_pages(library: &Path) -> Outcome {
    let headers = output(command("readelf --program-headers --wide").arg(library))?;
    let loaded: Vec<&str> =
        headers.lines().filter(|line| line.trim_start().starts_with("LOAD")).collect();
    // The alignment is the last column, in hexadecimal.
    let alignment = |line: &str| u64::from_str_radix(line.rsplit_once("0x")?.1.trim(), 16).ok();
    if loaded.is_empty()
        || loaded.iter().any(|line| alignment(line).is_none_or(|it| it < 16 * 1024))
    {
        return Err(format!("{} has parts not aligned to 16 KiB:\n{headers}", library.display()));
    }
    Ok(())
}
