//! ANS distributions (ISO/IEC 18181-1, C.2.2 and C.2.5).

use crate::bits::Bits;

/// The base-2 logarithm of the sum of all frequencies.
const TOTAL_BITS: u32 = 12;
const TOTAL: u32 = 1 << TOTAL_BITS;

/// The frequency of each token, of 4096, and its alias table.
#[derive(Clone)]
pub(super) struct Distribution {
    frequencies: Vec<u32>,
    buckets: Vec<Bucket>,
    bucket_bits: u32,
}

/// A bucket of the alias table: values below `cut` belong to the token with the bucket's index, the
/// others to `other`.
#[derive(Clone, Copy)]
struct Bucket {
    cut: u32,
    other: usize,
    /// The offset of the first value of the other token.
    offset: u32,
}

impl Distribution {
    pub(super) fn read(bits: &mut Bits<'_>, width: u32) -> Option<Self> {
        let frequencies = frequencies(bits, 1 << width)?;
        let bucket_bits = TOTAL_BITS - width;
        let buckets = buckets(&frequencies, 1 << bucket_bits)?;
        Some(Self { frequencies, buckets, bucket_bits })
    }

    pub(super) fn token(&self, state: &mut u32, bits: &mut Bits<'_>) -> Option<u32> {
        let index = *state & (TOTAL - 1);
        let (at, within) =
            ((index >> self.bucket_bits) as usize, index & ((1 << self.bucket_bits) - 1));
        let bucket = self.buckets.get(at)?;
        let (token, offset) = if within < bucket.cut {
            (at, within)
        } else {
            (bucket.other, bucket.offset.wrapping_add(within).wrapping_sub(bucket.cut))
        };
        let frequency = *self.frequencies.get(token)?;
        *state = (*state >> TOTAL_BITS).wrapping_mul(frequency).wrapping_add(offset);
        if *state < 1 << 16 {
            *state = *state << 16 | bits.take(16)?;
        }
        Some(token as u32)
    }
}

/// Reads a number of up to 8 bits, `U8()`.
fn short(bits: &mut Bits<'_>) -> Option<usize> {
    if !bits.flag()? {
        return Some(0);
    }
    let width = bits.take(3)?;
    Some((1 << width) + bits.take(width)? as usize)
}

fn frequencies(bits: &mut Bits<'_>, size: usize) -> Option<Vec<u32>> {
    let mut all = vec![0; size];
    let is_simple = bits.flag()?;
    let variant = bits.flag()?;
    match (is_simple, variant) {
        // One or two tokens.
        (true, true) => {
            let (first, second) = (short(bits)?, short(bits)?);
            let frequency = bits.take(TOTAL_BITS)?;
            *all.get_mut(first)? = frequency;
            *all.get_mut(second)? = TOTAL - frequency;
        }
        (true, false) => *all.get_mut(short(bits)?)? = TOTAL,
        // A flat distribution.
        (false, true) => {
            let count = short(bits)? + 1;
            let (each, more) = (TOTAL / count as u32, TOTAL as usize % count);
            for (at, frequency) in all.get_mut(..count)?.iter_mut().enumerate() {
                *frequency = each + u32::from(at < more);
            }
        }
        (false, false) => listed(bits, &mut all)?,
    }
    Some(all)
}

/// Reads the frequencies one by one: first the bit width of each, then the bits.
fn listed(bits: &mut Bits<'_>, all: &mut [u32]) -> Option<()> {
    /// Instead of a width: repeat the previous frequency.
    const REPEAT: u32 = TOTAL_BITS + 1;
    let mut ones = 0;
    while ones < 3 && bits.flag()? {
        ones += 1;
    }
    let shift = bits.take(ones)? + (1 << ones) - 1;
    let count = short(bits)? + 3;
    let all = all.get_mut(..count)?;
    let mut widths = Vec::new();
    while widths.len() < count {
        let width = width(bits)?;
        let times = if width == REPEAT { short(bits)? + 4 } else { 1 };
        widths.resize(widths.len() + times, width);
    }
    if widths.len() > count {
        return None;
    }
    // The first of the widest frequencies is the rest of the total.
    let widest = widths.iter().filter(|width| **width != REPEAT).max()?;
    let left = widths.iter().position(|width| width == widest)?;
    let (mut sum, mut last) = (0, 0);
    for (at, (frequency, width)) in all.iter_mut().zip(&widths).enumerate() {
        *frequency = match *width {
            REPEAT => last,
            0 => 0,
            _ if at == left => 0,
            1 => 1,
            width => {
                let zeros = width - 1;
                let known = shift.saturating_sub((TOTAL_BITS - zeros) >> 1).min(zeros);
                (1 << zeros) + (bits.take(known)? << (zeros - known))
            }
        };
        last = *frequency;
        sum += last;
    }
    *all.get_mut(left)? = TOTAL.checked_sub(sum)?;
    Some(())
}

/// Reads the bit width of a frequency, which has a prefix code of its own.
fn width(bits: &mut Bits<'_>) -> Option<u32> {
    Some(match bits.take(3)? {
        0 => 10,
        2 => 7,
        3 => {
            if bits.flag()? {
                1
            } else {
                3
            }
        }
        4 => 6,
        5 => 8,
        6 => 9,
        7 => {
            if bits.flag()? {
                2
            } else {
                5
            }
        }
        _ if bits.flag()? => 4,
        _ if bits.flag()? => 0,
        _ if bits.flag()? => 11,
        _ => 12 + bits.take(1)?,
    })
}

/// Returns the alias table: tokens that exceed a bucket fill the buckets of smaller ones.
fn buckets(frequencies: &[u32], size: u32) -> Option<Vec<Bucket>> {
    if let Some(only) = frequencies.iter().position(|frequency| *frequency == TOTAL) {
        let of_only = |at: usize| Bucket { cut: 0, other: only, offset: at as u32 * size };
        return Some((0..frequencies.len()).map(of_only).collect());
    }
    let mut buckets: Vec<Bucket> = frequencies
        .iter()
        .enumerate()
        .map(|(other, &cut)| Bucket { cut, other, offset: 0 })
        .collect();
    let select = |is: fn(&u32, &u32) -> bool| -> Vec<usize> {
        frequencies
            .iter()
            .enumerate()
            .filter(|(_, frequency)| is(frequency, &size))
            .map(|(at, _)| at)
            .collect()
    };
    let (mut less, mut more) = (select(u32::lt), select(u32::gt));
    while let (Some(over), Some(under)) = (more.pop(), less.pop()) {
        let missing = size - buckets.get(under)?.cut;
        let left = buckets.get(over)?.cut.checked_sub(missing)?;
        buckets.get_mut(over)?.cut = left;
        let filled = buckets.get_mut(under)?;
        (filled.other, filled.offset) = (over, left);
        match left.cmp(&size) {
            std::cmp::Ordering::Less => less.push(over),
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => more.push(over),
        }
    }
    Some(buckets)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jxl::api::JxlColorProfile;

    use super::super::symbols::of_profile;
    use super::{Bits, Distribution, TOTAL};

    /// libjxl codes profiles with prefix codes only, so the test codes them with ANS and verifies
    /// them with the decoder.
    #[test]
    fn the_length_of_ans_coded_profiles_equals_that_of_the_decoder() {
        let mut listed = [0; 256];
        let some = [
            (0, 1000),
            (1, 1),
            (2, 2),
            (3, 3),
            (100, 77),
            (101, 5),
            (102, 1500),
            (130, 9),
            (200, 1499),
        ];
        for (token, frequency) in some {
            listed[token] = frequency;
        }
        let mut even = [0; 256];
        (0..=100).for_each(|token| even[token] = 40 + u32::from(token < 56));
        let mut two = [0; 256];
        (two[0], two[100]) = (4000, 96);
        for (frequencies, header) in [
            // Both flags; token 0; token 100 (64 plus six bits); the frequency of the first.
            (
                two,
                Writer::default()
                    .put(0b11, 2)
                    .put(0, 1)
                    .put(1, 1)
                    .put(6, 3)
                    .put(36, 6)
                    .put(4000, 12),
            ),
            (even, Writer::default().put(0b10, 2).put(1, 1).put(6, 3).put(36, 6)),
            (listed, Writer::default().listed(&listed)),
        ] {
            let tokens: Vec<usize> = (0..256).filter(|&token| frequencies[token] > 0).collect();
            // A profile of 100 bytes, coded without commands.
            let data = (0..100).map(|at| tokens[at * at * 31 % 257 % tokens.len()]);
            let symbols: Vec<usize> = [100, 0].into_iter().chain(data).collect();
            // 17 plus 85 symbols; no LZ77; one ANS distribution of 256 tokens for all contexts;
            // tokens are numbers.
            let head = Writer::default()
                .put(2, 2)
                .put(85, 8)
                .put(0, 1)
                .put(1, 1)
                .put(0, 2)
                .put(0, 1)
                .put(3, 2);
            let coded = head.put(8, 4).all(&header).coded(&header, &frequencies, &symbols).bytes;
            let mut bits = Bits::of(&coded);
            assert_eq!(bits.long(), Some(102));
            let read: Vec<usize> =
                of_profile(&mut bits, 102).into_iter().map(|it| it as usize).collect();
            assert_eq!(read, symbols);
            match JxlColorProfile::from_raw_bytes(&[], &coded).unwrap() {
                JxlColorProfile::Icc(profile) => assert_eq!(profile.len(), 100),
                JxlColorProfile::Simple(_) => unreachable!(),
            }
        }
    }

    #[derive(Default)]
    struct Writer {
        bytes: Vec<u8>,
        count: usize,
    }

    impl Writer {
        fn put(mut self, value: u32, bits: usize) -> Self {
            for bit in 0..bits {
                if self.count.is_multiple_of(8) {
                    self.bytes.push(0);
                }
                *self.bytes.last_mut().unwrap() |=
                    (value >> bit & 1) as u8 * (1 << (self.count % 8));
                self.count += 1;
            }
            self
        }

        fn all(self, other: &Self) -> Self {
            (0..other.count)
                .fold(self, |all, at| all.put(u32::from(other.bytes[at / 8] >> (at % 8)) & 1, 1))
        }

        /// Writes the frequencies one by one.
        fn listed(self, frequencies: &[u32; 256]) -> Self {
            let width = |frequency: &u32| frequency.checked_ilog2().map_or(0, |bits| bits + 1);
            let widths: Vec<u32> = frequencies[..=200].iter().map(width).collect();
            // 201 frequencies: 3, 128 and seven more bits.
            let mut list = self.put(0, 2).put(0b111, 3).put(6, 3).put(1, 1).put(7, 3).put(70, 7);
            let mut at = 0;
            while at < widths.len() {
                let alike = widths[at..].iter().take_while(|&&width| width == 0).count();
                list = match widths[at] {
                    0 if alike > 5 => {
                        at += alike - 1;
                        // 0, then repeated up to 67 times.
                        list.put(0b1_0001, 5).put(0b100_0001, 7).repeated(alike - 5)
                    }
                    0 => list.put(0b1_0001, 5),
                    1 => list.put(3, 3).put(1, 1),
                    2 => list.put(7, 3).put(1, 1),
                    3 => list.put(3, 3).put(0, 1),
                    4 => list.put(1, 3).put(1, 1),
                    5 => list.put(7, 3).put(0, 1),
                    6 => list.put(4, 3),
                    7 => list.put(2, 3),
                    10 => list.put(0, 3),
                    11 => list.put(0b10_0001, 6),
                    other => unreachable!("{other}"),
                };
                at += 1;
            }
            let widest = widths.iter().max().unwrap();
            let left = widths.iter().position(|width| width == widest).unwrap();
            for (at, (width, frequency)) in widths.iter().zip(frequencies).enumerate() {
                if at != left && *width > 1 {
                    list = list.put(frequency - (1 << (width - 1)), *width as usize - 1);
                }
            }
            list
        }

        fn repeated(self, more: usize) -> Self {
            if more == 0 {
                return self.put(0, 1);
            }
            let width = more.ilog2() as usize;
            self.put(1, 1).put(width as u32, 3).put((more - (1 << width)) as u32, width)
        }

        /// Writes the symbols, coded from the last to the first, after the initial state.
        fn coded(self, header: &Self, frequencies: &[u32; 256], symbols: &[usize]) -> Self {
            const END: u32 = 0x0013_0000;
            let distribution = Distribution::read(&mut Bits::of(&header.bytes), 8).unwrap();
            let mut indices = vec![std::collections::HashMap::new(); 256];
            for index in 0..TOTAL {
                let mut state = index;
                let token = distribution.token(&mut state, &mut Bits::of(&[0; 2])).unwrap();
                indices[token as usize].insert(state >> 16, index);
            }
            let (mut state, mut words) = (END, Vec::new());
            for &symbol in symbols.iter().rev() {
                let frequency = frequencies[symbol];
                if u64::from(state) >= u64::from(frequency) << 20 {
                    words.push(state & 0xffff);
                    state >>= 16;
                }
                state = (state / frequency) << 12 | indices[symbol][&(state % frequency)];
            }
            words
                .iter()
                .rev()
                .fold(self.put(state & 0xffff, 16).put(state >> 16, 16), |all, &word| {
                    all.put(word, 16)
                })
        }
    }
}
