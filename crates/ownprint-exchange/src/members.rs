//! Writes JSON objects and arrays.
//!
//! A small writer of its own: the values are strings, integers and booleans, and a JSON library
//! would add a third to the WebAssembly module without decoders.

use std::fmt::{Display, Write};

/// Writes the members of an object or array, with commas between them.
#[derive(Debug)]
pub struct Members<'a> {
    text: &'a mut String,
    any: bool,
}

impl<'a> Members<'a> {
    pub fn open(text: &'a mut String, bracket: char) -> Self {
        text.push(bracket);
        Self { text, any: false }
    }

    pub fn close(self, bracket: char) {
        self.text.push(bracket);
    }

    fn separate(&mut self) {
        if std::mem::replace(&mut self.any, true) {
            self.text.push(',');
        }
    }

    fn key(&mut self, key: &str) {
        self.separate();
        write_text(self.text, key);
        self.text.push(':');
    }

    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        write_text(self.text, value);
    }

    /// Writes a value without quotation marks.
    pub fn bare(&mut self, key: &str, value: impl Display) {
        self.key(key);
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{value}");
    }

    pub fn inner(&mut self, key: &str, bracket: char) -> Members<'_> {
        self.key(key);
        Members::open(self.text, bracket)
    }

    /// Writes a string as an item of an array.
    pub fn item(&mut self, value: &str) {
        self.separate();
        write_text(self.text, value);
    }

    /// Opens an object or array as an item of an array.
    pub fn inner_item(&mut self, bracket: char) -> Members<'_> {
        self.separate();
        Members::open(self.text, bracket)
    }
}

/// Writes a JSON string; only characters that JSON requires to be escaped are escaped.
pub(crate) fn write_text(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0'..='\x1f' => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            _ => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::write_text;

    #[test]
    fn any_text_round_trips() {
        let all: String = ('\0'..='\u{2ff}').chain(['\u{2028}', '\u{ffff}', '\u{1f5bc}']).collect();
        let mut text = String::new();
        write_text(&mut text, &all);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json!(all));
    }
}
