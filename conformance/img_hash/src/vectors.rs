//! Writes `conformance/vectors/img-hash.json`: the hashes of the committed images by img_hash.

use std::fs;

use ownprint_conformance::vectors::{self, Carrier};
use serde_json::{Map, Value, json};

use crate::reference::{self, Request};

/// Sizes of hashes. 24 needs a transform of a prime length, 32 a transform of a power of two, 1 and
/// 3 give incomplete bytes.
const SIZES: [(u32, u32); 6] = [(8, 8), (16, 16), (12, 7), (24, 22), (32, 3), (1, 3)];

/// The maximum number of pixels for blurred hashes, because the tests of every language compute
/// them.
const LARGEST_BLURRED: u32 = 70 * 70;

pub fn write() -> Result<(), Box<dyn std::error::Error>> {
    let mut lines = Vec::new();
    for (recipe, carrier) in vectors::images() {
        if carrier != Carrier::Pixmap {
            continue;
        }
        let image = reference::image(&recipe.paint());
        let mut requests = reference::requests(&SIZES, false);
        if recipe.width * recipe.height <= LARGEST_BLURRED {
            requests.extend(reference::requests(&SIZES[..1], true));
        }
        let usual = requests[0];
        let line = json!({
            "file": format!("images/{}.ppm", vectors::name(&recipe)),
            "base64": { usual.name(): usual.hash(&image).to_base64() },
            "hashes": requests.iter().map(|request| hash(request, &image)).collect::<Map<_, _>>(),
        });
        lines.push(line.to_string());
    }
    let source = "img_hash 3.2.0 given an RgbImage, on x86-64 with glibc";
    let file = format!("{{\"source\": \"{source}\", \"images\": [\n{}\n]}}\n", lines.join(",\n"));
    fs::write(vectors::folder().join("img-hash.json"), file)?;
    Ok(())
}

fn hash(request: &Request, image: &image::RgbImage) -> (String, Value) {
    let hash = request.hash(image);
    (
        request.name(),
        hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
    )
}
