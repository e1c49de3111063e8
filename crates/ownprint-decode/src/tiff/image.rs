//! Reads and validates the tags of an image. Combinations that were not compared with libtiff are
//! refused by name (`docs/formats.md`).

use ownprint_pixels::{ExifOrientation, Size};

use super::directory::{Directory, Values, kind};
use super::errors::{TRUNCATED, damaged, unsupported};
use crate::error::Error;
use crate::{exif, xmp};

/// An image, as its tags describe it.
#[derive(Debug)]
pub(super) struct Image<'a> {
    pub(super) size: Size,
    pub(super) orientation: ExifOrientation,
    pub(super) samples: Samples,
    pub(super) colors: Colors,
    pub(super) compression: Compression,
    /// Samples are stored as differences from the pixel on their left.
    pub(super) predictor: bool,
    /// The lowest bit of a byte comes first.
    pub(super) reversed_bits: bool,
    pub(super) chunks: Chunks<'a>,
    /// The tables of all JPEG streams.
    #[cfg_attr(not(feature = "jpeg"), allow(dead_code))]
    pub(super) jpeg_tables: &'a [u8],
}

/// How samples are stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Samples {
    /// Samples per pixel in a row of a chunk: 1 if each sample has a plane of its own.
    pub(super) per_pixel: usize,
    /// 1, 2, 4, 8 or 16.
    pub(super) bits: usize,
    pub(super) big_endian: bool,
}

/// The meaning of samples (`PhotometricInterpretation` and `ExtraSamples`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colors {
    WhiteIsZero,
    BlackIsZero,
    Palette,
    Rgb,
    /// Red, green and blue that are multiplied by the alpha that follows them.
    RgbTimesAlpha,
    Cmyk,
    YCbCr,
    /// The JPEG decoder interpolates and converts it to RGB.
    YCbCrInJpeg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    /// One-dimensional runs without end-of-line codes; each row starts with a new byte.
    ModifiedHuffman,
    /// One-dimensional runs with end-of-line codes.
    Group3,
    Group4,
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
}

/// The strips or tiles.
#[derive(Debug)]
pub(super) struct Chunks<'a> {
    /// The size of a chunk. The last strip may have fewer rows; tiles extend beyond the image.
    pub(super) size: Size,
    pub(super) are_tiles: bool,
    /// The number of planes. Each has all chunks of one sample.
    pub(super) planes: u64,
    pub(super) offsets: Values<'a>,
    /// Absent in some old files, which have one strip.
    pub(super) lengths: Option<Values<'a>>,
}

impl Colors {
    /// The number of samples that determine the colour of a pixel.
    pub(super) fn count(self) -> usize {
        match self {
            Self::WhiteIsZero | Self::BlackIsZero | Self::Palette => 1,
            Self::Rgb | Self::YCbCr | Self::YCbCrInJpeg => 3,
            Self::RgbTimesAlpha | Self::Cmyk => 4,
        }
    }
}

impl<'a> Image<'a> {
    /// # Errors
    /// [`Error::Truncated`], [`Error::Damaged`] and [`Error::UnsupportedFeature`].
    pub(super) fn read(directory: &Directory<'a>, bytes: &[u8]) -> Result<Self, Error> {
        let size = Size { width: dimension(directory, 256)?, height: dimension(directory, 257)? };
        let compression = compression(directory)?;
        let (samples, planes) = samples(directory)?;
        let total = samples.per_pixel.max(planes);
        let colors = colors(directory, compression, total, planes > 1)?;
        check_depth(compression, colors, total, samples.bits)?;
        let is_lossless = matches!(compression, Compression::Lzw | Compression::Deflate);
        Ok(Self {
            size,
            orientation: orientation(directory, bytes),
            samples,
            colors,
            compression,
            predictor: is_lossless && predictor(directory, samples.bits)?,
            // libtiff does not reverse the bits of JPEG streams.
            reversed_bits: compression != Compression::Jpeg && reversed_bits(directory)?,
            chunks: Chunks::read(directory, size, planes as u64)?,
            jpeg_tables: directory.values(347).and_then(|tables| tables.bytes()).unwrap_or(&[]),
        })
    }

    /// Returns the stored bytes of a row of this width.
    pub(super) fn row_bytes(&self, width: u32) -> u64 {
        let bits = (self.samples.per_pixel * self.samples.bits) as u64;
        u64::from(width).saturating_mul(bits).div_ceil(8)
    }
}

impl<'a> Chunks<'a> {
    fn read(directory: &Directory<'a>, size: Size, planes: u64) -> Result<Self, Error> {
        // As in libtiff, the tags of strips and of tiles may stand for each other.
        let are_tiles = directory.values(322).is_some() && directory.values(323).is_some();
        let either = |tile, strip| directory.values(tile).or_else(|| directory.values(strip));
        let chunk = if are_tiles {
            Size { width: dimension(directory, 322)?, height: dimension(directory, 323)? }
        } else {
            let rows = directory.number(278).unwrap_or(u64::MAX).min(size.height.into());
            Size { width: size.width, height: rows as u32 }
        };
        let chunks = Self {
            size: chunk,
            are_tiles,
            planes,
            offsets: either(324, 273).ok_or_else(|| damaged("no strips or tiles"))?,
            lengths: either(325, 279),
        };
        if chunk.pixels() == 0 {
            return Err(damaged("strips or tiles of size 0"));
        }
        if chunks.offsets.count < chunks.count(size) {
            return Err(damaged("fewer strips or tiles than the image has"));
        }
        Ok(chunks)
    }

    /// Returns the number of chunks of all planes.
    pub(super) fn count(&self, size: Size) -> u64 {
        self.across(size).saturating_mul(self.down(size)).saturating_mul(self.planes)
    }

    pub(super) fn across(&self, size: Size) -> u64 {
        size.width.div_ceil(self.size.width.max(1)).into()
    }

    pub(super) fn down(&self, size: Size) -> u64 {
        size.height.div_ceil(self.size.height.max(1)).into()
    }
}

fn dimension(directory: &Directory<'_>, tag: u16) -> Result<u32, Error> {
    let number = directory.number(tag).ok_or_else(|| damaged("no size"))?;
    u32::try_from(number).map_err(|_| damaged("size over 32 bits"))
}

fn compression(directory: &Directory<'_>) -> Result<Compression, Error> {
    Ok(match directory.number(259).unwrap_or(1) {
        1 => Compression::None,
        2 => Compression::ModifiedHuffman,
        3 => {
            // T4Options: bit 0 is two-dimensional coding, bit 1 uncompressed mode.
            if directory.number(292).unwrap_or(0) & 3 != 0 {
                return Err(unsupported("two-dimensional CCITT group 3 coding"));
            }
            Compression::Group3
        }
        4 => Compression::Group4,
        5 => Compression::Lzw,
        6 => return Err(unsupported("old-style JPEG compression")),
        7 => Compression::Jpeg,
        8 | 32_946 => Compression::Deflate,
        32_773 => Compression::PackBits,
        other => return Err(unsupported(&format!("compression {other}"))),
    })
}

/// Returns the samples of a chunk, and the number of planes.
fn samples(directory: &Directory<'_>) -> Result<(Samples, usize), Error> {
    let count = directory.number(277).unwrap_or(1);
    let count = usize::try_from(count).ok().filter(|count| (1..=MAX_SAMPLES).contains(count));
    let count = count.ok_or_else(|| unsupported("number of samples per pixel"))?;
    let bits = same(directory, 258, 1, count, "samples of different depths")?;
    if same(directory, 339, 1, count, "samples of different formats")? != 1 {
        return Err(unsupported("signed or floating-point samples"));
    }
    if !matches!(bits, 1 | 2 | 4 | 8 | 16) {
        return Err(unsupported(&format!("{bits}-bit samples")));
    }
    let planes = match directory.number(284).unwrap_or(1) {
        1 => 1,
        2 => count,
        other => return Err(unsupported(&format!("PlanarConfiguration {other}"))),
    };
    let big_endian = directory.is_big_endian();
    Ok((Samples { per_pixel: count / planes, bits: bits as usize, big_endian }, planes))
}

/// More are not ordinary images, but for example satellite data.
const MAX_SAMPLES: usize = 16;

/// Returns the value of a tag that has one value for each sample, which must be equal. One value
/// applies to all samples.
fn same(
    directory: &Directory<'_>,
    tag: u16,
    default: u64,
    samples: usize,
    otherwise: &str,
) -> Result<u64, Error> {
    let Some(values) = directory.values(tag) else { return Ok(default) };
    let first = values.get(0).ok_or(TRUNCATED)?;
    let count = values.count.min(samples as u64);
    if (1..count).any(|index| values.get(index) != Some(first)) {
        return Err(unsupported(otherwise));
    }
    Ok(first)
}

/// The kind of an extra sample by which the colours are multiplied.
const ASSOCIATED_ALPHA: u64 = 1;

fn colors(
    directory: &Directory<'_>,
    compression: Compression,
    samples: usize,
    are_planes: bool,
) -> Result<Colors, Error> {
    let extra = directory.values(338).and_then(|extra| extra.get(0));
    let colors = match directory.number(262).unwrap_or(0) {
        0 | 1 if samples > 1 && extra == Some(ASSOCIATED_ALPHA) => {
            return Err(unsupported("grey with premultiplied alpha"));
        }
        0 => Colors::WhiteIsZero,
        1 => Colors::BlackIsZero,
        2 if samples > 3 && extra == Some(ASSOCIATED_ALPHA) => Colors::RgbTimesAlpha,
        2 => Colors::Rgb,
        3 => Colors::Palette,
        5 if directory.number(332).unwrap_or(1) != 1 => {
            return Err(unsupported("separations other than CMYK"));
        }
        5 => Colors::Cmyk,
        6 if compression == Compression::Jpeg && !are_planes => Colors::YCbCrInJpeg,
        6 => Colors::YCbCr,
        other => return Err(unsupported(&format!("PhotometricInterpretation {other}"))),
    };
    if samples < colors.count() {
        return Err(unsupported("fewer samples than the colour space has"));
    }
    if colors == Colors::YCbCr {
        check_ycbcr(directory)?;
    }
    Ok(colors)
}

fn check_depth(
    compression: Compression,
    colors: Colors,
    samples: usize,
    bits: usize,
) -> Result<(), Error> {
    let is_known = match compression {
        Compression::ModifiedHuffman | Compression::Group3 | Compression::Group4 => {
            bits == 1 && samples == 1
        }
        Compression::Jpeg => bits == 8,
        _ => match bits {
            16 => !matches!(colors, Colors::Palette | Colors::YCbCr),
            8 => true,
            _ => samples == 1,
        },
    };
    if is_known {
        Ok(())
    } else {
        Err(unsupported(&format!("{samples} samples of {bits} bits with this compression")))
    }
}

/// Uncompressed YCbCr is converted with JFIF's matrix, and only without subsampling.
fn check_ycbcr(directory: &Directory<'_>) -> Result<(), Error> {
    let subsampling = directory.values(530);
    // The default is 2x2.
    let factor = |index| subsampling.map_or(Some(2), |values| values.get(index));
    if (factor(0), factor(1)) != (Some(1), Some(1)) {
        return Err(unsupported("subsampled YCbCr without JPEG compression"));
    }
    let is_default = |tag, defaults: &[u64]| {
        directory.values(tag).is_none_or(|values| {
            defaults.iter().zip(0..).all(|(default, index)| {
                values.fraction(index).is_some_and(|(number, divisor)| {
                    // Thousandths, because writers approximate the coefficients.
                    divisor > 0 && number.saturating_mul(1000) / divisor == *default
                })
            })
        })
    };
    if !is_default(529, &[299, 587, 114]) {
        return Err(unsupported("YCbCr coefficients other than BT.601"));
    }
    if !is_default(532, &[0, 255_000, 128_000, 255_000, 128_000, 255_000]) {
        return Err(unsupported("YCbCr of limited range"));
    }
    Ok(())
}

fn predictor(directory: &Directory<'_>, bits: usize) -> Result<bool, Error> {
    match directory.number(317).unwrap_or(1) {
        1 => Ok(false),
        2 if bits >= 8 => Ok(true),
        2 => Err(unsupported(&format!("horizontal predictor of {bits}-bit samples"))),
        other => Err(unsupported(&format!("predictor {other}"))),
    }
}

fn reversed_bits(directory: &Directory<'_>) -> Result<bool, Error> {
    match directory.number(266).unwrap_or(1) {
        1 => Ok(false),
        2 => Ok(true),
        other => Err(unsupported(&format!("FillOrder {other}"))),
    }
}

/// Returns the orientation, or that of the XMP packet if there is no such tag.
///
/// The rules for its type are those of EXIF, whose reader knows no `BigTIFF`.
fn orientation(directory: &Directory<'_>, bytes: &[u8]) -> ExifOrientation {
    let found = exif::find(bytes).or_else(|| {
        let Some(values) = directory.values(274) else {
            return directory.values(700).and_then(|packet| xmp::orientation(packet.bytes()?));
        };
        let value = values.get(0).filter(|_| matches!(values.kind, kind::SHORT | kind::LONG));
        let value = value.and_then(|value| u16::try_from(value).ok());
        Some(ExifOrientation::from_exif(value.unwrap_or(1)))
    });
    found.unwrap_or_default()
}
