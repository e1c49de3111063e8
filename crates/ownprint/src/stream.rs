//! Files that come in pieces: from a reader, or pushed by whoever holds them.

mod retained;

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use self::retained::Retained;
use crate::decode::{self, Format};
use crate::digest::{Digester, for_each_piece};
use crate::{DecodedImage, Error, Fingerprint, Fingerprinter};

impl Fingerprinter {
    /// Fingerprints the file at `path`. See [`reader`](Self::reader).
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be opened, and those of [`reader`](Self::reader).
    pub fn path(&self, path: impl AsRef<Path>) -> Result<Fingerprint, Error> {
        self.reader(File::open(path)?, |_| ControlFlow::Continue(()))
    }

    /// Fingerprints what a reader gives. An image is read into memory, up to
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
        let mut stream = self.stream();
        for_each_piece(reader, |piece| {
            stream.push(piece)?;
            if observe(stream.retained.taken).is_break() {
                return Err(Error::Cancelled);
            }
            Ok(if stream.wants_more() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let taken = stream.retained.taken;
        stream.finish_observed(|| observe(taken))
    }

    /// Starts a file that will be pushed piece by piece.
    #[must_use]
    pub fn stream(&self) -> FingerprintStream {
        FingerprintStream {
            fingerprinter: self.clone(),
            digester: Digester::new(&self.selection().digests),
            retained: Retained::default(),
        }
    }

    /// Starts an image that will be pushed piece by piece, to be decoded and nothing else; see [`decode`](Self::decode).
    #[must_use]
    pub fn image_stream(&self) -> ImageStream {
        ImageStream { fingerprinter: self.clone(), retained: Retained::default() }
    }
}

/// One file on its way in, pushed by a caller that cannot be read from: a browser, a socket.
///
/// Memory is that of [`Fingerprinter::reader`]: an image is retained whole, of anything else only the head.
///
/// ```
/// use ownprint::Fingerprinter;
///
/// let mut stream = Fingerprinter::new().stream();
/// stream.push(b"P5 8 8 2")?;
/// stream.push(b"55\n")?;
/// stream.push(&[7; 64])?;
/// assert_eq!(stream.finish()?.hashes.len(), 1);
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug)]
pub struct FingerprintStream {
    fingerprinter: Fingerprinter,
    digester: Digester,
    retained: Retained,
}

impl FingerprintStream {
    /// Takes the next bytes, any number of them.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when an image grows over [`Limits::file_bytes`](crate::Limits::file_bytes).
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.digester.update(bytes);
        let Self { fingerprinter, retained, .. } = self;
        let is_wanted = |head: &[u8]| {
            (fingerprinter.wants_pixels() && is_decodable(head)) || fingerprinter.wants_video(head)
        };
        retained.push(bytes, &fingerprinter.limits, is_wanted)
    }

    /// Whether further bytes can change the result; they cannot when neither digests nor pixels need them.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.retained.wants_more() || !self.fingerprinter.selection().digests.is_empty()
    }

    /// The format that the head shows, decodable here or not; `None` until a signature is recognised.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        decode::probe(self.retained.head())
    }

    /// The format that the head shows, where pixels are wanted and this build cannot decode it: there will be no hash,
    /// whatever follows.
    ///
    /// ```
    /// use ownprint::{Fingerprinter, Format};
    ///
    /// let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    /// let mut stream = Fingerprinter::new().stream();
    /// stream.push(heic)?;
    /// let decoded_here = cfg!(feature = "heic");
    /// assert_eq!(stream.undecodable(), (!decoded_here).then_some(Format::Heic));
    ///
    /// let mut digests_only = Fingerprinter::new().algorithms([]).stream();
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
        let Self { fingerprinter, digester, retained, .. } = self;
        fingerprinter.encoded(&retained.joined().0, digester.finish(), &mut observe)
    }
}

/// An image on its way in that is decoded and not hashed. A program that only decodes links no digest by it, and no hash.
///
/// Memory is that of an [`FingerprintStream`].
///
/// ```
/// use ownprint::{Fingerprinter, Size};
///
/// # #[cfg(feature = "pnm")] {
/// let mut stream = Fingerprinter::new().image_stream();
/// stream.push(b"P6 1 1 ")?;
/// stream.push(b"255 rgb")?;
/// let decoded = stream.decode()?;
/// assert_eq!((decoded.image.stored, decoded.rgb()), (Size { width: 1, height: 1 }, b"rgb".as_slice()));
/// # }
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug)]
pub struct ImageStream {
    fingerprinter: Fingerprinter,
    retained: Retained,
}

impl ImageStream {
    /// Takes the next bytes, any number of them.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when an image grows over [`Limits::file_bytes`](crate::Limits::file_bytes).
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.retained.push(bytes, &self.fingerprinter.limits, is_decodable)
    }

    /// Decodes what was pushed.
    ///
    /// # Errors
    /// Those of [`Fingerprinter::decode`].
    pub fn decode(self) -> Result<DecodedImage, Error> {
        self.fingerprinter.decode(&self.retained.joined().0)
    }
}

fn is_decodable(head: &[u8]) -> bool {
    decode::probe(head).is_some_and(Format::is_decodable)
}
