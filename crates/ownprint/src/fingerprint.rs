//! The main job: what to compute, over what, in one call.

use std::ops::ControlFlow;

use crate::decode::{self, Decoded, Format};
use crate::digest::{Digest, DigestAlgorithm, Digester};
use crate::hash::hex;
use crate::oriented_rows::Source;
use crate::perceptual::{self, HashAlgorithm, PerceptualHash};
use crate::warning::Warning;
use crate::{
    DecodedImage, Error, ExifOrientation, ImageInfo, Limits, Orientation, Pixels, Selection, Size,
    VariantHashes, VariantSet, VideoFingerprint, VpdqOptions, video,
};

/// Everything that was computed of one image or file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fingerprint {
    /// The image, or `None` for a file that is no image this build decodes; such a file has digests only.
    pub image: Option<ImageInfo>,
    /// The perceptual hashes, in the order of [`HashAlgorithm`].
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the image's edited forms, where they were asked for.
    pub variants: Option<VariantHashes>,
    /// The video and the hashes of its frames, where they were asked for and the file is one.
    pub video: Option<VideoFingerprint>,
    /// The digests of the file's bytes, in the order of [`DigestAlgorithm::ALL`]; none for bare pixels.
    pub digests: Vec<Digest>,
    /// What a person should know about this result.
    pub warnings: Vec<Warning>,
}

impl Fingerprint {
    /// The hash of one algorithm, if it was computed.
    #[must_use]
    pub fn hash(&self, algorithm: HashAlgorithm) -> Option<&PerceptualHash> {
        self.hashes.iter().find(|hash| hash.algorithm == algorithm)
    }

    /// The digest of one algorithm, if it was computed.
    #[must_use]
    pub fn digest(&self, algorithm: DigestAlgorithm) -> Option<&Digest> {
        self.digests.iter().find(|digest| digest.algorithm == algorithm)
    }
}

/// What to compute, set once and used for any number of images, from any number of threads.
///
/// Defaults: `pdq`, MD5, SHA-256 and BLAKE3, upright pixels, damaged files refused.
///
/// ```
/// use ownprint::{Fingerprinter, HashAlgorithm, ExifOrientation, PixelFormat, Pixels};
///
/// let rgb: Vec<u8> = (0..96 * 96 * 3).map(|i| (i * i / 7) as u8).collect();
/// let pixels = Pixels::new(&rgb, 96, 96, PixelFormat::Rgb8)?;
/// let fingerprint = Fingerprinter::new().pixels(&pixels, ExifOrientation::Normal)?;
/// let pdq = fingerprint.hash(HashAlgorithm::PDQ).unwrap();
/// assert_eq!(pdq.values[0].to_hex().len(), 64);
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Fingerprinter {
    selection: Selection,
    order: Orientation,
    pub(crate) limits: Limits,
    accept_damaged: bool,
    rgb_md5: bool,
    vpdq: VpdqOptions,
}

impl Default for Fingerprinter {
    fn default() -> Self {
        Self {
            selection: Selection {
                hashes: vec![HashAlgorithm::PDQ],
                digests: vec![DigestAlgorithm::Md5, DigestAlgorithm::Sha256, DigestAlgorithm::Blake3],
                variants: None,
                vpdq: false,
            },
            order: Orientation::Apply,
            limits: Limits::default(),
            accept_damaged: false,
            rgb_md5: false,
            vpdq: VpdqOptions::default(),
        }
    }
}

impl Fingerprinter {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The perceptual hashes to compute; none is allowed and skips decoding.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = HashAlgorithm>) -> Self {
        self.selection.hashes = algorithms.into_iter().collect();
        self
    }

    /// The digests to compute; none is allowed.
    #[must_use]
    pub fn digests(mut self, digests: impl IntoIterator<Item = DigestAlgorithm>) -> Self {
        self.selection.digests = digests.into_iter().collect();
        self
    }

    /// The edited forms of the image whose PDQ hashes to compute too, or none, which is the default. The pass over the
    /// pixels is the same; see [`VariantSet`].
    #[must_use]
    pub fn variants(mut self, variants: Option<VariantSet>) -> Self {
        self.selection.variants = variants;
        self
    }

    /// The perceptual hashes and digests to compute, in place of what was chosen before.
    #[must_use]
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// What will be computed.
    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Which way round the pixels are hashed.
    #[must_use]
    pub fn order(mut self, order: Orientation) -> Self {
        self.order = order;
        self
    }

    /// What an image may ask for.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether to hash a damaged file as far as it can be decoded, with a warning, instead of refusing it.
    #[must_use]
    pub fn accept_damaged(mut self, accept: bool) -> Self {
        self.accept_damaged = accept;
        self
    }

    /// Whether to add the MD5 of the hashed RGB bytes.
    #[must_use]
    pub fn rgb_md5(mut self, wanted: bool) -> Self {
        self.rgb_md5 = wanted;
        self
    }

    /// Which frames of videos are hashed, where [`Selection::vpdq`] asks for them.
    #[must_use]
    pub fn vpdq(mut self, options: VpdqOptions) -> Self {
        self.vpdq = options;
        self
    }

    /// Fingerprints an encoded file in memory.
    ///
    /// # Errors
    /// Any [`Error`] of an image that cannot be decoded. A file that is no image gives its digests and a warning,
    /// or [`Error::NotAnImage`] / [`Error::UnsupportedFormat`] when no digest was asked for.
    pub fn bytes(&self, bytes: &[u8]) -> Result<Fingerprint, Error> {
        self.bytes_observed(bytes, |_| ControlFlow::Continue(()))
    }

    /// As [`bytes`](Self::bytes), with an observer who may end the work.
    ///
    /// `observe` is told the bytes digested so far, over and over while there is work; when it breaks, the work ends.
    /// It is not called while a decoder works.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when `observe` breaks, and those of [`bytes`](Self::bytes).
    pub fn bytes_observed(
        &self,
        bytes: &[u8],
        mut observe: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let mut digester = Digester::new(&self.selection.digests);
        let taken = digester.read(bytes, &mut observe)?;
        self.encoded(bytes, digester.finish(), &mut || observe(taken))
    }

    /// Decodes a file under the limits and the policy of this fingerprinter, and computes nothing: for pixels that are to be hashed
    /// elsewhere, or looked at.
    ///
    /// # Errors
    /// Any [`Error`] of an image that cannot be decoded, [`Error::NotAnImage`] and [`Error::UnsupportedFormat`].
    ///
    /// ```
    /// use ownprint::{Fingerprinter, Format};
    ///
    /// let fingerprinter = Fingerprinter::new();
    /// # #[cfg(feature = "pnm")] {
    /// let decoded = fingerprinter.decode(b"P6 1 1 255 rgb")?;
    /// assert_eq!((decoded.image.format, decoded.rgb()), (Some(Format::Pnm), b"rgb".as_slice()));
    /// let fingerprint = fingerprinter.pixels(&decoded.pixels(), decoded.image.orientation)?;
    /// assert_eq!(fingerprint.hashes.len(), 1);
    /// # }
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    pub fn decode(&self, bytes: &[u8]) -> Result<DecodedImage, Error> {
        self.limits.check_file_bytes(bytes.len() as u64)?;
        let Decoded { raster, format, orientation, damaged, animated, deterministic } =
            decode::decode(bytes, &self.limits, self.accept_damaged)?;
        let mut image = self.image(Some(format), raster.size(), orientation, None);
        image.damaged = damaged;
        image.deterministic = deterministic;
        let warnings = [damaged.then_some(Warning::Damaged), animated.then_some(Warning::FirstFrameOnly)];
        Ok(DecodedImage { image, warnings: warnings.into_iter().flatten().collect(), raster })
    }

    /// Fingerprints decoded pixels; there are no digests, for there is no file.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`].
    pub fn pixels(&self, pixels: &Pixels<'_>, orientation: ExifOrientation) -> Result<Fingerprint, Error> {
        self.pixels_observed(pixels, orientation, || ControlFlow::Continue(()))
    }

    /// As [`pixels`](Self::pixels), with an observer who is asked every few rows and ends the work by breaking.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when `observe` breaks, and those of [`pixels`](Self::pixels).
    pub fn pixels_observed(
        &self,
        pixels: &Pixels<'_>,
        orientation: ExifOrientation,
        mut observe: impl FnMut() -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let size = pixels.size();
        self.limits.check_image(size, size.pixels() * pixels.format().bytes_per_pixel() as u64)?;
        let Computed { hashes, variants, rgb_md5 } =
            self.hash_pixels(Source::Borrowed(pixels), orientation, &mut observe)?;
        let warnings = Vec::from_iter(Warning::of_quality(&hashes));
        let image = self.image(None, size, orientation, rgb_md5);
        Ok(Fingerprint { image: Some(image), hashes, variants, video: None, digests: Vec::new(), warnings })
    }

    pub(crate) fn wants_pixels(&self) -> bool {
        !self.selection.hashes.is_empty() || self.selection.variants.is_some() || self.rgb_md5
    }

    /// The fingerprint of a file whose digests are known; `bytes` may be only its head when it is no image.
    pub(crate) fn encoded(
        &self,
        bytes: &[u8],
        digests: Vec<Digest>,
        observe: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let bare = |digests, warnings| {
            Ok(Fingerprint {
                image: None,
                hashes: Vec::new(),
                variants: None,
                video: None,
                digests,
                warnings,
            })
        };
        let nothing = |digests, warning| bare(digests, vec![warning]);
        if self.wants_video(bytes) {
            return self.video(bytes, digests, observe);
        }
        match decode::probe(bytes) {
            None if digests.is_empty() => return Err(Error::NotAnImage),
            None => return nothing(digests, Warning::NotAnImage),
            Some(format) if !format.is_decodable() => {
                if digests.is_empty() {
                    return Err(Error::UnsupportedFormat { format });
                }
                return nothing(digests, Warning::UnsupportedFormat(format));
            }
            Some(_) => {}
        }
        if !self.wants_pixels() {
            return bare(digests, Vec::new());
        }
        let DecodedImage { mut image, mut warnings, raster } = self.decode(bytes)?;
        let Computed { hashes, variants, rgb_md5 } =
            self.hash_pixels(Source::Owned(raster), image.orientation, observe)?;
        warnings.extend(Warning::of_quality(&hashes));
        image.rgb_md5 = rgb_md5;
        Ok(Fingerprint { image: Some(image), hashes, variants, video: None, digests, warnings })
    }

    /// Whether a file that begins so is a video whose frames are to be hashed.
    pub(crate) fn wants_video(&self, head: &[u8]) -> bool {
        self.selection.vpdq && decode::probe(head).is_none() && video::is_video(head)
    }

    /// The fingerprint of a video; of one that cannot be decoded here, its digests and a warning.
    fn video(
        &self,
        bytes: &[u8],
        digests: Vec<Digest>,
        observe: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        self.limits.check_file_bytes(bytes.len() as u64)?;
        let hashed = video::hash(bytes, self.vpdq, &self.limits, self.accept_damaged, observe);
        let (video, warnings) = match hashed {
            Err(Error::UnsupportedVideo { detail }) if !digests.is_empty() => {
                (None, vec![Warning::UnsupportedVideo(detail)])
            }
            hashed => {
                let video = hashed?;
                let warnings = video.damaged.then_some(Warning::Damaged);
                (Some(video), warnings.into_iter().collect())
            }
        };
        Ok(Fingerprint { image: None, hashes: Vec::new(), variants: None, video, digests, warnings })
    }

    /// One pass over the pixels for all hashes.
    fn hash_pixels(
        &self,
        source: Source<'_>,
        orientation: ExifOrientation,
        observe: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Computed, Error> {
        let turn = self.turn(orientation);
        let size = turn.oriented_size(source.size());
        let mut requested = self.selection.hashes.clone();
        let variants = self.selection.variants.as_ref();
        if variants.is_some() {
            // The first of every set.
            requested.push(HashAlgorithm::PDQ);
        }
        let mut hashers = perceptual::start(&requested, size);
        let mut variant_hasher = variants.map(|set| set.start(size));
        let mut rgb_md5 = self.rgb_md5.then(|| Digester::new(&[DigestAlgorithm::Md5]));
        source.oriented_rows(turn, &mut |rows| {
            for hasher in &mut hashers {
                hasher.push(rows);
            }
            if let Some(hasher) = &mut variant_hasher {
                hasher.push(rows);
            }
            if let Some(digester) = &mut rgb_md5 {
                for row in rows {
                    digester.update(row);
                }
            }
            if observe().is_break() { Err(Error::Cancelled) } else { Ok(()) }
        })?;
        let mut hashes: Vec<PerceptualHash> = Vec::new();
        for hash in hashers.into_iter().flat_map(|hasher| hasher.finish()) {
            // A sort of these few would be another two kilobytes of every WebAssembly module.
            let place = hashes.partition_point(|before| before.algorithm <= hash.algorithm);
            hashes.insert(place, hash);
        }
        let own = hashes.iter().position(|hash| hash.algorithm == HashAlgorithm::PDQ);
        let variants = variants
            .zip(variant_hasher)
            .zip(own)
            .and_then(|((set, hasher), own)| Some(hasher.finish(set, hashes.get(own)?)));
        hashes.retain(|hash| self.selection.hashes.contains(&hash.algorithm));
        let rgb_md5 =
            rgb_md5.map(|digester| digester.finish().iter().map(|digest| hex(digest.as_bytes())).collect());
        Ok(Computed { hashes, variants, rgb_md5 })
    }

    /// The turn that the pixels get before they are hashed.
    fn turn(&self, orientation: ExifOrientation) -> ExifOrientation {
        match self.order {
            Orientation::Apply => orientation,
            Orientation::Ignore => ExifOrientation::Normal,
        }
    }

    fn image(
        &self,
        format: Option<Format>,
        stored: Size,
        orientation: ExifOrientation,
        rgb_md5: Option<String>,
    ) -> ImageInfo {
        let size = self.turn(orientation).oriented_size(stored);
        ImageInfo { rgb_md5, ..ImageInfo::from_parts(format, stored, size, orientation, self.order) }
    }
}

/// What one pass over the pixels gives.
struct Computed {
    hashes: Vec<PerceptualHash>,
    variants: Option<VariantHashes>,
    rgb_md5: Option<String>,
}
