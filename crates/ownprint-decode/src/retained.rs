//! The bytes of a streamed file that are kept in memory.

use ownprint_pixels::Limits;
use ownprint_pixels::wipe::WipedBytes;

use crate::error::Error;
use crate::probe::PROBE_BYTES;

/// Bytes in a piece of a retained file.
const PIECE_BYTES: usize = 1 << 20;

/// The first bytes of a file, and all of its bytes if the first ones show that they are needed.
#[derive(Debug, Default)]
pub struct Retained {
    /// Separate pieces, joined once: a growing vector would leave unwiped copies of the file in
    /// memory.
    pieces: Vec<WipedBytes>,
    retention: Retention,
    /// Bytes that were passed, retained or not.
    bytes: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Retention {
    /// The first bytes only, until there are enough to decide.
    #[default]
    Head,
    All,
    Stopped,
}

impl Retained {
    /// Adds the next bytes. `is_wanted` is called once, with the first [`PROBE_BYTES`] bytes, and
    /// decides whether the file is retained.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] if a retained file exceeds [`Limits::file_bytes`].
    pub fn update(
        &mut self,
        mut bytes: &[u8],
        limits: &Limits,
        is_wanted: impl FnOnce(&[u8]) -> bool,
    ) -> Result<(), Error> {
        self.bytes += bytes.len() as u64;
        if self.retention == Retention::Head {
            let missing = PROBE_BYTES - self.head().len();
            let (head, rest) = bytes.split_at(missing.min(bytes.len()));
            self.retain(head);
            bytes = rest;
            if self.head().len() < PROBE_BYTES {
                return Ok(());
            }
            self.retention =
                if is_wanted(self.head()) { Retention::All } else { Retention::Stopped };
        }
        if self.retention == Retention::All {
            if let Err(error) = limits.check_file_bytes(self.bytes) {
                self.retention = Retention::Stopped;
                self.pieces.truncate(1);
                return Err(error.into());
            }
            self.retain(bytes);
        }
        Ok(())
    }

    /// Returns the number of bytes that were passed, retained or not.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns `true` if further bytes are retained, or if this is not decided yet.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.retention != Retention::Stopped
    }

    /// Returns the first bytes, up to [`PROBE_BYTES`].
    #[must_use]
    pub fn head(&self) -> &[u8] {
        let first = self.pieces.first().map_or(&[][..], |piece| &piece.0);
        first.get(..PROBE_BYTES).unwrap_or(first)
    }

    /// Returns the retained bytes in one buffer.
    #[must_use]
    pub fn joined(mut self) -> WipedBytes {
        self.join();
        self.pieces.pop().unwrap_or_default()
    }

    /// Returns a view of the retained bytes, which are in one buffer afterwards.
    #[must_use]
    pub fn whole(&mut self) -> &[u8] {
        self.join();
        self.pieces.first().map_or(&[], |piece| &piece.0)
    }

    fn join(&mut self) {
        if self.pieces.len() < 2 {
            return;
        }
        let length = self.pieces.iter().map(|piece| piece.0.len()).sum();
        let mut whole = WipedBytes(Vec::with_capacity(length));
        for piece in self.pieces.drain(..) {
            whole.0.extend_from_slice(&piece.0);
        }
        self.pieces.push(whole);
    }

    fn retain(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = self.pieces.last().map_or(0, |piece| piece.0.capacity() - piece.0.len());
            if room == 0 {
                // The first piece contains exactly the first `PROBE_BYTES` bytes.
                let capacity = if self.pieces.is_empty() { PROBE_BYTES } else { PIECE_BYTES };
                self.pieces.push(WipedBytes(Vec::with_capacity(capacity)));
                continue;
            }
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            if let Some(piece) = self.pieces.last_mut() {
                piece.0.extend_from_slice(now);
            }
            bytes = later;
        }
    }
}
