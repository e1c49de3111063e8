//! Counts the memory of the prefix codes of a lossless image before the decoder allocates it
//! (RFC 9649, 3).
//!
//! An image states which group of five codes each block uses. The decoder builds every group up to
//! the largest number, each of up to a hundred kilobytes. The blocks are an image of their own,
//! which follows the images of the transforms. All are read here, but no pixel is stored: only the
//! largest literal counts, because copies and cached colours repeat literals.

use ownprint_pixels::Size;

use crate::bits::Bits;

/// Bytes of a group of codes without its tables; the list of groups grows by doubling.
const GROUP_BYTES: u64 = 640;
/// Codes of this length or shorter are in a table of four bytes an entry; longer ones are in a
/// tree.
const TABLE_BITS: usize = 10;
/// Bytes of the nodes that a code outside the table takes.
const NODE_BYTES: u64 = 32;

const MAX_CODE_BITS: usize = 15;
/// Lengths and distances with extra bits.
const LENGTHS: usize = 24;
const DISTANCES: usize = 40;
/// The alphabet of green, without lengths and cached colours.
const LITERALS: usize = 256;
const MAX_CACHE_BITS: u32 = 11;
/// The largest alphabet.
const MAX_SYMBOLS: usize = LITERALS + LENGTHS + (1 << MAX_CACHE_BITS);

/// Returns the bytes that the decoder allocates for prefix codes; counting ends above `maximum`.
///
/// `stream` is the content of a chunk `VP8L`. `None` means that the image is damaged or truncated.
pub(super) fn code_bytes(stream: &[u8], size: Size, maximum: u64) -> Option<u64> {
    let mut bits = Bits::of(stream);
    // The signature, the dimensions, a hint about alpha, and the version.
    bits.skip(8 + 28 + 4)?;
    let mut width = size.width;
    let mut codes = Codes::new();
    // Each of the four transforms may occur once.
    let mut transforms = 0_u32;
    while bits.flag()? {
        let kind = bits.take(2)?;
        if transforms & 1 << kind != 0 {
            return None;
        }
        transforms |= 1 << kind;
        match kind {
            // Predictor, color.
            0 | 1 => {
                let block = bits.take(3)? + 2;
                let blocks = Size { width, height: size.height };
                codes.skip_image(&mut bits, in_blocks(blocks, block))?;
            }
            // Subtract green.
            2 => {}
            // Color indexing: pixels of few colours are packed.
            _ => {
                let colours = bits.take(8)? + 1;
                codes.skip_image(&mut bits, Size { width: colours, height: 1 })?;
                let packed = match colours {
                    ..=2 => 3,
                    3..=4 => 2,
                    5..=16 => 1,
                    _ => 0,
                };
                width = width.div_ceil(1 << packed);
            }
        }
    }
    let cache = cache_bits(&mut bits)?;
    let mut groups = 1;
    if bits.flag()? {
        let block = bits.take(3)? + 2;
        let blocks = Size { width, height: size.height };
        groups += codes.skip_image(&mut bits, in_blocks(blocks, block))?;
    }
    let mut bytes = 0;
    for _ in 0..groups {
        bytes += codes.read_group(&mut bits, cache)?;
        if bytes > maximum {
            break;
        }
    }
    Some(bytes)
}

fn in_blocks(size: Size, bits: u32) -> Size {
    Size { width: size.width.div_ceil(1 << bits), height: size.height.div_ceil(1 << bits) }
}

/// Returns the number of cached colours.
fn cache_bits(bits: &mut Bits<'_>) -> Option<usize> {
    if !bits.flag()? {
        return Some(0);
    }
    let cache = bits.take(4)?;
    (1..=MAX_CACHE_BITS).contains(&cache).then_some(1 << cache)
}

/// A group of five prefix codes: green with lengths, red, blue, alpha, distances.
struct Codes([Code; 5]);

impl Codes {
    fn new() -> Self {
        Self(std::array::from_fn(|_| Code::default()))
    }

    /// Reads a group and returns the memory of its decoder.
    fn read_group(&mut self, bits: &mut Bits<'_>, cache: usize) -> Option<u64> {
        let alphabets = [LITERALS + LENGTHS + cache, LITERALS, LITERALS, LITERALS, DISTANCES];
        let mut bytes = GROUP_BYTES;
        for (code, symbols) in self.0.iter_mut().zip(alphabets) {
            code.read(bits, symbols)?;
            bytes += code.decoder_bytes();
        }
        Some(bytes)
    }

    /// Skips an image with one group of codes, and returns the largest number that red and green
    /// form.
    fn skip_image(&mut self, bits: &mut Bits<'_>, size: Size) -> Option<u32> {
        let cache = cache_bits(bits)?;
        self.read_group(bits, cache)?;
        let [green, red, blue, alpha, distance] = &self.0;
        let mut left = size.pixels();
        let mut largest = 0;
        while left > 0 {
            let symbol = green.symbol(bits)?;
            let literals = LITERALS as u32;
            if symbol < literals {
                largest = largest.max(red.symbol(bits)? << 8 | symbol);
                blue.symbol(bits)?;
                alpha.symbol(bits)?;
                left -= 1;
            } else if symbol < literals + LENGTHS as u32 {
                let length = number(bits, symbol - literals)?;
                let symbol = distance.symbol(bits)?;
                number(bits, symbol)?;
                left = left.checked_sub(length)?;
            } else {
                left -= 1;
            }
        }
        Some(largest)
    }
}

/// Reads the extra bits of a length or distance.
fn number(bits: &mut Bits<'_>, symbol: u32) -> Option<u64> {
    if symbol < 4 {
        return Some(u64::from(symbol) + 1);
    }
    let extra = (symbol - 2) >> 1;
    Some((u64::from(2 + (symbol & 1)) << extra) + u64::from(bits.take(extra)?) + 1)
}

/// A canonical prefix code.
#[derive(Default)]
struct Code {
    /// The number of codes of each length.
    counts: [u16; MAX_CODE_BITS + 1],
    /// The symbols by length and value. A single symbol takes no bits.
    symbols: Vec<u16>,
}

impl Code {
    fn read(&mut self, bits: &mut Bits<'_>, alphabet: usize) -> Option<()> {
        if bits.flag()? {
            return self.read_simple(bits, alphabet);
        }
        let mut lengths = [0_u8; MAX_SYMBOLS];
        let lengths = lengths.get_mut(..alphabet)?;
        self.read_lengths(bits, lengths)?;
        self.assign(lengths)
    }

    /// Reads a code of one or two symbols.
    fn read_simple(&mut self, bits: &mut Bits<'_>, alphabet: usize) -> Option<()> {
        let is_pair = bits.flag()?;
        let width = if bits.flag()? { 8 } else { 1 };
        let first = bits.take(width)?;
        let second = if is_pair { bits.take(8)? } else { first };
        // Encoders write the symbols in ascending order. In another order, the decoder would
        // exchange their codes.
        if second as usize >= alphabet || is_pair && first >= second {
            return None;
        }
        self.counts = [0; MAX_CODE_BITS + 1];
        self.symbols.clear();
        self.symbols.push(first as u16);
        if is_pair {
            self.symbols.push(second as u16);
            self.counts[1] = 2;
        }
        Some(())
    }

    /// Reads the lengths of codes, which have a prefix code of their own.
    fn read_lengths(&mut self, bits: &mut Bits<'_>, lengths: &mut [u8]) -> Option<()> {
        const ORDER: [u8; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        let mut own = [0; ORDER.len()];
        let count = bits.take(4)? as usize + 4;
        for at in ORDER.get(..count)? {
            *own.get_mut(usize::from(*at))? = bits.take(3)? as u8;
        }
        self.assign(&own)?;
        let mut left = if bits.flag()? {
            let width = 2 + 2 * bits.take(3)?;
            2 + bits.take(width)? as usize
        } else {
            lengths.len()
        };
        if left > lengths.len() {
            return None;
        }
        let mut at = 0;
        let mut previous = 8;
        while at < lengths.len() && left > 0 {
            left -= 1;
            let symbol = self.symbol(bits)? as u8;
            let (length, repeats) = match symbol {
                ..16 => (symbol, 1),
                16 => (previous, 3 + bits.take(2)?),
                17 => (0, 3 + bits.take(3)?),
                _ => (0, 11 + bits.take(7)?),
            };
            if symbol < 16 && symbol > 0 {
                previous = symbol;
            }
            let end = at + repeats as usize;
            lengths.get_mut(at..end)?.fill(length);
            at = end;
        }
        Some(())
    }

    /// Assigns the codes. They must be complete, or there must be one symbol.
    fn assign(&mut self, lengths: &[u8]) -> Option<()> {
        self.counts = [0; MAX_CODE_BITS + 1];
        for length in lengths {
            *self.counts.get_mut(usize::from(*length))? += 1;
        }
        self.counts[0] = 0;
        let mut starts = [0; MAX_CODE_BITS + 1];
        let (mut used, mut unused) = (0, 1_i32);
        for (start, count) in starts.iter_mut().zip(&self.counts).skip(1) {
            *start = used;
            used += usize::from(*count);
            unused = unused * 2 - i32::from(*count);
            if unused < 0 {
                return None;
            }
        }
        self.symbols.clear();
        self.symbols.resize(used, 0);
        for (symbol, length) in (0..).zip(lengths).filter(|(_, length)| **length > 0) {
            let start = starts.get_mut(usize::from(*length))?;
            *self.symbols.get_mut(*start)? = symbol;
            *start += 1;
        }
        (used == 1 || used > 1 && unused == 0).then_some(())
    }

    /// Returns the next symbol.
    fn symbol(&self, bits: &mut Bits<'_>) -> Option<u32> {
        if let [only] = *self.symbols {
            return Some(only.into());
        }
        let (mut code, mut first, mut index) = (0_u32, 0_u32, 0_u32);
        for count in self.counts.iter().skip(1) {
            code |= bits.take(1)?;
            let count = u32::from(*count);
            if let Some(offset) = code.checked_sub(first).filter(|offset| *offset < count) {
                return self.symbols.get((index + offset) as usize).map(|symbol| (*symbol).into());
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }

    /// Returns the bytes of the decoder's table and tree.
    fn decoder_bytes(&self) -> u64 {
        if self.symbols.len() == 1 {
            return 0;
        }
        let longest = self.counts.iter().rposition(|count| *count > 0).unwrap_or_default();
        let outside = self.counts.iter().skip(TABLE_BITS + 1).map(|count| u64::from(*count));
        (4 << longest.min(TABLE_BITS)) + outside.sum::<u64>() * NODE_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 64, height: 64 };

    /// A writer of bits, the lowest bit of each byte first.
    #[derive(Default)]
    struct Writer {
        bytes: Vec<u8>,
        count: usize,
    }

    impl Writer {
        /// Writes the header of an image of 64x64 pixels without transforms and color cache.
        fn start() -> Self {
            Self::default().put(0x2f, 8).put(63, 14).put(63, 14).put(0, 4).put(0, 1).put(0, 1)
        }

        fn put(mut self, value: u32, width: u32) -> Self {
            for bit in 0..width {
                if self.count.is_multiple_of(8) {
                    self.bytes.push(0);
                }
                *self.bytes.last_mut().unwrap() |= ((value >> bit & 1) as u8) << (self.count % 8);
                self.count += 1;
            }
            self
        }

        fn simple_code(self, symbols: &[u32]) -> Self {
            let writer = self.put(1, 1).put(symbols.len() as u32 - 1, 1).put(1, 1);
            symbols.iter().fold(writer, |writer, symbol| writer.put(*symbol, 8))
        }

        /// Writes a code in which all symbols of the alphabet have this length.
        fn even_code(self, length: u32) -> Self {
            // The code of the lengths has one symbol, which takes no bits.
            let order = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
            let at = order.iter().position(|symbol| *symbol == length).unwrap() as u32;
            let writer = self.put(0, 1).put(at + 1 - 4, 4);
            (0..at).fold(writer, |writer, _| writer.put(0, 3)).put(1, 3).put(0, 1)
        }

        /// Writes an image of blocks of 16x16 pixels that all have this number of red and green.
        fn blocks(self, groups: u32) -> Self {
            let writer = self.put(1, 1).put(2, 3).put(0, 1);
            [(groups - 1) & 0xff, (groups - 1) >> 8, 0, 0, 0]
                .iter()
                .fold(writer, |writer, symbol| writer.simple_code(&[*symbol]))
        }
    }

    fn bytes_of(stream: &[u8]) -> Option<u64> {
        code_bytes(stream, SIZE, u64::MAX)
    }

    #[test]
    fn every_group_up_to_the_largest_number_counts() {
        let single =
            |writer: Writer| (0..5).fold(writer, |writer, symbol| writer.simple_code(&[symbol]));
        let one = single(Writer::start().put(0, 1)).bytes;
        assert_eq!(bytes_of(&one), Some(GROUP_BYTES));
        for groups in [1, 2, 300, 65_536] {
            let all = (0..groups).fold(Writer::start().blocks(groups), |writer, _| single(writer));
            assert_eq!(bytes_of(&all.bytes), Some(u64::from(groups) * GROUP_BYTES));
            // Counting ends above the maximum.
            let some = code_bytes(&all.bytes, SIZE, 99 * GROUP_BYTES);
            assert_eq!(some, Some(u64::from(groups.min(100)) * GROUP_BYTES));
            let cut = &all.bytes[..all.bytes.len() - 4];
            assert_eq!(bytes_of(cut), None);
        }
    }

    #[test]
    fn tables_and_trees_count() {
        let pairs = (0..5).fold(Writer::start().put(0, 1), |writer, _| writer.simple_code(&[3, 9]));
        assert_eq!(bytes_of(&pairs.bytes), Some(GROUP_BYTES + 5 * 8));
        // Red of 256 symbols with eight bits.
        let even = Writer::start().put(0, 1).simple_code(&[1]).even_code(8);
        let even = (0..3).fold(even, |writer, _| writer.simple_code(&[1]));
        assert_eq!(bytes_of(&even.bytes), Some(GROUP_BYTES + 4 * 256));
        let long =
            Code { counts: [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 0, 0, 0, 0], symbols: vec![0; 12] };
        assert_eq!(long.decoder_bytes(), 4 * 1024 + 2 * NODE_BYTES);
    }

    #[test]
    fn codes_that_decoders_read_differently_are_refused() {
        for symbols in [[9, 3], [3, 3]] {
            let stream = Writer::start().put(0, 1).simple_code(&symbols);
            let stream = (0..4).fold(stream, |writer, _| writer.simple_code(&[1]));
            assert_eq!(bytes_of(&stream.bytes), None, "{symbols:?}");
        }
        // An incomplete and an excessive code.
        for length in [7, 9] {
            let stream = Writer::start().put(0, 1).simple_code(&[1]).even_code(length);
            let stream = (0..3).fold(stream, |writer, _| writer.simple_code(&[1]));
            assert_eq!(bytes_of(&stream.bytes), None, "{length}");
        }
    }

    #[test]
    fn images_of_transforms_are_skipped() {
        let single =
            |writer: Writer| (0..5).fold(writer, |writer, symbol| writer.simple_code(&[symbol]));
        let start = Writer::default().put(0x2f, 8).put(63, 14).put(63, 14).put(0, 4);
        // Predictor of one colour; subtract green; a palette of two colours, each pixel one bit.
        let writer = single(start.put(1, 1).put(0, 2).put(1, 3).put(0, 1)).put(1, 1).put(2, 2);
        let writer = writer.put(1, 1).put(3, 2).put(1, 8).put(0, 1);
        let writer = writer.simple_code(&[1, 2]);
        let writer = (0..4).fold(writer, |writer, _| writer.simple_code(&[1]));
        let two = writer.put(0b10, 2);
        let whole = single(two.put(0, 1).put(0, 1).put(0, 1)).bytes;
        assert_eq!(bytes_of(&whole), Some(GROUP_BYTES));
        for length in 0..whole.len() {
            assert_eq!(bytes_of(&whole[..length]), None);
            for value in [0, 0xff] {
                let mut altered = whole.clone();
                altered[length] = value;
                let _ = bytes_of(&altered);
            }
        }
    }
}
