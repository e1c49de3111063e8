//! The command line of UniFFI, in the same version as the library, which UniFFI requires.

fn main() {
    uniffi::uniffi_bindgen_main();
}
