//! Complex numbers in `f32`, and the roots of unity as both reference crates compute them.

use std::f64::consts::PI;
use std::ops::{Add, Mul, Sub};

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Complex {
    pub(super) re: f32,
    pub(super) im: f32,
}

impl zeroize::DefaultIsZeroes for Complex {}

impl Complex {
    pub(super) fn conj(self) -> Self {
        Self { re: self.re, im: -self.im }
    }

    pub(super) fn scale(self, factor: f32) -> Self {
        Self { re: self.re * factor, im: self.im * factor }
    }

    /// Rotates by 90 degrees, opposite to the direction of the transform's roots.
    pub(super) fn quarter_turn(self, is_inverse: bool) -> Self {
        if is_inverse {
            Self { re: -self.im, im: self.re }
        } else {
            Self { re: self.im, im: -self.re }
        }
    }

    /// Returns the point at `angle` on the unit circle, rounded once.
    fn at(angle: f64) -> Self {
        Self { re: libm::cos(angle) as f32, im: libm::sin(angle) as f32 }
    }
}

impl Add for Complex {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Sub for Complex {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }
}

impl Mul for Complex {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }
}

/// Returns `exp(-2πi index / length)`, the angle rounded as in rustfft 3.0.1.
pub(super) fn fourier_root(index: usize, length: usize) -> Complex {
    Complex::at(-2.0 * PI * index as f64 / length as f64)
}

/// Returns the same with the angle rounded as in rustdct 0.4.0.
pub(super) fn cosine_root(index: usize, length: usize) -> Complex {
    Complex::at(PI * -2.0 / length as f64 * index as f64)
}
