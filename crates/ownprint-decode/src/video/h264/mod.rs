//! Decodes H.264 access units to frames with `rusty_h264-decoder`.

mod order;
mod parameters;
mod references;
mod slice;
mod stream;
mod units;

use rusty_h264_decoder::{DecodeError, Decoder};

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{Limits, Size};

use self::order::Order;
use self::stream::{Decoded, Stream};
use self::units::{UnitKind, byte_stream, trimmed};
use crate::detail::short;
use crate::error::Error;
use crate::video::codec::{Codec, SampleInfo, SampleKind};
use crate::video::errors::{damaged, unsupported};
use crate::video::fields::Fields;
use crate::video::frame::Frame;
use crate::video::nal::{self, Framing};

/// A decoder with limits.
pub(super) struct H264 {
    decoder: Decoder,
    stream: Stream,
    framing: Framing,
    order: Order,
}

impl H264 {
    /// Returns a decoder for a track with this `avcC` record (ISO/IEC 14496-15, 5.3.3.1).
    pub(super) fn open(
        record: Option<&[u8]>,
        limits: &Limits,
        file_bytes: u64,
    ) -> Result<Self, Error> {
        let mut codec = Self {
            decoder: Decoder::new(),
            stream: Stream::new(limits, file_bytes),
            framing: Framing::StartCodes,
            order: Order::default(),
        };
        // Without a record, the samples are byte streams with parameter sets.
        let Some(record) = record else { return Ok(codec) };
        let mut fields = Fields(record);
        let [_version, _profile, _constraints, _level, lengths, sequence_sets] = fields.array()?;
        codec.framing = Framing::Length(usize::from(lengths & 3) + 1);
        for _ in 0..sequence_sets & 31 {
            let length = fields.u16()?;
            codec.open_set(fields.take(length.into())?)?;
        }
        for _ in 0..fields.u8()? {
            let length = fields.u16()?;
            codec.open_set(fields.take(length.into())?)?;
        }
        Ok(codec)
    }

    /// Takes a parameter set of the record.
    fn open_set(&mut self, unit: &[u8]) -> Result<(), Error> {
        self.order.take_set(trimmed(unit));
        self.decode_set(unit)
    }

    /// Decodes a unit if it is a parameter set.
    fn decode_set(&mut self, unit: &[u8]) -> Result<(), Error> {
        if units::kind(unit) == UnitKind::Parameters {
            self.decode_unit(unit)?;
        }
        Ok(())
    }

    /// Decodes a unit of a sample, and returns the frame if the unit completes it.
    ///
    /// The decoder reads only units that [`Stream`] has checked.
    fn decode_unit(&mut self, unit: &[u8]) -> Result<Option<Frame>, Error> {
        let unit = trimmed(unit);
        if !self.stream.accept(unit)? {
            return Ok(None);
        }
        let stream = byte_stream(unit);
        let Some(frame) = self.decoder.decode(&stream.0).map_err(refusal)? else {
            return Ok(None);
        };
        let size = Size { width: frame.width as u32, height: frame.height as u32 };
        let planes = [frame.y, frame.u, frame.v].map(WipedBytes);
        let Decoded { range, slice_ends } = self.stream.finish()?;
        let frame = Frame { size, planes, range };
        if slice_ends.into_iter().any(|end| is_missing(&frame, end)) {
            return Err(damaged("missing slice"));
        }
        Ok(Some(frame))
    }
}

impl Codec for H264 {
    /// The kind of a sample is the highest of its units.
    fn inspect(&mut self, sample: &[u8]) -> SampleInfo {
        let units = nal::units(sample, self.framing).map_while(Result::ok);
        let mut info = SampleInfo { order: None, ..SampleInfo::new(SampleKind::Disposable) };
        let mut has_slice = false;
        for unit in units.flat_map(units::split) {
            let kind = units::kind(unit);
            match kind {
                UnitKind::Parameters => self.order.take_set(trimmed(unit)),
                UnitKind::Disposable | UnitKind::Reference | UnitKind::Idr if !has_slice => {
                    has_slice = true;
                    info.order = self.order.next(unit);
                }
                _ => {}
            }
            info.kind = info.kind.max(match kind {
                UnitKind::Idr => SampleKind::Start,
                UnitKind::Reference => SampleKind::Reference,
                _ => SampleKind::Disposable,
            });
            info.has_parameters |= kind == UnitKind::Parameters;
        }
        info
    }

    fn decode(
        &mut self,
        sample: &[u8],
        is_wanted: bool,
        check: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<Option<Frame>, Error> {
        // A sample has a maximum of one frame.
        self.stream.start_sample();
        let mut frame = None;
        for unit in nal::units(sample, self.framing) {
            for unit in units::split(unit?) {
                // A sample can have thousands of slices.
                check()?;
                frame = self.decode_unit(unit)?.or(frame);
            }
        }
        Ok(frame.filter(|_| is_wanted))
    }

    /// Decodes the parameter sets.
    fn skip(&mut self, sample: &[u8]) -> Result<(), Error> {
        let units = nal::units(sample, self.framing).map_while(Result::ok);
        units.flat_map(units::split).try_for_each(|unit| self.decode_set(unit))
    }
}

/// Returns `true` if the macroblock was not decoded.
///
/// The decoder leaves its samples 0 and reports nothing. No colour has three samples of 0.
fn is_missing(frame: &Frame, (column, row): (u64, u64)) -> bool {
    let Size { width, height } = frame.size;
    // The middle of the macroblock, which the filter of its edges does not reach.
    let x = (16 * column + 8).min(u64::from(width).saturating_sub(1)) as usize;
    let y = (16 * row + 8).min(u64::from(height).saturating_sub(1)) as usize;
    let (stride, half) = (width as usize, width.div_ceil(2) as usize);
    let chroma = y / 2 * half + x / 2;
    let places = [y * stride + x, chroma, chroma];
    frame.planes.iter().zip(places).all(|(plane, at)| plane.0.get(at) == Some(&0))
}

fn refusal(error: DecodeError) -> Error {
    match error {
        DecodeError::Unsupported(what) => unsupported(short(what)),
        error => damaged(short(&error.to_string())),
    }
}
