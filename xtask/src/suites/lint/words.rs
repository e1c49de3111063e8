//! Checks that no tracked source contains a word that `docs/glossary.md` replaces.

use crate::files;
use crate::process::{Outcome, command, quiet_output, root};

const GLOSSARY: &str = "docs/glossary.md";

const EXTENSIONS: &[&str] = &["rs", "ts", "mjs", "kt", "swift", "py", "md", "json", "toml", "yml"];

/// Path prefixes that are not checked: generated files, quotations, and the glossary itself.
const EXEMPT: &[&str] = &[
    "CHANGELOG.md",
    "LICENSE",
    "conformance/vectors/",
    "fuzz/corpus/",
    "xtask/advisories/",
    "xtask/src/suites/lint/words.rs",
    GLOSSARY,
];

/// Returns one line, `path:line: word`, for each word that the glossary replaces.
pub(super) fn violations() -> Outcome<Vec<String>> {
    let glossary = Glossary::parse(&files::read_text(root().join(GLOSSARY))?);
    if glossary.words.is_empty() {
        return Err(format!("{GLOSSARY} has no table `| not | but | why |`"));
    }
    let tracked = quiet_output(&mut command("git ls-files"))?;
    let mut found = Vec::new();
    for path in tracked.lines().filter(|path| is_checked(path)) {
        // A tracked file may have been deleted without a commit.
        if let Ok(text) = files::read_text(root().join(path)) {
            found.extend(glossary.violations(path, &text));
        }
    }
    Ok(found)
}

fn is_checked(path: &str) -> bool {
    let is_source =
        path.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension));
    is_source
        && !path.ends_with("lock.json")
        && !EXEMPT.iter().any(|exempt| path.starts_with(exempt))
}

#[derive(Debug, Default)]
struct Glossary {
    words: Vec<String>,
    /// The excepted words (`*` for all), and the path patterns where they are allowed.
    exceptions: Vec<(Vec<String>, Vec<String>)>,
}

impl Glossary {
    /// Parses the tables with the headings `not | but | why` and `exception | where | why`.
    fn parse(markdown: &str) -> Self {
        let mut glossary = Self::default();
        let mut header = "";
        for line in markdown.lines() {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            match (header, cells.as_slice()) {
                (_, [_] | []) => header = "",
                ("", ["", "not", "but", "why", ""]) => header = "not",
                ("", ["", "exception", "where", "why", ""]) => header = "exception",
                ("", _) => header = "another",
                ("not", [_, word, ..]) => glossary.words.extend(in_backticks(word)),
                ("exception", [_, word, place, ..]) if word.contains('`') => {
                    glossary.exceptions.push((in_backticks(word), in_backticks(place)));
                }
                _ => {}
            }
        }
        glossary
    }

    fn violations(&self, path: &str, text: &str) -> Vec<String> {
        let words: Vec<&String> =
            self.words.iter().filter(|word| !self.is_excepted(word, path)).collect();
        let mut found = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let here = words.iter().filter(|word| contains(line, word));
            found.extend(here.map(|word| format!("{path}:{number}: {word}")));
        }
        found
    }

    fn is_excepted(&self, word: &str, path: &str) -> bool {
        self.exceptions.iter().any(|(words, places)| {
            words.iter().any(|it| it == "*" || it.eq_ignore_ascii_case(word))
                && places.iter().any(|place| begins(path, place))
        })
    }
}

fn in_backticks(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns `true` if the path starts with the pattern, in which `*` matches any characters.
fn begins(path: &str, pattern: &str) -> bool {
    let (first, rest) = pattern.split_once('*').unwrap_or((pattern, ""));
    let Some(after) = path.strip_prefix(first) else { return false };
    rest.is_empty() || after.char_indices().any(|(at, _)| begins(&after[at..], rest))
}

/// Returns `true` if the line contains the word as a whole word, in any case, alone or as a part of
/// an identifier.
fn contains(line: &str, word: &str) -> bool {
    // The length does not change, because only ASCII letters are lowercased.
    line.to_ascii_lowercase().match_indices(&word.to_ascii_lowercase()).any(|(start, found)| {
        let end = start + found.len();
        let [before, last] = [&line[..start], &line[..end]].map(|text| text.chars().next_back());
        let [first, after] = [&line[start..], &line[end..]].map(|text| text.chars().next());
        is_border(before, first) && is_border(last, after)
    })
}

/// Returns `true` if there is a word boundary between two adjacent characters.
fn is_border(left: Option<char>, right: Option<char>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return true };
    let is_hump = left.is_lowercase() && right.is_uppercase();
    !left.is_alphabetic() || !right.is_alphabetic() || is_hump
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKDOWN: &str = "\
Prose | with a bar.

| not | but | why |
|---|---|---|
| `film`, `let go of`, `left_out` | video | |
| `Kept` | retained | `why` is no word |

| not | but |
|---|---|
| `ignored` | |

| exception | where | why |
|---|---|---|
| `film` | `docs/old`, `*/languages/*.ts` | |
| `*` | `quotes` | |
";

    #[test]
    fn tables_are_read() {
        let glossary = Glossary::parse(MARKDOWN);
        assert_eq!(glossary.words, ["film", "let go of", "left_out", "Kept"]);
        assert_eq!(glossary.exceptions.len(), 2);
    }

    #[test]
    fn whole_words_are_found_alone_and_in_identifiers() {
        for line in [
            "a film.",
            "Film",
            "FILM_CODE",
            "decodeFilm(x)",
            "FilmHash",
            "unsupported-film",
            "film2",
        ] {
            assert!(contains(line, "film"), "{line}");
        }
        for line in ["films", "microfilm", "filmed", "Filmed", "fil m"] {
            assert!(!contains(line, "film"), "{line}");
        }
        assert!(contains("leftOut", "LeftOut") && contains("a `LeftOut`", "LeftOut"));
        assert!(contains("x.left_out", "left_out") && !contains("left out", "left_out"));
        assert!(contains("Let go of it", "let go of"));
        assert!(contains("äfilm".replace('ä', "é ").as_str(), "film"));
    }

    #[test]
    fn violations_name_path_and_line_and_exceptions_hold() {
        let glossary = Glossary::parse(MARKDOWN);
        assert_eq!(glossary.violations("a.rs", "x\na film"), ["a.rs:2: film"]);
        for path in ["docs/old.md", "web/languages/en.ts", "quotes/a.md"] {
            assert!(glossary.violations(path, "a film").is_empty(), "{path}");
        }
        assert_eq!(glossary.violations("languages/en.md", "film").len(), 1);
        assert_eq!(glossary.violations("docs/old.md", "Kept").len(), 1);
    }

    #[test]
    fn lockfiles_and_vectors_are_not_checked() {
        assert!(is_checked("crates/a/src/lib.rs") && is_checked("README.md"));
        for path in [
            "CHANGELOG.md",
            "a/package-lock.json",
            "Cargo.lock",
            "conformance/vectors/a.json",
            "a.png",
        ] {
            assert!(!is_checked(path), "{path}");
        }
    }
}
