//! Rows of CSV, cut into fields. The crate `csv` takes what RFC 4180 does not allow (quotation marks inside plain fields and
//! behind quoted ones, lone carriage returns) and knows no columns in characters, so it is done here.

use std::io::BufRead;

use super::lines::{Line, Lines};
use super::text::{Origin, Place, Text};
use crate::error::Error;

/// A row of fields.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) raw: String,
    /// The line it starts in.
    pub(super) number: u64,
    pub(super) fields: Vec<Field>,
}

#[derive(Debug, Default)]
pub(super) struct Field {
    value: String,
    /// Where the value starts in the row.
    pub(super) start: usize,
    /// Whether the row has these very characters there.
    is_verbatim: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quotation mark inside a quoted field: its end, or half of a doubled one.
    Closed,
}

impl Row {
    pub(super) fn next(lines: &mut Lines<impl BufRead>, first: Option<Line>) -> Result<Option<Self>, Error> {
        let first = match first {
            Some(line) => line,
            None => match lines.next(0)? {
                Some(line) => line,
                None => return Ok(None),
            },
        };
        let mut row = Self { raw: String::new(), number: first.number, fields: vec![Field::default()] };
        let mut state = State::FieldStart;
        let mut line = first;
        loop {
            state = row.push(state, &line)?;
            if state != State::Quoted {
                return Ok(Some(row));
            }
            match lines.next(row.raw.len())? {
                Some(next) => line = next,
                None => return Err(row.error_at(row.last_start(), "this quoted field has no end")),
            }
        }
    }

    fn last_start(&self) -> usize {
        self.fields.last().map_or(0, |field| field.start.saturating_sub(1))
    }

    fn origin(&self) -> Origin<'_> {
        Origin::new(&self.raw, Place::line(self.number))
    }

    pub(super) fn error_at(&self, byte: usize, detail: &str) -> Error {
        self.origin().skip(byte).error(detail)
    }

    /// Takes a line; the row ends with it unless a quoted field goes on.
    fn push(&mut self, mut state: State, line: &Line) -> Result<State, Error> {
        let before = self.raw.len();
        self.raw.push_str(&line.text);
        for (at, c) in line.text.char_indices() {
            let place = before + at;
            // The end of a line is the row's, or a quoted field's.
            if state != State::Quoted && at >= line.content().len() {
                break;
            }
            state = match (state, c) {
                (State::Quoted, '"') => State::Closed,
                (State::FieldStart, '"') => {
                    self.begin(place + 1);
                    State::Quoted
                }
                (State::Closed, '"') => {
                    self.take('"', false);
                    State::Quoted
                }
                (State::FieldStart | State::Plain | State::Closed, ',') => {
                    self.fields.push(Field { start: place + 1, is_verbatim: true, ..Field::default() });
                    State::FieldStart
                }
                (State::Quoted, c) => {
                    self.take(c, true);
                    State::Quoted
                }
                (_, '"') => {
                    return Err(self.error_at(
                        place,
                        "a field with a quotation mark is quoted whole, and its quotation marks are doubled",
                    ));
                }
                (_, '\r') => {
                    return Err(self.error_at(
                        place,
                        "a carriage return stands alone here; a field that has one is quoted",
                    ));
                }
                (State::Closed, _) => {
                    return Err(self.error_at(place, "a comma or the line's end follows a quoted field"));
                }
                (State::FieldStart, c) => {
                    self.begin(place);
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
