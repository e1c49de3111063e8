//! Prefix codes (ISO/IEC 18181-1, C.2.4), the same as in Brotli.

use super::bits::bits_below;
use crate::bits::Bits;

/// A prefix code: the tokens by length of prefix, and the number of tokens of each length.
#[derive(Clone)]
pub(super) struct Prefixes {
    tokens: Vec<u16>,
    counts: [usize; 16],
}

/// Reads a prefix code of `size` tokens.
pub(super) fn prefixes(bits: &mut Bits<'_>, size: usize) -> Option<Prefixes> {
    const LENGTHS: usize = 18;
    const ORDER: [usize; LENGTHS] = [1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    if size == 1 {
        return Some(by_length([(0, 0)]));
    }
    let skipped = bits.take(2)? as usize;
    if skipped == 1 {
        return few(bits, size);
    }
    let (mut lengths, mut space) = ([0_u8; LENGTHS], 32_i32);
    for at in ORDER.into_iter().skip(skipped) {
        if space <= 0 {
            break;
        }
        // Lengths 0, 3 and 4 have a prefix of two bits, 2 one of three, 1 and 5 one of four.
        let length = match bits.take(2)? {
            0 => 0,
            1 => 4,
            2 => 3,
            _ if !bits.flag()? => 2,
            _ => {
                if bits.flag()? {
                    5
                } else {
                    1
                }
            }
        };
        *lengths.get_mut(at)? = length;
        if length > 0 {
            space -= 32 >> length;
        }
    }
    let used = |lengths: &[u8]| {
        by_length(lengths.iter().copied().zip(0..).filter(|(length, _)| *length > 0))
    };
    Some(used(&token_lengths(bits, &used(&lengths), size)?))
}

/// Reads the prefix length of each token, which are run-length coded.
fn token_lengths(bits: &mut Bits<'_>, code: &Prefixes, size: usize) -> Option<Vec<u8>> {
    const REPEAT: u16 = 16;
    let mut lengths: Vec<u8> = Vec::new();
    let (mut last, mut space) = (8_u8, 1_i64 << 15);
    // The length that the current run repeats, and the length of the run.
    let (mut run_of, mut run) = (0_u8, 0_usize);
    while lengths.len() < size && space > 0 {
        let token = code.token(bits)?;
        if token < REPEAT {
            run = 0;
            lengths.push(token as u8);
            if token > 0 {
                last = token as u8;
                space -= 1 << 15 >> token;
            }
            continue;
        }
        let width = u32::from(token) - 14;
        let length = if token == REPEAT { last } else { 0 };
        if run_of != length {
            (run_of, run) = (length, 0);
        }
        let before = run;
        if run > 0 {
            run = (run - 2) << width;
        }
        run += bits.take(width)? as usize + 3;
        let more = run - before;
        if lengths.len() + more > size {
            return None;
        }
        lengths.resize(lengths.len() + more, length);
        if length > 0 {
            space -= (more as i64) << (15 - length);
        }
    }
    (space == 0).then_some(lengths)
}

/// Reads a simple prefix code: up to four tokens, listed.
fn few(bits: &mut Bits<'_>, size: usize) -> Option<Prefixes> {
    let count = bits.take(2)? as usize + 1;
    let width = bits_below(size as u32);
    let named = (0..count)
        .map(|_| bits.take(width).map(|token| token as u16))
        .collect::<Option<Vec<_>>>()?;
    let lengths: &[u8] = match count {
        1 => &[0],
        2 => &[1, 1],
        3 => &[1, 2, 2],
        _ => {
            if bits.flag()? {
                &[1, 2, 3, 3]
            } else {
                &[2; 4]
            }
        }
    };
    Some(by_length(lengths.iter().copied().zip(named)))
}

/// Returns the prefix code for tokens with these prefix lengths.
fn by_length(tokens: impl IntoIterator<Item = (u8, u16)>) -> Prefixes {
    let mut tokens: Vec<(u8, u16)> = tokens.into_iter().collect();
    tokens.sort_unstable();
    let mut counts = [0; 16];
    if let [_, _, ..] = *tokens {
        for (length, _) in &tokens {
            if let Some(count) = counts.get_mut(usize::from(*length)) {
                *count += 1;
            }
        }
    }
    Prefixes { tokens: tokens.into_iter().map(|(_, token)| token).collect(), counts }
}

impl Prefixes {
    pub(super) fn token(&self, bits: &mut Bits<'_>) -> Option<u16> {
        let Self { tokens, counts } = self;
        if let [only] = **tokens {
            return Some(only);
        }
        // The first prefix of each length, and the index of its token.
        let (mut prefix, mut first, mut index) = (0, 0, 0);
        for count in counts.iter().skip(1) {
            prefix = prefix << 1 | bits.take(1)? as usize;
            if prefix < first + count {
                return tokens.get(index + prefix.checked_sub(first)?).copied();
            }
            first = (first + count) << 1;
            index += count;
        }
        None
    }
}
