//! Decodes the primary item: the container first, then its tiles, one at a time.

use ownprint_pixels::{Format, Limits};

#[cfg(feature = "avif")]
use super::av1;
use super::container::{Codec, Container, PrimaryItem, Tile};
#[cfg(feature = "heic")]
use super::hevc;
use super::paint::{self, Window};
use super::reason::Reason;
use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::observer::Observer;
use crate::pixel_buffer::{Layout, PixelBuffer};

pub(crate) fn decode(
    bytes: &[u8],
    format: Format,
    limits: &Limits,
    observer: &mut Observer<'_>,
) -> Result<DecodedImage, Error> {
    let container = Container::open(bytes, format)?;
    let primary_item = container.primary_item(limits)?;
    check_data(&container, &primary_item.tiles, bytes).map_err(|reason| reason.of(format))?;
    let mut buffer = PixelBuffer::new(
        format,
        primary_item.crop.size,
        Layout::RGB8,
        primary_item.largest_tile(),
        limits,
    )?;
    for (at, tile) in primary_item.tiles.iter().enumerate() {
        observer.check()?;
        let mut window = Window { samples: buffer.samples(), position: primary_item.crop };
        if let Err(error) = paint_tile(&container, &primary_item, tile, &mut window) {
            if at == 0 {
                buffer.release_unwritten();
            }
            return Err(error);
        }
    }
    Ok(DecodedImage {
        raster: buffer.into_raster(),
        format,
        orientation: primary_item.orientation,
        damaged: false,
        first_frame_only: container.has_video,
        deterministic: true,
    })
}

fn paint_tile(
    container: &Container<'_>,
    primary_item: &PrimaryItem,
    tile: &Tile,
    window: &mut Window<'_>,
) -> Result<(), Error> {
    match tile.codec {
        #[cfg(feature = "heic")]
        Codec::Hevc => hevc::decode(container, tile)
            .and_then(|planes| paint::paint(&planes, primary_item.colours, tile.position, window)),
        #[cfg(feature = "avif")]
        Codec::Av1 => av1::decode(container, tile, |planes| {
            paint::paint(planes, primary_item.colours, tile.position, window)
        }),
    }
    .map_err(|reason| reason.of(container.format))
}

/// Returns an error if the tiles have more data than the file and the image together.
///
/// Encoders store equal tiles once, so tiles may share data. Thousands of tiles that share a long
/// item would cost time without an effect on the result.
fn check_data(container: &Container<'_>, tiles: &[Tile], file: &[u8]) -> Result<(), Reason> {
    let pixels: u64 = tiles.iter().map(|tile| tile.position.size.pixels()).sum();
    let mut left = pixels.saturating_mul(3).saturating_add(file.len() as u64);
    for tile in tiles {
        let overlapping = || Reason::Damaged("tiles with overlapping extents".to_owned());
        // The parameter sets are read again for each tile.
        let parameters = container.parameter_bytes(tile.id);
        let length = parameters + container.data(tile.id)?.bytes().len() as u64;
        left = left.checked_sub(length).ok_or_else(overlapping)?;
    }
    Ok(())
}
