//! Random numbers, and numbers at which parsers fail.

/// A generator of random numbers (SplitMix64). The same seed gives the same numbers.
#[derive(Debug, Clone)]
pub struct Rng(u64);

/// Numbers next to the limits of types, tables and sizes.
const INTERESTING: &[u32] = &[
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    9,
    15,
    16,
    17,
    31,
    32,
    33,
    63,
    64,
    127,
    128,
    255,
    256,
    257,
    1000,
    1023,
    1024,
    1025,
    2048,
    4095,
    4096,
    8192,
    16_383,
    16_384,
    32_767,
    32_768,
    65_535,
    65_536,
    1 << 20,
    1 << 24,
    (1 << 28) + 1,
    i32::MAX as u32,
    1 << 31,
    u32::MAX - 1,
    u32::MAX,
];

impl Rng {
    /// Returns the generator of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `bound`, or 0 if `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % (bound as u64).max(1)) as usize
    }

    /// Returns `true` once in `count` calls, on average.
    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// Returns a random element.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// Returns a random byte.
    pub fn byte(&mut self) -> u8 {
        self.below(256) as u8
    }

    /// Returns a number from the list of interesting ones, or a small random one.
    pub fn number(&mut self) -> u32 {
        if self.one_in(4) {
            self.below(1 << 12) as u32
        } else {
            INTERESTING[self.below(INTERESTING.len())]
        }
    }

    /// Returns the width or height of an image: mostly one that the limits allow.
    pub fn side(&mut self) -> u32 {
        match self.below(4) {
            0 => self.below(70) as u32,
            1 => 1 << self.below(15),
            2 => self.below(1100) as u32,
            _ => self.number(),
        }
    }

    /// Returns how often something of `bytes` bytes is repeated: mostly a few times, now and then
    /// 65,536 times, but no more than [`MOST_BYTES`] together.
    pub fn repeats(&mut self, bytes: usize) -> usize {
        let exponent = if self.one_in(12) { self.below(17) } else { self.below(6) };
        let most = if self.one_in(6) { MOST_BYTES } else { MOST_BYTES / 32 };
        (1 << exponent).min(most / bytes.max(1)).max(1)
    }
}

/// The maximum length of a changed file.
pub const MOST_BYTES: usize = 4 << 20;
