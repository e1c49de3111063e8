//! Writes files of a few bytes with a large size in their header.

use super::jpeg::Jpeg;
use super::others::{GifFrame, bmp, gif, png, tiff};

/// Returns the start of a colour JPEG of any size, and one byte of its data.
pub fn jpeg(width: u16, height: u16, frame: u8) -> Vec<u8> {
    jpeg_of(&[1, 2, 3], width, height, frame)
}

/// Returns the same with these component identifiers.
pub fn jpeg_of(names: &[u8], width: u16, height: u16, frame: u8) -> Vec<u8> {
    let whole = Jpeg { frame, ..Jpeg::new(1, 1, names, |_, _| 128) }.bytes();
    let at = whole.windows(2).position(|pair| pair == [0xff, frame]).unwrap();
    let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
    [&whole[..at + 5], &size, &whole[at + 9..]].concat()
}

/// Returns a file of a few bytes in every format with this size in its header.
pub fn claims(width: u16, height: u16) -> Vec<(&'static str, Vec<u8>)> {
    let (w, h) = (u32::from(width), u32::from(height));
    let frame =
        GifFrame { place: (0, 0), size: (width, height), transparent: None, numbers: &[1, 2, 3] };
    vec![
        ("jpeg", jpeg(width, height, 0xc0)),
        ("progressive jpeg", jpeg(width, height, 0xc2)),
        ("png", png((w, h), (8, 6), &[], &[], &[])),
        ("png of 16 bits", png((w, h), (16, 6), &[], &[], &[])),
        ("gif", gif((width, height), &[[0; 3]; 128], &[frame])),
        ("bmp", bmp(w as i32, h as i32, &[0; 64])),
        ("bmp, top row first", bmp(w as i32, -(h as i32), &[0; 64])),
        ("tiff", tiff(width, height, &[(258, &[8, 8, 8]), (262, &[2]), (277, &[3])], &[&[0; 64]])),
        (
            "tiff, deflated",
            tiff(width, height, &[(258, &[8]), (262, &[1]), (259, &[8])], &[&[0; 64]]),
        ),
        ("pgm", format!("P5\n{w} {h}\n255\nabc").into_bytes()),
        ("ppm in text", format!("P3\n{w} {h}\n255\n1 2 3").into_bytes()),
        (
            "pam",
            format!(
                "P7\nWIDTH {w}\nHEIGHT {h}\nDEPTH 4\nMAXVAL 65535\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
            )
            .into(),
        ),
    ]
}
