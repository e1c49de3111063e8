//! The samples between the filter and the cosine transform.

use zeroize::Zeroize;

/// Width and height of the samples.
pub(crate) const SIDE: usize = 64;

/// Minimum width and height of an image that has a hash (`MIN_HASHABLE_DIM` of the C++ reference).
/// Smaller images get zeros and quality 0.
pub(crate) const MIN_SIDE: usize = 5;

/// The luma samples of an image: [`SIDE`] rows of [`SIDE`] columns.
pub(crate) type Samples = [[f32; SIDE]; SIDE];

/// Returns samples that are all zero.
pub(crate) fn blank() -> Box<Samples> {
    Box::new([[0.0; SIDE]; SIDE])
}

/// Overwrites samples with zeros.
#[inline(never)]
pub(crate) fn wipe(samples: &mut Samples) {
    samples.as_flattened_mut().zeroize();
}
