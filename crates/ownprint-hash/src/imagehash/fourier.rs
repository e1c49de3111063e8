//! The real Fourier transform with the operations of pocketfft in the same order.
//!
//! Reference: mreineck/pocketfft, branch `cpp` (M. Reinecke, BSD), as in scipy 1.17.1: class
//! `rfftp`, backward direction, derived from FFTPACK (P. N. Swarztrauber, 1982). The bits of
//! `phash` are comparisons of sums that are often equal except for rounding, so the order of
//! additions is part of the hash.

use super::passes::Pass;
use super::sine::sine_and_cosine;

/// The largest radix with a specialized pass.
const LARGEST_SPECIAL: usize = 5;

/// A transform of one length.
#[derive(Debug)]
pub(super) struct RealFourier {
    passes: Vec<Pass>,
}

impl RealFourier {
    /// Creates a transform; `length` is 2 or more, and so small or smooth that pocketfft does not
    /// use a Bluestein transform.
    pub(super) fn new(length: usize) -> Self {
        let circle = Circle::new(length);
        let mut before = 1;
        let mut passes = Vec::new();
        for radix in factors(length) {
            let inner = length / (before * radix);
            let mut twiddles = Vec::with_capacity((radix - 1) * (inner - 1));
            for j in 1..radix {
                for i in 1..=(inner - 1) / 2 {
                    let (cosine, sine) = circle.at(j * before * i);
                    twiddles.extend([cosine, sine]);
                }
                // If the inner length is even, no pass reads one position.
                twiddles.resize(j * (inner - 1), 0.0);
            }
            let roots = if radix > LARGEST_SPECIAL { roots(&circle, radix) } else { Vec::new() };
            passes.push(Pass { inner, radix, before, twiddles, roots });
            before *= radix;
        }
        Self { passes }
    }

    /// Transforms half-complex order to real values, not normalized; `work` is as long as `data`.
    pub(super) fn backward(&self, data: &mut [f64], work: &mut [f64]) {
        let mut is_in_data = true;
        for pass in &self.passes {
            let (from, to) =
                if is_in_data { (&mut *data, &mut *work) } else { (&mut *work, &mut *data) };
            pass.run(from, to);
            is_in_data = !is_in_data;
        }
        if !is_in_data {
            data.copy_from_slice(work);
        }
    }
}

/// Returns the factors: fours first, then one two if needed, which moves to the front, then odd
/// primes in ascending order.
fn factors(length: usize) -> Vec<usize> {
    let mut rest = length;
    let mut factors = Vec::new();
    while rest.is_multiple_of(4) {
        factors.push(4);
        rest /= 4;
    }
    if rest.is_multiple_of(2) {
        rest /= 2;
        factors.push(2);
        let last = factors.len() - 1;
        factors.swap(0, last);
    }
    let mut divisor = 3;
    while divisor * divisor <= rest {
        while rest.is_multiple_of(divisor) {
            factors.push(divisor);
            rest /= divisor;
        }
        divisor += 2;
    }
    if rest > 1 {
        factors.push(rest);
    }
    factors
}

fn roots(circle: &Circle, radix: usize) -> Vec<(f64, f64)> {
    let step = circle.length / radix;
    (0..radix)
        .map(|i| match i {
            0 => (1.0, 0.0),
            i if 2 * i <= radix => circle.at(i * step),
            i => {
                let (cosine, sine) = circle.at((radix - i) * step);
                (cosine, -sine)
            }
        })
        .collect()
}

/// Cosines and sines of fractions `1/length` of a circle, each as a product of a coarse and a fine
/// one (`sincos_2pibyn`).
#[derive(Debug)]
pub(super) struct Circle {
    length: usize,
    shift: u32,
    fine: Vec<(f64, f64)>,
    coarse: Vec<(f64, f64)>,
}

impl Circle {
    pub(super) fn new(length: usize) -> Self {
        let eighth = eighth_turn_over(length as u64);
        let count = length / 2 + 1;
        let mut shift = 1;
        while (1 << shift) * (1 << shift) < count {
            shift += 1;
        }
        let size = 1 << shift;
        let table = |count: usize, step: usize| {
            (0..count)
                .map(|i| if i == 0 { (1.0, 0.0) } else { direct(i * step, length, eighth) })
                .collect()
        };
        Self { length, shift, fine: table(size, 1), coarse: table(count.div_ceil(size), size) }
    }

    /// Returns cosine and sine of `index / length` of a circle, `0..=length`.
    pub(super) fn at(&self, index: usize) -> (f64, f64) {
        let is_upper = 2 * index <= self.length;
        let index = if is_upper { index } else { self.length - index };
        let (a, b) = (self.fine[index % self.fine.len()], self.coarse[index >> self.shift]);
        let (cosine, sine) = (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0);
        (cosine, if is_upper { sine } else { -sine })
    }
}

/// Returns cosine and sine of `index / length` of a circle, from an angle of an eighth of a circle
/// or less.
fn direct(index: usize, length: usize, eighth: f64) -> (f64, f64) {
    let near = |x: usize| {
        let (sine, cosine) = sine_and_cosine(x as f64 * eighth);
        (cosine, sine)
    };
    let swapped = |(a, b): (f64, f64)| (b, a);
    let x = 8 * index;
    let is_upper = x < 4 * length;
    let x = if is_upper { x } else { 8 * length - x };
    let (cosine, sine) = if x < length {
        near(x)
    } else if x < 2 * length {
        swapped(near(2 * length - x))
    } else if x < 3 * length {
        let (cosine, sine) = near(x - 2 * length);
        (-sine, cosine)
    } else {
        let (cosine, sine) = near(4 * length - x);
        (-cosine, sine)
    };
    (cosine, if is_upper { sine } else { -sine })
}

/// Returns `π/4/n` as the C++ code computes it: divided with 64 bits of precision (`long double` of
/// x86), then rounded to 53.
fn eighth_turn_over(n: u64) -> f64 {
    /// π as a `long double`, times 2^62.
    const PI: u64 = 0xC90F_DAA2_2168_C235;
    let dividend = u128::from(PI) << 64;
    let n = u128::from(n);
    let (quotient, rest) = (dividend / n, dividend % n);
    let extra = u128::BITS - quotient.leading_zeros() - u64::BITS;
    let in_64_bits = round_to_even(quotient, extra, rest != 0);
    let in_53_bits = round_to_even(in_64_bits, 11, false);
    // 2^-128 for the scales of π and the dividend, in two steps so that every factor is a normal
    // number.
    let scale = |power: u32| 1.0 / (1_u128 << power) as f64;
    let factor = (1_u128 << (extra + 11)) as f64;
    in_53_bits as f64 * factor * scale(64) * scale(64)
}

/// Returns `value / 2^bits`, rounded to nearest, ties to even; `more` states that the value has a
/// further fraction.
fn round_to_even(value: u128, bits: u32, more: bool) -> u128 {
    let (whole, rest, half) = (value >> bits, value & ((1 << bits) - 1), 1 << bits >> 1);
    let is_up = rest > half || rest == half && half > 0 && (more || whole & 1 == 1);
    whole + u128::from(is_up)
}
