//! Which of these images are the same? `cargo run --release -p ownprint-example -- examples/images/*`

use ownprint::hash::Comparison;
use ownprint::{Error, Fingerprinter, HashAlgorithm};

fn main() -> Result<(), Error> {
    let fingerprinter = Fingerprinter::builder().digests([]);
    let mut hashes = Vec::new();
    for path in std::env::args().skip(1) {
        match fingerprinter.path(&path) {
            Ok(fingerprint) => {
                for warning in &fingerprint.warnings {
                    println!("{path}: {warning}");
                }
                if let Some(hash) = fingerprint.hash(HashAlgorithm::PDQ) {
                    hashes.push((path, hash.values[0].clone()));
                }
            }
            Err(error) => println!("{path}: {error}"),
        }
    }
    for (index, (path, hash)) in hashes.iter().enumerate() {
        for (other, other_hash) in &hashes[..index] {
            let comparison = Comparison::new(HashAlgorithm::PDQ, hash, other_hash)?;
            if comparison.is_match() {
                println!("{other} and {path}: distance {}, {}", comparison.distance, comparison.verdict());
            }
        }
    }
    Ok(())
}
