//! Reads the number formats of a codestream (ISO/IEC 18181-1, B).

use crate::bits::Bits;

impl Bits<'_> {
    /// Reads a number in one of four formats, `U32()`: bits and an offset.
    pub(super) fn one_of(&mut self, formats: [(u32, u32); 4]) -> Option<u32> {
        let format = self.take(2)?;
        let (bits, offset) = *formats.get(format as usize)?;
        Some(self.take(bits)?.wrapping_add(offset))
    }

    /// Reads a number of up to 64 bits, `U64()`.
    pub(super) fn long(&mut self) -> Option<u64> {
        Some(match self.take(2)? {
            0 => 0,
            1 => 1 + u64::from(self.take(4)?),
            2 => 17 + u64::from(self.take(8)?),
            _ => {
                let mut value = u64::from(self.take(12)?);
                for shift in (12..=60).step_by(8) {
                    if !self.flag()? {
                        break;
                    }
                    value |= u64::from(self.take(if shift == 60 { 4 } else { 8 })?) << shift;
                }
                value
            }
        })
    }
}

/// Returns the number of bits in which every number below `count` fits.
pub(super) fn bits_below(count: u32) -> u32 {
    u32::BITS - (count - 1).leading_zeros()
}
