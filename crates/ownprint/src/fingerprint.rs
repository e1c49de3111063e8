//! The main job: what to compute, over what, in one call.

use std::ops::ControlFlow;

use crate::decode::{self, Decoded, Format};
use crate::digest::{Digest, DigestAlgorithm, Digester};
use crate::hash::hex;
use crate::perceptual::{self, HashAlgorithm, PerceptualHash};
use crate::walk::Source;
use crate::warning::Warning;
use crate::{
    DecodedPicture, Error, Film, Limits, Orientation, Picture, PixelOrder, Pixels, Selection, Size,
    VariantHashes, VariantSet, VpdqOptions, video,
};

/// Everything that was computed of one picture or file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fingerprint {
    /// The picture, or `None` for a file that is no picture this build decodes; such a file has digests only.
    pub picture: Option<Picture>,
    /// The perceptual hashes, in the order of [`HashAlgorithm`].
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the picture's edited forms, where they were asked for.
    pub variants: Option<VariantHashes>,
    /// The film and the hashes of its frames, where they were asked for and the file is one.
    pub film: Option<Film>,
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

/// What to compute, set once and used for any number of pictures, from any number of threads.
///
/// Defaults: `pdq`, MD5, SHA-256 and BLAKE3, upright pixels, damaged files refused.
///
/// ```
/// use ownprint::{Fingerprinter, HashAlgorithm, Orientation, PixelFormat, Pixels};
///
/// let rgb: Vec<u8> = (0..96 * 96 * 3).map(|i| (i * i / 7) as u8).collect();
/// let pixels = Pixels::new(&rgb, 96, 96, PixelFormat::Rgb8)?;
/// let fingerprint = Fingerprinter::new().pixels(&pixels, Orientation::Upright)?;
/// let pdq = fingerprint.hash(HashAlgorithm::PDQ).unwrap();
/// assert_eq!(pdq.values[0].to_hex().len(), 64);
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Fingerprinter {
    selection: Selection,
    order: PixelOrder,
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
            order: PixelOrder::Upright,
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

    /// The edited forms of the picture whose PDQ hashes to compute too, or none, which is the default. The pass over the
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
    pub fn order(mut self, order: PixelOrder) -> Self {
        self.order = order;
        self
    }

    /// What a picture may ask for.
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

    /// Which frames of films are hashed, where [`Selection::vpdq`] asks for them.
    #[must_use]
    pub fn vpdq(mut self, options: VpdqOptions) -> Self {
        self.vpdq = options;
        self
    }

    /// Fingerprints an encoded file in memory.
    ///
    /// # Errors
    /// Any [`Error`] of a picture that cannot be decoded. A file that is no picture gives its digests and a warning,
    /// or [`Error::NotAPicture`] / [`Error::UnsupportedFormat`] when no digest was asked for.
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
    /// Any [`Error`] of a picture that cannot be decoded, [`Error::NotAPicture`] and [`Error::UnsupportedFormat`].
    ///
    /// ```
    /// use ownprint::{Fingerprinter, Format};
    ///
    /// let fingerprinter = Fingerprinter::new();
    /// # #[cfg(feature = "pnm")] {
    /// let decoded = fingerprinter.decode(b"P6 1 1 255 rgb")?;
    /// assert_eq!((decoded.picture.format, decoded.rgb()), (Some(Format::Pnm), b"rgb".as_slice()));
    /// let fingerprint = fingerprinter.pixels(&decoded.pixels(), decoded.picture.orientation)?;
    /// assert_eq!(fingerprint.hashes.len(), 1);
    /// # }
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    pub fn decode(&self, bytes: &[u8]) -> Result<DecodedPicture, Error> {
        self.limits.check_file_bytes(bytes.len() as u64)?;
        let Decoded { raster, format, orientation, damaged, animated, exact } =
            decode::decode(bytes, &self.limits, self.accept_damaged)?;
        let mut picture = self.picture(Some(format), raster.size(), orientation, None);
        picture.damaged = damaged;
        picture.exact = exact;
        let warnings = [damaged.then_some(Warning::Damaged), animated.then_some(Warning::FirstFrameOnly)];
        Ok(DecodedPicture { picture, warnings: warnings.into_iter().flatten().collect(), raster })
    }

    /// Fingerprints decoded pixels; there are no digests, for there is no file.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`].
    pub fn pixels(&self, pixels: &Pixels<'_>, orientation: Orientation) -> Result<Fingerprint, Error> {
        self.pixels_observed(pixels, orientation, || ControlFlow::Continue(()))
    }

    /// As [`pixels`](Self::pixels), with an observer who is asked every few rows and ends the work by breaking.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when `observe` breaks, and those of [`pixels`](Self::pixels).
    pub fn pixels_observed(
        &self,
        pixels: &Pixels<'_>,
        orientation: Orientation,
        mut observe: impl FnMut() -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let size = pixels.size();
        self.limits.check_picture(size, size.pixels() * pixels.format().bytes_per_pixel() as u64)?;
        let Computed { hashes, variants, rgb_md5 } =
            self.hash_pixels(Source::Lent(pixels), orientation, &mut observe)?;
        let warnings = Vec::from_iter(Warning::of_quality(&hashes));
        let picture = self.picture(None, size, orientation, rgb_md5);
        Ok(Fingerprint {
            picture: Some(picture),
            hashes,
            variants,
            film: None,
            digests: Vec::new(),
            warnings,
        })
    }

    pub(crate) fn wants_pixels(&self) -> bool {
        !self.selection.hashes.is_empty() || self.selection.variants.is_some() || self.rgb_md5
    }

    /// The fingerprint of a file whose digests are known; `bytes` may be only its head when it is no picture.
    pub(crate) fn encoded(
        &self,
        bytes: &[u8],
        digests: Vec<Digest>,
        observe: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let bare = |digests, warnings| {
            Ok(Fingerprint {
                picture: None,
                hashes: Vec::new(),
                variants: None,
                film: None,
                digests,
                warnings,
            })
        };
        let nothing = |digests, warning| bare(digests, vec![warning]);
        if self.wants_film(bytes) {
            return self.film(bytes, digests, observe);
        }
        match decode::sniff(bytes) {
            None if digests.is_empty() => return Err(Error::NotAPicture),
            None => return nothing(digests, Warning::NotAPicture),
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
        let DecodedPicture { mut picture, mut warnings, raster } = self.decode(bytes)?;
        let Computed { hashes, variants, rgb_md5 } =
            self.hash_pixels(Source::Owned(raster), picture.orientation, observe)?;
        warnings.extend(Warning::of_quality(&hashes));
        picture.rgb_md5 = rgb_md5;
        Ok(Fingerprint { picture: Some(picture), hashes, variants, film: None, digests, warnings })
    }

    /// Whether a file that begins so is a film whose frames are to be hashed.
    pub(crate) fn wants_film(&self, head: &[u8]) -> bool {
        self.selection.vpdq && decode::sniff(head).is_none() && video::is_film(head)
    }

    /// The fingerprint of a film; of one that cannot be decoded here, its digests and a warning.
    fn film(
        &self,
        bytes: &[u8],
        digests: Vec<Digest>,
        observe: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        self.limits.check_file_bytes(bytes.len() as u64)?;
        let hashed = video::hash(bytes, self.vpdq, &self.limits, self.accept_damaged, observe);
        let (film, warnings) = match hashed {
            Err(Error::UnsupportedFilm { detail }) if !digests.is_empty() => {
                (None, vec![Warning::UnsupportedFilm(detail)])
            }
            hashed => {
                let film = hashed?;
                let warnings = film.damaged.then_some(Warning::Damaged);
                (Some(film), warnings.into_iter().collect())
            }
        };
        Ok(Fingerprint { picture: None, hashes: Vec::new(), variants: None, film, digests, warnings })
    }

    /// One pass over the pixels for all hashes.
    fn hash_pixels(
        &self,
        source: Source<'_>,
        orientation: Orientation,
        observe: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Computed, Error> {
        let turn = self.turn(orientation);
        let size = turn.upright(source.size());
        let mut requested = self.selection.hashes.clone();
        let variants = self.selection.variants.as_ref();
        if variants.is_some() {
            // The first of every set.
            requested.push(HashAlgorithm::PDQ);
        }
        let mut hashers = perceptual::start(&requested, size);
        let mut variant_hasher = variants.map(|set| set.start(size));
        let mut rgb_md5 = self.rgb_md5.then(|| Digester::new(&[DigestAlgorithm::Md5]));
        source.upright_rows(turn, &mut |rows| {
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
    fn turn(&self, orientation: Orientation) -> Orientation {
        match self.order {
            PixelOrder::Upright => orientation,
            PixelOrder::Stored => Orientation::Upright,
        }
    }

    fn picture(
        &self,
        format: Option<Format>,
        stored: Size,
        orientation: Orientation,
        rgb_md5: Option<String>,
    ) -> Picture {
        let size = self.turn(orientation).upright(stored);
        Picture { rgb_md5, ..Picture::known(format, stored, size, orientation, self.order) }
    }
}

/// What one pass over the pixels gives.
struct Computed {
    hashes: Vec<PerceptualHash>,
    variants: Option<VariantHashes>,
    rgb_md5: Option<String>,
}
