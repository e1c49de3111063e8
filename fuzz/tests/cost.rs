//! Opens a fixed number of files with a changed structure, and checks what each costs.
//! `cargo xtask fuzz-cost` opens many more.

use std::fs;
use std::path::Path;

use ownprint_fuzz::cost::{Allowed, measure};
use ownprint_fuzz::structure::{FORMATS, Rng, changed, format_of_video};

/// Changed files of each format.
const FILES: u64 = 150;
/// The factor on processor time: the machine is busy, and our own crates are hardly optimised.
/// Memory is exact.
const PATIENCE: f64 = 20.0;

#[global_allocator]
static ALLOCATOR: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

#[test]
fn files_with_a_changed_structure_cost_what_is_promised() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (format, _) in FORMATS {
        let is_video = ["video", "hevc", "vp9", "vp8", "av1"].contains(format);
        let folder = if is_video { "video".into() } else { format!("decode-{format}") };
        let mut paths: Vec<_> =
            fs::read_dir(corpus.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let seeds = paths.iter().map(|path| fs::read(path).unwrap());
        let seeds: Vec<Vec<u8>> =
            seeds.filter(|bytes| !is_video || format_of_video(bytes) == *format).collect();
        let mut hashed = 0;
        for seed in 0..FILES {
            let bytes = changed(format, &seeds, &mut Rng::new(seed));
            let cost = measure(&bytes, Allowed::Little, seed % 2 == 1, PATIENCE);
            assert!(cost.findings.is_empty(), "{format}, seed {seed}: {:?}", cost.findings);
            hashed += u32::from(cost.outcome == "hashed");
        }
        assert!(hashed > 0, "no changed {format} file is valid: the changes only destroy");
    }
}

/// The same seed gives the same file, so that a failure can be repeated.
#[test]
fn changes_depend_on_the_seed_only() {
    let seeds = [b"P6 1 1 255 rgb".to_vec(), b"P5 2 2 255 grey".to_vec()];
    let file = |seed| changed("pnm", &seeds, &mut Rng::new(seed));
    assert!((0..50).all(|seed| file(seed) == file(seed)));
    assert!((0..50).any(|seed| file(seed) != file(seed + 1)));
}
