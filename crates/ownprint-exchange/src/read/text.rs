//! Parts of a text with their positions.

use std::borrow::Cow;

use crate::error::Error;

/// A position in a text, as line and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

impl Position {
    pub(crate) const START: Self = Self::line(1);

    /// The first character of a line.
    pub(crate) const fn line(line: u64) -> Self {
        Self { line, column: 1 }
    }

    /// The position after `text`, which starts here.
    pub(crate) fn after(self, text: &str) -> Self {
        match text.rsplit_once('\n') {
            Some((before, last)) => Self {
                line: self.line + 1 + before.matches('\n').count() as u64,
                column: 1 + last.chars().count() as u64,
            },
            None => Self { column: self.column + text.chars().count() as u64, ..self },
        }
    }

    pub(crate) fn error(self, detail: impl Into<String>) -> Error {
        Error::InvalidRecord { line: self.line, column: self.column, detail: detail.into() }
    }
}

/// A byte offset in the text. Line and column are computed only for an error: computing them for
/// every value would take quadratic time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    source: &'a str,
    start: Position,
    offset: usize,
}

impl<'a> Origin<'a> {
    /// The start of `source`, whose first character is at `start`.
    pub(crate) fn new(source: &'a str, start: Position) -> Self {
        Self { source, start, offset: 0 }
    }

    /// Moves forward by this number of bytes.
    pub(crate) fn skip(self, bytes: usize) -> Self {
        Self { offset: self.offset + bytes, ..self }
    }

    pub(crate) fn position(self) -> Position {
        let end = self.offset.min(self.source.len());
        // If the offset is within a character, the position of that character is used.
        let end = (0..=end).rev().find(|&at| self.source.is_char_boundary(at)).unwrap_or_default();
        self.start.after(self.source.get(..end).unwrap_or_default())
    }

    pub(crate) fn error(self, detail: impl Into<String>) -> Error {
        self.position().error(detail)
    }
}

/// The text of a value, without quotation marks and escapes.
#[derive(Debug, Clone)]
pub(crate) struct Text<'a> {
    pub(crate) value: Cow<'a, str>,
    origin: Origin<'a>,
    /// Whether the source contains the value without escapes; only then are positions within it
    /// known.
    is_verbatim: bool,
}

impl<'a> Text<'a> {
    pub(crate) fn verbatim(value: &'a str, origin: Origin<'a>) -> Self {
        Self { value: Cow::Borrowed(value), origin, is_verbatim: true }
    }

    pub(crate) fn unescaped(value: String, origin: Origin<'a>) -> Self {
        Self { value: Cow::Owned(value), origin, is_verbatim: false }
    }

    pub(crate) fn error(&self, detail: impl Into<String>) -> Error {
        self.origin.error(detail)
    }

    /// Returns an error at a byte offset of the value.
    pub(crate) fn error_at(&self, byte: usize, detail: impl Into<String>) -> Error {
        let byte = if self.is_verbatim { byte } else { 0 };
        self.origin.skip(byte).error(detail)
    }

    /// Returns the text with ASCII letters in lower case.
    pub(crate) fn to_lower_case(&self) -> Text<'a> {
        let value = if self.value.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(self.value.to_ascii_lowercase())
        } else {
            self.value.clone()
        };
        Text { value, ..*self }
    }

    /// Splits at the first separator.
    pub(crate) fn split_once(&self, separator: char) -> Option<(Text<'_>, Text<'_>)> {
        let (before, behind) = self.value.split_once(separator)?;
        let start = if self.is_verbatim { before.len() + separator.len_utf8() } else { 0 };
        let piece = |value, origin| Text {
            value: Cow::Borrowed(value),
            origin,
            is_verbatim: self.is_verbatim,
        };
        Some((piece(before, self.origin), piece(behind, self.origin.skip(start))))
    }

    /// Splits at separators into up to `most` parts; the last one contains the rest. The parts are
    /// not collected, because a field may have millions of them.
    pub(crate) fn split(&self, separator: char, most: usize) -> impl Iterator<Item = Text<'_>> {
        let mut start = 0;
        let piece = move |piece: &str| {
            let origin = if self.is_verbatim { self.origin.skip(start) } else { self.origin };
            let (from, is_verbatim) = (start, self.is_verbatim);
            start += piece.len() + separator.len_utf8();
            let value = self.value.get(from..from + piece.len()).unwrap_or_default();
            Text { value: Cow::Borrowed(value), origin, is_verbatim }
        };
        self.value.splitn(most, separator).map(piece)
    }
}

/// The maximum number of small items of one value, such as the hashes of an image or the warnings
/// of a record. Each may need many times the memory of its text.
pub(crate) const MAX_ITEMS: usize = 4096;

/// Checks a number of small items.
pub(crate) fn check_items(number: usize, what: &str) -> Result<(), String> {
    if number > MAX_ITEMS {
        return Err(format!("{what}: {number} values exceed the maximum of {MAX_ITEMS}"));
    }
    Ok(())
}

/// Rejects a byte order mark with its name, because it is invisible.
pub(crate) fn refuse_byte_order_mark(text: &str) -> Result<(), Error> {
    if text.starts_with('\u{feff}') {
        return Err(Position::START
            .error("the text starts with a byte order mark; save it as UTF-8 without one"));
    }
    Ok(())
}

/// Returns a text as errors quote it: shortened, and without control characters.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let mut shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_counted_in_characters_and_lines() {
        let source = "ab\ncé\u{1f5bc}d\n";
        let position =
            |offset| Origin::new(source, Position { line: 7, column: 3 }).skip(offset).position();
        assert_eq!(position(0), Position { line: 7, column: 3 });
        assert_eq!(position(2), Position { line: 7, column: 5 });
        assert_eq!(position(3), Position { line: 8, column: 1 });
        assert_eq!(position(6), Position { line: 8, column: 3 });
        assert_eq!(position(8), Position { line: 8, column: 3 });
        assert_eq!(position(10), Position { line: 8, column: 4 });
        assert_eq!(position(99), Position { line: 9, column: 1 });
    }

    #[test]
    fn parts_have_their_positions() {
        let text = Text::verbatim("é bc d", Origin::new("é bc d", Position::START));
        let columns: Vec<_> = text.split(' ', 9).map(|it| it.origin.position().column).collect();
        assert_eq!(columns, [1, 3, 6]);
        assert_eq!(text.split(' ', 2).last().unwrap().value, "bc d");
    }
}
