//! The hashes of an image's eight turns and mirrors, from the coefficients of the image itself.
//!
//! Turning or mirroring an image transposes its cosine coefficients and changes the sign of odd ones. The result is
//! not the hash of the turned file: an even box reaches further to one side, which this cannot undo.

use super::dct::Coefficients;

/// The eight variants in the reference's order: original, turned counter-clockwise by 90, 180 and 270 degrees,
/// mirrored top to bottom, mirrored left to right, mirrored about the main and about the other diagonal.
pub(super) fn variants(original: &Coefficients) -> [Coefficients; 8] {
    let kept = |i: usize, j: usize| original[i][j];
    let transposed = |i: usize, j: usize| original[j][i];
    let odd = |index: usize| index % 2 == 1;
    [
        *original,
        build(transposed, |i, _| !odd(i)),
        build(kept, |i, j| odd(i + j)),
        build(transposed, |_, j| !odd(j)),
        build(kept, |i, _| !odd(i)),
        build(kept, |_, j| !odd(j)),
        build(transposed, |_, _| false),
        build(transposed, |i, j| odd(i + j)),
    ]
}

fn build(value: impl Fn(usize, usize) -> f32, negate: impl Fn(usize, usize) -> bool) -> Coefficients {
    std::array::from_fn(|i| std::array::from_fn(|j| if negate(i, j) { -value(i, j) } else { value(i, j) }))
}
