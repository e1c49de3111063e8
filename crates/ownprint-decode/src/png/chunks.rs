//! The chunks of a PNG file, and a reader that passes on only those of the image.

use std::io::{BufRead, Error, ErrorKind, Read, Result, Seek, SeekFrom};

use crate::observer::Observer;

/// The length of the signature of a file.
const SIGNATURE_BYTES: usize = 8;

/// Iterates over the chunks: their types and payloads.
pub(super) struct Chunks<'a> {
    pub(super) rest: &'a [u8],
    /// The last chunk extends beyond the end of the file.
    pub(super) truncated: bool,
}

impl<'a> Chunks<'a> {
    pub(super) fn of(file: &'a [u8]) -> Self {
        Self { rest: file.get(SIGNATURE_BYTES..).unwrap_or_default(), truncated: false }
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let chunk = self.rest.split_first_chunk::<4>().and_then(|(length, rest)| {
            let (name, rest) = rest.split_first_chunk::<4>()?;
            let (payload, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
            // The decoder verifies the checksum.
            let (_, rest) = rest.split_at_checked(4)?;
            Some((name, payload, rest))
        });
        let Some((name, payload, rest)) = chunk else {
            self.truncated = !self.rest.is_empty();
            self.rest = &[];
            return None;
        };
        self.rest = rest;
        Some((name, payload))
    }
}

/// Reads a file without the chunks that do not affect pixels: texts, profiles, later frames.
///
/// The decoder would store every text and unpack every profile.
pub(super) struct ImageChunks<'a, 'b> {
    observer: &'a mut Observer<'b>,
    /// The part that is being read.
    part: &'a [u8],
    rest: &'a [u8],
}

impl<'a, 'b> ImageChunks<'a, 'b> {
    pub(super) fn of(file: &'a [u8], observer: &'a mut Observer<'b>) -> Self {
        let (part, rest) = file.split_at(SIGNATURE_BYTES.min(file.len()));
        Self { observer, part, rest }
    }
}

impl BufRead for ImageChunks<'_, '_> {
    /// Fails if decoding is cancelled. The decoder calls this every few rows.
    fn fill_buf(&mut self) -> Result<&[u8]> {
        self.observer.check().map_err(|_| Error::from(ErrorKind::Other))?;
        while self.part.is_empty() && !self.rest.is_empty() {
            let mut chunks = Chunks { rest: self.rest, truncated: false };
            // A truncated chunk is passed on, so that the decoder reports it.
            let is_kept = chunks
                .next()
                .is_none_or(|(name, _)| name[0].is_ascii_uppercase() || name == b"tRNS");
            let (part, rest) = self.rest.split_at(self.rest.len() - chunks.rest.len());
            self.rest = rest;
            if is_kept {
                self.part = part;
            }
        }
        Ok(self.part)
    }

    fn consume(&mut self, amount: usize) {
        self.part = self.part.get(amount..).unwrap_or_default();
    }
}

impl Read for ImageChunks<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let part = self.fill_buf()?;
        let count = part.len().min(into.len());
        for (to, from) in into.iter_mut().zip(part) {
            *to = *from;
        }
        self.consume(count);
        Ok(count)
    }
}

/// Required by the interface of the decoder, which does not seek.
impl Seek for ImageChunks<'_, '_> {
    fn seek(&mut self, _to: SeekFrom) -> Result<u64> {
        Err(Error::from(ErrorKind::Unsupported))
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    fn chunk(name: [u8; 4], payload: &[u8]) -> Vec<u8> {
        [&(payload.len() as u32).to_be_bytes()[..], &name, payload, b"csum"].concat()
    }

    #[test]
    fn only_the_chunks_of_the_image_are_read() {
        let kept = [chunk(*b"IHDR", b"head"), chunk(*b"tRNS", b"t"), chunk(*b"IDAT", b"data")];
        let [head, transparency, data] = &kept;
        let file = [
            b"8 bytes.",
            &head[..],
            &chunk(*b"tEXt", b"a\0b"),
            transparency,
            &chunk(*b"iCCP", b"profile").repeat(3),
            data,
            &chunk(*b"zTXt", b""),
        ];
        let mut go_on = || ControlFlow::Continue(());
        let mut observer = Observer::new(&mut go_on);
        let expected = [b"8 bytes.", &kept.concat()[..]].concat();
        for cut in [&b""[..], &chunk(*b"tEXt", b"truncated")[..10]] {
            let file = [&file.concat(), cut].concat();
            let mut read = Vec::new();
            ImageChunks::of(&file, &mut observer).read_to_end(&mut read).unwrap();
            assert_eq!(read, [&expected, cut].concat());
        }
        assert!(ImageChunks::of(b"8 by", &mut observer).fill_buf().unwrap() == b"8 by");
    }
}
