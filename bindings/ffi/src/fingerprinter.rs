//! The main job, from every entry point.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use ownprint::{Error, ExifOrientation, PixelFormat, Pixels};

use crate::cancellation::{SourceReader, Watch};
use crate::error::caught;
use crate::{ByteSource, CancelToken, Fingerprint, Options, OwnprintError, ProgressListener};

/// How pixels lie in a buffer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PixelLayout {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The bytes of one pixel: `rgb8`, `rgba8`, `bgra8` or `l8`.
    pub format: String,
    /// Bytes from the start of one row to that of the next; nothing where rows follow one another.
    #[uniffi(default = None)]
    pub stride: Option<u32>,
    /// The orientation that the pixels are in, as EXIF numbers it: 1 to 8, where 1 is upright.
    #[uniffi(default = 1)]
    pub orientation: u16,
}

/// What to compute, set once and used for any number of images, from any number of threads.
///
/// Every call may be given a token to end it with and a listener for its progress.
#[derive(Debug, uniffi::Object)]
pub struct Fingerprinter(ownprint::Fingerprinter);

#[uniffi::export]
impl Fingerprinter {
    /// A fingerprinter for these options.
    ///
    /// # Errors
    /// `unknown-algorithm`, `unknown-variant`, `invalid-variants`.
    #[uniffi::constructor]
    pub fn new(options: &Options) -> Result<Arc<Self>, OwnprintError> {
        caught(|| options.to_fingerprinter()).map(|fingerprinter| Arc::new(Self(fingerprinter)))
    }

    /// Fingerprints the file at a path.
    ///
    /// # Errors
    /// `io`, `cancelled`, and those of [`fingerprint_bytes`](Self::fingerprint_bytes).
    pub fn fingerprint_file(
        &self,
        path: &str,
        cancel: Option<Arc<CancelToken>>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Fingerprint, OwnprintError> {
        watched(cancel, progress, |watch| {
            let file = File::open(Path::new(path))?;
            self.0.fingerprint_reader_with(file, |bytes_read| watch.observe(bytes_read))
        })
    }

    /// Fingerprints a whole file in memory, without copying it.
    ///
    /// # Errors
    /// `cancelled`, and any code of an image that cannot be decoded. A file that is no image gives its digests and a
    /// warning, or `not-an-image` / `unsupported-format` when no digest was asked for.
    pub fn fingerprint_bytes(
        &self,
        bytes: &[u8],
        cancel: Option<Arc<CancelToken>>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Fingerprint, OwnprintError> {
        watched(cancel, progress, |watch| {
            self.0.fingerprint_bytes_with(bytes, |bytes_read| watch.observe(bytes_read))
        })
    }

    /// Fingerprints what a source gives: an image is kept in memory, anything else only passes through the digests, in
    /// constant memory whatever its length.
    ///
    /// # Errors
    /// `io` when the source fails, `cancelled`, and those of [`fingerprint_bytes`](Self::fingerprint_bytes).
    pub fn fingerprint_stream(
        &self,
        source: Arc<dyn ByteSource>,
        cancel: Option<Arc<CancelToken>>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Fingerprint, OwnprintError> {
        watched(cancel, progress, |watch| {
            self.0.fingerprint_reader_with(SourceReader::new(source), |bytes_read| watch.observe(bytes_read))
        })
    }

    /// Fingerprints decoded pixels where they lie, without copying them; there are no digests, for there is no file.
    ///
    /// # Errors
    /// `invalid-pixels`, `limit-exceeded`, `cancelled`.
    pub fn fingerprint_pixels(
        &self,
        pixels: &[u8],
        layout: &PixelLayout,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Fingerprint, OwnprintError> {
        watched(cancel, None, |watch| {
            let view = layout.view(pixels)?;
            self.0.fingerprint_pixels_with(&view, ExifOrientation::from_exif(layout.orientation), || {
                watch.go_on()
            })
        })
    }
}

impl Fingerprinter {
    pub(crate) fn core(&self) -> &ownprint::Fingerprinter {
        &self.0
    }
}

impl PixelLayout {
    fn view<'a>(&self, pixels: &'a [u8]) -> Result<Pixels<'a>, Error> {
        let format: PixelFormat = self.format.parse()?;
        match self.stride {
            None => Pixels::new(pixels, self.width, self.height, format),
            Some(stride) => Pixels::with_stride(pixels, self.width, self.height, format, stride as usize),
        }
    }
}

fn watched(
    cancel: Option<Arc<CancelToken>>,
    progress: Option<Arc<dyn ProgressListener>>,
    work: impl FnOnce(&mut Watch) -> Result<ownprint::Fingerprint, Error>,
) -> Result<Fingerprint, OwnprintError> {
    caught(|| {
        let mut watch = Watch::new(cancel, progress);
        if watch.go_on().is_break() {
            return Err(Error::Cancelled);
        }
        let fingerprint = work(&mut watch)?;
        watch.finish();
        Ok(fingerprint.into())
    })
}
