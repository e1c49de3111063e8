//! Decodes every file of the folder `OWNPRINT_CORPUS`, if it is set.

use std::path::{Path, PathBuf};
use std::time::Instant;

use ownprint_pixels::Limits;

use super::decode;

/// No file may cause a panic or take long. With `--nocapture`, the results are printed.
#[test]
fn every_file_of_the_corpus_decodes_or_returns_an_error() {
    let Some(folder) = std::env::var_os("OWNPRINT_CORPUS") else {
        println!("skipped: OWNPRINT_CORPUS is not set to a folder of images");
        return;
    };
    for path in files(Path::new(&folder)) {
        let bytes = std::fs::read(&path).unwrap();
        let start = Instant::now();
        let result = decode(&bytes, &Limits::default(), false);
        let (millis, path) = (start.elapsed().as_millis(), path.display());
        match &result {
            Ok(decoded) => {
                let (size, orientation) = (decoded.raster.size(), decoded.orientation.to_exif());
                println!("{path}\tok\t{size}\t{orientation}\t{millis} ms");
            }
            Err(error) => println!("{path}\t{}\t{error}\t{millis} ms", error.code()),
        }
        assert!(millis < 10_000, "{path} took {millis} ms");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
