//! How much of a file is done.

/// How much of a file is done, as observers receive it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes read so far. The bytes of a video that are read again for its frames do not count.
    pub bytes: u64,
    /// Frames of a video that are decoded or skipped so far.
    pub frames: u64,
    /// The number of all frames of a video; 0 before it is known, and for other files.
    pub total_frames: u64,
}

impl Progress {
    pub(crate) fn of_bytes(bytes: u64) -> Self {
        Self { bytes, ..Self::default() }
    }
}
