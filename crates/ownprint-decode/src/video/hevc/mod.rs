//! Decodes HEVC access units to frames with `rust_h265`.
//!
//! "HEVC" below is ITU-T H.265.

mod order;
mod parameters;
mod reference_sets;
mod references;
mod stream;

use rust_h265::{DecodeError, DecodeLimits, Decoder, Frame as DecodedFrame, PixelData, parse_nal};

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{Limits, Size};
use zeroize::Zeroize;

use self::order::Order;
use self::stream::{Stream, UnitKind};
use crate::detail::short;
use crate::error::Error;
use crate::video::codec::{Codec, SampleInfo, SampleKind};
use crate::video::errors::{damaged, unsupported};
use crate::video::fields::Fields;
use crate::video::frame::{Frame, high_bits};
use crate::video::nal::{self, Framing};

/// An access unit delimiter, which ends a picture.
const DELIMITER: [u8; 3] = [35 << 1, 1, 0x50];

/// A decoder with limits.
pub(super) struct Hevc {
    decoder: Decoder,
    stream: Stream,
    framing: Framing,
    leading: Leading,
    order: Order,
}

/// Which pictures are shown, and which are disposable, while samples are inspected.
#[derive(Debug, Default)]
struct Leading {
    /// The highest temporal layer in the last sequence parameter set.
    highest_layer: u8,
    has_started: bool,
    is_after_end: bool,
    /// Leading pictures that refer to pictures before the last random access point are not decoded.
    are_skipped: bool,
}

impl Hevc {
    /// Returns a decoder for a track with this `hvcC` record (ISO/IEC 14496-15, 8.3.3.1).
    pub(super) fn open(
        record: Option<&[u8]>,
        limits: &Limits,
        file_bytes: u64,
    ) -> Result<Self, Error> {
        let decoder = Decoder::with_limits(DecodeLimits {
            max_picture_pixels: limits.pixels,
            max_picture_memory_bytes: limits.memory,
        });
        let mut codec = Self {
            decoder,
            stream: Stream::new(limits, file_bytes),
            framing: Framing::StartCodes,
            leading: Leading::default(),
            order: Order::default(),
        };
        // Without a record, the samples are byte streams with parameter sets.
        let Some(record) = record else { return Ok(codec) };
        let mut fields = Fields(record);
        let header: [u8; 23] = fields.array()?;
        let [.., lengths, arrays] = header;
        codec.framing = Framing::Length(usize::from(lengths & 3) + 1);
        for _ in 0..arrays {
            fields.u8()?;
            for _ in 0..fields.u16()? {
                let length = fields.u16()?;
                let unit = fields.take(length.into())?;
                codec.leading.inspect(unit);
                codec.inspect_set(unit);
                codec.decode_set(unit)?;
            }
        }
        Ok(codec)
    }

    /// Reads what the order of frames needs of a parameter set.
    fn inspect_set(&mut self, unit: &[u8]) {
        if stream::kind(unit) == UnitKind::Parameters {
            self.order.take_set(unit);
        }
    }

    /// Decodes a unit if it is a parameter set or the end of a sequence.
    fn decode_set(&mut self, unit: &[u8]) -> Result<(), Error> {
        if is_set(unit) {
            self.decode_unit(unit)?;
        }
        Ok(())
    }

    /// Decodes a unit of a sample, and returns the frame that it ends.
    ///
    /// The decoder reads only units that [`Stream`] has checked.
    fn decode_unit(&mut self, unit: &[u8]) -> Result<Option<DecodedFrame>, Error> {
        if !self.stream.accept(unit)? {
            return Ok(None);
        }
        self.pass(unit)
    }

    fn pass(&mut self, unit: &[u8]) -> Result<Option<DecodedFrame>, Error> {
        let unit = parse_nal(unit).ok_or_else(|| damaged("a NAL unit without a header"))?;
        self.decoder.decode_nal(&unit).map_err(refusal)
    }
}

impl Codec for Hevc {
    fn inspect(&mut self, sample: &[u8]) -> SampleInfo {
        let units = nal::units(sample, self.framing).map_while(Result::ok);
        let mut info = SampleInfo { order: None, ..SampleInfo::new(SampleKind::Disposable) };
        let (mut has_parameters, mut has_slice) = (false, false);
        for unit in units {
            has_parameters |= is_set(unit);
            self.inspect_set(unit);
            let (Some(frame), UnitKind::Slice(kind)) =
                (self.leading.inspect(unit), stream::kind(unit))
            else {
                continue;
            };
            // The first slice has the order count of the frame.
            let order = if has_slice {
                info.order
            } else {
                self.order.next(unit, kind, frame.kind == SampleKind::Start)
            };
            has_slice = true;
            info = SampleInfo { order, ..frame };
        }
        SampleInfo { has_parameters, ..info }
    }

    fn decode(
        &mut self,
        sample: &[u8],
        is_wanted: bool,
        check: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Option<Frame>, Error> {
        self.stream.start_sample();
        let mut frame = None;
        let delimiter = std::iter::once(Ok(&DELIMITER[..]));
        for unit in nal::units(sample, self.framing).chain(delimiter) {
            check()?;
            let unit = unit?;
            let ended = if unit == DELIMITER { self.pass(unit)? } else { self.decode_unit(unit)? };
            if let Some(ended) = ended.map(Decoded)
                && frame.replace(ended).is_some()
            {
                return Err(damaged("more than one frame in a sample"));
            }
        }
        let Some(frame) = frame else { return Ok(None) };
        self.stream.check_blocks(&frame.0)?;
        if is_wanted { frame.converted(&self.stream).map(Some) } else { Ok(None) }
    }

    /// Decodes the parameter sets, and the end of a sequence.
    fn skip(&mut self, sample: &[u8]) -> Result<(), Error> {
        let mut units = nal::units(sample, self.framing).map_while(Result::ok);
        units.try_for_each(|unit| self.decode_set(unit))
    }
}

impl Leading {
    /// Reads the header of a unit; `None` if it is no slice.
    fn inspect(&mut self, unit: &[u8]) -> Option<SampleInfo> {
        let layer = unit.get(1)? & 7;
        match stream::kind(unit) {
            UnitKind::Slice(kind) => {
                let is_start = kind.is_random_access();
                if is_start {
                    let restarts = !self.has_started || self.is_after_end;
                    self.are_skipped = kind.is_broken_link() || kind.is_clean() && restarts;
                    (self.has_started, self.is_after_end) = (true, false);
                }
                let is_skipped = kind.is_skipped_leading() && self.are_skipped;
                let is_disposable =
                    is_skipped || kind.is_never_referred() && layer == self.highest_layer + 1;
                // A clean random access point in the middle has leading pictures that refer to
                // pictures before it.
                let kind = if is_start && (self.are_skipped || !kind.is_clean()) {
                    SampleKind::Start
                } else if is_disposable {
                    SampleKind::Disposable
                } else {
                    SampleKind::Reference
                };
                Some(SampleInfo { is_shown: !is_skipped, ..SampleInfo::new(kind) })
            }
            UnitKind::Parameters => {
                if stream::is_sequence_set(unit) {
                    self.highest_layer = unit.get(2)? >> 1 & 7;
                }
                None
            }
            UnitKind::End => {
                self.is_after_end = true;
                None
            }
            UnitKind::Other => None,
        }
    }
}

/// Returns `true` for a parameter set or the end of a sequence.
fn is_set(unit: &[u8]) -> bool {
    matches!(stream::kind(unit), UnitKind::Parameters | UnitKind::End)
}

/// A frame of the decoder, overwritten on drop.
struct Decoded(DecodedFrame);

impl Decoded {
    fn converted(mut self, stream: &Stream) -> Result<Frame, Error> {
        let size = Size { width: self.0.width, height: self.0.height };
        let depth = self.0.bit_depth.into();
        if self.0.chroma_format_idc != 1 {
            return Err(unsupported("chroma other than 4:2:0"));
        }
        let planes = [&mut self.0.y, &mut self.0.u, &mut self.0.v].map(|plane| match plane {
            PixelData::U8(samples) => WipedBytes(std::mem::take(samples)),
            PixelData::U16(samples) => high_bits(samples.len(), samples.iter().copied(), depth),
        });
        Ok(Frame { size, planes, range: stream.range() })
    }
}

impl Drop for Decoded {
    fn drop(&mut self) {
        for plane in [&mut self.0.y, &mut self.0.u, &mut self.0.v] {
            match plane {
                PixelData::U8(samples) => drop(WipedBytes(std::mem::take(samples))),
                PixelData::U16(samples) => samples.zeroize(),
            }
        }
    }
}

fn refusal(error: DecodeError) -> Error {
    match error {
        DecodeError::Unsupported(what) => unsupported(short(what)),
        error => damaged(short(&error.to_string())),
    }
}
