//! Prints the PDQ hashes of files.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let fingerprint = ownprint::fingerprint_file(path)?;
        println!("{}", fingerprint.image()?.pdq().ok_or("no hash")?.hash);
    }
    Ok(())
}
