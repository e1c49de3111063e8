//! Saved indexes that are opened by mapping their files.

#![cfg(feature = "mmap")]
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::num::NonZero;
use std::path::PathBuf;

use ownprint_hash::{BitHash, HashAlgorithm};
use ownprint_search::{Index, SavedIndex, VideoIndex};

/// Returns the path of a new file of this test.
fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(&folder).unwrap();
    folder.join(format!("{}-{name}", std::process::id()))
}

fn hash(number: u32) -> BitHash {
    let bytes: Vec<u8> = (0..8_u32)
        .flat_map(|word| {
            (number + 1).wrapping_mul(0x9e37_79b9 ^ word << 7).rotate_left(word).to_le_bytes()
        })
        .collect();
    BitHash::from_bytes(&bytes)
}

fn index(count: u32) -> Index {
    let entries = (0..count).map(|number| (hash(number), number.to_string()));
    Index::build(HashAlgorithm::PDQ, entries, NonZero::<usize>::MIN).unwrap()
}

#[test]
fn a_file_is_searched_where_it_is() {
    let path = path("open");
    let saved = index(20_000);
    saved.save(fs::File::create(&path).unwrap()).unwrap();
    let opened = Index::open(&path).unwrap();
    for number in (0..20_000).step_by(1_111) {
        assert_eq!(
            opened.within(&hash(number), 31).unwrap(),
            saved.within(&hash(number), 31).unwrap()
        );
    }
    opened.verify(NonZero::new(2).unwrap()).unwrap();
    assert!(opened.memory() < saved.memory() / 10);
    // A new file can replace the old one, which stays as it was for those who have it open.
    let newer = path.with_extension("newer");
    index(3).save(fs::File::create(&newer).unwrap()).unwrap();
    fs::rename(&newer, &path).unwrap();
    assert_eq!((opened.len(), Index::open(&path).unwrap().len()), (20_000, 3));
    assert_eq!(opened.within(&hash(19_999), 0).unwrap()[0].payload, "19999");
    assert!(matches!(SavedIndex::open(&path, NonZero::<usize>::MIN), Ok(SavedIndex::Hashes(_))));
    fs::remove_file(&path).unwrap();
}

#[test]
fn other_files_are_refused() {
    let missing = path("missing");
    assert_eq!(Index::open(&missing).unwrap_err().code(), "io");
    assert_eq!(Index::open(env!("CARGO_TARGET_TMPDIR")).unwrap_err().code(), "io");
    let path = path("other");
    for bytes in [b"".as_slice(), b"pdq 0f0f\n", &[0; 5_000]] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(Index::open(&path).unwrap_err().code(), "invalid-index");
    }
    VideoIndex::new().unwrap().save(fs::File::create(&path).unwrap()).unwrap();
    assert!(Index::open(&path).unwrap_err().to_string().contains("videos"));
    assert!(matches!(SavedIndex::open(&path, NonZero::<usize>::MIN), Ok(SavedIndex::Videos(_))));
    fs::remove_file(&path).unwrap();
}
