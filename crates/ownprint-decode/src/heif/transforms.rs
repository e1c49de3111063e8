//! The container's own crop, turn and mirror, in the order in which the file lists them.

use heifer_isobmff::boxes::Property;

use super::reason::Reason;
use ownprint_pixels::{ExifOrientation, Size};

/// A rectangle of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) size: Size,
}

/// What the properties applied so far come to: first this crop, then this turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Transforms {
    pub(super) crop: Position,
    pub(super) orientation: ExifOrientation,
}

impl Transforms {
    /// None yet, of an image of this size.
    pub(super) fn of(size: Size) -> Self {
        Self { crop: Position { left: 0, top: 0, size }, orientation: ExifOrientation::Normal }
    }

    pub(super) fn apply(&mut self, property: &Property) -> Result<(), Reason> {
        match *property {
            Property::CleanAperture { width, height, horiz_offset, vert_offset } => {
                // ISO/IEC 23000-22 (MIAF) 7.3.6.7 wants it before the turns.
                if self.orientation != ExifOrientation::Normal {
                    return Err(Reason::Unsupported("cropping after turning".to_owned()));
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

/// Start and length of what a clean aperture (ISO/IEC 14496-12, 12.1.4) leaves of a side, rounded to whole pixels.
fn aperture(side: u32, length: (u32, u32), offset: (i32, u32)) -> Result<(u32, u32), Reason> {
    let unusable = || Reason::Damaged("a crop that leaves nothing".to_owned());
    let whole = i128::from(side);
    let [(length, length_over), (offset, offset_over)] =
        [(i128::from(length.0), length.1), (i128::from(offset.0), offset.1)]
            .map(|(n, over)| (n, i128::from(over)));
    if length_over == 0 || offset_over == 0 {
        return Err(unusable());
    }
    // The middle lies `offset` from that of the image: start = offset + (side - length) / 2.
    let over = 2 * length_over * offset_over;
    let start = 2 * offset * length_over + (whole * length_over - length) * offset_over;
    let start = rounded(start, over).clamp(0, whole);
    let length = rounded(length, length_over).min(whole - start);
    match (u32::try_from(start), u32::try_from(length)) {
        (Ok(start), Ok(length)) if length > 0 => Ok((start, length)),
        _ => Err(unusable()),
    }
}

fn rounded(number: i128, over: i128) -> i128 {
    (2 * number + over).div_euclid(2 * over)
}

/// `first`, then perhaps a mirror from left to right, then so many quarter turns clockwise.
fn then(first: ExifOrientation, quarters: u8, mirror: bool) -> ExifOrientation {
    /// By quarter turns, without and with the mirror before them.
    const BY_TURN: [[u16; 2]; 4] = [[1, 2], [6, 7], [3, 4], [8, 5]];
    let exif = first.to_exif();
    let (turns, mirrored) = (0_u8..)
        .zip(BY_TURN)
        .find_map(|(turns, pair)| pair.iter().position(|value| *value == exif).map(|at| (turns, at == 1)))
        .unwrap_or_default();
    // A mirror in front of a turn is that turn the other way behind the mirror.
    let turns = quarters + if mirror { 4 - turns } else { turns };
    let [plain, other] = BY_TURN.get(usize::from(turns % 4)).copied().unwrap_or_default();
    ExifOrientation::from_exif(if mirrored == mirror { plain } else { other })
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use ownprint_pixels::{PixelFormat, Pixels};

    use super::*;

    /// Where the pixel of a 3x2 image lands that a chain of turns and mirrors moves, one by one, and all at once.
    #[test]
    fn chains_of_turns_and_mirrors_are_one_orientation() {
        let steps =
            [0, 1, 2, 3].map(Property::Rotation).into_iter().chain([false, true].map(Property::Mirror));
        let steps: Vec<_> = steps.collect();
        for a in &steps {
            for b in &steps {
                for c in &steps {
                    let mut at_once = Transforms::of(Size { width: 3, height: 2 });
                    let mut image = vec![vec![0, 1, 2], vec![3, 4, 5]];
                    for step in [a, b, c] {
                        at_once.apply(step).unwrap();
                        image = moved(&image, step);
                    }
                    assert_eq!(turned(at_once.orientation), image, "{a:?} {b:?} {c:?}");
                }
            }
        }
    }

    fn moved(image: &[Vec<u8>], step: &Property) -> Vec<Vec<u8>> {
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
    fn turned(orientation: ExifOrientation) -> Vec<Vec<u8>> {
        let grey = [0, 1, 2, 3, 4, 5];
        let pixels = Pixels::new(&grey, 3, 2, PixelFormat::L8).unwrap();
        let mut image = Vec::new();
        let rows = ownprint_pixels::oriented_rows(&pixels, orientation, &mut |rows| {
            image.extend(
                rows.iter().filter(|row| !row.is_empty()).map(|row| row.iter().step_by(3).copied().collect()),
            );
            ControlFlow::Continue(())
        });
        assert!(rows.is_continue());
        image
    }

    #[test]
    fn apertures_are_centred_rounded_and_kept_inside() {
        let of = |side, length, offset| aperture(side, length, offset).ok();
        assert_eq!(of(100, (50, 1), (0, 1)), Some((25, 50)));
        assert_eq!(of(100, (50, 1), (-25, 1)), Some((0, 50)));
        assert_eq!(of(101, (50, 1), (-51, 2)), Some((0, 50)));
        assert_eq!(of(100, (50, 1), (i32::MAX, 1)), None);
        assert_eq!(of(100, (u32::MAX, 1), (i32::MIN, 1)), Some((0, 100)));
        assert_eq!(of(100, (0, 1), (0, 1)), None);
        assert_eq!(of(100, (1, 0), (0, 1)), None);
        assert_eq!(of(100, (1, 1), (0, 0)), None);
    }
}
