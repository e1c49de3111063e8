//! The lengths for which rustfft 3.0.1 has unrolled Fourier transforms
//! (`algorithm/butterflies.rs`), with the same operations in the same order.

use super::complex::{Complex, fourier_root};

/// An unrolled transform with its constants.
#[derive(Debug, Clone, Copy)]
pub(super) enum Butterfly {
    Two,
    Three,
    Four,
    Five([Complex; 4]),
    Six,
    Seven([Complex; 6]),
    Eight,
    Sixteen,
    ThirtyTwo,
}

impl Butterfly {
    /// Returns `None` for a length without an unrolled transform.
    pub(super) fn of(length: usize) -> Option<Self> {
        Some(match length {
            2 => Self::Two,
            3 => Self::Three,
            4 => Self::Four,
            5 => Self::Five(convolution_of_five()),
            6 => Self::Six,
            7 => Self::Seven(convolution_of_seven()),
            8 => Self::Eight,
            16 => Self::Sixteen,
            32 => Self::ThirtyTwo,
            _ => return None,
        })
    }

    pub(super) fn length(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
            Self::Five(_) => 5,
            Self::Six => 6,
            Self::Seven(_) => 7,
            Self::Eight => 8,
            Self::Sixteen => 16,
            Self::ThirtyTwo => 32,
        }
    }

    /// Transforms values in place; does nothing if their number is not its length.
    pub(super) fn run(self, values: &mut [Complex]) {
        match self {
            Self::Two => in_place(values, two),
            Self::Three => in_place(values, |values| three(values, false)),
            Self::Four => in_place(values, |values| four(values, false)),
            Self::Five(convolution) => in_place(values, |values| five(values, &convolution)),
            Self::Six => in_place(values, |values| six(values, false)),
            Self::Seven(convolution) => in_place(values, |values| seven(values, &convolution)),
            Self::Eight => in_place(values, eight),
            Self::Sixteen => in_place(values, sixteen),
            Self::ThirtyTwo => in_place(values, thirty_two),
        }
    }
}

fn in_place<const N: usize>(
    values: &mut [Complex],
    transform: impl Fn([Complex; N]) -> [Complex; N],
) {
    if let Ok(values) = <&mut [Complex; N]>::try_from(values) {
        *values = transform(*values);
    }
}

fn two([a, b]: [Complex; 2]) -> [Complex; 2] {
    [a + b, a - b]
}

fn three([a, b, c]: [Complex; 3], is_inverse: bool) -> [Complex; 3] {
    let root = fourier_root(1, 3);
    let im = if is_inverse { -root.im } else { root.im };
    let (sum, difference) = (b + c, b - c);
    let even = sum.scale(root.re) + a;
    let odd = Complex { re: -(difference.im * im), im: difference.re * im };
    [a + sum, even + odd, even - odd]
}

fn four([a, b, c, d]: [Complex; 4], is_inverse: bool) -> [Complex; 4] {
    let ([even, even_odd], [odd, odd_odd]) = (two([a, c]), two([b, d]));
    let rotated = odd_odd.quarter_turn(is_inverse);
    [even + odd, even_odd + rotated, even - odd, even_odd - rotated]
}

/// Rader's convolution over the powers of 2 modulo 5.
fn five([a, b, c, d, e]: [Complex; 5], convolution: &[Complex; 4]) -> [Complex; 5] {
    let mut inner = four([b, c, e, d], false);
    multiply(&mut inner, convolution);
    let [b1, b3, b4, b2] = four(inner, true).map(|value| value + a);
    [a + b + c + d + e, b1, b2, b3, b4]
}

fn convolution_of_five() -> [Complex; 4] {
    let [first, second] = [1, 2].map(|index| fourier_root(index, 5).scale(0.25));
    four([first, second.conj(), first.conj(), second], false)
}

/// The Good-Thomas reordering of two transforms of length 3.
fn six([a, b, c, d, e, f]: [Complex; 6], is_inverse: bool) -> [Complex; 6] {
    let (first, second) = (three([a, c, e], is_inverse), three([d, f, b], is_inverse));
    let [[b0, b3], [b4, b1], [b2, b5]] = [0, 1, 2].map(|index| two([first[index], second[index]]));
    [b0, b1, b2, b3, b4, b5]
}

/// Rader's convolution over the powers of 3 modulo 7.
fn seven([a, b, c, d, e, f, g]: [Complex; 7], convolution: &[Complex; 6]) -> [Complex; 7] {
    let mut inner = six([d, c, g, e, f, b], false);
    multiply(&mut inner, convolution);
    let [b5, b4, b6, b2, b3, b1] = six(inner, true).map(|value| value + a);
    [a + b + c + d + e + f + g, b1, b2, b3, b4, b5, b6]
}

fn convolution_of_seven() -> [Complex; 6] {
    let [first, second, third] =
        [1, 2, 3].map(|index| fourier_root(index, 7).scale((1.0_f64 / 6.0) as f32));
    six([first, second.conj(), third.conj(), first.conj(), second, third], false)
}

fn multiply(values: &mut [Complex], factors: &[Complex]) {
    for (value, factor) in values.iter_mut().zip(factors) {
        *value = *value * *factor;
    }
}

fn eight([a, b, c, d, e, f, g, h]: [Complex; 8]) -> [Complex; 8] {
    let root = fourier_root(1, 8);
    let even = four([a, c, e, g], false);
    let [odd0, odd1, odd2, odd3] = four([b, d, f, h], false);
    let odd =
        [odd0, odd1 * root, odd2.quarter_turn(false), odd3 * Complex { re: -root.re, im: root.im }];
    let mut values = [Complex::default(); 8];
    for index in 0..4 {
        [values[index], values[index + 4]] = two([even[index], odd[index]]);
    }
    values
}

fn sixteen(values: [Complex; 16]) -> [Complex; 16] {
    split_radix(values, eight, |values| four(values, false))
}

fn thirty_two(values: [Complex; 32]) -> [Complex; 32] {
    split_radix(values, sixteen, eight)
}

/// Splits values into even ones, and odd ones forwards from the first and backwards from the last.
fn split_radix<const N: usize, const HALF: usize, const QUARTER: usize>(
    values: [Complex; N],
    half: fn([Complex; HALF]) -> [Complex; HALF],
    quarter: fn([Complex; QUARTER]) -> [Complex; QUARTER],
) -> [Complex; N] {
    let even = half(std::array::from_fn(|index| values[2 * index]));
    let mut ahead = quarter(std::array::from_fn(|index| values[4 * index + 1]));
    let mut behind = quarter(std::array::from_fn(|index| values[(4 * index + N - 1) % N]));
    let mut out = [Complex::default(); N];
    for index in 0..QUARTER {
        // The first root is 1; multiplying by it would be an operation that the reference does not
        // have.
        if index > 0 {
            let root = fourier_root(index, N);
            ahead[index] = ahead[index] * root;
            behind[index] = behind[index] * root.conj();
        }
        let [sum, difference] = two([ahead[index], behind[index]]);
        let rotated = difference.quarter_turn(false);
        [out[index], out[index + HALF]] = two([even[index], sum]);
        [out[index + QUARTER], out[index + HALF + QUARTER]] = two([even[index + QUARTER], rotated]);
    }
    out
}
