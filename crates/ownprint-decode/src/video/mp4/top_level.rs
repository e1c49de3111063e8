//! The boxes of a file, of which only the headers are read.

use std::ops::Range;

use crate::boxes::BoxHeader;
use crate::error::Error;
use crate::video::source::Source;

/// Iterates over the boxes of a file.
#[derive(Default)]
pub(super) struct TopLevel {
    next: u64,
}

pub(super) struct TopLevelBox {
    pub(super) kind: [u8; 4],
    pub(super) start: u64,
    pub(super) body: Range<u64>,
}

impl TopLevel {
    pub(super) async fn next(
        &mut self,
        source: &mut Source<'_>,
    ) -> Result<Option<TopLevelBox>, Error> {
        let start = self.next;
        let remaining = source.length().saturating_sub(start);
        let header = source.read(start..start.saturating_add(BoxHeader::MAXIMUM_BYTES)).await?;
        let Some(BoxHeader { kind, bytes, body }) = BoxHeader::read(header, remaining) else {
            return Ok(None);
        };
        let body_start = start + bytes as u64;
        self.next = body_start + body;
        Ok(Some(TopLevelBox { kind, start, body: body_start..self.next }))
    }
}
