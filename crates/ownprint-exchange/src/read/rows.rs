//! Splits rows of CSV into fields. The crate `csv` accepts input that RFC 4180 forbids (quotation
//! marks within plain fields and after quoted ones, lone carriage returns) and does not report
//! columns in characters, so it is not used.

use std::io::BufRead;

use super::lines::{Line, Lines};
use super::text::{MAX_ITEMS, Origin, Position, Text};
use crate::error::Error;

/// A row of fields.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) raw: String,
    /// The number of its first line.
    pub(super) number: u64,
    pub(super) fields: Vec<Field>,
    state: State,
}

#[derive(Debug, Default)]
pub(super) struct Field {
    value: String,
    /// Byte offset of the value in the row.
    pub(super) start: usize,
    /// Whether the row contains the value without escapes.
    is_verbatim: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quotation mark in a quoted field: the end of the field, or the first half of an
    /// escaped quotation mark.
    Closed,
}

impl Row {
    /// Returns the next row. If the lines end within a quoted field and more may follow, the
    /// incomplete row stays in `open`.
    ///
    /// After an error, the lines after the first line of the row are read again, as rows of their
    /// own: a quotation mark without its pair must not swallow them.
    pub(super) fn next(
        lines: &mut Lines<impl BufRead>,
        open: &mut Option<Self>,
    ) -> Result<Option<Self>, Error> {
        loop {
            let used = open.as_ref().map_or(0, |row| row.raw.len());
            let line = match lines.next(used) {
                Ok(Some(line)) => line,
                Ok(None) if lines.is_open => return Ok(None),
                Ok(None) => {
                    let Some(row) = open.take() else { return Ok(None) };
                    let error = row.error_at(row.last_start(), "the quoted field has no end");
                    row.put_rest_back(lines);
                    return Err(error);
                }
                Err(error) => {
                    open.take().inspect(|row| row.put_rest_back(lines));
                    return Err(error);
                }
            };
            let mut row = open.take().unwrap_or_else(|| Self::new(line.number));
            if let Err(error) = row.push(&line) {
                row.put_rest_back(lines);
                return Err(error);
            }
            if row.state != State::Quoted {
                return Ok(Some(row));
            }
            *open = Some(row);
        }
    }

    fn new(number: u64) -> Self {
        let fields = vec![Field::default()];
        Self { raw: String::new(), number, fields, state: State::FieldStart }
    }

    /// Puts the lines after the first one back.
    fn put_rest_back(&self, lines: &mut Lines<impl BufRead>) {
        if let Some((_, rest)) = self.raw.split_once('\n') {
            lines.put_back(rest);
        }
    }

    fn last_start(&self) -> usize {
        self.fields.last().map_or(0, |field| field.start.saturating_sub(1))
    }

    fn origin(&self) -> Origin<'_> {
        Origin::new(&self.raw, Position::line(self.number))
    }

    pub(super) fn error_at(&self, byte: usize, detail: &str) -> Error {
        self.origin().skip(byte).error(detail)
    }

    /// Adds a line; the row ends with it unless a quoted field continues.
    fn push(&mut self, line: &Line) -> Result<(), Error> {
        let mut state = self.state;
        let before = self.raw.len();
        self.raw.push_str(&line.text);
        for (at, c) in line.text.char_indices() {
            let offset = before + at;
            // A line end ends the row, unless it is in a quoted field.
            if state != State::Quoted && at >= line.content().len() {
                break;
            }
            state = match (state, c) {
                (State::Quoted, '"') => State::Closed,
                (State::FieldStart, '"') => {
                    self.begin(offset + 1);
                    State::Quoted
                }
                (State::Closed, '"') => {
                    self.take('"', false);
                    State::Quoted
                }
                (State::FieldStart | State::Plain | State::Closed, ',') => {
                    if self.fields.len() == MAX_ITEMS {
                        return Err(self.error_at(
                            offset,
                            &format!("a row has more than the maximum of {MAX_ITEMS} fields"),
                        ));
                    }
                    self.fields.push(Field {
                        start: offset + 1,
                        is_verbatim: true,
                        ..Field::default()
                    });
                    State::FieldStart
                }
                (State::Quoted, c) => {
                    self.take(c, true);
                    State::Quoted
                }
                (_, '"') => {
                    return Err(self.error_at(
                        offset,
                        "a field with a quotation mark must be quoted, and its quotation marks doubled",
                    ));
                }
                (_, '\r') => {
                    return Err(self.error_at(
                        offset,
                        "a carriage return without a line feed must be in a quoted field",
                    ));
                }
                (State::Closed, _) => {
                    return Err(self.error_at(
                        offset,
                        "a quoted field must be followed by a comma or the end of the line",
                    ));
                }
                (State::FieldStart, c) => {
                    self.begin(offset);
                    self.take(c, true);
                    State::Plain
                }
                (State::Plain, c) => {
                    self.take(c, true);
                    State::Plain
                }
            };
        }
        self.state = state;
        Ok(())
    }

    fn begin(&mut self, start: usize) {
        if let Some(field) = self.fields.last_mut() {
            (field.start, field.is_verbatim) = (start, true);
        }
    }

    fn take(&mut self, c: char, is_verbatim: bool) {
        if let Some(field) = self.fields.last_mut() {
            field.value.push(c);
            field.is_verbatim &= is_verbatim;
        }
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = Text<'_>> {
        self.fields.iter().map(|field| {
            let origin = self.origin().skip(field.start);
            if field.is_verbatim {
                Text::verbatim(&field.value, origin)
            } else {
                Text::unescaped(field.value.clone(), origin)
            }
        })
    }
}
