//! Crop, rotation and mirror properties of an item, applied in file order.

use heifer_isobmff::boxes::Property;

use ownprint_pixels::{ExifOrientation, Size};

use super::reason::Reason;

/// A rectangle of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) size: Size,
}

/// The combined effect of properties: first the crop, then the orientation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Transforms {
    pub(super) crop: Position,
    pub(super) orientation: ExifOrientation,
}

impl Transforms {
    /// Returns the identity for an image of this size.
    pub(super) fn of(size: Size) -> Self {
        Self { crop: Position { left: 0, top: 0, size }, orientation: ExifOrientation::Normal }
    }

    /// Adds a property; those that are no transforms are ignored.
    pub(super) fn apply(&mut self, property: &Property) -> Result<(), Reason> {
        match *property {
            Property::CleanAperture { width, height, horiz_offset, vert_offset } => {
                // ISO/IEC 23000-22 (MIAF), 7.3.6.7 requires the crop before rotation and mirroring.
                if self.orientation != ExifOrientation::Normal {
                    return Err(Reason::Unsupported(
                        "clean aperture after rotation or mirroring".to_owned(),
                    ));
                }
                let whole = self.crop;
                let (left, width) = aperture(whole.size.width, width, horiz_offset)?;
                let (top, height) = aperture(whole.size.height, height, vert_offset)?;
                let size = Size { width, height };
                self.crop = Position { left: whole.left + left, top: whole.top + top, size };
            }
            Property::Rotation(anticlockwise) => {
                self.orientation = then(self.orientation, 4 - (anticlockwise & 3), false);
            }
            Property::Mirror(top_to_bottom) => {
                self.orientation = then(self.orientation, if top_to_bottom { 2 } else { 0 }, true);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Returns the start and length of a clean aperture (ISO/IEC 14496-12, 12.1.4) along one dimension.
///
/// Decoders round fractions and clamp positions outside the image in different ways, so both are
/// refused.
fn aperture(dimension: u32, length: (u32, u32), offset: (i32, u32)) -> Result<(u32, u32), Reason> {
    let unusable = || Reason::Damaged("empty clean aperture".to_owned());
    let unsupported = |detail: &str| Reason::Unsupported(format!("clean aperture {detail}"));
    let [(length, length_over), (offset, offset_over)] =
        [(i128::from(length.0), length.1), (i128::from(offset.0), offset.1)]
            .map(|(n, over)| (n, i128::from(over)));
    if length == 0 || length_over == 0 || offset_over == 0 {
        return Err(unusable());
    }
    let whole = i128::from(dimension);
    // `offset` is the distance between both centres: start = offset + (dimension - length) / 2.
    let over = 2 * length_over * offset_over;
    let start = 2 * offset * length_over + (whole * length_over - length) * offset_over;
    if length % length_over != 0 || start % over != 0 {
        return Err(unsupported("of fractional pixels"));
    }
    let (start, length) = (start / over, length / length_over);
    match (u32::try_from(start), u32::try_from(length)) {
        (Ok(start), Ok(count)) if i128::from(start) + length <= whole => Ok((start, count)),
        _ => Err(unsupported("outside the image")),
    }
}

/// Returns `first`, followed by a horizontal mirror if requested, followed by `quarters` clockwise
/// rotations of 90 degrees.
fn then(first: ExifOrientation, quarters: u8, mirror: bool) -> ExifOrientation {
    /// EXIF values by rotations of 90 degrees, without and with a horizontal mirror before them.
    const BY_QUARTERS: [[u16; 2]; 4] = [[1, 2], [6, 7], [3, 4], [8, 5]];
    let exif = first.to_exif();
    let (rotations, mirrored) = (0_u8..)
        .zip(BY_QUARTERS)
        .find_map(|(rotations, pair)| {
            pair.iter().position(|value| *value == exif).map(|at| (rotations, at == 1))
        })
        .unwrap_or_default();
    // A mirror after a rotation equals the opposite rotation after the mirror.
    let rotations = quarters + if mirror { 4 - rotations } else { rotations };
    let [plain, other] = BY_QUARTERS.get(usize::from(rotations % 4)).copied().unwrap_or_default();
    ExifOrientation::from_exif(if mirrored == mirror { plain } else { other })
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use ownprint_pixels::{PixelFormat, Pixels};

    use super::*;

    /// Compares a chain of rotations and mirrors of a 3x2 image, one by one, with the combined
    /// orientation.
    #[test]
    fn chains_of_rotations_and_mirrors_are_one_orientation() {
        let steps = [0, 1, 2, 3]
            .map(Property::Rotation)
            .into_iter()
            .chain([false, true].map(Property::Mirror));
        let steps: Vec<_> = steps.collect();
        for a in &steps {
            for b in &steps {
                for c in &steps {
                    let mut combined = Transforms::of(Size { width: 3, height: 2 });
                    let mut image = vec![vec![0, 1, 2], vec![3, 4, 5]];
                    for step in [a, b, c] {
                        combined.apply(step).unwrap();
                        image = transformed(&image, step);
                    }
                    assert_eq!(oriented(combined.orientation), image, "{a:?} {b:?} {c:?}");
                }
            }
        }
    }

    fn transformed(image: &[Vec<u8>], step: &Property) -> Vec<Vec<u8>> {
        match step {
            Property::Rotation(quarters) => (0..*quarters).fold(image.to_vec(), |image, _| {
                let width = image[0].len();
                (0..width).map(|x| image.iter().map(|row| row[width - 1 - x]).collect()).collect()
            }),
            Property::Mirror(true) => image.iter().rev().cloned().collect(),
            _ => image.iter().map(|row| row.iter().rev().copied().collect()).collect(),
        }
    }

    /// Returns the pixels as hashers receive them.
    fn oriented(orientation: ExifOrientation) -> Vec<Vec<u8>> {
        let grey = [0, 1, 2, 3, 4, 5];
        let pixels = Pixels::new(&grey, 3, 2, PixelFormat::L8).unwrap();
        let mut image = Vec::new();
        let rows = ownprint_pixels::oriented_rows(&pixels, orientation, &mut |rows| {
            image.extend(
                rows.iter()
                    .filter(|row| !row.is_empty())
                    .map(|row| row.iter().step_by(3).copied().collect()),
            );
            ControlFlow::Continue(())
        });
        assert!(rows.is_continue());
        image
    }

    #[test]
    fn apertures_are_centred() {
        let of = |dimension, length, offset| aperture(dimension, length, offset).ok();
        assert_eq!(of(100, (50, 1), (0, 1)), Some((25, 50)));
        assert_eq!(of(100, (50, 1), (-25, 1)), Some((0, 50)));
        assert_eq!(of(101, (50, 1), (-51, 2)), Some((0, 50)));
        assert_eq!(of(80, (150, 2), (-5, 2)), Some((0, 75)));
        assert_eq!(of(100, (0, 1), (0, 1)), None);
        assert_eq!(of(100, (1, 0), (0, 1)), None);
        assert_eq!(of(100, (1, 1), (0, 0)), None);
    }

    #[test]
    fn fractional_and_outer_apertures_are_refused() {
        for (dimension, length, offset) in [
            (101, (50, 1), (0, 1)),
            (100, (99, 2), (1, 4)),
            (100, (50, 1), (1, 3)),
            (100, (50, 1), (26, 1)),
            (100, (50, 1), (-26, 1)),
            (100, (102, 1), (0, 1)),
            (100, (50, 1), (i32::MAX, 1)),
            (100, (u32::MAX, 1), (i32::MIN, 1)),
            (100, (u32::MAX, u32::MAX), (i32::MIN, u32::MAX)),
        ] {
            let error = aperture(dimension, length, offset).unwrap_err();
            assert!(matches!(error, Reason::Unsupported(_)), "{length:?} {offset:?}: {error:?}");
        }
    }
}
