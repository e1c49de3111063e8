//! Files that come in pieces: from a reader, or pushed by whoever holds them.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use crate::decode::{self, Format};
use crate::digest::{Digester, for_each_piece};
use crate::wipe::WipedBytes;
use crate::{DecodedPicture, Error, Fingerprint, Fingerprinter};

impl Fingerprinter {
    /// Fingerprints the file at `path`. See [`reader`](Self::reader).
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be opened, and those of [`reader`](Self::reader).
    pub fn path(&self, path: impl AsRef<Path>) -> Result<Fingerprint, Error> {
        self.reader(File::open(path)?, |_| ControlFlow::Continue(()))
    }

    /// Fingerprints what a reader gives. A picture is read into memory, up to
    /// [`Limits::file_bytes`](crate::Limits::file_bytes); anything else only passes through the digests, in constant
    /// memory whatever its length.
    ///
    /// `observe` is told the bytes read so far, over and over while there is work; when it breaks, the work ends.
    ///
    /// # Errors
    /// [`Error::Io`] when the reader fails, [`Error::Cancelled`] when `observe` breaks, and those of
    /// [`bytes`](Self::bytes).
    pub fn reader(
        &self,
        reader: impl Read,
        mut observe: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let mut intake = self.intake();
        for_each_piece(reader, |piece| {
            intake.push(piece)?;
            if observe(intake.taken).is_break() {
                return Err(Error::Cancelled);
            }
            Ok(if intake.wants_more() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let taken = intake.taken;
        intake.finish_observed(|| observe(taken))
    }

    /// Starts a file that will be pushed piece by piece.
    #[must_use]
    pub fn intake(&self) -> Intake {
        Intake {
            fingerprinter: self.clone(),
            digester: Digester::new(&self.selection().digests),
            kept: Vec::new(),
            keeps: Keeps::Head,
            taken: 0,
        }
    }
}

/// One file on its way in, pushed by a caller that cannot be read from: a browser, a socket.
///
/// Memory is that of [`Fingerprinter::reader`]: a picture is kept whole, of anything else only the head.
///
/// ```
/// use ownprint::Fingerprinter;
///
/// let mut intake = Fingerprinter::new().intake();
/// intake.push(b"P5 8 8 2")?;
/// intake.push(b"55\n")?;
/// intake.push(&[7; 64])?;
/// assert_eq!(intake.finish()?.hashes.len(), 1);
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug)]
pub struct Intake {
    fingerprinter: Fingerprinter,
    digester: Digester,
    /// Pieces of their own, joined once: a growing vector would leave copies of the file behind, unwiped.
    kept: Vec<WipedBytes>,
    keeps: Keeps,
    taken: u64,
}

/// What of a file is kept, which its head decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// Not enough was seen to tell.
    Head,
    /// It is a picture or a film that will be decoded.
    All,
    /// It is not, or no pixels were asked for.
    NoMore,
}

impl Intake {
    /// Takes the next bytes, any number of them.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when a picture grows over [`Limits::file_bytes`](crate::Limits::file_bytes).
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        self.digester.update(bytes);
        self.taken += bytes.len() as u64;
        if self.keeps == Keeps::Head {
            let missing = decode::SNIFF_BYTES - self.head().len();
            let (head, rest) = bytes.split_at(missing.min(bytes.len()));
            self.keep(head);
            bytes = rest;
            if self.head().len() < decode::SNIFF_BYTES {
                return Ok(());
            }
            self.keeps = self.after_head();
        }
        if self.keeps == Keeps::All {
            self.fingerprinter.limits.check_file_bytes(self.taken)?;
            self.keep(bytes);
        }
        Ok(())
    }

    /// Whether further bytes can change the result; they cannot when neither digests nor pixels need them.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.keeps != Keeps::NoMore || !self.fingerprinter.selection().digests.is_empty()
    }

    /// The format that the head shows, decodable here or not; `None` until a signature is recognised.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        decode::sniff(self.head())
    }

    /// The format that the head shows, where pixels are wanted and this build cannot decode it: there will be no hash,
    /// whatever follows.
    ///
    /// ```
    /// use ownprint::{Fingerprinter, Format};
    ///
    /// let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    /// let mut intake = Fingerprinter::new().intake();
    /// intake.push(heic)?;
    /// let decoded_here = cfg!(feature = "heic");
    /// assert_eq!(intake.undecodable(), (!decoded_here).then_some(Format::Heic));
    ///
    /// let mut digests_only = Fingerprinter::new().algorithms([]).intake();
    /// digests_only.push(heic)?;
    /// assert_eq!(digests_only.undecodable(), None);
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    #[must_use]
    pub fn undecodable(&self) -> Option<Format> {
        self.format().filter(|format| !format.is_decodable() && self.fingerprinter.wants_pixels())
    }

    /// The fingerprint of what was pushed.
    ///
    /// # Errors
    /// Those of [`Fingerprinter::bytes`].
    pub fn finish(self) -> Result<Fingerprint, Error> {
        self.finish_observed(|| ControlFlow::Continue(()))
    }

    /// As [`finish`](Self::finish), with an observer who is asked every few rows and ends the work by breaking.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when `observe` breaks, and those of [`finish`](Self::finish).
    pub fn finish_observed(self, mut observe: impl FnMut() -> ControlFlow<()>) -> Result<Fingerprint, Error> {
        let Self { fingerprinter, digester, kept, .. } = self;
        fingerprinter.encoded(&joined(kept).0, digester.finish(), &mut observe)
    }

    /// Decodes what was pushed, and computes nothing but what was begun: see [`Fingerprinter::decode`].
    ///
    /// # Errors
    /// Those of [`Fingerprinter::decode`].
    pub fn decode(self) -> Result<DecodedPicture, Error> {
        self.fingerprinter.decode(&joined(self.kept).0)
    }

    fn head(&self) -> &[u8] {
        self.kept.first().map_or(&[], |head| &head.0)
    }

    fn after_head(&self) -> Keeps {
        let decodable = self.format().is_some_and(Format::is_decodable);
        let is_picture = decodable && self.fingerprinter.wants_pixels();
        if is_picture || self.fingerprinter.wants_film(self.head()) { Keeps::All } else { Keeps::NoMore }
    }

    fn keep(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = self.kept.last().map_or(0, |piece| piece.0.capacity() - piece.0.len());
            if room == 0 {
                // The first piece is the head, and nothing but the head.
                let capacity = if self.kept.is_empty() { decode::SNIFF_BYTES } else { PIECE_BYTES };
                self.kept.push(WipedBytes(Vec::with_capacity(capacity)));
                continue;
            }
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            if let Some(piece) = self.kept.last_mut() {
                piece.0.extend_from_slice(now);
            }
            bytes = later;
        }
    }
}

/// Bytes a piece of a kept file.
const PIECE_BYTES: usize = 1 << 20;

fn joined(mut pieces: Vec<WipedBytes>) -> WipedBytes {
    if pieces.len() < 2 {
        return pieces.pop().unwrap_or_default();
    }
    let mut whole = WipedBytes(Vec::with_capacity(pieces.iter().map(|piece| piece.0.len()).sum()));
    for piece in pieces {
        whole.0.extend_from_slice(&piece.0);
    }
    whole
}
