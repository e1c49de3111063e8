//! HEIC and AVIF: the primary image of a container, whichever codec its tiles are in.
//!
//! `container.rs` says what is to be painted where; `hevc.rs` and `av1.rs` are the only places that know a codec. Tiles are
//! painted one by one, straight into the image of eight bits a sample, so that beside it no more than one is in memory.

#[cfg(feature = "avif")]
mod av1;
mod colours;
mod container;
#[cfg(feature = "heic")]
mod hevc;
mod outline;
mod paint;
mod reason;
mod transforms;

use self::container::{Codec, Container, PrimaryItem, Tile};
use self::paint::Window;
use self::reason::Reason;
use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::pixel_buffer::{Layout, PixelBuffer};
use ownprint_pixels::Format;
use ownprint_pixels::Limits;

pub(super) fn decode(bytes: &[u8], format: Format, limits: &Limits) -> Result<DecodedImage, Error> {
    let container = Container::open(bytes, format)?;
    let primary_item = container.primary_item(limits)?;
    check_data(&container, &primary_item.tiles, bytes).map_err(|reason| reason.of(format))?;
    let mut buffer =
        PixelBuffer::new(format, primary_item.crop.size, Layout::RGB8, primary_item.largest_tile(), limits)?;
    let mut window = Window { samples: buffer.samples(), position: primary_item.crop };
    for tile in &primary_item.tiles {
        paint_tile(&container, &primary_item, tile, &mut window)?;
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

/// Whether the tiles have no more data than the file: else each of thousands could be all of it.
fn check_data(container: &Container<'_>, tiles: &[Tile], file: &[u8]) -> Result<(), Reason> {
    let mut left = file.len();
    for tile in tiles {
        let beyond = || Reason::Damaged("tiles that lie over one another".to_owned());
        left = left.checked_sub(container.data(tile.id)?.bytes().len()).ok_or_else(beyond)?;
    }
    Ok(())
}
