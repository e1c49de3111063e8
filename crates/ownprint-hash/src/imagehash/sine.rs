//! Sines and cosines that are equal on every machine: additions, multiplications and divisions
//! only.
//!
//! [`sine`] is for the resampler, whose coefficients are then rounded to 22 bits.
//! [`sine_and_cosine`] is for the cosine transform, whose factors have all 53 bits; it is correctly
//! rounded except for very rare arguments.

use std::f64::consts::PI;

/// π in three parts; the first two have so few bits that their products with small integers are
/// exact (W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980).
const PI_HIGH: f64 = 3.141592502593994; // 24 bits
const PI_MIDDLE: f64 = 1.5099579897537296e-7; // 28 bits
const PI_LOW: f64 = 1.2246467991473532e-16;

/// Returns the sine of `x`, `-10..=10`, to about one unit in the last place.
#[inline(always)]
pub(super) fn sine(x: f64) -> f64 {
    let half_turns = (x / PI + if x < 0.0 { -0.5 } else { 0.5 }) as i32;
    let multiple = f64::from(half_turns);
    let rest = ((x - multiple * PI_HIGH) - multiple * PI_MIDDLE) - multiple * PI_LOW;
    let square = rest * rest;
    let sum = SINE_SERIES.iter().rev().fold(0.0, |sum, factor| sum * square + factor);
    let sine = rest + rest * square * sum;
    if half_turns % 2 == 0 { sine } else { -sine }
}

/// `-1/3!`, `1/5!` and so on; up to π/2 the remainder is below 2^-60.
const SINE_SERIES: [f64; 10] = [
    -1.0 / 6.0,
    1.0 / 120.0,
    -1.0 / 5040.0,
    1.0 / 362_880.0,
    -1.0 / 39_916_800.0,
    1.0 / 6_227_020_800.0,
    -1.0 / 1_307_674_368_000.0,
    1.0 / 355_687_428_096_000.0,
    -1.0 / 121_645_100_408_832_000.0,
    1.0 / 51_090_942_171_709_440_000.0,
];

/// Returns sine and cosine of `x`, `0..=π/4`.
pub(super) fn sine_and_cosine(x: f64) -> (f64, f64) {
    let square = Double::product(x, x);
    let series = |first: Double, start: u32| {
        let mut term = first;
        let mut sum = first;
        for step in 0..13 {
            let n = start + 2 * step;
            term = term.times(square).divided_by(-f64::from(n * (n + 1)));
            sum = sum.plus(term);
        }
        sum.high
    };
    (series(Double { high: x, low: 0.0 }, 2), series(Double { high: 1.0, low: 0.0 }, 1))
}

/// An unevaluated sum of two numbers, with some 106 bits (T. J. Dekker, A floating-point technique
/// for extending the available precision, 1971).
#[derive(Debug, Clone, Copy)]
struct Double {
    high: f64,
    low: f64,
}

impl Double {
    /// Returns the exact sum of two numbers.
    fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let b_in_it = high - a;
        Self { high, low: (a - (high - b_in_it)) + (b - b_in_it) }
    }

    /// Returns the exact product of two numbers.
    fn product(a: f64, b: f64) -> Self {
        let split = |x: f64| {
            let scaled = 134_217_729.0 * x; // 2^27 + 1
            let high = scaled - (scaled - x);
            (high, x - high)
        };
        let (a_high, a_low) = split(a);
        let (b_high, b_low) = split(b);
        let high = a * b;
        let low = ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low;
        Self { high, low }
    }

    fn plus(self, other: Self) -> Self {
        let sum = Self::sum(self.high, other.high);
        Self::sum(sum.high, sum.low + (self.low + other.low))
    }

    fn times(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        Self::sum(product.high, product.low + (self.high * other.low + self.low * other.high))
    }

    fn divided_by(self, divisor: f64) -> Self {
        let quotient = self.high / divisor;
        let product = Self::product(quotient, divisor);
        let rest = ((self.high - product.high) - product.low + self.low) / divisor;
        Self::sum(quotient, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From `math.sin` of `CPython`, which calls the C library.
    #[test]
    fn sines_equal_known_values() {
        for (x, expected) in SINES {
            let units = (sine(x) - expected).abs() / f64::EPSILON / expected.abs();
            assert!(units <= 1.0, "{x}: {units} units");
        }
    }

    const SINES: [(f64, f64); 17] = [
        (2.315467931721985, 0.7353105053423052),
        (4.5552668776721426, -0.9876816959274896),
        (5.561446775257725, -0.6606907130795973),
        (8.335763346359629, 0.886170757656441),
        (4.519689148100294, -0.9814907694362597),
        (7.9566029371764575, 0.9947390534734831),
        (-8.873541499136698, -0.5237409429726786),
        (-0.6476691915164956, -0.6033292446571478),
        (8.35284054824823, 0.8781290560707428),
        (2.806680581099652, 0.32868612895630134),
        (7.552965264581731, 0.9550356380498528),
        (-7.28719962593476, -0.8436331446221695),
        (-0.5827391397840351, -0.5503130661695459),
        (-4.774567833442397, 0.9980675178517037),
        (1.0471975511965976, 0.8660254037844386),
        (PI, 1.2246467991473532e-16),
        (-9.42477796076938, -3.6739403974420594e-16),
    ];

    #[test]
    fn sine_and_cosine_are_correctly_rounded() {
        for (x, sine, cosine) in ROUNDED {
            assert_eq!(sine_and_cosine(x), (sine, cosine), "{x}");
        }
    }

    /// From Python's `fractions`, rounded once.
    const ROUNDED: [(f64, f64, f64); 10] = [
        (0.38769059695651786, 0.37805141538699144, 0.9257846009325779),
        (0.5415836591209334, 0.5154936645414037, 0.8568933899953218),
        (0.30473442915955684, 0.30003985068587247, 0.953926668041312),
        (0.6115009361386688, 0.5740970536890906, 0.8187872574396267),
        (0.08264333519652615, 0.08254929274433496, 0.9965869827904688),
        (0.5830343197050931, 0.5505595051457575, 0.8347959219435962),
        (0.1307756527223563, 0.13040321122846307, 0.9914610443690185),
        (0.4601040347332941, 0.4440413251454739, 0.8960063066536148),
        (0.0, 0.0, 1.0),
        (0.001, 0.0009999998333333417, 0.9999995000000417),
    ];
}
