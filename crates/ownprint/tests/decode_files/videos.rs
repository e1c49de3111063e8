//! Writes MP4 videos of arbitrary tables and H.264 units.

use super::boxes::{Bits, boxed, words};

/// A video of one track: the values of its tables, and the data of its `mdat` box, which begin at
/// byte [`VideoFile::DATA`].
pub struct VideoFile {
    pub sequence_set: Vec<u8>,
    pub data: Vec<u8>,
    /// The size of every sample, or 0 if `sizes` has them.
    pub common_size: u32,
    pub samples: u32,
    /// The size of each sample.
    pub sizes: Vec<u32>,
    /// The offset of each chunk.
    pub offsets: Vec<u32>,
    /// First chunk, samples per chunk, sample description.
    pub chunks: Vec<[u32; 3]>,
    /// Duration and start of each edit.
    pub edits: Vec<[u32; 2]>,
}

impl VideoFile {
    /// The offset of the data in the file.
    pub const DATA: u32 = 24;

    /// Returns a video of these samples, each of which is a list of units.
    pub fn new(sequence_set: Vec<u8>, samples: &[&[&[u8]]]) -> Self {
        let samples: Vec<Vec<u8>> = samples.iter().map(|units| sample(units)).collect();
        let sizes: Vec<u32> = samples.iter().map(|sample| sample.len() as u32).collect();
        Self {
            sequence_set,
            data: samples.concat(),
            common_size: 0,
            samples: sizes.len() as u32,
            offsets: vec![Self::DATA],
            chunks: vec![[1, sizes.len() as u32, 1]],
            sizes,
            edits: Vec::new(),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        /// A minimal PPS with `entropy_coding_mode_flag` 0.
        const IMAGE_SET: [u8; 4] = [0x68, 0xce, 0x3c, 0x80];
        let table = |kind: &[u8; 4], count: usize, entries: &[u32]| {
            boxed(kind, &[&words(&[0, count as u32]), &words(entries)])
        };
        let set = &self.sequence_set;
        let configuration = boxed(
            b"avcC",
            &[
                &[1, set[1], set[2], set[3], 0xff, 0xe1],
                &(set.len() as u16).to_be_bytes(),
                set,
                &[1, 0, IMAGE_SET.len() as u8],
                &IMAGE_SET,
            ],
        );
        let description = boxed(b"avc1", &[&[0; 78], &configuration]);
        let table_of_samples = boxed(
            b"stbl",
            &[
                &boxed(b"stsd", &[&words(&[0, 1]), &description]),
                &table(b"stts", 1, &[self.samples, 1]),
                &table(b"stsc", self.chunks.len(), self.chunks.as_flattened()),
                &boxed(
                    b"stsz",
                    &[&words(&[0, self.common_size, self.samples]), &words(&self.sizes)],
                ),
                &table(b"stco", self.offsets.len(), &self.offsets),
            ],
        );
        let media = boxed(
            b"mdia",
            &[
                &boxed(b"mdhd", &[&words(&[0, 0, 0, 25, self.samples, 0])]),
                &boxed(b"hdlr", &[&words(&[0, 0]), b"vide", &[0; 13]]),
                &boxed(b"minf", &[&table_of_samples]),
            ],
        );
        let edits: Vec<u32> =
            self.edits.iter().flat_map(|&[length, start]| [length, start, 0x1_0000]).collect();
        let edits = boxed(b"edts", &[&table(b"elst", self.edits.len(), &edits)]);
        let header = boxed(b"mvhd", &[&words(&[0, 0, 0, 25, self.samples]), &[0; 80]]);
        let movie = boxed(b"moov", &[&header, &boxed(b"trak", &[&edits, &media])]);
        [boxed(b"ftyp", &[b"isom\0\0\0\0"]), boxed(b"mdat", &[&self.data]), movie].concat()
    }
}

/// Returns units with their lengths.
pub fn sample(units: &[&[u8]]) -> Vec<u8> {
    units.iter().flat_map(|unit| [&(unit.len() as u32).to_be_bytes()[..], unit].concat()).collect()
}

/// Returns the sequence parameter set for frames of this many macroblocks of 16 pixels.
pub fn sequence_set(columns: u32, rows: u32, references: u32) -> Vec<u8> {
    let set = Bits::default().number(0x67, 8).number(66, 8).number(0, 8).number(51, 8);
    // Parameter set ID, width of frame numbers, `pic_order_cnt_type` 2.
    let set = set.golomb(0).golomb(0).golomb(2).golomb(references).number(0, 1);
    let set = set.golomb(columns - 1).golomb(rows - 1);
    // Frames only, 8x8 inference, no cropping, no usability information.
    set.number(0b1100, 4).stopped()
}

/// Returns the sequence parameter set for 64x64 pixels with this cropping: left, right, top, bottom.
pub fn cropped_sequence_set(sides: [u32; 4]) -> Vec<u8> {
    let set = Bits::default().number(0x67, 8).number(66, 8).number(0, 8).number(51, 8);
    let set = set.golomb(0).golomb(0).golomb(2).golomb(1).number(0, 1).golomb(3).golomb(3);
    let set = set.number(0b111, 3);
    escaped(&sides.into_iter().fold(set, Bits::golomb).number(0, 1).stopped())
}

/// Returns a unit with emulation prevention bytes.
fn escaped(unit: &[u8]) -> Vec<u8> {
    let mut result: Vec<u8> = Vec::new();
    for &byte in unit {
        if byte <= 3 && result.ends_with(&[0, 0]) {
            result.push(3);
        }
        result.push(byte);
    }
    result
}

/// Returns a slice of an IDR picture: `count` grey macroblocks from the macroblock `first` on.
pub fn still_slice(first: u32, count: u32) -> Vec<u8> {
    let slice = Bits::default().number(0x65, 8).golomb(first).golomb(7).golomb(0);
    // Frame number, picture ID, marking, quantizer, no filter.
    let slice = slice.number(0, 4).golomb(0).number(0, 2).golomb(0).golomb(1);
    // DC prediction of 16x16 samples without coefficients takes a byte.
    (0..count).fold(slice, |slice, _| slice.number(0x27, 8)).stopped()
}

/// Returns a reference picture that repeats the previous one.
pub fn skipped_frame(number: u32, macroblocks: u32) -> Vec<u8> {
    let slice = Bits::default().number(0x61, 8).golomb(0).golomb(5).golomb(0);
    // Frame number, references, order, marking, quantizer, no filter.
    let slice = slice.number(number % 16, 4).number(0, 3).golomb(0).golomb(1);
    slice.golomb(macroblocks).stopped()
}

/// The header of an IDR slice: a unit without macroblocks.
pub const START: [u8; 4] = [0x65, 0x88, 0x84, 0xf8];

/// Returns the video with a few bytes altered, removed or duplicated, half of the time in the
/// tables at the end.
pub fn altered(video: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut number = move |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let mut bytes = video.to_vec();
    for _ in 0..=number(3) {
        let start = if number(2) == 0 { 0 } else { bytes.len() * 2 / 3 };
        let at = start + number(bytes.len() - start);
        let end = (at + number(30)).min(bytes.len());
        match number(12) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.extend_from_within(at..end),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = [0, 0xff, *byte ^ 1, *byte ^ 0x80, number(256) as u8][number(5)];
                }
            }
        }
    }
    bytes
}

/// Returns the boxes of a video with their chunk offsets in 64 bits, moved by `shift` bytes.
pub fn with_wide_offsets(boxes: &[u8], shift: u64) -> Vec<u8> {
    let mut moved = Vec::new();
    let mut rest = boxes;
    while let Some(length) = rest.first_chunk() {
        let (this, behind) = rest.split_at(u32::from_be_bytes(*length) as usize);
        rest = behind;
        let kind = this[4..].first_chunk().unwrap();
        let body = &this[8..];
        moved.extend(match kind {
            b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" => {
                boxed(kind, &[&with_wide_offsets(body, shift)])
            }
            b"stco" => {
                let offsets = body[8..].as_chunks().0.iter();
                let offsets: Vec<u8> = offsets
                    .flat_map(|offset| {
                        (u64::from(u32::from_be_bytes(*offset)) + shift).to_be_bytes()
                    })
                    .collect();
                boxed(b"co64", &[&body[..8], &offsets])
            }
            _ => this.to_vec(),
        });
    }
    moved
}
