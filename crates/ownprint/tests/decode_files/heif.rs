//! Writes HEIC and AVIF files of arbitrary boxes with little data.

use super::boxes::{Bits, boxed, words};

/// A codec of HEIF items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    Av1,
    Hevc,
}

impl Codec {
    pub const ALL: [Self; 2] = [Self::Av1, Self::Hevc];

    pub fn name(self) -> &'static str {
        if self == Self::Av1 { "AVIF" } else { "HEIC" }
    }

    fn brand(self) -> &'static [u8] {
        if self == Self::Av1 { b"avif" } else { b"heic" }
    }

    pub fn item(self) -> &'static [u8; 4] {
        if self == Self::Av1 { b"av01" } else { b"hvc1" }
    }

    /// Returns the codec configuration and the data of an image of this size: its headers, and
    /// zeros.
    pub fn stream(self, width: u32, height: u32) -> (Vec<u8>, Vec<u8>) {
        if self == Self::Av1 { av1(width, height) } else { hevc(width, height) }
    }
}

/// An item: its type, and the extent of its data.
pub struct Item {
    pub id: u32,
    pub kind: &'static [u8; 4],
    pub data: std::ops::Range<usize>,
    /// Indices of its properties, from 1.
    pub properties: Vec<u8>,
}

/// A file; the first item is the primary image.
pub struct HeifFile {
    pub codec: Codec,
    pub items: Vec<Item>,
    pub properties: Vec<Vec<u8>>,
    pub references: Vec<Vec<u8>>,
    pub data: Vec<u8>,
}

impl HeifFile {
    /// Returns a file of one coded image, whose size in the container may differ from that in the
    /// stream.
    pub fn still(codec: Codec, (width, height): (u32, u32), stream: (u32, u32)) -> Self {
        let (description, data) = codec.stream(stream.0, stream.1);
        Self {
            codec,
            items: vec![Item {
                id: 1,
                kind: codec.item(),
                data: 0..data.len(),
                properties: vec![1, 2],
            }],
            properties: vec![size(width, height), description],
            references: Vec::new(),
            data,
        }
    }

    /// Returns a grid of square tiles with the same data; `ids` returns their item IDs.
    pub fn grid(
        codec: Codec,
        (columns, rows): (u32, u32),
        side: u32,
        ids: impl Fn(u32) -> u32,
    ) -> Self {
        let mut file = Self::still(codec, (side, side), (side, side));
        let start = file.data.len();
        file.data.extend([0, 1, (rows - 1) as u8, (columns - 1) as u8]);
        file.data.extend(words(&[columns * side, rows * side]));
        let part = file.items.remove(0).data;
        let whole =
            Item { id: 1, kind: b"grid", data: start..file.data.len(), properties: vec![3] };
        file.properties.push(size(columns * side, rows * side));
        let parts: Vec<u32> = (0..columns * rows).map(ids).collect();
        let mut different = parts.clone();
        different.dedup();
        file.items = different
            .iter()
            .map(|&id| Item { id, kind: codec.item(), data: part.clone(), properties: vec![1, 2] })
            .collect();
        file.items.insert(0, whole);
        let count = (parts.len() as u16).to_be_bytes();
        file.references.push(boxed(b"dimg", &[&words(&[1]), &count, &words(&parts)]));
        file
    }

    pub fn bytes(&self) -> Vec<u8> {
        let each = |of: fn(&Item) -> Vec<u8>| self.items.iter().flat_map(of).collect::<Vec<u8>>();
        let infos =
            each(|item| boxed(b"infe", &[&words(&[3 << 24, item.id]), &[0; 2], item.kind, &[0]]));
        // Offsets and lengths of four bytes, no base offset, data in the box `idat`.
        let places = each(|item| {
            let (start, length) = (item.data.start as u32, item.data.len() as u32);
            [words(&[item.id]), vec![0, 1, 0, 0, 0, 1], words(&[start, length])].concat()
        });
        let associations = each(|item| {
            [words(&[item.id]), vec![item.properties.len() as u8], item.properties.clone()].concat()
        });
        let count = words(&[self.items.len() as u32]);
        let wide = |version: u32| words(&[version << 24]);
        let meta = boxed(
            b"meta",
            &[
                &wide(0),
                &boxed(b"hdlr", &[&words(&[0, 0]), b"pict", &[0; 13]]),
                &boxed(b"pitm", &[&wide(1), &words(&[self.items[0].id])]),
                &boxed(b"iinf", &[&wide(1), &count, &infos]),
                &boxed(b"iloc", &[&wide(2), &[0x44, 0], &count, &places]),
                &boxed(b"iref", &[&wide(1), &self.references.concat()]),
                &boxed(
                    b"iprp",
                    &[
                        &boxed(b"ipco", &[&self.properties.concat()]),
                        &boxed(b"ipma", &[&wide(1), &count, &associations]),
                    ],
                ),
                &boxed(b"idat", &[&self.data]),
            ],
        );
        [boxed(b"ftyp", &[self.codec.brand(), &[0; 4], b"mif1", self.codec.brand()]), meta].concat()
    }
}

pub fn size(width: u32, height: u32) -> Vec<u8> {
    boxed(b"ispe", &[&words(&[0, width, height])])
}

fn av1(width: u32, height: u32) -> (Vec<u8>, Vec<u8>) {
    // Profile 0, the reduced header of still images, level 8; then the bit widths of the
    // dimensions, and the dimensions.
    let sequence = Bits::default().number(0b00_0111_0011, 10).number(0xff, 8);
    let sequence = sequence.number(width - 1, 16).number(height - 1, 16);
    // No coding tools; eight bits, 4:2:0; no film grain.
    let sequence = sequence.number(0, 6).number(0, 7).number(0, 1).stopped();
    let unit =
        |kind: u8, payload: &[u8]| [&[kind << 3 | 2, payload.len() as u8][..], payload].concat();
    let stream = [unit(1, &sequence), unit(6, &[0; 100])].concat();
    (boxed(b"av1C", &[&[0x81, 0x13, 0x0c, 0]]), stream)
}

fn hevc(width: u32, height: u32) -> (Vec<u8>, Vec<u8>) {
    let profile = |bits: Bits| {
        let flags = bits.number(3, 8).number(u32::MAX, 32).number(u32::MAX, 32).number(0xffff, 16);
        flags.number(186, 8)
    };
    let video =
        Bits::default().number(0x4001, 16).number(0b0000_1100_0000_0001, 16).number(0xffff, 16);
    let video = profile(video)
        .number(1, 1)
        .golomb(0)
        .golomb(0)
        .golomb(0)
        .number(0, 6)
        .golomb(0)
        .number(0, 2);
    let sequence = profile(Bits::default().number(0x4201, 16).number(0b0000_0001, 8));
    let sequence = sequence.golomb(0).golomb(1).golomb(width).golomb(height).number(0, 1);
    let sequence =
        sequence.golomb(0).golomb(0).golomb(0).number(1, 1).golomb(0).golomb(0).golomb(0);
    // Coding blocks of 8 to 64 pixels, transforms of 4 to 32.
    let sequence = sequence.golomb(0).golomb(3).golomb(0).golomb(3).golomb(0).golomb(0);
    let sequence = sequence.number(0, 4).golomb(0).number(0, 5);
    let image =
        Bits::default().number(0x4401, 16).golomb(0).golomb(0).number(0, 7).golomb(0).golomb(0);
    let image =
        image.golomb(0).number(0, 3).golomb(0).golomb(0).number(0, 10).golomb(0).number(0, 2);
    let slice = Bits::default().number(0x2601, 16).number(0b10, 2).golomb(0).golomb(2).golomb(0);
    let slice = [slice.stopped(), vec![0x55; 100]].concat();
    let sets: Vec<u8> = [(32, video), (33, sequence), (34, image)]
        .into_iter()
        .flat_map(|(kind, set)| {
            let set = set.stopped();
            [&[kind, 0, 1][..], &(set.len() as u16).to_be_bytes(), &set].concat()
        })
        .collect();
    let head =
        [&[1, 3][..], &[0xff; 10], &[186, 0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f, 3]].concat();
    let stream = [&(slice.len() as u32).to_be_bytes()[..], &slice].concat();
    (boxed(b"hvcC", &[&head, &sets]), stream)
}
