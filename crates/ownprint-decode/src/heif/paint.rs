//! Writes the planes of a tile into the image row by row: upsamples chroma and converts the
//! colours.

use zeroize::Zeroize;

use super::colours::{Colours, Conversion};
use super::reason::Reason;
use super::transforms::Position;

/// The image, or the part that remains after cropping.
pub(super) struct Window<'a> {
    /// RGB triples.
    pub(super) samples: &'a mut [u8],
    pub(super) position: Position,
}

/// The decoded planes of a tile.
pub(super) trait Planes {
    fn shape(&self) -> Shape;

    /// Reads the first samples of a row of plane 0 (luma), 1 or 2 (chroma) and fills `into`.
    fn read(&self, plane: usize, y: usize, into: &mut [u16]);
}

/// The size and sample format of planes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) depth: u8,
    /// Whether chroma has half the columns and half the rows; `None` without chroma.
    pub(super) halved: Option<[bool; 2]>,
    /// Grey samples have the full range, independent of the range in the file.
    pub(super) plain_grey: bool,
    /// The colour information in the header of the codec.
    pub(super) colours: Colours,
}

/// Writes the part of a tile that is inside the window.
pub(super) fn paint(
    planes: &dyn Planes,
    colours: Option<Colours>,
    tile: Position,
    window: &mut Window<'_>,
) -> Result<(), Reason> {
    let shape = planes.shape();
    if shape.width < tile.size.width || shape.height < tile.size.height {
        return Err(Reason::Damaged(
            "coded image smaller than the size in the container".to_owned(),
        ));
    }
    let mut colours = colours.unwrap_or(shape.colours);
    if shape.halved.is_none() {
        colours.matrix = 2;
        colours.full_range |= shape.plain_grey;
    }
    if colours.matrix == 0 && shape.halved != Some([false; 2]) {
        return Err(Reason::Unsupported("subsampled RGB".to_owned()));
    }
    let conversion = Conversion::new(colours, shape.depth)?;
    let overlap = |start: u32, length: u32, from: u32, count: u32| {
        let end = (u64::from(start) + u64::from(length)).min(u64::from(from) + u64::from(count));
        (u64::from(start.max(from)), end)
    };
    let view = window.position;
    let (left, right) = overlap(tile.left, tile.size.width, view.left, view.size.width);
    let (top, bottom) = overlap(tile.top, tile.size.height, view.top, view.size.height);
    if left >= right {
        return Ok(());
    }
    let mut rows = Rows::new(planes, shape, tile.size.width as usize, tile.size.height as usize);
    let stride = view.size.width as usize * 3;
    for y in top..bottom {
        rows.go_to((y - u64::from(tile.top)) as usize);
        let start = (y - u64::from(view.top)) as usize * stride
            + (left - u64::from(view.left)) as usize * 3;
        let length = (right - left) as usize * 3;
        let target = window.samples.get_mut(start..start + length).unwrap_or_default();
        let skipped = (left - u64::from(tile.left)) as usize;
        rows.convert(&conversion, skipped, target.as_chunks_mut::<3>().0);
    }
    Ok(())
}

/// The current row of each plane, with chroma upsampled to the width of luma.
struct Rows<'a> {
    planes: &'a dyn Planes,
    halved: Option<[bool; 2]>,
    height: usize,
    luma: Vec<u16>,
    chroma: [Vec<u16>; 2],
    /// The nearest chroma row, and the second nearest on the other side of the luma row.
    near: Vec<u16>,
    far: Vec<u16>,
    /// The weighted sum of both, with the first and last column repeated.
    mixed: Vec<u32>,
}

impl<'a> Rows<'a> {
    fn new(planes: &'a dyn Planes, shape: Shape, width: usize, height: usize) -> Self {
        let columns = match shape.halved {
            Some([true, _]) => width.div_ceil(2),
            Some([false, _]) => width,
            None => 0,
        };
        let all = if columns > 0 { width } else { 0 };
        Self {
            planes,
            halved: shape.halved,
            height,
            luma: vec![0; width],
            chroma: [vec![0; all], vec![0; all]],
            near: vec![0; columns],
            far: vec![0; columns],
            mixed: vec![0; columns + 2],
        }
    }

    fn go_to(&mut self, y: usize) {
        self.planes.read(0, y, &mut self.luma);
        let Some([half_columns, half_rows]) = self.halved else { return };
        for plane in [1, 2] {
            let Some(chroma) = self.chroma.get_mut(plane - 1) else { return };
            if !half_columns && !half_rows {
                self.planes.read(plane, y, chroma);
                continue;
            }
            let rows = if half_rows { self.height.div_ceil(2) } else { self.height };
            let near = if half_rows { y / 2 } else { y };
            self.planes.read(plane, near, &mut self.near);
            // Chroma samples are centred between luma samples: weights 3/4 for the nearest row, 1/4
            // for the next.
            let weight = if half_rows {
                let far = if y.is_multiple_of(2) {
                    near.saturating_sub(1)
                } else {
                    (near + 1).min(rows - 1)
                };
                self.planes.read(plane, far, &mut self.far);
                4
            } else {
                1
            };
            let mix = |near: u16, far: u16| {
                if half_rows { 3 * u32::from(near) + u32::from(far) } else { u32::from(near) }
            };
            let inner = self.mixed.iter_mut().skip(1);
            for ((mixed, near), far) in inner.zip(&self.near).zip(&self.far) {
                *mixed = mix(*near, *far);
            }
            widen(&mut self.mixed, half_columns, weight, chroma);
        }
    }

    fn convert(&self, conversion: &Conversion, skipped: usize, target: &mut [[u8; 3]]) {
        let [second, third] = &self.chroma;
        if second.is_empty() {
            for (rgb, sample) in target.iter_mut().zip(self.luma.iter().skip(skipped)) {
                *rgb = [conversion.grey(*sample); 3];
            }
            return;
        }
        let samples = self.luma.iter().zip(second).zip(third).skip(skipped);
        for (rgb, ((first, second), third)) in target.iter_mut().zip(samples) {
            *rgb = conversion.rgb([*first, *second, *third]);
        }
    }
}

/// Upsamples a row to the columns of luma. Its values are multiplied by `weight`, and it has one
/// free column at each end.
fn widen(mixed: &mut [u32], half_columns: bool, weight: u32, into: &mut [u16]) {
    if !half_columns {
        for (sample, mixed) in into.iter_mut().zip(mixed.iter().skip(1)) {
            *sample = ((mixed + weight / 2) / weight) as u16;
        }
        return;
    }
    if let [start, first, .., last, end] = mixed {
        (*start, *end) = (*first, *last);
    } else if let [start, only, end] = mixed {
        (*start, *end) = (*only, *only);
    }
    let shift = if weight == 4 { 4 } else { 2 };
    let half = 1 << (shift - 1);
    for (pair, three) in into.chunks_mut(2).zip(mixed.windows(3)) {
        let &[left, middle, right] = three else { continue };
        for (sample, neighbour) in pair.iter_mut().zip([left, right]) {
            *sample = ((3 * middle + neighbour + half) >> shift) as u16;
        }
    }
}

impl Drop for Rows<'_> {
    fn drop(&mut self) {
        let [second, third] = &mut self.chroma;
        for samples in [&mut self.luma, second, third, &mut self.near, &mut self.far] {
            samples.zeroize();
        }
        self.mixed.zeroize();
    }
}
