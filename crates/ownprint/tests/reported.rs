//! Files on which other versions of this library were wrong, with the right results. The files are
//! in the folder `reported` of `OWNPRINT_CORPUS`; each of their kinds also has a test of its own.

#![cfg(all(
    feature = "jpeg",
    feature = "tiff",
    feature = "webp",
    feature = "heic",
    feature = "avif",
    feature = "jxl",
    feature = "video"
))]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use ownprint::{BitHash, Fingerprint, Fingerprinter, Warning};

/// The maximum distance from the PDQ hash of Pillow's pixels.
const MAX_BITS: u32 = 4;

/// PDQ of the pixels of Pillow 13, by pdqhash 0.2.8.
const HASHED: [(&str, &str); 15] = [
    (
        "jpeg-noninterleaved-420-48x48.jpg",
        "58f8f0cce4f4a84f0637023a038f67f0b36e26d596631e1d33e6b39c4e9c9b22",
    ),
    (
        "jpeg-chroma-scan-first.jpg",
        "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596221e1d33e6b39c4e9c9b22",
    ),
    (
        "exif-orientation-byte.jpg",
        "d8f870eee0f4a84f0e37022a038f63f0b36e2ef596221e1d33e6b39c4e9c9b22",
    ),
    (
        "exif-orientation-slong.jpg",
        "adf0a457249995e8c1465c275aaa54d0b61ba4bdf0fcf80387c32e8b5bfc4f05",
    ),
    ("webp_exif6_noflag.webp", "d8f870eee0f4a84f0e37022a038f63f0b36e2ef596221e1d33e6b39c4e9c9b22"),
    (
        "tiff-rgb+unspecified-predictor.tif",
        "58f870cee0f4e84f06370a32038f67f0b36e2ed596621e1d33e6b39c4e9c9b22",
    ),
    (
        "tiff-rgb+unspecified-tiled-edge.tif",
        "f8f870cee0f4a84f86370a32028f67f0b36e26d596621e1d33e6b39c4e9c9b22",
    ),
    (
        "tiff-fillorder2-1bit.tif",
        "d8f870eec4f4a84f0637022a078f67f0b36f2ef596221e1d33e6239c4e9c9b22",
    ),
    (
        "tiff-fillorder2-8bit.tif",
        "d8f8f0eec4f4a84f0637022a078f67f0b36e2ed596221e1d33e6339c4e9c9b22",
    ),
    ("rgb8_raw_fill2.tif", "a295cf715eb00347b8be0543f2b46b5bd2c4cd1d1eed271158aba62059ffa720"),
    ("gray8_deflate_fill2.tif", "6da2a4a64abaa955adc5749aad5b56f3d7ca888d82aeba48a5b24aab26e04d96"),
    (
        "tiff-tiled-planar-panic.tif",
        "df3ef01c208c26f89fe49fa7c39e071ade499c43613a613a44e984a911367af7",
    ),
    (
        "tiled_planar_40x40_tile32.tif",
        "a295cf715eb00347b8be0543f2b46b5bd2c4cd1d1eed271158aba62059ffa720",
    ),
    (
        "tiff-tiled-lzw-called-truncated.tif",
        "d8fce0ee8874aa4f0e37022a278f67f0b32f2ec596223e9d33e6039c4e9c9b22",
    ),
    ("heic-called-avif.heic", "a16c7e941d141cc776c3870a6f286f3800d07cd2ebd38c9aacdadf2e9b6cb324"),
];

const REFUSED: [(&str, &str); 7] = [
    ("crop_wrap_lr.mp4", "damaged-video"),
    ("refs_gap_60000.mp4", "damaged-video"),
    ("dup_items_2048.avif", "damaged"),
    ("webp_huff_6000.webp", "unsupported-feature"),
    ("jxl_lay_2048_400.jxl", "unsupported-feature"),
    ("av1_hidden_1000.avif", "unsupported-feature"),
    ("tiff_lzw_strips_2k_100k.tif", "unsupported-feature"),
];

fn fingerprints() -> Option<impl Fn(&str) -> Fingerprint> {
    let folder = std::env::var_os("OWNPRINT_CORPUS").map(|it| PathBuf::from(it).join("reported"));
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        eprintln!("skipped: OWNPRINT_CORPUS names no folder with a folder `reported`");
        return None;
    };
    let mut selection = Fingerprinter::default().selection().clone();
    selection.vpdq = true;
    let fingerprinter = Fingerprinter::builder().selection(selection).build();
    Some(move |name: &str| {
        let fingerprint = fingerprinter.fingerprint_file(folder.join(name)).unwrap();
        assert_eq!(fingerprint.digests().len(), 3, "{name}");
        fingerprint
    })
}

#[test]
fn images_of_other_encoders_have_the_reference_hashes() {
    let Some(fingerprint) = fingerprints() else { return };
    for (name, expected) in HASHED {
        let fingerprint = fingerprint(name);
        let image = fingerprint.image().unwrap_or_else(|error| panic!("{name}: {error}"));
        let distance = image.pdq().unwrap().hash.distance(&BitHash::from_hex(expected).unwrap());
        assert!(distance.unwrap() <= MAX_BITS, "{name}");
    }
}

#[test]
fn hostile_files_are_refused() {
    let Some(fingerprint) = fingerprints() else { return };
    for (name, code) in REFUSED {
        assert_eq!(fingerprint(name).failure().map(|error| error.code()), Some(code), "{name}");
    }
    let text = fingerprint("text-beginning-BM.txt");
    assert_eq!((text.failure(), text.warnings()), (None, &[Warning::NotAnImage][..]));
}

/// The bytes `heic` in the data of a video do not make it an image.
#[test]
fn a_video_is_recognised_by_its_first_box() {
    let Some(fingerprint) = fingerprints() else { return };
    let [one, other] =
        ["video-h264-with-heic-bytes-aligned.mp4", "video-h264-same-not-aligned-OK.mp4"]
            .map(fingerprint);
    let (one, other) = (one.video().unwrap(), other.video().unwrap());
    assert!(!one.vpdq.is_empty());
    assert_eq!(one.vpdq, other.vpdq);
}
