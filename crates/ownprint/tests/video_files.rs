//! Video files: known answers, limits, cancellation, and damaged files. `fuzz/make_corpus.py` makes
//! the files.

#![cfg(feature = "video")]
#![allow(clippy::unwrap_used, reason = "a test must stop at the first failure")]

mod decode_files;

use std::ops::ControlFlow;

use decode_files::videos::{
    START, VideoFile, altered, cropped_sequence_set, sequence_set, skipped_frame, still_slice,
};
use ownprint::decode::Error;
use ownprint::exchange::FingerprintRecord;
use ownprint::exchange::vpdq::frame_to_line;
use ownprint::hash::VpdqOptions;
use ownprint::pixels::LimitKind;
use ownprint::{
    DigestAlgorithm, Fingerprint, Fingerprinter, FingerprinterBuilder, HashAlgorithm, Limits,
    Selection, VideoFingerprint,
};

const BASELINE: &[u8] = include_bytes!("../../../fuzz/corpus/video/baseline.mp4");
const B_FRAMES: &[u8] = include_bytes!("../../../fuzz/corpus/video/b-frames.mp4");
const FULL_RANGE: &[u8] = include_bytes!("../../../fuzz/corpus/video/full-range.mov");
/// A codec that is not decoded.
const MPEG_4: &[u8] = include_bytes!("../../../fuzz/corpus/video/mpeg-4.mp4");

fn builder(names: &str, seconds: f64) -> FingerprinterBuilder {
    let mut options = VpdqOptions::default();
    options.seconds_per_hash = seconds;
    Fingerprinter::builder().selection(names.parse().unwrap()).vpdq_options(options)
}

fn fingerprinter(names: &str, seconds: f64) -> Fingerprinter {
    builder(names, seconds).build()
}

/// Fingerprints a file and verifies that its digests are present, whether or not it can be decoded.
fn fingerprint(builder: FingerprinterBuilder, bytes: &[u8]) -> Fingerprint {
    let fingerprinter = builder.build();
    let fingerprint = fingerprinter.fingerprint_bytes(bytes).unwrap();
    assert_eq!(fingerprint.digests().len(), fingerprinter.selection().digests.len());
    fingerprint
}

/// Returns the video, or the error of the decoder.
fn video(builder: FingerprinterBuilder, bytes: &[u8]) -> Result<VideoFingerprint, Error> {
    fingerprint(builder, bytes).video().cloned()
}

fn lines(video: &VideoFingerprint) -> Vec<String> {
    video.vpdq.iter().map(frame_to_line).collect()
}

/// The expected hashes are those of PyPI pdqhash for the planes that ffmpeg decodes, as in
/// `conformance/python/differential_video.py`.
#[test]
fn known_answers() {
    for (bytes, expected) in [
        (
            BASELINE,
            &[
                "0,100,3879eae02fa97ea854385f1710ffb9569a49c728fa680783d6989b52718784ad,0.000",
                "6,100,90bc0f87ec386c4770a9dd38de199fd0b87dc3c3fa5804e38789bb52294784ad,0.500",
            ][..],
        ),
        (
            B_FRAMES,
            &[
                "0,100,c0f2e0f787c3f401017a2f01d0f409f0ff98c63efef88383e6b8ef520187d2ad,0.000",
                "6,100,707d7d8140bdede291c10a7a7d6907f2f8f84383f6389853c6c9f35209478cad,0.500",
                "12,100,190a18f3cf3863c1341e8ff1733a3fc364f8ce1003c97c3a8ef9f6520b4783ad,1.000",
                "18,100,232c20cf9cbcc762709c0fc3ec383322ecedce1883e91c1accf9ded28b57c725,1.500",
            ][..],
        ),
        (
            FULL_RANGE,
            &[
                "0,100,dbe8f0b734f2fb38897007437382d1425e099e3cfcf80383cf38fb52018766ad,0.000",
                "6,100,78f89bc986bd7c338b81cc7c6ce94780fc380783beb89c33cfc8f352090705ad,0.500",
            ][..],
        ),
    ] {
        let sampled = video(builder("vpdq,md5", 0.5), bytes).unwrap();
        assert_eq!(lines(&sampled), expected);
        assert_eq!(
            (sampled.size.to_string().as_str(), sampled.frames_per_second),
            ("98x66", (12, 1))
        );
        let every = video(builder("vpdq", 0.0), bytes).unwrap();
        assert_eq!(every.vpdq.len() as u64, sampled.frames);
        assert!(expected.iter().all(|line| lines(&every).contains(&(*line).to_owned())));
    }
}

#[test]
fn a_video_in_pieces_gives_the_same_result() {
    let fingerprinter = fingerprinter("vpdq,md5", 0.5);
    let whole = fingerprinter.fingerprint_bytes(B_FRAMES).unwrap();
    assert_eq!(whole.digests().len(), 1);
    let md5 =
        fingerprint(Fingerprinter::builder().hashes([]).digests([DigestAlgorithm::Md5]), B_FRAMES);
    assert_eq!(whole.digests(), md5.digests());
    for length in [1, 63, 64, 65, 1000] {
        let mut stream = fingerprinter.stream();
        B_FRAMES.chunks(length).for_each(|piece| stream.update(piece));
        assert_eq!(stream.finalize().unwrap(), whole);
    }
    assert_eq!(
        fingerprinter.fingerprint_reader_with(B_FRAMES, |_| ControlFlow::Continue(())).unwrap(),
        whole
    );
}

#[test]
fn the_record_of_a_video_round_trips() {
    let mut record = fingerprint(builder("vpdq,md5", 0.25), B_FRAMES).to_record();
    record.path = Some("video.mp4".to_owned());
    assert!(record.video.is_some());
    assert_eq!(FingerprintRecord::from_json(&record.to_json()).unwrap(), record);
}

#[test]
fn a_video_has_vpdq_by_default_and_an_image_has_pdq() {
    let video = ownprint::fingerprint_bytes(BASELINE).unwrap();
    assert_eq!(video.video().unwrap().vpdq.len(), 1);
    assert_eq!((video.failure(), video.warnings()), (None, &[][..]));
    assert_eq!(video.digests().len(), 3);
    assert_eq!(video.image(), Err(Error::NotAnImage));
    let image = [b"P5 8 8 255\n".to_vec(), vec![7; 64]].concat();
    let image = ownprint::fingerprint_bytes(&image).unwrap();
    assert!(image.image().unwrap().pdq().is_some() && !image.is_video());
    assert_eq!((image.failure(), image.video()), (None, Err(Error::NotAVideo)));
}

/// Text that contains the name of a box at the position of the first one is not a video.
#[test]
fn text_that_begins_like_a_box_has_digests() {
    let text = ownprint::fingerprint_bytes(b"The free book about mdat and moov").unwrap();
    assert_eq!((text.failure(), text.warnings()[0].code()), (None, "not-an-image"));
}

/// `WebM` is recognized, and refused by name until this build decodes it.
#[test]
fn a_container_without_a_decoder_is_an_unsupported_video() {
    let head = [&[0x1a, 0x45, 0xdf, 0xa3][..], &[0; 80]].concat();
    let video = ownprint::fingerprint_bytes(&head).unwrap();
    assert!(video.is_video() && video.video().is_err());
    assert_ne!(video.video(), Err(Error::NotAVideo));
}

#[test]
fn a_selection_of_image_hashes_says_that_a_file_is_a_video() {
    assert!(!Selection::everything().vpdq);
    let named = || Fingerprinter::builder().hashes([HashAlgorithm::PDQ]);
    for builder in [named(), builder("all", 1.0), named().vpdq(None)] {
        let video = fingerprint(builder, BASELINE);
        assert_eq!(video.video(), Err(Error::NotRequested));
        assert_eq!(video.image(), Err(Error::NotAnImage));
        assert_eq!(video.warnings()[0].code(), "video-not-requested");
        assert_eq!(video.failure(), None);
    }
    let options = Some(VpdqOptions::default());
    for builder in [named().vpdq(options), Fingerprinter::builder().vpdq(options).hashes([])] {
        assert!(fingerprint(builder, BASELINE).video().is_ok());
    }
    let record = fingerprint(named().digests([]), BASELINE).to_record();
    let error = record.error.unwrap();
    assert_eq!(error.code, "not-an-image");
    assert!(error.message.contains("a video, and only image hashes"), "{}", error.message);
    let digests_only = fingerprint(Fingerprinter::builder().hashes([]), BASELINE);
    assert_eq!(digests_only.warnings()[0].code(), "not-an-image");
}

#[test]
fn videos_and_images_are_hashed_by_the_same_selection() {
    let image = [b"P5 8 8 255\n".to_vec(), vec![7; 64]].concat();
    let image = fingerprint(builder("vpdq,pdq,md5", 1.0), &image);
    assert_eq!((image.video(), image.digests().len()), (Err(Error::NotAVideo), 1));
    assert_eq!(image.image().unwrap().hashes.len(), 1);
    assert_eq!(image.failure(), None);
}

#[test]
fn a_video_that_is_not_decoded_has_digests() {
    let with_digest = fingerprint(builder("vpdq,md5", 1.0), MPEG_4);
    assert_eq!(with_digest.video().unwrap_err().code(), "unsupported-video");
    assert_eq!(with_digest.digests().len(), 1);
    assert_eq!(with_digest.warnings()[0].code(), "unsupported-video");
    assert_eq!(with_digest.failure(), None);
    let without = fingerprint(builder("vpdq", 1.0), MPEG_4);
    assert_eq!(without.failure().unwrap().code(), "unsupported-video");
    assert_eq!(without.into_complete().unwrap_err().code(), "unsupported-video");
}

#[test]
fn limits_are_checked_before_videos_are_decoded() {
    for (limits, kind) in [
        (Limits { width: 97, ..Limits::default() }, LimitKind::Width),
        (Limits { height: 65, ..Limits::default() }, LimitKind::Height),
        (Limits { pixels: 98 * 65, ..Limits::default() }, LimitKind::Pixels),
        (Limits { memory: 50_000, ..Limits::default() }, LimitKind::Memory),
        (Limits { file_bytes: 1000, ..Limits::default() }, LimitKind::FileBytes),
    ] {
        let error = video(builder("vpdq,md5", 1.0).limits(limits), BASELINE).unwrap_err();
        assert!(matches!(error, Error::LimitExceeded { kind: it, .. } if it == kind), "{error}");
    }
}

/// A file of a few hundred bytes with frames of 8192x8192 pixels.
#[test]
fn the_expansion_limit_rejects_small_files_of_large_videos() {
    let file = VideoFile::new(sequence_set(512, 512, 1), &[&[&START]]).bytes();
    let error = video(builder("vpdq,md5", 1.0), &file).unwrap_err();
    assert!(
        matches!(error, Error::LimitExceeded { kind: LimitKind::Expansion, allowed: 100_000, .. }),
        "{error}"
    );
    let generous = Limits { expansion: u32::MAX, ..Limits::default() };
    let error = video(builder("vpdq", 1.0).limits(generous), &file).unwrap_err();
    assert_eq!(error.code(), "unsupported-video");
    let little = Limits { memory: 256 << 20, ..generous };
    let error = video(builder("vpdq", 1.0).limits(little), &file).unwrap_err();
    assert!(matches!(error, Error::LimitExceeded { kind: LimitKind::Memory, .. }), "{error}");
}

/// The decoder reads a byte stream and would decode the hidden parameters, which are not checked
/// against the limits.
#[test]
fn parameters_hidden_in_another_unit_are_rejected() {
    let hidden = [&START[..], &[0, 0, 1], &sequence_set(1024, 1024, 16)].concat();
    let delimiter = &[9, 0x10][..];
    for units in [&[delimiter, &hidden], &[&hidden[..], &START]] {
        let file = VideoFile::new(sequence_set(4, 4, 1), &[units]).bytes();
        let error = video(builder("vpdq", 1.0), &file).unwrap_err();
        assert_eq!(error.code(), "damaged-video");
        assert!(error.to_string().contains("start code inside a NAL unit"), "{error}");
    }
}

/// Samsung's slow motion has the units of a sample, with start codes, in a unit of type 14.
#[test]
fn a_byte_stream_in_a_prefix_unit_is_decoded() {
    let (still, next) = (still_slice(0, 16), skipped_frame(1, 16));
    let wrapped = |unit: &[u8]| [&[0x6e, 0x80, 0x80, 0x3f, 0, 0, 0, 1], unit].concat();
    let plain = VideoFile::new(sequence_set(4, 4, 1), &[&[&still], &[&next]]).bytes();
    let samples = [wrapped(&still), wrapped(&next)];
    let prefixed = VideoFile::new(sequence_set(4, 4, 1), &[&[&samples[0]], &[&samples[1]]]).bytes();
    let plain = video(builder("vpdq", 0.0), &plain).unwrap();
    assert_eq!(plain.vpdq.len(), 2);
    assert_eq!(video(builder("vpdq", 0.0), &prefixed).unwrap(), plain);
}

/// The decoder would show frames that differ from those of ffmpeg, panic, or allocate too much
/// memory.
#[test]
fn streams_that_the_decoder_does_not_check_are_refused_by_name() {
    let (still, next) = (still_slice(0, 16), skipped_frame(1, 16));
    let (first, third) = (still_slice(0, 4), still_slice(8, 8));
    let late = skipped_frame(7, 16);
    let set = |references| sequence_set(4, 4, references);
    let crop = cropped_sequence_set;
    let samples: &[&[&[u8]]] = &[&[&still], &[&next]];
    for (set, samples, reason) in [
        (crop([1, 0, 0, 0]), samples, "cropping at the left or top"),
        (crop([0, 32, 0, 0]), samples, "cropping exceeds the frame"),
        (crop([1 << 31, 1 << 31, 0, 0]), samples, "cropping exceeds the frame"),
        (set(17), samples, "parameter out of range"),
        (set(3), &[&[&still], &[&late]], "missing reference frames"),
        (set(3), &[&[&still, &next]], "more than one frame in a sample"),
        (set(3), &[&[&next]], "a stream that does not begin with an IDR frame"),
        (set(3), &[&[&first, &third]], "missing slice"),
        (set(3), &[&[&third]], "slice outside of a frame"),
        (set(3), &[&[&[0x02, 0x80]]], "data partitioning"),
    ] {
        let file = VideoFile::new(set, samples).bytes();
        let error = video(builder("vpdq", 0.0), &file).unwrap_err();
        assert!(error.to_string().contains(reason), "{reason}: {error}");
    }
    let cropped = VideoFile::new(crop([0, 31, 0, 3]), samples).bytes();
    let cropped = video(builder("vpdq", 0.0), &cropped).unwrap();
    assert_eq!(cropped.size.to_string(), "2x58");
}

/// Every sample is read, so samples with the same extent would be read repeatedly.
#[test]
fn overlapping_samples_are_rejected() {
    let mut file = VideoFile::new(sequence_set(4, 4, 1), &[&[&START]]);
    file.samples = 1000;
    file.sizes = vec![1000; 1000];
    file.offsets = vec![VideoFile::DATA; 1000];
    file.chunks = vec![[1, 1, 1]];
    file.data.resize(1000, 0);
    let overlapping = video(builder("vpdq", 1.0), &file.bytes()).unwrap_err();
    assert!(overlapping.to_string().contains("overlapping extents"), "{overlapping}");
}

/// In a truncated file, the tables describe bytes beyond its end, which do not overlap.
#[test]
fn a_truncated_video_with_tables_first_keeps_the_complete_frames() {
    let start = B_FRAMES.windows(4).position(|it| it == b"mdat").unwrap() - 4;
    let end = B_FRAMES.windows(4).position(|it| it == b"moov").unwrap() - 4;
    let (data, movie) = (&B_FRAMES[start..end], &B_FRAMES[end..]);
    let mut movie = movie.to_vec();
    let offsets = movie.windows(4).position(|it| it == b"stco").unwrap() + 12;
    let moved = movie.len() as u32;
    let count = u32::from_be_bytes(*movie[offsets - 4..].first_chunk().unwrap()) as usize;
    for offset in movie[offsets..].as_chunks_mut::<4>().0.iter_mut().take(count) {
        *offset = (u32::from_be_bytes(*offset) + moved).to_be_bytes();
    }
    let whole = [&B_FRAMES[..start], &movie, data].concat();
    let strict = builder("vpdq", 0.0);
    let all = video(strict.clone(), &whole).unwrap();
    let cut = &whole[..whole.len() - data.len() / 3];
    assert_eq!(video(strict.clone(), cut).unwrap_err().code(), "damaged-video");
    let part = video(strict.accept_damaged(true), cut).unwrap();
    assert!(part.damaged && !part.vpdq.is_empty() && part.vpdq.len() < all.vpdq.len());
}

/// The units of all samples are read before the first is decoded, and the observer is called
/// meanwhile.
#[test]
fn an_observer_is_called_while_samples_are_checked() {
    let filler: &[&[u8]] = &[&[0x0c, 0xff]];
    let mut samples = vec![filler; 5000];
    // A valid first sample, so that decoding does not fail before.
    samples[0] = &[&START];
    let file = VideoFile::new(sequence_set(4, 4, 1), &samples).bytes();
    let mut calls = 0;
    let ended = fingerprinter("vpdq", 1.0).fingerprint_bytes_with(&file, |_| {
        calls += 1;
        if calls == 4000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((ended.unwrap_err().code(), calls), ("cancelled", 4000));
}

#[test]
fn an_observer_cancels_decoding() {
    let mut left = 40;
    let error = fingerprinter("vpdq", 0.0).fingerprint_bytes_with(B_FRAMES, |_| {
        left -= 1;
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(error, Err(ownprint::Error::Cancelled)) || left > 0);
    let at_once =
        fingerprinter("vpdq", 0.0).fingerprint_bytes_with(B_FRAMES, |_| ControlFlow::Break(()));
    assert_eq!(at_once.unwrap_err().code(), "cancelled");
}

#[test]
fn the_intact_frames_of_a_damaged_video_are_hashed_on_request() {
    // The last bytes of the samples: in this file, `mdat` precedes the tables.
    let mut bytes = B_FRAMES.to_vec();
    let last = bytes.windows(4).position(|it| it == b"moov").unwrap() - 300;
    bytes[last..last + 200].fill(0xff);
    let strict = builder("vpdq,md5", 0.0);
    assert_eq!(video(strict.clone(), &bytes).unwrap_err().code(), "damaged-video");
    let tolerant = fingerprint(strict.accept_damaged(true), &bytes);
    let video = tolerant.video().unwrap();
    assert!(video.damaged && !video.vpdq.is_empty() && (video.vpdq.len() as u64) < video.frames);
    assert_eq!(tolerant.warnings()[0].code(), "damaged");
}

#[test]
fn hundreds_of_altered_videos_are_hashed_or_rejected() {
    mutants(250);
}

#[test]
#[ignore = "takes minutes; `cargo xtask test slow` runs it"]
fn ten_thousand_altered_videos_are_hashed_or_rejected() {
    mutants(10_000);
}

/// Decodes altered videos: only the expected errors, no image over the limits, no panic.
fn mutants(count: u64) {
    let limits = Limits {
        width: 1024,
        height: 1024,
        pixels: 1 << 18,
        memory: 16 << 20,
        ..Limits::default()
    };
    let strict = builder("vpdq", 0.0).limits(limits);
    let videos = [BASELINE, B_FRAMES, FULL_RANGE];
    let mut outcomes = std::collections::BTreeMap::<_, u64>::new();
    for seed in 0..count {
        let bytes = altered(videos[seed as usize % videos.len()], seed);
        let tolerant = video(strict.clone().accept_damaged(true), &bytes);
        let fingerprint = fingerprint(strict.clone(), &bytes);
        let outcome = match (fingerprint.video(), fingerprint.failure()) {
            (Ok(video), None) => {
                assert!(video.size.pixels() <= limits.pixels && !video.damaged);
                assert_eq!(tolerant.as_ref(), Ok(video));
                "hashed"
            }
            (_, failure) => failure.unwrap().code(),
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    println!("{outcomes:?}");
    assert!(outcomes.keys().all(|code| {
        ["hashed", "damaged-video", "unsupported-video", "limit-exceeded", "not-an-image"]
            .contains(code)
            || ["unsupported-format", "damaged", "truncated"].contains(code)
    }));
    assert!(outcomes["hashed"] > count / 20 && outcomes["damaged-video"] > count / 20);
}
