//! 64x64 samples of a scene: each the mean of its cell, weighted by a tent.
//!
//! Two box filters of `length / 128`, which is what PDQ's filter is in one direction, are a tent of `length / 64`: every
//! sample sees its own cell of the 64x64 and nothing else, its middle most. So it is computed, of lengths that are no
//! whole number of pixels, for as many pixels of the plane as a cell has.

use zeroize::Zeroize;

use super::plane::{Grid, Plane};
use super::shape::{Rect, Scene, Span, Stand};
use crate::pdq::samples::{self, SIDE, Samples};

/// What is taken of a plane, how it stands in the scene's image, and whether light is dark there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) plane: &'a Plane,
    pub(super) region: Rect,
    pub(super) stand: Stand,
    pub(super) inverted: bool,
}

/// The samples of `scene` with `source` as its image.
pub(super) fn sample(scene: &Scene, source: &Source<'_>) -> Box<Samples> {
    let mut samples = samples::blank();
    paint(&mut samples, scene, source, scene.canvas, 1.0);
    for (cover, luma) in &scene.covers {
        paint(&mut samples, scene, source, *cover, -1.0);
        fill(&mut samples, scene.canvas, *cover, *luma);
    }
    samples
}

/// Adds what of the grounds and the image lies within `clip`, `factor` times.
fn paint(samples: &mut Samples, scene: &Scene, source: &Source<'_>, clip: Rect, factor: f32) {
    let within = |rect: Rect| Rect { x: rect.x.intersect(clip.x), y: rect.y.intersect(clip.y) };
    let inner = scene.grounds.iter().skip(1).map(|(rect, _)| *rect).chain([scene.image]);
    for ((ground, luma), inner) in scene.grounds.iter().zip(inner) {
        fill(samples, scene.canvas, within(*ground), factor * luma);
        fill(samples, scene.canvas, within(inner), -factor * luma);
    }
    let visible = within(scene.image);
    if visible.is_empty() {
        return;
    }
    if source.inverted {
        fill(samples, scene.canvas, visible, factor * 255.0);
        add_image(samples, scene, source, visible, -factor);
    } else {
        add_image(samples, scene, source, visible, factor);
    }
}

/// Adds a rectangle of one luma.
fn fill(samples: &mut Samples, canvas: Rect, rect: Rect, luma: f32) {
    let covered = |canvas: Span, span: Span| -> [f32; SIDE] {
        std::array::from_fn(|index| {
            let cell = Cell::new(canvas, index);
            (cell.before(span.to) - cell.before(span.from.min(span.to))) as f32
        })
    };
    let across = covered(canvas.x, rect.x);
    for (row, down) in samples.iter_mut().zip(covered(canvas.y, rect.y)) {
        for (sample, across) in row.iter_mut().zip(&across) {
            *sample += luma * (down * across);
        }
    }
}

/// Adds the image within `visible`, `factor` times.
fn add_image(samples: &mut Samples, scene: &Scene, source: &Source<'_>, visible: Rect, factor: f32) {
    let Source { plane, region, stand, .. } = *source;
    let along = |canvas, image, visible, region: Span, flipped, grid| {
        let region = if flipped { Span::new(region.to, region.from) } else { region };
        Weights::new(canvas, image, visible, region, grid)
    };
    // A transposed image has its rows along the canvas' columns.
    let (regions, grids) = if stand.transposed {
        ((region.y, region.x), (plane.down, plane.across))
    } else {
        ((region.x, region.y), (plane.across, plane.down))
    };
    let x = along(scene.canvas.x, scene.image.x, visible.x, regions.0, stand.flipped_x, grids.0);
    let y = along(scene.canvas.y, scene.image.y, visible.y, regions.1, stand.flipped_y, grids.1);
    let (across, down) = if stand.transposed { (&y, &x) } else { (&x, &y) };
    let mut sums = vec![0.0_f32; plane.across.count];
    for (i, (first, weights)) in down.cells().enumerate() {
        sums.fill(0.0);
        for (row, weight) in plane.rows(first..first + weights.len()).zip(weights) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
        for (j, (first, weights)) in across.cells().enumerate() {
            let values = sums.get(first..).unwrap_or_default();
            let value: f32 =
                weights.iter().zip(values).fold(0.0, |sum, (weight, value)| sum + weight * value);
            let (i, j) = if stand.transposed { (j, i) } else { (i, j) };
            if let Some(sample) = samples.get_mut(i).and_then(|row| row.get_mut(j)) {
                *sample += factor * value;
            }
        }
    }
    sums.zeroize();
}

/// One of the 64 cells of a canvas, along one direction.
#[derive(Debug, Clone, Copy)]
struct Cell(Span);

impl Cell {
    fn new(canvas: Span, index: usize) -> Self {
        let edge = |index: usize| index as f64 * canvas.to / SIDE as f64;
        Self(Span::new(edge(index), edge(index + 1)))
    }

    /// What of the cell's tent, whose whole is 1, lies before a place.
    fn before(self, place: f64) -> f64 {
        let part = ((place - self.0.from) / self.0.length()).clamp(0.0, 1.0);
        if part < 0.5 { 2.0 * part * part } else { 1.0 - 2.0 * (1.0 - part) * (1.0 - part) }
    }
}

/// For each cell, the plane's pixels that it sees and the weight of each.
#[derive(Debug)]
struct Weights {
    weights: Vec<f32>,
    /// For each cell the first pixel, and the weights before and behind the last of its own.
    cells: [(usize, usize, usize); SIDE],
}

impl Weights {
    /// `image` is where on the canvas `region` of the plane's image stands, of which only what is `visible` counts; a
    /// region whose end comes before its start stands the other way round.
    fn new(canvas: Span, image: Span, visible: Span, region: Span, grid: Grid) -> Self {
        let mut weights = Vec::new();
        let scale = region.length() / image.length();
        let on_image = |place: f64| region.from + (place - image.from) * scale;
        let on_canvas = |place: f64| image.from + (place - region.from) / scale;
        let cells = std::array::from_fn(|index| {
            let cell = Cell::new(canvas, index);
            let seen = cell.0.intersect(visible);
            let before = weights.len();
            if seen.from >= seen.to || scale == 0.0 {
                return (0, before, before);
            }
            let (start, end) = (on_image(seen.from), on_image(seen.to));
            let (start, end) = (start.min(end).max(0.0), start.max(end).min(grid.length));
            let first = (start / grid.pitch) as usize;
            let end_pixel = ((end / grid.pitch).ceil() as usize).min(grid.count);
            for pixel in first..end_pixel {
                let from = on_canvas((pixel as f64 * grid.pitch).max(start));
                let to = on_canvas(((pixel + 1) as f64 * grid.pitch).min(end));
                weights.push((cell.before(to) - cell.before(from)).abs() as f32);
            }
            (first, before, weights.len())
        });
        Self { weights, cells }
    }

    /// The first pixel and the weights of each cell.
    fn cells(&self) -> impl Iterator<Item = (usize, &[f32])> {
        self.cells.iter().map(|&(first, from, to)| (first, self.weights.get(from..to).unwrap_or_default()))
    }
}
