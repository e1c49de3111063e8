//! PDQ on complete planes of `f32`, one loop per step, after facebook/ThreatExchange `pdq/cpp`,
//! with the luma of `PyPI` `pdqhash`.
//!
//! Every step is a function, so that a test can find the first step at which two programs differ.

/// A row-major plane of `f32` samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// The number of columns.
    pub width: usize,
    /// The number of rows.
    pub height: usize,
    /// `width * height` samples.
    pub samples: Vec<f32>,
}

/// Computes luma like `PyPI` `pdqhash`: in `f64`, rounded once at the end.
#[must_use]
pub fn luma(rgb: &[u8], width: usize, height: usize) -> Plane {
    let luma = |p: &[u8]| {
        (f64::from(p[0]) * 0.299 + f64::from(p[1]) * 0.587 + f64::from(p[2]) * 0.114) as f32
    };
    Plane { width, height, samples: rgb.chunks_exact(3).map(luma).collect() }
}

/// Computes luma like the C++ and Java sources: rounded after every operation. If a coefficient is
/// zero apart from rounding, the last bit of luma decides a bit of the hash.
#[must_use]
pub fn luma_rounded_each_time(rgb: &[u8], width: usize, height: usize) -> Plane {
    let luma = |p: &[u8]| {
        0.299f32 * f32::from(p[0]) + 0.587f32 * f32::from(p[1]) + 0.114f32 * f32::from(p[2])
    };
    Plane { width, height, samples: rgb.chunks_exact(3).map(luma).collect() }
}

/// Applies a box filter to one line, like `box1DFloat`.
fn box_filter(line: &[f32], window: usize) -> Vec<f32> {
    let reach = window.midpoint(2) - 1;
    let (mut sum, mut count) = (0.0f32, 0.0f32);
    let mut out = Vec::with_capacity(line.len());
    for next in 0..line.len() + reach {
        if next < line.len() {
            sum += line[next];
            count += 1.0;
        }
        if next >= window {
            sum -= line[next - window];
            count -= 1.0;
        }
        if next >= reach {
            out.push(sum / count);
        }
    }
    out
}

/// Applies a box filter along the rows and then along the columns, twice.
#[must_use]
pub fn jarosz(mut plane: Plane) -> Plane {
    let window = |length: usize| length.div_ceil(128);
    for _ in 0..2 {
        for row in plane.samples.chunks_exact_mut(plane.width) {
            let filtered = box_filter(row, window(plane.width));
            row.copy_from_slice(&filtered);
        }
        for x in 0..plane.width {
            let column: Vec<f32> =
                plane.samples.iter().skip(x).step_by(plane.width).copied().collect();
            for (y, value) in box_filter(&column, window(plane.height)).into_iter().enumerate() {
                plane.samples[y * plane.width + x] = value;
            }
        }
    }
    plane
}

/// Takes 64x64 samples at the centres of a 64x64 grid.
#[must_use]
pub fn decimate(plane: &Plane) -> [[f32; 64]; 64] {
    let at = |index: usize, length: usize| ((index as f64 + 0.5) * length as f64 / 64.0) as usize;
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            plane.samples[at(i, plane.height) * plane.width + at(j, plane.width)]
        })
    })
}

/// Returns the quality, 0 to 100.
#[must_use]
pub fn quality(a: &[[f32; 64]; 64]) -> u8 {
    let step = |u: f32, v: f32| (((u - v) * 100.0) / 255.0).trunc().abs() as u32;
    let mut sum = 0;
    for i in 0..64 {
        for j in 0..64 {
            sum += if i < 63 { step(a[i][j], a[i + 1][j]) } else { 0 };
            sum += if j < 63 { step(a[i][j], a[i][j + 1]) } else { 0 };
        }
    }
    (sum / 90).min(100) as u8
}

/// Returns the 16x16 lowest cosine coefficients, without the constant one.
#[must_use]
pub fn dct(a: &[[f32; 64]; 64]) -> [[f32; 16]; 16] {
    let scale = f64::from((2.0f64 / 64.0).sqrt() as f32);
    let cosine = |i: usize, j: usize| {
        (scale * (std::f64::consts::PI / 2.0 / 64.0 * (i + 1) as f64 * (2 * j + 1) as f64).cos())
            as f32
    };
    let d: [[f32; 64]; 16] = std::array::from_fn(|i| std::array::from_fn(|j| cosine(i, j)));
    let mut t = [[0.0f32; 64]; 16];
    for (i, row) in t.iter_mut().enumerate() {
        for (j, sum) in row.iter_mut().enumerate() {
            for (k, samples) in a.iter().enumerate() {
                *sum += d[i][k] * samples[j];
            }
        }
    }
    let mut b = [[0.0f32; 16]; 16];
    for (i, row) in b.iter_mut().enumerate() {
        for (j, sum) in row.iter_mut().enumerate() {
            for (k, value) in t[i].iter().enumerate() {
                *sum += value * d[j][k];
            }
        }
    }
    b
}

/// Returns one bit per coefficient: 1 if it is above the lower median. The highest bit comes first.
#[must_use]
pub fn hex(b: &[[f32; 16]; 16]) -> String {
    let mut sorted = b.as_flattened().to_vec();
    sorted.sort_by(f32::total_cmp);
    let bits: Vec<u8> =
        b.as_flattened().iter().map(|value| u8::from(*value > sorted[127])).collect();
    let nibble = |bits: &[u8]| bits.iter().rev().fold(0, |value, bit| value << 1 | u32::from(*bit));
    bits.chunks_exact(4).rev().filter_map(|bits| char::from_digit(nibble(bits), 16)).collect()
}

/// Returns the coefficients of the eight rotations and reflections, in the order of the reference.
#[must_use]
pub fn dihedral(a: &[[f32; 16]; 16]) -> [[[f32; 16]; 16]; 8] {
    let mut out = [[[0.0; 16]; 16]; 8];
    for i in 0..16 {
        for j in 0..16 {
            let v = a[i][j];
            let unless = |keep: bool| if keep { v } else { -v };
            out[0][i][j] = v;
            out[1][j][i] = unless(j % 2 == 1);
            out[2][i][j] = unless((i + j) % 2 == 0);
            out[3][j][i] = unless(i % 2 == 1);
            out[4][i][j] = unless(i % 2 == 1);
            out[5][i][j] = unless(j % 2 == 1);
            out[6][j][i] = v;
            out[7][j][i] = unless((i + j) % 2 == 0);
        }
    }
    out
}

/// Scales to 512x512 with nearest-neighbour sampling if a side exceeds 512.
#[must_use]
pub fn nearest_512(rgb: &[u8], width: usize, height: usize) -> (Vec<u8>, usize, usize) {
    if width <= 512 && height <= 512 {
        return (rgb.to_vec(), width, height);
    }
    let mut out = Vec::with_capacity(512 * 512 * 3);
    for y in 0..512 {
        for x in 0..512 {
            let at = (y * height / 512 * width + x * width / 512) * 3;
            out.extend_from_slice(&rgb[at..at + 3]);
        }
    }
    (out, 512, 512)
}

/// Returns the hash and the quality of RGB triples.
#[must_use]
pub fn hash(rgb: &[u8], width: usize, height: usize) -> (String, u8) {
    hash_of_luma(luma(rgb, width, height))
}

/// Returns the eight hashes and the quality of RGB triples.
#[must_use]
pub fn hash_dihedral(rgb: &[u8], width: usize, height: usize) -> ([String; 8], u8) {
    hash_dihedral_of_luma(luma(rgb, width, height))
}

/// Returns the [`hash`] of luma.
#[must_use]
pub fn hash_of_luma(plane: Plane) -> (String, u8) {
    if plane.width < 5 || plane.height < 5 {
        return ("0".repeat(64), 0);
    }
    let is_sampled = (plane.width, plane.height) == (64, 64);
    let samples = if is_sampled { decimate(&plane) } else { decimate(&jarosz(plane)) };
    (hex(&dct(&samples)), quality(&samples))
}

/// Returns the [`hash_dihedral`] of luma. Unlike [`hash_of_luma`], it also filters a 64x64 image.
#[must_use]
pub fn hash_dihedral_of_luma(plane: Plane) -> ([String; 8], u8) {
    if plane.width < 5 || plane.height < 5 {
        return (std::array::from_fn(|_| "0".repeat(64)), 0);
    }
    let samples = decimate(&jarosz(plane));
    (dihedral(&dct(&samples)).map(|coefficients| hex(&coefficients)), quality(&samples))
}
