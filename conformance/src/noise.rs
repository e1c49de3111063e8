//! Randomness by position, in integers only: no platform's mathematics library has a say in a test
//! image.

/// One in the 16-bit fixed point of this crate.
pub const ONE: i64 = 1 << 16;

/// 32 well-mixed bits of a position.
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

/// A number in `0..below`, the `index`th of a seed.
#[must_use]
pub fn pick(seed: u32, index: i64, below: i64) -> i64 {
    i64::from(scramble(seed, index, -1)) % below.max(1)
}

/// Smooth noise in `0..=ONE`, independent every `cell` pixels.
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

/// Smooth noise with ever finer and fainter detail, in `0..=ONE`.
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

/// From `a` to `b` as `t` goes from 0 to [`ONE`].
#[must_use]
pub fn mix(a: i64, b: i64, t: i64) -> i64 {
    a + (b - a) * t / ONE
}

/// `3t² - 2t³`.
#[must_use]
pub fn ease(t: i64) -> i64 {
    t * t / ONE * (3 * ONE - 2 * t) / ONE
}
