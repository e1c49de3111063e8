//! What is kept in memory of a file that is read in pieces.

use crate::error::Error;
use crate::probe::PROBE_BYTES;
use ownprint_pixels::Limits;
use ownprint_pixels::wipe::WipedBytes;

/// Bytes a piece of a retained file.
const PIECE_BYTES: usize = 1 << 20;

/// The head of a file, and all of it where its head says that it is wanted.
#[derive(Debug, Default)]
pub struct Retained {
    /// Pieces of their own, joined once: a growing vector would leave copies of the file behind, unwiped.
    pieces: Vec<WipedBytes>,
    keeps: Keeps,
    /// Bytes that were passed, retained or not.
    bytes: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// Not enough was seen to tell.
    #[default]
    Head,
    All,
    NoMore,
}

impl Retained {
    /// Takes the next bytes; whether a file is wanted is asked once, of its head.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when a file that is retained grows over [`Limits::file_bytes`].
    pub fn update(
        &mut self,
        mut bytes: &[u8],
        limits: &Limits,
        is_wanted: impl FnOnce(&[u8]) -> bool,
    ) -> Result<(), Error> {
        self.bytes += bytes.len() as u64;
        if self.keeps == Keeps::Head {
            let missing = PROBE_BYTES - self.head().len();
            let (head, rest) = bytes.split_at(missing.min(bytes.len()));
            self.keep(head);
            bytes = rest;
            if self.head().len() < PROBE_BYTES {
                return Ok(());
            }
            self.keeps = if is_wanted(self.head()) { Keeps::All } else { Keeps::NoMore };
        }
        if self.keeps == Keeps::All {
            if let Err(error) = limits.check_file_bytes(self.bytes) {
                self.keeps = Keeps::NoMore;
                self.pieces.truncate(1);
                return Err(error.into());
            }
            self.keep(bytes);
        }
        Ok(())
    }

    /// Returns the number of bytes that were passed, retained or not.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether further bytes would be retained, or may be.
    pub fn wants_more(&self) -> bool {
        self.keeps != Keeps::NoMore
    }

    /// Returns the first bytes, [`PROBE_BYTES`] at most.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        self.pieces.first().map_or(&[], |head| &head.0)
    }

    /// Returns what was retained, in one buffer.
    #[must_use]
    pub fn joined(mut self) -> WipedBytes {
        if self.pieces.len() < 2 {
            return self.pieces.pop().unwrap_or_default();
        }
        let length = self.pieces.iter().map(|piece| piece.0.len()).sum();
        let mut whole = WipedBytes(Vec::with_capacity(length));
        for piece in self.pieces {
            whole.0.extend_from_slice(&piece.0);
        }
        whole
    }

    fn keep(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = self.pieces.last().map_or(0, |piece| piece.0.capacity() - piece.0.len());
            if room == 0 {
                // The first piece is the head, and nothing but the head.
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
