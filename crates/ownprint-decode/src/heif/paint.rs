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
    pub(super) rules: Rules,
    /// The colour information in the header of the codec.
    pub(super) colours: Colours,
}

/// The reference decoder whose rules of conversion apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// Chroma samples are repeated. Grey samples have the full range, independent of the range in
    /// the file.
    #[cfg_attr(not(feature = "heic"), allow(dead_code))]
    Libheif,
    /// Chroma samples are interpolated.
    #[cfg_attr(not(feature = "avif"), allow(dead_code))]
    Libavif,
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
    let is_libheif = shape.rules == Rules::Libheif;
    if shape.halved.is_none() {
        colours.full_range |= is_libheif;
    } else if colours.matrix == 0 {
        if shape.halved != Some([false; 2]) {
            return Err(Reason::Unsupported("subsampled RGB".to_owned()));
        }
        // libheif scales red and blue by the range of chroma.
        if is_libheif && !colours.full_range {
            return Err(Reason::Unsupported("RGB of limited range".to_owned()));
        }
    }
    if let Some(halved) = shape.halved
        && [window.position.left, window.position.top]
            .into_iter()
            .zip(halved)
            .any(|(start, halved)| halved && start % 2 != 0)
    {
        // libheif moves chroma by a half sample, and libavif does not crop.
        let detail = "clean aperture that starts between chroma samples".to_owned();
        return Err(Reason::Unsupported(detail));
    }
    let conversion = if is_libheif {
        Conversion::libheif(colours, shape.depth, shape.halved == Some([true, true]))?
    } else {
        Conversion::new(colours, shape.depth)?
    };
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
    rules: Rules,
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
            rules: shape.rules,
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
            if self.rules == Rules::Libheif {
                repeat(&self.near, half_columns, chroma);
                continue;
            }
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

/// Upsamples a row to the columns of luma by repeating its samples.
fn repeat(row: &[u16], half_columns: bool, into: &mut [u16]) {
    for (samples, sample) in into.chunks_mut(if half_columns { 2 } else { 1 }).zip(row) {
        samples.fill(*sample);
    }
}

/// Upsamples a row to the columns of luma by interpolation. Its values are multiplied by `weight`, and it has one
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use ownprint_pixels::Size;

    use super::*;

    /// An image of 4x2 pixels with 2x1 chroma samples.
    struct Image(Shape);

    impl Planes for Image {
        fn shape(&self) -> Shape {
            self.0
        }

        fn read(&self, plane: usize, y: usize, into: &mut [u16]) {
            let row = [[[100; 4]; 2], [[100, 140, 0, 0]; 2], [[128; 4]; 2]][plane][y];
            for (sample, from) in into.iter_mut().zip(row) {
                *sample = from;
            }
        }
    }

    fn painted(rules: Rules, colours: Colours, left: u32, top: u32) -> Result<Vec<u8>, Reason> {
        let halved = Some([colours.matrix != 0; 2]);
        let image = Image(Shape { width: 4, height: 2, depth: 8, halved, rules, colours });
        let size = Size { width: 4, height: 2 };
        let tile = Position { left: 0, top: 0, size };
        let size = Size { width: 4 - left, height: 2 - top };
        let mut samples = vec![0; (size.pixels() * 3) as usize];
        let mut window = Window { samples: &mut samples, position: Position { left, top, size } };
        paint(&image, None, tile, &mut window).map(|()| samples)
    }

    const FULL: Colours = Colours { matrix: 6, full_range: true };

    #[test]
    fn chroma_is_repeated_in_hevc_and_interpolated_in_av1() {
        let blue = |rules| -> Vec<u8> {
            painted(rules, FULL, 0, 0).unwrap()[..12].iter().skip(2).step_by(3).copied().collect()
        };
        assert_eq!(blue(Rules::Libheif), [50, 50, 121, 121]);
        assert_eq!(blue(Rules::Libavif), [50, 68, 104, 121]);
    }

    #[test]
    fn a_window_between_chroma_samples_is_refused() {
        for rules in [Rules::Libheif, Rules::Libavif] {
            assert!(painted(rules, FULL, 2, 0).is_ok());
            for (left, top) in [(1, 0), (0, 1), (3, 1)] {
                let error = painted(rules, FULL, left, top).unwrap_err();
                assert!(matches!(error, Reason::Unsupported(_)), "{left}, {top}: {error:?}");
            }
        }
        let plain = Colours { matrix: 0, full_range: true };
        assert!(painted(Rules::Libheif, plain, 1, 1).is_ok());
    }

    #[test]
    fn rgb_of_limited_range_is_refused_in_hevc() {
        let limited = Colours { matrix: 0, full_range: false };
        assert!(painted(Rules::Libavif, limited, 0, 0).is_ok());
        let error = painted(Rules::Libheif, limited, 0, 0).unwrap_err();
        assert!(matches!(error, Reason::Unsupported(_)), "{error:?}");
    }

    #[test]
    fn matrices_that_were_not_compared_are_refused_for_grey_too() {
        for matrix in [3, 8, 10, 12, 16] {
            let colours = Colours { matrix, full_range: true };
            let rules = Rules::Libavif;
            let image =
                Image(Shape { width: 4, height: 2, depth: 8, halved: None, rules, colours });
            let tile = Position { left: 0, top: 0, size: Size { width: 4, height: 2 } };
            let mut window = Window { samples: &mut [0; 24], position: tile };
            assert!(paint(&image, None, tile, &mut window).is_err(), "{matrix}");
        }
    }
}
