//! The image-domain quality: the amount of contrast in the 64x64 samples.

use super::samples::{SIDE, Samples};
use crate::bit_hash::Quality;

/// Returns the quality as `pdqImageDomainQualityMetric` of the reference: the sum of differences
/// between neighbours in whole per cent of the full range, divided by 90, with a maximum of 100.
pub(crate) fn of_samples(samples: &Samples) -> Quality {
    let step = |u: f32, v: f32| (((u - v) * 100.0) / 255.0) as i32;
    let mut sum = 0;
    for (above, below) in samples.iter().zip(&samples[1..]) {
        sum += (0..SIDE).map(|column| step(above[column], below[column]).abs()).sum::<i32>();
    }
    for row in samples {
        sum +=
            row.iter().zip(&row[1..]).map(|(left, right)| step(*left, *right).abs()).sum::<i32>();
    }
    Quality::new((sum / 90).min(100) as u8)
}
