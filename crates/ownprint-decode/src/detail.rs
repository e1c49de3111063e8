//! Shortens the messages of decoders, which may appear in logs.

/// Returns a decoder's message as one short line without control characters.
pub(crate) fn short(detail: &str) -> String {
    const LONGEST: usize = 120;
    let line = detail.lines().next().unwrap_or_default().trim_matches(['"', ' ']);
    line.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}
