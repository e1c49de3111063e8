//! The median that decides the bits.

/// The lower median of 256 values: the 128th smallest, which is what Torben's algorithm returns in the reference.
pub(super) fn lower_median(values: &[f32; 256]) -> f32 {
    let mut sorted = *values;
    *sorted.select_nth_unstable_by(127, f32::total_cmp).1
}
