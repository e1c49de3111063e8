//! Edits of lists, bytes and bits that do not depend on the format.

use super::numbers::{MOST_BYTES, Rng};

/// Applies one edit to a list of segments: duplicate, remove, exchange, splice or repeat. `donor` is
/// the list of another file.
pub fn edit_list<T: Clone>(
    list: &mut Vec<T>,
    donor: &[T],
    length: impl Fn(&T) -> usize,
    numbers: &mut Rng,
) {
    let at = numbers.below(list.len());
    let to = numbers.below(list.len() + 1);
    match numbers.below(6) {
        0 if !list.is_empty() => list.insert(to, list[at].clone()),
        1 if !list.is_empty() => drop(list.remove(at)),
        2 if !list.is_empty() => {
            let last = list.len() - 1;
            list.swap(at, to.min(last));
        }
        3 if !list.is_empty() => {
            let count = numbers.repeats(length(&list[at]) + 8);
            let repeated = vec![list[at].clone(); count];
            list.splice(to..to, repeated);
        }
        4 if !donor.is_empty() => {
            list.truncate(to);
            list.extend_from_slice(&donor[numbers.below(donor.len())..]);
        }
        _ => list.splice(to..to, numbers.pick(donor).cloned()).for_each(drop),
    }
}

/// Applies one edit to bytes: replace, insert, remove, repeat, splice or truncate.
pub fn edit_bytes(bytes: &mut Vec<u8>, donor: &[u8], numbers: &mut Rng) {
    // Headers are at the start.
    let reach = if numbers.one_in(2) { bytes.len() } else { bytes.len().min(64) };
    let at = numbers.below(reach);
    let end = (at + numbers.below(40)).min(bytes.len());
    match numbers.below(12) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
        2 => {
            let repeated = bytes[at..end].repeat(numbers.repeats(end - at));
            bytes.splice(at..at, repeated);
        }
        3 if !donor.is_empty() => {
            let from = numbers.below(donor.len());
            let until = (from + numbers.below(400)).min(donor.len());
            bytes.splice(at..end, donor[from..until].iter().copied());
        }
        4 => {
            let length = numbers.repeats(1).min(MOST_BYTES);
            let filled = vec![*numbers.pick(&[0, 0xff, 0x55]).unwrap_or(&0); length];
            bytes.splice(at..at, filled);
        }
        5 | 6 => {
            let width = [1, 2, 4, 8][numbers.below(4)];
            put_number(bytes, at, width, numbers);
        }
        _ => {
            for _ in 0..1 + numbers.below(4) {
                let at = numbers.below(reach);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = match numbers.below(4) {
                        0 => 0,
                        1 => 0xff,
                        2 => *byte ^ 1 << numbers.below(8),
                        _ => numbers.byte(),
                    };
                }
            }
        }
    }
}

/// Replaces a number of `width` bytes, of either byte order, by an interesting one.
pub fn put_number(bytes: &mut [u8], at: usize, width: usize, numbers: &mut Rng) {
    let mut number = u64::from(numbers.number()).to_be_bytes();
    if numbers.one_in(8) {
        number = u64::MAX.to_be_bytes();
    }
    let mut number = number[8 - width..].to_vec();
    if numbers.one_in(2) {
        number.reverse();
    }
    if let Some(place) = bytes.get_mut(at..at + width) {
        place.copy_from_slice(&number);
    }
}

/// The order of the bits in a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum BitOrder {
    HighFirst,
    LowFirst,
}

impl BitOrder {
    fn mask(self, bit: usize) -> u8 {
        if self == Self::HighFirst { 0x80 >> (bit % 8) } else { 1 << (bit % 8) }
    }

    /// Returns the first bits of `bytes`.
    pub fn unpack(self, bytes: &[u8]) -> Vec<bool> {
        (0..bytes.len() * 8).map(|bit| bytes[bit / 8] & self.mask(bit) != 0).collect()
    }

    /// Returns the bytes of bits, padded with zeros.
    pub fn pack(self, bits: &[bool]) -> Vec<u8> {
        let mut bytes = vec![0; bits.len().div_ceil(8)];
        for (at, _) in bits.iter().enumerate().filter(|(_, bit)| **bit) {
            bytes[at / 8] |= self.mask(at);
        }
        bytes
    }
}

/// Bytes whose bits are shifted by an insertion or a removal. Later bits stay in their places.
const SHIFTED_BYTES: usize = 2048;

/// Replaces, inserts or removes bits, mostly near the start. `golomb` also inserts Exp-Golomb
/// numbers.
pub fn edit_bits(bytes: &[u8], order: BitOrder, golomb: bool, numbers: &mut Rng) -> Vec<u8> {
    let reach = [8, 24, 80, 400, 4000][numbers.below(5)];
    let window = bytes.len().min(SHIFTED_BYTES);
    let far = numbers.one_in(8);
    let start = if far { numbers.below(bytes.len() - window + 1) } else { 0 };
    let mut bits = order.unpack(&bytes[start..start + window]);
    let at = numbers.below(bits.len().min(reach) + 1);
    let inserted: Vec<bool> = match numbers.below(6) {
        0 if golomb => golomb_bits(numbers.number()),
        1 if golomb => golomb_bits(numbers.below(64) as u32),
        0..=2 => vec![numbers.one_in(2)],
        3 => Vec::new(),
        4 => vec![numbers.one_in(2); 1 + numbers.below(34)],
        _ => {
            let (width, number) = (1 + numbers.below(32), numbers.number());
            (0..width).rev().map(|bit| number >> bit & 1 == 1).collect()
        }
    };
    let removed = match numbers.below(4) {
        0 => 0,
        1 => numbers.below(24),
        _ => inserted.len(),
    };
    let end = (at + removed).min(bits.len());
    bits.splice(at..end, inserted);
    let mut changed = bytes[..start].to_vec();
    changed.extend(order.pack(&bits));
    changed.extend_from_slice(&bytes[start + window..]);
    changed
}

/// Returns the bits of an Exp-Golomb number.
pub fn golomb_bits(number: u32) -> Vec<bool> {
    let number = u64::from(number) + 1;
    let width = number.ilog2();
    let zeros = std::iter::repeat_n(false, width as usize);
    zeros.chain((0..=width).rev().map(|bit| number >> bit & 1 == 1)).collect()
}
