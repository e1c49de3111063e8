//! Decodes HEVC tiles with `heifer-hevc-dec`.

use heifer_hevc_dec::decoder::{DecodeOptions, decode_picture};
use heifer_hevc_dec::recon::Frame;
use zeroize::Zeroize;

use super::colours::Colours;
use super::container::{Container, Tile};
use super::paint::{Planes, Rules, Shape};
use super::reason::Reason;
use crate::detail::short;

/// The maximum by which the coded width and height exceed those of the image: coding blocks have up
/// to 64 pixels.
const PADDING: u64 = 64;

/// The maximum of units in an image: a slice for each of 600 (ITU-T H.265, table A.8), parameter
/// sets, and messages. The decoder allocates memory for each unit.
const MAX_UNITS: usize = 16_384;

pub(super) fn decode(container: &Container<'_>, tile: &Tile) -> Result<Image, Reason> {
    let stream = container.hevc_stream(tile.id)?;
    let units = stream.0.windows(3).filter(|code| *code == [0, 0, 1]).count();
    if units > MAX_UNITS {
        let detail = format!("{units} HEVC units in one image (maximum {MAX_UNITS})");
        return Err(Reason::Unsupported(detail));
    }
    let size = tile.position.size;
    let max_pixels = (u64::from(size.width) + PADDING) * (u64::from(size.height) + PADDING);
    let options = DecodeOptions { max_pixels, ..DecodeOptions::default() };
    let image = decode_picture(&stream.0, options).map(Image).map_err(|error| refusal(&error))?;
    match image.0 {
        Frame { bit_depth: [luma, chroma], chroma_format: 1.., .. } if luma != chroma => {
            Err(Reason::Unsupported(format!("{luma}-bit luma with {chroma}-bit chroma")))
        }
        _ => Ok(image),
    }
}

fn refusal(error: &heifer_hevc_dec::Error) -> Reason {
    use heifer_hevc_dec::Error;
    let detail = short(&error.to_string());
    match error {
        Error::UnexpectedEof => Reason::Truncated,
        Error::Unimplemented(_) => Reason::Unsupported(detail),
        _ => Reason::Damaged(detail),
    }
}

/// A decoded image, wiped on drop.
pub(super) struct Image(Frame);

impl Planes for Image {
    fn shape(&self) -> Shape {
        let frame = &self.0;
        let [width, chroma_width, _] = frame.widths;
        let [height, chroma_height, _] = frame.heights;
        Shape {
            width,
            height,
            depth: frame.bit_depth[0],
            halved: (chroma_width > 0).then_some([chroma_width < width, chroma_height < height]),
            // The reference hashers read HEIC with libheif.
            rules: Rules::Libheif,
            colours: Colours { matrix: frame.matrix_coeffs.into(), full_range: frame.full_range },
        }
    }

    fn read(&self, plane: usize, y: usize, into: &mut [u16]) {
        let (Some(width), Some(samples)) = (self.0.widths.get(plane), self.0.planes.get(plane))
        else {
            return;
        };
        let row = samples.get(y * *width as usize..).unwrap_or_default();
        for (sample, from) in into.iter_mut().zip(row) {
            *sample = *from;
        }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        for plane in &mut self.0.planes {
            bytemuck::cast_slice_mut::<u16, u8>(plane).zeroize();
        }
    }
}
