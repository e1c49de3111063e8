//! 64x64 samples of a scene: the mean of each cell, weighted by a tent.
//!
//! In one direction, PDQ's filter is two box filters of `length / 128`, which together are a tent
//! of `length / 64`: a sample depends on its own cell only, and most on its center. Here the tent
//! is computed directly, for lengths that are not integers, over the pixels of the plane within a
//! cell.

use zeroize::Zeroize;

use super::plane::{Grid, Plane};
use super::shape::{Rect, Scene, Span, Transform};
use crate::pdq::samples::{self, SIDE, Samples};

/// The part of a plane that is sampled, its transform, and whether it is inverted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) plane: &'a Plane,
    pub(super) region: Rect,
    pub(super) transform: Transform,
    pub(super) inverted: bool,
}

/// Returns the samples of `scene` with `source` as its image.
pub(super) fn sample(scene: &Scene, source: &Source<'_>) -> Box<Samples> {
    let mut samples = samples::blank();
    paint(&mut samples, scene, source, scene.canvas, 1.0);
    for (cover, luma) in &scene.covers {
        paint(&mut samples, scene, source, *cover, -1.0);
        fill(&mut samples, scene.canvas, *cover, *luma);
    }
    samples
}

/// Adds the grounds and the image within `clip`, multiplied by `factor`.
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

/// Adds the image within `visible`, multiplied by `factor`.
fn add_image(
    samples: &mut Samples,
    scene: &Scene,
    source: &Source<'_>,
    visible: Rect,
    factor: f32,
) {
    let Source { plane, region, transform, .. } = *source;
    let along = |canvas, image, visible, region: Span, flipped, grid| {
        let region = if flipped { Span::new(region.to, region.from) } else { region };
        Weights::new(canvas, image, visible, region, grid)
    };
    // The rows of a transposed image are the columns of the canvas.
    let (regions, grids) = if transform.transposed {
        ((region.y, region.x), (plane.down, plane.across))
    } else {
        ((region.x, region.y), (plane.across, plane.down))
    };
    let x =
        along(scene.canvas.x, scene.image.x, visible.x, regions.0, transform.flipped_x, grids.0);
    let y =
        along(scene.canvas.y, scene.image.y, visible.y, regions.1, transform.flipped_y, grids.1);
    let (across, down) = if transform.transposed { (&y, &x) } else { (&x, &y) };
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
            let (i, j) = if transform.transposed { (j, i) } else { (i, j) };
            if let Some(sample) = samples.get_mut(i).and_then(|row| row.get_mut(j)) {
                *sample += factor * value;
            }
        }
    }
    sums.zeroize();
}

/// One of the 64 cells of a canvas, in one direction.
#[derive(Debug, Clone, Copy)]
struct Cell(Span);

impl Cell {
    fn new(canvas: Span, index: usize) -> Self {
        let edge = |index: usize| index as f64 * canvas.to / SIDE as f64;
        Self(Span::new(edge(index), edge(index + 1)))
    }

    /// Returns the part of the cell's tent before a position; the whole tent is 1.
    fn before(self, position: f64) -> f64 {
        let part = ((position - self.0.from) / self.0.length()).clamp(0.0, 1.0);
        if part < 0.5 { 2.0 * part * part } else { 1.0 - 2.0 * (1.0 - part) * (1.0 - part) }
    }
}

/// The plane's pixels in each cell, and their weights.
#[derive(Debug)]
struct Weights {
    weights: Vec<f32>,
    /// For each cell: the first pixel, and the range of its weights.
    cells: [(usize, usize, usize); SIDE],
}

impl Weights {
    /// `region` of the plane's image is drawn at `image` on the canvas, and only `visible` counts.
    /// If the end of `region` precedes its start, the image is mirrored.
    fn new(canvas: Span, image: Span, visible: Span, region: Span, grid: Grid) -> Self {
        let mut weights = Vec::new();
        let scale = region.length() / image.length();
        let on_image = |position: f64| region.from + (position - image.from) * scale;
        let on_canvas = |position: f64| image.from + (position - region.from) / scale;
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

    /// Returns the first pixel and the weights of each cell.
    fn cells(&self) -> impl Iterator<Item = (usize, &[f32])> {
        self.cells
            .iter()
            .map(|&(first, from, to)| (first, self.weights.get(from..to).unwrap_or_default()))
    }
}
