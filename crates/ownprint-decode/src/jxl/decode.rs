//! Decodes the first frame of a JPEG XL file with `jxl`, the decoder of the authors of the format.

use std::io;

use jxl::api::{
    Endianness, Event, ExtraChannel, JxlBasicInfo, JxlBitDepth, JxlColorType, JxlDataFormat,
    JxlDecoder, JxlDecoderOptions, JxlOutputBuffer, JxlParallelRunner, JxlParallelRunnerFun,
    JxlPixelFormat,
};

use ownprint_pixels::{ExifOrientation, Format, Limits, Size};

use super::codestream::codestream;
use super::errors::{damaged, unsupported};
use super::{lossless, profile};
use crate::decoded::DecodedImage;
use crate::detail::short;
use crate::error::Error;
use crate::pixel_buffer::{ColorModel, Layout, PixelBuffer};

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let codestream = codestream(bytes);
    let bytes = codestream.bytes();
    profile::check(bytes)?;
    let header = Header::read(bytes)?;
    let mut buffer =
        PixelBuffer::new(Format::Jxl, header.size, header.layout, header.decoder_bytes(), limits)?;
    let offset = read(bytes, &header, buffer.samples())?;
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

    /// Returns the bytes of the decoder's planes: it holds all samples of modular images, other
    /// images by groups.
    fn decoder_bytes(&self) -> u64 {
        self.samples().saturating_mul(4)
    }

    fn samples(&self) -> u64 {
        self.size
            .pixels()
            .saturating_mul(self.layout.channels as u64 + self.info.extra_channels.len() as u64)
    }

    /// Returns the maximum of samples in a frame. The decoder counts whole groups, three channels
    /// for grey, and the parts of a frame outside the image.
    fn max_samples(&self) -> u64 {
        const GROUP: u64 = 256;
        let [width, height] =
            [self.size.width, self.size.height].map(|dimension| u64::from(dimension) + GROUP);
        width.saturating_mul(height).saturating_mul(2 * (3 + self.info.extra_channels.len() as u64))
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

/// Runs the decoder's tasks one after the other, and ends with an error if there are too many.
///
/// The decoder runs tasks two or three times for each frame. Frames that are not shown have no
/// other limit: a file of nine kilobytes can contain 400 of them, each as large as the image.
struct Budget {
    /// How often the decoder may still run tasks.
    runs: u32,
    /// The tasks that are left. A task renders one group of 256x256 pixels or prepares it.
    tasks: u64,
}

/// The maximum of runs, for 10 frames or more that are not shown: layers, references, patches. The
/// files of the decoder's own tests need up to 9.
const MAX_RUNS: u32 = 32;
/// The maximum of tasks for each group of the image. The files of the decoder's own tests need up
/// to 4.
const MAX_TASKS: u64 = 16;

impl Budget {
    fn new(size: Size) -> Self {
        let groups = u64::from(size.width.div_ceil(256)) * u64::from(size.height.div_ceil(256));
        Self { runs: MAX_RUNS, tasks: (groups + 4).saturating_mul(MAX_TASKS) }
    }

    fn spend(&mut self, tasks: usize) -> Option<()> {
        self.runs = self.runs.checked_sub(1)?;
        self.tasks = self.tasks.checked_sub(tasks as u64)?;
        Some(())
    }
}

impl JxlParallelRunner for Budget {
    fn run(&mut self, count: usize, task: &JxlParallelRunnerFun<'_>) -> jxl::error::Result<()> {
        self.spend(count).ok_or_else(|| io::Error::from(io::ErrorKind::QuotaExceeded))?;
        (0..count).try_for_each(task)
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

/// Fills `samples` with the first frame and returns the offset of the frame.
fn read(bytes: &[u8], header: &Header, samples: &mut [u8]) -> Result<Option<u64>, Error> {
    let limit = usize::try_from(header.max_samples()).unwrap_or(usize::MAX);
    let mut decoder = JxlDecoder::new(options(Some(limit)));
    let mut budget = Budget::new(header.size);
    let mut input = bytes;
    advance(&mut decoder, &mut input, None, Some(&mut budget))?;
    decoder.set_pixel_format(header.pixel_format()).map_err(|error| refusal(&error))?;
    let rows = header.size.height as usize;
    let mut buffers = [JxlOutputBuffer::new(samples, rows, samples_row(header))];
    loop {
        match advance(&mut decoder, &mut input, Some(&mut buffers), Some(&mut budget))? {
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

    fn run(budget: &mut Budget, tasks: usize) -> bool {
        budget.run(tasks, &|_| Ok(())).is_ok()
    }

    #[test]
    fn hidden_frames_and_their_groups_are_limited() {
        let size = Size { width: 2048, height: 2048 };
        let mut frames = Budget::new(size);
        assert!((0..MAX_RUNS).all(|_| run(&mut frames, 1)));
        assert!(!run(&mut frames, 1));
        let mut groups = Budget::new(size);
        assert!((0..MAX_TASKS).all(|_| run(&mut groups, 64 + 4)));
        assert!(!run(&mut groups, 1));
        let refused = groups.run(1, &|_| Ok(())).unwrap_err();
        assert_eq!(refusal(&refused).code(), "unsupported-feature");
    }
}
