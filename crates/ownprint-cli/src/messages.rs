//! Messages on standard error, and how paths are shown.

use std::io::{ErrorKind, Write};
use std::path::Path;

use ownprint::{Error, Fingerprint, Format, Quality, decode};

use crate::arguments::DecodingArguments;
use crate::limits;

/// Turns colors off if the environment asks for it (<https://no-color.org>).
pub(crate) fn honor_no_color() {
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        console::set_colors_enabled(false);
        console::set_colors_enabled_stderr(false);
    }
}

/// Prints a message on standard error.
pub(crate) fn print(message: &str) {
    // A closed standard error is no reason to stop.
    let _ = writeln!(std::io::stderr(), "ownprint: {}", escaped(message));
}

/// Returns a path for display: a file name must not be able to control the terminal, or to look
/// like another name.
pub(crate) fn shown(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}

/// Escapes control characters, and characters that are invisible or change the order of others.
fn escaped(text: &str) -> String {
    let escape = |c: char| {
        if is_misleading(c) { c.escape_default().to_string() } else { c.to_string() }
    };
    text.chars().map(escape).collect()
}

/// Returns `true` for control characters and for Unicode's format characters: marks of direction,
/// joiners, spaces without width, tags.
fn is_misleading(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'..='\u{891}'
                | '\u{8e2}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Returns the message about a file that could not be read.
pub(crate) fn unreadable(path: &Path, error: &Error) -> String {
    let remedy = match error {
        Error::Io(error) => match error.kind() {
            ErrorKind::NotFound => "; check the spelling of the path",
            ErrorKind::PermissionDenied => "; ask its owner for permission to read it",
            _ => "",
        },
        _ => "",
    };
    format!("{}: {error}{remedy}", shown(path))
}

/// Returns the message about a file whose requested hashes could not be computed, if so.
pub(crate) fn undecodable(
    path: &Path,
    fingerprint: &Fingerprint,
    decoding: &DecodingArguments,
) -> Option<String> {
    let error = fingerprint.failure()?;
    let shown = shown(path);
    let is_unknown = matches!(error, decode::Error::NotAnImage);
    if is_unknown && fingerprint.is_video() {
        return Some(format!(
            "{shown}: a video, and only hashes of images were requested; its hash is vpdq"
        ));
    }
    if is_unknown && matches!(fingerprint.video(), Err(decode::Error::NotAVideo)) {
        return Some(format!("{shown}: neither an image nor a video in a known format"));
    }
    Some(match remedy(error, decoding) {
        Some(remedy) => format!("{shown}: {error}; {remedy}"),
        None => format!("{shown}: {error}"),
    })
}

/// Returns the option that may help. Options that cannot change the result are not advised.
fn remedy(error: &decode::Error, decoding: &DecodingArguments) -> Option<String> {
    match error {
        decode::Error::LimitExceeded { kind, .. } => {
            limits::flag(*kind).map(|flag| format!("the option is {flag}"))
        }
        // No other format has a decoder that continues after damage.
        decode::Error::Damaged { format: Format::Jpeg, .. }
        | decode::Error::Truncated { format: Format::Jpeg }
        | decode::Error::DamagedVideo { .. }
            if !decoding.accept_damaged =>
        {
            Some("or use --accept-damaged to hash what can be decoded".to_owned())
        }
        _ => None,
    }
}

/// Returns the message about an image with too little detail to match another one.
pub(crate) fn low_quality(shown: &str, quality: Quality) -> String {
    format!(
        "{shown}: quality {quality} is below {}: the image has too little detail, so its hash \
         matches nothing",
        Quality::EXCHANGE_THRESHOLD
    )
}

/// Returns the message about hashes that were skipped because of their quality.
pub(crate) fn skipped_low_quality(count: u64) -> String {
    let lowest = Quality::EXCHANGE_THRESHOLD;
    format!("skipped {count} with a quality below {lowest}: too little detail to compare")
}

/// Returns the message about a video of which no frame can be compared.
pub(crate) fn no_usable_frame(shown: &str, lowest: Quality) -> String {
    format!(
        "{shown}: no frame has a quality of {lowest} or more, so the video matches nothing; the \
         option is --frame-quality"
    )
}

/// Returns a percentage with one decimal, if it is not whole.
pub(crate) fn percent(value: f64) -> String {
    let text = format!("{value:.1}");
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}
