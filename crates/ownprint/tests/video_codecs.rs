//! Videos of every codec and container: known answers, and what is refused. `fuzz/make_corpus.py`
//! makes the files.

#![cfg(feature = "video")]
#![allow(clippy::unwrap_used, reason = "a test must stop at the first failure")]

use ownprint::exchange::vpdq::frame_to_line;
use ownprint::hash::VpdqOptions;
use ownprint::{Fingerprinter, FingerprinterBuilder, VideoFingerprint};

macro_rules! file {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../fuzz/corpus/video/", $name)).as_slice())
    };
}

/// A file, its container, codec and number of frames, and the lines of the frames at each half
/// second.
type Known = ((&'static str, &'static [u8]), [&'static str; 2], u64, &'static [&'static str]);

/// The expected hashes are those of PyPI pdqhash for the planes that ffmpeg decodes, as in
/// `conformance/python/differential_video.py`.
const KNOWN: [Known; 11] = [
    (
        file!("av1-10.webm"),
        ["webm", "av1"],
        12,
        &[
            "0,100,93f8f0716fe9f83e80f80f8370e179f2870b883a38f8cfc38e189b521187e4ad,0.000",
            "6,100,fc3e3f0fc0f9fc3440e0f03a1f8d01e2f4780f83f0f81c72c6e9fb52090790ed,0.500",
        ],
    ),
    (
        file!("av1.mp4"),
        ["mp4", "av1"],
        24,
        &[
            "0,100,65fcb8716ea1f03e887897c370e971f28f0b8c3eb8788fc386381b521187f0ad,0.000",
            "6,100,f0ec1f16e3b87c1601e1e3363f0f91e37c38c783b0f87c7286e97352194701ad,0.500",
            "12,100,33cbf0780f09e373789c87e3e43c0bc3f8fc4e3281c9383ac6f97652090785ed,1.000",
            "18,100,8f1873cb1cbcc733709c9ac0f4792380b8e85e38e1e93c0ac6f976d29b17c365,1.500",
        ],
    ),
    (
        file!("fragments.mp4"),
        ["mp4", "h264"],
        12,
        &[
            "0,100,48f2e0f707c3f431015b2f01d0f009f0ff98c63efef88383e6b8ef520187d2ad,0.000",
            "6,100,60fc7d81e0bcede291e1027a7c3905f2f8f857c3f638d812c6c9f35209478aad,0.500",
        ],
    ),
    (
        file!("h264.mkv"),
        ["matroska", "h264"],
        24,
        &[
            "0,100,c0f2e0f787c3f401017a2f01d0f409f0ff98c63efef88383e6b8ef520187d2ad,0.000",
            "6,100,707d7d8140bdede291c10a7a7d6907f2f8f84383f6389853c6c9f35209478cad,0.500",
            "12,100,190a18f3cf3863c1341e8ff1733a3fc364f8ce1003c97c3a8ef9f6520b4783ad,1.000",
            "18,100,232c20cf9cbcc762709c0fc3ec383322ecedce1883e91c1accf9ded28b57c725,1.500",
        ],
    ),
    (
        file!("hevc-10.mp4"),
        ["mp4", "hevc"],
        12,
        &[
            "0,100,4688baf86a0b5bfe52f8d70350f26db24fda580ab278a7c3ce385b52018778ad,0.000",
            "6,100,fc3c8f87e1f83c1fabe0ee1c128dd4e25c785383c0b83e728789f352190709ed,0.500",
        ],
    ),
    (
        file!("hevc-full-range.mkv"),
        ["matroska", "hevc"],
        12,
        &[
            "0,100,fe7ef0714f828e387879e7830e7070e3c78a941cfa78a3c38e38fb5201870cad,0.000",
            "6,100,3e3cf3e7827c7ce6c7891c7e79c683c15c784783e4383c728ec9e352090709ad,0.500",
        ],
    ),
    (
        file!("hevc.mov"),
        ["mov", "hevc"],
        24,
        &[
            "0,100,d65895f84c0b5bd6d2f89703a4f0a9b3afda301e52786bc3ce383b52118738ad,0.000",
            "6,100,f83c0f83e0f8782743e0d61cb6cda1e0ac782783e0b83e73c7c9f352194739ad,0.500",
            "12,100,0f84f0781e29e1f33c3c87e1e03c1f83e8f8cf1103c97c1ac6e9f2522b478ded,1.000",
            "18,100,2e1de1c63c1ccf63719e1e03cc7c238288ed1f39c1e9388ae4f9fe520b07c3e5,1.500",
        ],
    ),
    (
        file!("vp8-live.webm"),
        ["webm", "vp8"],
        12,
        &[
            "0,100,0af8f0e36f893c7ef038878318f87972ef09803e78f807c3ce38fb52118726ad,0.000",
            "6,100,fc3c0fc3c2f83c7787c3ee3a380303f2dc386383f0789c73c689f35209470dad,0.500",
        ],
    ),
    (
        file!("vp8.webm"),
        ["webm", "vp8"],
        24,
        &[
            "0,100,0af8f0e36f893c7ef038878318f87972ef09803e78f807c3ce38fb52118726ad,0.000",
            "6,100,fc3c0fc3c2f83c7787c3ee3a380303f2dc386383f0789c73c689f35209470dad,0.500",
            "12,100,0e8df0e90e2de1c73c0c87e3f01e0f83f8784e3263c9fc3a8ee9f2520b0785ed,1.000",
            "18,100,a63c43871cadc63031cc8fc1ee383793b8ec3e38e1e93c0ac479f6521f07e365,1.500",
        ],
    ),
    (
        file!("vp9-fragments.mp4"),
        ["mp4", "vp9"],
        12,
        &[
            "0,100,07f8f0f39f013c7cf03887831d787972ce098c3e78f807c38638fb521187aead,0.000",
            "6,100,be3cc7cfe0b8787787c1cc3c798783f29c78478370781c728689f352094789ad,0.500",
        ],
    ),
    (
        file!("vp9.webm"),
        ["webm", "vp9"],
        24,
        &[
            "0,100,07f8f0f39f013c7cf03887831d787972ce098c3e78f807c38638fb521187aead,0.000",
            "6,100,be3cc7cfe0b8787787c1cc3c798783f29c78478370781c728689f352094789ad,0.500",
            "12,100,078df8780e39e1c33c1c86e3e13c1fc3f078ce3363c93c3a8ee9f2520b0785ed,1.000",
            "18,100,a73df1881cadce33f18c0fc1dc78338281ec1e38e1e91c0ac4b9fed21f17c365,1.500",
        ],
    ),
];

fn builder(seconds: f64) -> FingerprinterBuilder {
    let mut options = VpdqOptions::default();
    options.seconds_per_hash = seconds;
    Fingerprinter::builder().selection("vpdq,md5".parse().unwrap()).vpdq_options(options)
}

fn video(bytes: &[u8], seconds: f64) -> VideoFingerprint {
    builder(seconds).build().fingerprint_bytes(bytes).unwrap().video().unwrap().clone()
}

#[test]
fn known_answers() {
    for ((name, bytes), [format, codec], frames, expected) in KNOWN {
        let sampled = video(bytes, 0.5);
        let lines: Vec<String> = sampled.vpdq.iter().map(frame_to_line).collect();
        assert_eq!(lines, expected, "{name}");
        assert_eq!((sampled.format.as_ref(), sampled.codec.as_ref()), (format, codec), "{name}");
        assert_eq!(
            (sampled.size.to_string().as_str(), sampled.frames),
            ("98x66", frames),
            "{name}"
        );
        assert_eq!(sampled.frames_per_second, (12, 1), "{name}");
        // Skipped frames do not change the others.
        let every = video(bytes, 0.0);
        assert_eq!(every.vpdq.len() as u64, frames, "{name}");
        let every: Vec<String> = every.vpdq.iter().map(frame_to_line).collect();
        assert!(expected.iter().all(|line| every.contains(&(*line).to_owned())), "{name}");
    }
}

/// A container that was made from AVI or a byte stream has the times of decoding. As in ffmpeg, the
/// order of its frames is that of the stream.
#[test]
fn without_composition_times_the_order_is_that_of_the_stream() {
    for (name, bytes) in [file!("b-frames.mp4"), file!("hevc.mov"), file!("hevc-10.mp4")] {
        let without_times = replaced(bytes, *b"ctts", *b"free");
        let without_times = replaced(&without_times, *b"edts", *b"free");
        let hashes = |bytes: &[u8]| -> Vec<_> {
            video(bytes, 0.0).vpdq.iter().map(|it| (it.frame, it.feature.hash().clone())).collect()
        };
        assert_eq!(hashes(&without_times), hashes(bytes), "{name}");
    }
}

/// ffmpeg drops a frame with an empty unit, and counts on.
#[test]
fn an_empty_unit_is_damage() {
    let (_, bytes) = file!("b-frames.mp4");
    let whole = video(bytes, 0.0);
    // The length of the first unit in `mdat`, which has four bytes.
    let mut empty = bytes.to_vec();
    let at = empty.windows(4).position(|kind| kind == b"mdat").unwrap() + 4;
    empty[at..at + 4].fill(0);
    assert!(whole.frames > 0);
    let refused = builder(0.0).build().fingerprint_bytes(&empty).unwrap();
    assert_eq!(refused.video().unwrap_err().code(), "damaged-video");
}

#[test]
fn an_edit_before_the_video_is_refused() {
    let (_, bytes) = file!("b-frames.mp4");
    let with_edit = |time: i32| {
        let mut bytes = bytes.to_vec();
        let list = bytes.windows(4).position(|kind| kind == b"elst").unwrap();
        // Version and flags, the number of edits, the duration of the first.
        bytes[list + 16..list + 20].copy_from_slice(&time.to_be_bytes());
        builder(0.0).build().fingerprint_bytes(&bytes).unwrap()
    };
    assert!(with_edit(0).video().is_ok());
    assert_eq!(with_edit(-5).video().unwrap_err().code(), "unsupported-video");
}

/// ffmpeg loses frames at the second entry if decoding starts at a frame that others precede.
#[test]
fn several_edits_over_open_groups_are_refused() {
    let (_, bytes) = file!("b-frames.mp4");
    let two_edits = with_second_edit(bytes);
    assert!(video(&two_edits, 0.0).frames < video(bytes, 0.0).frames);
    let open = |bytes: &[u8]| {
        // Decoding can start at the fifth frame instead of the first.
        let mut bytes = bytes.to_vec();
        let list = bytes.windows(4).position(|kind| kind == b"stss").unwrap();
        bytes[list + 12..list + 16].copy_from_slice(&5_u32.to_be_bytes());
        bytes
    };
    assert_eq!(video(&open(bytes), 0.0), video(bytes, 0.0));
    let refused = builder(0.0).build().fingerprint_bytes(&open(&two_edits)).unwrap();
    let error = refused.video().unwrap_err();
    assert_eq!(error.code(), "unsupported-video");
    assert!(error.to_string().contains("open groups of frames"), "{error}");
}

/// Splits the only entry of an edit list, with a gap. The tables are behind the frames, so their
/// offsets stay the same.
fn with_second_edit(bytes: &[u8]) -> Vec<u8> {
    const ENTRY: usize = 12;
    let place = |kind: &[u8; 4]| bytes.windows(4).position(|window| window == kind).unwrap();
    let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    let mut longer = bytes.to_vec();
    let mut write =
        |at: usize, value: u32| longer[at..at + 4].copy_from_slice(&value.to_be_bytes());
    assert!(place(b"mdat") < place(b"moov"));
    for kind in [b"moov", b"trak", b"edts", b"elst"] {
        let at = place(kind) - 4;
        write(at, word(at) + ENTRY as u32);
    }
    let list = place(b"elst");
    let (duration, start) = (word(list + 12), word(list + 16));
    write(list + 8, 2);
    write(list + 12, duration / 4);
    let mut second = bytes[list + 12..list + 12 + ENTRY].to_vec();
    second[..4].copy_from_slice(&(duration / 4).to_be_bytes());
    // Times of the track, which has other units than durations.
    let units = word(place(b"mdhd") + 16) / word(place(b"mvhd") + 16);
    second[4..8].copy_from_slice(&(start + units * duration / 2).to_be_bytes());
    longer.splice(list + 24..list + 24, second);
    longer
}

/// A truncated file is damaged; the frames before its end are hashed on request.
#[test]
fn a_truncated_file_is_damaged() {
    for ((name, bytes), ..) in KNOWN {
        let whole = video(bytes, 0.0);
        // Of other files, the tables behind the frames are lost, which leaves nothing to hash.
        let has_tables = name.ends_with("webm") || name.ends_with("mkv") || name.contains("frag");
        for end in (bytes.len() / 2..bytes.len()).step_by(97) {
            let cut = &bytes[..end];
            let strict = builder(0.0).build().fingerprint_bytes(cut).unwrap();
            // A live recording and fragments may end between two frames.
            let is_live = name == "vp8-live.webm" || name.contains("fragments");
            match strict.video() {
                // Or what is behind the tables is not needed.
                Ok(video) => assert!(is_live || *video == whole, "{name}"),
                Err(error) => assert_eq!(error.code(), "damaged-video", "{name}: {error}"),
            }
            let lenient = builder(0.0).accept_damaged(true).build().fingerprint_bytes(cut).unwrap();
            match lenient.video() {
                Ok(video) => {
                    // Of WebM and Matroska, frames are numbered without those that are lost.
                    let hashes = |video: &VideoFingerprint| -> Vec<_> {
                        video.vpdq.iter().map(|frame| frame.feature.hash().clone()).collect()
                    };
                    let known = hashes(&whole);
                    assert!(hashes(video).iter().all(|hash| known.contains(hash)), "{name}");
                }
                Err(error) => {
                    assert!(!has_tables || end < bytes.len() * 9 / 10, "{name} {end}: {error}");
                }
            }
        }
    }
}

#[test]
fn other_codecs_are_refused_by_name() {
    let (_, mpeg_4) = file!("mpeg-4.mp4");
    let (_, h264) = file!("fragments.mp4");
    let encrypted = replaced(h264, *b"avc1", *b"encv");
    for (bytes, expected) in [(mpeg_4.to_vec(), "video codec mp4v"), (encrypted, "encrypted video")]
    {
        let refused = builder(1.0).build().fingerprint_bytes(&bytes).unwrap();
        let error = refused.video().unwrap_err();
        assert_eq!(error.code(), "unsupported-video");
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(refused.digests().len(), 1);
    }
}

/// The decoder of HEVC replaces a missing reference by grey, without an error.
#[test]
fn a_missing_reference_is_damaged() {
    let (_, bytes) = file!("hevc-missing-reference.mov");
    let refused = builder(0.0).build().fingerprint_bytes(bytes).unwrap();
    let error = refused.video().unwrap_err();
    assert_eq!(error.code(), "damaged-video");
    assert!(error.to_string().contains("missing reference"), "{error}");
}

fn replaced(bytes: &[u8], from: [u8; 4], to: [u8; 4]) -> Vec<u8> {
    // Not in the list of brands at the beginning.
    let at = bytes.windows(4).rposition(|window| *window == from).unwrap();
    [&bytes[..at], &to, &bytes[at + 4..]].concat()
}
