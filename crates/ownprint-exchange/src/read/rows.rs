//! Splits rows of CSV into fields. The crate `csv` accepts input that RFC 4180 forbids (quotation
//! marks within plain fields and after quoted ones, lone carriage returns) and does not report
//! columns in characters, so it is not used.

use std::io::BufRead;

use super::lines::{Line, Lines};
use super::text::{Origin, Position, Text};
use crate::error::Error;

/// A row of fields.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) raw: String,
    /// The number of its first line.
    pub(super) number: u64,
    pub(super) fields: Vec<Field>,
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
    pub(super) fn next(
        lines: &mut Lines<impl BufRead>,
        first: Option<Line>,
    ) -> Result<Option<Self>, Error> {
        let first = match first {
            Some(line) => line,
            None => match lines.next(0)? {
                Some(line) => line,
                None => return Ok(None),
            },
        };
        let mut row =
            Self { raw: String::new(), number: first.number, fields: vec![Field::default()] };
        let mut state = State::FieldStart;
        let mut line = first;
        loop {
            state = row.push(state, &line)?;
            if state != State::Quoted {
                return Ok(Some(row));
            }
            match lines.next(row.raw.len())? {
                Some(next) => line = next,
                None => return Err(row.error_at(row.last_start(), "the quoted field has no end")),
            }
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
    fn push(&mut self, mut state: State, line: &Line) -> Result<State, Error> {
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
        Ok(state)
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
