//! Files that come in pieces: from a reader, or pushed by whoever holds them.

mod kept;

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use self::kept::Kept;
use crate::decode::{self, Format};
use crate::digest::{Digester, for_each_piece};
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
            if observe(intake.kept.taken).is_break() {
                return Err(Error::Cancelled);
            }
            Ok(if intake.wants_more() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let taken = intake.kept.taken;
        intake.finish_observed(|| observe(taken))
    }

    /// Starts a file that will be pushed piece by piece.
    #[must_use]
    pub fn intake(&self) -> Intake {
        Intake {
            fingerprinter: self.clone(),
            digester: Digester::new(&self.selection().digests),
            kept: Kept::default(),
        }
    }

    /// Starts a picture that will be pushed piece by piece, to be decoded and nothing else; see [`decode`](Self::decode).
    #[must_use]
    pub fn picture_intake(&self) -> PictureIntake {
        PictureIntake { fingerprinter: self.clone(), kept: Kept::default() }
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
    kept: Kept,
}

impl Intake {
    /// Takes the next bytes, any number of them.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when a picture grows over [`Limits::file_bytes`](crate::Limits::file_bytes).
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.digester.update(bytes);
        let Self { fingerprinter, kept, .. } = self;
        let is_wanted = |head: &[u8]| {
            (fingerprinter.wants_pixels() && is_decodable(head)) || fingerprinter.wants_film(head)
        };
        kept.push(bytes, &fingerprinter.limits, is_wanted)
    }

    /// Whether further bytes can change the result; they cannot when neither digests nor pixels need them.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.kept.wants_more() || !self.fingerprinter.selection().digests.is_empty()
    }

    /// The format that the head shows, decodable here or not; `None` until a signature is recognised.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        decode::sniff(self.kept.head())
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
        fingerprinter.encoded(&kept.joined().0, digester.finish(), &mut observe)
    }
}

/// A picture on its way in that is decoded and not hashed. A program that only decodes links no digest by it, and no hash.
///
/// Memory is that of an [`Intake`].
///
/// ```
/// use ownprint::{Fingerprinter, Size};
///
/// # #[cfg(feature = "pnm")] {
/// let mut intake = Fingerprinter::new().picture_intake();
/// intake.push(b"P6 1 1 ")?;
/// intake.push(b"255 rgb")?;
/// let decoded = intake.decode()?;
/// assert_eq!((decoded.picture.stored, decoded.rgb()), (Size { width: 1, height: 1 }, b"rgb".as_slice()));
/// # }
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug)]
pub struct PictureIntake {
    fingerprinter: Fingerprinter,
    kept: Kept,
}

impl PictureIntake {
    /// Takes the next bytes, any number of them.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when a picture grows over [`Limits::file_bytes`](crate::Limits::file_bytes).
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.kept.push(bytes, &self.fingerprinter.limits, is_decodable)
    }

    /// Decodes what was pushed.
    ///
    /// # Errors
    /// Those of [`Fingerprinter::decode`].
    pub fn decode(self) -> Result<DecodedPicture, Error> {
        self.fingerprinter.decode(&self.kept.joined().0)
    }
}

fn is_decodable(head: &[u8]) -> bool {
    decode::sniff(head).is_some_and(Format::is_decodable)
}
