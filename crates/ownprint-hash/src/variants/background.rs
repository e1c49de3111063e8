//! Detection of the image within a page, a screenshot or a caption, and of its rotation: the
//! largest connected area that differs from the background.

use std::ops::Range;

use zeroize::Zeroize;

use super::plane::{Grid, Plane};
use super::rotate::Rotated;
use super::shape::{Rect, Span};

/// Maximum difference of a background pixel from the background's luma.
const FARTHEST_LUMA: f32 = 14.0;

/// Half the range of luma in which border pixels count as one shade.
const SHADE_REACH: usize = 4;

/// Minimum share of the border pixels that have the background's shade.
const MIN_BORDER_SHARE: usize = 5;

/// Number of pixels that count as an edge.
const RAGGED: usize = 3;

/// Maximum number of backgrounds within one another.
const MAX_NESTED: usize = 3;

/// Pixels of a plane: columns and rows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Area {
    columns: Range<usize>,
    rows: Range<usize>,
}

/// What differs from the background.
#[derive(Debug, Default)]
pub(super) struct Foreground {
    /// The bounding box of the innermost area, if it is smaller than the image.
    pub(super) region: Option<Rect>,
    /// The rotated rectangle around the outermost area that is rotated.
    pub(super) rotated: Option<Rotated>,
}

/// Detects what differs from the background.
pub(super) fn detect(plane: &Plane) -> Foreground {
    let mut found = Foreground::default();
    let mut area = Area { columns: 0..plane.across.count, rows: 0..plane.down.count };
    for _ in 0..MAX_NESTED {
        let Some(inner) = Component::largest(plane, &area) else { break };
        if found.rotated.is_none() {
            found.rotated = inner.rotated(plane);
        }
        if inner.bounds == area || !inner.has_straight_edges(&area) {
            break;
        }
        area = inner.bounds;
        found.region =
            Some(Rect { x: span(&area.columns, plane.across), y: span(&area.rows, plane.down) });
    }
    found
}

fn span(pixels: &Range<usize>, grid: Grid) -> Span {
    Span::new(edge(pixels.start, grid), edge(pixels.end, grid))
}

/// Returns the position in the image of the edge before a pixel.
fn edge(pixel: usize, grid: Grid) -> f64 {
    (pixel as f64 * grid.pitch).min(grid.length)
}

/// A connected area: its bounds, and its first and last column in each row.
struct Component {
    bounds: Area,
    rows: Vec<Range<usize>>,
}

impl Component {
    /// Returns the largest connected area of pixels within `area` that differ from the background;
    /// `None` if there is no background, or if too little differs from it.
    fn largest(plane: &Plane, area: &Area) -> Option<Self> {
        let background = background(plane, area)?;
        let width = area.columns.len();
        let mut is_open: Vec<bool> = plane
            .rows(area.rows.clone())
            .flat_map(|row| row.get(area.columns.clone()).unwrap_or_default())
            .map(|luma| (luma - background).abs() > FARTHEST_LUMA)
            .collect();
        let (mut largest, mut pixels) = (Vec::new(), Vec::new());
        for start in 0..is_open.len() {
            pixels.clear();
            connect(&mut is_open, width, start, &mut pixels);
            if pixels.len() > largest.len() {
                std::mem::swap(&mut largest, &mut pixels);
            }
        }
        let none = Range { start: usize::MAX, end: 0 };
        let mut rows = vec![none; area.rows.len()];
        for pixel in &largest {
            if let Some(row) = rows.get_mut(pixel / width) {
                let column = pixel % width;
                *row = row.start.min(column)..row.end.max(column + 1);
            }
        }
        is_open.zeroize();
        largest.zeroize();
        pixels.zeroize();
        let component = Self::new(area, &rows);
        component.is_enough(area).then_some(component)
    }

    fn new(area: &Area, rows: &[Range<usize>]) -> Self {
        let first = rows.iter().take_while(|row| row.is_empty()).count();
        let rows: Vec<_> = rows
            .iter()
            .filter(|row| !row.is_empty())
            .map(|row| area.columns.start + row.start..area.columns.start + row.end)
            .collect();
        let left = rows.iter().map(|row| row.start).min().unwrap_or_default();
        let right = rows.iter().map(|row| row.end).max().unwrap_or_default();
        let top = area.rows.start + first;
        Self { bounds: Area { columns: left..right, rows: top..top + rows.len() }, rows }
    }

    /// Returns `true` if the bounds have a 25th of the area, and a seventh of its width and height.
    fn is_enough(&self, area: &Area) -> bool {
        let (width, height) = (self.bounds.columns.len(), self.bounds.rows.len());
        25 * width * height >= area.columns.len() * area.rows.len()
            && 7 * width >= area.columns.len()
            && 7 * height >= area.rows.len()
    }

    /// Returns `true` if the area reaches at least half of each edge of its bounds that is not an
    /// edge of `area`, within [`RAGGED`] pixels: an image on a page does, hills below a sky do not.
    fn has_straight_edges(&self, area: &Area) -> bool {
        let Area { columns, rows } = &self.bounds;
        let is_wide = |row: &Range<usize>| 2 * row.len() >= columns.len();
        let is_high = |count: usize| 2 * count >= rows.len();
        let left = self.rows.iter().filter(|row| row.start < columns.start + RAGGED).count();
        let right = self.rows.iter().filter(|row| row.end + RAGGED > columns.end).count();
        (rows.start == area.rows.start || self.rows.iter().take(RAGGED).any(is_wide))
            && (rows.end == area.rows.end || self.rows.iter().rev().take(RAGGED).any(is_wide))
            && (columns.start == area.columns.start || is_high(left))
            && (columns.end == area.columns.end || is_high(right))
    }

    /// Returns the rotated rectangle around the area, if at least a quarter of the perimeter of its
    /// convex hull has one direction that is neither horizontal nor vertical.
    fn rotated(&self, plane: &Plane) -> Option<Rotated> {
        let hull = hull(&self.corners());
        let edges: Vec<(f64, f64, f64)> = hull
            .iter()
            .zip(hull.iter().cycle().skip(1))
            .map(|(from, to)| folded(to.0 - from.0, to.1 - from.1))
            .map(|(across, down)| (across, down, (across * across + down * down).sqrt()))
            .collect();
        let perimeter: f64 = edges.iter().map(|edge| edge.2).sum();
        let is_skew = |edge: &&(f64, f64, f64)| edge.1.abs() > MIN_SLOPE * edge.0;
        let mut best = (0.0, (1.0, 0.0));
        for candidate in edges.iter().filter(is_skew) {
            let near = |edge: &&(f64, f64, f64)| {
                (edge.1 / edge.0 - candidate.1 / candidate.0).abs() < SLOPE_REACH
            };
            let (mut across, mut down, mut length) = (0.0, 0.0, 0.0);
            for edge in edges.iter().filter(is_skew).filter(near) {
                across += edge.0;
                down += edge.1;
                length += edge.2;
            }
            if length > best.0 {
                best = (length, (across, down));
            }
        }
        let (length, (across, down)) = best;
        if 4.0 * length < perimeter || length == 0.0 {
            return None;
        }
        let norm = (across * across + down * down).sqrt();
        let (cosine, sine) = (across / norm, down / norm);
        // The extent of the hull in the rotated directions.
        let along = extent(hull.iter().map(|(x, y)| x * cosine + y * sine));
        let below = extent(hull.iter().map(|(x, y)| y * cosine - x * sine));
        let (right, under) = (f64::midpoint(along.0, along.1), f64::midpoint(below.0, below.1));
        let pitch = plane.across.pitch;
        Some(Rotated {
            sine,
            cosine,
            middle: (
                (right * cosine - under * sine) * pitch,
                (right * sine + under * cosine) * pitch,
            ),
            width: (along.1 - along.0) * pitch,
            height: (below.1 - below.0) * pitch,
        })
    }

    /// Returns the first and the last corner of a pixel on each line between rows, from the top.
    fn corners(&self) -> Vec<(f64, f64)> {
        let row = |index: usize| self.rows.get(index).cloned();
        let corners = (0..=self.rows.len()).flat_map(|index| {
            let above = index.checked_sub(1).and_then(row);
            let rows = || above.iter().cloned().chain(row(index));
            let left = rows().map(|row| row.start).min().unwrap_or_default();
            let right = rows().map(|row| row.end).max().unwrap_or_default();
            let line = (self.bounds.rows.start + index) as f64;
            [(left as f64, line), (right as f64, line)]
        });
        corners.collect()
    }
}

/// The smallest slope that is not horizontal: 0.7 degrees.
const MIN_SLOPE: f64 = 0.0122;

/// Maximum difference of the slopes of edges that count as one direction: 1 degree.
const SLOPE_REACH: f64 = 0.0175;

/// Rotates a direction by multiples of 90 degrees until it is within 45 degrees of the right.
fn folded(across: f64, down: f64) -> (f64, f64) {
    let (across, down) = if down.abs() > across.abs() { (down, -across) } else { (across, down) };
    if across < 0.0 { (-across, -down) } else { (across, down) }
}

fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| {
        (least.min(value), most.max(value))
    })
}

/// Returns the convex hull of points, as a closed polygon: Andrew's monotone chain. The points are
/// ordered from top to bottom, and on one line from left to right.
fn hull(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut hull = chain(points.iter().copied());
    hull.extend(chain(points.iter().rev().copied()));
    hull
}

/// Returns one half of a hull, without its last point.
fn chain(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut chain: Vec<(f64, f64)> = Vec::new();
    for point in points {
        while let [.., before, last] = *chain.as_slice() {
            let turn = (last.1 - before.1) * (point.0 - before.0)
                - (last.0 - before.0) * (point.1 - before.1);
            if turn > 0.0 {
                break;
            }
            chain.pop();
        }
        chain.push(point);
    }
    chain.pop();
    chain
}

/// Adds the set pixels that are connected with `start`, and clears them. Pixels with a common side
/// are connected.
fn connect(is_open: &mut [bool], width: usize, start: usize, pixels: &mut Vec<usize>) {
    if !take(is_open, start) {
        return;
    }
    pixels.push(start);
    let mut index = 0;
    while let Some(&at) = pixels.get(index) {
        index += 1;
        let column = at % width;
        let left = (column > 0).then(|| at - 1);
        let right = (column + 1 < width).then_some(at + 1);
        let neighbours = [left, right, at.checked_sub(width), Some(at + width)];
        for next in neighbours.into_iter().flatten() {
            if take(is_open, next) {
                pixels.push(next);
            }
        }
    }
}

/// Clears a pixel, and returns whether it was set.
fn take(is_open: &mut [bool], at: usize) -> bool {
    is_open.get_mut(at).is_some_and(std::mem::take)
}

/// Returns the luma of the background: the mean of the most common shade of the border pixels;
/// `None` if less than a fifth of them have it.
fn background(plane: &Plane, area: &Area) -> Option<f32> {
    let mut counts = [0_usize; 256];
    for luma in border(plane, area) {
        if let Some(count) = counts.get_mut(luma as usize) {
            *count += 1;
        }
    }
    let near = |shade: usize| {
        let reach = shade.saturating_sub(SHADE_REACH)..(shade + SHADE_REACH + 1).min(256);
        counts.get(reach).unwrap_or_default().iter().sum::<usize>()
    };
    // The first of equally common shades.
    let (mut shade, mut most) = (0, 0);
    for candidate in 0..256 {
        let count = near(candidate);
        if count > most {
            (shade, most) = (candidate, count);
        }
    }
    let total: usize = counts.iter().sum();
    if MIN_BORDER_SHARE * most < total {
        return None;
    }
    let reach = SHADE_REACH as f32;
    let (mut sum, mut count) = (0.0_f64, 0.0_f64);
    for luma in border(plane, area).filter(|luma| (luma - shade as f32).abs() <= reach) {
        sum += f64::from(luma);
        count += 1.0;
    }
    (count > 0.0).then(|| (sum / count) as f32)
}

/// Returns the pixels at the four edges of an area: top, bottom, left and right.
fn border<'a>(plane: &'a Plane, area: &'a Area) -> impl Iterator<Item = f32> + 'a {
    let (last_row, last_column) =
        (area.rows.end.saturating_sub(1), area.columns.end.saturating_sub(1));
    let across = [area.rows.start, last_row]
        .into_iter()
        .flat_map(|row| plane.row(row).get(area.columns.clone()).unwrap_or_default());
    let down = [area.columns.start, last_column]
        .into_iter()
        .flat_map(|column| plane.rows(area.rows.clone()).filter_map(move |row| row.get(column)));
    across.chain(down).copied()
}
