//! Boxes of the ISO base media file format (ISO/IEC 14496-12): a length, a type of four letters, a
//! body.
//!
//! The container of JPEG XL (ISO/IEC 18181-2, 9) uses them too.

/// Iterates over the boxes in `bytes`: their types and bodies.
///
/// A last box that is longer than the remaining bytes is cut to them, because the tables of a
/// truncated video can still be complete. A box that is shorter than its own header ends the
/// iteration.
pub(crate) struct Boxes<'a> {
    rest: &'a [u8],
}

impl<'a> Boxes<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Returns the position of the next box in `whole`, whose boxes these are.
    #[cfg(feature = "video")]
    pub(crate) fn position_in(&self, whole: &[u8]) -> u64 {
        whole.len().saturating_sub(self.rest.len()) as u64
    }

    /// Returns the body of the first box of this type.
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
            // The box extends to the end of the bytes.
            0 => (self.rest.len() as u64, behind),
            1 => {
                let (length, body) = behind.split_first_chunk()?;
                (u64::from_be_bytes(*length), body)
            }
            length => (length.into(), behind),
        };
        let header = self.rest.len() - body.len();
        let length = length.checked_sub(header as u64)?;
        let (body, rest) =
            body.split_at(usize::try_from(length).unwrap_or(usize::MAX).min(body.len()));
        self.rest = rest;
        Some((*kind, body))
    }
}
