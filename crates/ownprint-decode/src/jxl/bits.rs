//! Reads a codestream bit by bit, the lowest bit of each byte first (ISO/IEC 18181-1, B).

/// A reader of bits.
#[derive(Clone)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Reads a number of up to 32 bits; `None` at the end of the bytes.
    pub(super) fn take(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for bit in 0..count {
            value |= u32::from(self.bytes.get(self.at / 8)? >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Some(value)
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        self.take(1).map(|bit| bit == 1)
    }

    pub(super) fn skip(&mut self, count: u64) -> Option<()> {
        self.at = self.at.checked_add(usize::try_from(count).ok()?)?;
        (self.at <= self.bytes.len().checked_mul(8)?).then_some(())
    }

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
