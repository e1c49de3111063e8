//! Writes `conformance/vectors`: paints the images, hashes them with the reference implementations,
//! and records the source of each value. `cargo xtask vectors` runs it with a Python that has the
//! pinned reference implementations.

use std::error::Error;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use image::{ExtendedColorType, ImageEncoder, codecs::png};
use ownprint_conformance::vectors::{self, Carrier};
use ownprint_conformance::{Raw, Recipe, expected, ppm};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

const REFERENCE: &str = "pdqhash 0.2.8";

fn main() -> Outcome<()> {
    let [python, python_13] = std::env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "make-vectors PYTHON PYTHON-WITH-PILLOW-13")?;
    let images = vectors::images();
    let references = with_painted(images.iter().map(|(recipe, _)| recipe), |paths| {
        answers(&python, "reference_pdq.py", &[], paths)
    })?;

    let folder = vectors::folder().join("images");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut entries = Vec::new();
    for ((recipe, carrier), reference) in images.iter().zip(references) {
        entries.push(entry(recipe, *carrier, &reference, &folder)?);
    }
    let about = "See conformance/README.md. Written by `cargo xtask vectors`; do not edit.";
    write_json("pdq.json", &json!({ "about": about, "images": entries }))?;

    let images = imagehash(&python, &python_13)?;
    write_json("imagehash.json", &json!({ "about": about, "images": images }))?;

    let values = script(&python, "reference_values.py", &[], "")?;
    let values: Value = serde_json::from_str(&values)?;
    for name in ["digests", "hex"] {
        let mut object = json!({ "about": about });
        for (key, value) in values[name].as_object().into_iter().flatten() {
            object[key] = value.clone();
        }
        write_json(&format!("{name}.json"), &object)?;
    }
    println!(
        "{} images, digests and hash arithmetic written to {}",
        entries.len(),
        vectors::folder().display()
    );
    Ok(())
}

/// Paints images into a temporary folder, and passes their paths to a function, one per line.
fn with_painted<'a, Output>(
    recipes: impl Iterator<Item = &'a Recipe>,
    work: impl FnOnce(&str) -> Outcome<Output>,
) -> Outcome<Output> {
    let scratch = std::env::temp_dir().join(format!("ownprint-vectors-{}", std::process::id()));
    fs::create_dir_all(&scratch)?;
    let mut paths = Vec::new();
    for recipe in recipes {
        let path = scratch.join(vectors::name(recipe) + ".ppm");
        fs::write(&path, ppm::write(&recipe.paint()))?;
        paths.push(path.display().to_string());
    }
    let output = work(&paths.join("\n"));
    fs::remove_dir_all(&scratch)?;
    output
}

/// Returns the output of a reference implementation for every image.
fn answers(python: &str, name: &str, arguments: &[&str], paths: &str) -> Outcome<Vec<Value>> {
    let printed = script(python, name, arguments, paths)?;
    Ok(printed.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// Returns the hashes of every image for `imagehash.json`, by `PyPI` `ImageHash` with both versions
/// of Pillow. Hashes that it cannot compute are omitted.
const IMAGEHASH: &str = "ahash,ahash:9,dhash,dhash-vertical,phash,phash:7,phash:16,phash-simple,whash,whash:16,\
    whash:keep-ll,whash:db4,colorhash,colorhash:4,crop-resistant,crop-resistant:16";
const IMAGEHASH_PILLOW_13: &str =
    "dhash:pillow13,phash:pillow13,whash:pillow13,crop-resistant:pillow13";

fn imagehash(python: &str, python_13: &str) -> Outcome<Vec<Value>> {
    let images = vectors::imagehash_images();
    let (older, newer) = with_painted(images.iter(), |paths| {
        let of = |python, names| answers(python, "reference_imagehash.py", &[names], paths);
        Ok((of(python, IMAGEHASH)?, of(python_13, IMAGEHASH_PILLOW_13)?))
    })?;
    let entries = images.iter().zip(older.iter().zip(&newer)).map(|(recipe, (older, newer))| {
        let mut hashes = serde_json::Map::new();
        for answer in [older, newer] {
            for (name, value) in answer["hashes"].as_object().into_iter().flatten() {
                if value["error"].is_null() {
                    let mut value = value.clone();
                    value["source"] = answer["source"].clone();
                    hashes.insert(name.clone(), value);
                }
            }
        }
        json!({
            "name": vectors::name(recipe),
            "recipe": recipe.to_string(),
            "width": recipe.width,
            "height": recipe.height,
            "rgb_md5": older["rgb_md5"],
            "hashes": hashes,
        })
    });
    Ok(entries.collect())
}

fn script(python: &str, name: &str, arguments: &[&str], input: &str) -> Outcome<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("python").join(name);
    let mut command = Command::new(python);
    command.arg(&path).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().ok_or("the reference program has no standard input")?;
    let input = input.to_owned();
    // A separate thread writes, so that full pipes cannot block both processes.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| "writing to the reference failed")??;
    if !output.status.success() {
        return Err(format!("{} failed: {}", path.display(), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Returns the line of one image in the vectors, and writes its file if it has one.
fn entry(recipe: &Recipe, carrier: Carrier, reference: &Value, folder: &Path) -> Outcome<Value> {
    let raw = recipe.paint();
    let name = vectors::name(recipe);
    let file = match carrier {
        Carrier::Pixmap => Some((format!("{name}.ppm"), ppm::write(&raw))),
        Carrier::Png => Some((format!("{name}.png"), png(&raw)?)),
        Carrier::Recipe => None,
    };
    if let Some((file, bytes)) = &file {
        fs::write(folder.join(file), bytes)?;
    }
    let mut hashes = expected::to_json(&expected::hashes(&raw));
    for (algorithm, value) in hashes.as_object_mut().into_iter().flatten() {
        let theirs = &reference["hashes"][algorithm];
        if value != theirs {
            return Err(format!(
                "{name}, {algorithm}: the oracle computes {value}, {REFERENCE} computes {theirs}"
            )
            .into());
        }
        value["source"] = json!(REFERENCE);
    }
    Ok(json!({
        "name": name,
        "recipe": recipe.to_string(),
        "file": file.map(|(file, _)| format!("images/{file}")),
        "width": raw.width,
        "height": raw.height,
        "rgb_md5": reference["rgb_md5"],
        "hashes": hashes,
    }))
}

fn png(raw: &Raw) -> Outcome<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    png::PngEncoder::new_with_quality(
        &mut bytes,
        png::CompressionType::Best,
        png::FilterType::Adaptive,
    )
    .write_image(&raw.rgb, raw.width, raw.height, ExtendedColorType::Rgb8)?;
    Ok(bytes.into_inner())
}

fn write_json(name: &str, value: &Value) -> Outcome<()> {
    Ok(fs::write(vectors::folder().join(name), serde_json::to_string_pretty(value)? + "\n")?)
}
