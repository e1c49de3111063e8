//! Overwrites memory that held an image: buffers on drop, and the stack that decoders used.
//!
//! `conformance/tests/residue.rs` searches the memory of a process for pixels that remain.

use std::ops::ControlFlow;

use zeroize::Zeroize;

/// Overwrites `WORDS` 64-bit words of the stack below the caller, which earlier calls used.
#[inline(never)]
pub fn wipe_stack<const WORDS: usize>() {
    [0_u64; WORDS].zeroize();
}

/// Bytes that are overwritten with zeros on drop.
///
/// `zeroize` overwrites each element with a volatile store, so the bytes are overwritten as 64-bit
/// words, which takes a third of the time.
#[derive(Default)]
pub struct WipedBytes(pub Vec<u8>);

impl WipedBytes {
    /// Returns `length` zero bytes.
    #[must_use]
    pub fn zeroed(length: usize) -> Self {
        Self(vec![0; length])
    }

    /// Wipes and removes the bytes from `length` on. On drop, only the bytes within the length of
    /// the vector are wiped.
    pub fn truncate(&mut self, length: usize) {
        wipe(self.0.get_mut(length..).unwrap_or_default());
        self.0.truncate(length);
    }

    /// Calls `each` with `length` bytes at a time and overwrites them afterwards, until `each`
    /// breaks.
    ///
    /// The bytes are still in the cache then, so overwriting takes a third of the time. If `each`
    /// breaks, the remaining bytes are overwritten too.
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
    /// Writes the number of bytes but not the bytes, so that no pixels reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WipedBytes({})", self.0.len())
    }
}
