//! The RIFF chunks of a WebP file (RFC 9649, 2).

/// Iterates over RIFF chunks: their types and payloads.
pub(super) struct Chunks<'a> {
    pub(super) rest: &'a [u8],
    /// The last chunk extends beyond the end of the bytes.
    pub(super) truncated: bool,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let chunk = self.rest.split_first_chunk::<4>().and_then(|(name, rest)| {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            let (payload, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            Some((name, payload, rest))
        });
        let Some((name, payload, rest)) = chunk else {
            self.truncated = !self.rest.is_empty();
            self.rest = &[];
            return None;
        };
        // A chunk of odd length is followed by one byte of padding.
        self.rest = rest.get(payload.len() % 2..).unwrap_or_default();
        Some((name, payload))
    }
}
