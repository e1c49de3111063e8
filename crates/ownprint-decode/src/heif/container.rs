//! Reads the container before anything is decoded: the tiles with their positions and sizes, the
//! colour information, and the transforms.

use heifer_isobmff::boxes::{ColorInfo, Property};
use heifer_isobmff::{FourCC, HeifFile, ItemId};

#[cfg(feature = "heic")]
use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ExifOrientation, Format, Limits, Size};

use super::colours::Colours;
use super::outline::{MAX_ITEMS, Outline};
use super::reason::Reason;
use super::transforms::{Position, Transforms};
use crate::data::Data;
use crate::error::Error;
use crate::pixel_buffer::check_size;

/// The maximum length of a chain of `iden` items.
const MAX_DERIVATIONS: usize = 4;

pub(super) struct Container<'a> {
    file: HeifFile<'a>,
    pub(super) format: Format,
    /// The file contains a video in addition to its images.
    pub(super) has_video: bool,
}

/// The layout of the primary image.
pub(super) struct PrimaryItem {
    pub(super) tiles: Vec<Tile>,
    /// The part of the stored image that remains after cropping.
    pub(super) crop: Position,
    pub(super) orientation: ExifOrientation,
    /// The colour information of the container. If there is none, that of the codec is used.
    pub(super) colours: Option<Colours>,
}

pub(super) struct Tile {
    pub(super) id: ItemId,
    pub(super) codec: Codec,
    pub(super) position: Position,
    /// Memory in bytes of the decoded tile.
    bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    #[cfg(feature = "heic")]
    Hevc,
    #[cfg(feature = "avif")]
    Av1,
}

impl Codec {
    fn is_hevc(self) -> bool {
        match self {
            #[cfg(feature = "heic")]
            Self::Hevc => true,
            #[cfg(feature = "avif")]
            Self::Av1 => false,
        }
    }
}

impl PrimaryItem {
    /// Returns the memory in bytes of the largest decoded tile.
    pub(super) fn largest_tile(&self) -> u64 {
        self.tiles.iter().map(|tile| tile.bytes).max().unwrap_or(0)
    }
}

impl<'a> Container<'a> {
    pub(super) fn open(bytes: &'a [u8], format: Format) -> Result<Self, Error> {
        let outline = Outline::read(bytes);
        outline.check(format)?;
        if !outline.has_meta {
            return Err(if outline.has_video {
                let detail = "image sequence without a still image".to_owned();
                Error::UnsupportedFeature { format, detail }
            } else {
                Error::Truncated { format }
            });
        }
        // Bytes after the last complete box are ignored. Data in a truncated box are reported when
        // they are read.
        let bytes = bytes.get(..outline.end).unwrap_or_default();
        let file = HeifFile::parse(bytes).map_err(|error| Reason::from(&error).of(format))?;
        Ok(Self { file, format, has_video: outline.has_video })
    }

    /// Returns the layout of the primary image. Every size is checked, and nothing is decoded.
    pub(super) fn primary_item(&self, limits: &Limits) -> Result<PrimaryItem, Error> {
        let (id, ids) = self.derivation().map_err(|reason| reason.of(self.format))?;
        let item = self.file.item(id).map_err(|error| self.refusal(&error))?;
        let (tiles, size) = if item.item_type.0 == *b"grid" {
            self.grid(id, limits)?
        } else {
            let tile = self.coded(id, [0, 0], limits)?;
            let size = tile.position.size;
            (vec![tile], size)
        };
        check_size(self.format, size, limits)?;
        let mut transforms = Transforms::of(size);
        for id in ids {
            for property in self.properties(id)? {
                transforms.apply(property).map_err(|reason| reason.of(self.format))?;
            }
        }
        if !self.file.referenced_items(id, b"prem").is_empty() {
            return Err(self.unsupported("premultiplied alpha"));
        }
        let colours = match (self.colours(id)?, tiles.first()) {
            // libavif ignores the properties of AV1 tiles, libheif uses those of HEVC tiles.
            (None, Some(tile)) if tile.codec.is_hevc() => self.colours(tile.id)?,
            (own, _) => own,
        };
        Ok(PrimaryItem {
            tiles,
            crop: transforms.crop,
            orientation: transforms.orientation,
            colours,
        })
    }

    /// Returns the data of an HEVC item as a byte stream, with the parameter sets in front.
    #[cfg(feature = "heic")]
    pub(super) fn hevc_stream(&self, id: ItemId) -> Result<WipedBytes, Reason> {
        self.file.hevc_bitstream(id).map(WipedBytes).map_err(|error| Reason::from(&error))
    }

    /// Returns the data of a coded item.
    pub(super) fn data(&self, id: ItemId) -> Result<Data<'a>, Reason> {
        self.file.item_data(id).map(Data::from).map_err(|error| Reason::from(&error))
    }

    /// Returns the bytes of the parameter sets that precede the data of an item.
    pub(super) fn parameter_bytes(&self, id: ItemId) -> u64 {
        let properties = self.file.item_properties(id).into_iter().flatten();
        let units = properties.filter_map(|property| match property {
            Property::HevcConfig(config) => Some(&config.nal_units),
            _ => None,
        });
        units.flatten().map(|unit| unit.len() as u64 + 4).sum()
    }

    /// Returns the coded or grid item of the primary image, and the items of its `iden` chain in
    /// the order in which their transforms apply.
    fn derivation(&self) -> Result<(ItemId, Vec<ItemId>), Reason> {
        let mut id = self.file.primary_id;
        let mut ids = vec![id];
        while self.file.item(id).map_err(|error| Reason::from(&error))?.item_type.0 == *b"iden" {
            let [source] = *self.file.referenced_items(id, b"dimg") else {
                return Err(Reason::Damaged(
                    "identity derivation without exactly one source image".to_owned(),
                ));
            };
            if ids.len() > MAX_DERIVATIONS {
                return Err(Reason::Damaged("chain of identity derivations too long".to_owned()));
            }
            id = source;
            ids.insert(0, id);
        }
        Ok((id, ids))
    }

    fn coded(&self, id: ItemId, [left, top]: [u32; 2], limits: &Limits) -> Result<Tile, Error> {
        let item = self.file.item(id).map_err(|error| self.refusal(&error))?;
        let codec = match &item.item_type.0 {
            #[cfg(feature = "heic")]
            b"hvc1" => Codec::Hevc,
            #[cfg(feature = "avif")]
            b"av01" => Codec::Av1,
            b"iovl" => return Err(self.unsupported("overlay images (iovl)")),
            _ => return Err(self.unsupported(&format!("images of type {}", item.item_type))),
        };
        let (width, height) = self
            .file
            .image_size(id)
            .map_err(|error| self.refusal(&error))?
            .ok_or_else(|| self.damaged("image without a size"))?;
        let size = Size { width, height };
        check_size(self.format, size, limits)?;
        if self.properties(id)?.any(selects_operating_point) {
            return Err(self.unsupported("an AV1 operating point other than the first"));
        }
        let bytes = size.pixels().saturating_mul(self.bytes_per_pixel(id)?);
        Ok(Tile { id, codec, position: Position { left, top, size }, bytes })
    }

    /// Returns the tiles of a grid, row by row, and the size of the image.
    fn grid(&self, id: ItemId, limits: &Limits) -> Result<(Vec<Tile>, Size), Error> {
        let grid = self.file.grid(id).map_err(|error| self.refusal(&error))?;
        let size = Size { width: grid.output_width, height: grid.output_height };
        check_size(self.format, size, limits)?;
        let items = self.file.referenced_items(id, b"dimg");
        let (columns, rows) = (u32::from(grid.columns), u32::from(grid.rows));
        let (Some(first), true) =
            (items.first(), items.len() as u64 == u64::from(columns) * u64::from(rows))
        else {
            return Err(self.damaged("grid with a wrong number of tiles"));
        };
        if items.len() as u64 > MAX_ITEMS {
            let detail = format!("grid of {} tiles (maximum {MAX_ITEMS})", items.len());
            return Err(self.unsupported(&detail));
        }
        let tile_size = self.coded(*first, [0, 0], limits)?.position.size;
        // Tiles outside the image would cost time without an effect on the result.
        let covers = |tile: u32, count: u32, image: u32| {
            let total = u64::from(tile) * u64::from(count);
            total >= image.into() && total - u64::from(tile) < image.into()
        };
        if !covers(tile_size.width, columns, size.width)
            || !covers(tile_size.height, rows, size.height)
        {
            return Err(self.damaged("grid whose tiles do not match the size of the image"));
        }
        self.check_av1_grid(*first, tile_size, size)?;
        let mut tiles = Vec::with_capacity(items.len());
        for (at, id) in (0_u32..).zip(items) {
            let tile = self.coded(
                *id,
                [at % columns * tile_size.width, at / columns * tile_size.height],
                limits,
            )?;
            if tile.position.size != tile_size {
                return Err(self.damaged("grid with tiles of different sizes"));
            }
            let mut transforms = Transforms::of(tile_size);
            for property in self.properties(*id)? {
                transforms.apply(property).map_err(|reason| reason.of(self.format))?;
            }
            if transforms != Transforms::of(tile_size) {
                return Err(self.unsupported("grid with rotated or cropped tiles"));
            }
            tiles.push(tile);
        }
        Ok((tiles, size))
    }

    /// Returns an error for a grid of AV1 tiles that ISO/IEC 23000-22 (MIAF), 7.3.11.4.2 forbids.
    /// libavif does not decode such a grid.
    fn check_av1_grid(&self, tile: ItemId, tile_size: Size, size: Size) -> Result<(), Error> {
        const MIN_TILE: u32 = 64;
        for property in self.properties(tile)? {
            let Some(flags) = av1_flags(property) else { continue };
            if tile_size.width.min(tile_size.height) < MIN_TILE {
                return Err(self.unsupported("grid with tiles of fewer than 64 pixels"));
            }
            let is_grey = flags & AV1_GREY != 0;
            let is_odd = |halved: u8, length: u32, tile: u32| {
                !is_grey && flags & halved != 0 && (length | tile) & 1 == 1
            };
            if is_odd(AV1_HALF_COLUMNS, size.width, tile_size.width)
                || is_odd(AV1_HALF_ROWS, size.height, tile_size.height)
            {
                return Err(self.unsupported("grid of odd size with subsampled chroma"));
            }
        }
        Ok(())
    }

    /// Returns the memory in bytes per decoded pixel, rounded up.
    fn bytes_per_pixel(&self, id: ItemId) -> Result<u64, Error> {
        let samples = |chroma| if chroma == 0 { 1 } else { 3 };
        for property in self.properties(id)? {
            match (property, av1_flags(property)) {
                // The HEVC decoder stores every sample in two bytes.
                (Property::HevcConfig(config), _) => return Ok(2 * samples(config.chroma_format)),
                (_, Some(flags)) => {
                    let depth = if flags & AV1_HIGH_DEPTH == 0 { 1 } else { 2 };
                    return Ok(depth * samples(u8::from(flags & AV1_GREY == 0)));
                }
                _ => {}
            }
        }
        Err(self.damaged("image without a codec configuration"))
    }

    fn colours(&self, id: ItemId) -> Result<Option<Colours>, Error> {
        for property in self.properties(id)? {
            if let Property::Color(ColorInfo::Nclx { matrix, full_range, .. }) = property {
                return Ok(Some(Colours { matrix: *matrix, full_range: *full_range }));
            }
        }
        Ok(None)
    }

    fn properties(&self, id: ItemId) -> Result<impl Iterator<Item = &Property>, Error> {
        self.file.item_properties(id).map_err(|error| self.refusal(&error))
    }

    fn refusal(&self, error: &heifer_isobmff::Error) -> Error {
        Reason::from(error).of(self.format)
    }

    fn damaged(&self, detail: &str) -> Error {
        Reason::Damaged(detail.to_owned()).of(self.format)
    }

    fn unsupported(&self, detail: &str) -> Error {
        Reason::Unsupported(detail.to_owned()).of(self.format)
    }
}

/// Returns `true` for a property `a1op` that selects one of the layers for other devices (AV1 Image
/// File Format, 2.3.2.1), which the decoder ignores.
fn selects_operating_point(property: &Property) -> bool {
    matches!(property, Property::Unknown(FourCC([b'a', b'1', b'o', b'p']), content)
        if content.first() != Some(&0))
}

/// Flags in byte 2 of `av1C`.
const AV1_HIGH_DEPTH: u8 = 0x40;
const AV1_GREY: u8 = 0x10;
const AV1_HALF_COLUMNS: u8 = 0x08;
const AV1_HALF_ROWS: u8 = 0x04;

/// Returns byte 2 of `av1C`.
fn av1_flags(property: &Property) -> Option<u8> {
    match property {
        Property::Unknown(FourCC([b'a', b'v', b'1', b'C']), config) => {
            Some(config.get(2).copied().unwrap_or_default())
        }
        _ => None,
    }
}
