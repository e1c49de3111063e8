//! Changes to one frame of a video: units, superframes, frame headers.

use super::edits::{BitOrder, edit_bits, edit_bytes, edit_list};
use super::numbers::Rng;
use super::{hevc, obu, units};

/// A codec of videos.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    H264,
    Hevc,
    Vp9,
    Vp8,
    Av1,
}

impl Codec {
    /// Returns the sample with one change. `donor` is the sample of another file.
    pub(super) fn changed(self, sample: &[u8], donor: &[u8], numbers: &mut Rng) -> Vec<u8> {
        match self {
            Self::H264 | Self::Hevc => self.changed_units(sample, donor, numbers),
            Self::Vp9 => changed_vp9(sample, donor, numbers),
            Self::Vp8 => changed_vp8(sample, numbers),
            Self::Av1 => changed_av1(sample, donor, numbers),
        }
    }

    /// Returns the configuration record with a change of its parameter sets.
    pub(super) fn changed_record(
        self,
        record: &[u8],
        donor: &[u8],
        numbers: &mut Rng,
    ) -> Option<Vec<u8>> {
        match self {
            Self::H264 => units::changed_avc_record(record, donor, numbers),
            Self::Hevc => hevc::changed_record(record, donor, numbers),
            Self::Av1 => {
                let (head, body) = record.split_at_checked(4)?;
                Some([head, &obu::change(body, donor.get(4..)?, numbers)].concat())
            }
            Self::Vp8 | Self::Vp9 => None,
        }
    }

    fn changed_units(self, sample: &[u8], donor: &[u8], numbers: &mut Rng) -> Vec<u8> {
        let mut list = units::parse(sample);
        let other = units::parse(donor);
        let place = numbers.below(list.len() + 1);
        let at = numbers.below(list.len());
        match (numbers.below(6), list.get_mut(at)) {
            (0 | 1, _) | (_, None) => edit_list(&mut list, &other, |it| it.len() + 4, numbers),
            (2, _) if self == Self::H264 => list.insert(place, units::sequence_set(numbers)),
            (2, _) if numbers.one_in(3) => list.insert(place, hevc::image_set(numbers)),
            (2, _) => list.insert(place, hevc::sequence_set(numbers)),
            (_, Some(unit)) if self == Self::H264 => units::change_h264(unit, numbers),
            (_, Some(unit)) => units::change_hevc(unit, numbers),
        }
        units::write(&list, numbers)
    }
}

/// Splits a superframe (VP9, annex B), edits the list of frames or one of them, and writes the
/// index.
fn changed_vp9(sample: &[u8], donor: &[u8], numbers: &mut Rng) -> Vec<u8> {
    let mut frames = split(sample);
    let other = split(donor);
    let at = numbers.below(frames.len());
    match (numbers.below(8), frames.get_mut(at)) {
        (0 | 1, _) | (_, None) => edit_list(&mut frames, &other, |it| it.len() + 4, numbers),
        // Shows one of the references.
        (2, _) => frames.insert(at, vec![0x88 | numbers.below(8) as u8]),
        (3, Some(frame)) => *frame = edit_bits(frame, BitOrder::HighFirst, false, numbers),
        (4, Some(frame)) => edit_bytes(frame, &[], numbers),
        (5, Some(frame)) => *frame = with_flags(frame, numbers),
        (_, Some(frame)) => *frame = resized(frame, numbers),
    }
    join(&frames, numbers)
}

fn split(sample: &[u8]) -> Vec<Vec<u8>> {
    let index = || {
        let marker = *sample.last()?;
        let (count, width) = (usize::from(marker & 7) + 1, usize::from(marker >> 3 & 3) + 1);
        let start = sample.len().checked_sub(2 + width * count)?;
        (marker & 0xe0 == 0xc0 && sample[start] == marker).then_some((start, width))
    };
    let Some((start, width)) = index() else { return vec![sample.to_vec()] };
    let mut frames = Vec::new();
    let mut rest = &sample[..start];
    for size in sample[start + 1..sample.len() - 1].chunks_exact(width) {
        let size = size.iter().rev().fold(0, |size, &byte| size << 8 | usize::from(byte));
        let (frame, behind) = rest.split_at(size.min(rest.len()));
        frames.push(frame.to_vec());
        rest = behind;
    }
    frames
}

fn join(frames: &[Vec<u8>], numbers: &mut Rng) -> Vec<u8> {
    let mut bytes = frames.concat();
    let has_one = frames.len() < 2 && !numbers.one_in(8);
    if has_one || frames.is_empty() {
        return bytes;
    }
    let stated = frames.len().min(8);
    let marker = 0xc0 | 3 << 3 | (stated - 1) as u8;
    let wrong = numbers.one_in(16).then(|| numbers.below(stated));
    bytes.push(marker);
    for (at, frame) in frames.iter().take(stated).enumerate() {
        let size = if wrong == Some(at) { numbers.number() } else { frame.len() as u32 };
        bytes.extend(size.to_le_bytes());
    }
    bytes.push(marker);
    bytes
}

/// Changes the flags of a VP9 frame: profile, shown, key frame, error resilient.
fn with_flags(frame: &[u8], numbers: &mut Rng) -> Vec<u8> {
    let mut frame = frame.to_vec();
    if let Some(first) = frame.first_mut() {
        *first ^= *numbers.pick(&[1, 2, 2, 4, 8, 0x10, 0x20, 0x30]).unwrap_or(&2);
    }
    if let (true, Some(second)) = (numbers.one_in(2), frame.get_mut(1)) {
        *second = numbers.byte();
    }
    frame
}

/// Gives a VP9 frame another size: a key frame, or one that scales its references.
fn resized(frame: &[u8], numbers: &mut Rng) -> Vec<u8> {
    let mut bits = BitOrder::HighFirst.unpack(frame);
    let sides = [numbers.side(), numbers.side()];
    let size = sides
        .map(|side| side.saturating_sub(1))
        .map(|side| (0..16).rev().map(move |b| side >> b & 1 == 1));
    let size: Vec<bool> = size.into_iter().flatten().collect();
    let Some(first) = frame.first() else { return Vec::new() };
    let (is_inter, is_shown, is_resilient) = (first & 4 > 0, first & 2 > 0, first & 1 > 0);
    if !is_inter {
        // Behind the start code, the colour space and the range.
        let at = 36.min(bits.len());
        let end = 68.min(bits.len());
        bits.splice(at..end, size);
    } else {
        let before = 8 + usize::from(!is_shown) + 2 * usize::from(!is_resilient);
        if numbers.one_in(3) {
            for bit in bits.iter_mut().skip(before).take(20) {
                *bit ^= numbers.one_in(4);
            }
        }
        // Three references that do not have the size, and the size. The next bit found a size.
        let at = (before + 20).min(bits.len());
        let end = (at + 1).min(bits.len());
        bits.splice(at..end, [false; 3].into_iter().chain(size));
    }
    BitOrder::HighFirst.pack(&bits)
}

/// Changes the tag, the size or bytes of a VP8 frame (RFC 6386, 9.1).
fn changed_vp8(frame: &[u8], numbers: &mut Rng) -> Vec<u8> {
    let mut frame = frame.to_vec();
    let is_key = frame.first().is_some_and(|first| first & 1 == 0);
    match numbers.below(8) {
        // The kind of frame, the version, shown.
        0 => {
            if let Some(first) = frame.first_mut() {
                *first ^= *numbers.pick(&[1, 2, 4, 6, 8, 0x10]).unwrap_or(&1);
            }
        }
        // The length of the first partition.
        1 => {
            let length = if numbers.one_in(2) {
                numbers.below(frame.len()) as u32
            } else {
                numbers.number()
            };
            if let Some(tag) = frame.get_mut(..3) {
                let value = u32::from(tag[0] & 0x1f) | length << 5;
                tag.copy_from_slice(&value.to_le_bytes()[..3]);
            }
        }
        2 | 3 if is_key => {
            let sides = [numbers.side() as u16, numbers.side() as u16];
            if let Some(size) = frame.get_mut(6..10) {
                size[..2].copy_from_slice(&sides[0].to_le_bytes());
                size[2..].copy_from_slice(&sides[1].to_le_bytes());
            }
        }
        // The header, which the first partition begins with: segments, filters, partitions.
        4 | 5 => {
            let start = if is_key { 10 } else { 3 };
            for _ in 0..1 + numbers.below(3) {
                if let Some(byte) = frame.get_mut(start + numbers.below(12)) {
                    *byte ^= 1 << numbers.below(8);
                }
            }
        }
        _ => edit_bytes(&mut frame, &[], numbers),
    }
    frame
}

/// Edits the units of an AV1 sample, or what its frame headers begin with.
fn changed_av1(sample: &[u8], donor: &[u8], numbers: &mut Rng) -> Vec<u8> {
    if numbers.one_in(4) {
        obu::with_flags(sample, numbers)
    } else {
        obu::change(sample, donor, numbers)
    }
}
