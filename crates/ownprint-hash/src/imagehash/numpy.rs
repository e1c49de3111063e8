//! Sums and medians of `f64` as numpy 2.4 computes them.

/// Number of values that a buffering numpy iterator passes to a sum at a time.
const BUFFER: usize = 8192;

/// Maximum number of values that are added with eight running sums without halving.
const BLOCK: usize = 128;

/// `numpy.sum` (`DOUBLE_pairwise_sum` of `loops_utils.h.src`).
pub(super) fn pairwise_sum(values: &[f64]) -> f64 {
    values.chunks(BUFFER).fold(0.0, |sum, chunk| sum + pairwise(chunk))
}

fn pairwise(values: &[f64]) -> f64 {
    if values.len() < 8 {
        return values.iter().fold(0.0, |sum, value| sum + value);
    }
    if values.len() > BLOCK {
        let half = values.len() / 2;
        let (first, second) = values.split_at(half - half % 8);
        return pairwise(first) + pairwise(second);
    }
    let (eights, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for eight in eights {
        for (sum, value) in sums.iter_mut().zip(eight) {
            *sum += value;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| sum + value)
}

/// `numpy.median`: the middle value, or the mean of the two middle values; there must be values.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle).copied().unwrap_or_default();
    let median = match middle.checked_sub(1).filter(|_| sorted.len().is_multiple_of(2)) {
        Some(lower) => sorted[lower].midpoint(upper),
        None => upper,
    };
    zeroize::Zeroize::zeroize(&mut sorted);
    median
}
