//! The boxes of an ISO base media file (ISO/IEC 14496-12), of which JPEG XL's container is made too (ISO/IEC 18181-2, 9): a length,
//! four letters, a body.

/// The bodies of the boxes in `bytes`, with their letters. A last one that says it is longer than what is there ends where that ends:
/// a video that is cut off has its tables all the same, if they come first. One that is shorter than its own header ends the walk.
pub(crate) struct Boxes<'a> {
    rest: &'a [u8],
}

impl<'a> Boxes<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The first box with these letters.
    #[cfg(feature = "video")]
    pub(crate) fn find(mut self, kind: [u8; 4]) -> Option<&'a [u8]> {
        self.find_map(|(it, body)| (it == kind).then_some(body))
    }
}

impl<'a> Iterator for Boxes<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, behind) = self.rest.split_first_chunk()?;
        let (kind, behind) = behind.split_first_chunk()?;
        let (length, body) = match u32::from_be_bytes(*length) {
            // To the end of what is there.
            0 => (self.rest.len() as u64, behind),
            1 => {
                let (length, body) = behind.split_first_chunk()?;
                (u64::from_be_bytes(*length), body)
            }
            length => (length.into(), behind),
        };
        let header = self.rest.len() - body.len();
        let length = length.checked_sub(header as u64)?;
        let (body, rest) = body.split_at(usize::try_from(length).unwrap_or(usize::MAX).min(body.len()));
        self.rest = rest;
        Some((*kind, body))
    }
}
