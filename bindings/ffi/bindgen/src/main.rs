//! UniFFI's own command line, at the version that the library is built with: the two must agree.

fn main() {
    uniffi::uniffi_bindgen_main();
}
