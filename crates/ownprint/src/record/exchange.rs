//! The lines of python-threatexchange's local file exchange, one a hash.

use crate::{HashAlgorithm, PerceptualHash};

impl HashAlgorithm {
    /// The name by which exchanges know hashes of this algorithm, where they take them.
    #[must_use]
    pub fn threatexchange_signal(self) -> Option<&'static str> {
        [Self::PDQ, Self::PDQ_512].contains(&self).then_some("pdq")
    }
}

impl PerceptualHash {
    /// The line by which python-threatexchange's local file exchange carries this hash, without its end: the signal's
    /// name and the hash. `None` for an algorithm that exchanges do not take and for a quality that they discard.
    ///
    /// ```
    /// use ownprint::{Fingerprinter, ExifOrientation, PixelFormat, Pixels};
    ///
    /// let flat = vec![128; 64 * 64];
    /// let pixels = Pixels::new(&flat, 64, 64, PixelFormat::L8)?;
    /// let fingerprint = Fingerprinter::new().pixels(&pixels, ExifOrientation::Normal)?;
    /// assert_eq!(fingerprint.hashes[0].threatexchange_line(), None);
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    #[must_use]
    pub fn threatexchange_line(&self) -> Option<String> {
        let signal = self.algorithm.threatexchange_signal()?;
        let [value] = self.values.as_slice() else { return None };
        self.quality.is_none_or(|quality| quality.is_reliable()).then(|| format!("{signal} {value}"))
    }
}
