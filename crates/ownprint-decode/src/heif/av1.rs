//! Decodes AV1 tiles with `rusty_av1d`, a fork of rav1d without assembly and C.

use rusty_av1d::{Decoder, Picture, PixelLayout, PlanarImageComponent, Rav1dError, Settings};

use super::colours::Colours;
use super::container::{Container, Tile};
use super::paint::{Planes, Rules, Shape};
use super::reason::Reason;
use crate::obu;
use crate::panics::caught;

/// The maximum of coded frames of an image. A layered image has at most 4 (AV1 specification,
/// 6.2.3); any other image has one. The decoder would decode all frames that are not shown.
const MAX_FRAMES: usize = 4;

/// Decodes a tile and calls `then` with its planes.
pub(super) fn decode(
    container: &Container<'_>,
    tile: &Tile,
    then: impl FnOnce(&dyn Planes) -> Result<(), Reason>,
) -> Result<(), Reason> {
    let data = container.data(tile.id)?;
    let frames = obu::count_frames(data.bytes());
    if frames > MAX_FRAMES {
        let detail = format!("{frames} AV1 frames in one image (maximum {MAX_FRAMES})");
        return Err(Reason::Unsupported(detail));
    }
    let max_pixels = u32::try_from(tile.position.size.pixels()).unwrap_or(u32::MAX);
    // The decoder panics on some damaged frames (it unwraps a missing frame header when it handles
    // errors). Caught here, so that the caller can release memory that was not written.
    let image = caught(|| first_image(data.bytes(), max_pixels))
        .unwrap_or_else(|| Err(Reason::Damaged("the decoder panicked".to_owned())))?;
    then(&image)
}

fn first_image(data: &[u8], max_pixels: u32) -> Result<Av1Image, Reason> {
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    settings.set_all_layers(false);
    settings.set_frame_size_limit(max_pixels);
    let mut decoder = Decoder::with_settings(&settings).map_err(refusal)?;
    match decoder.send_data(data.into(), None, None, None) {
        Ok(()) | Err(Rav1dError::TryAgain) => {}
        Err(error) => return Err(refusal(error)),
    }
    decoder.get_picture().map(Av1Image::new).map_err(refusal)
}

fn refusal(error: Rav1dError) -> Reason {
    match error {
        // The decoder waits for more data, but all of it was passed.
        Rav1dError::TryAgain => Reason::Truncated,
        Rav1dError::UnsupportedBitstream => Reason::Unsupported(error.as_str().to_owned()),
        // The limit is the size in the container.
        Rav1dError::OutOfRange => {
            Reason::Damaged("AV1 frame larger than the size in the container".to_owned())
        }
        _ => Reason::Damaged(error.as_str().to_owned()),
    }
}

struct Av1Image {
    image: Picture,
    shape: Shape,
}

impl Av1Image {
    fn new(image: Picture) -> Self {
        let depth = image.bits_per_component().map_or(0, |bits| bits.0);
        let halved = match image.pixel_layout() {
            PixelLayout::I400 => None,
            PixelLayout::I420 => Some([true, true]),
            PixelLayout::I422 => Some([true, false]),
            PixelLayout::I444 => Some([false, false]),
        };
        let colours = Colours {
            matrix: image.matrix_coefficients() as u16,
            full_range: image.color_range() == rusty_av1d::pixel::YUVRange::Full,
        };
        let (width, height) = (image.width(), image.height());
        let shape = Shape { width, height, depth, halved, rules: Rules::Libavif, colours };
        Self { image, shape }
    }
}

impl Planes for Av1Image {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn read(&self, plane: usize, y: usize, into: &mut [u16]) {
        let Ok(component) = PlanarImageComponent::try_from(plane) else { return };
        // In bytes for every bit depth.
        let stride = self.image.stride(component) as usize;
        let row = self.image.plane(component).get(y * stride..).unwrap_or_default();
        if self.shape.depth == 8 {
            for (sample, from) in into.iter_mut().zip(row) {
                *sample = (*from).into();
            }
        } else {
            for (sample, from) in into.iter_mut().zip(row.as_chunks::<2>().0) {
                *sample = u16::from_ne_bytes(*from);
            }
        }
    }
}
