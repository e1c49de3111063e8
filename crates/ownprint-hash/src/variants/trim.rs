//! Detection of a uniform border or bars within the image.

use std::ops::Range;

use super::plane::{Grid, Plane};
use super::shape::{Rect, Span};

/// Maximum range of luma in a row or column of a border.
const WIDEST_RANGE: f32 = 12.0;

/// Maximum difference between the mean of a row or column of a border and that of the outermost
/// one.
const FARTHEST_MEAN: f32 = 8.0;

/// Returns the image without a uniform border or bars; `None` if there are none, or too little
/// would remain.
pub(super) fn trimmed(plane: &Plane) -> Option<Rect> {
    let (mut columns, mut rows) = (0..plane.across.count, 0..plane.down.count);
    // Twice, because a letterboxed image on a page has bars within bars.
    for _ in 0..2 {
        let across = columns.clone();
        rows = without_border(rows, |row| {
            statistics(plane.row(row).get(across.clone()).unwrap_or_default().iter().copied())
        });
        let down = rows.clone();
        columns = without_border(columns, |column| {
            statistics(
                plane.rows(down.clone()).map(|row| row.get(column).copied().unwrap_or_default()),
            )
        });
    }
    let is_enough = |left: &Range<usize>, grid: Grid| 4 * left.len() >= grid.count;
    let is_cut = |left: &Range<usize>, grid: Grid| {
        100 * left.start >= grid.count || 100 * (grid.count - left.end) >= grid.count
    };
    let has_changed =
        |left: &Range<usize>, grid: Grid| *left != (0..grid.count) && is_cut(left, grid);
    let span = |left: &Range<usize>, grid: Grid| {
        Span::new(left.start as f64 * grid.pitch, (left.end as f64 * grid.pitch).min(grid.length))
    };
    (is_enough(&columns, plane.across)
        && is_enough(&rows, plane.down)
        && (has_changed(&columns, plane.across) || has_changed(&rows, plane.down)))
    .then(|| Rect { x: span(&columns, plane.across), y: span(&rows, plane.down) })
}

/// Returns `lines` without the uniform ones at both ends; empty if all are uniform.
fn without_border(lines: Range<usize>, statistics: impl Fn(usize) -> Statistics) -> Range<usize> {
    let border = |lines: &mut dyn Iterator<Item = usize>| {
        let mut outermost = None;
        lines
            .take_while(|&line| {
                let Statistics { mean, range } = statistics(line);
                let outermost = *outermost.get_or_insert(mean);
                range <= WIDEST_RANGE && (mean - outermost).abs() <= FARTHEST_MEAN
            })
            .count()
    };
    let start = lines.start + border(&mut lines.clone());
    let end = lines.end - border(&mut (start..lines.end).rev());
    start..end
}

struct Statistics {
    mean: f32,
    /// From the darkest to the lightest value.
    range: f32,
}

fn statistics(values: impl Iterator<Item = f32>) -> Statistics {
    let (mut count, mut sum) = (0.0_f32, 0.0_f32);
    let (mut lowest, mut highest) = (f32::INFINITY, f32::NEG_INFINITY);
    for value in values {
        count += 1.0;
        sum += value;
        lowest = lowest.min(value);
        highest = highest.max(value);
    }
    Statistics { mean: sum / count.max(1.0), range: highest - lowest }
}
