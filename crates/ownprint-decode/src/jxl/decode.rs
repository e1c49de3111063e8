//! Decodes the first frame of a JPEG XL file with `jxl`, the decoder of the authors of the format.

use std::io;
use std::ops::ControlFlow;

use jxl::api::{
    Endianness, Event, ExtraChannel, JxlBasicInfo, JxlBitDepth, JxlColorType, JxlDataFormat,
    JxlDecoder, JxlDecoderOptions, JxlOutputBuffer, JxlParallelRunner, JxlParallelRunnerFun,
    JxlPixelFormat, VisibleFrameSeekTarget,
};

use ownprint_pixels::{ExifOrientation, Format, LimitKind, Limits, Size};

use super::codestream::codestream;
use super::errors::{damaged, unsupported};
use super::{lossless, profile, vardct};
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
    if runner.observer.is_cancelled() {
        return Err(Error::Cancelled);
    }
    let offset = read?;
    let info = &header.info;
    let deterministic = offset
        .and_then(|at| bytes.get(usize::try_from(at).ok()?..))
        .is_some_and(|frame| lossless::is_lossless(frame, info));
    Ok(DecodedImage {
        raster: buffer.into_raster(),
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
        let is_grey = format.color_type.is_grayscale();
        let dimension =
            |pixels: usize| u32::try_from(pixels).map_err(|_| damaged("dimensions out of range"));
        Ok(Self {
            size: Size { width: dimension(info.size.0)?, height: dimension(info.size.1)? },
            layout: Layout {
                color_model: if is_grey { ColorModel::Grey } else { ColorModel::Rgb },
                channels: if is_grey { 1 } else { 3 },
                depth: if matches!(info.bit_depth, JxlBitDepth::Int { bits_per_sample: ..=8 }) {
                    1
                } else {
                    2
                },
            },
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
        let samples = if self.layout.depth == 1 {
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

/// Runs the decoder's tasks one after the other, and ends with an error if there are too many or if
/// decoding is cancelled.
///
/// The decoder runs tasks two or three times for each frame. Frames that are not shown have no
/// other limit: a file of nine kilobytes can contain 400 of them, each as large as the image.
struct Runner<'a, 'b> {
    observer: &'a mut Observer<'b>,
    /// How often the decoder may still run tasks.
    runs: u32,
    /// The tasks that are left. A task renders one group of 256x256 pixels or prepares it.
    tasks: u64,
}

/// The maximum of runs, for 32 frames or more that are not shown: layers, references, patches.
const MAX_RUNS: u32 = 96;
/// The tasks for each group of the image. A frame needs two or three.
const TASKS_OF_GROUP: u64 = 16;
/// The bytes of a file that allow one more task: 200 ms for each megabyte.
const BYTES_OF_TASK: u64 = 2048;

impl<'a, 'b> Runner<'a, 'b> {
    fn new(size: Size, file_bytes: usize, observer: &'a mut Observer<'b>) -> Self {
        let groups = u64::from(size.width.div_ceil(256)) * u64::from(size.height.div_ceil(256));
        let tasks = (groups + 4) * TASKS_OF_GROUP + file_bytes as u64 / BYTES_OF_TASK;
        Self { observer, runs: MAX_RUNS, tasks }
    }

    fn spend(&mut self, tasks: usize) -> Option<()> {
        self.runs = self.runs.checked_sub(1)?;
        self.tasks = self.tasks.checked_sub(tasks as u64)?;
        Some(())
    }
}

impl JxlParallelRunner for Runner<'_, '_> {
    fn run(&mut self, count: usize, task: &JxlParallelRunnerFun<'_>) -> jxl::error::Result<()> {
        self.spend(count).ok_or_else(|| io::Error::from(io::ErrorKind::QuotaExceeded))?;
        (0..count).try_for_each(|index| {
            self.observer.check().map_err(|_| io::Error::from(io::ErrorKind::Other))?;
            task(index)
        })
    }

    fn run_ordered(
        &mut self,
        count: usize,
        _max_threads: Option<usize>,
        task: &JxlParallelRunnerFun<'_>,
    ) -> jxl::error::Result<()> {
        self.run(count, task)
    }

    fn num_threads(&self) -> usize {
        1
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
    (is_alone && vardct::is_rendered_by_groups(data, &header.info)).then_some(target)
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
    if let Some(target) = start {
        let offset = decoder.start_new_frame(*target).map_err(|error| refusal(&error))?;
        input = usize::try_from(offset).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
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
    Ok(decoder.scanned_frames().first().map(|frame| frame.file_offset))
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

fn refusal(error: &jxl::error::Error) -> Error {
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
    use super::*;

    fn run(runner: &mut Runner<'_, '_>, tasks: usize) -> bool {
        runner.run(tasks, &|_| Ok(())).is_ok()
    }

    #[test]
    fn hidden_frames_and_their_groups_are_limited() {
        let size = Size { width: 2048, height: 2048 };
        let mut go_on = || ControlFlow::Continue(());
        let mut observer = Observer::new(&mut go_on);
        let mut frames = Runner::new(size, 0, &mut observer);
        assert!((0..MAX_RUNS).all(|_| run(&mut frames, 1)));
        assert!(!run(&mut frames, 1));
        let mut groups = Runner::new(size, 3 * 2048, &mut observer);
        assert!(run(&mut groups, 3));
        assert!((0..16).all(|_| run(&mut groups, 64 + 4)));
        assert!(!run(&mut groups, 1));
        let refused = groups.run(1, &|_| Ok(())).unwrap_err();
        assert_eq!(refusal(&refused).code(), "unsupported-feature");
    }
}
