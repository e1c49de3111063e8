//! Overwriting what held an image: buffers when they are dropped, and the stack that other people's code used.
//!
//! `conformance/tests/residue.rs` looks through the memory of a process for what was missed.

use std::ops::ControlFlow;

use zeroize::Zeroize;

/// Overwrites the stack that the caller's calls have used, so many words of it.
#[inline(never)]
pub fn wipe_stack<const WORDS: usize>() {
    [0_u64; WORDS].zeroize();
}

/// Bytes that are overwritten with zeros when dropped, whichever way a function is left.
///
/// `zeroize` overwrites element by element with volatile stores; seen as 64-bit words the 36 MB of a 12-megapixel
/// image took 4.7 ms on the machine of `docs/benchmarks.md`, byte by byte 14.3.
#[derive(Default)]
pub struct WipedBytes(pub Vec<u8>);

impl WipedBytes {
    /// `length` zero bytes.
    pub fn zeroed(length: usize) -> Self {
        Self(vec![0; length])
    }

    /// Forgets everything from `length` on, wiped: what lies beyond a vector's length is not wiped on drop.
    pub fn truncate(&mut self, length: usize) {
        wipe(self.0.get_mut(length..).unwrap_or_default());
        self.0.truncate(length);
    }

    /// Hands out `length` bytes at a time and overwrites them behind, while they are in the cache still: the 36 MB of above
    /// take a third of the time.
    ///
    /// Ends when `each` breaks; what is left is overwritten then, too.
    pub fn consume(
        mut self,
        length: usize,
        mut each: impl FnMut(&[u8]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for piece in self.0.chunks_mut(length.max(1)) {
            each(piece)?;
            wipe(piece);
        }
        self.0 = Vec::new();
        ControlFlow::Continue(())
    }
}

impl Drop for WipedBytes {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(bytes: &mut [u8]) {
    let (head, words, tail) = bytemuck::pod_align_to_mut::<u8, u64>(bytes);
    head.zeroize();
    words.zeroize();
    tail.zeroize();
}

impl std::fmt::Debug for WipedBytes {
    /// Says how many, never which: pixels do not belong in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WipedBytes({})", self.0.len())
    }
}
