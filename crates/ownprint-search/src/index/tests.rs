use std::num::NonZero;

use super::*;
use crate::numbers::Numbers;

const ONE: NonZero<usize> = NonZero::<usize>::MIN;

/// A reference index that scans a list.
#[derive(Default)]
struct List(Vec<Option<BitHash>>);

impl List {
    fn within(&self, query: &BitHash, radius: u32) -> Vec<(u32, u32)> {
        let distances = self.0.iter().enumerate().filter_map(|(entry, hash)| {
            Some((hash.as_ref()?.distance(query).unwrap(), entry as u32))
        });
        let mut hits: Vec<_> = distances.filter(|(distance, _)| *distance <= radius).collect();
        hits.sort_unstable();
        hits
    }
}

fn pairs(hits: &[Hit<'_>]) -> Vec<(u32, u32)> {
    hits.iter().map(|hit| (hit.distance, hit.entry)).collect()
}

/// Returns hashes in clusters, so that there are matches at every radius.
fn clouds(numbers: &mut Numbers, bits: usize, count: usize) -> Vec<BitHash> {
    let centres: Vec<_> = (0..=count / 50).map(|_| numbers.hash(bits)).collect();
    (0..count)
        .map(|at| {
            let centre = &centres[at % centres.len()];
            numbers.near(centre, (bits / 5) as u32)
        })
        .collect()
}

/// Tests both search methods, for hashes that fill their words and for others.
#[test]
fn searches_find_the_same_as_a_linear_scan() {
    for (name, count) in [
        ("pdq", 20_000),
        ("pdq", 500),
        ("phash", 20_000),
        ("colorhash", 18_000),
        ("phash:10", 18_000),
        ("phash:32", 60),
    ] {
        // Some builds lack some families of algorithms.
        let Ok(algorithm) = name.parse::<HashAlgorithm>() else { continue };
        let mut numbers = Numbers(7);
        let hashes = clouds(&mut numbers, algorithm.bits(), count);
        let entries = hashes.iter().enumerate().map(|(at, hash)| (hash.clone(), at.to_string()));
        let mut index = Index::build(algorithm, entries, NonZero::new(3).unwrap()).unwrap();
        let mut list = List(hashes.into_iter().map(Some).collect());
        for round in 0..25 {
            let known = numbers.next() as usize % list.0.len();
            let (query, added) = match &list.0[known] {
                Some(hash) => (numbers.near(hash, 6), numbers.near(hash, 3)),
                None => (numbers.hash(algorithm.bits()), numbers.hash(algorithm.bits())),
            };
            for radius in [0, 5, algorithm.bits() as u32 / 8, 31, 47, 100] {
                let hits = index.within(&query, radius).unwrap();
                assert_eq!(pairs(&hits), list.within(&query, radius), "{name} {round} {radius}");
                assert!(hits.iter().all(|hit| hit.payload == hit.entry.to_string()));
            }
            for wanted in [1, 3, 70] {
                let mut nearest = list.within(&query, u32::MAX);
                nearest.truncate(wanted);
                assert_eq!(
                    pairs(&index.nearest(&query, wanted).unwrap()),
                    nearest,
                    "{name} {round} {wanted}"
                );
            }
            assert_eq!(index.remove(known as u32).is_some(), list.0[known].take().is_some());
            assert_eq!(index.remove(known as u32), None);
            let entry = index.insert(&added, list.0.len().to_string()).unwrap();
            assert_eq!(entry as usize, list.0.len());
            list.0.push(Some(added));
            assert_eq!(index.len(), list.0.iter().flatten().count());
        }
        let removed = index.payloads.len() - index.len();
        index.compact(ONE);
        assert_eq!(
            pairs(&index.nearest(&list.0.last().unwrap().clone().unwrap(), usize::MAX).unwrap())
                .len(),
            index.len()
        );
        assert!(removed > 0);
    }
}

#[test]
fn single_inserts_and_a_bulk_build_give_the_same_results() {
    let mut numbers = Numbers(3);
    let hashes = clouds(&mut numbers, 256, 20_000);
    let mut index = Index::new(HashAlgorithm::PDQ).unwrap();
    for hash in &hashes {
        index.insert(hash, "").unwrap();
    }
    let built =
        Index::build(HashAlgorithm::PDQ, hashes.iter().map(|it| (it.clone(), String::new())), ONE)
            .unwrap();
    for query in hashes.iter().step_by(400) {
        assert_eq!(index.within(query, 31).unwrap(), built.within(query, 31).unwrap());
    }
}

/// An index full of hashes with a common slot must not make queries slow: the number of hashes
/// compared stays within twice the size of the index.
#[test]
fn many_hashes_in_one_slot_cost_no_more_than_a_linear_scan() {
    let zero = BitHash::from_bytes(&[0; 32]);
    let mut floods: Vec<BitHash> = Vec::new();
    for first in 0..256_usize {
        for second in first..256 {
            let bits: Vec<bool> = (0..256).map(|at| at == first || at == second).collect();
            floods.push(BitHash::from_bits(&bits));
        }
    }
    let distinct = floods.len();
    assert!(distinct > 32_000);
    floods.extend(std::iter::repeat_n(zero.clone(), 100_000));
    let mut index = Index::new(HashAlgorithm::PDQ).unwrap();
    for hash in &floods {
        index.insert(hash, "").unwrap();
    }
    index.compact(ONE);
    assert_eq!(index.within(&zero, 0).unwrap().len(), 100_000);
    assert_eq!(index.within(&zero, 1).unwrap().len(), 100_256);
    assert_eq!(index.within(&zero, 2).unwrap().len(), floods.len());
    let mut numbers = Numbers(5);
    let stranger = numbers.hash(256);
    for query in [zero, floods[777].clone(), stranger] {
        let looked_at = index.looked_at(&query, 31);
        assert!(looked_at <= 2 * distinct, "{looked_at}");
    }
}

#[test]
fn few_distant_hashes_are_compared() {
    let mut numbers = Numbers(11);
    let hashes: Vec<_> = (0..200_000).map(|_| numbers.hash(256)).collect();
    let index =
        Index::build(HashAlgorithm::PDQ, hashes.iter().map(|it| (it.clone(), String::new())), ONE)
            .unwrap();
    // The tags of a fifth of the hashes, and few hashes.
    let looked_at = index.looked_at(&numbers.hash(256), 31);
    assert!((10_000..80_000).contains(&looked_at), "{looked_at}");
}

#[test]
fn another_length_is_refused() {
    let mut index = Index::new(HashAlgorithm::PDQ).unwrap();
    let short = BitHash::from_bytes(&[0; 8]);
    assert_eq!(index.insert(&short, "").unwrap_err().code(), "not-comparable");
    assert_eq!(index.within(&short, 1).unwrap_err().code(), "not-comparable");
    assert_eq!(index.nearest(&short, 1).unwrap_err().code(), "not-comparable");
    if let Ok(long) = "phash:33".parse() {
        assert_eq!(Index::new(long).unwrap_err().code(), "not-comparable");
    }
}

/// Compares with merging groups until nothing changes.
#[test]
fn groups_equal_those_of_a_linear_scan() {
    let mut numbers = Numbers(9);
    let mut hashes = clouds(&mut numbers, 64, 300);
    hashes.extend(hashes[..20].to_vec());
    let Ok(algorithm) = "phash".parse::<HashAlgorithm>() else { return };
    let mut index = Index::new(algorithm).unwrap();
    for hash in &hashes {
        index.insert(hash, "").unwrap();
    }
    index.remove(7);
    for radius in [0, 3, 6, 9] {
        let mut leaders: Vec<usize> = (0..hashes.len()).collect();
        let present: Vec<usize> = leaders.iter().copied().filter(|at| *at != 7).collect();
        let mut is_changing = true;
        while is_changing {
            is_changing = false;
            for &a in &present {
                for &b in &present {
                    if leaders[a] < leaders[b] && hashes[a].distance(&hashes[b]).unwrap() <= radius
                    {
                        leaders[b] = leaders[a];
                        is_changing = true;
                    } else if leaders[b] < leaders[a]
                        && hashes[a].distance(&hashes[b]).unwrap() <= radius
                    {
                        leaders[a] = leaders[b];
                        is_changing = true;
                    }
                }
            }
        }
        let group = |leader| {
            present.iter().filter(|at| leaders[**at] == leader).map(|at| *at as u32).collect()
        };
        let expected: Vec<Vec<u32>> =
            (0..hashes.len()).map(group).filter(|group: &Vec<u32>| group.len() > 1).collect();
        assert!(!expected.is_empty());
        assert_eq!(index.groups(radius).unwrap(), expected, "{radius}");
    }
}

fn saved(index: &Index) -> Vec<u8> {
    let mut file = Vec::new();
    index.save(&mut file).unwrap();
    file
}

#[test]
fn a_saved_index_is_loaded_without_removed_entries() {
    for name in ["pdq", "colorhash"] {
        let Ok(algorithm) = name.parse::<HashAlgorithm>() else { continue };
        let mut numbers = Numbers(2);
        let hashes = clouds(&mut numbers, algorithm.bits(), 300);
        let mut index = Index::new(algorithm).unwrap();
        for (at, hash) in hashes.iter().enumerate() {
            index.insert(hash, format!("№ {at}.")).unwrap();
        }
        index.remove(5);
        let file = saved(&index);
        let loaded = Index::load(file.as_slice(), ONE).unwrap();
        assert_eq!((loaded.len(), loaded.algorithm()), (299, algorithm));
        for hash in &hashes {
            let texts = |index: &Index| {
                let hits = index.within(hash, 40).unwrap();
                hits.iter().map(|hit| (hit.distance, hit.payload.to_owned())).collect::<Vec<_>>()
            };
            assert_eq!(texts(&loaded), texts(&index));
        }
        assert!(!file.windows(6).any(|text| text == "№ 5.".as_bytes()));
        assert_eq!(saved(&loaded), file);
    }
}

/// Returns the index in these bytes of a file, used where they are.
fn mapped(file: &[u8]) -> Result<Index, Error> {
    Index::open_bytes(Aligned::of(file))
}

/// Bytes at a multiple of eight, as in a mapped file.
struct Aligned(Vec<u64>, usize);

impl Aligned {
    fn of(bytes: &[u8]) -> Self {
        let mut words = vec![0_u64; bytes.len().div_ceil(8)];
        bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
        Self(words, bytes.len())
    }
}

impl AsRef<[u8]> for Aligned {
    fn as_ref(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.0)[..self.1]
    }
}

/// Returns an error of `open` or of `verify`.
fn refused_mapped(file: &[u8]) -> Error {
    mapped(file).and_then(|index| index.verify(ONE)).unwrap_err()
}

fn small_file() -> Vec<u8> {
    let mut index = Index::new(HashAlgorithm::PDQ).unwrap();
    for byte in [0, 1, 2, 1] {
        index.insert(&BitHash::from_bytes(&[byte; 32]), "text").unwrap();
    }
    saved(&index)
}

#[test]
fn an_altered_index_file_is_rejected() {
    let file = small_file();
    let refused = |bytes: &[u8]| {
        let loaded = Index::load(bytes, ONE).unwrap_err();
        assert_eq!(loaded.code(), refused_mapped(bytes).code());
        loaded
    };
    for end in 0..file.len() {
        assert_eq!(refused(&file[..end]).code(), "invalid-index", "{end} bytes");
    }
    for position in 0..file.len() {
        for change in [1, 0x80, 0xff] {
            let mut altered = file.clone();
            altered[position] ^= change;
            let error = refused(&altered);
            assert!(
                matches!(error.code(), "invalid-index" | "unknown-algorithm"),
                "{position}: {error}"
            );
        }
    }
    assert_eq!(refused(&[file.as_slice(), &[0]].concat()).code(), "invalid-index");
    assert_eq!(refused(b"").code(), "invalid-index");
    let newer = [&file[..16], &[3, 0, 0, 0], &file[20..]].concat();
    assert!(refused(&newer).to_string().contains("unsupported version 3"));
}

/// A file with other sizes and a matching checksum of its header must not allocate what it states.
#[test]
fn sizes_that_a_file_does_not_have_are_rejected() {
    let file = small_file();
    for at in (472..512).step_by(4) {
        for value in [0_u32, 3, 5, 0x7fff_ffff, u32::MAX] {
            let mut altered = file.clone();
            altered[at..at + 4].copy_from_slice(&value.to_le_bytes());
            if altered == file {
                continue;
            }
            let root = altered.len() - 32;
            // Small files have one block.
            let sum = crate::sections::root(&altered[..512], &altered[root - 32..root]);
            altered[root..].copy_from_slice(sum.as_bytes());
            assert_eq!(Index::load(altered.as_slice(), ONE).unwrap_err().code(), "invalid-index");
            assert_eq!(refused_mapped(&altered).code(), "invalid-index", "{at} {value}");
        }
    }
}

/// Whoever can write a file can write its checksums: then nothing but bounds protects.
#[test]
fn a_file_with_valid_checksums_and_wrong_contents_is_rejected_or_harmless() {
    let mut numbers = Numbers(4);
    let mut hashes = clouds(&mut numbers, 256, 17_000);
    hashes.extend_from_within(..300);
    let entries = hashes.iter().map(|hash| (hash.clone(), "x".to_owned()));
    let file = saved(&Index::build(HashAlgorithm::PDQ, entries, ONE).unwrap());
    let sums = (file.len() - 32 - 512).div_ceil(8_192 + 32) * 32;
    let body = 512..file.len() - 32 - sums;
    for round in 0..24 {
        let mut altered = file.clone();
        for _ in 0..=round % 5 * 200 {
            let at = body.start + numbers.next() as usize % body.len();
            altered[at] = numbers.next() as u8;
        }
        let new: Vec<u8> = altered[body.clone()]
            .chunks(8_192)
            .flat_map(|block| *blake3::hash(block).as_bytes())
            .collect();
        altered[body.end..body.end + sums].copy_from_slice(&new);
        let root = crate::sections::root(&altered[..512], &new);
        altered[body.end + sums..].copy_from_slice(root.as_bytes());
        if let Ok(index) = Index::load(altered.as_slice(), ONE) {
            assert_eq!(saved(&index), altered);
        }
        let mut index = mapped(&altered).unwrap();
        for radius in [0, 31, 200] {
            let hits = index.within(&hashes[round], radius).unwrap().len();
            assert!(hits <= hashes.len() * 2, "{hits}");
        }
        index.nearest(&hashes[round], 3).unwrap();
        let _ = index.verify(ONE);
        index.insert(&hashes[0], "y").unwrap();
        index.remove(5);
        index.groups(3).unwrap();
    }
}

#[test]
fn a_mapped_index_answers_as_the_saved_one() {
    let mut numbers = Numbers(21);
    let mut hashes = clouds(&mut numbers, 256, 30_000);
    hashes.extend_from_within(..500);
    let entries = hashes.iter().zip(0..).map(|(hash, number)| (hash.clone(), format!("n{number}")));
    let mut index = Index::build(HashAlgorithm::PDQ, entries, ONE).unwrap();
    let file = saved(&index);
    let mut opened = mapped(&file).unwrap();
    assert!(opened.memory() < 100_000, "{}", opened.memory());
    for round in 0..2 {
        for query in hashes.iter().step_by(900) {
            let query = numbers.near(query, 9);
            for radius in [0, 12, 31, 60, 120] {
                assert_eq!(
                    opened.within(&query, radius).unwrap(),
                    index.within(&query, radius).unwrap()
                );
            }
            assert_eq!(opened.nearest(&query, 7).unwrap(), index.nearest(&query, 7).unwrap());
        }
        opened.verify(NonZero::new(3).unwrap()).unwrap();
        if round == 0 {
            // Changes are made in memory.
            for index in [&mut opened, &mut index] {
                index.remove(17);
                index.insert(&hashes[4], "added").unwrap();
            }
        }
    }
    assert_eq!(saved(&opened), saved(&index));
    let groups = opened.groups(8).unwrap();
    assert_eq!(groups, index.groups(8).unwrap());
}

/// A damaged block is noticed by the query that uses it, and by all later ones.
#[test]
fn a_query_that_reaches_a_damaged_block_fails() {
    let mut numbers = Numbers(6);
    let hashes: Vec<_> = (0..40_000).map(|_| numbers.hash(256)).collect();
    let entries = hashes.iter().map(|hash| (hash.clone(), "text".to_owned()));
    let file = saved(&Index::build(HashAlgorithm::PDQ, entries, ONE).unwrap());
    let mut altered = file.clone();
    altered[512] ^= 1;
    let index = mapped(&altered).unwrap();
    assert_eq!(index.within(&hashes[0], 256).unwrap_err().code(), "invalid-index");
    assert_eq!(index.within(&hashes[0], 0).unwrap_err().code(), "invalid-index");
    assert_eq!(index.verify(ONE).unwrap_err().code(), "invalid-index");
    assert_eq!(index.save(Vec::new()).unwrap_err().code(), "invalid-index");
    let mut index = mapped(&altered).unwrap();
    assert!(index.groups(1).is_err());
    let query = &hashes[0];
    // Another block is intact.
    let index = mapped(&altered).unwrap();
    let ends = index.within(query, 0);
    assert!(ends.is_err() || ends.unwrap().len() == 1);
}

#[test]
fn an_index_takes_up_to_eighty_bytes_per_hash() {
    let mut numbers = Numbers(12);
    let entries = (0..60_000).map(|_| (numbers.hash(256), String::new()));
    let index = Index::build(HashAlgorithm::PDQ, entries, ONE).unwrap();
    assert!(index.memory() < 80 * index.len(), "{}", index.memory() / index.len());
}
