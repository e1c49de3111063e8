//! Decodes the first symbols of an entropy-coded stream (ISO/IEC 18181-1, C), which contain the
//! length of an ICC profile.
//!
//! The decoder reports this length only after it allocated the memory of the profile. This code
//! needs a few kilobytes: it stores the codes of two contexts.

use super::arithmetic::Distribution;
use super::bits::bits_below;
use super::prefixes::{Prefixes, prefixes};
use crate::bits::Bits;

/// The number of contexts of a coded ICC profile. Its first 128 symbols use the first context.
const PROFILE_CONTEXTS: usize = 41;

/// Returns the first `count` symbols of a coded ICC profile, or fewer if it ends early or is
/// damaged.
pub(super) fn of_profile(bits: &mut Bits<'_>, count: usize) -> Vec<u32> {
    Codes::read(bits, PROFILE_CONTEXTS, true)
        .and_then(|codes| Reader::new(codes, bits))
        .map(|mut reader| std::iter::from_fn(|| reader.next(bits)).take(count).collect())
        .unwrap_or_default()
}

/// The codes that the first context uses.
struct Codes {
    copies: Option<Copies>,
    symbols: Code,
    /// The code of copy distances.
    distances: Code,
    /// ANS instead of prefix codes.
    is_ans: bool,
}

/// LZ77: symbols from `first` on are copies.
struct Copies {
    first: u32,
    min_length: u32,
    lengths: Numbers,
}

#[derive(Clone)]
struct Code {
    numbers: Numbers,
    tokens: Tokens,
}

#[derive(Clone)]
enum Tokens {
    Prefixes(Prefixes),
    Ans(Distribution),
}

impl Codes {
    fn read(bits: &mut Bits<'_>, contexts: usize, may_copy: bool) -> Option<Self> {
        let mut contexts = contexts;
        let mut copies = None;
        if bits.flag()? {
            if !may_copy {
                return None;
            }
            let first = bits.one_of([(0, 224), (0, 512), (0, 4096), (15, 8)])?;
            let min_length = bits.one_of([(0, 3), (0, 4), (2, 5), (8, 9)])?;
            copies = Some(Copies { first, min_length, lengths: Numbers::read(bits, 8)? });
            contexts += 1;
        }
        let map = if contexts > 1 { context_map(bits, contexts)? } else { vec![0] };
        let (of_symbols, of_distances) = (usize::from(*map.first()?), usize::from(*map.last()?));
        let count = usize::from(*map.iter().max()?) + 1;
        let is_ans = !bits.flag()?;
        let width = if is_ans { bits.take(2)? + 5 } else { 15 };
        let numbers = (0..count).map(|_| Numbers::read(bits, width)).collect::<Option<Vec<_>>>()?;
        let mut sizes = Vec::new();
        if !is_ans {
            for _ in 0..count {
                let size = alphabet(bits)?;
                sizes.push(if size < 1 << 15 { size } else { return None });
            }
        }
        let mut selected = [None, None];
        for (at, numbers) in numbers.into_iter().enumerate() {
            let tokens = match sizes.get(at) {
                Some(size) => Tokens::Prefixes(prefixes(bits, *size)?),
                None => Tokens::Ans(Distribution::read(bits, width)?),
            };
            let code = Code { numbers, tokens };
            for (selected, which) in selected.iter_mut().zip([of_symbols, of_distances]) {
                if at == which {
                    *selected = Some(code.clone());
                }
            }
        }
        let [Some(symbols), Some(distances)] = selected else { return None };
        Some(Self { copies, symbols, distances, is_ans })
    }
}

/// Reads the index of the code of each context.
fn context_map(bits: &mut Bits<'_>, contexts: usize) -> Option<Vec<u8>> {
    if bits.flag()? {
        let width = bits.take(2)?;
        return (0..contexts).map(|_| bits.take(width).map(|code| code as u8)).collect();
    }
    let moves_to_front = bits.flag()?;
    let codes = Codes::read(bits, 1, contexts > 2)?;
    let mut reader = Reader::new(codes, bits)?;
    let map =
        (0..contexts).map(|_| u8::try_from(reader.next(bits)?).ok()).collect::<Option<Vec<_>>>()?;
    if !moves_to_front {
        return Some(map);
    }
    let mut order: Vec<u8> = (0..=255).collect();
    let mut codes = Vec::new();
    for at in map {
        let code = order.remove(at.into());
        order.insert(0, code);
        codes.push(code);
    }
    Some(codes)
}

/// The hybrid integer coding: a token and the bits after it form a number.
#[derive(Clone, Copy)]
struct Numbers {
    split: u32,
    high: u32,
    low: u32,
}

impl Numbers {
    fn read(bits: &mut Bits<'_>, width: u32) -> Option<Self> {
        let split = bits.take(bits_below(width + 1))?;
        let (mut high, mut low) = (0, 0);
        if split != width {
            high = bits.take(bits_below(split + 1))?;
            low = bits.take(bits_below(split.checked_sub(high)? + 1))?;
        }
        (high + low <= split).then_some(Self { split, high, low })
    }

    fn number(self, token: u32, bits: &mut Bits<'_>) -> Option<u32> {
        let Some(more) = token.checked_sub(1 << self.split) else { return Some(token) };
        let Self { split, high, low } = self;
        let count = split - high - low + (more >> (high + low));
        let between = bits.take(count & 31)?;
        let top = token >> low & ((1 << high) - 1) | 1 << high;
        let number = (u64::from(top) << (count & 31) | u64::from(between)) << low;
        Some(number as u32 | token & ((1 << low) - 1))
    }
}

/// Reads the size of an alphabet.
fn alphabet(bits: &mut Bits<'_>) -> Option<usize> {
    if !bits.flag()? {
        return Some(1);
    }
    let width = bits.take(4)?;
    Some((1 << width) + bits.take(width)? as usize + 1)
}

/// Decodes symbols one after another.
struct Reader {
    codes: Codes,
    /// The state of the ANS decoder.
    state: u32,
    read: Vec<u32>,
    /// The index of the next symbol to copy, and the number of symbols left to copy.
    copied: (usize, u32),
}

impl Reader {
    fn new(codes: Codes, bits: &mut Bits<'_>) -> Option<Self> {
        let state = if codes.is_ans { bits.take(32)? } else { 0 };
        Some(Self { codes, state, read: Vec::new(), copied: (0, 0) })
    }

    fn next(&mut self, bits: &mut Bits<'_>) -> Option<u32> {
        if self.copied.1 == 0 {
            let token = token(&self.codes.symbols, &mut self.state, bits)?;
            match &self.codes.copies {
                Some(copies) if token >= copies.first => {
                    let count = copies.lengths.number(token - copies.first, bits)?;
                    let distances = &self.codes.distances;
                    let distance = token_number(distances, &mut self.state, bits)? as usize;
                    let start = self
                        .read
                        .len()
                        .checked_sub(distance.saturating_add(1).min(self.read.len()))?;
                    self.copied = (start, count.checked_add(copies.min_length)?);
                }
                _ => {
                    let symbol = self.codes.symbols.numbers.number(token, bits)?;
                    self.read.push(symbol);
                    return Some(symbol);
                }
            }
        }
        let symbol = *self.read.get(self.copied.0)?;
        self.copied = (self.copied.0 + 1, self.copied.1 - 1);
        self.read.push(symbol);
        Some(symbol)
    }
}

fn token(code: &Code, state: &mut u32, bits: &mut Bits<'_>) -> Option<u32> {
    match &code.tokens {
        Tokens::Prefixes(prefixes) => prefixes.token(bits).map(u32::from),
        Tokens::Ans(distribution) => distribution.token(state, bits),
    }
}

fn token_number(code: &Code, state: &mut u32, bits: &mut Bits<'_>) -> Option<u32> {
    let token = token(code, state, bits)?;
    code.numbers.number(token, bits)
}
