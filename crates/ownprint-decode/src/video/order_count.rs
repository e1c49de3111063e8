//! The order counts of H.264 and HEVC, which say in which order frames are shown.

/// Returns the order count whose low part is given (H.264, 8.2.1.1; HEVC, 8.3.1).
///
/// It is the nearest one to the `anchor`, the order count of an earlier picture. `range` is one
/// more than the largest low part.
pub(super) fn order_count(anchor: i64, low: i64, range: i64) -> i64 {
    let last = anchor.rem_euclid(range);
    let base = anchor - last;
    if low < last && last - low >= range / 2 {
        base + range + low
    } else if low > last && low - last > range / 2 {
        base - range + low
    } else {
        base + low
    }
}

#[cfg(test)]
mod tests {
    use super::order_count;

    #[test]
    fn order_counts_continue_over_the_range_of_their_low_part() {
        assert_eq!(order_count(14, 1, 16), 17);
        assert_eq!(order_count(17, 15, 16), 15);
        assert_eq!(order_count(-3, 2, 16), 2);
        assert_eq!(order_count(5, 9, 16), 9);
    }
}
