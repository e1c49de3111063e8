//! Targets that hash decoded pixels.

use ownprint::hash::Variant;
use ownprint::{ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels, VariantSet};

/// Checks that a buffer with any size, stride, format and orientation gives an error or all hashes.
pub(crate) fn every_layout(bytes: &[u8]) {
    let Some((&[a, b, c, d, stride, format, orientation], pixels)) = bytes.split_first_chunk::<7>()
    else {
        return;
    };
    // Mostly small dimensions, because all hashes are computed; sometimes larger, up to the
    // maximum.
    let side = |low: u8, high: u8| match high {
        255 => u32::MAX - u32::from(low),
        250..255 => u32::from(low) + 256,
        _ => u32::from(low) % 72,
    };
    let (width, height) = (side(a, b), side(c, d));
    // New formats are added at the end, so that the corpus keeps its meaning.
    let formats = [
        PixelFormat::Rgb8,
        PixelFormat::Rgba8,
        PixelFormat::Bgra8,
        PixelFormat::L8,
        PixelFormat::Bgr8,
        PixelFormat::Rgba8Premultiplied,
        PixelFormat::Bgra8Premultiplied,
    ];
    let format = formats[usize::from(format) % formats.len()];
    let stride = match stride {
        0 => None,
        255 => Some(usize::MAX),
        more => {
            (width as usize).checked_mul(4).and_then(|row| row.checked_add(usize::from(more) - 1))
        }
    };
    let view = match stride {
        None => Pixels::new(pixels, width, height, format),
        Some(stride) => Pixels::with_stride(pixels, width, height, format, stride),
    };
    let Ok(view) = view else { return };
    let fingerprinter = Fingerprinter::builder().hashes(HashAlgorithm::all()).build();
    let fingerprint = fingerprinter
        .fingerprint_pixels(&view, ExifOrientation::from_exif(u16::from(orientation % 10)))
        .expect("the view is valid");
    let image = fingerprint.image().expect("pixels are an image");
    assert_eq!(image.hashes.len(), HashAlgorithm::all().count());
}

/// Checks that PDQ with the vector instructions of this machine equals PDQ of the readable oracle.
pub(crate) fn pdq_as_the_oracle(bytes: &[u8]) {
    let Some((&[width, height], rgb)) = bytes.split_first_chunk::<2>() else { return };
    // The box filter is wider than one pixel if a side exceeds 128.
    let side = |byte: u8| usize::from(byte) % 140 + 1;
    let (width, height) = (side(width), side(height));
    // The input is repeated until it fills the image.
    let rgb: Vec<u8> = rgb.iter().copied().chain([0]).cycle().take(width * height * 3).collect();
    let view = Pixels::new(&rgb, width as u32, height as u32, PixelFormat::Rgb8)
        .expect("the buffer has this size");
    let (hash, quality) = ownprint::pdq(&view).expect("the view is valid");
    let oracle = ownprint_oracle::pdq::hash(&rgb, width, height);
    assert_eq!((hash.to_hex(), quality.value()), oracle);
}

/// Checks that every variant of a small image gives a hash or a reason why it was skipped. The
/// first line of the input names the variants; grey pixels follow.
pub(crate) fn variants(bytes: &[u8]) {
    let Some((&[width, height], rest)) = bytes.split_first_chunk::<2>() else { return };
    let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { return };
    let (names, grey) = rest.split_at(end);
    let Some(set) =
        std::str::from_utf8(names).ok().and_then(|names| names.parse::<VariantSet>().ok())
    else {
        return;
    };
    for variant in set.variants() {
        assert_eq!(&variant.to_string().parse::<Variant>().expect("it was printed"), variant);
    }
    let (width, height) = (usize::from(width).max(1), usize::from(height).max(1));
    let grey: Vec<u8> = grey.iter().copied().cycle().take(width * height).collect();
    let view = Pixels::new(&grey, width as u32, height as u32, PixelFormat::L8)
        .expect("the buffer has this size");
    let builder = Fingerprinter::builder().hashes([HashAlgorithm::PDQ]).variants(Some(set.clone()));
    let ours = builder.build().fingerprint_pixels(&view, ExifOrientation::Normal);
    let ours = ours.expect("the view is valid");
    let ours =
        ours.image().expect("pixels are an image").variants.as_ref().expect("a set was requested");
    assert!(ours.hashes.len() + ours.skipped.len() <= set.variants().len());
    assert!(ours.hashes.iter().all(|hash| hash.value.bits() == 256 && hash.quality.value() <= 100));
}
