//! Decodes the first frame of a JPEG XL file with `jxl`, the decoder of the authors of the format.

use std::io;
use std::ops::ControlFlow;

use jxl::api::{
    Endianness, Event, ExtraChannel, JxlBasicInfo, JxlBitDepth, JxlColorEncoding, JxlColorProfile,
    JxlColorType, JxlDataFormat, JxlDecoder, JxlDecoderOptions, JxlOutputBuffer, JxlParallelRunner,
    JxlPixelFormat, JxlTransferFunction, VisibleFrameSeekTarget,
};

use ownprint_pixels::{ExifOrientation, Format, LimitKind, Limits, Size};

use super::codestream::codestream;
use super::errors::{damaged, unsupported};
use super::runner::Runner;
use super::{frame, profile};
use crate::decoded::DecodedImage;
use crate::detail::short;
use crate::error::Error;
use crate::observer::Observer;
use crate::pixel_buffer::{ColorModel, Layout, PixelBuffer};

pub(crate) fn decode(
    bytes: &[u8],
    limits: &Limits,
    observer: &mut Observer<'_>,
) -> Result<DecodedImage, Error> {
    let codestream = codestream(bytes);
    let bytes = codestream.bytes();
    profile::check(bytes)?;
    let header = Header::read(bytes)?;
    let (mut buffer, start) = allocate(bytes, &header, limits)?;
    let mut runner = Runner::new(header.size, bytes.len(), observer);
    let read = read(bytes, &header, start.as_ref(), buffer.samples(), &mut runner);
    if runner.is_cancelled() {
        return Err(Error::Cancelled);
    }
    let offset = read?;
    let info = &header.info;
    let frame = offset.and_then(|at| bytes.get(usize::try_from(at).ok()?..));
    if frame.is_some_and(|frame| frame::is_rgb_vardct(frame, info)) {
        return Err(unsupported("lossy coding of RGB"));
    }
    let deterministic = frame.is_some_and(|frame| frame::is_lossless(frame, info));
    Ok(DecodedImage {
        raster: if header.is_linear {
            buffer.into_raster_by(|pixel| {
                let sample = |at: usize| match pixel.get(2 * at..) {
                    Some([low, high, ..]) => byte_of_half(u16::from_ne_bytes([*low, *high])),
                    _ => 0,
                };
                let channels = header.layout.channels;
                [0, 1, 2].map(|channel| sample(if channels == 1 { 0 } else { channel }))
            })
        } else {
            buffer.into_raster()
        },
        format: Format::Jxl,
        orientation: ExifOrientation::from_exif(info.orientation as u16),
        damaged: false,
        first_frame_only: info.animation.is_some(),
        deterministic,
    })
}

/// Allocates the pixels, if the limits allow them and the planes of the decoder. Returns the frame
/// to start with if they allow them only for that frame.
fn allocate(
    bytes: &[u8],
    header: &Header,
    limits: &Limits,
) -> Result<(PixelBuffer, Option<VisibleFrameSeekTarget>), Error> {
    let buffer = |decoder_bytes| {
        PixelBuffer::new(Format::Jxl, header.size, header.layout, decoder_bytes, limits)
    };
    match buffer(header.decoder_bytes()) {
        Err(error @ Error::LimitExceeded { kind: LimitKind::Memory, .. }) => {
            let start = frame_by_groups(bytes, header).ok_or(error)?;
            Ok((buffer(header.decoder_bytes_by_groups())?, Some(start)))
        }
        allocated => Ok((allocated?, None)),
    }
}

/// The image header.
struct Header {
    info: JxlBasicInfo,
    size: Size,
    layout: Layout,
    /// The decoder writes half-precision floats of linear sRGB.
    ///
    /// It cannot convert the XYB of lossy images to every color space, to those of ICC profiles for
    /// example. libjxl gives linear sRGB then; this decoder does so only for floats.
    is_linear: bool,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut decoder = JxlDecoder::new(options(None));
        advance(&mut decoder, &mut &*bytes, None, None)?;
        let (Some(info), Some(format)) = (decoder.basic_info(), decoder.current_pixel_format())
        else {
            return Err(damaged("no image header"));
        };
        if info.extra_channels.iter().any(|channel| channel.ec_type == ExtraChannel::Black) {
            return Err(unsupported("CMYK"));
        }
        let is_xyb = !info.uses_original_profile;
        let profile = decoder.embedded_color_profile();
        if is_xyb && profile.is_some_and(is_hlg) {
            return Err(unsupported("lossy coding of hybrid log-gamma"));
        }
        let is_linear = is_xyb && !profile.is_some_and(JxlColorProfile::can_output_to);
        let is_grey = format.color_type.is_grayscale();
        let dimension =
            |pixels: usize| u32::try_from(pixels).map_err(|_| damaged("dimensions out of range"));
        Ok(Self {
            size: Size { width: dimension(info.size.0)?, height: dimension(info.size.1)? },
            layout: Layout {
                color_model: if is_grey { ColorModel::Grey } else { ColorModel::Rgb },
                channels: if is_grey { 1 } else { 3 },
                depth: match info.bit_depth {
                    JxlBitDepth::Int { bits_per_sample: ..=8 } if !is_linear => 1,
                    _ => 2,
                },
            },
            is_linear,
            info: info.clone(),
        })
    }

    /// Returns the bytes of the decoder's planes, with four for each sample.
    fn decoder_bytes(&self) -> u64 {
        self.size.pixels().saturating_mul(4 * self.layout.channels as u64 + self.extra_bytes())
    }

    /// Returns the bytes of the decoder's planes if it renders by groups. It holds extra channels,
    /// the lowest frequencies, and a few bytes for each block of 8x8 pixels.
    fn decoder_bytes_by_groups(&self) -> u64 {
        let pixels = self.size.pixels();
        pixels.saturating_mul(self.extra_bytes()).saturating_add(pixels / 2)
    }

    /// Returns the bytes of a pixel in extra channels.
    fn extra_bytes(&self) -> u64 {
        4 * self.info.extra_channels.len() as u64
    }

    /// Returns the maximum of samples in a frame. The decoder counts whole groups, three channels
    /// for grey, and the parts of a frame outside the image.
    fn max_samples(&self) -> usize {
        const GROUP: u64 = 256;
        let [width, height] =
            [self.size.width, self.size.height].map(|dimension| u64::from(dimension) + GROUP);
        let channels = 3 + self.info.extra_channels.len() as u64;
        let samples = width.saturating_mul(height).saturating_mul(2 * channels);
        usize::try_from(samples).unwrap_or(usize::MAX)
    }

    fn pixel_format(&self) -> JxlPixelFormat {
        let samples = if self.is_linear {
            JxlDataFormat::F16 { endianness: Endianness::native() }
        } else if self.layout.depth == 1 {
            JxlDataFormat::U8 { bit_depth: 8 }
        } else {
            JxlDataFormat::U16 { endianness: Endianness::native(), bit_depth: 16 }
        };
        JxlPixelFormat {
            color_type: if self.layout.channels == 1 {
                JxlColorType::Grayscale
            } else {
                JxlColorType::Rgb
            },
            color_data_format: Some(samples),
            extra_channel_format: vec![None; self.info.extra_channels.len()],
        }
    }
}

/// Returns `true` for hybrid log-gamma, for which the decoder and libjxl adapt lossy images to the
/// display in different ways.
fn is_hlg(profile: &JxlColorProfile) -> bool {
    use JxlColorEncoding::{GrayscaleColorSpace, RgbColorSpace};
    let JxlColorProfile::Simple(encoding) = profile else { return false };
    match encoding {
        RgbColorSpace { transfer_function, .. } | GrayscaleColorSpace { transfer_function, .. } => {
            matches!(transfer_function, JxlTransferFunction::HLG)
        }
        JxlColorEncoding::XYB { .. } => false,
    }
}

/// Converts a half-precision float to a byte: 1 is 255. Other values are rounded and clamped.
fn byte_of_half(half: u16) -> u8 {
    const SIGN: u16 = 0x8000;
    const ONE: u16 = 0x3c00;
    const INFINITY: u16 = 0x7c00;
    match half {
        SIGN.. => 0,
        ONE..=INFINITY => 255,
        0..ONE => {
            let (exponent, fraction) = (u32::from(half >> 10), u32::from(half & 0x3ff));
            // The value is `significand` times 2 to the power of -`scale`.
            let (significand, scale) =
                if exponent == 0 { (fraction, 24) } else { (fraction | 0x400, 25 - exponent) };
            ((significand * 255 + (1 << (scale - 1))) >> scale) as u8
        }
        // Not a number.
        _ => 0,
    }
}

/// Returns where decoding can start if the frame needs little memory: the first frame is the only
/// one that is shown, needs no other, and is rendered by groups.
fn frame_by_groups(bytes: &[u8], header: &Header) -> Option<VisibleFrameSeekTarget> {
    let mut options = options(Some(header.max_samples()));
    options.scan_frames_only = true;
    let mut scanner = JxlDecoder::new(options);
    let mut input = bytes;
    let mut refuse = || ControlFlow::Break(());
    let mut observer = Observer::new(&mut refuse);
    // The scan would decode hidden frames.
    let mut runner = Runner::new(header.size, 0, &mut observer);
    while scanner.scanned_frames().is_empty() {
        if advance(&mut scanner, &mut input, None, Some(&mut runner)).ok()? == Event::Complete {
            return None;
        }
    }
    let [frame, ..] = scanner.scanned_frames() else { return None };
    let (offset, target, is_last) = (frame.file_offset, frame.seek_target, frame.is_last);
    let data = bytes.get(usize::try_from(offset).ok()?..)?;
    let is_alone = is_last && scanner.start_new_frame(target).ok()? == offset;
    (is_alone && frame::is_rendered_by_groups(data, &header.info)).then_some(target)
}

/// Fills `samples` with the first frame, and returns its offset.
fn read(
    bytes: &[u8],
    header: &Header,
    start: Option<&VisibleFrameSeekTarget>,
    samples: &mut [u8],
    runner: &mut Runner<'_, '_>,
) -> Result<Option<u64>, Error> {
    let mut decoder = JxlDecoder::new(options(Some(header.max_samples())));
    let mut input = bytes;
    advance(&mut decoder, &mut input, None, Some(runner))?;
    decoder.set_pixel_format(header.pixel_format()).map_err(|error| refusal(&error))?;
    let mut start_offset = None;
    if let Some(target) = start {
        let offset = decoder.start_new_frame(*target).map_err(|error| refusal(&error))?;
        input = usize::try_from(offset).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        start_offset = Some(offset);
    }
    let rows = header.size.height as usize;
    let mut buffers = [JxlOutputBuffer::new(samples, rows, samples_row(header))];
    loop {
        match advance(&mut decoder, &mut input, Some(&mut buffers), Some(runner))? {
            Event::FrameComplete { .. } => break,
            Event::Complete => return Err(damaged("no frame")),
            _ => {}
        }
    }
    // After a jump, the decoder reports no frames.
    let first = || decoder.scanned_frames().first().map(|frame| frame.file_offset);
    Ok(start_offset.or_else(first))
}

fn samples_row(header: &Header) -> usize {
    header.size.width as usize * header.layout.channels * header.layout.depth
}

pub(super) fn options(sample_limit: Option<usize>) -> JxlDecoderOptions {
    let mut options = JxlDecoderOptions::default();
    // The orientation is applied when the rows are read, as for every format.
    options.adjust_orientation = false;
    options.sample_limit = sample_limit;
    options
}

/// Returns the next event. A request for more bytes means that the file is truncated, because all
/// were passed.
pub(super) fn advance(
    decoder: &mut JxlDecoder,
    input: &mut &[u8],
    buffers: Option<&mut [JxlOutputBuffer<'_>]>,
    runner: Option<&mut dyn JxlParallelRunner>,
) -> Result<Event, Error> {
    match decoder.process(input, buffers, runner) {
        Ok(Event::NeedMoreInput { .. }) => Err(Error::Truncated { format: Format::Jxl }),
        Ok(event) => Ok(event),
        Err(error) => Err(refusal(&error)),
    }
}

pub(super) fn refusal(error: &jxl::error::Error) -> Error {
    use jxl::error::Error as Cause;
    let detail = short(&error.to_string());
    match error {
        Cause::IOError(error) if error.kind() == io::ErrorKind::QuotaExceeded => {
            unsupported("more hidden frames or passes than the size of the image allows")
        }
        Cause::LevelLimitExceeded { .. } | Cause::ImageSizeTooLarge(..) => unsupported(&detail),
        _ => damaged(&detail),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jxl::api::{JxlWhitePoint, RenderingIntent};

    use super::*;

    #[test]
    fn hybrid_log_gamma_is_recognized() {
        let profile = |transfer_function| {
            JxlColorProfile::Simple(JxlColorEncoding::GrayscaleColorSpace {
                white_point: JxlWhitePoint::D65,
                transfer_function,
                rendering_intent: RenderingIntent::Relative,
            })
        };
        assert!(is_hlg(&profile(JxlTransferFunction::HLG)));
        assert!(!is_hlg(&profile(JxlTransferFunction::PQ)));
    }

    #[test]
    fn half_precision_floats_are_rounded_to_bytes() {
        let halves = [
            (0, 0),
            (0x3c00, 255),
            (0x3800, 128),
            (0x3400, 64),
            (0x1c00, 1),
            (0x1800, 0),
            (0x03ff, 0),
            (0x3bff, 255),
            (0x7c00, 255),
            (0x7e00, 0),
            (0xbc00, 0),
        ];
        for (half, byte) in halves {
            assert_eq!(byte_of_half(half), byte, "{half:x}");
        }
    }
}
