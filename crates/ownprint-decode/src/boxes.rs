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

    /// Returns the body of the first box of this type.
    #[cfg(feature = "video")]
    pub(crate) fn find(mut self, kind: [u8; 4]) -> Option<&'a [u8]> {
        self.find_map(|(it, body)| (it == kind).then_some(body))
    }
}

impl<'a> Iterator for Boxes<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let BoxHeader { kind, bytes, body } = BoxHeader::read(self.rest, self.rest.len() as u64)?;
        let body_and_rest = self.rest.get(bytes..)?;
        let (body, rest) = body_and_rest.split_at_checked(usize::try_from(body).ok()?)?;
        self.rest = rest;
        Some((kind, body))
    }
}

/// The header of a box.
pub(crate) struct BoxHeader {
    pub(crate) kind: [u8; 4],
    /// The length of the header.
    pub(crate) bytes: usize,
    /// The length of the body, cut to the remaining bytes.
    pub(crate) body: u64,
}

impl BoxHeader {
    /// The longest header.
    #[cfg(feature = "video")]
    pub(crate) const MAXIMUM_BYTES: u64 = 16;

    /// Reads the header of the box that `bytes` begin with. Together, the box and what follows it
    /// have `remaining` bytes, which may be more than `bytes`.
    pub(crate) fn read(bytes: &[u8], remaining: u64) -> Option<Self> {
        let (length, behind) = bytes.split_first_chunk()?;
        let (kind, behind) = behind.split_first_chunk()?;
        let (length, header) = match u32::from_be_bytes(*length) {
            // The box extends to the end of the bytes.
            0 => (remaining, 8),
            1 => (u64::from_be_bytes(*behind.first_chunk()?), 16),
            length => (length.into(), 8),
        };
        let body = length.checked_sub(header)?.min(remaining.checked_sub(header)?);
        Some(Self { kind: *kind, bytes: usize::try_from(header).ok()?, body })
    }
}
