//! Writes the images of `examples/images`: `make-images FOLDER`.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::codecs::{gif, jpeg, png, webp};
use image::{ExtendedColorType, ImageEncoder};
use ownprint_conformance::{Raw, Recipe};

type Outcome<T> = Result<T, Box<dyn Error>>;

const IMAGES: [(&str, &str); 7] = [
    ("hills.jpg", "photo:118:800x600"),
    ("lake.jpg", "photo:127:640x480"),
    ("portrait-way-up.jpg", "photo:134:600x800"),
    ("turned-by-its-camera.jpg", "photo:134:600x800"),
    ("window.png", "screen:3:480x320"),
    ("chessboard.gif", "checks:9:320x240"),
    ("blots.webp", "symmetric:6:160x120"),
];

/// The image that is stored rotated, with EXIF orientation 6.
const TURNED: &str = "turned-by-its-camera.jpg";

fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("make-images FOLDER")?;
    fs::create_dir_all(&folder)?;
    for (name, recipe) in IMAGES {
        let raw = recipe.parse::<Recipe>()?.paint();
        let bytes = encode(name, &raw)?;
        println!("{name}: {recipe}, {} bytes", bytes.len());
        fs::write(Path::new(&folder).join(name), bytes)?;
    }
    Ok(())
}

fn encode(name: &str, raw: &Raw) -> Outcome<Vec<u8>> {
    let (rgb, width, height, colour) =
        (raw.rgb.as_slice(), raw.width, raw.height, ExtendedColorType::Rgb8);
    let mut bytes = Cursor::new(Vec::new());
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("png") => png::PngEncoder::new(&mut bytes).write_image(rgb, width, height, colour)?,
        Some("gif") => gif::GifEncoder::new(&mut bytes).encode(rgb, width, height, colour)?,
        Some("webp") => {
            webp::WebPEncoder::new_lossless(&mut bytes).write_image(rgb, width, height, colour)?;
        }
        _ if name == TURNED => {
            let side = turned_left(raw);
            let mut encoder = jpeg::JpegEncoder::new_with_quality(&mut bytes, 88);
            encoder.set_exif_metadata(orientation_6())?;
            encoder.write_image(&side.rgb, side.width, side.height, colour)?;
        }
        _ => jpeg::JpegEncoder::new_with_quality(&mut bytes, 88)
            .write_image(rgb, width, height, colour)?,
    }
    Ok(bytes.into_inner())
}

/// Rotates by 90 degrees counter-clockwise. A viewer reverses this for orientation 6.
fn turned_left(raw: &Raw) -> Raw {
    let (width, height) = (raw.width as usize, raw.height as usize);
    let mut rgb = Vec::with_capacity(raw.rgb.len());
    for x in (0..width).rev() {
        for y in 0..height {
            let at = (y * width + x) * 3;
            rgb.extend_from_slice(&raw.rgb[at..at + 3]);
        }
    }
    Raw { width: raw.height, height: raw.width, rgb }
}

/// A TIFF header and one entry: tag 0x0112, one 16-bit number, 6.
fn orientation_6() -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08".to_vec();
    exif.extend_from_slice(&[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]);
    exif
}
