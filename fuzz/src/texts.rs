//! Targets that parse texts and files of hashes.

use std::num::NonZero;

use ownprint::exchange::{FingerprintRecord, HashList, ListEntry, StopNciiPage, vpdq};
use ownprint::search::{Index, SavedIndex};
use ownprint::{BitHash, HashAlgorithm, Selection};

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// Checks that a parsed hash is printed as the same text.
pub(crate) fn hashes(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(hash) = BitHash::from_hex(text) {
        assert_eq!(hash.to_hex(), text.to_lowercase());
        assert_eq!(hash.distance(&hash).ok(), Some(0));
    }
    if let Ok(hash) = BitHash::from_base64(text) {
        assert_eq!(hash.to_base64(), text);
    }
    for algorithm in HashAlgorithm::all() {
        if let Ok(hash) = algorithm.parse_hash(text) {
            assert_eq!((hash.bits(), hash.to_hex()), (algorithm.bits(), text.to_lowercase()));
        }
    }
}

/// Checks that the name of a parsed algorithm parses as the same algorithm.
pub(crate) fn names(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(algorithm) = text.parse::<HashAlgorithm>() {
        assert_eq!(algorithm.name().parse::<HashAlgorithm>().expect("it was printed"), algorithm);
        assert!(algorithm.bits() > 0 && algorithm.threshold() < algorithm.bits() as u32);
    }
    if let Ok(selection) = text.parse::<Selection>() {
        let has_hashes = !selection.hashes.is_empty() || selection.vpdq;
        assert!(has_hashes || !selection.digests.is_empty());
    }
}

/// Checks that a list gives hashes with the lengths of their algorithms, then a maximum of one
/// error, which contains the line.
pub(crate) fn lists(bytes: &[u8]) {
    let mut has_failed = false;
    let mut list = HashList::detecting(bytes);
    while let Some(listed) = list.next_entry() {
        assert!(!has_failed, "nothing follows an error");
        match listed {
            Ok(ListEntry::Hash(listed)) => {
                assert_eq!(listed.value.bits(), listed.algorithm.bits());
            }
            Ok(ListEntry::Video(video)) => {
                assert!(video.features.iter().all(|it| it.seconds().is_finite()));
            }
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error.code(), "invalid-record");
                assert!(error.to_string().starts_with("line "), "{error}");
                has_failed = true;
            }
        }
    }
}

/// Checks that a parsed record is written as a text that parses to the same record.
pub(crate) fn records(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(record) = FingerprintRecord::from_json(text) {
        let again = FingerprintRecord::from_json(&record.to_json()).expect("it was written");
        assert_eq!(again.to_json(), record.to_json());
    }
    if let Ok(page) = StopNciiPage::from_json(text) {
        let again = StopNciiPage::from_json(&page.to_json()).expect("it was written");
        assert_eq!(again.to_json(), page.to_json());
    }
    if let Ok(features) = vpdq::features_from_json(text) {
        vpdq::features_from_json(&vpdq::features_to_json(&features)).expect("it was written");
    }
    if let Ok(frame) = vpdq::frame_from_line(text) {
        vpdq::frame_from_line(&vpdq::frame_to_line(&frame)).expect("it was written");
    }
}

/// Checks that a loaded index is saved as the same bytes, and that one which is used where it is
/// answers within bounds.
pub(crate) fn index(bytes: &[u8]) {
    // Mutations almost never have a correct checksum. It is corrected here to reach the code after
    // the check.
    for file in [Some(bytes.to_vec()), summed(bytes), summed_in_blocks(bytes)].into_iter().flatten()
    {
        if let Ok(index) = SavedIndex::load(file.as_slice(), NonZero::<usize>::MIN) {
            let mut saved = Vec::new();
            match index {
                SavedIndex::Hashes(index) => index.save(&mut saved),
                SavedIndex::Videos(index) => index.save(&mut saved),
                _ => return,
            }
            .expect("writing to memory cannot fail");
            assert_eq!(saved, file);
        }
        let Ok(mut index) = Index::open_bytes(file) else { continue };
        let bits = index.algorithm().bits();
        let hash = BitHash::from_bits(&vec![true; bits]);
        for radius in [0, index.algorithm().threshold(), 1_024] {
            let _ = index.within(&hash, radius);
        }
        let _ = index.nearest(&hash, 2);
        let _ = index.verify(NonZero::<usize>::MIN);
        let _ = index.insert(&hash, "a");
        let _ = index.groups(1);
    }
}

/// Returns the file with the checksum of an index of videos.
fn summed(file: &[u8]) -> Option<Vec<u8>> {
    let start = &file[..file.len().checked_sub(SUM)?];
    Some([start, &blake3(&[start])].concat())
}

/// Returns the file with the checksums of an index of hashes: those of its blocks, and one of the
/// header and of these checksums.
fn summed_in_blocks(file: &[u8]) -> Option<Vec<u8>> {
    const HEADER: usize = 512;
    const BLOCK: usize = 8_192;
    let length = file.len().checked_sub(HEADER + SUM)?;
    let (header, rest) = file.split_at(HEADER);
    let blocks = &rest[..length.checked_sub(length.div_ceil(BLOCK + SUM) * SUM)?];
    let sums: Vec<u8> = blocks.chunks(BLOCK).flat_map(|block| blake3(&[block])).collect();
    Some([header, blocks, &sums, &blake3(&[header, &sums])].concat())
}

/// The length of a checksum.
const SUM: usize = 32;

fn blake3(parts: &[&[u8]]) -> Vec<u8> {
    let mut sum = ownprint::Digester::new(&[ownprint::DigestAlgorithm::Blake3]);
    for part in parts {
        sum.update(part);
    }
    sum.finalize()[0].as_bytes().to_vec()
}
