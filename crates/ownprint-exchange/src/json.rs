//! Writes the members of a record as JSON.

use ownprint_hash::{Comparison, Digest, PerceptualHash, VariantHashes, VideoFingerprint};
use ownprint_pixels::ImageInfo;

use crate::fingerprint::{Decoder, Diagnostic, FingerprintRecord};
use crate::members::Members;
use crate::{variants, video as videos};

impl Members<'_> {
    pub(super) fn hashes(&mut self, hashes: &[PerceptualHash]) {
        let mut object = self.inner("hashes", '{');
        for hash in hashes {
            write_hash(&mut object, hash);
        }
        object.close('}');
    }

    /// Writes the members that exist only if they were requested.
    pub(super) fn sets(
        &mut self,
        variants: Option<&VariantHashes>,
        video: Option<&VideoFingerprint>,
    ) {
        if let Some(set) = variants {
            variants::write(set, self.inner("variants", '{'));
        }
        if let Some(video) = video {
            videos::write(video, self.inner("video", '{'));
        }
    }

    pub(super) fn digests(&mut self, digests: &[Digest]) {
        let mut object = self.inner("digests", '{');
        for digest in digests {
            object.text(digest.algorithm.name(), &digest.to_hex());
        }
        object.close('}');
    }

    pub(super) fn warnings(&mut self, warnings: &[Diagnostic]) {
        let mut list = self.inner("warnings", '[');
        for warning in warnings {
            warning.write(list.inner_item('{'));
        }
        list.close(']');
    }

    pub(super) fn decoder(&mut self, decoder: Option<Decoder>) {
        let Some(decoder) = decoder else { return };
        let mut object = self.inner("decoder", '{');
        match decoder {
            Decoder::Ownprint { revision } => {
                object.text("name", Decoder::OWNPRINT);
                object.bare("revision", revision);
            }
            Decoder::Platform => object.text("name", Decoder::PLATFORM),
        }
        object.close('}');
    }

    pub(super) fn image(&mut self, image: &ImageInfo) {
        match image.format {
            Some(format) => self.text("format", format.name()),
            None => self.bare("format", "null"),
        }
        self.bare("width", image.size.width);
        self.bare("height", image.size.height);
        self.bare("orientation", image.orientation.to_exif());
        self.bare("stored_width", image.stored.width);
        self.bare("stored_height", image.stored.height);
        self.bare("orientation_applied", image.orientation_applied);
        if image.damaged {
            self.bare("damaged", true);
        }
        if let Some(rgb_md5) = &image.rgb_md5 {
            self.text("rgb_md5", rgb_md5);
        }
    }
}

/// Returns the record of a decoded image without hashes and digests, as
/// [`FingerprintRecord::to_json`] writes it.
///
/// A program that only decodes images is smaller with this function, because it contains no code
/// that writes hashes.
///
/// ```
/// use ownprint_exchange::{Decoder, FingerprintRecord, decoded_image_to_json};
/// use ownprint_pixels::{ExifOrientation, ImageInfo, Size};
///
/// let size = Size { width: 3, height: 2 };
/// let image = ImageInfo::from_parts(None, size, size, ExifOrientation::Normal, true);
/// let mut record = FingerprintRecord::default();
/// record.image = Some(image.clone());
/// record.decoder = Some(Decoder::Ownprint { revision: 1 });
/// assert_eq!(decoded_image_to_json(&image, &[], record.decoder), record.to_json());
/// ```
#[must_use]
pub fn decoded_image_to_json(
    image: &ImageInfo,
    warnings: &[Diagnostic],
    decoder: Option<Decoder>,
) -> String {
    let mut text = String::new();
    let mut object = Members::open(&mut text, '{');
    object.bare("schema", FingerprintRecord::SCHEMA);
    object.image(image);
    object.inner("hashes", '{').close('}');
    object.inner("digests", '{').close('}');
    object.warnings(warnings);
    object.decoder(decoder);
    if !image.deterministic {
        object.bare("deterministic", false);
    }
    object.close('}');
    text
}

/// Returns a comparison as the text of a JSON object, on one line: `algorithm`, `distance`, `bits`,
/// `threshold`, `match`.
///
/// ```
/// use ownprint_exchange::comparison_to_json;
/// use ownprint_hash::{BitHash, Comparison, HashAlgorithm};
///
/// let hash = BitHash::from_hex(&"0f".repeat(32))?;
/// let json = comparison_to_json(&Comparison::new(HashAlgorithm::PDQ, &hash, &hash)?);
/// assert_eq!(json, r#"{"algorithm":"pdq","distance":0,"bits":256,"threshold":31,"match":true}"#);
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[must_use]
pub fn comparison_to_json(comparison: &Comparison) -> String {
    let mut text = String::new();
    let mut object = Members::open(&mut text, '{');
    object.text("algorithm", &comparison.algorithm.name());
    object.bare("distance", comparison.distance);
    object.bare("bits", comparison.algorithm.bits());
    object.bare("threshold", comparison.algorithm.threshold());
    object.bare("match", comparison.is_match());
    object.close('}');
    text
}

fn write_hash(hashes: &mut Members<'_>, hash: &PerceptualHash) {
    let mut entry = hashes.inner(&hash.algorithm.name(), '{');
    match hash.values.as_slice() {
        [value] if hash.algorithm.hashes() == Some(1) => entry.text("hex", &value.to_hex()),
        several => {
            let mut values = entry.inner("hex", '[');
            for value in several {
                values.item(&value.to_hex());
            }
            values.close(']');
        }
    }
    if let Some(quality) = hash.quality {
        entry.bare("quality", quality.value());
    }
    entry.close('}');
}
