//! Noise as a function of the position. It uses integers only, so the mathematics library of a
//! platform cannot change a test image.

/// The number 1 in the 16-bit fixed-point format of this crate.
pub const ONE: i64 = 1 << 16;

/// Returns 32 bits of noise for a position.
#[must_use]
pub fn scramble(seed: u32, x: i64, y: i64) -> u32 {
    let mut bits = seed
        .wrapping_add((x as u32).wrapping_mul(0x9e37_79b1))
        .wrapping_add((y as u32).wrapping_mul(0x85eb_ca77));
    for factor in [0x7feb_352d, 0x846c_a68b] {
        bits ^= bits >> 16;
        bits = bits.wrapping_mul(factor);
        bits ^= bits >> 15;
    }
    bits
}

/// Returns the `index`th random number of a seed, in `0..below`.
#[must_use]
pub fn pick(seed: u32, index: i64, below: i64) -> i64 {
    i64::from(scramble(seed, index, -1)) % below.max(1)
}

/// Returns smooth noise in `0..=ONE`, interpolated between random values at every `cell` pixels.
#[must_use]
pub fn smooth(seed: u32, x: i64, y: i64, cell: i64) -> i64 {
    let cell = cell.max(1);
    let corner = |dx: i64, dy: i64| {
        i64::from(scramble(seed, x.div_euclid(cell) + dx, y.div_euclid(cell) + dy) >> 16)
    };
    let across = ease(x.rem_euclid(cell) * ONE / cell);
    let down = ease(y.rem_euclid(cell) * ONE / cell);
    let top = mix(corner(0, 0), corner(1, 0), across);
    let bottom = mix(corner(0, 1), corner(1, 1), across);
    mix(top, bottom, down)
}

/// Returns fractal noise in `0..=ONE`: a sum of octaves with decreasing size and amplitude.
#[must_use]
pub fn octaves(seed: u32, x: i64, y: i64, cell: i64) -> i64 {
    let (mut sum, mut weights) = (0, 0);
    for octave in 0..5 {
        let (weight, cell) = (16 >> octave, cell >> octave);
        if cell == 0 {
            break;
        }
        sum += smooth(seed.wrapping_add(octave), x, y, cell) * weight;
        weights += weight;
    }
    if weights == 0 { ONE / 2 } else { sum / weights }
}

/// Interpolates linearly from `a` to `b`, for `t` from 0 to [`ONE`].
#[must_use]
pub fn mix(a: i64, b: i64, t: i64) -> i64 {
    a + (b - a) * t / ONE
}

/// Returns `3t² - 2t³`.
#[must_use]
pub fn ease(t: i64) -> i64 {
    t * t / ONE * (3 * ONE - 2 * t) / ONE
}
