//! The discrete cosine transform (type 2, not normalized) in `f32`, with the operations of rustdct
//! 0.4.0 in the same order.
//!
//! Lengths are even, because this family transforms twice the width and height of a hash. Powers of
//! two are split; 6, 10, 12 and 14 are summed term by term; all others use
//! [`fourier`](super::fourier). rustdct has unrolled transforms for 4, 8 and 16, which equal
//! splitting except for the sign of zeros. Source: `plan.rs` and `algorithm/` of rustdct 0.4.0 (MIT
//! or Apache-2.0).

use std::f32::consts::FRAC_1_SQRT_2;

use super::complex::{Complex, cosine_root};
use super::fourier::Plan;
use super::wiped::Wiped;

/// Lengths below this are summed term by term.
const SUMMED_BELOW: usize = 16;

#[derive(Debug)]
pub(super) struct CosineTransform {
    /// The roots of four times the length.
    roots: Vec<Complex>,
    /// `None` if no Fourier transform is needed.
    fourier: Option<Plan>,
}

impl CosineTransform {
    /// Creates a transform of an even length from 2.
    pub(super) fn new(length: usize) -> Self {
        let needs_fourier = length >= SUMMED_BELOW && !length.is_power_of_two();
        Self {
            roots: (0..4 * length).map(|index| cosine_root(index, 4 * length)).collect(),
            fourier: needs_fourier.then(|| Plan::new(length)),
        }
    }

    /// Transforms values in place; their number must be the length.
    pub(super) fn run(&self, values: &mut [f32]) {
        match &self.fourier {
            Some(plan) => self.through_fourier(plan, values),
            None if values.len().is_power_of_two() => self.split(values),
            None => self.sum(values),
        }
    }

    fn sum(&self, values: &mut [f32]) {
        let terms = Wiped::new(values.to_vec());
        for (frequency, value) in values.iter_mut().enumerate() {
            let root = |index: usize| self.roots[frequency * (2 * index + 1) % self.roots.len()].re;
            *value =
                terms.iter().enumerate().fold(0.0, |sum, (index, term)| sum + term * root(index));
        }
    }

    /// Even values forwards, odd ones backwards; the output is rotated by a quarter of the
    /// frequency's step.
    fn through_fourier(&self, plan: &Plan, values: &mut [f32]) {
        let even = values.iter().step_by(2);
        let odd = values.iter().skip(1).step_by(2).rev();
        let mut spectrum = Wiped::new(even.chain(odd).map(|&re| Complex { re, im: 0.0 }).collect());
        plan.run(&mut spectrum);
        for ((value, root), frequency) in values.iter_mut().zip(&self.roots).zip(spectrum.iter()) {
            *value = frequency.re * root.re - frequency.im * root.im;
        }
    }

    /// Sums of mirrored values give the even frequencies; their rotated differences give the odd
    /// ones.
    fn split(&self, values: &mut [f32]) {
        let length = values.len();
        if length < 4 {
            if let [a, b] = values {
                (*a, *b) = (*a + *b, (*a - *b) * FRAC_1_SQRT_2);
            }
            return;
        }
        let (half, quarter) = (length / 2, length / 4);
        let step = self.roots.len() / (4 * length);
        let mirrored = |index: usize| values[index] + values[length - 1 - index];
        let mut sums = Wiped::new((0..half).map(mirrored).collect());
        let (mut cosines, mut sines) =
            (Wiped::new(vec![0.0; quarter]), Wiped::new(vec![0.0; quarter]));
        for index in 0..quarter {
            let outer = values[index] - values[length - 1 - index];
            let inner = values[half - 1 - index] - values[half + index];
            let root = self.roots[(2 * index + 1) * step].conj();
            cosines[index] = outer * root.re + inner * root.im;
            sines[quarter - 1 - index] = alternate(index, inner * root.re - outer * root.im);
        }
        self.split(&mut sums);
        self.split(&mut cosines);
        self.split(&mut sines);
        for (value, sum) in values.iter_mut().step_by(2).zip(sums.iter()) {
            *value = *sum;
        }
        values[1] = cosines[0];
        for index in 1..quarter {
            let sine = alternate(index + quarter + 1, sines[quarter - index]);
            values[4 * index - 1] = cosines[index] + sine;
            values[4 * index + 1] = cosines[index] - sine;
        }
        values[length - 1] = -sines[0];
    }
}

/// Returns the value, negated if the index is odd.
fn alternate(index: usize, value: f32) -> f32 {
    if index.is_multiple_of(2) { value } else { -value }
}
