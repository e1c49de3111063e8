//! The hashes of variants, as defined in `docs/variants.md`. A scene is a function of the position,
//! an edit maps a scene to another scene, and a sample is an integral. All computations use `f64`,
//! which also shows which bits depend on rounding.

#![allow(clippy::panic, reason = "an unknown edit must stop the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use crate::pdq;

/// Luma as a function of the position. It is constant between two adjacent edges, in both
/// directions.
#[derive(Clone)]
struct Scene {
    width: f64,
    height: f64,
    luma: Rc<dyn Fn(f64, f64) -> f64>,
    xs: Vec<f64>,
    ys: Vec<f64>,
}

/// The reduced image from which variants are computed.
struct Plane {
    rows: Vec<Vec<f64>>,
    factor: usize,
    width: usize,
    height: usize,
}

/// A hash, its quality, and the distance of each coefficient to the median.
#[derive(Debug)]
pub struct Hash {
    /// 256 bits, in the order in which they are printed.
    pub bits: Vec<bool>,
    /// The distance of the coefficient to the median, for each bit.
    pub margins: Vec<f64>,
    /// The quality, 0 to 100, of samples rounded to `f32`.
    pub quality: u8,
}

/// Returns the hash of the variant `name` of RGB triples. Returns `None` if the name starts with
/// `trim`, `trim:background` or `deskew`, and the image has no border, background or rotated edges.
///
/// # Panics
/// Panics for an unknown name.
#[must_use]
pub fn hash(rgb: &[u8], width: usize, height: usize, name: &str) -> Option<Hash> {
    let plane = plane(rgb, width, height);
    let mut region = [0.0, 0.0, width as f64, height as f64];
    let mut scene = None;
    for edit in name.split('+') {
        let words: Vec<&str> = edit.split(':').collect();
        match words.as_slice() {
            ["trim"] => region = trim(&plane)?,
            ["trim", "background"] => region = without_background(&plane)?,
            ["deskew"] => scene = Some(deskewed(&plane)?),
            ["crop", rest @ ..] => region = crop(region, rest),
            ["rotate", degrees, corners] => {
                scene = Some(rotated(&plane, region, number(degrees), corners));
            }
            words => scene = Some(edited(scene.unwrap_or_else(|| cut_out(&plane, region)), words)),
        }
    }
    Some(hash_of(&scene.unwrap_or_else(|| cut_out(&plane, region))))
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is not a number"))
}

fn shade(word: &str) -> f64 {
    match word {
        "black" => 0.0,
        "grey" => 128.0,
        "white" => 255.0,
        _ => panic!("{word} is not a shade"),
    }
}

/// Returns the ratio of width to height.
fn ratio(text: &str) -> f64 {
    let (width, height) = text.split_once('x').unwrap_or_else(|| panic!("{text} is not a ratio"));
    number(width) / number(height)
}

fn plane(rgb: &[u8], width: usize, height: usize) -> Plane {
    let factor = width.max(height).div_ceil(512);
    let mean = |row: usize, column: usize| {
        let (mut sum, mut count) = (0.0, 0.0);
        for y in row * factor..height.min((row + 1) * factor) {
            for x in column * factor..width.min((column + 1) * factor) {
                let pixel = &rgb[3 * (y * width + x)..][..3];
                sum += 0.299 * f64::from(pixel[0])
                    + 0.587 * f64::from(pixel[1])
                    + 0.114 * f64::from(pixel[2]);
                count += 1.0;
            }
        }
        // The plane has `f32` precision.
        f64::from((sum / count) as f32)
    };
    let columns = width.div_ceil(factor);
    let rows = (0..height.div_ceil(factor))
        .map(|row| (0..columns).map(|column| mean(row, column)).collect());
    Plane { rows: rows.collect(), factor, width, height }
}

/// Returns left, top, right and bottom of the image without the uniform border.
fn trim(plane: &Plane) -> Option<[f64; 4]> {
    let (rows, columns) = (plane.rows.len(), plane.rows[0].len());
    let [mut left, mut top, mut right, mut bottom] = [0, 0, columns, rows];
    let is_border = |values: Vec<f64>, outermost: &mut Option<f64>| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let range = values.iter().fold(f64::MIN, |a, b| a.max(*b))
            - values.iter().fold(f64::MAX, |a, b| a.min(*b));
        range <= 12.0 && (mean - *outermost.get_or_insert(mean)).abs() <= 8.0
    };
    for _ in 0..2 {
        let row = |y: usize| plane.rows[y][left..right].to_vec();
        let (mut above, mut below) = (None, None);
        while top < bottom && is_border(row(top), &mut above) {
            top += 1;
        }
        while top < bottom && is_border(row(bottom - 1), &mut below) {
            bottom -= 1;
        }
        if top == bottom {
            return None;
        }
        let column =
            |x: usize| plane.rows[top..bottom].iter().map(|row| row[x]).collect::<Vec<_>>();
        let (mut before, mut behind) = (None, None);
        while left < right && is_border(column(left), &mut before) {
            left += 1;
        }
        while left < right && is_border(column(right - 1), &mut behind) {
            right -= 1;
        }
        if left == right {
            return None;
        }
    }
    let is_enough = 4 * (right - left) >= columns && 4 * (bottom - top) >= rows;
    let is_cut = |cut: usize, of: usize| cut > 0 && 100 * cut >= of;
    let any = is_cut(left, columns)
        || is_cut(columns - right, columns)
        || is_cut(top, rows)
        || is_cut(rows - bottom, rows);
    let at = |index: usize, length: usize| (index * plane.factor).min(length) as f64;
    (is_enough && any).then(|| {
        [
            at(left, plane.width),
            at(top, plane.height),
            at(right, plane.width),
            at(bottom, plane.height),
        ]
    })
}

/// A set of pixels of the plane, as column and row.
type Pixels = BTreeSet<(usize, usize)>;

/// Returns the largest connected set of pixels that differ from the background, within columns and
/// rows of the plane.
fn foreground(plane: &Plane, columns: Range<usize>, rows: Range<usize>) -> Option<Pixels> {
    let luma = |(x, y): (usize, usize)| plane.rows[y][x];
    let horizontal = [rows.start, rows.end - 1].map(|y| columns.clone().map(move |x| (x, y)));
    let vertical = [columns.start, columns.end - 1].map(|x| rows.clone().map(move |y| (x, y)));
    let border: Vec<f64> =
        horizontal.into_iter().flatten().chain(vertical.into_iter().flatten()).map(luma).collect();
    let within = |shade: usize| {
        let reach = shade as f64 - 4.0..shade as f64 + 5.0;
        border.iter().filter(|luma| reach.contains(&luma.floor())).count()
    };
    let shade = (0..256).rev().max_by_key(|shade| within(*shade))?;
    if 5 * within(shade) < border.len() {
        return None;
    }
    let near: Vec<f64> =
        border.iter().copied().filter(|luma| (luma - shade as f64).abs() <= 4.0).collect();
    let background = near.iter().sum::<f64>() / near.len() as f64;
    let mut open: Pixels = rows
        .clone()
        .flat_map(|y| columns.clone().map(move |x| (x, y)))
        .filter(|pixel| (luma(*pixel) - background).abs() > 14.0)
        .collect();
    let mut largest = Pixels::new();
    while let Some(start) = open.pop_first() {
        let (mut pixels, mut pending) = (Pixels::new(), vec![start]);
        while let Some((x, y)) = pending.pop() {
            pixels.insert((x, y));
            for next in [(x + 1, y), (x.wrapping_sub(1), y), (x, y + 1), (x, y.wrapping_sub(1))] {
                if open.remove(&next) {
                    pending.push(next);
                }
            }
        }
        if pixels.len() > largest.len() {
            largest = pixels;
        }
    }
    let (across, down) = bounds(&largest)?;
    let (width, height) = (across.len(), down.len());
    (25 * width * height >= columns.len() * rows.len()
        && 7 * width >= columns.len()
        && 7 * height >= rows.len())
    .then_some(largest)
}

/// Returns the columns and rows of pixels.
fn bounds(pixels: &Pixels) -> Option<(Range<usize>, Range<usize>)> {
    let columns = || pixels.iter().map(|pixel| pixel.0);
    let rows = || pixels.iter().map(|pixel| pixel.1);
    Some((columns().min()?..columns().max()? + 1, rows().min()?..rows().max()? + 1))
}

/// Returns whether pixels reach half of each edge of their bounds that is not one of the area.
fn has_straight_edges(pixels: &Pixels, area: &(Range<usize>, Range<usize>)) -> bool {
    let Some((columns, rows)) = bounds(pixels) else { return false };
    let extent = |y: usize| {
        let xs = || pixels.iter().filter(|pixel| pixel.1 == y).map(|pixel| pixel.0);
        (xs().min().unwrap_or(0), xs().max().unwrap_or(0))
    };
    let extents: Vec<_> = rows.clone().map(extent).collect();
    let wide = |(first, last): &(usize, usize)| 2 * (last - first + 1) >= columns.len();
    let left = extents.iter().filter(|it| it.0 <= columns.start + 2).count();
    let right = extents.iter().filter(|it| it.1 + 3 >= columns.end).count();
    let is_kept = [
        rows.start == area.1.start || extents.iter().take(3).any(wide),
        rows.end == area.1.end || extents.iter().rev().take(3).any(wide),
        columns.start == area.0.start || 2 * left >= rows.len(),
        columns.end == area.0.end || 2 * right >= rows.len(),
    ];
    is_kept == [true; 4]
}

/// Returns up to three foregrounds, each within the bounds of the one before, and whether all have
/// straight edges. All but the last have.
fn foregrounds(plane: &Plane) -> Vec<(Pixels, bool)> {
    let mut found = Vec::new();
    let mut area = (0..plane.rows[0].len(), 0..plane.rows.len());
    while let Some(pixels) =
        (found.len() < 3).then(|| foreground(plane, area.0.clone(), area.1.clone())).flatten()
    {
        let inner = bounds(&pixels).unwrap_or_default();
        let is_straight = has_straight_edges(&pixels, &area);
        found.push((pixels, is_straight));
        if inner == area || !is_straight {
            break;
        }
        area = inner;
    }
    found
}

/// Returns left, top, right and bottom of the innermost foreground, if it is not the whole image.
fn without_background(plane: &Plane) -> Option<[f64; 4]> {
    let found = foregrounds(plane);
    let (pixels, _) = found.iter().rfind(|(_, is_straight)| *is_straight)?;
    let (columns, rows) = bounds(pixels)?;
    let is_whole = columns == (0..plane.rows[0].len()) && rows == (0..plane.rows.len());
    let at = |index: usize, length: usize| (index * plane.factor).min(length) as f64;
    (!is_whole).then(|| {
        [
            at(columns.start, plane.width),
            at(rows.start, plane.height),
            at(columns.end, plane.width),
            at(rows.end, plane.height),
        ]
    })
}

/// Returns the rectangle around the outermost foreground with rotated edges, rotated back.
fn deskewed(plane: &Plane) -> Option<Scene> {
    foregrounds(plane).iter().find_map(|(pixels, _)| {
        let hull = hull(pixels);
        let edges: Vec<(f64, f64)> = (0..hull.len())
            .map(|index| (hull[index], hull[(index + 1) % hull.len()]))
            .map(|(from, to)| folded(to.0 - from.0, to.1 - from.1))
            .collect();
        let length = |edges: &[(f64, f64)]| edges.iter().map(|it| it.0.hypot(it.1)).sum::<f64>();
        let skew: Vec<_> = edges.iter().copied().filter(|it| it.1.abs() > 0.0122 * it.0).collect();
        let alike = |one: (f64, f64)| -> Vec<(f64, f64)> {
            let is_near = |it: &(f64, f64)| (it.1 / it.0 - one.1 / one.0).abs() < 0.0175;
            skew.iter().copied().filter(is_near).collect()
        };
        let best = skew
            .iter()
            .rev()
            .map(|edge| alike(*edge))
            .max_by(|a, b| length(a).total_cmp(&length(b)))?;
        if 4.0 * length(&best) < length(&edges) {
            return None;
        }
        let (across, down) = best.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let (cosine, sine) = (across / across.hypot(down), down / across.hypot(down));
        let extent = |values: Vec<f64>| {
            let least = values.iter().copied().fold(f64::MAX, f64::min);
            (least, values.iter().copied().fold(f64::MIN, f64::max))
        };
        let along = extent(hull.iter().map(|(x, y)| x * cosine + y * sine).collect());
        let below = extent(hull.iter().map(|(x, y)| y * cosine - x * sine).collect());
        let factor = plane.factor as f64;
        let (right, under) = (f64::midpoint(along.0, along.1), f64::midpoint(below.0, below.1));
        let middle =
            [(right * cosine - under * sine) * factor, (right * sine + under * cosine) * factor];
        let (width, height) = ((along.1 - along.0) * factor, (below.1 - below.0) * factor);
        Some(sampled(middle, width, height, (-sine, cosine), |x, y| between(plane, x, y)))
    })
}

/// Rotates a direction by right angles until it is within 45 degrees of the right.
fn folded(across: f64, down: f64) -> (f64, f64) {
    let (across, down) = if down.abs() > across.abs() { (down, -across) } else { (across, down) };
    if across < 0.0 { (-across, -down) } else { (across, down) }
}

/// Returns the convex hull of the corners of pixels: from each corner to the one that leaves all
/// others on one side, the farthest of several.
fn hull(pixels: &Pixels) -> Vec<(f64, f64)> {
    let mut corners: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for &(x, y) in pixels {
        for y in [y, y + 1] {
            let row = corners.entry(y).or_insert((x, x + 1));
            *row = (row.0.min(x), row.1.max(x + 1));
        }
    }
    let corners: Vec<(f64, f64)> = corners
        .iter()
        .flat_map(|(y, (left, right))| [(*left, *y), (*right, *y)])
        .map(|(x, y)| (x as f64, y as f64))
        .collect();
    let first = |a: &&(f64, f64), b: &&(f64, f64)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
    let start = *corners.iter().min_by(first).unwrap_or(&(0.0, 0.0));
    let mut hull = vec![start];
    loop {
        let from = hull[hull.len() - 1];
        let next = corners.iter().copied().filter(|it| *it != from).reduce(|best, it| {
            let side = (best.0 - from.0) * (it.1 - from.1) - (best.1 - from.1) * (it.0 - from.0);
            let is_farther =
                (it.0 - from.0).hypot(it.1 - from.1) > (best.0 - from.0).hypot(best.1 - from.1);
            if side < 0.0 || (side == 0.0 && is_farther) { it } else { best }
        });
        match next {
            Some(next) if next != start => hull.push(next),
            _ => return hull,
        }
    }
}

fn crop([left, top, right, bottom]: [f64; 4], words: &[&str]) -> [f64; 4] {
    let (width, height) = (right - left, bottom - top);
    let (place, amount) = match *words {
        [ratio_or_percent] if ratio_or_percent.contains('x') => {
            let ratio = ratio(ratio_or_percent);
            let (new_width, new_height) = (width.min(height * ratio), height.min(width / ratio));
            let (across, down) = ((width - new_width) / 2.0, (height - new_height) / 2.0);
            return [left + across, top + down, right - across, bottom - down];
        }
        [percent] => ("left right top bottom", percent),
        [place, percent] if place.starts_with("except-") => {
            // The image before it lost as much at this edge, cropped at all edges.
            let part = 1.0 - number(percent) / 100.0;
            let whole = match place {
                "except-left" => [right - width / part, top, right, bottom],
                "except-right" => [left, top, left + width / part, bottom],
                "except-top" => [left, bottom - height / part, right, bottom],
                _ => [left, top, right, top + height / part],
            };
            return crop(whole, &[percent]);
        }
        [place, percent] => (place, percent),
        _ => panic!("{words:?} is not a crop"),
    };
    let cut = |side: &str, length: f64| {
        if place.contains(side) { length * number(amount) / 100.0 } else { 0.0 }
    };
    [
        left + cut("left", width),
        top + cut("top", height),
        right - cut("right", width),
        bottom - cut("bottom", height),
    ]
}

/// Returns the pixels of the plane within a region as a scene.
fn cut_out(plane: &Plane, [left, top, right, bottom]: [f64; 4]) -> Scene {
    let factor = plane.factor as f64;
    let edges = |from: f64, to: f64, count: usize| {
        let inner = (0..=count).map(|index| index as f64 * factor - from);
        inner.chain([0.0, to - from]).filter(|edge| (0.0..=to - from).contains(edge)).collect()
    };
    let rows = plane.rows.clone();
    let pixel =
        move |x: f64, y: f64| rows[((y + top) / factor) as usize][((x + left) / factor) as usize];
    let (columns, rows) = (plane.rows[0].len(), plane.rows.len());
    Scene {
        width: right - left,
        height: bottom - top,
        luma: Rc::new(pixel),
        xs: edges(left, right, columns),
        ys: edges(top, bottom, rows),
    }
}

/// Returns 256x256 points of the rotated region.
fn rotated(
    plane: &Plane,
    [left, top, right, bottom]: [f64; 4],
    degrees: f64,
    corners: &str,
) -> Scene {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (mut width, mut height) = (right - left, bottom - top);
    if corners == "cropped" {
        let across = width / (width * cosine + height * sine.abs());
        let down = height / (width * sine.abs() + height * cosine);
        (width, height) = (width * across.min(down), height * across.min(down));
    }
    let middle = [f64::midpoint(left, right), f64::midpoint(top, bottom)];
    sampled(middle, width, height, (sine, cosine), |x, y| {
        let is_inside = (left..right).contains(&x) && (top..bottom).contains(&y);
        if corners == "cropped" || is_inside { between(plane, x, y) } else { shade(corners) }
    })
}

/// Returns 256x256 points of a rotated rectangle as a scene.
fn sampled(
    [middle_x, middle_y]: [f64; 2],
    width: f64,
    height: f64,
    (sine, cosine): (f64, f64),
    point: impl Fn(f64, f64) -> f64,
) -> Scene {
    let points: Vec<Vec<f64>> = (0..256)
        .map(|row| {
            (0..256)
                .map(|column| {
                    let u = ((f64::from(column) + 0.5) / 256.0 - 0.5) * width;
                    let v = ((f64::from(row) + 0.5) / 256.0 - 0.5) * height;
                    point(middle_x + u * cosine + v * sine, middle_y - u * sine + v * cosine)
                })
                .collect()
        })
        .collect();
    let (across, down) = (width / 256.0, height / 256.0);
    let at = |place: f64, pitch: f64| ((place / pitch) as usize).min(255);
    Scene {
        width,
        height,
        luma: Rc::new(move |x, y| points[at(y, down)][at(x, across)]),
        xs: (0..=256).map(|index| f64::from(index) * across).collect(),
        ys: (0..=256).map(|index| f64::from(index) * down).collect(),
    }
}

/// Interpolates bilinearly between pixel centres.
fn between(plane: &Plane, x: f64, y: f64) -> f64 {
    let place = |place: f64, count: usize| {
        (place / plane.factor as f64 - 0.5).clamp(0.0, (count - 1) as f64)
    };
    let (x, y) = (place(x, plane.rows[0].len()), place(y, plane.rows.len()));
    let pixel = |row: usize, column: usize| {
        plane.rows[row.min(plane.rows.len() - 1)][column.min(plane.rows[0].len() - 1)]
    };
    let (row, column) = (y as usize, x as usize);
    let (right, below) = (x.fract(), y.fract());
    let above = pixel(row, column) * (1.0 - right) + pixel(row, column + 1) * right;
    let under = pixel(row + 1, column) * (1.0 - right) + pixel(row + 1, column + 1) * right;
    above * (1.0 - below) + under * below
}

/// Applies a reflection, a rotation, an inversion or a frame to a scene.
fn edited(scene: Scene, words: &[&str]) -> Scene {
    let Scene { width, height, luma, xs, ys } = scene.clone();
    let reversed =
        |edges: &[f64], length: f64| edges.iter().map(|edge| length - edge).collect::<Vec<_>>();
    match *words {
        ["original"] => scene,
        ["mirror"] => {
            let xs = reversed(&xs, width);
            Scene { luma: Rc::new(move |x, y| luma(width - x, y)), xs, ..scene }
        }
        ["rotate", "90"] => Scene {
            width: height,
            height: width,
            luma: Rc::new(move |x, y| luma(y, height - x)),
            xs: reversed(&ys, height),
            ys: xs,
        },
        ["rotate", "180"] => edited(edited(scene, &["rotate", "90"]), &["rotate", "90"]),
        ["rotate", "270"] => edited(edited(scene, &["rotate", "180"]), &["rotate", "90"]),
        ["invert"] => Scene { luma: Rc::new(move |x, y| 255.0 - luma(x, y)), ..scene },
        ["border", percent, colour] => {
            let thickness = width.min(height) * number(percent) / 100.0;
            surrounded(&scene, [thickness; 4], shade(colour))
        }
        ["letterbox", shape, colour] => {
            let across = ((height * ratio(shape) - width) / 2.0).max(0.0);
            let down = ((width / ratio(shape) - height) / 2.0).max(0.0);
            surrounded(&scene, [across, down, across, down], shade(colour))
        }
        ["screenshot", shape, colour] => {
            let screen = edited(scene, &["letterbox", shape, colour]);
            let ink = if colour == "white" { 145.0 } else { shade(colour) + 110.0 };
            let (width, height) = (screen.width, screen.height);
            let marks =
                [[50, 12, 170, 26], [830, 12, 950, 26], [40, 50, 120, 90], [150, 60, 450, 80]];
            let buttons = [70, 270, 470, 670, 870].map(|left| [left, 950, left + 60, 975]);
            marks.iter().chain(&buttons).fold(screen, |screen, mark| {
                let [left, top, right, bottom] = mark.map(|edge| f64::from(edge) / 1000.0);
                covered(&screen, [width * left, height * top, width * right, height * bottom], ink)
            })
        }
        ["caption", edge, percent, colour] => {
            let bar = height * number(percent) / 100.0;
            let sides = if edge == "top" { [0.0, bar, 0.0, 0.0] } else { [0.0, 0.0, 0.0, bar] };
            surrounded(&scene, sides, shade(colour))
        }
        ["patch", corner, percent, colour] => {
            let side = width.min(height) * number(percent) / 100.0;
            let left = if corner.ends_with("left") { 0.0 } else { width - side };
            let top = if corner.starts_with("top") { 0.0 } else { height - side };
            covered(&scene, [left, top, left + side, top + side], shade(colour))
        }
        _ => panic!("{words:?} is not an edit"),
    }
}

/// Adds a background to the left, above, to the right and below.
fn surrounded(scene: &Scene, [left, above, right, below]: [f64; 4], ground: f64) -> Scene {
    let Scene { width, height, luma, xs, ys } = scene.clone();
    let (new_width, new_height) = (width + left + right, height + above + below);
    let inner = move |x: f64, y: f64| {
        let is_inside = (left..left + width).contains(&x) && (above..above + height).contains(&y);
        if is_inside { luma((x - left).min(width), (y - above).min(height)) } else { ground }
    };
    Scene {
        width: new_width,
        height: new_height,
        luma: Rc::new(inner),
        xs: xs.iter().map(|x| x + left).chain([0.0, new_width]).collect(),
        ys: ys.iter().map(|y| y + above).chain([0.0, new_height]).collect(),
    }
}

/// Adds a rectangle on top.
fn covered(scene: &Scene, [left, top, right, bottom]: [f64; 4], colour: f64) -> Scene {
    let Scene { luma, mut xs, mut ys, .. } = scene.clone();
    xs.extend([left, right]);
    ys.extend([top, bottom]);
    let cover = move |x: f64, y: f64| {
        if (left..right).contains(&x) && (top..bottom).contains(&y) { colour } else { luma(x, y) }
    };
    Scene { luma: Rc::new(cover), xs, ys, ..scene.clone() }
}

/// Returns the integral of a tent function over `0..=1`, from 0 to a position. The total is 1.
fn tent_before(place: f64) -> f64 {
    let place = place.clamp(0.0, 1.0);
    if place < 0.5 { 2.0 * place * place } else { 1.0 - 2.0 * (1.0 - place) * (1.0 - place) }
}

/// Returns the pieces between adjacent edges in each of the 64 cells: their centres, and their
/// share of the tent function of the cell.
fn pieces(edges: &[f64], length: f64) -> Vec<Vec<(f64, f64)>> {
    let mut edges: Vec<f64> = edges.to_vec();
    edges.extend((0..=64).map(|cell| f64::from(cell) * length / 64.0));
    edges.sort_by(f64::total_cmp);
    let piece = |cell: f64, pair: &[f64]| {
        let part = |edge: f64| edge * 64.0 / length - cell;
        let weight = tent_before(part(pair[1])) - tent_before(part(pair[0]));
        (weight > 0.0).then(|| (f64::midpoint(pair[0], pair[1]), weight))
    };
    (0..64)
        .map(|cell| edges.windows(2).filter_map(|pair| piece(f64::from(cell), pair)).collect())
        .collect()
}

fn hash_of(scene: &Scene) -> Hash {
    let (across, down) = (pieces(&scene.xs, scene.width), pieces(&scene.ys, scene.height));
    let sample = |i: usize, j: usize| -> f64 {
        let row =
            |y: f64| across[j].iter().map(|(x, weight)| weight * (scene.luma)(*x, y)).sum::<f64>();
        down[i].iter().map(|(y, weight)| weight * row(*y)).sum()
    };
    let samples: Vec<Vec<f64>> = (0..64).map(|i| (0..64).map(|j| sample(i, j)).collect()).collect();
    let wave = |frequency: usize, index: usize| {
        let angle = std::f64::consts::PI / 128.0 * (frequency + 1) as f64 * (2 * index + 1) as f64;
        (2.0_f64 / 64.0).sqrt() * angle.cos()
    };
    let waves: Vec<Vec<f64>> = (0..16).map(|i| (0..64).map(|k| wave(i, k)).collect()).collect();
    let mut coefficients = Vec::new();
    for down in &waves {
        let row: Vec<f64> =
            (0..64).map(|x| (0..64).map(|y| down[y] * samples[y][x]).sum()).collect();
        coefficients.extend(
            waves.iter().map(|across| across.iter().zip(&row).map(|(a, b)| a * b).sum::<f64>()),
        );
    }
    let mut sorted = coefficients.clone();
    sorted.sort_by(f64::total_cmp);
    let median = sorted[127];
    // The highest bit is printed first.
    coefficients.reverse();
    let rounded = std::array::from_fn(|i| std::array::from_fn(|j| samples[i][j] as f32));
    Hash {
        bits: coefficients.iter().map(|it| *it > median).collect(),
        margins: coefficients.iter().map(|it| (it - median).abs()).collect(),
        quality: pdq::quality(&rounded),
    }
}
