//! What the container says, before anything is decoded: which parts, where, how large, in which colours, and how to turn them.

use heifer_isobmff::boxes::{ColorInfo, Property};
use heifer_isobmff::{FourCC, HeifFile, ItemId};

use super::Reason;
use super::colours::Colours;
use super::outline::{MOST_ITEMS, Outline};
use super::transforms::{Place, Transforms};
use crate::decode::Format;
use crate::decode::canvas::check_size;
use crate::decode::data::Data;
#[cfg(feature = "heic")]
use crate::wipe::WipedBytes;
use crate::{Error, Limits, Orientation, Size};

/// How many `iden` items may stand for one another.
const MOST_ALIASES: usize = 4;

pub(super) struct Container<'a> {
    file: HeifFile<'a>,
    pub(super) format: Format,
    /// Beside its pictures there is a film.
    pub(super) has_film: bool,
}

/// The primary picture, as it is to be painted.
pub(super) struct Still {
    pub(super) parts: Vec<Part>,
    /// What is left of the picture, as stored, after cropping.
    pub(super) crop: Place,
    pub(super) orientation: Orientation,
    /// What the container says; a codec's own word counts where it says nothing.
    pub(super) colours: Option<Colours>,
}

pub(super) struct Part {
    pub(super) id: ItemId,
    pub(super) codec: Codec,
    pub(super) place: Place,
    /// What its decoder hands out, in bytes.
    bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    #[cfg(feature = "heic")]
    Hevc,
    #[cfg(feature = "avif")]
    Av1,
}

impl Still {
    /// Bytes of the largest part as its decoder hands it out.
    pub(super) fn largest_part(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).max().unwrap_or(0)
    }
}

impl<'a> Container<'a> {
    pub(super) fn open(bytes: &'a [u8], format: Format) -> Result<Self, Error> {
        let outline = Outline::read(bytes);
        outline.check(format)?;
        if !outline.has_meta {
            return Err(if outline.has_film {
                let detail = "a film without a still picture".to_owned();
                Error::UnsupportedFeature { format, detail }
            } else {
                Error::Truncated { format }
            });
        }
        // Bytes behind the last box are no harm. A box that is cut off is none: what lies in it is missed when it is read.
        let bytes = bytes.get(..outline.end).unwrap_or_default();
        let file = HeifFile::parse(bytes).map_err(|error| Reason::from(&error).of(format))?;
        Ok(Self { file, format, has_film: outline.has_film })
    }

    /// Lays out the primary picture; every size is checked, and nothing is decoded.
    pub(super) fn still(&self, limits: &Limits) -> Result<Still, Error> {
        let (id, ids) = self.behind_aliases().map_err(|reason| reason.of(self.format))?;
        let item = self.file.item(id).map_err(|error| self.refusal(&error))?;
        let (parts, size) = if item.item_type.0 == *b"grid" {
            self.grid(id, limits)?
        } else {
            let part = self.coded(id, [0, 0], limits)?;
            let size = part.place.size;
            (vec![part], size)
        };
        check_size(self.format, size, limits)?;
        let mut transforms = Transforms::of(size);
        for id in ids {
            for property in self.properties(id)? {
                transforms.apply(property).map_err(|reason| reason.of(self.format))?;
            }
        }
        if !self.file.referenced_items(id, b"prem").is_empty() {
            return Err(self.unsupported("colours multiplied by alpha"));
        }
        let colours = match self.colours(id)? {
            None => parts.first().map(|part| self.colours(part.id)).transpose()?.flatten(),
            own => own,
        };
        Ok(Still { parts, crop: transforms.crop, orientation: transforms.orientation, colours })
    }

    /// A coded item's data with what its decoder needs before them.
    #[cfg(feature = "heic")]
    pub(super) fn hevc_stream(&self, id: ItemId) -> Result<WipedBytes, Reason> {
        self.file.hevc_bitstream(id).map(WipedBytes).map_err(|error| Reason::from(&error))
    }

    /// A coded item's data.
    pub(super) fn data(&self, id: ItemId) -> Result<Data<'a>, Reason> {
        self.file.item_data(id).map(Data::from).map_err(|error| Reason::from(&error))
    }

    /// The item that has the picture, and it with all that stand for it, in the order in which their turns apply.
    fn behind_aliases(&self) -> Result<(ItemId, Vec<ItemId>), Reason> {
        let mut id = self.file.primary_id;
        let mut ids = vec![id];
        while self.file.item(id).map_err(|error| Reason::from(&error))?.item_type.0 == *b"iden" {
            let [source] = *self.file.referenced_items(id, b"dimg") else {
                return Err(Reason::Damaged("an alias of not exactly one picture".to_owned()));
            };
            if ids.len() > MOST_ALIASES {
                return Err(Reason::Damaged("aliases of aliases".to_owned()));
            }
            id = source;
            ids.insert(0, id);
        }
        Ok((id, ids))
    }

    fn coded(&self, id: ItemId, [left, top]: [u32; 2], limits: &Limits) -> Result<Part, Error> {
        let item = self.file.item(id).map_err(|error| self.refusal(&error))?;
        let codec = match &item.item_type.0 {
            #[cfg(feature = "heic")]
            b"hvc1" => Codec::Hevc,
            #[cfg(feature = "avif")]
            b"av01" => Codec::Av1,
            b"iovl" => return Err(self.unsupported("several pictures laid over one another")),
            _ => return Err(self.unsupported(&format!("pictures of the type {}", item.item_type))),
        };
        let (width, height) = self
            .file
            .image_size(id)
            .map_err(|error| self.refusal(&error))?
            .ok_or_else(|| self.damaged("a picture without a size"))?;
        let size = Size { width, height };
        check_size(self.format, size, limits)?;
        let bytes = size.pixels().saturating_mul(self.bytes_per_pixel(id)?);
        Ok(Part { id, codec, place: Place { left, top, size }, bytes })
    }

    /// The parts of a grid, row by row, and the size of the whole.
    fn grid(&self, id: ItemId, limits: &Limits) -> Result<(Vec<Part>, Size), Error> {
        let grid = self.file.grid(id).map_err(|error| self.refusal(&error))?;
        let size = Size { width: grid.output_width, height: grid.output_height };
        check_size(self.format, size, limits)?;
        let tiles = self.file.referenced_items(id, b"dimg");
        let (columns, rows) = (u32::from(grid.columns), u32::from(grid.rows));
        let (Some(first), true) = (tiles.first(), tiles.len() as u64 == u64::from(columns) * u64::from(rows))
        else {
            return Err(self.damaged("a grid with another number of parts than it says"));
        };
        if tiles.len() as u64 > MOST_ITEMS {
            return Err(self.unsupported(&format!("a grid of {} parts, more than {MOST_ITEMS}", tiles.len())));
        }
        let tile = self.coded(*first, [0, 0], limits)?.place.size;
        // Parts that lie outside would be decoded for nothing.
        let covers = |side: u32, count: u32, whole: u32| {
            let most = u64::from(side) * u64::from(count);
            most >= whole.into() && most - u64::from(side) < whole.into()
        };
        if !covers(tile.width, columns, size.width) || !covers(tile.height, rows, size.height) {
            return Err(self.damaged("a grid whose parts do not cover it"));
        }
        let mut parts = Vec::with_capacity(tiles.len());
        for (at, id) in (0_u32..).zip(tiles) {
            let part = self.coded(*id, [at % columns * tile.width, at / columns * tile.height], limits)?;
            if part.place.size != tile {
                return Err(self.damaged("a grid with parts of several sizes"));
            }
            let mut turns = Transforms::of(tile);
            for property in self.properties(*id)? {
                turns.apply(property).map_err(|reason| reason.of(self.format))?;
            }
            if turns != Transforms::of(tile) {
                return Err(self.unsupported("a grid of turned or cropped parts"));
            }
            parts.push(part);
        }
        Ok((parts, size))
    }

    /// What a decoder hands out for each pixel, rounded up.
    fn bytes_per_pixel(&self, id: ItemId) -> Result<u64, Error> {
        let samples = |chroma| if chroma == 0 { 1 } else { 3 };
        for property in self.properties(id)? {
            match property {
                // Its frames hold every sample in two bytes.
                Property::HevcConfig(config) => return Ok(2 * samples(config.chroma_format)),
                // Profile and level, then: tier, more than 8 bits, 12 bits, no colours.
                Property::Unknown(FourCC([b'a', b'v', b'1', b'C']), config) => {
                    let flags = config.get(2).copied().unwrap_or_default();
                    let depth = if flags & 0x40 == 0 { 1 } else { 2 };
                    return Ok(depth * samples(u8::from(flags & 0x10 == 0)));
                }
                _ => {}
            }
        }
        Err(self.damaged("a picture whose codec is not described"))
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
