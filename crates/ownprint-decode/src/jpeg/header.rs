//! Parses the segments of a JPEG file before its first scan as the reference decoder (libjpeg)
//! does.

use ownprint_pixels::Size;
use ownprint_pixels::wipe::WipedBytes;

use super::markers::{damaged, marker_in_scan, next_marker, segment, unsupported};
use super::mpf;
use crate::error::Error;
use crate::{exif, xmp};

/// The segments before the first scan.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) size: Size,
    /// The first EXIF block.
    pub(super) exif: Option<&'a [u8]>,
    /// The last XMP packet.
    pub(super) xmp: Option<&'a [u8]>,
    /// The offset of the MPF index, which lists further images.
    pub(super) mpf_index: Option<usize>,
    /// The decoder would reject the header or derive another color model than libjpeg does.
    pub(super) needs_normalizing: bool,
    /// The scans contain restart markers.
    pub(super) restarts: bool,
    pub(super) frame: Frame,
    colour: Colour,
    /// The segments that decoding needs: tables, frame, restart interval.
    pub(super) segments: Vec<&'a [u8]>,
    /// The offset of the marker of the first scan.
    pub(super) scan: usize,
    /// The first scan contains all components, so that the image can be decoded row by row.
    one_scan: bool,
}

#[derive(Debug, Default)]
pub(super) struct Frame {
    progressive: bool,
    pub(super) components: Vec<Component>,
}

#[derive(Debug)]
pub(super) struct Component {
    pub(super) name: u8,
    /// Sampling factors.
    pub(super) horizontal: u64,
    pub(super) vertical: u64,
    /// The number of the quantization table.
    pub(super) quantization: u8,
}

/// The color model, by the rules of libjpeg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Grey,
    YCbCr,
    Rgb,
    Cmyk,
    Ycck,
}

/// The components of a JPEG stream whose color model the container states.
#[cfg(feature = "tiff")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Components {
    Grey,
    /// Converted to RGB.
    YCbCr,
    Rgb,
    /// Four components, not converted.
    Four,
}

/// The application segments that determine the color model.
#[derive(Debug, Default)]
struct Markers {
    jfif: bool,
    /// The colour transform of an Adobe segment.
    adobe: Option<u8>,
}

impl<'a> Header<'a> {
    /// Reads the segments up to the first scan. Bytes between segments are skipped.
    ///
    /// # Errors
    /// [`Error::Truncated`], [`Error::Damaged`] and [`Error::UnsupportedFeature`].
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut markers = Markers::default();
        let mut frame: Option<(Size, Frame)> = None;
        let (mut exif_block, mut xmp, mut mpf_index, mut stray) = (None, None, None, false);
        let mut segments: Vec<&[u8]> = Vec::new();
        let mut at = 2;
        loop {
            let marker = next_marker(bytes, at)?;
            stray |= marker.stray;
            let code = marker.code;
            match code {
                0xd8 => return Err(damaged("second SOI marker before the image")),
                0xd9 => return Err(damaged("EOI marker before the image")),
                // Restart and TEM markers have no length and no meaning before a scan.
                0xd0..=0xd7 | 0x01 => {
                    stray = true;
                    at = marker.at + 2;
                    continue;
                }
                _ => {}
            }
            let segment = segment(bytes, marker.at)?;
            if segments.len() > MAX_TABLES {
                return Err(damaged("too many tables"));
            }
            let payload = segment.get(4..).unwrap_or_default();
            match code {
                0xda => {
                    let (size, frame) =
                        frame.ok_or_else(|| damaged("scan before the frame header"))?;
                    let colour = frame.colour(&markers)?;
                    frame.check_sampling()?;
                    frame.check_names(colour)?;
                    let one_scan =
                        payload.first().is_some_and(|&n| usize::from(n) == frame.components.len());
                    return Ok(Self {
                        size,
                        exif: exif_block,
                        xmp,
                        mpf_index,
                        restarts: segments.iter().any(|segment| segment.starts_with(b"\xff\xdd")),
                        needs_normalizing: stray || !decoder_agrees(colour, &markers),
                        frame,
                        colour,
                        segments,
                        scan: marker.at,
                        one_scan,
                    });
                }
                0xc4 | 0xdb | 0xdd => segments.push(segment),
                0xc0..=0xc2 | 0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xf7 => {
                    if frame.is_some() {
                        return Err(damaged("two frame headers"));
                    }
                    frame = Some(Frame::read(code, payload)?);
                    segments.push(segment);
                }
                // Motion JPEG omits its Huffman tables and is marked by this segment.
                0xe0 if payload.starts_with(b"AVI1") => segments.push(segment),
                0xe0 => markers.jfif |= payload.starts_with(b"JFIF\0") && payload.len() >= 14,
                0xe1 if payload.starts_with(xmp::PREFIX) => {
                    xmp = payload.get(xmp::PREFIX.len()..);
                }
                0xe1 if exif_block.is_none() => exif_block = payload.strip_prefix(exif::PREFIX),
                0xe2 if mpf_index.is_none() && payload.starts_with(mpf::PREFIX) => {
                    mpf_index = Some(marker.at + 4 + mpf::PREFIX.len());
                }
                0xee if payload.starts_with(b"Adobe") && payload.len() >= 12 => {
                    markers.adobe = payload.get(11).copied();
                }
                _ => {}
            }
            at = marker.at + segment.len();
        }
    }

    /// Replaces the color model by that of the container.
    #[cfg(feature = "tiff")]
    pub(super) fn set_components(&mut self, components: Components) -> Result<(), Error> {
        let (count, colour) = match components {
            Components::Grey => (1, Colour::Grey),
            Components::YCbCr => (3, Colour::YCbCr),
            Components::Rgb => (3, Colour::Rgb),
            Components::Four => (4, Colour::Cmyk),
        };
        if self.frame.components.len() != count {
            return Err(damaged("number of components"));
        }
        self.frame.check_names(colour)?;
        self.colour = colour;
        self.needs_normalizing = true;
        Ok(())
    }

    /// Returns `true` if the file has an end marker and the minimum of bits that its blocks need.
    ///
    /// A file without an end marker is truncated, or was padded after data were lost. Every block
    /// needs one bit for its DC coefficient and, in baseline files, one for the end of the block,
    /// so a large image with too few bytes is detected before it is decoded.
    pub(super) fn is_complete(&self, bytes: &[u8]) -> bool {
        let rest = bytes.get(self.scan..).unwrap_or_default();
        let bits_per_block = if self.frame.progressive { 1 } else { 2 };
        let enough =
            self.frame.blocks(self.size).saturating_mul(bits_per_block) <= rest.len() as u64 * 8;
        // Searched from the end, where it is unless a video or another image follows.
        enough && rest.windows(2).rev().any(|pair| pair == [0xff, 0xd9])
    }

    /// Checks the markers from the first scan to the end marker, and returns the
    /// [end of the only scan](Self::end_of_only_scan).
    ///
    /// # Errors
    /// [`Error::Damaged`] if restart markers do not count from 0 to 7, or occur without an interval:
    /// the decoder does not notice lost data by them. [`Error::UnsupportedFeature`] for an Adobe
    /// segment between scans, by which the decoder, unlike libjpeg, changes the color model.
    pub(super) fn check_scans(&self, bytes: &[u8]) -> Result<Option<usize>, Error> {
        let is_only = self.has_only_scan();
        let mut restarts = self.restarts;
        let mut expected = 0xd0;
        let (mut at, mut scans) = (self.scan, 0);
        while let Some(marker) = marker_in_scan(bytes, at) {
            let code = bytes.get(marker + 1).copied().unwrap_or_default();
            at = marker + 2;
            match code {
                0xd0..=0xd7 if restarts && code == expected => expected = 0xd0 | (code + 1) & 7,
                0xd0..=0xd7 => return Err(damaged("restart marker out of order")),
                0xd9 => return Ok(is_only.then_some(marker)),
                _ if scans > 0 && is_only => return Ok(Some(marker)),
                0xee => return Err(unsupported("an Adobe segment between scans")),
                _ => {
                    let Ok(segment) = segment(bytes, marker) else { return Ok(None) };
                    at = marker + segment.len();
                    match code {
                        0xda => (scans, expected) = (scans + 1, 0xd0),
                        0xdd => restarts = segment.get(4..) != Some(&[0, 0]),
                        _ => {}
                    }
                }
            }
        }
        Ok(None)
    }

    /// Returns the offset of the marker behind the data of an image with a single scan.
    ///
    /// It is the end marker in a valid file. libjpeg decodes no scan behind the first that contains
    /// all components; the decoder would decode each of them over the image.
    pub(super) fn end_of_only_scan(&self, bytes: &[u8]) -> Option<usize> {
        if !self.has_only_scan() {
            return None;
        }
        let mut at = self.scan + segment(bytes, self.scan).ok()?.len();
        loop {
            let marker = marker_in_scan(bytes, at)?;
            match bytes.get(marker + 1) {
                Some(0xd0..=0xd7) => at = marker + 2,
                _ => return Some(marker),
            }
        }
    }

    /// Returns `true` if the first scan contains the whole image.
    fn has_only_scan(&self) -> bool {
        self.one_scan && !self.frame.progressive
    }

    /// Returns the bytes of coefficients that the decoder holds if it cannot decode row by row.
    pub(super) fn coefficient_bytes(&self) -> u64 {
        if self.has_only_scan() { 0 } else { self.frame.blocks(self.size).saturating_mul(64 * 2) }
    }

    /// Returns `true` if the components of a sequential image are in several scans.
    pub(super) fn has_separate_scans(&self) -> bool {
        !self.one_scan && !self.frame.progressive
    }

    /// Returns the same image without metadata, and with an Adobe segment that specifies the color
    /// model.
    pub(super) fn normalized(&self, bytes: &[u8]) -> WipedBytes {
        let rest = bytes.get(self.scan..).unwrap_or_default();
        let mut normalized = WipedBytes(Vec::with_capacity(HEAD_BYTES + rest.len()));
        self.write_head(false, &mut normalized.0);
        normalized.0.extend_from_slice(rest);
        normalized
    }

    /// Writes the normalized segments before the first scan. `as_progressive` replaces the marker
    /// of a sequential frame by that of a progressive one.
    pub(super) fn write_head(&self, as_progressive: bool, output: &mut Vec<u8>) {
        output.extend_from_slice(b"\xff\xd8");
        let transform = match self.colour {
            Colour::Grey => None,
            Colour::Rgb | Colour::Cmyk => Some(0),
            Colour::YCbCr => Some(1),
            Colour::Ycck => Some(2),
        };
        if let Some(transform) = transform {
            output.extend_from_slice(b"\xff\xee\x00\x0eAdobe\x00\x64\0\0\0\0");
            output.push(transform);
        }
        for segment in &self.segments {
            match segment {
                [0xff, 0xc0 | 0xc1, rest @ ..] if as_progressive => {
                    output.extend_from_slice(&[0xff, 0xc2]);
                    output.extend_from_slice(rest);
                }
                _ => output.extend_from_slice(segment),
            }
        }
    }
}

/// The maximum of segments with tables before the first scan. Encoders write about ten.
const MAX_TABLES: usize = 1024;
/// The usual length of the tables and headers of a file without metadata.
const HEAD_BYTES: usize = 1024;

impl Frame {
    fn read(code: u8, payload: &[u8]) -> Result<(Size, Self), Error> {
        match code {
            0xc3 | 0xc7 | 0xcb | 0xcf => return Err(unsupported("lossless coding")),
            0xf7 => return Err(unsupported("JPEG-LS")),
            0xc9 | 0xca => return Err(unsupported("arithmetic coding")),
            0xc5 | 0xc6 | 0xcd | 0xce => return Err(unsupported("hierarchical coding")),
            _ => {}
        }
        let short = || damaged("frame header too short");
        let [precision, h1, h2, w1, w2, count, rest @ ..] = payload else { return Err(short()) };
        if *precision != 8 {
            return Err(unsupported(&format!("{precision}-bit samples")));
        }
        let size = Size {
            width: u16::from_be_bytes([*w1, *w2]).into(),
            height: u16::from_be_bytes([*h1, *h2]).into(),
        };
        if size.height == 0 && size.width != 0 {
            return Err(unsupported("height in a DNL segment"));
        }
        let (triples, _) = rest.as_chunks::<3>();
        let triples = triples.get(..usize::from(*count)).ok_or_else(short)?;
        let components: Vec<_> = triples
            .iter()
            .map(|&[name, sampling, quantization]| Component {
                name,
                quantization,
                horizontal: u64::from(sampling >> 4),
                vertical: u64::from(sampling & 15),
            })
            .collect();
        let sampling_is_valid = components
            .iter()
            .all(|c| (1..=4).contains(&c.horizontal) && (1..=4).contains(&c.vertical));
        if !sampling_is_valid {
            return Err(damaged("sampling factor outside 1 to 4"));
        }
        Ok((size, Self { progressive: code == 0xc2, components }))
    }

    fn colour(&self, markers: &Markers) -> Result<Colour, Error> {
        let names: Vec<_> = self.components.iter().map(|component| component.name).collect();
        Ok(match (names.as_slice(), markers.adobe) {
            ([_], _) => Colour::Grey,
            ([_, _, _], Some(0)) | (b"RGB", None) if !markers.jfif => Colour::Rgb,
            ([_, _, _], _) => Colour::YCbCr,
            ([_, _, _, _], None | Some(0)) => Colour::Cmyk,
            ([_, _, _, _], Some(_)) => Colour::Ycck,
            _ => return Err(unsupported(&format!("{} colour components", names.len()))),
        })
    }

    /// Returns the number of blocks of 8x8 samples in the image.
    fn blocks(&self, size: Size) -> u64 {
        let blocks = |component| {
            let (across, down) = self.component_blocks(component, size);
            across * down
        };
        self.components.iter().map(blocks).sum()
    }

    /// Returns the size of a component in blocks.
    pub(super) fn component_blocks(&self, component: &Component, size: Size) -> (u64, u64) {
        let (widest, tallest) = self.largest_factors();
        let along = |size: u32, factor: u64, largest: u64| {
            (u64::from(size) * factor).div_ceil(largest).div_ceil(8)
        };
        (
            along(size.width, component.horizontal, widest),
            along(size.height, component.vertical, tallest),
        )
    }

    /// Returns the number of interleaved groups of blocks (MCUs) across and down.
    pub(super) fn mcus(&self, size: Size) -> (u64, u64) {
        let (widest, tallest) = self.largest_factors();
        (u64::from(size.width).div_ceil(8 * widest), u64::from(size.height).div_ceil(8 * tallest))
    }

    fn largest_factors(&self) -> (u64, u64) {
        let widest = self.components.iter().map(|c| c.horizontal).max().unwrap_or(1);
        let tallest = self.components.iter().map(|c| c.vertical).max().unwrap_or(1);
        (widest, tallest)
    }

    /// Returns an error for YCbCr whose components are named R, G and B, by which the decoder takes
    /// them for RGB.
    fn check_names(&self, colour: Colour) -> Result<(), Error> {
        let names = self.components.iter().map(|component| component.name);
        if colour == Colour::YCbCr && names.eq(*b"RGB") {
            return Err(unsupported("YCbCr components that are named R, G, B"));
        }
        Ok(())
    }

    /// Returns an error for sampling factors that the decoder does not support or decodes wrongly.
    fn check_sampling(&self) -> Result<(), Error> {
        let (widest, tallest) = self.largest_factors();
        let first = self.components.first();
        let is_known = first.is_none_or(|c| (c.horizontal, c.vertical) == (widest, tallest))
            && widest.is_power_of_two()
            && self
                .components
                .iter()
                .all(|c| widest.is_multiple_of(c.horizontal) && tallest.is_multiple_of(c.vertical));
        if is_known { Ok(()) } else { Err(unsupported("sampling factors")) }
    }
}

/// Returns `true` if the decoder derives the same color model from the original header.
fn decoder_agrees(colour: Colour, markers: &Markers) -> bool {
    match (colour, markers.adobe) {
        (Colour::Rgb | Colour::Cmyk, Some(transform)) => transform == 0,
        (Colour::YCbCr, Some(transform)) => transform == 1,
        (Colour::Ycck, Some(transform)) => transform == 2,
        (Colour::Grey, Some(_)) => false,
        (_, None) => true,
    }
}
