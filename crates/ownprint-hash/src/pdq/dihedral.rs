//! The hashes of the eight rotations and mirror images of an image, computed from its coefficients.
//!
//! Rotating or mirroring an image transposes its cosine coefficients and changes the sign of odd
//! ones. The result differs from the hash of the rotated file, because a box of even length is not
//! symmetric.

use super::dct::Coefficients;

/// Returns the eight variants in the reference's order: original; rotated counter-clockwise by 90,
/// 180 and 270 degrees; mirrored top to bottom, left to right, about the main diagonal, and about
/// the other diagonal.
pub(super) fn variants(original: &Coefficients) -> [Coefficients; 8] {
    let unchanged = |i: usize, j: usize| original[i][j];
    let transposed = |i: usize, j: usize| original[j][i];
    let odd = |index: usize| index % 2 == 1;
    [
        *original,
        build(transposed, |i, _| !odd(i)),
        build(unchanged, |i, j| odd(i + j)),
        build(transposed, |_, j| !odd(j)),
        build(unchanged, |i, _| !odd(i)),
        build(unchanged, |_, j| !odd(j)),
        build(transposed, |_, _| false),
        build(transposed, |i, j| odd(i + j)),
    ]
}

fn build(
    value: impl Fn(usize, usize) -> f32,
    negate: impl Fn(usize, usize) -> bool,
) -> Coefficients {
    std::array::from_fn(|i| {
        std::array::from_fn(|j| if negate(i, j) { -value(i, j) } else { value(i, j) })
    })
}
