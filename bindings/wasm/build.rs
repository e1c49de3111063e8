//! Declares the maximum memory of the module, so that an image that needs more is an error in its
//! page and does not end the tab.

/// The default of `Limits::memory`, which decoded images may need.
const MAX_MEMORY: u64 = 2 << 30;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        println!("cargo:rustc-link-arg-cdylib=--max-memory={MAX_MEMORY}");
    }
}
