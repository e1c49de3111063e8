//! Every pixel format, stride and orientation gives the hash of the oriented image.

#![allow(clippy::unwrap_used)]

use ownprint::{ExifOrientation, Fingerprinter, Orientation, PixelFormat, Pixels, Size, pixels};

const WIDTH: usize = 90;
const HEIGHT: usize = 70;

fn colour(x: usize, y: usize) -> [u8; 3] {
    [(x * 3 + y) as u8, (x * y / 5) as u8, ((y * 7) ^ x) as u8]
}

/// Returns where the pixel at `(x, y)` of the oriented image of `WIDTH` by `HEIGHT` is stored.
fn stored_at(orientation: ExifOrientation, x: usize, y: usize) -> (usize, usize) {
    let (mirrored_x, mirrored_y) = (WIDTH - 1 - x, HEIGHT - 1 - y);
    match orientation {
        ExifOrientation::Normal => (x, y),
        ExifOrientation::Mirrored => (mirrored_x, y),
        ExifOrientation::Rotated180 => (mirrored_x, mirrored_y),
        ExifOrientation::MirroredRotated180 => (x, mirrored_y),
        ExifOrientation::Transposed => (y, x),
        ExifOrientation::Rotated90 => (y, mirrored_x),
        ExifOrientation::Transversed => (mirrored_y, mirrored_x),
        ExifOrientation::Rotated270 => (mirrored_y, x),
    }
}

fn buffer(
    orientation: ExifOrientation,
    format: PixelFormat,
    padding: usize,
) -> (Vec<u8>, Size, usize) {
    let size = orientation.oriented_size(Size { width: WIDTH as u32, height: HEIGHT as u32 });
    let bytes = format.bytes_per_pixel();
    let stride = size.width as usize * bytes + padding;
    let mut data = vec![0xa5; stride * size.height as usize];
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (column, row) = stored_at(orientation, x, y);
            let [r, g, b] = colour(x, y);
            let pixel: &[u8] = match format {
                PixelFormat::Rgb8 => &[r, g, b],
                PixelFormat::Rgba8 => &[r, g, b, 0],
                PixelFormat::Bgra8 => &[b, g, r, 77],
                // Opaque, so that nothing is divided.
                PixelFormat::Rgba8Premultiplied => &[r, g, b, 255],
                PixelFormat::Bgra8Premultiplied => &[b, g, r, 255],
                PixelFormat::L8 => &[r],
                _ => unreachable!(),
            };
            data[row * stride + column * bytes..][..bytes].copy_from_slice(pixel);
        }
    }
    (data, size, stride)
}

fn fingerprint(
    orientation: ExifOrientation,
    format: PixelFormat,
    padding: usize,
) -> (String, String) {
    let (data, size, stride) = buffer(orientation, format, padding);
    let pixels = Pixels::with_stride(&data, size.width, size.height, format, stride).unwrap();
    let fingerprinter = Fingerprinter::builder().rgb_md5(true).build();
    let fingerprint = fingerprinter.fingerprint_pixels(&pixels, orientation).unwrap();
    let image = fingerprint.image().unwrap();
    assert_eq!((image.info.size.width, image.info.size.height), (WIDTH as u32, HEIGHT as u32));
    (image.info.rgb_md5.clone().unwrap(), image.pdq().unwrap().hash.to_hex())
}

#[test]
fn formats_strides_and_orientations_give_the_same_hash() {
    let expected = fingerprint(ExifOrientation::Normal, PixelFormat::Rgb8, 0);
    let grey = fingerprint(ExifOrientation::Normal, PixelFormat::L8, 0);
    assert_ne!(expected, grey);
    for orientation in (1..=8).map(ExifOrientation::from_exif) {
        for padding in [0, 1, 13] {
            for format in [
                PixelFormat::Rgb8,
                PixelFormat::Rgba8,
                PixelFormat::Bgra8,
                PixelFormat::Rgba8Premultiplied,
                PixelFormat::Bgra8Premultiplied,
            ] {
                assert_eq!(
                    fingerprint(orientation, format, padding),
                    expected,
                    "{orientation:?} {format:?} {padding}"
                );
            }
            assert_eq!(
                fingerprint(orientation, PixelFormat::L8, padding),
                grey,
                "{orientation:?} {padding}"
            );
        }
    }
}

#[test]
fn premultiplied_alpha_is_divided_out() {
    // Every value with every alpha, also values above their alpha.
    let pixels: Vec<[u8; 4]> = (0..=255)
        .flat_map(|alpha| (0..=255).map(move |value| [value, value / 2, 255 - value, alpha]))
        .collect();
    let colors: Vec<u8> =
        pixels.iter().flat_map(|pixel| ownprint::pixels::unpremultiplied(*pixel)).collect();
    let swapped: Vec<[u8; 4]> =
        pixels.iter().map(|[r, g, b, alpha]| [*b, *g, *r, *alpha]).collect();
    let md5 = |data: &[u8], format| {
        let pixels = Pixels::new(data, 256, 256, format).unwrap();
        let fingerprinter = Fingerprinter::builder().rgb_md5(true).build();
        let fingerprint =
            fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap();
        fingerprint.image().unwrap().info.rgb_md5.clone().unwrap()
    };
    let expected = md5(&colors, PixelFormat::Rgb8);
    assert_eq!(md5(pixels.as_flattened(), PixelFormat::Rgba8Premultiplied), expected);
    assert_eq!(md5(swapped.as_flattened(), PixelFormat::Bgra8Premultiplied), expected);
    assert_ne!(md5(pixels.as_flattened(), PixelFormat::Rgba8), expected);
}

#[test]
fn an_ignored_orientation_does_not_change_the_hash() {
    let (data, size, _) = buffer(ExifOrientation::Rotated90, PixelFormat::Rgb8, 0);
    let pixels = Pixels::new(&data, size.width, size.height, PixelFormat::Rgb8).unwrap();
    let ignoring = Fingerprinter::builder().orientation(Orientation::Ignore).build();
    let [rotated, normal] = [ExifOrientation::Rotated90, ExifOrientation::Normal]
        .map(|orientation| ignoring.fingerprint_pixels(&pixels, orientation).unwrap());
    let (rotated, normal) = (rotated.image().unwrap(), normal.image().unwrap());
    assert_eq!(rotated.hashes, normal.hashes);
    assert_eq!(rotated.info.size, size);
}

#[test]
fn buffers_with_a_wrong_length_are_errors() {
    let data = [0; 100];
    for (width, height, stride) in [
        (0, 1, 3),
        (1, 0, 3),
        (10, 4, 29),
        (10, 4, 31),
        (u32::MAX, u32::MAX, usize::MAX),
        (1, u32::MAX, usize::MAX),
    ] {
        let error =
            Pixels::with_stride(&data, width, height, PixelFormat::Rgb8, stride).unwrap_err();
        assert_eq!(error.code(), "invalid-pixels", "{width}x{height} by {stride}");
    }
    assert!(Pixels::with_stride(&data, 10, 3, PixelFormat::Rgb8, 35).is_ok());
    assert!(matches!(
        Pixels::new(&data, 10, 4, PixelFormat::Rgb8),
        Err(pixels::Error::InvalidPixels { .. })
    ));
}
