//! PNG, GIF, BMP, TIFF, WebP and PNM: colours, first frames, orientation, truncated files.

#![cfg(all(
    feature = "png",
    feature = "gif",
    feature = "bmp",
    feature = "tiff",
    feature = "webp",
    feature = "pnm"
))]
#![allow(clippy::unwrap_used)]

mod decode_files;

use decode_files::others::{GifFrame, bmp, gif, lossless, png, riff, tiff, webp};
use decode_files::{assert_cuts_are_refused, exif, refused, see};
use ownprint::Warning;

const SIZE: (u32, u32) = (9, 7);
const PIXELS: usize = 63;

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at * at * 31 + at * 7) as u8).collect()
}

fn palette() -> [[u8; 3]; 128] {
    std::array::from_fn(|number| [number as u8, 255 - number as u8, (number * 37) as u8])
}

/// Returns three bytes of every pixel of `stride` bytes, those at the indices `at`.
fn pick(rows: &[u8], stride: usize, at: [usize; 3]) -> Vec<u8> {
    rows.chunks(stride).flat_map(|pixel| at.map(|at| pixel[at])).collect()
}

#[test]
fn png_alpha_is_dropped_and_16_bits_keep_the_high_byte() {
    // Colour type, bit depth, bytes per pixel, and the indices of red, green and blue.
    let kinds = [
        (0, 8, 1, [0, 0, 0]),
        (2, 8, 3, [0, 1, 2]),
        (4, 8, 2, [0, 0, 0]),
        (6, 8, 4, [0, 1, 2]),
        (0, 16, 2, [0, 0, 0]),
        (2, 16, 6, [0, 2, 4]),
        (4, 16, 4, [0, 0, 0]),
        (6, 16, 8, [0, 2, 4]),
    ];
    for (colours, depth, stride, at) in kinds {
        let rows = bytes(PIXELS * stride);
        let file = png(SIZE, (depth, colours), &rows, &[], &[]);
        let what = format!("colour type {colours}, {depth} bits");
        see(&file).unwrap().assert_rgb(&pick(&rows, stride, at), &what);
        assert_cuts_are_refused(&file, &what, 8);
    }
}

#[test]
fn images_larger_than_a_conversion_block_are_decoded_completely() {
    for (colours, depth, stride, at) in
        [(0, 8, 1, [0, 0, 0]), (4, 16, 4, [0, 0, 0]), (6, 16, 8, [0, 2, 4])]
    {
        let rows = bytes(100 * 57 * stride);
        let file = png((100, 57), (depth, colours), &rows, &[], &[]);
        see(&file).unwrap().assert_rgb(&pick(&rows, stride, at), "large");
    }
}

#[test]
fn png_palettes_keep_the_colours_of_transparent_entries() {
    let colours = palette();
    let numbers: Vec<u8> = (0..PIXELS as u8).collect();
    let expected: Vec<u8> =
        numbers.iter().flat_map(|&number| colours[usize::from(number)]).collect();
    let chunks = [(b"PLTE", colours.as_flattened().to_vec()), (b"tRNS", vec![0, 128, 0])];
    let file = png(SIZE, (8, 3), &numbers, &chunks, &[]);
    see(&file).unwrap().assert_rgb(&expected, "palette");
    let file = png(SIZE, (8, 0), &numbers, &[(b"tRNS", vec![0, 3])], &[]);
    see(&file).unwrap().assert_rgb(&pick(&numbers, 1, [0, 0, 0]), "transparent grey");
}

#[test]
fn png_grey_of_few_bits_is_scaled_to_eight_bits() {
    for depth in [1, 2, 4] {
        let rows = bytes(7 * (9 * usize::from(depth)).div_ceil(8));
        let expected: Vec<u8> = rows
            .chunks(rows.len() / 7)
            .flat_map(|row| {
                (0..9).map(|x| {
                    let at = x * usize::from(depth);
                    let most = (1_u16 << depth) - 1;
                    let value = u16::from(row[at / 8]) >> (8 - usize::from(depth) - at % 8) & most;
                    (value * 255 / most) as u8
                })
            })
            .flat_map(|value| [value; 3])
            .collect();
        see(&png(SIZE, (depth, 0), &rows, &[], &[])).unwrap().assert_rgb(&expected, "few bits");
    }
}

#[test]
fn png_orientation_is_read_before_and_after_the_pixels() {
    let rows = bytes(PIXELS * 3);
    for value in 1..=8 {
        let chunk = [(b"eXIf", exif(value))];
        for file in [png(SIZE, (8, 2), &rows, &chunk, &[]), png(SIZE, (8, 2), &rows, &[], &chunk)] {
            assert_eq!(see(&file).unwrap().image.orientation.to_exif(), value);
        }
    }
}

#[test]
fn an_apng_gives_its_first_image_and_a_warning() {
    let rows = bytes(PIXELS * 3);
    for (frames, moves) in [(1, false), (2, true)] {
        let control = vec![0, 0, 0, frames, 0, 0, 0, 0];
        let seen = see(&png(SIZE, (8, 2), &rows, &[(b"acTL", control)], &[])).unwrap();
        seen.assert_rgb(&rows, "apng");
        assert_eq!(seen.warnings.contains(&Warning::FirstFrameOnly), moves);
    }
}

#[test]
fn a_gif_frame_is_painted_on_its_transparent_colour_or_the_first() {
    let colours = palette();
    let numbers: Vec<u8> = (0..12).collect();
    for (place, screen) in [((0, 0), (4, 3)), ((2, 1), (9, 7)), ((8, 6), (9, 7)), ((0, 2), (4, 9))]
    {
        for transparent in [None, Some(77)] {
            let frame = GifFrame { place, size: (4, 3), transparent, numbers: &numbers };
            let file = gif(screen, &colours, &[frame]);
            let (width, height) = (screen.0.max(place.0 + 4), screen.1.max(place.1 + 3));
            let expected: Vec<u8> = (0..height)
                .flat_map(|y| (0..width).map(move |x| (x, y)))
                .flat_map(|(x, y)| {
                    let (x, y) = (x.wrapping_sub(place.0), y.wrapping_sub(place.1));
                    let outside = usize::from(transparent.unwrap_or(0));
                    colours[if x < 4 && y < 3 { usize::from(y * 4 + x) } else { outside }]
                })
                .collect();
            let seen = see(&file).unwrap();
            seen.assert_rgb(&expected, &format!("{place:?} on {screen:?}, {transparent:?}"));
            assert!(seen.warnings.is_empty());
        }
    }
}

#[test]
fn an_animated_gif_gives_its_first_frame_and_a_warning() {
    let numbers = bytes(PIXELS).iter().map(|number| number & 127).collect::<Vec<_>>();
    let frame = || GifFrame { place: (0, 0), size: (9, 7), transparent: None, numbers: &numbers };
    let seen = see(&gif((9, 7), &palette(), &[frame(), frame()])).unwrap();
    let expected: Vec<u8> =
        numbers.iter().flat_map(|&number| palette()[usize::from(number)]).collect();
    seen.assert_rgb(&expected, "gif");
    assert_eq!(seen.warnings, [Warning::FirstFrameOnly]);
    let whole = gif((9, 7), &palette(), &[frame()]);
    // The end of the frame and of the file take five bytes, after all pixels.
    for length in 13..whole.len() - 5 {
        assert_eq!(
            refused(&whole[..length]),
            "truncated",
            "gif cut to {length} of {}",
            whole.len()
        );
    }
}

/// The frame is the last part of the file: a descriptor of ten bytes, the code size, the codes.
fn gif_with_frame(frame: &[u8], extension: &[u8]) -> Vec<u8> {
    let mut file = gif((9, 7), &palette(), &[]);
    file.pop();
    [&file, extension, frame, &[0x3b]].concat()
}

#[test]
fn gif_extensions_of_other_programs_are_skipped() {
    let numbers = bytes(PIXELS).iter().map(|number| number & 127).collect::<Vec<_>>();
    let frame = GifFrame { place: (0, 0), size: (9, 7), transparent: None, numbers: &numbers };
    let plain = gif((9, 7), &palette(), &[frame]);
    let frame = &plain[13 + 3 * 128..plain.len() - 1];
    let expected: Vec<u8> =
        numbers.iter().flat_map(|&number| palette()[usize::from(number)]).collect();
    let unknown = [0x21, 0x55, 3, 1, 2, 3, 0];
    see(&gif_with_frame(frame, &unknown)).unwrap().assert_rgb(&expected, "unknown extension");
}

/// The decoder ends this image early if it reads interlaced rows one by one.
#[test]
fn interlaced_gif_rows_may_share_codes() {
    let mut file = b"GIF89a\x02\0\x0c\0\xf1\0\0".to_vec();
    let colours: [[u8; 3]; 4] = [[0, 70, 140], [5, 75, 145], [10, 80, 150], [15, 85, 155]];
    file.extend(colours.as_flattened());
    file.extend([0x2c, 0, 0, 0, 0, 2, 0, 12, 0, 0x40, 2]);
    file.extend([10, 132, 115, 35, 8, 58, 63, 66, 16, 84, 20, 0, 59]);
    let numbers = [0, 0, 3, 2, 1, 3, 3, 3, 0, 0, 3, 3, 2, 1, 1, 1, 0, 1, 2, 2, 0, 0, 2, 2];
    let expected = numbers.map(|number: usize| colours[number]).concat();
    see(&file).unwrap().assert_rgb(&expected, "interlaced");
}

#[test]
fn a_gif_without_a_palette_is_refused_by_name() {
    let mut file = b"GIF89a\x03\0\x01\0\0\0\0".to_vec();
    file.extend([0x2c, 0, 0, 0, 0, 3, 0, 1, 0, 0, 7, 4, 0x80, 1, 2, 3, 1, 0x81, 0, 0x3b]);
    assert_eq!(refused(&file), "unsupported-feature");
}

/// Returns a BMP of 3x2 pixels with a header of `length` bytes and four palette colours.
fn indexed_bmp(length: u32, compression: u32, height: i32, colors: u32, data: &[u8]) -> Vec<u8> {
    let mut header = [length.to_le_bytes(), 3_i32.to_le_bytes(), height.to_le_bytes()].concat();
    header.extend([1, 0, 8, 0]);
    header.extend([compression, data.len() as u32, 0, 0, colors, 0].map(u32::to_le_bytes).concat());
    header.resize(length as usize, 0);
    let colours: Vec<u8> = (0..4).flat_map(|at| [at, 10 * at, 20 * at, 0]).collect();
    let start = (14 + header.len() + colours.len()) as u32;
    let head = [&b"BM\0\0\0\0\0\0\0\0"[..], &start.to_le_bytes()].concat();
    [head, header, colours, data.to_vec()].concat()
}

#[test]
fn bmp_run_lengths_must_fill_the_image() {
    let rgb = |index: u8| [20 * index, 10 * index, index];
    let expected = [3, 3, 3, 1, 1, 2].map(rgb).concat();
    for (data, what) in [
        (&[2, 1, 1, 2, 0, 0, 3, 3, 0, 1][..], "runs"),
        (&[0, 3, 1, 1, 2, 0, 0, 0, 3, 3, 0, 1], "absolute"),
        (&[2, 1, 9, 2, 0, 0, 3, 3, 0, 0, 0, 1], "a run beyond the row"),
    ] {
        see(&indexed_bmp(40, 1, 2, 4, data)).unwrap().assert_rgb(&expected, what);
    }
    for (data, what) in [
        (&[2, 1, 0, 0, 3, 3, 0, 1][..], "short row"),
        (&[2, 1, 1, 2, 0, 0, 0, 1], "no second row"),
        (&[2, 1, 1, 2, 3, 3, 0, 1], "no end of the first row"),
        (&[1, 1, 0, 2, 2, 0, 0, 0, 3, 3, 0, 1], "delta"),
    ] {
        assert_eq!(refused(&indexed_bmp(40, 1, 2, 4, data)), "unsupported-feature", "{what}");
    }
}

#[test]
fn other_bmp_options_are_refused_by_name() {
    let rows = [1, 1, 2, 0, 3, 3, 3, 0];
    assert!(see(&indexed_bmp(40, 0, 2, 4, &rows)).is_ok());
    for (length, compression, height, colors) in [
        (64, 0, 2, 4),
        (16, 0, 2, 4),
        (40, 4, 2, 4),
        (40, 6, 2, 4),
        (40, 1, -2, 4),
        (40, 0, 2, 257),
    ] {
        let file = indexed_bmp(length, compression, height, colors, &rows);
        assert_eq!(refused(&file), "unsupported-feature", "{length} {compression} {height}");
    }
}

#[test]
fn bmp_rows_in_either_order_are_decoded() {
    let row = |y: u8| -> Vec<u8> { [[y, 1, 2], [3, y, 5], [6, 7, y]].concat() };
    let padded = |y| [row(y), vec![0; 3]].concat();
    let (up, down) = ([padded(0), padded(9)].concat(), [padded(9), padded(0)].concat());
    let expected: Vec<u8> = [row(9), row(0)]
        .concat()
        .as_chunks::<3>()
        .0
        .iter()
        .flat_map(|&[b, g, r]| [r, g, b])
        .collect();
    see(&bmp(3, 2, &up)).unwrap().assert_rgb(&expected, "bottom row first");
    see(&bmp(3, -2, &down)).unwrap().assert_rgb(&expected, "top row first");
    assert_cuts_are_refused(&bmp(3, 2, &up), "bmp", 18);
}

#[test]
fn pnm_of_8_and_16_bits() {
    let rows = bytes(PIXELS * 6);
    let head = |kind: u8, most: u32| format!("P{kind}\n9 7\n{most}\n").into_bytes();
    for (kind, most, stride, at) in [
        (5, 255, 1, [0; 3]),
        (6, 255, 3, [0, 1, 2]),
        (5, 65_535, 2, [0; 3]),
        (6, 65_535, 6, [0, 2, 4]),
    ] {
        let rows = &rows[..PIXELS * stride];
        let file = [head(kind, most), rows.to_vec()].concat();
        see(&file).unwrap().assert_rgb(&pick(rows, stride, at), "pnm");
        assert_eq!(refused(&file[..file.len() - 1]), "truncated");
    }
}

#[test]
fn tiff_colours() {
    let rows = bytes(PIXELS * 5);
    let see = |tags: &[(u16, &[u16])], planes: &[&[u8]], expected: &[u8], what: &str| {
        see(&tiff(9, 7, tags, planes)).unwrap().assert_rgb(expected, what);
    };
    let part = |stride: usize| &rows[..PIXELS * stride];
    see(&[(258, &[8]), (262, &[1])], &[part(1)], &pick(part(1), 1, [0; 3]), "grey");
    let inverted: Vec<u8> = part(1).iter().map(|value| 255 - value).collect();
    see(&[(258, &[8]), (262, &[0])], &[part(1)], &pick(&inverted, 1, [0; 3]), "white is zero");
    see(&[(258, &[16]), (262, &[1])], &[part(2)], &pick(part(2), 2, [1; 3]), "grey of 16 bits");
    see(&[(258, &[8, 8, 8]), (262, &[2]), (277, &[3])], &[part(3)], part(3), "rgb");
    let planes = [0, 1, 2].map(|at| part(3)[at..].iter().step_by(3).copied().collect::<Vec<_>>());
    let planes = [0, 1, 2].map(|at: usize| planes[at].as_slice());
    let planar: [(u16, &[u16]); 4] = [(258, &[8, 8, 8]), (262, &[2]), (277, &[3]), (284, &[2])];
    see(&planar, &planes, part(3), "planes");
    let alpha: [(u16, &[u16]); 4] = [(258, &[8, 8, 8, 8]), (262, &[2]), (277, &[4]), (338, &[2])];
    see(&alpha, &[part(4)], &pick(part(4), 4, [0, 1, 2]), "alpha");
    let divided: Vec<u8> = part(4)
        .chunks(4)
        .flat_map(|pixel| {
            let alpha = u32::from(pixel[3]);
            [0, 1, 2].map(|at| {
                (u32::from(pixel[at]) * 255).checked_div(alpha).unwrap_or(0).min(255) as u8
            })
        })
        .collect();
    let associated: [(u16, &[u16]); 4] =
        [(258, &[8, 8, 8, 8]), (262, &[2]), (277, &[4]), (338, &[1])];
    see(&associated, &[part(4)], &divided, "premultiplied alpha");
    let ink: Vec<u8> = part(4)
        .chunks(4)
        .flat_map(|pixel| {
            let paper = u32::from(255 - pixel[3]);
            [0, 1, 2].map(|at| {
                (paper - ((u32::from(pixel[at]) * paper) as f64 / 255.0).round() as u32) as u8
            })
        })
        .collect();
    see(&[(258, &[8, 8, 8, 8]), (262, &[5]), (277, &[4])], &[part(4)], &ink, "cmyk");
}

#[test]
fn tiff_palettes_of_every_depth() {
    for depth in [1_u16, 2, 4, 8] {
        let count = 1_usize << depth;
        let map: Vec<u16> = (0..count * 3).map(|at| (at * 2579) as u16).collect();
        let rows = bytes(7 * (9 * usize::from(depth)).div_ceil(8));
        let expected: Vec<u8> = rows
            .chunks(rows.len() / 7)
            .flat_map(|row| {
                (0..9).map(|x| {
                    let at = x * usize::from(depth);
                    usize::from(row[at / 8]) >> (8 - usize::from(depth) - at % 8) & (count - 1)
                })
            })
            .flat_map(|number| [0, 1, 2].map(|plane| (map[plane * count + number] >> 8) as u8))
            .collect();
        let file = tiff(9, 7, &[(258, &[depth]), (262, &[3]), (320, &map)], &[&rows]);
        see(&file).unwrap().assert_rgb(&expected, &format!("palette of {depth} bits"));
    }
}

#[test]
fn tiff_orientation_is_applied_and_truncated_files_are_rejected() {
    let rows = bytes(PIXELS * 3);
    for value in 1..=8 {
        let tags: [(u16, &[u16]); 4] =
            [(258, &[8, 8, 8]), (262, &[2]), (277, &[3]), (274, &[value])];
        let file = tiff(9, 7, &tags, &[&rows]);
        assert_eq!(see(&file).unwrap().image.orientation.to_exif(), value);
        // The last four bytes mean that no directory follows.
        for length in 8..file.len() - 4 {
            assert_eq!(refused(&file[..length]), "truncated", "tiff cut to {length}");
        }
    }
}

#[test]
fn a_tiff_with_several_pages_gives_its_first_page_and_a_warning() {
    let rows = bytes(PIXELS);
    let file = tiff(9, 7, &[(258, &[8]), (262, &[1])], &[&rows]);
    let pointer = file.len() - 4;
    // Tag, type, number of values and value of each entry: width, and what kind of image it is.
    let directory = |kind: Option<u32>| {
        let mut entries = vec![(256_u16, 9_u32)];
        entries.extend(kind.map(|kind| (254, kind)));
        entries.sort_unstable();
        let mut directory = (entries.len() as u16).to_le_bytes().to_vec();
        for (tag, value) in entries {
            directory.extend([tag.to_le_bytes(), 4_u16.to_le_bytes()].concat());
            directory.extend([1_u32.to_le_bytes(), value.to_le_bytes()].concat());
        }
        directory
    };
    let chain = |kinds: &[Option<u32>]| {
        let (mut file, mut pointer) = (file.clone(), pointer);
        for &kind in kinds {
            let at = file.len() as u32;
            file[pointer..pointer + 4].copy_from_slice(&at.to_le_bytes());
            file.extend(directory(kind));
            pointer = file.len();
            file.extend([0; 4]);
        }
        file
    };
    let (page, reduced, mask) = (Some(2), Some(1), Some(4));
    for (kinds, expected) in [
        (&[][..], false),
        (&[None], true),
        (&[page], true),
        (&[reduced], false),
        (&[mask, reduced], false),
        (&[reduced, page], true),
    ] {
        let seen = see(&chain(kinds)).unwrap();
        seen.assert_rgb(&pick(&rows, 1, [0; 3]), "first page");
        assert_eq!(seen.warnings.contains(&Warning::FirstFrameOnly), expected, "{kinds:?}");
    }
    // A next directory outside the file, an invalid directory, or the first one again is not a
    // page.
    let linked = |next: u32| {
        let mut file = file.clone();
        file[pointer..].copy_from_slice(&next.to_le_bytes());
        see(&file)
    };
    let first = u32::from_le_bytes(file[4..8].try_into().unwrap());
    for next in [u32::MAX, 8, first] {
        assert!(linked(next).unwrap().warnings.is_empty(), "{next}");
    }
}

#[test]
fn webp_keeps_colours_of_transparent_pixels_and_applies_orientation() {
    let colour = [200, 100, 50];
    let image = lossless(9, 7, [200, 100, 50, 0]);
    see(&webp(std::slice::from_ref(&image))).unwrap().assert_rgb(&colour.repeat(PIXELS), "still");
    for value in 1..=8 {
        let head = riff(b"VP8X", &[0x18, 0, 0, 0, 8, 0, 0, 6, 0, 0]);
        let seen = see(&webp(&[head, image.clone(), riff(b"EXIF", &exif(value))])).unwrap();
        assert_eq!(seen.image.orientation.to_exif(), value);
    }
    // As in libwebp, EXIF and XMP without their flags are ignored; EXIF precedes XMP.
    let packet = riff(b"XMP ", b"tiff:Orientation=\"3\"");
    for (flags, expected) in [(0x10, 1), (0x14, 3), (0x18, 6), (0x1c, 6)] {
        let head = riff(b"VP8X", &[flags, 0, 0, 0, 8, 0, 0, 6, 0, 0]);
        let chunks = [head, image.clone(), riff(b"EXIF", &exif(6)), packet.clone()];
        let seen = see(&webp(&chunks)).unwrap();
        assert_eq!(seen.image.orientation.to_exif(), expected, "{flags:#x}");
    }
    assert_cuts_are_refused(&webp(&[image]), "webp", 12);
}

#[test]
fn an_animated_webp_gives_its_first_frame_on_black() {
    let head = riff(b"VP8X", &[0x12, 0, 0, 0, 8, 0, 0, 6, 0, 0]);
    let control = riff(b"ANIM", &[255, 255, 255, 255, 0, 0]);
    let frame = |colour| {
        let place = [1, 0, 0, 1, 0, 0, 3, 0, 0, 2, 0, 0, 100, 0, 0, 0];
        riff(b"ANMF", &[&place[..], &lossless(4, 3, colour)].concat())
    };
    let frames = [frame([200, 100, 50, 0]), frame([1, 2, 3, 255])];
    let expected: Vec<u8> =
        (0..7)
            .flat_map(|y| (0..9).map(move |x| (x, y)))
            .flat_map(|(x, y)| {
                if (2..6).contains(&x) && (2..5).contains(&y) { [200, 100, 50] } else { [0; 3] }
            })
            .collect();
    let seen = see(&webp(&[&[head, control][..], &frames].concat())).unwrap();
    seen.assert_rgb(&expected, "moving webp");
    assert_eq!(seen.warnings, [Warning::FirstFrameOnly]);
}
