//! JSON values with their positions. `serde_json` parses; its typed reading would keep the last of
//! two equal keys and count columns in bytes.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::text::{MAX_ITEMS, Origin, Position, Text, check_items, refuse_byte_order_mark, shown};
use crate::error::Error;

/// A value, as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'a> {
    raw: &'a str,
    source: &'a str,
    start: Position,
}

/// The place of a value in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    offset: usize,
    position: Position,
}

/// A member of an object.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    pub(crate) key: Text<'a>,
    pub(crate) value: Node<'a>,
}

impl<'a> Node<'a> {
    /// Parses the only value of `source`, whose first character is at `start`.
    pub(crate) fn parse(source: &'a str, start: Position) -> Result<Self, Error> {
        if start == Position::START {
            refuse_byte_order_mark(source)?;
        }
        let whole = Self { raw: source, source, start };
        Ok(whole.child(whole.decode::<&RawValue>()?))
    }

    fn child(self, raw: &'a RawValue) -> Self {
        Self { raw: raw.get(), ..self }
    }

    /// Raw values are slices of the source, so their addresses give their positions.
    fn offset(self) -> usize {
        (self.raw.as_ptr() as usize).saturating_sub(self.source.as_ptr() as usize)
    }

    fn origin(self) -> Origin<'a> {
        Origin::new(self.source, self.start).skip(self.offset())
    }

    pub(crate) fn error(self, detail: impl Into<String>) -> Error {
        self.origin().error(detail)
    }

    fn decode<T: Deserialize<'a>>(self) -> Result<T, Error> {
        serde_json::from_str(self.raw).map_err(|error| self.invalid(&error))
    }

    fn invalid(self, error: &serde_json::Error) -> Error {
        let lines = self.raw.split_inclusive('\n').take(error.line().saturating_sub(1));
        let offset = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        let words = error.to_string();
        let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
        self.origin().skip(offset).error(format!("invalid JSON: {words}"))
    }

    /// Returns the JSON type in words.
    fn kind(self) -> &'static str {
        match self.raw.as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    fn expect(self, what: &str, kind: &'static str) -> Result<(), Error> {
        if self.kind() == kind {
            return Ok(());
        }
        Err(self.error(format!("{what} must be {kind}, found {}", self.kind())))
    }

    /// Returns the members of an object, each key once; `what` names it in an error.
    pub(crate) fn members(self, what: &str) -> Result<Vec<Member<'a>>, Error> {
        self.expect(what, "an object")?;
        let RawMembers(raw) = self.decode()?;
        let mut keys = BTreeSet::new();
        let mut members = Vec::with_capacity(raw.len());
        for (key, value) in raw {
            let key = self.child(key).text("a key")?;
            if !keys.insert(key.value.clone()) {
                return Err(key.error(format!("the key {} is repeated", shown(&key.value))));
            }
            members.push(Member { key, value: self.child(value) });
        }
        Ok(members)
    }

    /// Passes the items of an array to `take`, one by one. They are not collected: a list of a
    /// million small items would need many times the memory of its text.
    pub(crate) fn each(
        self,
        what: &str,
        take: &mut dyn FnMut(Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.expect(what, "an array")?;
        let mut failure = None;
        let mut take = |raw| take(self.child(raw)).map_err(|error| failure = Some(error)).is_ok();
        let parsed =
            serde_json::Deserializer::from_str(self.raw).deserialize_seq(EachItem(&mut take));
        match (failure, parsed) {
            (Some(failure), _) => Err(failure),
            (None, parsed) => parsed.map_err(|error| self.invalid(&error)),
        }
    }

    /// Reads the items of an array.
    pub(crate) fn list<T>(
        self,
        what: &str,
        mut read: impl FnMut(Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        self.each(what, &mut |item| {
            items.push(read(item)?);
            Ok(())
        })?;
        Ok(items)
    }

    /// Reads the items of an array that has up to [`MAX_ITEMS`].
    pub(crate) fn few<T>(
        self,
        what: &str,
        mut read: impl FnMut(Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut number = 0;
        self.list(what, |item| {
            number += 1;
            check_items(number, what).map_err(|detail| item.error(detail))?;
            read(item)
        })
    }

    pub(crate) fn text(self, what: &str) -> Result<Text<'a>, Error> {
        self.expect(what, "a string")?;
        match self.raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
            Some(raw) if !raw.contains('\\') => Ok(Text::verbatim(raw, self.origin().skip(1))),
            _ => Ok(Text::unescaped(self.decode()?, self.origin())),
        }
    }

    /// Returns the source text of a value of one type.
    pub(crate) fn literal(self, what: &str, kind: &'static str) -> Result<Text<'a>, Error> {
        self.expect(what, kind)?;
        Ok(Text::verbatim(self.raw, self.origin()))
    }

    /// Returns a number that consists of digits only, `lowest..=highest`.
    pub(crate) fn number(self, what: &str, lowest: u64, highest: u64) -> Result<u64, Error> {
        self.expect(what, "a number")?;
        let is_plain = self.raw.bytes().all(|byte| byte.is_ascii_digit());
        let number =
            self.raw.parse().ok().filter(|number| is_plain && (lowest..=highest).contains(number));
        number.ok_or_else(|| {
            let range = if highest == u64::MAX {
                format!("from {lowest}")
            } else {
                format!("from {lowest} to {highest}")
            };
            self.error(format!("{what} must be an integer {range}, found {}", shown(self.raw)))
        })
    }

    pub(crate) fn truth(self, what: &str) -> Result<bool, Error> {
        self.expect(what, "a boolean")?;
        Ok(self.raw == "true")
    }

    /// Checks that the boolean member `key` has the only value with which it is written.
    pub(crate) fn constant(self, key: &str, value: bool) -> Result<(), Error> {
        if self.truth(&format!("the member \"{key}\""))? == value {
            return Ok(());
        }
        Err(self.error(format!("the member \"{key}\" must be {value} or omitted")))
    }

    /// Returns the place of this value, from which [`placed_after`](Self::placed_after) continues.
    pub(crate) fn place(self) -> Place {
        Place { offset: self.offset(), position: self.origin().position() }
    }

    /// Returns this value with its position, which is computed from that of a value before it.
    /// Otherwise, the positions of many values in a long text would take quadratic time.
    pub(crate) fn placed_after(self, place: &mut Place) -> Self {
        let offset = self.offset();
        let between = self.source.get(place.offset..offset).unwrap_or_default();
        *place = Place { offset, position: place.position.after(between) };
        Self { raw: self.raw, source: self.raw, start: place.position }
    }

    /// Returns the line of a value with its position.
    pub(crate) fn line(self) -> u64 {
        self.start.line
    }

    pub(crate) fn is_null(self) -> bool {
        self.raw == "null"
    }

    /// Returns `true` for an array without items.
    pub(crate) fn is_empty_list(self) -> bool {
        let items = self.raw.strip_prefix('[').and_then(|raw| raw.strip_suffix(']'));
        items.is_some_and(|items| items.trim_ascii().is_empty())
    }
}

/// The members of one object, taken by name.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    node: Node<'a>,
    what: &'static str,
    members: Vec<Option<Member<'a>>>,
}

impl<'a> Object<'a> {
    pub(crate) fn of(node: Node<'a>, what: &'static str) -> Result<Self, Error> {
        Ok(Self { node, what, members: node.members(what)?.into_iter().map(Some).collect() })
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Node<'a>> {
        let has_key = |member: &&mut Option<Member<'a>>| {
            member.as_ref().is_some_and(|it| it.key.value == key)
        };
        self.members.iter_mut().find(has_key)?.take().map(|member| member.value)
    }

    pub(crate) fn need(&mut self, key: &str) -> Result<Node<'a>, Error> {
        let missing = format!("{} must have the member \"{key}\", which is missing", self.what);
        self.take(key).ok_or_else(|| self.node.error(missing))
    }

    /// Rejects members that were not taken.
    pub(crate) fn finish(self) -> Result<(), Error> {
        match self.members.into_iter().flatten().next() {
            None => Ok(()),
            Some(Member { key, .. }) => {
                Err(key.error(format!("unknown member {} in {}", shown(&key.value), self.what)))
            }
        }
    }
}

/// Keys and values in order, including repeated keys.
struct RawMembers<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for RawMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = RawMembers<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    if members.len() == MAX_ITEMS {
                        return Err(A::Error::custom(format_args!(
                            "an object has more than {MAX_ITEMS} members"
                        )));
                    }
                    members.push(member);
                }
                Ok(RawMembers(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// Passes the items of an array to a function until it returns `false`.
struct EachItem<'f, 'a>(&'f mut dyn FnMut(&'a RawValue) -> bool);

impl<'a> Visitor<'a> for EachItem<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            if !(self.0)(item) {
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(node: Node<'_>) -> Vec<Node<'_>> {
        node.list("it", Ok).unwrap()
    }

    fn position(error: &Error) -> (u64, u64) {
        let Error::InvalidRecord { line, column, .. } = error else { panic!("{error}") };
        (*line, *column)
    }

    #[test]
    fn values_have_their_positions() {
        let text = "\n  {\"é\": [1,\n \"x\"], \"b\\u0041\": -2}";
        let node = Node::parse(text, Position::START).unwrap();
        let members = node.members("it").unwrap();
        assert_eq!((members[0].key.value.as_ref(), members[1].key.value.as_ref()), ("é", "bA"));
        let items = items(members[0].value);
        assert_eq!(position(&items[0].text("it").unwrap_err()), (2, 10));
        assert_eq!(position(&items[1].number("it", 0, 9).unwrap_err()), (3, 2));
        assert_eq!(position(&items[1].text("it").unwrap().error("wrong")), (3, 3));
        assert_eq!(position(&members[1].value.number("it", 0, 9).unwrap_err()), (3, 19));
        assert_eq!(position(&members[1].key.error_at(1, "wrong")), (3, 8));
    }

    #[test]
    fn invalid_json_is_rejected_at_its_position() {
        for (text, line, column) in [
            ("", 1, 1),
            ("{\"é\": tru}", 1, 10),
            ("{}\n{}", 2, 1),
            ("[1,]", 1, 4),
            // `serde_json` names the character before a control character.
            ("\"a\tb\"", 1, 2),
            ("{\"a\"", 1, 4),
            ("\u{feff}{}", 1, 1),
        ] {
            assert_eq!(
                position(&Node::parse(text, Position::START).unwrap_err()),
                (line, column),
                "{text:?}"
            );
        }
        let lone = items(Node::parse(r#"["é\ud800"]"#, Position::line(4)).unwrap())[0];
        assert_eq!(position(&lone.text("it").unwrap_err()).0, 4);
        let twice = Node::parse(r#"{"a":1,"b":2,"\u0061":3}"#, Position::START).unwrap();
        assert_eq!(position(&twice.members("it").unwrap_err()), (1, 14));
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack() {
        let deep = "[".repeat(1 << 20);
        assert!(Node::parse(&deep, Position::START).is_err());
        let closed = deep.clone() + &"]".repeat(1 << 20);
        assert!(items(Node::parse(&closed, Position::START).unwrap())[0].text("it").is_err());
    }
}
