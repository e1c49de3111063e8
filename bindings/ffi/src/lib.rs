//! The core for Kotlin and Swift, through UniFFI. Bytes, paths, pixels and streams come in, records go out; nothing
//! is decided or computed here.
//!
//! Every call blocks until it is done and may be made from any thread: the packages around this library bring it to
//! their language's way of waiting. A panic, which would be a defect, comes out as the error `internal`.

mod cancellation;
mod conversions;
mod error;
mod fingerprinter;
mod index;
mod limits;
mod lists;
mod records;
mod stopncii;
mod stream;
mod variants;
mod video;
mod vpdq;

pub use cancellation::{ByteSource, CancelToken, ProgressListener, SourceError};
pub use conversions::{FingerprintRecord, csv_header, csv_row, read_csv, read_record, write_record};
pub use error::OwnprintError;
pub use fingerprinter::{Fingerprinter, PixelLayout};
pub use index::{HashIndex, Hit};
pub use limits::{Limits, check_file_bytes, check_size};
pub use lists::{IndexReader, ListReader, ListedHash, exchange_line, read_list};
pub use records::{
    Capabilities, Comparison, Decoder, Diagnostic, Digest, DigestAlgorithm, FileFormat, Fingerprint,
    HashAlgorithm, ImageInfo, Options, PerceptualHash,
};
pub use stopncii::{
    StopNciiCase, StopNciiFeedback, StopNciiPage, StopNciiRecord, read_stop_ncii_page, write_stop_ncii_page,
};
pub use stream::FingerprintStream;
pub use variants::{SkipReason, SkippedVariant, VariantHash, VariantHashes, compare_variants};
pub use video::{
    VpdqFeature, VpdqFrame, read_vpdq_features, read_vpdq_frame, write_vpdq_features, write_vpdq_frame,
};
pub use vpdq::{FrameLayout, PlaneLayout, VideoComparison, VpdqHasher, compare_videos};

use ownprint::BitHash;
use zeroizing_alloc::ZeroAlloc;

use crate::error::caught;

uniffi::setup_scaffolding!();

/// Overwrites what it takes back: decoders free buffers that held pixels.
#[global_allocator]
static WIPING_ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Compares two hashes in hexadecimal digits under the named algorithm.
///
/// # Errors
/// `unknown-algorithm`, `invalid-hash`, `not-comparable`.
#[uniffi::export]
pub fn compare(algorithm: &str, a: &str, b: &str) -> Result<Comparison, OwnprintError> {
    caught(|| {
        let algorithm: ownprint::HashAlgorithm = algorithm.parse()?;
        let comparison =
            ownprint::hash::Comparison::new(algorithm, &BitHash::from_hex(a)?, &BitHash::from_hex(b)?)?;
        Ok(comparison.into())
    })
}

/// Bits that differ between two hashes of one length, in hexadecimal digits.
///
/// # Errors
/// `invalid-hash`, `not-comparable`.
#[uniffi::export]
pub fn distance(a: &str, b: &str) -> Result<u32, OwnprintError> {
    caught(|| BitHash::from_hex(a)?.distance(&BitHash::from_hex(b)?))
}

/// What this build can compute and decode, and what it computes unless told otherwise.
#[must_use]
#[uniffi::export]
pub fn capabilities() -> Capabilities {
    Capabilities::of_this_build()
}
