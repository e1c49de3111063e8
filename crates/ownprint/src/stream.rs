//! A file that arrives in pieces.

use std::ops::ControlFlow;

use ownprint_decode::{self as decode, Retained, can_decode, probe};
use ownprint_hash::Digester;
use ownprint_pixels::Format;

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::fingerprinter::Fingerprinter;

/// Takes a file in pieces, from a caller that cannot be read from, such as a browser or a socket.
///
/// Memory is that of [`Fingerprinter::fingerprint_reader`]: an image or video is kept whole, of any other file only the
/// first bytes.
///
/// ```
/// use ownprint::Fingerprinter;
///
/// # #[cfg(feature = "pnm")] {
/// let mut stream = Fingerprinter::default().stream();
/// stream.update(b"P5 8 8 2");
/// stream.update(b"55\n");
/// stream.update(&[7; 64]);
/// assert_eq!(stream.finalize()?.image()?.hashes.len(), 1);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FingerprintStream {
    fingerprinter: Fingerprinter,
    digester: Digester,
    retained: Retained,
    /// Why the image or video was given up while it arrived.
    failed: Option<decode::Error>,
}

impl FingerprintStream {
    pub(crate) fn new(fingerprinter: Fingerprinter) -> Self {
        let digester = Digester::new(&fingerprinter.selection().digests);
        Self { fingerprinter, digester, retained: Retained::default(), failed: None }
    }

    /// Takes the next bytes, any number of them.
    ///
    /// An image or video that grows over [`Limits::file_bytes`](crate::Limits::file_bytes) is no longer kept; its digests
    /// are still computed.
    pub fn update(&mut self, bytes: &[u8]) {
        self.digester.update(bytes);
        let Self { fingerprinter, retained, failed, .. } = self;
        let outcome = retained.update(bytes, fingerprinter.limits(), |head| fingerprinter.wants(head));
        if let Err(error) = outcome {
            *failed = Some(error);
        }
    }

    /// Returns the number of bytes taken so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.retained.bytes()
    }

    /// Returns `true` if further bytes can change the result; they cannot if neither digests nor hashes need them.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.retained.wants_more() || !self.fingerprinter.selection().digests.is_empty()
    }

    /// Returns the format that the first bytes show, whether this build decodes it or not; `None` until a signature is
    /// recognized.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        probe(self.retained.head())
    }

    /// Returns the format that the first bytes show, if image hashes are requested and this build cannot decode it: there
    /// will be no hash, whatever follows.
    ///
    /// ```
    /// use ownprint::{Fingerprinter, Format};
    ///
    /// let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    /// let mut stream = Fingerprinter::default().stream();
    /// stream.update(heic);
    /// let decoded_here = cfg!(feature = "heic");
    /// assert_eq!(stream.undecodable(), (!decoded_here).then_some(Format::Heic));
    ///
    /// let mut digests_only = Fingerprinter::builder().hashes([]).build().stream();
    /// digests_only.update(heic);
    /// assert_eq!(digests_only.undecodable(), None);
    /// ```
    #[must_use]
    pub fn undecodable(&self) -> Option<Format> {
        self.format().filter(|&format| !can_decode(format) && self.fingerprinter.wants_image())
    }

    /// Returns the fingerprint of what was passed.
    ///
    /// # Errors
    /// Those of [`Fingerprinter::fingerprint_bytes`].
    pub fn finalize(self) -> Result<Fingerprint, Error> {
        self.finalize_with(|| ControlFlow::Continue(()))
    }

    /// Like [`finalize`](Self::finalize), with an observer that is called every few rows and cancels by breaking.
    ///
    /// # Errors
    /// [`Error::Cancelled`] if `observe` breaks, and those of [`finalize`](Self::finalize).
    pub fn finalize_with(self, mut observe: impl FnMut() -> ControlFlow<()>) -> Result<Fingerprint, Error> {
        let Self { fingerprinter, digester, retained, failed } = self;
        let digests = digester.finalize();
        let Some(error) = failed else {
            return fingerprinter.encoded(&retained.joined().0, digests, &mut observe);
        };
        let is_image = probe(retained.head()).is_some();
        Ok(Fingerprint {
            image: Err(if is_image { error.clone() } else { decode::Error::NotRequested }),
            video: Err(if is_image { decode::Error::NotRequested } else { error }),
            digests,
            warnings: Vec::new(),
        })
    }
}
