//! Lines of a reader, with a maximum length.

use std::io::{BufRead, Read};

use super::text::{Position, refuse_byte_order_mark};
use crate::error::Error;

/// The maximum length of a record in bytes; a row of every hash at its largest size is shorter.
pub(super) const MAX_BYTES: usize = 16 << 20;

#[derive(Debug)]
pub(super) struct Lines<R> {
    pub(super) reader: R,
    /// The number of the last line that was read.
    number: u64,
    max_bytes: usize,
    /// Lines that were read and put back; those before `returned_read` were read again.
    returned: String,
    returned_read: usize,
    /// Whether the reader may have more lines after its end.
    pub(super) is_open: bool,
    /// Whether an error concerns the whole text, not one line.
    pub(super) has_failed: bool,
}

/// A line with its line end, and its number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) number: u64,
}

impl Line {
    /// Returns the line without its line end, LF or CR LF.
    pub(super) fn content(&self) -> &str {
        let line = self.text.strip_suffix('\n');
        line.map_or(self.text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line))
    }
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            number: 0,
            max_bytes: MAX_BYTES,
            returned: String::new(),
            returned_read: 0,
            is_open: false,
            has_failed: false,
        }
    }

    /// Returns the number of the last line that was read.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Puts the last lines back, to be read next. They stay one text, because a million short lines
    /// would need much more memory.
    pub(super) fn put_back(&mut self, lines: &str) {
        self.number = self.number.saturating_sub(lines.split_inclusive('\n').count() as u64);
        // Lines that came from `returned` are still there.
        if let Some(read) = self.returned_read.checked_sub(lines.len()) {
            self.returned_read = read;
        } else {
            (self.returned, self.returned_read) = (lines.to_owned(), 0);
        }
    }

    fn next_returned(&mut self) -> Option<Line> {
        let text =
            self.returned.get(self.returned_read..)?.split_inclusive('\n').next()?.to_owned();
        self.returned_read += text.len();
        self.number += 1;
        Some(Line { text, number: self.number })
    }

    /// Returns the next line; `used` bytes of the record precede it.
    pub(super) fn next(&mut self, used: usize) -> Result<Option<Line>, Error> {
        if let Some(line) = self.next_returned() {
            return Ok(Some(line));
        }
        (self.returned, self.returned_read) = (String::new(), 0);
        let maximum = self.max_bytes.saturating_sub(used);
        let mut bytes = Vec::new();
        // One byte more than the maximum detects a line that is too long.
        self.reader.by_ref().take(maximum as u64 + 1).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        let number = self.number;
        let is_long = bytes.len() > maximum;
        if is_long {
            bytes.truncate(maximum);
        }
        let text = String::from_utf8(bytes).or_else(|error| {
            let valid = error.utf8_error().valid_up_to();
            let is_cut = is_long && error.utf8_error().error_len().is_none();
            let mut bytes = error.into_bytes();
            bytes.truncate(valid);
            let before = String::from_utf8(bytes).unwrap_or_default();
            if is_cut {
                Ok(before)
            } else {
                Err(at_the_end_of(&before, number, "invalid UTF-8; save the text as UTF-8"))
            }
        })?;
        if number == 1 {
            refuse_byte_order_mark(&text).inspect_err(|_| self.has_failed = true)?;
        }
        if is_long {
            self.has_failed = true;
            let detail = format!("the record exceeds the maximum of {} bytes", self.max_bytes);
            return Err(at_the_end_of(&text, number, &detail));
        }
        Ok(Some(Line { text, number }))
    }
}

fn at_the_end_of(text: &str, number: u64, detail: &str) -> Error {
    Position { line: number, column: 1 + text.chars().count() as u64 }.error(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8], max_bytes: usize) -> Result<Vec<(String, u64)>, String> {
        let mut lines = Lines { max_bytes, ..Lines::new(bytes) };
        let mut read = Vec::new();
        while let Some(line) = lines.next(0).map_err(|error| error.to_string())? {
            read.push((line.content().to_owned(), line.number));
        }
        Ok(read)
    }

    #[test]
    fn lines_end_with_either_line_ending_or_at_the_end_of_the_text() {
        let expected =
            [("a", 1), ("", 2), ("é\r", 3), ("b", 4)].map(|(text, at)| (text.to_owned(), at));
        assert_eq!(lines("a\n\r\né\r\r\nb".as_bytes(), 9).unwrap(), expected);
        assert_eq!(lines(b"", 9).unwrap(), []);
    }

    #[test]
    fn lines_that_are_too_long_or_not_utf_8_are_rejected_with_a_position() {
        assert_eq!(lines(b"abc\nabcd", 4).unwrap().len(), 2);
        let long = "line 2, column 5: the record exceeds the maximum of 4 bytes";
        assert_eq!(lines(b"abc\nabcde", 4).unwrap_err(), long);
        assert_eq!(lines(b"abc\nabcd\n", 4).unwrap_err(), long);
        let cut = lines("\nabcé".as_bytes(), 4).unwrap_err();
        assert_eq!(cut, "line 2, column 4: the record exceeds the maximum of 4 bytes");
        assert_eq!(
            lines(b"a\nb\xffc\n", 9).unwrap_err(),
            "line 2, column 2: invalid UTF-8; save the text as UTF-8"
        );
        assert!(
            lines("\u{feff}a".as_bytes(), 9)
                .unwrap_err()
                .starts_with("line 1, column 1: the text starts with a byte order mark")
        );
    }
}
