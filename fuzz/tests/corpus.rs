//! Runs every target on the committed corpus and a fixed number of changes to it, on any compiler.

use std::fs;
use std::path::Path;

/// The number of changed copies of each file in the corpus.
const CHANGES: u64 = 40;

#[test]
fn every_target_accepts_its_corpus_and_changed_copies() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, target) in ownprint_fuzz::TARGETS {
        let mut files = 0;
        let mut entries: Vec<_> =
            fs::read_dir(corpus.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            let bytes = fs::read(&path).unwrap();
            // The test harness shows this output only if the target panics.
            println!("{}", path.display());
            target(&bytes);
            for seed in 0..CHANGES {
                println!("{} changed with seed {seed}", path.display());
                target(&changed(&bytes, seed));
            }
            files += 1;
        }
        assert!(files > 0, "{name} has no corpus");
    }
}

/// Returns a changed copy: bytes replaced, a piece removed or repeated, or the end removed.
fn changed(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ bytes.len() as u64;
    let mut number = move |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let mut bytes = bytes.to_vec();
    for _ in 0..=number(6) {
        let at = number(bytes.len());
        let end = (at + number(40)).min(bytes.len());
        match number(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.extend_from_within(at..end),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = [0, 0xff, *byte ^ 1, *byte ^ 0x80, number(256) as u8][number(5)];
                }
            }
        }
    }
    bytes
}
