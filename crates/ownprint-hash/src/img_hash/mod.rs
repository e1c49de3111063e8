//! The hashes of the crate `img_hash` 3.2.0, for users who have stored such hashes.
//!
//! Reference: img_hash 3.2.0 with image 0.23.14, rustdct 0.4.0 and rustfft 3.0.1 on an `RgbImage`,
//! with the defaults of img_hash: Lanczos3, sigmas 5 and 10. See `docs/img_hash.md`; each file here
//! names the source it follows.

mod bits;
mod blockhash;
mod butterflies;
mod complex;
mod cosine;
mod difference;
mod fourier;
mod kernel;
mod luma;
mod resample;
mod sine;
mod transform;
mod wiped;

use fearless_simd::{Level, Simd, dispatch};
use zeroize::Zeroize;

use ownprint_pixels::Size;

use self::bits::Comparison;
use self::blockhash::Blockhash;
use self::difference::Difference;
use self::luma::{LumaTile, TILE_COLUMNS};
use self::resample::Columns;
use crate::algorithm::HashAlgorithm;
use crate::algorithm::{Descriptor, HashSize, Parameters, Sizes};
use crate::bit_hash::BitHash;
use crate::hasher::Hasher;
use crate::perceptual_hash::PerceptualHash;

/// Maximum width and height of a hash.
const MAX_SIDE: u16 = 128;

const DCT: &str = "dct";
const DOG: &str = "dog";

/// The algorithms of this family.
pub(crate) static ALGORITHMS: [Descriptor; 5] = [
    Descriptor {
        bits: |parameters| bits(Comparison::Mean, parameters),
        ..descriptor("img-hash-mean", 1, |_| "img_hash 3.2.0, Mean of an RgbImage")
    },
    Descriptor {
        bits: |parameters| bits(Comparison::Gradient, parameters),
        ..descriptor("img-hash-gradient", 1, |_| "img_hash 3.2.0, Gradient of an RgbImage")
    },
    Descriptor {
        bits: |parameters| bits(Comparison::VerticalGradient, parameters),
        ..descriptor(
            "img-hash-vertical-gradient",
            1,
            |_| "img_hash 3.2.0, VertGradient of an RgbImage",
        )
    },
    Descriptor {
        bits: |parameters| bits(Comparison::DoubleGradient, parameters),
        ..descriptor(
            "img-hash-double-gradient",
            2,
            |_| "img_hash 3.2.0, DoubleGradient of an RgbImage",
        )
    },
    Descriptor {
        options: &[DOG],
        bits: |parameters| bits(Comparison::Mean, parameters),
        ..descriptor("blockhash", 4, |_| "img_hash 3.2.0, Blockhash of an RgbImage")
    },
];

/// Describes an algorithm whose width and height are multiples of `step`.
const fn descriptor(
    base_name: &'static str,
    step: u16,
    reference: fn(Parameters) -> &'static str,
) -> Descriptor {
    let (allows, allowed): (fn(HashSize) -> bool, _) = match step {
        1 => (|size| is_allowed(size, 1), "or NxM, from 1 to 128"),
        2 => (|size| is_allowed(size, 2), "or NxM, even, from 2 to 128"),
        _ => (|size| is_allowed(size, 4), "or NxM, multiples of 4, from 4 to 128"),
    };
    Descriptor {
        base_name,
        sizes: Some(Sizes { default: HashSize::square(8), allows, allowed }),
        options: &[DCT, DOG],
        bits: |_| 0,
        hashes: Some(1),
        // A conservative threshold; see `docs/algorithms.md`.
        threshold: |bits| (bits * 5 / 64) as u32,
        reference,
    }
}

fn is_allowed(size: HashSize, step: u16) -> bool {
    [size.width, size.height]
        .iter()
        .all(|side| (1..=MAX_SIDE).contains(side) && side.is_multiple_of(step))
}

/// Number of bits, which fill whole bytes: img_hash pads the last byte with zeros.
fn bits(comparison: Comparison, Parameters { size, .. }: Parameters) -> usize {
    comparison.bits(size.width.into(), size.height.into()).next_multiple_of(8)
}

/// The parameters of an algorithm.
struct Recipe {
    algorithm: HashAlgorithm,
    /// `None` for blockhash.
    comparison: Option<Comparison>,
    has_transform: bool,
    has_difference: bool,
}

impl Recipe {
    /// Returns `None` for an algorithm of another family.
    fn of(algorithm: HashAlgorithm) -> Option<Self> {
        let comparison =
            match ALGORITHMS.iter().position(|known| known.base_name == algorithm.base_name())? {
                0 => Some(Comparison::Mean),
                1 => Some(Comparison::Gradient),
                2 => Some(Comparison::VerticalGradient),
                3 => Some(Comparison::DoubleGradient),
                _ => None,
            };
        Some(Self {
            algorithm,
            comparison,
            has_transform: algorithm.has_option(DCT),
            has_difference: algorithm.has_option(DOG),
        })
    }

    /// Columns and rows of the hash.
    fn dimensions(&self) -> (usize, usize) {
        let size = self.algorithm.parameters().size;
        (size.width.into(), size.height.into())
    }
}

/// Starts the algorithms of this family that are in `requested`.
pub(crate) fn start(requested: &[HashAlgorithm], size: Size) -> Option<Box<dyn Hasher>> {
    let recipes: Vec<_> = requested.iter().filter_map(|algorithm| Recipe::of(*algorithm)).collect();
    let (of_difference, plain): (Vec<_>, Vec<_>) =
        recipes.into_iter().partition(|recipe| recipe.has_difference);
    if of_difference.is_empty() && plain.is_empty() {
        return None;
    }
    let (width, height) = (size.width as usize, size.height as usize);
    let level = Level::new();
    let difference = (!of_difference.is_empty()).then(|| {
        (Difference::new(width, height, level), ImageInfo::new(of_difference, width, height, level))
    });
    Some(Box::new(ImgHasher { plain: ImageInfo::new(plain, width, height, level), difference }))
}

struct ImgHasher {
    plain: ImageInfo,
    /// The blurs, and the hashes of the blurred images.
    difference: Option<(Difference, ImageInfo)>,
}

impl Hasher for ImgHasher {
    fn update(&mut self, rows: &[&[u8]]) {
        self.plain.push(rows);
        if let Some((difference, image)) = &mut self.difference {
            difference.push(rows, &mut |row| image.push(&[row]));
        }
    }

    fn finalize(self: Box<Self>) -> Vec<PerceptualHash> {
        let mut hashes = self.plain.finish();
        if let Some((_, image)) = &self.difference {
            hashes.extend(image.finish());
        }
        hashes
    }
}

/// Computes the hashes of one image from its RGB rows.
struct ImageInfo {
    level: Level,
    width: usize,
    reduced: Vec<(Recipe, Comparison)>,
    blockhashes: Vec<(Recipe, Blockhash)>,
    /// One per height that a hash of `reduced` needs.
    columns: Vec<Columns>,
    luma: Box<LumaTile>,
    arrived: usize,
}

impl ImageInfo {
    fn new(recipes: Vec<Recipe>, width: usize, height: usize, level: Level) -> Self {
        let (mut reduced, mut blockhashes, mut columns) =
            (Vec::new(), Vec::new(), Vec::<Columns>::new());
        for recipe in recipes {
            if let Some(comparison) = recipe.comparison {
                let (_, rows) = reduced_size(&recipe, comparison);
                if !columns.iter().any(|known| known.rows() == rows) {
                    columns.push(Columns::new(width, height, rows));
                }
                reduced.push((recipe, comparison));
            } else {
                let (columns, rows) = recipe.dimensions();
                blockhashes.push((recipe, Blockhash::new(columns, rows, width, height)));
            }
        }
        let luma = Box::new([[0.0; TILE_COLUMNS]; _]);
        Self { level, width, reduced, blockhashes, columns, luma, arrived: 0 }
    }

    fn push(&mut self, rows: &[&[u8]]) {
        for (_, blockhash) in &mut self.blockhashes {
            for row in rows {
                blockhash.push(row);
            }
        }
        if !self.columns.is_empty() {
            let level = self.level;
            dispatch!(level, simd => self.reduce(simd, rows));
        }
        self.arrived += rows.len();
    }

    #[inline(always)]
    fn reduce<S: Simd>(&mut self, _simd: S, rows: &[&[u8]]) {
        for left in (0..self.width).step_by(TILE_COLUMNS) {
            luma::fill(&mut self.luma, rows, left);
            for columns in &mut self.columns {
                columns.add(&self.luma, self.arrived, rows.len(), left);
            }
        }
    }

    fn finish(&self) -> Vec<PerceptualHash> {
        let blockhashes = self
            .blockhashes
            .iter()
            .map(|(recipe, blockhash)| (recipe.algorithm, blockhash.finish()));
        let reduced = self.reduced.iter().filter_map(|(recipe, comparison)| {
            let (width, rows) = reduced_size(recipe, *comparison);
            let columns = self.columns.iter().find(|columns| columns.rows() == rows)?;
            Some((recipe.algorithm, compare(columns, recipe, *comparison, width)))
        });
        reduced
            .chain(blockhashes)
            .map(|(algorithm, hash)| PerceptualHash::new(algorithm, vec![hash], None))
            .collect()
    }
}

impl Drop for ImageInfo {
    fn drop(&mut self) {
        self.luma.as_flattened_mut().zeroize();
    }
}

/// Returns the columns and rows of the image from which a hash is computed.
fn reduced_size(recipe: &Recipe, comparison: Comparison) -> (usize, usize) {
    let (width, height) = recipe.dimensions();
    let (width, height) = comparison.values(width, height);
    let scale = if recipe.has_transform { transform::OVERSIZE } else { 1 };
    (width * scale, height * scale)
}

fn compare(columns: &Columns, recipe: &Recipe, comparison: Comparison, width: usize) -> BitHash {
    let mut image = columns.finish(width);
    let hash = if recipe.has_transform {
        let mut frequencies = transform::low_frequencies(&image, width);
        let hash = comparison.of_coefficients(&frequencies, width / transform::OVERSIZE);
        frequencies.zeroize();
        hash
    } else {
        comparison.of_pixels(&image, width)
    };
    image.zeroize();
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_accept_the_sizes_of_img_hash() {
        for (name, bits) in [
            ("img-hash-mean", 64),
            ("img-hash-mean:3", 16),
            ("img-hash-gradient:12x7:dct", 88),
            ("img-hash-vertical-gradient:128:dct:dog", 16384),
            ("img-hash-double-gradient", 40),
            ("img-hash-double-gradient:16", 144),
            ("blockhash:16x4:dog", 64),
        ] {
            assert_eq!(name.parse::<HashAlgorithm>().unwrap().bits(), bits, "{name}");
        }
        for name in [
            "img-hash-mean:129",
            "img-hash-gradient:0x8",
            "img-hash-double-gradient:7",
            "img-hash-double-gradient:8x9",
            "blockhash:6",
            "blockhash:dct",
        ] {
            assert!(name.parse::<HashAlgorithm>().is_err(), "{name}");
        }
    }
}
