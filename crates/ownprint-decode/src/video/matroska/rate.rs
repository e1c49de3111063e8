//! The frame rate of a Matroska track.

use crate::video::track::{Sample, rate};

pub(super) const NANOSECONDS: u64 = 1_000_000_000;

/// Returns the rate of a track that does not state the duration of a frame: the frames, and the
/// time from the first to the last and one average frame more. Times are whole milliseconds, so a
/// common rate within one per cent is meant.
pub(super) fn measured(samples: &[Sample], scale: u64) -> (u64, u64) {
    const COMMON: [(u64, u64); 15] = [
        (10, 1),
        (12, 1),
        (15, 1),
        (20, 1),
        (24_000, 1001),
        (24, 1),
        (25, 1),
        (30_000, 1001),
        (30, 1),
        (48, 1),
        (50, 1),
        (60_000, 1001),
        (60, 1),
        (120, 1),
        (240, 1),
    ];
    let times = || samples.iter().map(|sample| sample.composition);
    let (first, last) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
    let span = last.abs_diff(first).saturating_mul(scale);
    let Some((frames, nanoseconds)) =
        rate(((samples.len() as u64).saturating_sub(1), span), NANOSECONDS)
    else {
        // One frame, whose time is 0 at any rate.
        return (1, 1);
    };
    let error = |(common, seconds): (u64, u64)| {
        let (a, b) = (
            u128::from(frames) * u128::from(seconds),
            u128::from(common) * u128::from(nanoseconds),
        );
        // In millionths.
        a.abs_diff(b) * 1_000_000 / b.max(1)
    };
    let nearest = COMMON.into_iter().min_by_key(|rate| error(*rate));
    nearest.filter(|rate| error(*rate) < 10_000).unwrap_or((frames, nanoseconds))
}

/// Returns the fraction with terms of at most 30,000 that is nearest to `numerator / denominator`,
/// as in ffmpeg, where 33,366,666 nanoseconds are 30000/1001 frames per second.
///
/// It is the last convergent of the continued fraction that fits, or a semiconvergent behind it.
pub(super) fn approximated(numerator: u64, denominator: u64) -> (u64, u64) {
    const MAXIMUM: u128 = 30_000;
    let (mut high, mut low) = (u128::from(numerator), u128::from(denominator));
    let (mut before, mut last) = ((0_u128, 1_u128), (1_u128, 0_u128));
    while low > 0 {
        let quotient = high / low;
        let next = |count: u128| (count * last.0 + before.0, count * last.1 + before.1);
        let (top, bottom) = next(quotient);
        if top > MAXIMUM || bottom > MAXIMUM {
            let room = |limit: u128, step: u128| limit.checked_div(step).unwrap_or(quotient);
            let count = room(MAXIMUM - before.0, last.0)
                .min(room(MAXIMUM - before.1, last.1))
                .min(quotient);
            // A semiconvergent is nearer than the last convergent if it has more than half of the
            // quotient.
            if low * (2 * count * last.1 + before.1) > high * last.1 {
                last = next(count);
            }
            break;
        }
        (before, last) = (last, (top, bottom));
        (high, low) = (low, high % low);
    }
    let term = |term: u128| u64::try_from(term).unwrap_or(u64::MAX).max(1);
    (term(last.0), term(last.1))
}

#[cfg(test)]
mod tests {
    use super::{Sample, approximated, measured};

    #[test]
    fn durations_in_nanoseconds_are_common_rates() {
        for (nanoseconds, expected) in [
            (33_333_333, (30, 1)),
            (33_366_666, (30_000, 1001)),
            (33_366_667, (30_000, 1001)),
            (41_708_333, (24_000, 1001)),
            (16_683_333, (19_001, 317)),
            (40_000_000, (25, 1)),
            (1, (30_000, 1)),
            (900_000_000_000, (1, 900)),
        ] {
            assert_eq!(approximated(1_000_000_000, nanoseconds), expected, "{nanoseconds}");
        }
    }

    #[test]
    fn a_rate_from_times_in_milliseconds_is_the_common_one() {
        let at = |composition| Sample {
            offset: 0,
            size: 1,
            composition,
            is_listed: true,
            is_sync: false,
        };
        let of =
            |times: &[i64]| measured(&times.iter().copied().map(at).collect::<Vec<_>>(), 1_000_000);
        assert_eq!(of(&[0, 33, 67, 100, 133]), (30, 1));
        assert_eq!(of(&[7, 47, 87, 127]), (25, 1));
        assert_eq!(of(&[0, 400, 500, 900]), (10, 3));
        assert_eq!(of(&[5]), (1, 1));
    }
}
