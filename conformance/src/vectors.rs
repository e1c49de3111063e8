//! The committed vectors: their folder and their images.

use std::path::PathBuf;

use crate::{Kind, Recipe};

/// How the tests of a language get the pixels of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// A committed `P6` pixmap.
    Pixmap,
    /// A committed PNG, for larger images with few colours.
    Png,
    /// A recipe without a file.
    Recipe,
}

/// Returns the folder of the vectors.
#[must_use]
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// Returns the name of an image in the vectors.
#[must_use]
pub fn name(recipe: &Recipe) -> String {
    recipe.to_string().replace(':', "-")
}

/// Returns the images of `pdq.json`: every kind of image, and the sizes at which the algorithm
/// changes.
#[must_use]
pub fn images() -> Vec<(Recipe, Carrier)> {
    let mut images = Vec::new();
    let mut add = |carrier, kind, sizes: &[(u32, u32)]| {
        for (width, height) in sizes.iter().copied() {
            let seed = images.len() as u32 + 1;
            images.push((Recipe { kind, seed, width, height }, carrier));
        }
    };
    // Below 5 there is no hash. Below 64 samples repeat. 64x64 is not filtered. The filter window
    // grows at 128, 256, and so on.
    add(
        Carrier::Pixmap,
        Kind::Photo,
        &[(1, 1), (1, 7), (4, 64), (5, 5), (5, 200), (300, 6), (33, 47)],
    );
    add(
        Carrier::Pixmap,
        Kind::Photo,
        &[(63, 63), (63, 64), (64, 64), (64, 65), (65, 64), (65, 65)],
    );
    add(
        Carrier::Pixmap,
        Kind::Photo,
        &[(96, 72), (120, 90), (127, 129), (128, 128), (129, 127), (160, 107)],
    );
    add(Carrier::Pixmap, Kind::Noise, &[(2, 3), (7, 1), (64, 64), (100, 80)]);
    add(Carrier::Pixmap, Kind::Flat, &[(16, 16), (64, 64)]);
    add(Carrier::Pixmap, Kind::Ties, &[(8, 8), (64, 64), (90, 70)]);
    add(Carrier::Pixmap, Kind::Levels, &[(64, 64), (77, 66)]);
    add(Carrier::Pixmap, Kind::Stripes, &[(64, 64), (80, 100)]);
    add(Carrier::Pixmap, Kind::Checks, &[(65, 66), (100, 64)]);
    add(Carrier::Pixmap, Kind::Gradient, &[(64, 64), (97, 79)]);
    add(Carrier::Pixmap, Kind::Screen, &[(140, 90)]);
    add(Carrier::Pixmap, Kind::Symmetric, &[(64, 64), (95, 101), (100, 100)]);
    add(Carrier::Png, Kind::Flat, &[(600, 600)]);
    add(Carrier::Png, Kind::Ties, &[(320, 240)]);
    add(Carrier::Png, Kind::Stripes, &[(700, 520), (512, 1030)]);
    add(Carrier::Png, Kind::Checks, &[(512, 512), (640, 480)]);
    add(Carrier::Png, Kind::Screen, &[(800, 600), (513, 400), (1170, 2532)]);
    let sides =
        [(255, 257), (511, 511), (512, 512), (513, 513), (512, 513), (513, 512), (640, 480)];
    add(Carrier::Recipe, Kind::Photo, &sides);
    let wide = [(1600, 400), (400, 1600), (2000, 5), (4, 2000), (5, 3000), (3000, 64), (64, 1025)];
    add(Carrier::Recipe, Kind::Photo, &wide);
    add(Carrier::Recipe, Kind::Photo, &[(1024, 768), (1080, 1920), (2048, 1536)]);
    add(Carrier::Recipe, Kind::Noise, &[(512, 512), (1000, 1000)]);
    add(Carrier::Recipe, Kind::Gradient, &[(512, 384), (1200, 900)]);
    add(Carrier::Recipe, Kind::Symmetric, &[(512, 512), (901, 700)]);
    add(Carrier::Recipe, Kind::Levels, &[(600, 514)]);
    images
}

/// Returns the images of `variants.json`: with zero to five reductions, uniform images, and one
/// with a border. Some are files.
#[must_use]
pub fn variant_images() -> Vec<Recipe> {
    let wanted = [
        (4, 64),
        (5, 5),
        (33, 47),
        (65, 65),
        (120, 90),
        (100, 80),
        (140, 90),
        (95, 101),
        (600, 600),
        (513, 512),
        (1024, 768),
        (1170, 2532),
    ];
    let all = images().into_iter().map(|(recipe, _)| recipe);
    all.filter(|recipe| wanted.contains(&(recipe.width, recipe.height))).collect()
}

/// Returns a set with every edit of a variant, in every direction.
pub const EVERY_EDIT: &str = "trim,trim+mirror,trim:background,deskew,crop:4,crop:left:12.5,crop:right:3,crop:top:7,crop:bottom:45,crop:top-left:6,\
    crop:top-right:6,crop:bottom-left:6,crop:bottom-right:6,crop:except-left:4,crop:except-right:45,\
    crop:except-top:12.5,crop:except-bottom:6,crop:1x1,crop:9x16,crop:16x9,rotate:1.5:cropped,\
    rotate:-30:cropped,rotate:4:black,rotate:-8:white,rotate:45:grey,mirror,rotate:90,rotate:180,rotate:270,mirror+rotate:90,\
    mirror+rotate:180,mirror+rotate:270,invert,border:4:white,border:100:black,letterbox:4x5:black,letterbox:9x16:grey,\
    letterbox:16x9:white,screenshot:9x19.5:black,screenshot:9x19.5:grey,screenshot:16x10:white,caption:top:16:white,\
    caption:bottom:100:black,patch:top-left:20:white,patch:top-right:50:grey,patch:bottom-left:100:black,\
    patch:bottom-right:33.3:white,crop:4+rotate:3:cropped+mirror+rotate:90+invert+caption:top:10:white+border:2:black,\
    rotate:2:black+mirror+rotate:270+letterbox:1x1:white+caption:bottom:9:grey+patch:top-left:10:black+border:1:white";

/// Returns the images of `imagehash.json`: the smaller images of `pdq.json`, and some with many
/// equal values.
#[must_use]
pub fn imagehash_images() -> Vec<Recipe> {
    const LARGEST: u32 = 700 * 700;
    let usual = images().into_iter().map(|(recipe, _)| recipe);
    let blocks = [(64, 64), (256, 256), (300, 300), (100, 37), (512, 320), (90, 480)];
    let blocks = blocks.into_iter().zip(1..).map(|((width, height), seed)| Recipe {
        kind: Kind::Blocks,
        seed,
        width,
        height,
    });
    usual.filter(|recipe| recipe.width * recipe.height <= LARGEST).chain(blocks).collect()
}

/// Returns `count` landscapes, noise images and gradients of any shape. Few are large, because the
/// reference implementation is slow.
#[must_use]
pub fn ordinary(first_seed: u32, count: u32) -> Vec<Recipe> {
    (first_seed..first_seed + count)
        .map(|seed| {
            let pick = |index, below| crate::noise::pick(seed, index, below) as u32;
            let kind = match seed % 10 {
                0 => Kind::Noise,
                1 => Kind::Gradient,
                _ => Kind::Photo,
            };
            let side = |index| match pick(index, 40) {
                0 => 500 + pick(index + 1, 700),
                1..10 => 1 + pick(index + 1, 64),
                _ => 60 + pick(index + 1, 300),
            };
            // Narrow strips, because Pillow scales them in another order.
            if pick(30, 30) == 0 {
                let width = 1 + pick(31, 6);
                return Recipe { kind, seed, width, height: 90 * width + pick(32, 600) };
            }
            Recipe { kind, seed, width: side(10), height: side(20) }
        })
        .collect()
}

/// Returns `count` images whose hashes compare many equal values: uniform, symmetric, with text or
/// few grey levels, many with sizes that divide evenly.
#[must_use]
pub fn ties(first_seed: u32, count: u32) -> Vec<Recipe> {
    const KINDS: [Kind; 9] = [
        Kind::Flat,
        Kind::Ties,
        Kind::Levels,
        Kind::Stripes,
        Kind::Checks,
        Kind::Gradient,
        Kind::Screen,
        Kind::Symmetric,
        Kind::Blocks,
    ];
    (first_seed..first_seed + count)
        .map(|seed| {
            let pick = |index, below| crate::noise::pick(seed, index, below) as u32;
            let kind = KINDS[(seed % 9) as usize];
            let side = |index| match pick(index, 4) {
                0 => 32 << pick(index + 1, 5),
                1 => 8 * (1 + pick(index + 1, 40)),
                _ => 10 + pick(index + 1, 300),
            };
            let width = side(10);
            // Half of the images are square.
            let height = if seed / 9 % 2 == 0 { width } else { side(20) };
            Recipe { kind, seed, width, height }
        })
        .collect()
}

/// Returns `count` images of every kind and many sizes that are not in the vectors.
#[must_use]
pub fn more(first_seed: u32, count: u32) -> Vec<Recipe> {
    (first_seed..first_seed + count)
        .map(|seed| {
            let pick = |index, below| crate::noise::pick(seed, index, below) as u32;
            // Every other image is a landscape, because the hash is designed for photographs.
            let kind = if seed % 2 == 0 { Kind::Photo } else { Kind::ALL[pick(0, 10) as usize].1 };
            let (low, span) = [(64, 8), (64, 70), (120, 20), (64, 500), (505, 16), (300, 900)]
                [pick(1, 6) as usize];
            Recipe { kind, seed, width: low + pick(2, span), height: low + pick(3, span) }
        })
        .collect()
}
