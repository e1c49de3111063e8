//! Segmentation of an image into bright and dark regions, for the crop-resistant hash.
//!
//! Reference: `_find_all_segments` of ImageHash 4.3.2, after M. Steinebach, H. Liu, Y. Yannikos,
//! Efficient Cropping-Resistant Robust Image Hashing, ARES 2014.

use zeroize::Zeroizing;

use super::blur;

/// Width and height of the image in which regions are searched.
pub(super) const SIDE: usize = 300;

/// Brighter pixels belong to hills, others to valleys.
const THRESHOLD: u8 = 128;

/// Regions of this number of pixels or fewer are skipped.
const MIN_PIXELS: usize = 500;

/// The number of pixels that the original counts as visited at the start: a frame around the image.
/// It stops the search for valleys when it has visited as many pixels as the image has, so the last
/// ones, up to this number, are not visited.
const FRAME: usize = 4 * SIDE;

/// The bounding box of a region, in pixels of the small image; right and bottom are exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

/// Returns the regions of an image that was scaled to [`SIDE`]: hills, then valleys, each in the
/// order of their first pixel; the whole image if there are none.
pub(super) fn regions(pixels: &[u8]) -> Vec<Region> {
    let mut blurred = ownprint_pixels::wipe::WipedBytes(pixels.to_vec());
    blur::gaussian(&mut blurred.0, SIDE);
    let filtered = ownprint_pixels::wipe::WipedBytes(blur::median(&blurred.0, SIDE));
    let mut search = Search {
        is_hill: Zeroizing::new(filtered.0.iter().map(|&pixel| pixel > THRESHOLD).collect()),
        is_taken: Zeroizing::new(vec![false; SIDE * SIDE]),
        seen: FRAME,
        found: Vec::new(),
    };
    search.look_for(true, usize::MAX);
    search.look_for(false, SIDE * SIDE);
    if search.found.is_empty() {
        return vec![Region { left: 0, top: 0, right: SIDE, bottom: SIDE }];
    }
    search.found
}

/// Returns the range of a region in a direction with this number of pixels: `Image.crop` rounds
/// halves to even.
pub(super) fn cut(length: usize, start: usize, end: usize) -> (usize, usize) {
    let scale = length as f64 / SIDE as f64;
    let scaled = |at: usize| (at as f64 * scale).round_ties_even() as usize;
    (scaled(start), scaled(end).min(length))
}

struct Search {
    /// The bright pixels, as a bit per pixel.
    is_hill: Zeroizing<Vec<bool>>,
    is_taken: Zeroizing<Vec<bool>>,
    /// Number of pixels in regions of two or more, plus the frame.
    seen: usize,
    found: Vec<Region>,
}

impl Search {
    /// Collects the regions of hills or valleys until this number of pixels was visited.
    fn look_for(&mut self, hills: bool, enough: usize) {
        for start in 0..SIDE * SIDE {
            if self.seen >= enough {
                return;
            }
            if self.is_hill[start] == hills && !self.is_taken[start] {
                self.take(start);
            }
        }
    }

    /// Collects the region of `start`: the pixels of its kind that are 4-connected.
    fn take(&mut self, start: usize) {
        let kind = self.is_hill[start];
        let mut region = Region { left: SIDE, top: SIDE, right: 0, bottom: 0 };
        let mut count = 0;
        let mut open = vec![start];
        self.is_taken[start] = true;
        while let Some(at) = open.pop() {
            let (x, y) = (at % SIDE, at / SIDE);
            count += 1;
            region.left = region.left.min(x);
            region.top = region.top.min(y);
            region.right = region.right.max(x + 1);
            region.bottom = region.bottom.max(y + 1);
            let neighbours = [
                (x > 0).then(|| at - 1),
                (x + 1 < SIDE).then(|| at + 1),
                (y > 0).then(|| at - SIDE),
                (y + 1 < SIDE).then(|| at + SIDE),
            ];
            for next in neighbours.into_iter().flatten() {
                if self.is_hill[next] == kind && !self.is_taken[next] {
                    self.is_taken[next] = true;
                    open.push(next);
                }
            }
        }
        // The original marks a pixel as visited when it reaches it from a neighbour, which never
        // happens for a region of one pixel.
        if count > 1 {
            self.seen += count;
        }
        if count > MIN_PIXELS {
            self.found.push(region);
        }
    }
}
