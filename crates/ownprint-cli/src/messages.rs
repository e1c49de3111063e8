//! What is said on standard error, and how names are shown.

use std::io::{ErrorKind, Write};
use std::path::Path;

use ownprint::{Error, Quality};

use crate::arguments::DecodingArguments;
use crate::limits;

/// Turns colours off where the person asked for none (<https://no-color.org>).
pub(crate) fn honour_no_color() {
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        console::set_colors_enabled(false);
        console::set_colors_enabled_stderr(false);
    }
}

/// Says a sentence on standard error.
pub(crate) fn say(sentence: &str) {
    // Whoever closed standard error does not want to hear it, and is no reason to stop.
    let _ = writeln!(std::io::stderr(), "ownprint: {sentence}");
}

/// A path as a person may see it: a name must not be able to steer the terminal.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy()
        .chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}

/// Which file, what was wrong, what to do; `decoding` is how the file was read.
pub(crate) fn failure(path: &Path, error: &Error, decoding: &DecodingArguments) -> String {
    let shown = shown(path);
    match remedy(error, decoding) {
        Some(remedy) => format!("{shown}: {error}; {remedy}"),
        None => format!("{shown}: {error}"),
    }
}

/// That an image named `shown` has too little in it for `what` to be trusted.
pub(crate) fn too_plain(shown: &str, quality: Quality, what: &str) -> String {
    format!(
        "{shown}: its quality is {quality}, below {}: the image is too plain for {what} to be trusted",
        Quality::EXCHANGE_THRESHOLD
    )
}

/// What to do on this command line, where the error itself cannot know.
fn remedy(error: &Error, decoding: &DecodingArguments) -> Option<String> {
    match error {
        Error::Io(error) => match error.kind() {
            ErrorKind::NotFound => Some("check the spelling of the path".to_owned()),
            ErrorKind::PermissionDenied => Some("ask for the right to read it, or copy it".to_owned()),
            _ => None,
        },
        Error::LimitExceeded { kind, .. } => limits::flag(*kind).map(|flag| format!("the flag is {flag}")),
        Error::Damaged { .. } | Error::Truncated { .. } if !decoding.accept_damaged => {
            Some("or try --accept-damaged, which hashes what can be decoded of it".to_owned())
        }
        _ => None,
    }
}

/// A decoder of AVIF panics on some damaged files, and the library turns that into an error, which is said once. What the panic
/// itself has to say is skipped; that of any other panic is not.
pub(crate) fn keep_decoders_quiet() {
    const DECODER: &str = "rusty_av1d";
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains(DECODER)) {
            usual(panic);
        }
    }));
}
