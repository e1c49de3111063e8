//! The bytes of a file: in memory, or requested from the caller piece by piece.

use std::cell::Cell;
use std::future::poll_fn;
use std::ops::Range;
use std::rc::Rc;
use std::task::Poll;

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{LimitKind, check};

use super::errors::damaged;
use crate::error::Error;

/// The longest piece of a file that is read at once: the tables of a movie or fragment, or a
/// sample. A frame of 8K without compression has 50 MB.
pub(super) const PIECE_BYTES: u64 = 64 << 20;
/// The bytes that are requested at a time, because adjacent tables and samples are read one after
/// the other.
const WINDOW_BYTES: u64 = 256 << 10;

/// A file of known length, whose bytes are read at positions.
pub(super) struct Source<'a> {
    length: u64,
    bytes: Bytes<'a>,
}

enum Bytes<'a> {
    Memory(&'a [u8]),
    /// The last piece that the caller read, and its position.
    Requested {
        exchange: Rc<Exchange>,
        piece: WipedBytes,
        start: u64,
    },
}

/// What the caller and a decoder pass to one another while the decoder waits.
#[derive(Default)]
pub(super) struct Exchange {
    pub(super) request: Cell<Option<Range<u64>>>,
    pub(super) answer: Cell<WipedBytes>,
}

impl<'a> Source<'a> {
    pub(super) fn in_memory(bytes: &'a [u8]) -> Self {
        Self { length: bytes.len() as u64, bytes: Bytes::Memory(bytes) }
    }

    pub(super) fn requested(length: u64, exchange: Rc<Exchange>) -> Self {
        let bytes = Bytes::Requested { exchange, piece: WipedBytes::default(), start: 0 };
        Self { length, bytes }
    }

    /// Returns the length of the file.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Returns the bytes of a range, without those beyond the end of the file.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] if the range is longer than [`PIECE_BYTES`].
    pub(super) async fn read(&mut self, range: Range<u64>) -> Result<&[u8], Error> {
        let end = range.end.min(self.length);
        let range = range.start.min(end)..end;
        check(LimitKind::Memory, range.end - range.start, PIECE_BYTES)?;
        let (bytes, start) = match &mut self.bytes {
            Bytes::Memory(bytes) => (*bytes, 0),
            Bytes::Requested { exchange, piece, start } => {
                if range.start < *start || *start + (piece.0.len() as u64) < range.end {
                    let end = range.start.saturating_add(WINDOW_BYTES).min(self.length);
                    // Released before the next piece is read.
                    *piece = WipedBytes::default();
                    *piece = exchange.read(range.start..range.end.max(end)).await;
                    *start = range.start;
                }
                (&piece.0[..], *start)
            }
        };
        let position = |at: u64| usize::try_from(at - start).ok();
        position(range.start)
            .zip(position(range.end))
            .and_then(|(start, end)| bytes.get(start..end))
            .ok_or_else(|| damaged("the file ended while it was read"))
    }

    /// Returns to a caller that reads the file, so that a long video does not block it.
    pub(super) async fn pause(&self) {
        if let Bytes::Requested { exchange, .. } = &self.bytes {
            exchange.pause().await;
        }
    }
}

impl Exchange {
    async fn read(&self, range: Range<u64>) -> WipedBytes {
        self.request.set(Some(range));
        self.pause().await;
        self.answer.take()
    }

    /// Returns to the caller once.
    async fn pause(&self) {
        let mut has_returned = false;
        poll_fn(|_| {
            if std::mem::replace(&mut has_returned, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}
