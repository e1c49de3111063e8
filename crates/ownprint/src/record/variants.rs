//! A set of variants in records: which hash is which edit.

use super::members::Members;
use crate::{SkipReason, SkippedVariant, VariantHash, VariantHashes};

impl VariantHashes {
    /// The lines by which python-threatexchange's local file exchange carries the set, without their ends, one a hash in
    /// the order of the set; a hash whose quality exchanges discard is not among them.
    ///
    /// ```
    /// use ownprint::{Fingerprinter, ExifOrientation, PixelFormat, Pixels, VariantSet};
    ///
    /// let rgb: Vec<u8> = (0..96 * 96 * 3).map(|i| (i * i / 7) as u8).collect();
    /// let pixels = Pixels::new(&rgb, 96, 96, PixelFormat::Rgb8)?;
    /// let fingerprinter = Fingerprinter::new().variants(Some("mirror".parse()?));
    /// let set = fingerprinter.pixels(&pixels, ExifOrientation::Normal)?.variants.unwrap_or_default();
    /// assert_eq!(set.threatexchange_lines().count(), 2);
    /// assert!(set.threatexchange_lines().all(|line| line.starts_with("pdq ")));
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    pub fn threatexchange_lines(&self) -> impl Iterator<Item = String> {
        self.hashes.iter().filter_map(|hash| hash.as_pdq().threatexchange_line())
    }

    /// Writes the members of the set and closes it.
    pub(super) fn write(&self, mut object: Members<'_>) {
        if let Some(set) = &self.set {
            object.text("set", set);
        }
        let mut hashes = object.inner("hashes", '[');
        for hash in &self.hashes {
            hash.write(hashes.inner_item('{'));
        }
        hashes.close(']');
        let mut skipped = object.inner("skipped", '[');
        for variant in &self.skipped {
            variant.write(skipped.inner_item('{'));
        }
        skipped.close(']');
        object.close('}');
    }
}

impl VariantHash {
    fn write(&self, mut object: Members<'_>) {
        object.text("variant", &self.variant.to_string());
        object.text("hex", &self.value.to_hex());
        object.bare("quality", self.quality.value());
        object.close('}');
    }
}

impl SkippedVariant {
    fn write(&self, mut object: Members<'_>) {
        object.text("variant", &self.variant.to_string());
        match &self.reason {
            SkipReason::Quality(quality) => {
                object.text("reason", "quality");
                object.bare("quality", quality.value());
            }
            SkipReason::Near { to, distance } => {
                object.text("reason", "near");
                object.text("to", &to.to_string());
                object.bare("distance", distance);
            }
        }
        object.close('}');
    }
}
