//! The bytes of a saved index that are read where they are, and verified in blocks.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::error::{Error, invalid};

/// Number of bytes that share a checksum: the smallest for which BLAKE3 reaches its speed with
/// 256-bit registers.
pub(crate) const BLOCK: usize = 8_192;

/// Number of bytes of a checksum.
pub(crate) const SUM: usize = 32;

/// The bytes of a file.
pub(crate) type Bytes = Box<dyn AsRef<[u8]> + Send + Sync>;

/// A saved index in memory that the caller does not change. A block is compared with its checksum
/// before its first use.
pub(crate) struct Mapping {
    bytes: Bytes,
    /// The part that is divided into blocks.
    body: Range<usize>,
    /// The position of the checksums of the blocks.
    sums: usize,
    /// One bit for each block whose checksum matches.
    verified: Vec<AtomicU64>,
    is_damaged: AtomicBool,
}

impl Mapping {
    /// `sums` is the position of the checksums, which the caller has verified.
    pub(crate) fn new(bytes: Bytes, body: Range<usize>, sums: usize) -> Self {
        let words = body.len().div_ceil(BLOCK).div_ceil(64);
        let verified = (0..words).map(|_| AtomicU64::new(0)).collect();
        Self { bytes, body, sums, verified, is_damaged: AtomicBool::new(false) }
    }

    #[inline(always)]
    pub(crate) fn bytes(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    /// Compares the blocks of a range of bytes with their checksums.
    #[inline(always)]
    pub(crate) fn check(&self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let first = range.start.saturating_sub(self.body.start) / BLOCK;
        let last = (range.end - 1).saturating_sub(self.body.start) / BLOCK;
        for block in first..=last {
            let is_verified = self
                .verified
                .get(block / 64)
                .is_some_and(|word| word.load(Ordering::Relaxed) >> (block % 64) & 1 == 1);
            if !is_verified {
                self.verify_block(block);
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn verify_block(&self, block: usize) {
        if self.is_intact(block) {
            if let Some(word) = self.verified.get(block / 64) {
                word.fetch_or(1 << (block % 64), Ordering::Relaxed);
            }
        } else {
            self.is_damaged.store(true, Ordering::Relaxed);
        }
    }

    fn is_intact(&self, block: usize) -> bool {
        let start = self.body.start + block * BLOCK;
        let end = self.body.end.min(start + BLOCK);
        let sum = self.sums + block * SUM;
        let bytes = self.bytes();
        let (Some(bytes), Some(sum)) = (bytes.get(start..end), bytes.get(sum..sum + SUM)) else {
            return false;
        };
        !bytes.is_empty() && blake3::hash(bytes).as_bytes() == sum
    }

    /// Returns an error if a block that was used differs from its checksum.
    pub(crate) fn state(&self) -> Result<(), Error> {
        if self.is_damaged.load(Ordering::Relaxed) {
            return Err(invalid("the checksum does not match: the file was altered or damaged"));
        }
        Ok(())
    }

    /// Verifies all blocks on up to `threads` threads.
    pub(crate) fn verify(&self, threads: usize) -> Result<(), Error> {
        let blocks = self.body.len().div_ceil(BLOCK);
        let next = AtomicUsize::new(0);
        crate::threads::run(threads, || {
            loop {
                let first = next.fetch_add(256, Ordering::Relaxed);
                if first >= blocks {
                    break;
                }
                for block in first..blocks.min(first + 256) {
                    self.verify_block(block);
                }
            }
        });
        self.state()
    }
}
