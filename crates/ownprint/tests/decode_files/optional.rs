//! Writes decompression bombs in the formats of optional features.

#![allow(clippy::trivially_copy_pass_by_ref)]

use super::boxes::{boxed, words};
use super::common::{Bombs, SIDES};
use super::heif::{Codec, HeifFile, size};
use super::jxl;
use super::videos::{
    START, VideoFile, cropped_sequence_set, sample, sequence_set, skipped_frame, still_slice,
};

/// Returns the codecs of HEIC and AVIF that this build decodes.
fn codecs() -> impl Iterator<Item = Codec> {
    Codec::ALL.into_iter().filter(|codec| match codec {
        Codec::Av1 => cfg!(feature = "avif"),
        Codec::Hevc => cfg!(feature = "heic"),
    })
}

/// Returns a file of a few bytes in each of these formats that this build decodes, with this size,
/// a multiple of 16, in its header.
pub fn claims(width: u32, height: u32) -> Vec<(&'static str, Vec<u8>)> {
    let still = |codec: Codec| HeifFile::still(codec, (width, height), (width, height)).bytes();
    let mut files: Vec<_> = codecs().map(|codec| (codec.name(), still(codec))).collect();
    if cfg!(feature = "jxl") {
        files.push(("JPEG XL", jxl::claim(width, height)));
    }
    if cfg!(feature = "video") {
        let set = sequence_set(width / 16, height / 16, 1);
        files.push(("video", VideoFile::new(set, &[&[&START]]).bytes()));
    }
    files
}

/// Returns bombs in HEIC and AVIF, if this build decodes them.
pub fn stills() -> Bombs {
    codecs().flat_map(stills_of).collect()
}

fn stills_of(codec: Codec) -> Bombs {
    let name = codec.name();
    let mut bombs = Vec::new();
    for (side, what) in SIDES {
        let file = HeifFile::still(codec, (side, side), (side, side));
        bombs.push((format!("{name} that claims {side}x{side}, {what}, no data"), file.bytes()));
    }
    let whole = 16_u32;
    for (side, count) in [(1000, 16), (200, 16)] {
        let file = HeifFile::grid(codec, (count, count), side, |at| at + 2);
        let all = side * whole;
        bombs.push((format!("{name} that claims a grid of {all}x{all}, no data"), file.bytes()));
    }
    let above = HeifFile::still(codec, (8, 8), (16_000, 16_000));
    bombs.push((format!("{name} of 8x8 whose stream claims 16000x16000"), above.bytes()));
    let above = HeifFile::still(codec, (4_000, 8), (4_000, 60_000));
    bombs.push((format!("{name} of 4000x8 whose stream claims 4000x60000"), above.bytes()));
    for columns in [44_u32, 128, 256] {
        // AVIF tiles have 64 pixels or more.
        let side = if codec == Codec::Av1 { 64 } else { 8 };
        let mut file = HeifFile::grid(codec, (columns, columns), side, |at| at + 2);
        // Each tile has its own data, a valid AV1 image.
        let length = file.items[1].data.len();
        let data = file.data[..length].repeat(file.items.len() - 2);
        for (part, at) in file.items[2..].iter_mut().zip(0..) {
            let start = file.data.len() + at * length;
            part.data = start..start + length;
        }
        file.data.extend(data);
        let what = if codec == Codec::Av1 && columns == 44 { ", an image" } else { "" };
        let tiles = columns * columns;
        bombs.push((format!("{name} of {tiles} tiles of {side}x{side}{what}"), file.bytes()));
    }
    let mut file = HeifFile::grid(codec, (44, 44), 64, |_| 2);
    // Encoders store equal tiles once.
    let what = if codec == Codec::Av1 { ", an image" } else { "" };
    bombs.push((format!("{name} of 1936 tiles that share one item{what}"), file.bytes()));
    let several = HeifFile::grid(codec, (44, 44), 64, |at| at + 2);
    bombs.push((format!("{name} of 1936 tiles that share their data{what}"), several.bytes()));
    // A megabyte of units before the image, which decoders skip.
    let filler = match codec {
        Codec::Av1 => [15 << 3 | 2, 1, 0].repeat(350_000),
        Codec::Hevc => [0, 0, 0, 3, 0x50, 1, 0].repeat(150_000),
    };
    let start = file.data.len();
    let (_, data) = codec.stream(64, 64);
    file.data.extend([filler, data].concat());
    let end = file.data.len();
    file.items[1].data = start..end;
    bombs.push((format!("{name} of 1936 tiles that share one item of a megabyte"), file.bytes()));

    let mut file = HeifFile::still(codec, (8, 8), (8, 8));
    // Metadata units (ITU-T T.35) or empty units before the image.
    let (units, filler) = match codec {
        Codec::Av1 => {
            ("1,000,000 metadata units, an image", [0x2a, 3, 4, 0xb5, 0x80].repeat(1_000_000))
        }
        Codec::Hevc => ("2,000,000 empty units", [0; 4].repeat(2_000_000)),
    };
    file.data = [filler, file.data].concat();
    file.items[0].data = 0..file.data.len();
    bombs.push((format!("{name} of {units}"), file.bytes()));
    let mut file = HeifFile::still(codec, (8, 8), (8, 8));
    file.properties.resize(1_000_000, boxed(b"free", &[]));
    bombs.push((format!("{name} of 1,000,000 properties"), file.bytes()));
    let mut file = HeifFile::still(codec, (8, 8), (8, 8));
    file.references = vec![boxed(b"cdsc", &[&words(&[1]), &[0, 1], &words(&[1])]); 300_000];
    bombs.push((format!("{name} of 300,000 references"), file.bytes()));
    bombs.push((
        format!("{name} of 16,000 items, each with 65,535 extents of length 0"),
        places(codec),
    ));
    bombs.push((format!("{name} of 1937 items and 2,000,000 associations"), associations(codec)));
    if codec == Codec::Hevc {
        bombs
            .push(("HEIC whose last slice occurs 10,000 times".to_owned(), repeated_slice(10_000)));
        let sets = parameter_sets(1_500);
        bombs.push(("HEIC of 1936 tiles of 8x8 with 1,500 parameter sets".to_owned(), sets));
    }
    bombs
}

/// Returns a HEIC of small tiles that share an image of 64x64 pixels, and a configuration with many
/// equal parameter sets.
fn parameter_sets(count: u16) -> Vec<u8> {
    let tile = include_bytes!("../../../../fuzz/corpus/decode-heic/tile.heic");
    let body = |kind: &[u8; 4]| {
        let at = tile.windows(4).rposition(|found| found == kind).unwrap();
        let length = u32::from_be_bytes(*tile[at - 4..].first_chunk().unwrap()) as usize;
        &tile[at + 4..at - 4 + length]
    };
    let (config, image) = (body(b"hvcC"), body(b"mdat"));
    // The configuration ends with the number of picture parameter sets, the length of the only one
    // in two bytes, and its seven bytes.
    let (head, set) = config.split_at(config.len() - 9);
    let head = &head[..head.len() - 2];
    let config = boxed(b"hvcC", &[head, &count.to_be_bytes(), &set.repeat(count.into())]);
    let mut file = HeifFile::grid(Codec::Hevc, (44, 44), 8, |at| at + 2);
    file.properties[1] = config;
    let start = file.data.len();
    file.data.extend_from_slice(image);
    for item in &mut file.items[1..] {
        item.data = start..start + image.len();
    }
    file.bytes()
}

/// Returns a HEIC of 1024x1024 whose last slice, a quarter of the image, is repeated.
fn repeated_slice(count: usize) -> Vec<u8> {
    let mut file = include_bytes!("../../../../fuzz/corpus/decode-heic/four-slices.heic").to_vec();
    // The box `mdat` is the last, and contains nothing but the image.
    let start = file.windows(4).rposition(|kind| kind == b"mdat").unwrap() + 4;
    let stated = file.len() - start;
    let mut last = start;
    loop {
        let length = u32::from_be_bytes(*file[last..].first_chunk().unwrap()) as usize + 4;
        if last + length == file.len() {
            break;
        }
        last += length;
    }
    let slice = file[last..].repeat(count - 1);
    file.extend_from_slice(&slice);
    // The length of the box, and that of the extent.
    for (old, new) in [stated + 8, stated].map(|old| (old, old + slice.len())) {
        let place = file.windows(4).position(|word| word == (old as u32).to_be_bytes()).unwrap();
        file[place..place + 4].copy_from_slice(&(new as u32).to_be_bytes());
    }
    file
}

/// Returns a table of item locations whose fields have a width of 0, so that its entries take no
/// bytes.
fn places(codec: Codec) -> Vec<u8> {
    let file = HeifFile::still(codec, (8, 8), (8, 8)).bytes();
    let entries: Vec<u8> = (0..16_000_u16)
        .flat_map(|id| [&id.to_be_bytes()[..], &[0, 0, 0xff, 0xff]].concat())
        .collect();
    let table = boxed(b"iloc", &[&[0; 4], &[0, 0], &16_000_u16.to_be_bytes(), &entries]);
    replaced(&file, b"iloc", &table)
}

/// Returns many associations, which the parser searches for each item.
fn associations(codec: Codec) -> Vec<u8> {
    let file = HeifFile::grid(codec, (44, 44), 8, |at| at + 2).bytes();
    let count = 2_000_000;
    let table =
        boxed(b"ipma", &[&[0; 4], &words(&[count]), &[0xff, 0xff, 0].repeat(count as usize)]);
    let properties = boxed(b"ipco", &[&size(8, 8)]);
    replaced(&file, b"iprp", &boxed(b"iprp", &[&properties, &table]))
}

/// Returns a file whose box `meta` contains another box instead of the one of this type.
fn replaced(file: &[u8], kind: &[u8; 4], by: &[u8]) -> Vec<u8> {
    let place = |kind: &[u8; 4]| file.windows(4).position(|it| it == kind).unwrap() - 4;
    let length = |at: usize| u32::from_be_bytes(*file[at..].first_chunk().unwrap());
    let (meta, old) = (place(b"meta"), place(kind));
    let mut new = [&file[..old], by, &file[old + length(old) as usize..]].concat();
    new[meta..meta + 4]
        .copy_from_slice(&(length(meta) + by.len() as u32 - length(old)).to_be_bytes());
    new
}

pub fn jpeg_xl() -> Bombs {
    let mut bombs = Vec::new();
    for (side, what) in SIDES {
        bombs.push((
            format!("JPEG XL that claims {side}x{side}, {what}, no data"),
            jxl::claim(side, side),
        ));
    }
    let mut push = |name: &str, file: Vec<u8>| bombs.push((name.to_owned(), file));
    push("JPEG XL with a colour profile that claims 256 MiB", jxl::profile(135));
    push(
        "JPEG XL with a colour profile that claims 256 MiB, in 16 million copies",
        jxl::profile(1 << 24),
    );
    let profile = jxl::profile(135);
    let parts = [(0_u32, &profile[..20]), (0x8000_0001, &profile[20..])];
    let parts = parts.map(|(number, part)| boxed(b"jxlp", &[&words(&[number]), part]));
    push("the same in two `jxlp` boxes", jxl::contained(&parts));
    let [first, second] = parts;
    push("the same in two `jxlp` boxes, the second first", jxl::contained(&[second, first]));
    let packed = boxed(b"brob", &[b"Exif", &[0x5b, 0xff, 0xff, 0xff].repeat(1000)]);
    push("JPEG XL with 300 packed boxes, and no image", jxl::contained(&vec![packed; 300]));
    let parts: Vec<_> = (1..100_000).map(|number| boxed(b"jxlp", &[&words(&[number])])).collect();
    push("JPEG XL of 99,999 `jxlp` boxes without the first", jxl::contained(&parts));
    let mut open = jxl::contained(&[boxed(b"brob", &[b"Exif"])]);
    let end = open.len();
    open[end - 12..end - 8].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
    push("JPEG XL with a packed box of 2 GiB", open);
    bombs
}

pub fn videos() -> Bombs {
    let small = || VideoFile::new(sequence_set(4, 4, 1), &[&[&START]]);
    let mut bombs = Vec::new();
    for (side, what) in SIDES {
        let set = sequence_set(side / 16, side / 16, 16);
        let file = VideoFile::new(set, &[&[&START]]).bytes();
        bombs.push((format!("video that claims {side}x{side}, {what}, no data"), file));
    }
    let mut push = |name: &str, video: &VideoFile| bombs.push((name.to_owned(), video.bytes()));
    let hidden = [&START[..], &[0, 0, 1], &sequence_set(256, 256, 16)].concat();
    push(
        "video with parameters inside a frame",
        &VideoFile::new(sequence_set(4, 4, 1), &[&[&hidden, &START]]),
    );
    for samples in [u32::MAX, 900_000] {
        let mut video = small();
        (video.common_size, video.samples, video.sizes) = (1, samples, Vec::new());
        video.chunks = vec![[1, samples, 1]];
        push(&format!("video that claims {samples} frames of one byte"), &video);
    }
    let mut video = small();
    (video.data, video.sizes) = (sample(&vec![&[0x0c][..]; 250_000]), vec![1_250_000; 20_000]);
    (video.samples, video.offsets, video.chunks) =
        (20_000, vec![VideoFile::DATA; 20_000], vec![[1, 1, 1]]);
    push("video of 20,000 frames with one offset", &video);
    let mut video = small();
    (video.data, video.sizes, video.samples) = (vec![0; 500_000], vec![1; 500_000], 500_000);
    video.chunks = vec![[1, 500_000, 1]];
    video.edits = (0..500_000).map(|at| [1, 600_000 + at * 2]).collect();
    push("video of 500,000 frames and 500,000 edits that show none", &video);
    let empty: Vec<&[u8]> = vec![&[]; 250_000];
    push(
        "video with 250,000 empty units in one frame",
        &VideoFile::new(sequence_set(4, 4, 1), &[&empty]),
    );
    let sets: Vec<Vec<u8>> = (0..20_000).map(|at| sequence_set(16 + at % 2, 16, 1)).collect();
    let units: Vec<[&[u8]; 1]> = sets.iter().map(|set| [&set[..]]).collect();
    let samples: Vec<&[&[u8]]> = units.iter().map(|units| &units[..]).collect();
    push(
        "video of 20,000 frames that only change the size",
        &VideoFile::new(sequence_set(4, 4, 1), &samples),
    );
    for sides in [[1 << 31, 1 << 31, 0, 0], [0, 0, u32::MAX - 1, 2], [0, 32, 0, 0]] {
        push(
            &format!("video with the cropping {sides:?}"),
            &VideoFile::new(cropped_sequence_set(sides), &[&[&START]]),
        );
    }
    let (side, still) = (100, still_slice(0, 10_000));
    let later = skipped_frame(9, 10_000);
    push(
        "video with 60,000 reference frames and a gap",
        &VideoFile::new(sequence_set(side, side, 60_000), &[&[&still], &[&later]]),
    );
    // Only the frames 0 and 25 are requested.
    let first = std::iter::once(still_slice(0, 2500));
    let frames: Vec<Vec<u8>> =
        first.chain((1..25).chain([30]).map(|at| skipped_frame(at, 2500))).collect();
    let units: Vec<[&[u8]; 1]> = frames.iter().map(|unit| [&unit[..]]).collect();
    let samples: Vec<&[&[u8]]> = units.iter().map(|units| &units[..]).collect();
    push(
        "video with 16 reference frames and a gap",
        &VideoFile::new(sequence_set(50, 50, 16), &samples),
    );
    let next = skipped_frame(1, 10_000);
    let frames: Vec<&[u8]> =
        std::iter::once(&still[..]).chain(std::iter::repeat_n(&next[..], 20_000)).collect();
    push(
        "video with 20,000 frames in one sample",
        &VideoFile::new(sequence_set(side, side, 1), &[&frames]),
    );
    let part = still_slice(1, 1);
    let first = still_slice(0, 1);
    let slices: Vec<&[u8]> =
        std::iter::once(&first[..]).chain(std::iter::repeat_n(&part[..], 20_000)).collect();
    push(
        "video with 20,000 slices at one place",
        &VideoFile::new(sequence_set(side, side, 1), &[&slices]),
    );
    bombs
}
