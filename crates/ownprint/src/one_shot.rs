//! Functions that fingerprint with the defaults in one call.

use std::path::Path;

use ownprint_hash::{BitHash, HashAlgorithm, ImageHasher, Quality};
use ownprint_pixels::{ExifOrientation, Pixels, Source};

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::fingerprinter::Fingerprinter;

/// Fingerprints the file at `path` with the defaults: PDQ of an image, vPDQ of a video, MD5,
/// SHA-256 and BLAKE3.
///
/// ```no_run
/// let fingerprint = ownprint::fingerprint_file("photo.jpg")?;
/// if let Some(pdq) = fingerprint.image()?.pdq() {
///     println!("{} quality {}", pdq.hash, pdq.quality);
/// }
/// # Ok::<(), ownprint::Error>(())
/// ```
///
/// # Errors
/// [`Error::Io`] if the file cannot be read. A file that cannot be decoded is not an error; see
/// [`Fingerprint::image`].
pub fn fingerprint_file(path: impl AsRef<Path>) -> Result<Fingerprint, Error> {
    Fingerprinter::default().fingerprint_file(path)
}

/// Fingerprints an encoded file in memory with the defaults: PDQ of an image, vPDQ of a video,
/// MD5, SHA-256 and BLAKE3.
///
/// ```
/// # #[cfg(feature = "pnm")] {
/// // A PGM file of eight by eight grey pixels.
/// let mut file = b"P5 8 8 255\n".to_vec();
/// file.extend((0..64).map(|at| at * 4));
/// let fingerprint = ownprint::fingerprint_bytes(&file)?;
/// assert_eq!(fingerprint.image()?.pdq().unwrap().hash.bits(), 256);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Only in case of a defect of this library. A file that cannot be decoded is not an error; see
/// [`Fingerprint::image`].
pub fn fingerprint_bytes(bytes: &[u8]) -> Result<Fingerprint, Error> {
    Fingerprinter::default().fingerprint_bytes(bytes)
}

/// Returns the PDQ hash of pixels and its quality, from 0 to 100.
///
/// ```
/// use ownprint::{PixelFormat, Pixels};
///
/// let rgb: Vec<u8> = (0..96 * 96 * 3).map(|i| (i * i / 7) as u8).collect();
/// let (hash, quality) = ownprint::pdq(&Pixels::new(&rgb, 96, 96, PixelFormat::Rgb8)?)?;
/// assert_eq!((hash.bits(), quality.value()), (256, 100));
/// # Ok::<(), ownprint::Error>(())
/// ```
///
/// # Errors
/// Only in case of a defect of this library.
pub fn pdq(pixels: &Pixels<'_>) -> Result<(BitHash, Quality), Error> {
    let mut hasher = ImageHasher::new(&[HashAlgorithm::PDQ], None, false, pixels.size());
    let rows = Source::Borrowed(pixels);
    let _ = rows.oriented_rows(ExifOrientation::Normal, &mut |rows| hasher.update(rows));
    let pdq = hasher
        .finalize()
        .hashes
        .pop()
        .and_then(|pdq| pdq.values.into_iter().next().zip(pdq.quality));
    pdq.ok_or_else(|| ownprint_hash::Error::Internal.into())
}
