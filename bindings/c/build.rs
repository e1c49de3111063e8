//! Sets the name by which programs load the shared library: a minor version may change the
//! interface before version 1.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let of = |name: &str| std::env::var(name).unwrap_or_default();
    let (major, minor) = (of("CARGO_PKG_VERSION_MAJOR"), of("CARGO_PKG_VERSION_MINOR"));
    match of("CARGO_CFG_TARGET_OS").as_str() {
        "macos" | "ios" => println!(
            "cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libownprint.{major}.{minor}.dylib"
        ),
        "windows" => {}
        _ => println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libownprint.so.{major}.{minor}"),
    }
}
