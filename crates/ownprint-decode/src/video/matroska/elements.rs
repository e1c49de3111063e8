//! Elements of EBML (RFC 8794): an identifier, a length, a body.

use std::ops::Range;

use super::id;
use crate::error::Error;
use crate::video::source::Source;

/// An element in a file, of which only the header is read.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) id: u32,
    /// The position of the body, cut to that of the parent.
    pub(super) body: Range<u64>,
    /// Whether the parent ends before the element does.
    pub(super) is_cut: bool,
}

impl Element {
    /// Returns the value of a number.
    pub(super) async fn number(&self, source: &mut Source<'_>) -> Result<u64, Error> {
        let end = self.body.end.min(self.body.start.saturating_add(8));
        Ok(number(source.read(self.body.start..end).await?))
    }
}

/// Iterates over the elements in a part of a file.
///
/// An element that is longer than the remaining bytes is cut to them, because the frames before the
/// end of a truncated file are complete. Anything that is no element ends the iteration.
#[derive(Debug, Clone)]
pub(super) struct Elements {
    rest: Range<u64>,
}

impl Elements {
    pub(super) fn of(part: Range<u64>) -> Self {
        Self { rest: part }
    }

    /// Returns the first element with this identifier.
    pub(super) async fn find(
        &mut self,
        source: &mut Source<'_>,
        id: u32,
    ) -> Result<Option<Element>, Error> {
        while let Some(element) = self.next(source).await? {
            if element.id == id {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    pub(super) async fn next(&mut self, source: &mut Source<'_>) -> Result<Option<Element>, Error> {
        let Some((id, body, length)) = self.header(source).await? else { return Ok(None) };
        let end = match length {
            Some(length) => body.saturating_add(length),
            None if id == id::CLUSTER => self.cluster_end(body, source).await?,
            None => self.rest.end,
        };
        Ok(Some(self.cut(id, body, end)))
    }

    /// Returns the end of a cluster that does not state its length: where the next element of the
    /// segment begins. Other elements without a length, such as the segment, end with their parent.
    async fn cluster_end(&self, body: u64, source: &mut Source<'_>) -> Result<u64, Error> {
        let mut inner = Self::of(body..self.rest.end);
        loop {
            let start = inner.rest.start;
            let Some((id, body, length)) = inner.header(source).await? else { return Ok(start) };
            if [id::CLUSTER, id::INFO, id::TRACKS, id::SEGMENT, id::EBML].contains(&id)
                || id::OTHER_TOP_LEVEL.contains(&id)
            {
                return Ok(start);
            }
            let end = length.map_or(inner.rest.end, |length| body.saturating_add(length));
            inner.cut(id, body, end);
        }
    }

    /// Reads the identifier of the next element, the position of its body, and its length, unless
    /// that is unknown, as live recordings write it.
    async fn header(
        &self,
        source: &mut Source<'_>,
    ) -> Result<Option<(u32, u64, Option<u64>)>, Error> {
        /// An identifier of 4 bytes, and a length of 8.
        const MAXIMUM_BYTES: u64 = 12;
        let Range { start, end } = self.rest;
        let header = source.read(start..end.min(start.saturating_add(MAXIMUM_BYTES))).await?;
        Ok(read_header(header)
            .map(|(id, length, body)| (id, start + (header.len() - body.len()) as u64, length)))
    }

    /// Moves behind an element, and returns it.
    fn cut(&mut self, id: u32, body: u64, end: u64) -> Element {
        let is_cut = end > self.rest.end;
        self.rest.start = end.min(self.rest.end);
        Element { id, body: body..self.rest.start, is_cut }
    }
}

/// Iterates over the elements in `bytes`: their identifiers and bodies. An element that is longer
/// than the remaining bytes is cut to them.
#[derive(Debug, Clone)]
pub(super) struct Children<'a>(pub(super) &'a [u8]);

impl<'a> Children<'a> {
    /// Returns the body of the first element with this identifier.
    pub(super) fn body(mut self, id: u32) -> Option<&'a [u8]> {
        self.find_map(|(it, body)| (it == id).then_some(body))
    }

    /// Returns the value of the first element with this identifier.
    pub(super) fn number(self, id: u32) -> Option<u64> {
        self.body(id).map(number)
    }
}

impl<'a> Iterator for Children<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (id, length, body) = read_header(self.0)?;
        let length = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(usize::MAX);
        let (body, rest) = body.split_at(length.min(body.len()));
        self.0 = rest;
        Some((id, body))
    }
}

/// Reads the identifier and the length of an element, and returns the bytes behind them. The length
/// is unknown if all of its bits are set.
fn read_header(bytes: &[u8]) -> Option<(u32, Option<u64>, &[u8])> {
    let (id, behind) = identifier(bytes)?;
    let width = behind.first()?.leading_zeros() as usize + 1;
    let (length, body) = variable(behind)?;
    Some((id, (length != (1 << (7 * width)) - 1).then_some(length), body))
}

/// Reads an identifier of 1 to 4 bytes, with its length marker.
fn identifier(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let width = bytes.first()?.leading_zeros() as usize + 1;
    let (id, rest) = bytes.split_at_checked(width).filter(|_| width <= 4)?;
    Some((id.iter().fold(0, |id, &byte| id << 8 | u32::from(byte)), rest))
}

/// Reads a number of 1 to 8 bytes whose first set bit marks its length.
pub(super) fn variable(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let width = bytes.first()?.leading_zeros() as usize + 1;
    let (number, rest) = bytes.split_at_checked(width).filter(|_| width <= 8)?;
    let value = self::number(number);
    Some((value & ((1 << (7 * width)) - 1), rest))
}

/// Returns a big-endian number of up to 8 bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// Returns a string without the zeros that may pad it.
pub(super) fn text(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}
