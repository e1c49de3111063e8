//! Decodes an image file that arrives in pieces.

use ownprint_pixels::Limits;

use crate::decode::decode;
use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::probe::{can_decode, probe};
use crate::retained::Retained;

/// Decodes an image file that arrives in pieces.
///
/// A program that uses this type alone links no hashes and no digests.
///
/// ```
/// # #[cfg(feature = "pnm")] {
/// use ownprint_decode::{ImageStream, Limits};
///
/// let mut stream = ImageStream::new(Limits::default(), false);
/// stream.update(b"P6 1 1 ")?;
/// stream.update(b"255 rgb")?;
/// assert_eq!(stream.finalize()?.rgb(), b"rgb");
/// # }
/// # Ok::<(), ownprint_decode::Error>(())
/// ```
#[derive(Debug)]
pub struct ImageStream {
    limits: Limits,
    accept_damaged: bool,
    retained: Retained,
}

impl ImageStream {
    /// Returns a stream for one file. With `accept_damaged`, a damaged JPEG is decoded as far as
    /// possible.
    #[must_use]
    pub fn new(limits: Limits, accept_damaged: bool) -> Self {
        Self { limits, accept_damaged, retained: Retained::default() }
    }

    /// Adds the next bytes of the file; pieces may have any length.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] if an image exceeds [`Limits::file_bytes`].
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.retained.update(bytes, &self.limits, |head| probe(head).is_some_and(can_decode))
    }

    /// Decodes the file.
    ///
    /// # Errors
    /// Those of [`decode`].
    pub fn finalize(self) -> Result<DecodedImage, Error> {
        decode(&self.retained.joined().0, &self.limits, self.accept_damaged)
    }
}
