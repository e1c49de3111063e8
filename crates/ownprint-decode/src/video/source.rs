//! The bytes of a file: in memory, or requested from the caller piece by piece.

use std::cell::Cell;
use std::future::poll_fn;
use std::ops::Range;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

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
    pub(super) fn read(&mut self, range: Range<u64>) -> Read<'_, 'a> {
        let end = range.end.min(self.length);
        Read { range: range.start.min(end)..end, source: Some(self), is_requested: false }
    }

    /// Returns the bytes of a range that are in memory.
    fn slice(&self, range: &Range<u64>) -> Option<&[u8]> {
        let (bytes, start) = match &self.bytes {
            Bytes::Memory(bytes) => (*bytes, 0),
            Bytes::Requested { piece, start, .. } => (&piece.0[..], *start),
        };
        let position = |at: u64| usize::try_from(at.checked_sub(start)?).ok();
        bytes.get(position(range.start)?..position(range.end)?)
    }

    /// Returns to a caller that reads the file, so that a long video does not block it.
    pub(super) async fn pause(&self) {
        if let Bytes::Requested { exchange, .. } = &self.bytes {
            exchange.pause().await;
        }
    }
}

/// Reads a range of a [`Source`]. Written by hand, because an `async fn` would be a state machine of
/// its own in each place that reads.
pub(super) struct Read<'source, 'a> {
    /// `None` once it is done.
    source: Option<&'source mut Source<'a>>,
    range: Range<u64>,
    is_requested: bool,
}

impl<'source> Future for Read<'source, '_> {
    type Output = Result<&'source [u8], Error>;

    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { range, is_requested, .. } = &*self;
        let (range, is_requested) = (range.clone(), *is_requested);
        if let Err(error) = check(LimitKind::Memory, range.end - range.start, PIECE_BYTES) {
            return Poll::Ready(Err(error.into()));
        }
        let Some(source) = self.source.take() else { return Poll::Ready(Err(Error::Internal)) };
        let (length, is_present) = (source.length, source.slice(&range).is_some());
        if let Bytes::Requested { exchange, piece, start } = &mut source.bytes {
            if is_requested {
                *piece = exchange.answer.take();
                *start = range.start;
            } else if !is_present {
                // Released before the next piece is read.
                *piece = WipedBytes::default();
                let end = range.start.saturating_add(WINDOW_BYTES).min(length).max(range.end);
                exchange.request.set(Some(range.start..end));
                self.is_requested = true;
                self.source = Some(source);
                return Poll::Pending;
            }
        }
        let source: &'source Source<'_> = source;
        let bytes = source.slice(&range);
        Poll::Ready(bytes.ok_or_else(|| damaged("the file ended while it was read")))
    }
}

impl Exchange {
    /// Returns to the caller once.
    async fn pause(&self) {
        let mut has_returned = false;
        poll_fn(|_| {
            if std::mem::replace(&mut has_returned, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}
