//! Images of the crate `image`: they have the hashes of their RGB bytes.

#![cfg(feature = "image")]
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;

use image::DynamicImage;
use ownprint::{
    Error, ExifOrientation, Fingerprinter, HashAlgorithm, Limits, PixelFormat, Pixels, decode,
    pixels,
};

const WIDTH: u32 = 90;
const HEIGHT: u32 = 70;

fn image() -> DynamicImage {
    let rgba = (0..WIDTH * HEIGHT * 4).map(|at| (at * at / 7 + at / 90) as u8).collect();
    image::RgbaImage::from_raw(WIDTH, HEIGHT, rgba).unwrap().into()
}

/// The same image in every layout that the crate has.
fn layouts() -> [DynamicImage; 10] {
    let image = image();
    [
        image.to_luma8().into(),
        image.to_luma_alpha8().into(),
        image.to_rgb8().into(),
        image.to_rgba8().into(),
        image.to_luma16().into(),
        image.to_luma_alpha16().into(),
        image.to_rgb16().into(),
        image.to_rgba16().into(),
        image.to_rgb32f().into(),
        image.to_rgba32f().into(),
    ]
}

#[test]
fn every_layout_has_the_hashes_of_its_rgb_bytes() {
    let fingerprinter = Fingerprinter::builder().hashes(HashAlgorithm::all()).rgb_md5(true).build();
    for image in layouts() {
        let rgb = image.to_rgb8();
        let pixels = Pixels::new(rgb.as_raw(), WIDTH, HEIGHT, PixelFormat::Rgb8).unwrap();
        let expected = fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap();
        let fingerprint = fingerprinter.fingerprint_image(&image).unwrap();
        assert_eq!(fingerprint, expected, "{:?}", image.color());
        let hashed = fingerprint.image().unwrap();
        assert_eq!(
            (hashed.info.format, hashed.info.size.width, hashed.info.size.height),
            (None, WIDTH, HEIGHT)
        );
        assert_eq!(fingerprint.video(), Err(decode::Error::NotRequested));
        assert!(fingerprint.digests().is_empty());
    }
}

#[test]
fn images_over_a_limit_or_without_pixels_are_errors() {
    let limits = Limits { width: WIDTH - 1, ..Limits::default() };
    let small = Fingerprinter::builder().limits(limits).build();
    for image in layouts() {
        let error = small.fingerprint_image(&image).unwrap_err();
        assert!(matches!(error, Error::Pixels(pixels::Error::LimitExceeded { .. })), "{error}");
    }
    for (width, height) in [(0, 0), (0, 5), (5, 0)] {
        for empty in [DynamicImage::new_rgb8(width, height), DynamicImage::new_rgb16(width, height)]
        {
            let error = Fingerprinter::default().fingerprint_image(&empty).unwrap_err();
            assert_eq!(error.code(), "invalid-pixels", "{width}x{height}");
        }
    }
}

#[test]
fn an_observer_cancels() {
    let error =
        Fingerprinter::default().fingerprint_image_with(&image(), || ControlFlow::Break(()));
    assert!(matches!(error, Err(Error::Cancelled)));
}
