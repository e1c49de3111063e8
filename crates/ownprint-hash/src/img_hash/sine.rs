//! The sine of an `f32` as glibc computes it.
//!
//! `image` 0.23 calls the C library's sine for its resampling filter, so the hashes of the
//! reference depend on that library. glibc's sine (since 2.28; from Arm's optimized routines, MIT)
//! is not correctly rounded: of the arguments below 9.5, one in a thousand differs by one unit in
//! the last place. This file follows its polynomials.

use std::f32::consts::FRAC_PI_4;

/// Multiples of π/2 per radian in units of 2^-24, and radians per multiple of π/2.
const QUARTER_TURNS: f64 = f64::from_bits(0x4164_5f30_6dc9_c883);
const QUARTER_TURN: f64 = f64::from_bits(0x3ff9_21fb_5444_2d18);

/// Coefficients of x³, x⁵ and x⁷ in the sine.
const S3: f64 = f64::from_bits(0xbfc5_5554_5995_a603);
const S5: f64 = f64::from_bits(0x3f81_1076_0523_0bc4);
const S7: f64 = f64::from_bits(0xbf29_94eb_3774_cf24);

/// Coefficients of x², x⁴, x⁶ and x⁸ in the cosine.
const C2: f64 = f64::from_bits(0xbfdf_ffff_fd0c_621c);
const C4: f64 = f64::from_bits(0x3fa5_5553_e106_8f19);
const C6: f64 = f64::from_bits(0xbf56_c087_e89a_359d);
const C8: f64 = f64::from_bits(0x3ef9_9343_027b_f8c3);

/// Returns the sine of an angle between -120 and 120; glibc reduces larger angles differently.
pub(super) fn sine(angle: f32) -> f32 {
    let x = f64::from(angle);
    if angle.abs() < FRAC_PI_4 {
        // Below this magnitude the sine equals the angle.
        return if angle.abs() < 1.0 / 4096.0 { angle } else { near_zero(x) as f32 };
    }
    let quadrants = ((x * QUARTER_TURNS) as i32 + (1 << 23)) >> 24;
    let rest = x - f64::from(quadrants) * QUARTER_TURN;
    let value = match quadrants & 3 {
        0 => near_zero(rest),
        1 => cosine_near_zero(rest),
        2 => near_zero(-rest),
        _ => -cosine_near_zero(rest),
    };
    value as f32
}

fn near_zero(x: f64) -> f64 {
    let square = x * x;
    let cube = x * square;
    let sum = x + cube * S3;
    sum + cube * square * (S5 + square * S7)
}

fn cosine_near_zero(x: f64) -> f64 {
    let square = x * x;
    let fourth = square * square;
    let sum = 1.0 + square * C2 + fourth * C4;
    sum + fourth * square * (C6 + square * C8)
}
