//! The hashes of the Python package ImageHash, bit for bit.
//!
//! Reference: PyPI ImageHash 4.3.2 (J. Buchner, BSD) with Pillow, numpy, scipy and `PyWavelets`.
//! See `docs/imagehash.md`.
//!
//! | name | what it compares |
//! |---|---|
//! | `ahash` | samples with their mean |
//! | `dhash`, `dhash-vertical` | neighbouring samples |
//! | `phash`, `phash-simple` | coefficients of a cosine transform with their median, or mean |
//! | `whash` | coefficients of a wavelet transform with their median |
//! | `colorhash` | shares of black, grey and twelve colours |
//! | `crop-resistant` | neighbouring samples in each region of the image |
//!
//! Sizes are ImageHash's `hash_size` (`binbits` of `colorhash`). The option `pillow13` scales
//! images like Pillow 13, which differs from earlier versions for tall images.

mod blur;
mod colour;
mod columns;
mod cosine;
mod fourier;
mod kernel;
mod luma;
mod numpy;
mod passes;
mod row_pass;
mod scaler;
mod segments;
mod sine;
mod small;
mod wavelet;

/// The reference implementation, with the Pillow version that the option selects, and further
/// packages.
macro_rules! pillow {
    ($has_option:expr, $function:literal $(, $more:literal)?) => {
        if $has_option {
            concat!("PyPI ImageHash 4.3.2, ", $function, ", with Pillow 13.0.0" $(, $more)?)
        } else {
            concat!("PyPI ImageHash 4.3.2, ", $function, ", with Pillow 12.3.0" $(, $more)?)
        }
    };
}

use fearless_simd::{Level, dispatch};

use ownprint_pixels::Size;
use ownprint_pixels::wipe::WipedBytes;

use self::colour::ColourCounts;
use self::scaler::{PassOrder, Scaler, Target};
use self::segments::Region;
use self::wavelet::Wavelet;
use crate::algorithm::{Descriptor, HashAlgorithm, HashSize, Parameters, Sizes};
use crate::bit_hash::BitHash;
use crate::hasher::Hasher;
use crate::perceptual_hash::PerceptualHash;

/// The index of the option that every scaling algorithm has.
const PILLOW_13: usize = 0;
/// The indices of the options of `whash`, whose own option is printed first.
const DB4: usize = 0;
const KEEP_LL: usize = 1;
const WHASH_PILLOW_13: usize = 2;

/// A maximum that ImageHash does not have, so that a name cannot request all memory.
const LARGEST: u16 = 128;

/// The algorithms of this family.
pub(crate) static ALGORITHMS: [Descriptor; 8] = [
    Descriptor {
        reference: |it| pillow!(it.has(PILLOW_13), "average_hash"),
        ..square("ahash", FROM_2)
    },
    Descriptor { reference: |it| pillow!(it.has(PILLOW_13), "dhash"), ..square("dhash", FROM_2) },
    Descriptor {
        reference: |it| pillow!(it.has(PILLOW_13), "dhash_vertical"),
        ..square("dhash-vertical", FROM_1)
    },
    Descriptor {
        reference: |it| pillow!(it.has(PILLOW_13), "phash", " and scipy 1.17.1"),
        ..square("phash", FROM_2)
    },
    Descriptor {
        reference: |it| pillow!(it.has(PILLOW_13), "phash_simple", " and scipy 1.17.1"),
        ..square("phash-simple", FROM_1)
    },
    Descriptor {
        options: &["db4", "keep-ll", "pillow13"],
        bits: |it| wavelet::bits_a_side(side(it), wavelet_of(it)).pow(2),
        reference: |it| pillow!(it.has(WHASH_PILLOW_13), "whash", " and PyWavelets 1.9.0"),
        ..square("whash", POWERS)
    },
    Descriptor {
        options: &[],
        bits: |it| colour::FRACTIONS * side(it),
        // One bit per bit of a fraction: at twice that, every other pair of images matches.
        threshold: |bits| (bits / colour::FRACTIONS) as u32,
        reference: |_| "PyPI ImageHash 4.3.2, colorhash, with Pillow 12.3.0 or 13.0.0",
        ..square("colorhash", BITS)
    },
    Descriptor {
        hashes: None,
        threshold: |bits| (bits / 4) as u32,
        reference: |it| pillow!(it.has(PILLOW_13), "crop_resistant_hash"),
        ..square("crop-resistant", FROM_2)
    },
];

impl HashAlgorithm {
    /// ImageHash's `average_hash`.
    pub const AHASH: Self = Self::with_defaults(&ALGORITHMS[0]);
    /// ImageHash's `dhash`.
    pub const DHASH: Self = Self::with_defaults(&ALGORITHMS[1]);
    /// ImageHash's `dhash_vertical`.
    pub const DHASH_VERTICAL: Self = Self::with_defaults(&ALGORITHMS[2]);
    /// ImageHash's `phash`.
    pub const PHASH: Self = Self::with_defaults(&ALGORITHMS[3]);
    /// ImageHash's `phash_simple`.
    pub const PHASH_SIMPLE: Self = Self::with_defaults(&ALGORITHMS[4]);
    /// ImageHash's `whash`.
    pub const WHASH: Self = Self::with_defaults(&ALGORITHMS[5]);
    /// ImageHash's `colorhash`.
    pub const COLORHASH: Self = Self::with_defaults(&ALGORITHMS[6]);
    /// ImageHash's `crop_resistant_hash`: one `dhash` per region of the image.
    pub const CROP_RESISTANT: Self = Self::with_defaults(&ALGORITHMS[7]);
}

const FROM_1: Sizes =
    Sizes { default: HashSize::square(8), allows: |it| is_square(it, 1), allowed: "from 1 to 128" };
const FROM_2: Sizes = Sizes { allows: |it| is_square(it, 2), allowed: "from 2 to 128", ..FROM_1 };
const POWERS: Sizes = Sizes {
    allows: |it| is_square(it, 1) && it.width.is_power_of_two(),
    allowed: "a power of two from 1 to 128",
    ..FROM_1
};
const BITS: Sizes = Sizes {
    default: HashSize::square(3),
    allows: |it| is_square(it, 1) && it.width <= 16,
    allowed: "from 1 to 16",
};

fn is_square(size: HashSize, smallest: u16) -> bool {
    size.width == size.height && (smallest..=LARGEST).contains(&size.width)
}

/// Describes an algorithm with as many bits as its size squared.
const fn square(base_name: &'static str, sizes: Sizes) -> Descriptor {
    Descriptor {
        base_name,
        sizes: Some(sizes),
        options: &["pillow13"],
        bits: |it| side(it).pow(2),
        hashes: Some(1),
        // 10 of 64 bits, and in proportion.
        threshold: |bits| (bits * 10 / 64) as u32,
        reference: |_| "",
    }
}

fn side(parameters: Parameters) -> usize {
    parameters.size.width.into()
}

fn wavelet_of(parameters: Parameters) -> Wavelet {
    Wavelet { is_db4: parameters.has(DB4), keeps_mean: parameters.has(KEEP_LL) }
}

/// Starts the algorithms of this family that are in `requested`; they share luma and reductions.
pub(crate) fn start(requested: &[HashAlgorithm], size: Size) -> Option<Box<dyn Hasher>> {
    let wanted: Vec<_> =
        requested.iter().filter_map(|algorithm| Wanted::of(*algorithm, size)).collect();
    (!wanted.is_empty()).then(|| Box::new(ImageHasher::new(wanted, size)) as Box<dyn Hasher>)
}

/// One algorithm for an image of known size.
struct Wanted {
    algorithm: HashAlgorithm,
    kind: Kind,
}

/// The method of an algorithm.
#[derive(Clone, Copy)]
enum Kind {
    /// One reduction becomes one hash.
    Reduced(Target, fn(&[u8], Parameters) -> Vec<bool>),
    Colours,
    /// The reduction in which regions are searched.
    Regions(Target),
}

impl Wanted {
    fn of(algorithm: HashAlgorithm, size: Size) -> Option<Self> {
        let parameters = algorithm.parameters();
        let (side, order, source) = (side(parameters), order(algorithm), dimensions(size));
        let target = |width, height| Target::new(source, width, height, order);
        let kind = match algorithm.base_name() {
            "ahash" => Kind::Reduced(target(side, side), |pixels, _| small::average(pixels)),
            "dhash" => Kind::Reduced(target(side + 1, side), |pixels, it| {
                small::difference(pixels, self::side(it))
            }),
            "dhash-vertical" => Kind::Reduced(target(side, side + 1), |pixels, it| {
                small::vertical_difference(pixels, self::side(it))
            }),
            "phash" => {
                let side = small::OVERSAMPLING * side;
                Kind::Reduced(target(side, side), |pixels, it| {
                    small::cosine(pixels, self::side(it))
                })
            }
            "phash-simple" => {
                let side = small::OVERSAMPLING * side;
                Kind::Reduced(target(side, side), |pixels, it| {
                    small::cosine_of_rows(pixels, self::side(it))
                })
            }
            "whash" => {
                let scale = wavelet::scale(source.0.min(source.1), side);
                Kind::Reduced(target(scale, scale), |pixels, it| {
                    wavelet::bits(pixels, self::side(it), wavelet_of(it))
                })
            }
            "colorhash" => Kind::Colours,
            "crop-resistant" => Kind::Regions(target(segments::SIDE, segments::SIDE)),
            _ => return None,
        };
        Some(Self { algorithm, kind })
    }
}

fn order(algorithm: HashAlgorithm) -> PassOrder {
    if algorithm.has_option("pillow13") { PassOrder::Pillow13 } else { PassOrder::Pillow12 }
}

fn dimensions(size: Size) -> (usize, usize) {
    (size.width as usize, size.height as usize)
}

struct ImageHasher {
    level: Level,
    size: Size,
    wanted: Vec<Wanted>,
    scaler: Scaler,
    colours: Option<ColourCounts>,
    /// Luma of a row, or of all rows so far if regions will be cropped from it.
    luma: WipedBytes,
    keeps_rows: bool,
    rows: usize,
}

impl ImageHasher {
    fn new(wanted: Vec<Wanted>, size: Size) -> Self {
        let level = Level::new();
        let targets: Vec<_> = wanted
            .iter()
            .filter_map(|it| match it.kind {
                Kind::Reduced(target, _) | Kind::Regions(target) => Some(target),
                Kind::Colours => None,
            })
            .collect();
        let keeps_rows = wanted.iter().any(|it| matches!(it.kind, Kind::Regions(_)));
        let has_colours = wanted.iter().any(|it| matches!(it.kind, Kind::Colours));
        let (columns, rows) = dimensions(size);
        Self {
            level,
            size,
            wanted,
            scaler: Scaler::new((columns, rows), &targets, level),
            colours: has_colours.then(|| ColourCounts::new(level)),
            luma: WipedBytes::zeroed(columns * if keeps_rows { rows } else { 1 }),
            keeps_rows,
            rows: 0,
        }
    }

    fn hash(&self, wanted: &Wanted) -> PerceptualHash {
        let parameters = wanted.algorithm.parameters();
        let values = match wanted.kind {
            Kind::Reduced(target, bits) => vec![bits(self.scaler.pixels(target), parameters)],
            Kind::Colours => self
                .colours
                .iter()
                .map(|counts| counts.bits(parameters.size.width.into()))
                .collect(),
            Kind::Regions(target) => {
                let regions = segments::regions(self.scaler.pixels(target));
                regions
                    .iter()
                    .filter_map(|region| self.hash_of(*region, wanted.algorithm))
                    .collect()
            }
        };
        let values = values.iter().map(|bits| BitHash::from_bits(bits)).collect();
        PerceptualHash::new(wanted.algorithm, values, None)
    }

    /// Returns the difference hash of a region; zero for a region without rows or columns. Pillow
    /// 12 rejects a region without columns that has more rows than the hash, because it scales tall
    /// images in two steps; such a region has no hash here.
    fn hash_of(&self, region: Region, algorithm: HashAlgorithm) -> Option<Vec<bool>> {
        let (columns, rows) = dimensions(self.size);
        let (left, right) = segments::cut(columns, region.left, region.right);
        let (top, bottom) = segments::cut(rows, region.top, region.bottom);
        let (source, side) =
            ((right.checked_sub(left)?, bottom.checked_sub(top)?), side(algorithm.parameters()));
        let order = order(algorithm);
        if source.0 == 0 || source.1 == 0 {
            let is_refused = source.1 > side && order == PassOrder::Pillow12;
            return (!is_refused).then(|| vec![false; side * side]);
        }
        let target = Target::new(source, side + 1, side, order);
        let mut scaler = Scaler::new(source, &[target], self.level);
        for row in self.luma.0.chunks_exact(columns).take(bottom).skip(top) {
            scaler.push(&row[left..right]);
        }
        Some(small::difference(scaler.pixels(target), side))
    }
}

impl Hasher for ImageHasher {
    fn update(&mut self, rows: &[&[u8]]) {
        let columns = dimensions(self.size).0;
        for row in rows {
            let start = if self.keeps_rows { self.rows * columns } else { 0 };
            let Some(luma) = self.luma.0.get_mut(start..start + columns) else { return };
            dispatch!(self.level, simd => luma::of_row(simd, row, luma));
            self.scaler.push(luma);
            if let Some(colours) = &mut self.colours {
                colours.push(row, luma);
            }
            self.rows += 1;
        }
    }

    fn finalize(self: Box<Self>) -> Vec<PerceptualHash> {
        self.wanted.iter().map(|wanted| self.hash(wanted)).collect()
    }
}
