//! Completes the Swift package of `bindings/swift` with the generated Swift and the native library.

use super::apple;
use super::place::{folder, place, place_header};
use crate::formats::Formats;
use crate::native::{self, Language};
use crate::process::{Outcome, target_folder};

/// Completes the package in its folder, for this machine, or on a Mac for all Apple platforms.
pub(crate) fn package(formats: &Formats) -> Outcome {
    let library = native::build(formats)?;
    let generated = target_folder().join("swift/generated");
    native::generate(&library, Language::Swift, &generated)?;
    let sources = folder().join("Sources");
    place(
        &generated.join("OwnprintGenerated.swift"),
        &sources.join("OwnprintGenerated/OwnprintGenerated.swift"),
    )?;
    if cfg!(target_os = "macos") {
        return apple::package(&generated, formats);
    }
    let header = sources.join("OwnprintFFI");
    place_header(&generated, &header)?;
    place(&library.fixed, &folder().join("lib/libownprint_ffi.a"))?;
    println!(
        "{} is complete for this machine; for Apple platforms, run this on a Mac with Xcode",
        folder().display()
    );
    Ok(())
}
