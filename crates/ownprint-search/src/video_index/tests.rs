use super::*;
use crate::numbers::Numbers;
use crate::saved::SavedIndex;

const ONE: NonZero<usize> = NonZero::<usize>::MIN;

type Features = Vec<VpdqFeature>;

fn feature(hash: BitHash, quality: u8) -> VpdqFeature {
    VpdqFeature::new(hash, Quality::new(quality), 0.0).unwrap()
}

/// Returns videos that share scenes: their frames are near a few hashes, some equal, some of a low
/// quality, and some videos are empty.
fn videos(numbers: &mut Numbers, count: usize) -> Vec<Features> {
    let scenes: Vec<_> = (0..=count / 4).map(|_| numbers.hash(256)).collect();
    let frame = |numbers: &mut Numbers| {
        let scene = &scenes[numbers.next() as usize % scenes.len()];
        let most = [0, 3, 20, 45][numbers.next() as usize % 4];
        let hash = numbers.near(scene, most);
        feature(hash, [100, 80, 50, 49, 0][numbers.next() as usize % 5])
    };
    let video = |numbers: &mut Numbers| {
        let frames = numbers.next() % 12;
        let mut video: Features = (0..frames).map(|_| frame(numbers)).collect();
        // A frame that is repeated with another quality.
        if let Some(first) = video.first().cloned() {
            video.push(feature(first.hash().clone(), 100 - first.quality.value()));
        }
        video
    };
    (0..count).map(|_| video(numbers)).collect()
}

fn thresholds(quality: u8, distance: u32, percents: [f64; 2]) -> VpdqThresholds {
    let [query_percent, compared_percent] = percents;
    VpdqThresholds { quality: Quality::new(quality), distance, query_percent, compared_percent }
}

/// Compares the query with every video, as without an index.
fn brute_force(
    query: &[VpdqFeature],
    videos: &[Option<Features>],
    thresholds: &VpdqThresholds,
) -> Vec<(u32, VpdqComparison)> {
    (0..)
        .zip(videos)
        .filter_map(|(number, video)| {
            let comparison = VpdqComparison::new(query, video.as_ref()?, thresholds);
            comparison.is_match().then_some((number, comparison))
        })
        .collect()
}

fn found(hits: &[VideoHit<'_>]) -> Vec<(u32, VpdqComparison)> {
    let mut found: Vec<_> = hits.iter().map(|hit| (hit.video, hit.comparison)).collect();
    found.sort_unstable_by_key(|(video, _)| *video);
    found
}

const PERCENTS: [[f64; 2]; 5] =
    [[80.0, 0.0], [0.0, 80.0], [1.0, 0.0], [0.0, 0.0], [100.0 / 3.0, 50.0]];

#[test]
fn matches_equal_those_of_comparing_every_video() {
    let mut numbers = Numbers(17);
    let mut compared = 0;
    for round in 0..40 {
        let minimum = [50, 0][round % 2];
        let mut all: Vec<_> = videos(&mut numbers, 40).into_iter().map(Some).collect();
        let mut index = VideoIndex::with_quality(Quality::new(minimum)).unwrap();
        for (number, video) in all.iter().enumerate() {
            let inserted = index.insert(video.as_ref().unwrap(), number.to_string()).unwrap();
            assert_eq!(inserted as usize, number);
        }
        if round % 4 == 3 {
            index.compact(ONE);
        }
        for removed in [3, 0, 39] {
            assert_eq!(index.remove(removed), Some(removed.to_string()));
            assert_eq!((index.remove(removed), index.payload(removed)), (None, None));
            all[removed as usize] = None;
        }
        assert_eq!(index.len(), 37);
        let others = videos(&mut numbers, 10).into_iter().map(Some);
        for query in all.iter().cloned().chain(others).flatten() {
            for percents in PERCENTS {
                for distance in [0, 31, 60] {
                    let quality = [50, 81, 50][(distance % 3) as usize].max(minimum);
                    let thresholds = thresholds(quality, distance, percents);
                    let expected = brute_force(&query, &all, &thresholds);
                    compared += expected.len();
                    assert_eq!(found(&index.matches(&query, &thresholds).unwrap()), expected);
                }
            }
        }
    }
    assert!(compared > 10_000, "the videos have too little in common: {compared}");
}

/// Slots are built for more hashes than a scan is used for.
#[test]
fn a_large_index_finds_the_same_as_comparing_every_video() {
    let mut numbers = Numbers(5);
    let all = videos(&mut numbers, 4_000);
    let quality = VpdqThresholds::default().quality;
    let names = (0..).map(|number: u32| number.to_string());
    let index = VideoIndex::build(quality, all.iter().zip(names), ONE).unwrap();
    assert!(index.frames() > 10_000, "{}", index.frames());
    let listed: Vec<_> = all.iter().cloned().map(Some).collect();
    let thresholds = thresholds(50, 31, [30.0, 0.0]);
    for query in all.iter().step_by(200) {
        let hits = index.matches(query, &thresholds).unwrap();
        assert_eq!(found(&hits), brute_force(query, &listed, &thresholds));
        assert!(hits.iter().all(|hit| hit.payload == hit.video.to_string()));
    }
}

#[test]
fn the_best_match_is_first() {
    let mut numbers = Numbers(2);
    let frames: Features = (0..6).map(|_| feature(numbers.hash(256), 100)).collect();
    let mut index = VideoIndex::new().unwrap();
    for range in [0..3, 0..6, 0..5, 0..5] {
        index.insert(&frames[range], "").unwrap();
    }
    let loose = thresholds(50, 31, [1.0, 0.0]);
    let order: Vec<_> =
        index.matches(&frames[..5], &loose).unwrap().iter().map(|hit| hit.video).collect();
    assert_eq!(order, [2, 3, 1, 0]);
}

/// A title, or a black frame of a reported quality, is in every video, with small differences.
#[test]
fn a_frame_in_every_video_is_found_once_in_each() {
    let mut numbers = Numbers(9);
    let title = numbers.hash(256);
    let titles: Vec<_> = (0..40).map(|_| numbers.near(&title, 6)).collect();
    let mut index = VideoIndex::new().unwrap();
    for number in 0..3_000 {
        let mut video: Features = titles
            .iter()
            .cycle()
            .skip(number)
            .take(20)
            .map(|it| feature(it.clone(), 100))
            .collect();
        video.push(feature(numbers.hash(256), 100));
        index.insert(&video, "").unwrap();
    }
    index.compact(ONE);
    // Equal hashes are stored once.
    assert!(index.frames.looked_at(&title, 31) <= 2 * (3_000 + titles.len()));
    assert!(index.memory() < 64 * index.frames(), "{}", index.memory());
    let query: Features = titles.iter().map(|title| feature(title.clone(), 100)).collect();
    let hits = index.matches(&query, &VpdqThresholds::default()).unwrap();
    assert_eq!(hits.len(), 3_000);
    assert!(hits.iter().all(|hit| hit.comparison.query_found == hit.comparison.query));
    assert!(hits.iter().all(|hit| hit.comparison.compared == hit.comparison.compared_found + 1));
}

#[test]
fn a_lower_quality_than_that_of_the_index_is_refused() {
    let index = VideoIndex::new().unwrap();
    let error = index.matches(&[], &thresholds(49, 31, [80.0, 0.0])).unwrap_err();
    assert_eq!(error.code(), "not-comparable");
    assert!(error.to_string().contains("quality 50 and higher"), "{error}");
    assert!(index.groups(&thresholds(49, 31, [80.0, 0.0])).is_err());
    assert_eq!(index.matches(&[], &thresholds(51, 31, [0.0, 0.0])).unwrap(), []);
}

#[test]
fn groups_are_those_of_comparing_each_pair() {
    let mut numbers = Numbers(23);
    for percents in [[80.0, 0.0], [60.0, 60.0]] {
        let all = videos(&mut numbers, 60);
        let mut index = VideoIndex::new().unwrap();
        for video in &all {
            index.insert(video, "").unwrap();
        }
        let thresholds = thresholds(50, 31, percents);
        let is_match = |a: usize, b: usize| {
            VpdqComparison::new(&all[a], &all[b], &thresholds).is_match()
                || VpdqComparison::new(&all[b], &all[a], &thresholds).is_match()
        };
        let mut expected: Vec<Vec<u32>> = Vec::new();
        let mut seen = vec![false; all.len()];
        for first in 0..all.len() {
            let mut group = Vec::new();
            let mut next = vec![first];
            while let Some(video) = next.pop() {
                if !std::mem::replace(&mut seen[video], true) {
                    group.push(video as u32);
                    next.extend((0..all.len()).filter(|&other| is_match(video, other)));
                }
            }
            group.sort_unstable();
            expected.extend((group.len() > 1).then_some(group));
        }
        assert!(!expected.is_empty());
        assert_eq!(index.groups(&thresholds).unwrap(), expected);
    }
}

fn saved(index: &VideoIndex) -> Vec<u8> {
    let mut file = Vec::new();
    index.save(&mut file).unwrap();
    file
}

#[test]
fn a_saved_index_is_loaded_without_removed_videos() {
    let mut numbers = Numbers(31);
    let all = videos(&mut numbers, 20);
    let mut index = VideoIndex::with_quality(Quality::new(30)).unwrap();
    for (number, video) in all.iter().enumerate() {
        index.insert(video, format!("video {number}")).unwrap();
    }
    index.remove(4);
    let file = saved(&index);
    let loaded = VideoIndex::load(file.as_slice(), ONE).unwrap();
    assert_eq!((loaded.len(), loaded.quality()), (19, Quality::new(30)));
    assert_eq!(loaded.frames(), index.frames());
    assert_eq!((loaded.payload(4), loaded.payload(19)), (Some("video 5"), None));
    assert_eq!(saved(&loaded), file);
    let thresholds = thresholds(50, 31, [50.0, 0.0]);
    for query in &all {
        let of = |index: &VideoIndex| {
            let hits = index.matches(query, &thresholds).unwrap();
            hits.iter().map(|it| (it.payload.to_owned(), it.comparison)).collect::<Vec<_>>()
        };
        assert_eq!(of(&loaded), of(&index));
    }
}

#[test]
fn an_index_of_another_kind_is_refused_by_name() {
    let (mut videos, mut hashes) = (Vec::new(), Vec::new());
    VideoIndex::new().unwrap().save(&mut videos).unwrap();
    Index::new(HashAlgorithm::PDQ).unwrap().save(&mut hashes).unwrap();
    let error = Index::load(videos.as_slice(), ONE).unwrap_err();
    assert_eq!(error.code(), "invalid-index");
    assert!(error.to_string().contains("an index of videos"), "{error}");
    let error = VideoIndex::load(hashes.as_slice(), ONE).unwrap_err();
    assert_eq!(error.code(), "invalid-index");
    assert!(error.to_string().contains("an index of hashes"), "{error}");
    assert!(matches!(SavedIndex::load(videos.as_slice(), ONE), Ok(SavedIndex::Videos(_))));
    assert!(matches!(SavedIndex::load(hashes.as_slice(), ONE), Ok(SavedIndex::Hashes(_))));
}

#[test]
fn an_altered_index_file_is_rejected() {
    let mut numbers = Numbers(3);
    let mut index = VideoIndex::new().unwrap();
    for number in 0..3 {
        let video: Features = (0..3).map(|_| feature(numbers.hash(256), 90)).collect();
        index.insert(&video, format!("{number}")).unwrap();
    }
    let file = saved(&index);
    for length in 0..file.len() {
        let error = VideoIndex::load(&file[..length], ONE).unwrap_err();
        assert_eq!(error.code(), "invalid-index", "{length}");
    }
    for position in 0..file.len() {
        let mut altered = file.clone();
        altered[position] ^= 1;
        assert!(VideoIndex::load(altered.as_slice(), ONE).is_err(), "{position}");
    }
    let longer = [file.as_slice(), b"x"].concat();
    assert!(VideoIndex::load(longer.as_slice(), ONE).is_err());
}

/// Files that no index writes are refused even if their checksum is right: a loaded index is saved
/// as the same bytes.
#[test]
fn a_file_with_disordered_hashes_is_rejected() {
    let of = |quality: u8, frames: &[(u8, u8)]| {
        let mut bytes = Vec::new();
        let mut file = crate::saved::SavedFile::create(&mut bytes, VideoIndex::NAME).unwrap();
        let mut write = |bytes: &[u8]| std::io::Write::write_all(&mut file, bytes).unwrap();
        write(&[quality]);
        write(&1_u32.to_le_bytes());
        write(&0_u32.to_le_bytes());
        write(&(frames.len() as u32).to_le_bytes());
        for (hash, quality) in frames {
            write(&[*hash; 32]);
            write(&[*quality]);
        }
        file.finish().unwrap();
        VideoIndex::load(bytes.as_slice(), ONE).map(|index| index.frames())
    };
    assert_eq!(of(50, &[(1, 50), (2, 100)]).unwrap(), 2);
    for (quality, frames, says) in [
        (50, [(1, 49), (2, 50)], "below the minimum"),
        (50, [(1, 50), (2, 101)], "above 100"),
        (101, [(1, 100), (2, 100)], "above 100"),
        (50, [(2, 50), (1, 50)], "ascending"),
        (50, [(1, 50), (1, 60)], "ascending"),
    ] {
        let error = of(quality, &frames).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
}
