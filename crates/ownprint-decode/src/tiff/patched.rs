//! A reader that replaces two bytes of a file.

use std::io::{Cursor, Read, Result, Seek, SeekFrom};

/// Bytes in memory, with two of them replaced if requested.
#[derive(Debug)]
pub(super) struct Patched<'a> {
    file: Cursor<&'a [u8]>,
    patch: Option<(usize, [u8; 2])>,
}

impl<'a> Patched<'a> {
    /// Returns a reader of `bytes`. `patch` is the offset and the values of the replaced bytes.
    pub(super) fn new(bytes: &'a [u8], patch: Option<(usize, [u8; 2])>) -> Self {
        Self { file: Cursor::new(bytes), patch }
    }
}

impl Read for Patched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let start = self.file.position();
        let count = self.file.read(buffer)?;
        if let Some((at, bytes)) = self.patch {
            for (at, byte) in (at as u64..).zip(bytes) {
                let inside = at.checked_sub(start).and_then(|offset| usize::try_from(offset).ok());
                if let Some(target) =
                    inside.and_then(|offset| buffer.get_mut(..count)?.get_mut(offset))
                {
                    *target = byte;
                }
            }
        }
        Ok(count)
    }
}

impl Seek for Patched<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patch_is_read_completely_and_in_parts() {
        for step in 1..=6 {
            let mut file = Patched::new(b"abcdef", Some((2, *b"XY")));
            let mut all = Vec::new();
            let mut part = vec![0; step];
            while let Ok(count @ 1..) = file.read(&mut part) {
                all.extend_from_slice(&part[..count]);
            }
            assert_eq!(all, b"abXYef");
        }
    }
}
