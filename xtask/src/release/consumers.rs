//! Programs of users in empty folders: their package comes from a local registry.

use std::path::Path;

use crate::files;
use crate::process::{Outcome, command, output, root, run, target_folder};

/// The image that the programs hash.
const IMAGE: &str = "conformance/vectors/images/screen-47-800x600.png";

const RUST: &str = r#"//! Prints the PDQ hash of a file.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("no path")?;
    let fingerprint = ownprint::fingerprint_file(path)?;
    println!("{}", fingerprint.image()?.pdq().ok_or("no hash")?.hash);
    Ok(())
}
"#;

const NODE: &str = r#"import { readFile } from "node:fs/promises";
import { fingerprint } from "ownprint";

const { image } = await fingerprint(await readFile(process.argv[2]));
console.log(image.pdq.hash);
process.exit();
"#;

/// Builds and runs a Rust program whose only registry is a folder.
pub(super) fn rust(registry: &Path, version: &str) -> Outcome {
    let folder = Empty::new("rust")?;
    let manifest = files::read_text(root().join("Cargo.toml"))?;
    let profile = manifest.split_once("[profile.dev]").map_or("", |(_, dev)| dev);
    folder.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nownprint = \"{version}\"\n\n[profile.dev]{profile}"
        ),
    )?;
    folder.write("src/main.rs", RUST)?;
    let source = format!(
        "[source.crates-io]\nreplace-with = \"folder\"\n\n[source.folder]\nlocal-registry = '{}'\n",
        registry.display()
    );
    folder.write(".cargo/config.toml", &source)?;
    let mut program = command("cargo run --quiet --config");
    program.arg(root().join(".cargo/config.toml")).arg("--").arg(root().join(IMAGE));
    program
        .current_dir(&folder.0)
        .env("CARGO_TARGET_DIR", target_folder())
        // cargo would keep the unpacked crates, and use them again after a change.
        .env("CARGO_HOME", folder.0.join("cargo-home"));
    check("Rust", &output(&mut program)?)
}

/// Installs the npm package without a network, and runs a program.
pub(super) fn node(archive: &Path) -> Outcome {
    let folder = Empty::new("node")?;
    folder.write("package.json", "{ \"type\": \"module\", \"private\": true }\n")?;
    folder.write("main.mjs", NODE)?;
    run(command("npm install --offline --no-fund --no-audit --silent")
        .arg(archive)
        .current_dir(&folder.0))?;
    let mut program = command("node main.mjs");
    check("Node", &output(program.arg(root().join(IMAGE)).current_dir(&folder.0))?)
}

/// Compares the printed hash with the vector.
fn check(language: &str, printed: &str) -> Outcome {
    let vectors = files::read_text(root().join("conformance/vectors/pdq.json"))?;
    let vectors: serde_json::Value =
        serde_json::from_str(&vectors).map_err(|error| error.to_string())?;
    let images = vectors["images"].as_array().into_iter().flatten();
    let vector = images
        .filter(|image| image["file"].as_str().is_some_and(|file| IMAGE.ends_with(file)))
        .find_map(|image| image["hashes"]["pdq"]["hex"].as_str())
        .ok_or_else(|| format!("there is no vector for {IMAGE}"))?;
    if printed.trim() == vector {
        println!("{language}: {vector}");
        return Ok(());
    }
    Err(format!("the program in {language} printed `{}` instead of {vector}", printed.trim()))
}

/// A new folder outside of the repository, which is removed at the end.
struct Empty(std::path::PathBuf);

impl Empty {
    fn new(name: &str) -> Outcome<Self> {
        let name = format!("ownprint-consumer-{name}-{}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        files::create_folder(&folder.0)?;
        Ok(folder)
    }

    fn write(&self, file: &str, text: &str) -> Outcome {
        let path = self.0.join(file);
        if let Some(parent) = path.parent() {
            files::create_folder(parent)?;
        }
        files::write(path, text)
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        let _ = files::remove_folder(&self.0);
    }
}
