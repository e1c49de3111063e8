//! Rotation by a few degrees, the only edit that mixes rows and columns.

use super::measures::Angle;
use super::plane::{Grid, Plane};
use super::shape::{Rect, Span};
use super::variant::Corners;

/// Width and height of a rotated plane: four pixels per sample.
const COUNT: usize = 256;

/// A rotated rectangle: the direction of its upper edge, its center and dimensions, in pixels of
/// the image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rotated {
    pub(super) sine: f64,
    pub(super) cosine: f64,
    pub(super) middle: (f64, f64),
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Rotates `region` of `plane` clockwise about its center. The result is a plane of 256x256.
pub(super) fn rotate(plane: &Plane, region: Rect, angle: Angle, corners: Corners) -> Plane {
    let (sine, cosine) = angle.sine_and_cosine();
    let (width, height) = (region.x.length(), region.y.length());
    let (scale, shade) = match corners {
        Corners::Cropped => (largest_within(width, height, sine, cosine), None),
        Corners::Filled(shade) => (1.0, Some(shade.luma())),
    };
    let middle = |span: Span| span.from + span.length() / 2.0;
    let rotated = Rotated {
        // The image's rows appear rotated against the direction in which the samples are.
        sine: -sine,
        cosine,
        middle: (middle(region.x), middle(region.y)),
        width: width * scale,
        height: height * scale,
    };
    let is_empty = |x, y| !(contains(region.x, x) && contains(region.y, y));
    sample(plane, &rotated, |x, y| shade.filter(|_| is_empty(x, y)))
}

/// Returns the plane of a rotated rectangle. Border pixels are repeated outside of the image.
#[cfg(feature = "query-variants")]
pub(super) fn cut_out(plane: &Plane, rotated: &Rotated) -> Plane {
    sample(plane, rotated, |_, _| None)
}

/// Returns 256x256 points of a rotated rectangle; `filled` gives the luma of points that have no
/// content.
fn sample(plane: &Plane, rotated: &Rotated, filled: impl Fn(f64, f64) -> Option<f32>) -> Plane {
    let Rotated { sine, cosine, middle, width, height } = *rotated;
    let step = |index: usize, length: f64| ((index as f64 + 0.5) / COUNT as f64 - 0.5) * length;
    let mut values = Vec::with_capacity(COUNT * COUNT);
    for row in 0..COUNT {
        let down = step(row, height);
        values.extend((0..COUNT).map(|column| {
            let right = step(column, width);
            let x = middle.0 + right * cosine - down * sine;
            let y = middle.1 + down * cosine + right * sine;
            filled(x, y).unwrap_or_else(|| between(plane, x, y))
        }));
    }
    let grid = |length: f64| Grid { length, pitch: length / COUNT as f64, count: COUNT };
    Plane::new(values, grid(width), grid(height))
}

/// Returns the scale of the largest rectangle with the image's aspect ratio within the rotated
/// image.
fn largest_within(width: f64, height: f64, sine: f64, cosine: f64) -> f64 {
    let sine = sine.abs();
    (width / (width * cosine + height * sine)).min(height / (width * sine + height * cosine))
}

fn contains(span: Span, position: f64) -> bool {
    (span.from..span.to).contains(&position)
}

/// Returns the luma at a position of the image, interpolated bilinearly between the centers of the
/// plane's pixels.
fn between(plane: &Plane, x: f64, y: f64) -> f32 {
    let (column, right) = position(plane.across, x);
    let (row, below) = position(plane.down, y);
    let along = |row: usize| {
        let row = plane.row(row);
        let left = row.get(column).copied().unwrap_or_default();
        left + (row.get(column + 1).copied().unwrap_or(left) - left) * right
    };
    let above = along(row);
    if row + 1 < plane.down.count { above + (along(row + 1) - above) * below } else { above }
}

/// Returns the pixel whose center precedes a position, and the distance from it in pixels.
fn position(grid: Grid, position: f64) -> (usize, f32) {
    let pixels = (position / grid.pitch - 0.5).clamp(0.0, (grid.count - 1) as f64);
    let pixel = pixels as usize;
    (pixel, (pixels - pixel as f64) as f32)
}
