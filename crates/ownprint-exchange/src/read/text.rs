//! Pieces of a text that know where they stand.

use std::borrow::Cow;

use crate::error::Error;

/// A place in a text as a person counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

impl Place {
    pub(crate) const START: Self = Self::line(1);

    /// The first character of a line.
    pub(crate) const fn line(line: u64) -> Self {
        Self { line, column: 1 }
    }

    /// The place behind `text`, which starts here.
    fn after(self, text: &str) -> Self {
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

/// Somewhere in a text that is read. The place is counted only for an error: counting it for every value would make
/// long texts take the square of their length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    source: &'a str,
    start: Place,
    offset: usize,
}

impl<'a> Origin<'a> {
    /// The start of `source`, whose first character stands at `start`.
    pub(crate) fn new(source: &'a str, start: Place) -> Self {
        Self { source, start, offset: 0 }
    }

    /// So many bytes on.
    pub(crate) fn skip(self, bytes: usize) -> Self {
        Self { offset: self.offset + bytes, ..self }
    }

    pub(crate) fn place(self) -> Place {
        let end = self.offset.min(self.source.len());
        // Offsets stand between characters; a decoder that says otherwise is taken to mean the one before.
        let end = (0..=end).rev().find(|&at| self.source.is_char_boundary(at)).unwrap_or_default();
        self.start.after(self.source.get(..end).unwrap_or_default())
    }

    pub(crate) fn error(self, detail: impl Into<String>) -> Error {
        self.place().error(detail)
    }
}

/// A value's text, freed of quotation marks and escapes.
#[derive(Debug, Clone)]
pub(crate) struct Text<'a> {
    pub(crate) value: Cow<'a, str>,
    origin: Origin<'a>,
    /// Whether the source has these very characters: then a place inside can be named, otherwise the start.
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

    /// An error at a byte of the value.
    pub(crate) fn error_at(&self, byte: usize, detail: impl Into<String>) -> Error {
        let byte = if self.is_verbatim { byte } else { 0 };
        self.origin.skip(byte).error(detail)
    }

    /// What stands before and behind the first separator.
    pub(crate) fn split_once(&self, separator: char) -> Option<(Text<'_>, Text<'_>)> {
        let (before, behind) = self.value.split_once(separator)?;
        let start = if self.is_verbatim { before.len() + separator.len_utf8() } else { 0 };
        let piece =
            |value, origin| Text { value: Cow::Borrowed(value), origin, is_verbatim: self.is_verbatim };
        Some((piece(before, self.origin), piece(behind, self.origin.skip(start))))
    }

    /// The pieces between separators, at most `most` of them; the last has the rest.
    pub(crate) fn split(&self, separator: char, most: usize) -> Vec<Text<'_>> {
        let mut start = 0;
        let piece = |piece: &str| {
            let origin = if self.is_verbatim { self.origin.skip(start) } else { self.origin };
            let (from, is_verbatim) = (start, self.is_verbatim);
            start += piece.len() + separator.len_utf8();
            let value = self.value.get(from..from + piece.len()).unwrap_or_default();
            Text { value: Cow::Borrowed(value), origin, is_verbatim }
        };
        self.value.splitn(most, separator).map(piece).collect()
    }
}

/// Text that begins with a byte order mark is refused by name: the mark cannot be seen.
pub(crate) fn refuse_byte_order_mark(text: &str) -> Result<(), Error> {
    if text.starts_with('\u{feff}') {
        return Err(Place::START.error(
            "a byte order mark (an invisible character) stands before the text; save it as UTF-8 without one",
        ));
    }
    Ok(())
}

/// What an error says of a text: at most so much of it, and nothing that could steer a terminal.
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
    fn places_are_counted_in_characters_and_lines() {
        let source = "ab\ncé\u{1f5bc}d\n";
        let place = |offset| Origin::new(source, Place { line: 7, column: 3 }).skip(offset).place();
        assert_eq!(place(0), Place { line: 7, column: 3 });
        assert_eq!(place(2), Place { line: 7, column: 5 });
        assert_eq!(place(3), Place { line: 8, column: 1 });
        assert_eq!(place(6), Place { line: 8, column: 3 });
        assert_eq!(place(8), Place { line: 8, column: 3 });
        assert_eq!(place(10), Place { line: 8, column: 4 });
        assert_eq!(place(99), Place { line: 9, column: 1 });
    }

    #[test]
    fn pieces_know_where_they_stand() {
        let text = Text::verbatim("é bc d", Origin::new("é bc d", Place::START));
        let columns: Vec<_> = text.split(' ', 9).iter().map(|it| it.origin.place().column).collect();
        assert_eq!(columns, [1, 3, 6]);
        assert_eq!(text.split(' ', 2)[1].value, "bc d");
    }
}
