//! Crates from the registry: `kit-rust-ports CRATE ALGORITHM`.

use std::error::Error;
use std::io::stdin;

use image_hasher::{HashAlg, HasherConfig};

type Outcome = Result<String, Box<dyn Error>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [library, algorithm] = arguments.as_slice() else {
        return Err("usage: kit-rust-ports CRATE ALGORITHM".into());
    };
    for path in stdin().lines() {
        let path = path?;
        let hash = match library.as_str() {
            "pdqhash" => pdqhash(&path, algorithm),
            "image_hasher" => image_hasher(&path, algorithm),
            _ => return Err(format!("no adapter for {library}").into()),
        };
        println!("{}", hash.unwrap_or_default());
    }
    Ok(())
}

/// Prints no quality: that of the crate is a fraction.
fn pdqhash(path: &str, algorithm: &str) -> Outcome {
    let image = image_0_23::open(path)?;
    let hash = match algorithm {
        "pdq" => pdqhash::generate_pdq_full_size(&image),
        _ => pdqhash::generate_pdq(&image).ok_or("no hash")?,
    };
    Ok(hex(&hash.0))
}

fn image_hasher(path: &str, algorithm: &str) -> Outcome {
    let mut names = algorithm.split(':');
    let (name, size) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    let kind = match name {
        "img-hash-mean" => HashAlg::Mean,
        "img-hash-gradient" => HashAlg::Gradient,
        "img-hash-vertical-gradient" => HashAlg::VertGradient,
        "img-hash-double-gradient" => HashAlg::DoubleGradient,
        "blockhash" => HashAlg::Blockhash,
        _ => return Err("no such algorithm".into()),
    };
    let (width, height) = size.split_once('x').ok_or("no size")?;
    let config = HasherConfig::new().hash_alg(kind).hash_size(width.parse()?, height.parse()?);
    let config = if names.next() == Some("dct") { config.preproc_dct() } else { config };
    Ok(hex(config.to_hasher().hash_image(&image::open(path)?.to_rgb8()).as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
