//! An image file that arrives in pieces and is decoded, not hashed.

use ownprint_pixels::Limits;

use crate::decode::decode;
use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::probe::{can_decode, probe};
use crate::retained::Retained;

/// Takes an image file in pieces and decodes it. A program that only decodes links no hash and no digest through this type.
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
    /// Starts a file. With `accept_damaged` a damaged JPEG is decoded as far as possible.
    #[must_use]
    pub fn new(limits: Limits, accept_damaged: bool) -> Self {
        Self { limits, accept_damaged, retained: Retained::default() }
    }

    /// Takes the next bytes, any number of them.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] if an image grows over [`Limits::file_bytes`].
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.retained.update(bytes, &self.limits, |head| probe(head).is_some_and(can_decode))
    }

    /// Decodes what was passed.
    ///
    /// # Errors
    /// Those of [`decode`].
    pub fn finalize(self) -> Result<DecodedImage, Error> {
        decode(&self.retained.joined().0, &self.limits, self.accept_damaged)
    }
}
