//! The forward Fourier transform in `f32`, with the operations of rustfft 3.0.1 in the same order.
//!
//! Each algorithm rounds differently, so the choice of the algorithm for a length is part of the
//! hash; [`Plan::new`] chooses like the planner of rustfft. Only the sign of a zero may differ,
//! which no comparison detects. Source: `plan.rs` and `algorithm/` of rustfft 3.0.1 (MIT or
//! Apache-2.0).

use super::butterflies::Butterfly;
use super::complex::{Complex, fourier_root};
use super::wiped::{Wiped, transposed};

/// The algorithm for a length.
#[derive(Debug)]
pub(super) enum Plan {
    Butterfly(Butterfly),
    /// Powers of two from 64.
    Radix4 {
        /// A transform of 8 or 16, depending on the power.
        base: Butterfly,
    },
    /// Two shorter transforms with twiddle factors between them (Cooley-Tukey).
    MixedRadix {
        width: Box<Plan>,
        height: Box<Plan>,
        /// The length of `height`.
        rows: usize,
        twiddles: Vec<Complex>,
    },
    /// Two shorter transforms of coprime lengths, reordered, without twiddle factors (Good-Thomas).
    CoprimeFactors {
        width: Butterfly,
        height: Butterfly,
    },
    /// The transform of a prime length as a convolution (Rader).
    Prime {
        inner: Box<Plan>,
        convolution: Vec<Complex>,
        root: usize,
        inverse_root: usize,
    },
}

impl Plan {
    /// Creates the plan of a length from 2.
    pub(super) fn new(length: usize) -> Self {
        if let Some(butterfly) = Butterfly::of(length) {
            return Self::Butterfly(butterfly);
        }
        let factors = prime_factors(length);
        if factors.len() == 1 {
            return Self::prime(length);
        }
        let power_of_two = 1 << length.trailing_zeros();
        if length == power_of_two {
            return Self::Radix4 {
                base: if length.ilog2().is_multiple_of(2) {
                    Butterfly::Sixteen
                } else {
                    Butterfly::Eight
                },
            };
        }
        let width =
            if power_of_two >= 32 { power_of_two } else { near_square_root(length, &factors) };
        Self::product(width, length / width)
    }

    fn product(width: usize, height: usize) -> Self {
        if let (Some(width), Some(height)) = (Butterfly::of(width), Butterfly::of(height))
            && are_coprime(width.length(), height.length())
        {
            return Self::CoprimeFactors { width, height };
        }
        let root = |index: usize| fourier_root(index / height * (index % height), width * height);
        Self::MixedRadix {
            width: Box::new(Self::new(width)),
            height: Box::new(Self::new(height)),
            rows: height,
            twiddles: (0..width * height).map(root).collect(),
        }
    }

    fn prime(length: usize) -> Self {
        let inner = Self::new(length - 1);
        let root = primitive_root(length);
        let inverse_root = powers(root, length).nth(length - 3).unwrap_or(1);
        let scale = (1.0 / (length - 1) as f64) as f32;
        let exponents = std::iter::once(1).chain(powers(inverse_root, length));
        let mut convolution: Vec<_> = exponents
            .take(length - 1)
            .map(|index| fourier_root(index, length).scale(scale))
            .collect();
        inner.run(&mut convolution);
        Self::Prime { inner: Box::new(inner), convolution, root, inverse_root }
    }

    /// Transforms values in place; their number must be the length of the plan.
    pub(super) fn run(&self, values: &mut [Complex]) {
        match self {
            Self::Butterfly(butterfly) => butterfly.run(values),
            Self::Radix4 { base } => radix4(*base, values),
            Self::MixedRadix { width, height, rows, twiddles } => {
                mixed_radix(width, height, *rows, twiddles, values);
            }
            Self::CoprimeFactors { width, height } => coprime_factors(*width, *height, values),
            Self::Prime { inner, convolution, root, inverse_root } => {
                convolve(inner, convolution, *root, *inverse_root, values);
            }
        }
    }
}

fn radix4(base: Butterfly, values: &mut [Complex]) {
    let length = values.len();
    if length == base.length() {
        return base.run(values);
    }
    let quarter = length / 4;
    let mut parts: [Wiped<Complex>; 4] = std::array::from_fn(|part| {
        Wiped::new(values.iter().skip(part).step_by(4).copied().collect())
    });
    for part in &mut parts {
        radix4(base, part);
    }
    for index in 0..quarter {
        let rotated = |part: usize| parts[part][index] * fourier_root(index * part, length);
        let (first, second, third) = (rotated(1), rotated(2), rotated(3));
        let (sum, difference) = (parts[0][index] + second, parts[0][index] - second);
        let (odd_sum, odd_difference) = (first + third, (first - third).quarter_turn(false));
        values[index] = sum + odd_sum;
        values[index + quarter] = difference + odd_difference;
        values[index + 2 * quarter] = sum - odd_sum;
        values[index + 3 * quarter] = difference - odd_difference;
    }
}

fn mixed_radix(
    width: &Plan,
    height: &Plan,
    rows: usize,
    twiddles: &[Complex],
    values: &mut [Complex],
) {
    let columns = values.len() / rows;
    let mut by_column = transposed(values, columns);
    by_column.chunks_exact_mut(rows).for_each(|column| height.run(column));
    for (value, twiddle) in by_column.iter_mut().zip(twiddles) {
        *value = *value * *twiddle;
    }
    let mut back = transposed(&by_column, rows);
    back.chunks_exact_mut(columns).for_each(|row| width.run(row));
    values.copy_from_slice(&transposed(&back, columns));
}

/// Both orders of the values are those of the Chinese remainder theorem: one counts in steps, the
/// other by remainders.
fn coprime_factors(width: Butterfly, height: Butterfly, values: &mut [Complex]) {
    let (columns, rows, length) = (width.length(), height.length(), values.len());
    let source = |index: usize| (index % columns * rows + index / columns * columns) % length;
    let mut reordered = Wiped::new((0..length).map(|index| values[source(index)]).collect());
    reordered.chunks_exact_mut(columns).for_each(|row| width.run(row));
    let mut by_column = transposed(&reordered, columns);
    by_column.chunks_exact_mut(rows).for_each(|column| height.run(column));
    for (index, value) in values.iter_mut().enumerate() {
        *value = by_column[index % columns * rows + index % rows];
    }
}

fn convolve(
    inner: &Plan,
    convolution: &[Complex],
    root: usize,
    inverse_root: usize,
    values: &mut [Complex],
) {
    let length = values.len();
    let first = values[0];
    let sum = values.iter().fold(Complex::default(), |sum, value| sum + *value);
    let mut reordered =
        Wiped::new(powers(root, length).take(length - 1).map(|index| values[index]).collect());
    inner.run(&mut reordered);
    for (value, factor) in reordered.iter_mut().zip(convolution) {
        *value = (*value * *factor).conj();
    }
    // The conjugate of the forward transform of conjugates is the inverse transform.
    inner.run(&mut reordered);
    for (index, value) in powers(inverse_root, length).zip(reordered.iter()) {
        values[index] = value.conj() + first;
    }
    values[0] = sum;
}

/// Returns the prime factors of a length, ascending.
fn prime_factors(mut length: usize) -> Vec<usize> {
    let mut factors = Vec::new();
    let mut factor = 2;
    while length > 1 {
        while length.is_multiple_of(factor) {
            length /= factor;
            factors.push(factor);
        }
        factor += 1;
    }
    factors
}

/// Returns a factor near the square root of a product: the square root, or the product of the
/// smallest factors that is below it, and one more factor if the other factor is still larger.
fn near_square_root(length: usize, factors: &[usize]) -> usize {
    let square_root = length.isqrt();
    if square_root * square_root == length {
        return square_root;
    }
    let mut width = 1;
    for &factor in factors {
        if width * factor > square_root {
            return if width * factor < length / width { width * factor } else { width };
        }
        width *= factor;
    }
    width
}

fn are_coprime(a: usize, b: usize) -> bool {
    (2..=a.min(b)).all(|divisor| !a.is_multiple_of(divisor) || !b.is_multiple_of(divisor))
}

/// Returns `base`, `base²`, … modulo a prime.
fn powers(base: usize, prime: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(base), move |power| Some(power * base % prime))
}

/// Returns the smallest primitive root of the prime.
fn primitive_root(prime: usize) -> usize {
    let order =
        |root: &usize| powers(*root, prime).position(|power| power == 1).map(|index| index + 1);
    (2..prime).find(|root| order(root) == Some(prime - 1)).unwrap_or(1)
}
