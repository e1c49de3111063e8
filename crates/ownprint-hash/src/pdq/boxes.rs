//! The movement of the Jarosz filter's boxes over an image, and the storage of the rows within
//! them.

use std::ops::Range;

use super::lanes::LANES;
use super::luma;
use super::samples::SIDE;

/// One direction of the filter: a box that moves over `length` positions.
#[derive(Debug)]
pub(super) struct Axis {
    /// Number of positions within the box away from the borders.
    pub(super) window: usize,
    /// The arrivals whose divisor is `window`.
    inner: Range<usize>,
    /// For each arrival of the first round, the number of positions within the box of its output.
    pub(super) divisors: Vec<f32>,
    /// For each sample, the arrival of the second round that yields it, and its divisor.
    pub(super) samples: [(usize, f32); SIDE],
}

impl Axis {
    pub(super) fn new(length: usize) -> Self {
        let window = length.div_ceil(2 * SIDE);
        let lead = usize::midpoint(window, 2) - 1;
        let count = |position: usize| {
            let first = (position + lead + 1).saturating_sub(window);
            let last = (position + lead).min(length - 1);
            (last + 1 - first) as f32
        };
        let arrivals = (length + 2 * lead).next_multiple_of(luma::STEP);
        let divisors = (0..arrivals)
            .map(|arrival| match arrival.checked_sub(lead) {
                Some(position) if position < length => count(position),
                _ => f32::INFINITY,
            })
            .collect();
        let samples = std::array::from_fn(|sample| {
            let position = (2 * sample + 1) * length / (2 * SIDE);
            (position + 2 * lead, count(position))
        });
        Self { window, inner: window - 1..length, divisors, samples }
    }

    pub(super) fn arrivals(&self) -> usize {
        self.divisors.len()
    }

    /// Returns `true` if the box is within the image for all of `count` arrivals.
    pub(super) fn is_inner(&self, start: usize, count: usize) -> bool {
        self.inner.contains(&start) && start + count <= self.inner.end
    }

    pub(super) fn divisors_from<const COUNT: usize>(&self, start: usize) -> [f32; COUNT] {
        std::array::from_fn(|index| {
            self.divisors.get(start + index).copied().unwrap_or(f32::INFINITY)
        })
    }
}

/// A ring of rows: eight rows are written at a time, and eight rows are read from `window` rows
/// earlier.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring {
    window: usize,
    rows: usize,
}

impl Ring {
    pub(super) fn new(window: usize) -> Self {
        Self { window, rows: (window + LANES).next_multiple_of(LANES) }
    }

    /// Returns the number of rows in memory; copies of the first eight follow the last.
    pub(super) fn stride(self) -> usize {
        self.rows + LANES
    }

    /// Returns the position to which the eight rows from `arrived` are written, and that of the
    /// rows that leave the box.
    pub(super) fn positions(self, arrived: usize) -> (usize, usize) {
        (arrived % self.rows, (arrived + self.rows - self.window) % self.rows)
    }
}
