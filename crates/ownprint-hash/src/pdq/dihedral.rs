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
    [
        (false, false, false),
        (true, false, true),
        (false, true, true),
        (true, true, false),
        (false, false, true),
        (false, true, false),
        (true, false, false),
        (true, true, true),
    ]
    .map(|(is_transposed, flips_columns, flips_rows)| {
        transformed(original, is_transposed, flips_columns, flips_rows)
    })
}

/// Returns the coefficients of a transposed, then mirrored image.
pub(crate) fn transformed(
    original: &Coefficients,
    is_transposed: bool,
    flips_columns: bool,
    flips_rows: bool,
) -> Coefficients {
    // Index 0 is frequency 1: a mirror image changes the signs of odd frequencies.
    let odd = |index: usize| index.is_multiple_of(2);
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let value = if is_transposed { original[j][i] } else { original[i][j] };
            if (flips_columns && odd(j)) == (flips_rows && odd(i)) { value } else { -value }
        })
    })
}
