//! Prints a line for every hash and variant of the images in the vectors, of other generated
//! images, and of every file in the folders that the arguments name. The output must be identical
//! on all machines.

use std::error::Error;
use std::path::{Path, PathBuf};

use ownprint::{
    DigestAlgorithm, ExifOrientation, Fingerprint, Fingerprinter, HashAlgorithm, PixelFormat,
    Pixels,
};
use ownprint_conformance::{Recipe, vectors};

/// The maximum number of pixels. An emulator takes minutes for larger images.
const LARGEST: u64 = 1 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let hasher = Fingerprinter::builder()
        .hashes(HashAlgorithm::all())
        .variants(Some(vectors::EVERY_EDIT.parse()?))
        .digests(DigestAlgorithm::ALL)
        .rgb_md5(true)
        .build();
    let recipes =
        vectors::images().into_iter().map(|(recipe, _)| recipe).chain(vectors::more(5000, 60));
    for recipe in
        recipes.filter(|recipe| u64::from(recipe.width) * u64::from(recipe.height) <= LARGEST)
    {
        print(&recipe.to_string(), &of_recipe(&hasher, &recipe)?);
    }
    for folder in std::env::args().skip(1) {
        for path in files(Path::new(&folder))? {
            let fingerprint = hasher.fingerprint_file(&path)?;
            match fingerprint.failure() {
                None => print(&path.display().to_string(), &fingerprint),
                Some(error) => println!("{} {}", path.display(), error.code()),
            }
        }
    }
    Ok(())
}

fn of_recipe(hasher: &Fingerprinter, recipe: &Recipe) -> Result<Fingerprint, ownprint::Error> {
    let raw = recipe.paint();
    let pixels = Pixels::new(&raw.rgb, raw.width, raw.height, PixelFormat::Rgb8)?;
    hasher.fingerprint_pixels(&pixels, ExifOrientation::Normal)
}

/// Returns the files of a folder sorted by name, because the order must be the same on every
/// machine.
fn files(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    paths.retain(|path| path.is_file());
    paths.sort();
    Ok(paths)
}

fn print(name: &str, fingerprint: &Fingerprint) {
    let image = fingerprint.image().ok();
    // Skips images whose decoder is not deterministic.
    if image.is_some_and(|image| !image.info.deterministic) {
        println!("{name} inexact");
        return;
    }
    let rgb_md5 = image.and_then(|image| image.info.rgb_md5.as_deref());
    println!("{name} rgb {}", rgb_md5.unwrap_or("none"));
    for hash in image.iter().flat_map(|image| &image.hashes) {
        let quality = hash.quality.map_or_else(String::new, |quality| quality.to_string());
        for value in &hash.values {
            println!("{name} {} {value} {quality}", hash.algorithm);
        }
    }
    for hash in image.iter().flat_map(|image| &image.variants).flat_map(|set| &set.hashes) {
        println!("{name} {} {} {}", hash.variant, hash.value, hash.quality);
    }
    for digest in fingerprint.digests() {
        println!("{name} {} {}", digest.algorithm, digest.to_hex());
    }
}
