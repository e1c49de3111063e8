//! Rows of pixels to samples.

use fearless_simd::Level;

use ownprint_pixels::Size;

use super::jarosz::JaroszFilter;
use super::luma;
use super::samples::{self, MIN_SIDE, SIDE, Samples};

/// Computes the samples of an image from its rows.
pub(super) struct Sampler {
    /// `None` if the width or the height is below [`MIN_SIDE`].
    filter: Option<JaroszFilter>,
    /// Luma without the filter, for images of 64x64 only: `pdqFloat256FromFloatLuma` does not
    /// filter them, while the dihedral function of the reference filters every image.
    unfiltered: Option<Unfiltered>,
}

struct Unfiltered {
    samples: Box<Samples>,
    /// Count of rows already written to `samples`.
    rows: usize,
}

impl Sampler {
    /// Creates a sampler for images of `size`.
    pub(super) fn new(size: Size, level: Level) -> Self {
        let (width, height) = (size.width as usize, size.height as usize);
        let is_sampled = (width, height) == (SIDE, SIDE);
        Self {
            filter: (width.min(height) >= MIN_SIDE)
                .then(|| JaroszFilter::new(width, height, level)),
            unfiltered: is_sampled.then(|| Unfiltered { samples: samples::blank(), rows: 0 }),
        }
    }

    /// Adds the next rows; the same counts apply as for [`JaroszFilter::push`].
    pub(super) fn push(&mut self, rows: &[&[u8]]) {
        if let Some(unfiltered) = &mut self.unfiltered {
            for (samples, row) in unfiltered.samples[unfiltered.rows..].iter_mut().zip(rows) {
                for (sample, pixel) in samples.iter_mut().zip(row.as_chunks::<3>().0) {
                    *sample = luma::of_pixel(*pixel);
                }
            }
            unfiltered.rows += rows.len();
        }
        if let Some(filter) = &mut self.filter {
            filter.push(rows);
        }
    }

    /// Returns the samples, after every row was added.
    pub(super) fn finish(self) -> Sampled {
        Sampled {
            filtered: self.filter.map(JaroszFilter::finish),
            unfiltered: self.unfiltered.map(|unfiltered| unfiltered.samples),
        }
    }
}

/// The samples of an image, overwritten with zeros on drop.
pub(super) struct Sampled {
    /// `None` if the image is too small.
    pub(super) filtered: Option<Box<Samples>>,
    /// `None` unless the image is 64x64.
    pub(super) unfiltered: Option<Box<Samples>>,
}

impl Drop for Sampled {
    fn drop(&mut self) {
        for samples in [&mut self.filtered, &mut self.unfiltered].into_iter().flatten() {
            samples::wipe(samples);
        }
    }
}
