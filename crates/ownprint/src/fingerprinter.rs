//! Computes the hashes and digests of bytes and pixels.

use std::ops::ControlFlow;

use ownprint_decode::{
    self as decode, DecodedImage, ImageStream, can_decode, decode_with, is_video, probe,
};
use ownprint_hash::{
    Digest, Digester, ImageHasher, ImageHashes, Selection, VideoFingerprint, VpdqOptions,
};
use ownprint_pixels::{ExifOrientation, ImageInfo, Limits, Orientation, Pixels, Size, Source};

use crate::error::Error;
use crate::fingerprint::{Fingerprint, ImageFingerprint};
use crate::options::Options;
use crate::progress::Progress;
use crate::video;
use crate::warning::Warning;

/// Computes hashes and digests of images and videos.
///
/// A `Fingerprinter` is immutable and can be shared between threads. Build one with
/// [`Fingerprinter::builder`], or use [`fingerprint_file`](crate::fingerprint_file) for the
/// defaults: PDQ of an image, vPDQ of a video, MD5, SHA-256 and BLAKE3.
///
/// Every method that computes has a form that ends in `_with` and takes an observer: a closure that
/// is called repeatedly with the [`Progress`], and that cancels the call by returning a break. [`CancelToken::observer`](crate::CancelToken::observer) returns one.
///
/// # Errors
///
/// Methods fail only if the input cannot be read, if pixels exceed a limit, or if the call is
/// cancelled. An image that cannot be decoded is not an error: the digests are returned, and
/// [`Fingerprint::image`] reports the reason.
///
/// # Examples
///
/// ```
/// use ownprint::{ExifOrientation, Fingerprinter, PixelFormat, Pixels};
///
/// let rgb: Vec<u8> = (0..96 * 96 * 3).map(|i| (i * i / 7) as u8).collect();
/// let pixels = Pixels::new(&rgb, 96, 96, PixelFormat::Rgb8)?;
/// let fingerprinter = Fingerprinter::default();
/// let fingerprint = fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal)?;
/// let pdq = fingerprint.image().unwrap().pdq().unwrap();
/// assert_eq!(pdq.hash.to_hex().len(), 64);
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Fingerprinter {
    pub(crate) options: Options,
}

impl Fingerprinter {
    /// Returns the hashes and digests that are computed.
    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.options.selection
    }

    /// Returns the limits on files and pixels.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.options.limits
    }

    /// Returns how frames of videos are selected.
    #[must_use]
    pub fn vpdq_options(&self) -> VpdqOptions {
        self.options.vpdq
    }

    /// Fingerprints an encoded file in memory.
    ///
    /// # Errors
    /// [`Error::Pixels`] or [`Error::Hash`] only in case of a defect of this library.
    pub fn fingerprint_bytes(&self, bytes: &[u8]) -> Result<Fingerprint, Error> {
        self.fingerprint_bytes_with(bytes, |_progress| ControlFlow::Continue(()))
    }

    /// Like [`fingerprint_bytes`](Self::fingerprint_bytes), with an observer. While an image is
    /// decoded, it is called as [`decode_with`] says.
    ///
    /// # Errors
    /// [`Error::Cancelled`] if `observe` breaks.
    pub fn fingerprint_bytes_with(
        &self,
        bytes: &[u8],
        mut observe: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let mut digester = Digester::new(&self.selection().digests);
        let read = digester.read(bytes, &mut |bytes| observe(Progress::of_bytes(bytes)))?;
        self.encoded(bytes, digester.finalize(), Progress::of_bytes(read), &mut observe)
    }

    /// Fingerprints decoded pixels. The result has no digests, because there is no file.
    ///
    /// # Errors
    /// [`Error::Pixels`] if the pixels exceed a limit.
    pub fn fingerprint_pixels(
        &self,
        pixels: &Pixels<'_>,
        orientation: ExifOrientation,
    ) -> Result<Fingerprint, Error> {
        self.fingerprint_pixels_with(pixels, orientation, || ControlFlow::Continue(()))
    }

    /// Like [`fingerprint_pixels`](Self::fingerprint_pixels), with an observer, which is called
    /// every few rows.
    ///
    /// # Errors
    /// [`Error::Pixels`] if the pixels exceed a limit, [`Error::Cancelled`] if `observe` breaks.
    pub fn fingerprint_pixels_with(
        &self,
        pixels: &Pixels<'_>,
        orientation: ExifOrientation,
        mut observe: impl FnMut() -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let size = pixels.size();
        self.limits()
            .check_image(size, size.pixels() * pixels.format().bytes_per_pixel() as u64)?;
        let hashes = self.hash_pixels(Source::Borrowed(pixels), orientation, &mut observe)?;
        let mut info = self.image_info(None, size, orientation);
        info.rgb_md5 = hashes.rgb_md5;
        let warnings = Vec::from_iter(Warning::of_quality(&hashes.hashes));
        let image = ImageFingerprint { info, hashes: hashes.hashes, variants: hashes.variants };
        Ok(Fingerprint {
            image: Ok(image),
            video: Err(decode::Error::NotRequested),
            digests: Vec::new(),
            warnings,
            is_video: false,
        })
    }

    /// Fingerprints an image of the crate `image`, without a transform.
    ///
    /// Alpha is dropped, and 16-bit and floating-point samples are reduced to 8 bits, as by
    /// `DynamicImage::to_rgb8`.
    ///
    /// ```
    /// use ownprint::Fingerprinter;
    ///
    /// let image = image::DynamicImage::new_rgb8(64, 64);
    /// let fingerprint = Fingerprinter::default().fingerprint_image(&image)?;
    /// assert_eq!(fingerprint.image().unwrap().pdq().unwrap().quality.value(), 0);
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Pixels`] if the image exceeds a limit or has no pixels.
    #[cfg(feature = "image")]
    pub fn fingerprint_image(&self, image: &image::DynamicImage) -> Result<Fingerprint, Error> {
        self.fingerprint_image_with(image, || ControlFlow::Continue(()))
    }

    /// Like [`fingerprint_image`](Self::fingerprint_image), with an observer.
    ///
    /// # Errors
    /// [`Error::Pixels`] if the image exceeds a limit or has no pixels, [`Error::Cancelled`] if
    /// `observe` breaks.
    #[cfg(feature = "image")]
    pub fn fingerprint_image_with(
        &self,
        image: &image::DynamicImage,
        observe: impl FnMut() -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        use image::DynamicImage;
        use ownprint_pixels::PixelFormat;

        let (width, height) = (image.width(), image.height());
        let converted;
        let (bytes, format) = match image {
            DynamicImage::ImageRgb8(image) => (image.as_raw(), PixelFormat::Rgb8),
            DynamicImage::ImageRgba8(image) => (image.as_raw(), PixelFormat::Rgba8),
            DynamicImage::ImageLuma8(image) => (image.as_raw(), PixelFormat::L8),
            other => {
                let size = Size { width, height };
                self.limits().check_image(size, size.pixels() * 3)?;
                converted = ownprint_pixels::wipe::WipedBytes(other.to_rgb8().into_raw());
                (&converted.0, PixelFormat::Rgb8)
            }
        };
        let pixels = Pixels::new(bytes, width, height, format)?;
        self.fingerprint_pixels_with(&pixels, ExifOrientation::Normal, observe)
    }

    /// Decodes an image with the options of this fingerprinter and computes no hashes.
    ///
    /// ```
    /// # #[cfg(feature = "pnm")] {
    /// use ownprint::{Fingerprinter, Format};
    ///
    /// let fingerprinter = Fingerprinter::default();
    /// let decoded = fingerprinter.decode(b"P6 1 1 255 rgb")?;
    /// assert_eq!((decoded.format, decoded.rgb()), (Format::Pnm, b"rgb".as_slice()));
    /// let fingerprint = fingerprinter.fingerprint_pixels(&decoded.pixels(), decoded.orientation)?;
    /// assert_eq!(fingerprint.image()?.hashes.len(), 1);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The reason why the file could not be decoded.
    pub fn decode(&self, bytes: &[u8]) -> Result<DecodedImage, decode::Error> {
        decode::decode(bytes, self.limits(), self.options.accept_damaged)
    }

    /// Returns a stream that decodes an image that arrives in pieces; see [`decode`](Self::decode).
    #[must_use]
    pub fn decode_stream(&self) -> ImageStream {
        ImageStream::new(*self.limits(), self.options.accept_damaged)
    }

    /// Returns the properties of an image that was decoded with this fingerprinter's options, and
    /// the warnings about it.
    #[must_use]
    pub fn describe(&self, decoded: &DecodedImage) -> (ImageInfo, Vec<Warning>) {
        let mut info = self.image_info(Some(decoded.format), decoded.size(), decoded.orientation);
        info.damaged = decoded.damaged;
        info.deterministic = decoded.deterministic;
        let warnings = [
            decoded.damaged.then_some(Warning::Damaged),
            decoded.first_frame_only.then_some(Warning::FirstFrameOnly),
        ];
        (info, warnings.into_iter().flatten().collect())
    }

    /// Returns `true` if a file that begins with `head` is an image whose hashes are requested, and
    /// must be kept in memory.
    pub(crate) fn wants_decodable_image(&self, head: &[u8]) -> bool {
        self.wants_image() && probe(head).is_some_and(can_decode)
    }

    pub(crate) fn wants_image(&self) -> bool {
        let Selection { hashes, variants, .. } = self.selection();
        !hashes.is_empty() || variants.is_some() || self.options.rgb_md5
    }

    pub(crate) fn wants_video(&self, head: &[u8]) -> bool {
        self.selection().vpdq && decode::DECODES_VIDEOS && is_video(head)
    }

    /// Returns the fingerprint of a file whose digests are computed. `bytes` may be the head of the
    /// file only, unless its hashes are requested.
    pub(crate) fn encoded(
        &self,
        bytes: &[u8],
        digests: Vec<Digest>,
        read: Progress,
        observe: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        match self.encoded_video(bytes, observe)? {
            video @ Err(decode::Error::NotRequested | decode::Error::NotAVideo) => {
                let mut warnings = Vec::new();
                let image = self.encoded_image(bytes, &mut warnings, &mut || observe(read))?;
                let is_video = is_video(bytes);
                Ok(self.complete(Fingerprint { image, video, digests, warnings, is_video }))
            }
            video => Ok(self.of_video(bytes, digests, video)),
        }
    }

    /// Returns the fingerprint of a video file that begins with `head`, and whose hashes were
    /// requested.
    pub(crate) fn of_video(
        &self,
        head: &[u8],
        digests: Vec<Digest>,
        video: Result<VideoFingerprint, decode::Error>,
    ) -> Fingerprint {
        let is_damaged = video.as_ref().is_ok_and(|video| video.damaged);
        let warnings = Vec::from_iter(is_damaged.then_some(Warning::Damaged));
        let image = Err(if self.wants_image() {
            decode::Error::NotAnImage
        } else {
            decode::Error::NotRequested
        });
        let is_video = is_video(head);
        self.complete(Fingerprint { image, video, digests, warnings, is_video })
    }

    /// Adds the warnings about what is missing.
    fn complete(&self, mut fingerprint: Fingerprint) -> Fingerprint {
        fingerprint.warn_of_missing(self.wants_image());
        fingerprint
    }

    fn encoded_image(
        &self,
        bytes: &[u8],
        warnings: &mut Vec<Warning>,
        observe: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Result<ImageFingerprint, decode::Error>, Error> {
        if self.selection().vpdq && !self.wants_image() {
            return Ok(Err(decode::Error::NotRequested));
        }
        match probe(bytes) {
            None => return Ok(Err(decode::Error::NotAnImage)),
            Some(format) if !can_decode(format) => {
                return Ok(Err(decode::Error::UnsupportedFormat { format }));
            }
            Some(_) if !self.wants_image() => return Ok(Err(decode::Error::NotRequested)),
            Some(_) => {}
        }
        let accept_damaged = self.options.accept_damaged;
        let decoded = match decode_with(bytes, self.limits(), accept_damaged, &mut *observe) {
            Ok(decoded) => decoded,
            Err(decode::Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => return Ok(Err(error)),
        };
        let (mut info, about) = self.describe(&decoded);
        let hashes =
            self.hash_pixels(Source::Owned(decoded.into_raster()), info.orientation, observe)?;
        warnings.extend(about);
        warnings.extend(Warning::of_quality(&hashes.hashes));
        info.rgb_md5 = hashes.rgb_md5;
        Ok(Ok(ImageFingerprint { info, hashes: hashes.hashes, variants: hashes.variants }))
    }

    fn encoded_video(
        &self,
        bytes: &[u8],
        observe: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Result<VideoFingerprint, decode::Error>, Error> {
        if !self.selection().vpdq {
            return Ok(Err(decode::Error::NotRequested));
        }
        if !is_video(bytes) {
            return Ok(Err(decode::Error::NotAVideo));
        }
        if !self.wants_video(bytes) {
            return Ok(Err(video::unsupported()));
        }
        video::hash(bytes, &self.options, observe)
    }

    /// Computes all hashes in one pass over the pixels.
    fn hash_pixels(
        &self,
        source: Source<'_>,
        orientation: ExifOrientation,
        observe: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<ImageHashes, Error> {
        let transform = self.transform(orientation);
        let Selection { hashes, variants, .. } = self.selection();
        let size = transform.oriented_size(source.size());
        let mut hasher = ImageHasher::new(hashes, variants.as_ref(), self.options.rgb_md5, size);
        let rows = source.oriented_rows(transform, &mut |rows| {
            hasher.update(rows)?;
            observe()
        });
        if rows.is_break() { Err(Error::Cancelled) } else { Ok(hasher.finalize()) }
    }

    /// Returns the transform that is applied to the pixels before hashing.
    fn transform(&self, orientation: ExifOrientation) -> ExifOrientation {
        match self.options.orientation {
            Orientation::Apply => orientation,
            Orientation::Ignore => ExifOrientation::Normal,
        }
    }

    fn image_info(
        &self,
        format: Option<ownprint_pixels::Format>,
        stored: Size,
        orientation: ExifOrientation,
    ) -> ImageInfo {
        let size = self.transform(orientation).oriented_size(stored);
        let applied = self.options.orientation == Orientation::Apply;
        ImageInfo::from_parts(format, stored, size, orientation, applied)
    }
}
