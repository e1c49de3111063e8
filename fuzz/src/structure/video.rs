//! Videos: the structure of their container, the list of samples, and one sample.

use super::boxes::{self, Node, find};
use super::codecs::Codec;
use super::edits::edit_list;
use super::numbers::Rng;
use super::{ebml, fragments, samples};

/// Texts in files of the codecs.
const SIGNS: [(&str, Codec, [&[u8]; 3]); 5] = [
    ("video", Codec::H264, [b"avc1", b"avc3", b"V_MPEG4/ISO/AVC"]),
    ("hevc", Codec::Hevc, [b"hvc1", b"hev1", b"V_MPEGH/ISO/HEVC"]),
    ("vp9", Codec::Vp9, [b"vp09", b"vp09", b"V_VP9"]),
    ("vp8", Codec::Vp8, [b"vp08", b"vp08", b"V_VP8"]),
    ("av1", Codec::Av1, [b"av01", b"av01", b"V_AV1"]),
];

/// Returns the format of a video, by the name of its codec. Videos of an unknown codec are among
/// those of H.264.
pub fn format_of_video(bytes: &[u8]) -> &'static str {
    let contains = |sign: &[u8]| bytes.windows(sign.len()).any(|window| window == sign);
    let found = SIGNS.iter().find(|(_, _, signs)| signs.iter().any(|sign| contains(sign)));
    found.map_or("video", |(name, ..)| name)
}

pub(super) fn change_h264(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    change(bytes, donor, Codec::H264, numbers)
}

pub(super) fn change_hevc(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    change(bytes, donor, Codec::Hevc, numbers)
}

pub(super) fn change_vp9(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    change(bytes, donor, Codec::Vp9, numbers)
}

pub(super) fn change_vp8(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    change(bytes, donor, Codec::Vp8, numbers)
}

pub(super) fn change_av1(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    change(bytes, donor, Codec::Av1, numbers)
}

fn change(bytes: &[u8], donor: &[u8], codec: Codec, numbers: &mut Rng) -> Option<Vec<u8>> {
    let other = Samples::of(donor).unwrap_or_default();
    if let Some(mut elements) = ebml::parse(bytes) {
        if numbers.one_in(3) {
            ebml::change(&mut elements, &ebml::parse(donor).unwrap_or_default(), numbers);
        } else {
            let (frames, record) = ebml::frames(&mut elements);
            let changed = Samples { frames, record }.changed(&other, codec, numbers)?;
            ebml::replace_frames(&mut elements, &changed.frames, &changed.record);
        }
        return Some(ebml::write(&elements));
    }
    let mut nodes = boxes::parse(bytes)?;
    if numbers.one_in(3) {
        let before = boxes::data_start(&nodes);
        boxes::change(&mut nodes, &boxes::parse(donor).unwrap_or_default(), numbers)?;
        if !numbers.one_in(16) {
            shift(&mut nodes, before);
        }
        return Some(boxes::write(&nodes));
    }
    let read = Samples::of(bytes).filter(|samples| !samples.frames.is_empty())?;
    let record = read.record.clone();
    let changed = read.changed(&other, codec, numbers)?;
    if changed.record == record {
        if !fragments::write(&mut nodes, &changed.frames) {
            samples::write(&mut nodes, &changed.frames, numbers)?;
        }
    } else {
        let before = boxes::data_start(&nodes);
        *record_of(&mut nodes)?.bytes_mut()? = changed.record;
        shift(&mut nodes, before);
    }
    Some(boxes::write(&nodes))
}

/// Moves the offsets of chunks with the data, which began at `before`.
fn shift(nodes: &mut [Node], before: usize) {
    let shift = (boxes::data_start(nodes) as u32).wrapping_sub(before as u32);
    if shift != 0 {
        samples::shift(nodes, shift);
    }
}

fn record_of(nodes: &mut [Node]) -> Option<&mut Node> {
    let kind = [*b"avcC", *b"hvcC", *b"av1C"].into_iter().find(|it| find(nodes, *it).is_some())?;
    find(nodes, kind)
}

/// The samples of a video, and the configuration record of its decoder.
#[derive(Default)]
struct Samples {
    frames: Vec<Vec<u8>>,
    record: Vec<u8>,
}

impl Samples {
    fn of(bytes: &[u8]) -> Option<Self> {
        if let Some(mut elements) = ebml::parse(bytes) {
            let (frames, record) = ebml::frames(&mut elements);
            return Some(Self { frames, record });
        }
        let mut nodes = boxes::parse(bytes)?;
        let frames = fragments::read(&nodes).or_else(|| samples::read(&mut nodes, bytes))?;
        let record = record_of(&mut nodes).and_then(|node| node.bytes()).unwrap_or_default();
        Some(Self { frames, record: record.to_vec() })
    }

    /// Edits the record, the list of samples, or one sample.
    fn changed(mut self, other: &Self, codec: Codec, numbers: &mut Rng) -> Option<Self> {
        if numbers.one_in(4)
            && let Some(record) = codec.changed_record(&self.record, &other.record, numbers)
        {
            return Some(Self { record, ..self });
        }
        if numbers.one_in(4) {
            edit_list(&mut self.frames, &other.frames, |frame| frame.len() + 8, numbers);
            return Some(self);
        }
        // Damage to an early sample reaches all that refer to it.
        let reach = if numbers.one_in(2) { self.frames.len() } else { self.frames.len().min(3) };
        let at = numbers.below(reach);
        let donor = numbers.pick(&other.frames).map_or(&[][..], Vec::as_slice);
        let frame = self.frames.get_mut(at)?;
        *frame = codec.changed(frame, donor, numbers);
        Some(self)
    }
}
