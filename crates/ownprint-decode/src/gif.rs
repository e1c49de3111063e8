//! GIF: the first frame on its screen.

use std::io::{Cursor, ErrorKind};
use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, DecodingError, MemoryLimit};

use crate::decoded::DecodedImage;
use crate::detail::short;
use crate::error::Error;
use crate::pixel_buffer::{ColorModel, Layout, PixelBuffer, check_size};
use ownprint_pixels::Format;
use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ExifOrientation, Limits, Size};

/// Palette numbers, one byte a pixel.
const NUMBERS: Layout = Layout { color_model: ColorModel::Grey, channels: 1, depth: 1 };

/// A code of 12 bits stands for fewer pixels than there are codes.
const MOST_INFLATION: u64 = 4096;

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.set_memory_limit(MemoryLimit::Bytes(NonZeroU64::new(limits.memory).unwrap_or(NonZeroU64::MIN)));
    let mut decoder = options.read_info(Cursor::new(bytes)).map_err(|error| refusal(&error))?;
    let screen = [decoder.width(), decoder.height()].map(u32::from);
    let frame = decoder.next_frame_info().map_err(|error| refusal(&error))?;
    let Some(frame) = frame else {
        return Err(Error::Truncated { format: Format::Gif });
    };
    let place = [frame.left, frame.top].map(u32::from);
    let part = Size { width: frame.width.into(), height: frame.height.into() };
    // What the frame leaves free shows its transparent colour, or else the palette's first.
    let background = frame.transparent.unwrap_or(0);
    // A frame that reaches over its screen makes the screen larger.
    let size =
        Size { width: screen[0].max(place[0] + part.width), height: screen[1].max(place[1] + part.height) };
    if part.pixels() / MOST_INFLATION > bytes.len() as u64 {
        check_size(Format::Gif, size, limits)?;
        return Err(Error::Truncated { format: Format::Gif });
    }
    let covers = part == size;
    let extra = if covers { 0 } else { part.pixels() };
    let mut buffer = PixelBuffer::new(Format::Gif, size, NUMBERS, extra, limits)?;
    if covers {
        decoder.read_into_buffer(buffer.samples()).map_err(|error| refusal(&error))?;
    } else {
        let mut numbers = WipedBytes::zeroed(usize::try_from(part.pixels()).unwrap_or_default());
        if part.pixels() > 0 {
            decoder.read_into_buffer(&mut numbers.0).map_err(|error| refusal(&error))?;
        }
        let samples = buffer.samples();
        samples.fill(background);
        let rows = samples.chunks_exact_mut(size.width as usize).skip(place[1] as usize);
        for (row, numbers) in rows.zip(numbers.0.chunks_exact((part.width as usize).max(1))) {
            let left = place[0] as usize;
            if let Some(target) = row.get_mut(left..left + numbers.len()) {
                target.copy_from_slice(numbers);
            }
        }
    }
    let palette = decoder.palette().map_err(|error| refusal(&error))?.to_vec();
    // Whether anything follows that can be read as a frame; damage there is no harm to the first.
    let animated = matches!(decoder.next_frame_info(), Ok(Some(_)));
    let (colours, _) = palette.as_chunks::<3>();
    Ok(DecodedImage {
        raster: buffer.into_raster_by(|pixel| {
            let number = pixel.first().copied().unwrap_or_default();
            colours.get(usize::from(number)).copied().unwrap_or_default()
        }),
        format: Format::Gif,
        orientation: ExifOrientation::Normal,
        damaged: false,
        first_frame_only: animated,
        deterministic: true,
    })
}

fn refusal(error: &DecodingError) -> Error {
    let format = Format::Gif;
    let cut_off = match error {
        DecodingError::UnexpectedEof => true,
        DecodingError::Io(io) => io.kind() == ErrorKind::UnexpectedEof,
        _ => false,
    };
    if cut_off {
        Error::Truncated { format }
    } else {
        Error::Damaged { format, detail: short(&error.to_string()) }
    }
}
