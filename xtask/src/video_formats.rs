//! `cargo xtask video-formats`: writes the list of decoded and refused videos in docs/formats.md,
//! from the source of the decoders and from the matrix that is compared with ffmpeg.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::files;
use crate::process::{Outcome, root};

const BEGIN: &str = "<!-- `cargo xtask video-formats` writes this part -->";
const END: &str = "<!-- end of the generated part -->";

/// Codecs: their names in the source, their titles, and the names of their folders or files.
const CODECS: [(&str, &str, &str); 5] = [
    ("H264", "H.264", "h264"),
    ("Hevc", "HEVC", "hevc"),
    ("Vp9", "VP9", "vp9"),
    ("Vp8", "VP8", "vp8"),
    ("Av1", "AV1", "av1"),
];

/// Writes the list.
pub(crate) fn write() -> Outcome {
    let (path, text) = page()?;
    files::write(path, replaced(&text, &list()?)?)
}

/// Checks that the list is that of the source.
pub(crate) fn check() -> Outcome {
    let (_, text) = page()?;
    if replaced(&text, &list()?)? == text {
        return Ok(());
    }
    Err("the list of videos in docs/formats.md is out of date; run `cargo xtask video-formats`"
        .to_owned())
}

fn page() -> Outcome<(PathBuf, String)> {
    let path = root().join("docs/formats.md");
    let text = files::read_text(&path)?;
    Ok((path, text))
}

/// Returns the page with another list.
fn replaced(page: &str, list: &str) -> Outcome<String> {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some(format!("{before}{BEGIN}\n\n{list}\n{END}{after}"))
    });
    parts.ok_or_else(|| "docs/formats.md lacks the marks of the list of videos".to_owned())
}

fn list() -> Outcome<String> {
    let folder = root().join("crates/ownprint-decode/src/video");
    let mut sources = BTreeMap::new();
    for path in files::below(&folder)? {
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
        let source = files::read_text(&path)?;
        // What follows is only compiled for tests.
        let source = source.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        sources.insert(name.replace('\\', "/"), source);
    }
    let matrix = files::read_text(root().join("conformance/python/codec_matrix.py"))?;
    list_of(&sources, &matrix)
}

fn list_of(sources: &BTreeMap<String, String>, matrix: &str) -> Outcome<String> {
    let source = |name: &str| sources.get(name).ok_or_else(|| format!("no source {name}"));
    let (mp4, matroska) = (source("mp4/mod.rs")?, source("matroska/mod.rs")?);
    let mut text = String::from(
        "| Codec | MP4, MOV, M4V, 3GP, also fragmented | WebM, Matroska | compared with ffmpeg in |\n\
         |---|---|---|---|\n",
    );
    for (variant, title, name) in CODECS {
        let columns = [names(mp4, variant), names(matroska, variant)];
        if columns.iter().all(Vec::is_empty) {
            return Err(format!("no container has {title}"));
        }
        let [mp4, matroska] = columns.map(|names| cell(&names));
        let compared = cell(&compared(matrix, name)?);
        let _ = writeln!(text, "| {title} | {mp4} | {matroska} | {compared} |");
    }
    text.push_str(
        "\nRefused as `unsupported-video`, by name, in these and in all other codecs:\n\n",
    );
    text.push_str("| Where | refused |\n|---|---|\n");
    let codecs = CODECS.map(|(_, title, name)| (title, vec![name.to_owned()]));
    let containers = [
        ("MP4, MOV", vec!["mp4".to_owned(), "edits".to_owned()]),
        ("WebM, Matroska", vec!["matroska".to_owned()]),
    ];
    for (title, parts) in codecs.into_iter().chain(containers) {
        let of_part = |path: &str| {
            let first = path.split(['/', '.']).next().unwrap_or_default();
            parts.iter().any(|part| part == first)
        };
        let sources = sources.iter().filter(|(path, _)| of_part(path));
        let mut refused: Vec<String> = sources.flat_map(|(_, source)| refusals(source)).collect();
        refused.sort();
        refused.dedup();
        if refused.is_empty() {
            return Err(format!("nothing is refused in {title}"));
        }
        let _ = writeln!(text, "| {title} | {} |", refused.join("; "));
    }
    Ok(text)
}

/// Returns the names that a container gives to a codec: the byte strings of the arm of `match`.
fn names(source: &str, variant: &str) -> Vec<String> {
    let codec = format!("CodecName::{variant}");
    let arms = source.lines().filter_map(|line| line.split_once("=>"));
    let arms = arms.filter(|(_, value)| {
        let rest = value.split_once(codec.as_str());
        rest.is_some_and(|(_, rest)| !rest.starts_with(char::is_alphanumeric))
    });
    arms.flat_map(|(pattern, _)| quoted(pattern).into_iter().map(|name| format!("`{name}`")))
        .collect()
}

/// Returns the containers of a codec in the matrix: the names of the tuples in its row.
fn compared(matrix: &str, codec: &str) -> Outcome<Vec<String>> {
    let key = format!("\"{codec}\": (");
    let row = matrix.lines().find_map(|line| line.trim().strip_prefix(&key));
    let row = row.ok_or_else(|| format!("codec_matrix.py has no containers of {codec}"))?;
    let mut containers = Vec::new();
    for item in row.split('*').flat_map(|part| part.split('(')) {
        let set = item.trim().trim_end_matches(['(', ',', ')', ' ']);
        let name = quoted(item).into_iter().next();
        let name = name.or_else(|| {
            let is_set = !set.is_empty() && set.chars().all(|it| it.is_ascii_alphanumeric());
            is_set.then(|| set.to_lowercase())
        });
        if let Some(name) = name.filter(|name| !containers.contains(name)) {
            containers.push(name);
        }
    }
    if containers.is_empty() { Err(format!("no containers of {codec}")) } else { Ok(containers) }
}

/// Returns the messages of the calls of `unsupported`.
fn refusals(source: &str) -> Vec<String> {
    let calls = source.split("unsupported(").skip(1);
    calls
        .filter(|rest| rest.starts_with('"'))
        .filter_map(|rest| quoted(rest).into_iter().next())
        .collect()
}

/// Returns the strings in quotation marks.
fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn cell(names: &[String]) -> String {
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{BEGIN, END, check, list_of, names, refusals, replaced};

    #[test]
    fn the_page_is_current() {
        assert_eq!(check(), Ok(()));
    }

    /// A change of the source changes the list.
    #[test]
    fn names_and_refusals_come_from_the_source() {
        let source =
            "b\"avc1\" | b\"avc3\" => (CodecName::H264, None),\nb\"xx\" => CodecName::Vp9,";
        assert_eq!(names(source, "H264"), ["`avc1`", "`avc3`"]);
        assert_eq!(names(source, "Vp"), [""; 0]);
        assert_eq!(names(source, "Vp9"), ["`xx`"]);
        let source = "Err(unsupported(\"slice groups\")) unsupported(short(what))";
        assert_eq!(refusals(source), ["slice groups"]);
        assert!(list_of(&BTreeMap::new(), "").is_err());
    }

    #[test]
    fn only_the_marked_part_is_replaced() {
        let page = format!("a\n{BEGIN}\nold\n{END}\nb");
        let new = replaced(&page, "new\n").unwrap();
        assert_eq!(new, format!("a\n{BEGIN}\n\nnew\n\n{END}\nb"));
        assert_eq!(replaced(&new, "new\n").unwrap(), new);
        assert!(replaced("a", "new").is_err());
    }
}
