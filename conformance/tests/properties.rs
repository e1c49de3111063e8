//! Property tests: compares ownprint with the readable oracle on random sizes, pixel formats,
//! strides and orientations.

#![allow(clippy::unwrap_used)]

use ownprint::{
    DigestAlgorithm, Digester, ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels,
};
use ownprint_conformance::{Kind, Raw, Recipe, expected};
use proptest::prelude::*;
use proptest::sample::select;

/// Generates sizes at which the algorithm changes, sizes between them, and narrow strips.
fn sizes() -> impl Strategy<Value = (u32, u32)> {
    let edges = [1, 4, 5, 63, 64, 65, 127, 128, 129, 255, 256, 257];
    prop_oneof![
        4 => (1..=300u32, 1..=300u32),
        2 => (select(edges.to_vec()), select(edges.to_vec())),
        1 => (1..=12u32, 300..=3000u32),
        1 => (300..=3000u32, 1..=12u32),
        1 => (500..=530u32, 5..=70u32),
    ]
}

fn images() -> impl Strategy<Value = Recipe> {
    (select(Kind::ALL.to_vec()), any::<u32>(), sizes())
        .prop_map(|((_, kind), seed, (width, height))| Recipe { kind, seed, width, height })
}

/// Generates buffer layouts: a pixel format, and the number of padding bytes per row.
fn buffers() -> impl Strategy<Value = (PixelFormat, usize)> {
    let formats = [PixelFormat::Rgb8, PixelFormat::Rgba8, PixelFormat::Bgra8, PixelFormat::L8];
    (select(formats.to_vec()), 0..70usize)
}

/// Returns the image in such a buffer. Alpha and padding are filled with random bytes, which must
/// not affect the hash.
fn buffer(raw: &Raw, format: PixelFormat, padding: usize) -> (Vec<u8>, usize) {
    let stride = raw.width as usize * format.bytes_per_pixel() + padding;
    let mut data = Vec::with_capacity(stride * raw.height as usize);
    for row in raw.rgb.chunks_exact(raw.width as usize * 3) {
        for (x, pixel) in row.chunks_exact(3).enumerate() {
            let rubbish = (x * 37) as u8;
            match format {
                PixelFormat::Rgba8 => data.extend([pixel[0], pixel[1], pixel[2], rubbish]),
                PixelFormat::Bgra8 => data.extend([pixel[2], pixel[1], pixel[0], rubbish]),
                PixelFormat::L8 => data.push(pixel[1]),
                _ => data.extend(pixel),
            }
        }
        data.extend(std::iter::repeat_n(0xa5, padding));
    }
    (data, stride)
}

/// Applies an orientation pixel by pixel, as EXIF defines tag 0x0112.
fn oriented(raw: &Raw, orientation: ExifOrientation) -> Raw {
    let (w, h) = (raw.width as usize, raw.height as usize);
    let (width, height) = if orientation.to_exif() >= 5 { (h, w) } else { (w, h) };
    let mut rgb = Vec::with_capacity(raw.rgb.len());
    for y in 0..height {
        for x in 0..width {
            let (stored_x, stored_y) = match orientation.to_exif() {
                2 => (w - 1 - x, y),
                3 => (w - 1 - x, h - 1 - y),
                4 => (x, h - 1 - y),
                5 => (y, x),
                6 => (y, h - 1 - x),
                7 => (w - 1 - y, h - 1 - x),
                8 => (w - 1 - y, x),
                _ => (x, y),
            };
            let at = (stored_y * w + stored_x) * 3;
            rgb.extend_from_slice(&raw.rgb[at..at + 3]);
        }
    }
    Raw { width: width as u32, height: height as u32, rgb }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pdq_equals_the_oracle(recipe in images(), (format, padding) in buffers(), exif in 1..=8u16) {
        let mut raw = recipe.paint();
        if format == PixelFormat::L8 {
            for pixel in raw.rgb.chunks_exact_mut(3) {
                pixel.fill(pixel[1]);
            }
        }
        let (data, stride) = buffer(&raw, format, padding);
        let pixels = Pixels::with_stride(&data, raw.width, raw.height, format, stride).unwrap();
        let orientation = ExifOrientation::from_exif(exif);
        let pdq = HashAlgorithm::all().filter(|it| it.base_name().starts_with("pdq"));
        let fingerprinter = Fingerprinter::builder().hashes(pdq).build();
        let fingerprint = fingerprinter.fingerprint_pixels(&pixels, orientation).unwrap();
        let image = fingerprint.image().unwrap();
        for (algorithm, hex, quality) in expected::hashes(&oriented(&raw, orientation)) {
            let hash = image.hash(algorithm.parse().unwrap()).unwrap();
            let ours: Vec<String> = hash.values.iter().map(|value| value.to_hex()).collect();
            prop_assert_eq!(&ours, &hex, "{} {} {:?} {}", recipe, algorithm, format, exif);
            prop_assert_eq!(hash.quality.unwrap().value(), quality, "{} {}", recipe, algorithm);
        }
    }

    #[test]
    fn digests_do_not_depend_on_the_pieces(
        length in 0..300_000usize,
        seed in any::<u32>(),
        pieces in prop::collection::vec(0..90_000usize, 0..12),
    ) {
        let bytes: Vec<u8> =
            (0..length as i64).map(|at| ownprint_conformance::noise::scramble(seed, at, 0) as u8).collect();
        let mut whole = Digester::new(&DigestAlgorithm::ALL);
        whole.update(&bytes);
        let mut streamed = Digester::new(&DigestAlgorithm::ALL);
        let mut rest = bytes.as_slice();
        for piece in pieces {
            let (now, later) = rest.split_at(piece.min(rest.len()));
            streamed.update(now);
            rest = later;
        }
        streamed.update(rest);
        prop_assert_eq!(whole.finalize(), streamed.finalize());
    }
}
