//! The median that determines the bits.

/// Returns the lower median of 256 values: the 128th smallest, as Torben's algorithm in the
/// reference.
///
/// It is found bit by bit from the highest: eight passes over the values, and a tenth of the code
/// size of a sort.
pub(super) fn lower_median(values: &[f32; 256]) -> f32 {
    const RANK: usize = 128;
    let keys = values.map(key);
    let mut median = 0;
    for bit in (0..u32::BITS).rev() {
        let candidate = median | 1 << bit;
        // If fewer than `RANK` values are below the candidate, the median is not below it.
        if keys.iter().filter(|&&key| key < candidate).count() < RANK {
            median = candidate;
        }
    }
    f32::from_bits(if median >> 31 == 1 { median ^ SIGN } else { !median })
}

const SIGN: u32 = 1 << 31;

/// Returns an integer with the same order as the value.
fn key(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_128th_smallest_value() {
        let mut state = 1_u32;
        for round in 0..200 {
            let values: [f32; 256] = std::array::from_fn(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Every other round has few distinct values, for ties, including zeros of both
                // signs.
                let value = (state >> 8) as f32 - 8_388_608.0;
                if round % 2 == 0 { value } else { (value / 2e6).trunc() }
            });
            let mut sorted = values;
            sorted.sort_by(f32::total_cmp);
            assert_eq!(lower_median(&values).to_bits(), sorted[127].to_bits());
        }
    }
}
