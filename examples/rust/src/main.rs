//! Which of these images are the same? `cargo run --release -p ownprint-example --
//! examples/images/*`

use ownprint::hash::Comparison;
use ownprint::{Error, Fingerprinter, HashAlgorithm};

fn main() -> Result<(), Error> {
    let fingerprinter = Fingerprinter::builder().hashes([HashAlgorithm::PDQ]).digests([]).build();
    let mut hashes = Vec::new();
    for path in std::env::args().skip(1) {
        let fingerprint = fingerprinter.fingerprint_file(&path)?;
        for warning in fingerprint.warnings() {
            println!("{path}: {warning}");
        }
        match fingerprint.image() {
            Ok(image) => hashes.extend(image.pdq().map(|pdq| (path, pdq.hash))),
            Err(error) => println!("{path}: {error}"),
        }
    }
    for (index, (path, hash)) in hashes.iter().enumerate() {
        for (other, other_hash) in &hashes[..index] {
            let comparison = Comparison::new(HashAlgorithm::PDQ, hash, other_hash)?;
            if comparison.is_match() {
                println!("{other} and {path}: the same image, distance {}", comparison.distance);
            }
        }
    }
    Ok(())
}
