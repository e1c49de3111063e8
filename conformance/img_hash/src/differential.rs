//! Compares ownprint with img_hash on the same pixels.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use image::RgbImage;
use ownprint_conformance::{Kind, Raw, Recipe, noise, vectors};

use crate::ours::ours;
use crate::published;
use crate::reference::{self, Request};

/// Sizes of hashes: the default, a larger one, and one that is not square.
const SIZES: [(u32, u32); 3] = [(8, 8), (16, 16), (12, 7)];

/// The maximum number of pixels for blurred hashes, because the blur of the reference is slow.
const LARGEST_BLURRED: u32 = 120 * 120;

/// The number of ordinary images, and of images with equal values.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    pub ordinary: u32,
    pub ties: u32,
    /// Every `blurred_every`th image is also hashed with a blur.
    pub blurred_every: u32,
}

/// The number of comparisons and differences for a base name with its options.
#[derive(Debug, Default)]
struct Tally {
    compared: u64,
    differing: u64,
    bits: u32,
}

type Tallies = BTreeMap<String, Tally>;
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Compares and prints a table. Returns an error if a hash differs.
pub fn run(counts: Counts) -> Outcome {
    let corpus =
        std::env::var_os("OWNPRINT_CORPUS").filter(|corpus| !corpus.is_empty()).map(PathBuf::from);
    if let Some(corpus) = &corpus {
        published::run(corpus)?;
    }
    let mut failed = false;
    failed |=
        report("generated, ordinary", &recipes(&vectors::more(20_000, counts.ordinary), counts)?);
    failed |= report("generated, ties", &recipes(&ties(30_000, counts.ties), counts)?);
    failed |= report("every size of a hash", &every_size()?);
    match corpus {
        Some(corpus) => failed |= report("corpus", &files(&corpus)?),
        None => println!("OWNPRINT_CORPUS is not set: generated images only"),
    }
    if failed { Err("hashes differ".into()) } else { Ok(()) }
}

/// Returns images with one colour, two colours, symmetries or few grey levels, in many sizes.
fn ties(first_seed: u32, count: u32) -> Vec<Recipe> {
    const KINDS: [Kind; 7] = [
        Kind::Flat,
        Kind::Ties,
        Kind::Levels,
        Kind::Stripes,
        Kind::Checks,
        Kind::Symmetric,
        Kind::Screen,
    ];
    (first_seed..first_seed + count)
        .map(|seed| {
            let pick = |index, below| noise::pick(seed, index, below) as u32;
            let (low, span) =
                [(1, 30), (16, 100), (64, 1), (100, 200), (8, 8)][pick(1, 5) as usize];
            let kind = KINDS[pick(0, KINDS.len() as i64) as usize];
            Recipe { kind, seed, width: low + pick(2, span), height: low + pick(3, span) }
        })
        .collect()
}

fn recipes(recipes: &[Recipe], counts: Counts) -> Outcome<Tallies> {
    let (plain, blurred) = (reference::requests(&SIZES, false), reference::requests(&SIZES, true));
    let mut tallies = Tallies::new();
    for recipe in recipes {
        let raw = recipe.paint();
        compare(&recipe.to_string(), &raw, &plain, &mut tallies)?;
        if recipe.seed % counts.blurred_every == 0 {
            let mut small = *recipe;
            if small.width * small.height > LARGEST_BLURRED {
                (small.width, small.height) = (90 + small.width % 40, 80 + small.height % 30);
            }
            compare(&small.to_string(), &small.paint(), &blurred, &mut tallies)?;
        }
    }
    Ok(tallies)
}

/// Covers every length of the cosine transform, and every length of a row and a column of the
/// result.
fn every_size() -> Outcome<Tallies> {
    let mut tallies = Tallies::new();
    for side in 1..=128 {
        let recipe =
            Recipe { kind: Kind::Photo, seed: side, width: 40 + 7 * side, height: 500 - 3 * side };
        let sizes = [(side, side), (side, 129 - side)];
        compare(
            &recipe.to_string(),
            &recipe.paint(),
            &reference::requests(&sizes, false),
            &mut tallies,
        )?;
    }
    Ok(tallies)
}

/// Compares every image below a folder that can be decoded.
fn files(folder: &Path) -> Outcome<Tallies> {
    let (plain, blurred) =
        (reference::requests(&SIZES, false), reference::requests(&SIZES[..1], true));
    let mut tallies = Tallies::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<_> =
            std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Outcome<_>>()?;
        paths.sort();
        for path in paths {
            if path.is_dir() {
                // The files of `reported` test decoders, and make the decoder used here panic.
                if !path.ends_with("reported") {
                    folders.push(path);
                }
            } else if let Ok(image) = decoders::open(&path) {
                let image = image.to_rgb8();
                let (width, height) = image.dimensions();
                let raw = Raw { width, height, rgb: image.into_raw() };
                compare(&path.display().to_string(), &raw, &plain, &mut tallies)?;
                if width * height <= 4 * LARGEST_BLURRED {
                    compare(&path.display().to_string(), &raw, &blurred, &mut tallies)?;
                }
            }
        }
    }
    Ok(tallies)
}

fn compare(name: &str, raw: &Raw, requests: &[Request], tallies: &mut Tallies) -> Outcome {
    let image = reference::image(raw);
    // ownprint reproduces the wrap-around in the blur and subtraction of the reference. The first
    // request verifies that this reference code is equivalent.
    let difference =
        requests.iter().any(|request| request.dog).then(|| reference::difference(&image));
    let names: Vec<String> = requests.iter().map(Request::name).collect();
    let ours = ours(raw, &names)?;
    for (index, (request, (name_of_hash, ours))) in
        requests.iter().zip(names.iter().zip(&ours)).enumerate()
    {
        let theirs = theirs(request, &image, difference.as_ref().filter(|_| index > 0));
        let tally = tallies.entry(kind(request)).or_default();
        tally.compared += 1;
        let distance: u32 = ours.iter().zip(&theirs).map(|(a, b)| (a ^ b).count_ones()).sum();
        if distance > 0 || ours.len() != theirs.len() {
            tally.differing += 1;
            tally.bits += distance;
            if tally.differing <= 3 {
                println!(
                    "{name} {name_of_hash}: {distance} bits, {} and {} bytes",
                    ours.len(),
                    theirs.len()
                );
            }
        }
    }
    Ok(())
}

fn theirs(request: &Request, image: &RgbImage, difference: Option<&RgbImage>) -> Vec<u8> {
    let hash = match difference {
        Some(difference) => request.hash_of_difference(difference),
        None => request.hash(image),
    };
    hash.as_bytes().to_vec()
}

fn kind(request: &Request) -> String {
    let name = request.name();
    let (base_name, rest) = name.split_once(':').unwrap_or((&name, ""));
    let options = rest.split_once(':').map_or(String::new(), |(_, options)| format!(":{options}"));
    format!("{base_name}{options}")
}

/// Prints a table. Returns `true` if a hash differs.
fn report(source: &str, tallies: &Tallies) -> bool {
    for (kind, Tally { compared, differing, bits }) in tallies {
        println!(
            "| {source} | `{kind}` | {compared} | {} | {differing} | {bits} |",
            compared - differing
        );
    }
    tallies.values().any(|tally| tally.differing > 0)
}
