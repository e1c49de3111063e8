//! GIF: the first frame on its logical screen.

use std::io::{Cursor, ErrorKind};
use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, DecodingError, MemoryLimit};

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ExifOrientation, Format, Limits, Size};

use crate::decoded::DecodedImage;
use crate::detail::short;
use crate::error::Error;
use crate::pixel_buffer::{ColorModel, Layout, PixelBuffer, check_size};

/// Palette indices, one byte per pixel.
const PALETTE_INDICES: Layout = Layout { color_model: ColorModel::Grey, channels: 1, depth: 1 };

/// The maximum ratio of pixels to bytes: an LZW code of 12 bits stands for fewer than 2^12 pixels.
const MAX_EXPANSION: u64 = 4096;

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    // Extensions of other programs are skipped, as every reader does.
    options.allow_unknown_blocks(true);
    options.set_memory_limit(MemoryLimit::Bytes(
        NonZeroU64::new(limits.memory).unwrap_or(NonZeroU64::MIN),
    ));
    let mut decoder = options.read_info(Cursor::new(bytes)).map_err(|error| refusal(&error))?;
    let screen = [decoder.width(), decoder.height()].map(u32::from);
    let frame = decoder.next_frame_info().map_err(|error| refusal(&error))?;
    let Some(frame) = frame else {
        return Err(Error::Truncated { format: Format::Gif });
    };
    let position = [frame.left, frame.top].map(u32::from);
    let frame_size = Size { width: frame.width.into(), height: frame.height.into() };
    let interlaced = frame.interlaced;
    // The area outside the frame has the frame's transparent colour, or the first of the palette.
    let background = frame.transparent.unwrap_or(0);
    // A frame that extends beyond the screen enlarges it.
    let size = Size {
        width: screen[0].max(position[0] + frame_size.width),
        height: screen[1].max(position[1] + frame_size.height),
    };
    if frame_size.pixels() / MAX_EXPANSION > bytes.len() as u64 {
        check_size(Format::Gif, size, limits)?;
        return Err(Error::Truncated { format: Format::Gif });
    }
    // The decoder stops at codes that clear the table if it reads interlaced rows one by one.
    let is_direct = frame_size == size && !interlaced;
    let extra = if is_direct { 0 } else { frame_size.pixels() };
    let mut buffer = PixelBuffer::new(Format::Gif, size, PALETTE_INDICES, extra, limits)?;
    if is_direct {
        decoder.read_into_buffer(buffer.samples()).map_err(|error| refusal(&error))?;
    } else {
        let mut indices =
            WipedBytes::zeroed(usize::try_from(frame_size.pixels()).unwrap_or_default());
        if frame_size.pixels() > 0
            && !decoder.fill_buffer(&mut indices.0).map_err(|error| refusal(&error))?
        {
            return Err(Error::Truncated { format: Format::Gif });
        }
        let samples = buffer.samples();
        samples.fill(background);
        let [left, top] = position.map(|start| start as usize);
        let rows = row_order(frame_size.height as usize, interlaced);
        for (y, indices) in rows.zip(indices.0.chunks_exact((frame_size.width as usize).max(1))) {
            let start = (top + y) * size.width as usize + left;
            if let Some(target) = samples.get_mut(start..start + indices.len()) {
                target.copy_from_slice(indices);
            }
        }
    }
    let palette = decoder.palette().map_err(|error| refusal(&error))?.to_vec();
    // Damage after the first frame does not affect it, so it is no error.
    let animated = matches!(decoder.next_frame_info(), Ok(Some(_)));
    let (colours, _) = palette.as_chunks::<3>();
    Ok(DecodedImage {
        raster: buffer.into_raster_by(|pixel| {
            let index = pixel.first().copied().unwrap_or_default();
            colours.get(usize::from(index)).copied().unwrap_or_default()
        }),
        format: Format::Gif,
        orientation: ExifOrientation::Normal,
        damaged: false,
        first_frame_only: animated,
        deterministic: true,
    })
}

/// Returns the rows of a frame in the order in which they are stored (`GIF89a`, appendix E).
fn row_order(height: usize, interlaced: bool) -> impl Iterator<Item = usize> {
    const PASSES: [(usize, usize); 4] = [(0, 8), (4, 8), (2, 4), (1, 2)];
    let passes: &[(usize, usize)] = if interlaced { &PASSES } else { &[(0, 1)] };
    passes.iter().flat_map(move |&(start, step)| (start..height).step_by(step))
}

fn refusal(error: &DecodingError) -> Error {
    let format = Format::Gif;
    let is_truncated = match error {
        DecodingError::UnexpectedEof => true,
        DecodingError::Io(io) => io.kind() == ErrorKind::UnexpectedEof,
        _ => false,
    };
    let detail = short(&error.to_string());
    if is_truncated {
        Error::Truncated { format }
    } else if detail.starts_with("no color table") {
        // The format does not define the colours.
        Error::UnsupportedFeature { format, detail: "image without a palette".to_owned() }
    } else {
        Error::Damaged { format, detail }
    }
}
