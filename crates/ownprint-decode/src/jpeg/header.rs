//! The segments of a JPEG file before its first scan, read as the reference decoder (libjpeg) reads them.

use super::mpf;
use crate::error::Error;
use crate::exif;
use ownprint_pixels::Format;
use ownprint_pixels::Size;
use ownprint_pixels::wipe::WipedBytes;

/// What the header says.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) size: Size,
    /// The first EXIF block.
    pub(super) exif: Option<&'a [u8]>,
    /// Where the index of further images begins.
    pub(super) multi_picture: Option<usize>,
    /// The decoder would refuse the header or read other colours out of it than libjpeg does.
    pub(super) needs_tidying: bool,
    /// The scans are cut into parts that begin anew.
    pub(super) restarts: bool,
    frame: Frame,
    colour: Colour,
    /// The segments that say how to decode: tables, frame, restart interval.
    segments: Vec<&'a [u8]>,
    /// Where the first scan's marker stands.
    scan: usize,
    /// The first scan holds all components, so that the image can be decoded row by row.
    one_scan: bool,
}

#[derive(Debug, Default)]
struct Frame {
    progressive: bool,
    components: Vec<Component>,
}

#[derive(Debug)]
struct Component {
    name: u8,
    across: u64,
    down: u64,
}

/// What the components mean, by libjpeg's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Grey,
    YCbCr,
    Rgb,
    Cmyk,
    Ycck,
}

/// What a file states about its colours beside its components.
#[derive(Debug, Default)]
struct Claims {
    jfif: bool,
    /// The colour transform of an Adobe segment.
    adobe: Option<u8>,
}

impl<'a> Header<'a> {
    /// Walks the segments up to the first scan. Bytes between segments that belong to none are passed over.
    ///
    /// # Errors
    /// [`Error::Truncated`], [`Error::Damaged`] and [`Error::UnsupportedFeature`].
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut claims = Claims::default();
        let mut frame: Option<(Size, Frame)> = None;
        let (mut exif_block, mut multi_picture, mut stray) = (None, None, false);
        let mut segments: Vec<&[u8]> = Vec::new();
        let mut at = 2;
        loop {
            let marker = next_marker(bytes, at)?;
            stray |= marker.stray;
            let code = marker.code;
            match code {
                0xd8 => return Err(damaged("a second start before the image")),
                0xd9 => return Err(damaged("an end before the image")),
                // Restart and temporary markers mean nothing here and have no length.
                0xd0..=0xd7 | 0x01 => {
                    stray = true;
                    at = marker.at + 2;
                    continue;
                }
                _ => {}
            }
            let segment = segment(bytes, marker.at)?;
            let payload = segment.get(4..).unwrap_or_default();
            match code {
                0xda => {
                    let (size, frame) = frame.ok_or_else(|| damaged("a scan before its frame"))?;
                    let colour = frame.colour(&claims)?;
                    let one_scan = payload.first().is_some_and(|&n| usize::from(n) == frame.components.len());
                    return Ok(Self {
                        size,
                        exif: exif_block,
                        multi_picture,
                        restarts: segments.iter().any(|segment| segment.starts_with(b"\xff\xdd")),
                        needs_tidying: stray || !decoder_agrees(colour, &claims),
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
                        return Err(damaged("two frames in one image"));
                    }
                    frame = Some(Frame::read(code, payload)?);
                    segments.push(segment);
                }
                // Motion JPEG leaves out its tables and says so here.
                0xe0 if payload.starts_with(b"AVI1") => segments.push(segment),
                0xe0 => claims.jfif |= payload.starts_with(b"JFIF\0") && payload.len() >= 14,
                0xe1 if exif_block.is_none() => exif_block = payload.strip_prefix(exif::PREFIX),
                0xe2 if multi_picture.is_none() && payload.starts_with(mpf::PREFIX) => {
                    multi_picture = Some(marker.at + 4 + mpf::PREFIX.len());
                }
                0xee if payload.starts_with(b"Adobe") && payload.len() >= 12 => {
                    claims.adobe = payload.get(11).copied();
                }
                _ => {}
            }
            at = marker.at + segment.len();
        }
    }

    /// Whether the file reaches its end marker and holds at least as many bits as its blocks need.
    ///
    /// Without its end marker a file was cut off, or has been padded where the rest was lost; a baseline image may
    /// be whole even so, but nothing tells. Every block takes a bit for its mean and, where the rest of it is not in
    /// later scans, another for its end: a header that promises a huge image over a few bytes stops here.
    pub(super) fn is_complete(&self, bytes: &[u8]) -> bool {
        let rest = bytes.get(self.scan..).unwrap_or_default();
        let bits_per_block = if self.frame.progressive { 1 } else { 2 };
        let enough = self.frame.blocks(self.size).saturating_mul(bits_per_block) <= rest.len() as u64 * 8;
        // From the end: that is where it stands, unless a video or another image follows.
        enough && rest.windows(2).rev().any(|pair| pair == [0xff, 0xd9])
    }

    /// Where the end marker stands of an image whose only scan it ends; `None` for any other image.
    pub(super) fn end_of_only_scan(&self, bytes: &[u8]) -> Option<usize> {
        /// Bytes that are looked at together: most of a photograph's pass here.
        const PIECE: usize = 64;
        if !self.one_scan || self.frame.progressive {
            return None;
        }
        let data = self.scan + segment(bytes, self.scan).ok()?.len();
        let (here, next) = (bytes.get(data..)?, bytes.get(data + 1..)?);
        for (piece, (here, next)) in here.chunks(PIECE).zip(next.chunks(PIECE)).enumerate() {
            let pairs = || here.iter().zip(next);
            // Without a branch for each byte, so that many are compared at once.
            let is_marker = |(byte, next): (&u8, &u8)| u8::from(*byte == 0xff) & u8::from(*next != 0);
            if pairs().map(is_marker).fold(0, std::ops::BitOr::bitor) == 0 {
                continue;
            }
            for (index, (byte, next)) in pairs().enumerate() {
                match (byte, next) {
                    (0xff, 0xd9) => return Some(data + piece * PIECE + index),
                    // A stuffed byte, a restart, padding before a marker.
                    (0xff, 0 | 0xd0..=0xd7 | 0xff) | (..0xff, _) => {}
                    _ => return None,
                }
            }
        }
        None
    }

    /// Bytes of coefficients the decoder keeps for the whole image when it cannot decode it row by row.
    pub(super) fn coefficient_bytes(&self) -> u64 {
        if self.one_scan && !self.frame.progressive {
            0
        } else {
            self.frame.blocks(self.size).saturating_mul(64 * 2)
        }
    }

    /// The same image without whatever does not serve to decode it, and with its colours stated plainly.
    pub(super) fn tidied(&self, bytes: &[u8]) -> WipedBytes {
        let rest = bytes.get(self.scan..).unwrap_or_default();
        let mut adobe = *b"\xff\xee\x00\x0eAdobe\x00\x64\0\0\0\0\0";
        let adobe: &[u8] = match self.colour {
            Colour::Grey => &[],
            Colour::Rgb | Colour::Cmyk => &adobe,
            Colour::YCbCr | Colour::Ycck => {
                if let Some(transform) = adobe.last_mut() {
                    *transform = if self.colour == Colour::YCbCr { 1 } else { 2 };
                }
                &adobe
            }
        };
        let parts = [&b"\xff\xd8"[..], adobe].into_iter().chain(self.segments.iter().copied()).chain([rest]);
        let length = parts.clone().map(|part| part.len()).sum();
        let mut tidy = WipedBytes(Vec::with_capacity(length));
        for part in parts {
            tidy.0.extend_from_slice(part);
        }
        tidy
    }
}

impl Frame {
    fn read(code: u8, payload: &[u8]) -> Result<(Size, Self), Error> {
        match code {
            0xc3 | 0xc7 | 0xcb | 0xcf => return Err(unsupported("lossless JPEG")),
            0xf7 => return Err(unsupported("JPEG-LS")),
            0xc9 | 0xca => return Err(unsupported("arithmetic coding")),
            0xc5 | 0xc6 | 0xcd | 0xce => return Err(unsupported("hierarchical JPEG")),
            _ => {}
        }
        let short = || damaged("its frame header is too short");
        let [precision, h1, h2, w1, w2, count, rest @ ..] = payload else { return Err(short()) };
        if *precision != 8 {
            return Err(unsupported(&format!("{precision}-bit samples")));
        }
        let size = Size {
            width: u16::from_be_bytes([*w1, *w2]).into(),
            height: u16::from_be_bytes([*h1, *h2]).into(),
        };
        if size.height == 0 && size.width != 0 {
            return Err(unsupported("a height that is stated only after the image"));
        }
        let (triples, _) = rest.as_chunks::<3>();
        let triples = triples.get(..usize::from(*count)).ok_or_else(short)?;
        let components: Vec<_> = triples
            .iter()
            .map(|&[name, sampling, _]| Component {
                name,
                across: u64::from(sampling >> 4),
                down: u64::from(sampling & 15),
            })
            .collect();
        let sampling_is_sound =
            components.iter().all(|c| (1..=4).contains(&c.across) && (1..=4).contains(&c.down));
        if !sampling_is_sound {
            return Err(damaged("its sampling factors are not 1 to 4"));
        }
        Ok((size, Self { progressive: code == 0xc2, components }))
    }

    fn colour(&self, claims: &Claims) -> Result<Colour, Error> {
        let names: Vec<_> = self.components.iter().map(|component| component.name).collect();
        Ok(match (names.as_slice(), claims.adobe) {
            ([_], _) => Colour::Grey,
            ([_, _, _], Some(0)) | (b"RGB", None) if !claims.jfif => Colour::Rgb,
            ([_, _, _], _) => Colour::YCbCr,
            ([_, _, _, _], None | Some(0)) => Colour::Cmyk,
            ([_, _, _, _], Some(_)) => Colour::Ycck,
            _ => return Err(unsupported(&format!("{} colour components", names.len()))),
        })
    }

    /// Blocks of 8x8 samples in the whole image.
    fn blocks(&self, size: Size) -> u64 {
        let widest = self.components.iter().map(|c| c.across).max().unwrap_or(1);
        let tallest = self.components.iter().map(|c| c.down).max().unwrap_or(1);
        let along =
            |side: u32, factor: u64, largest: u64| (u64::from(side) * factor).div_ceil(largest).div_ceil(8);
        self.components
            .iter()
            .map(|c| along(size.width, c.across, widest) * along(size.height, c.down, tallest))
            .sum()
    }
}

/// Whether the decoder reads the same colours out of the untouched header.
fn decoder_agrees(colour: Colour, claims: &Claims) -> bool {
    match (colour, claims.adobe) {
        (Colour::Rgb | Colour::Cmyk, Some(transform)) => transform == 0,
        (Colour::YCbCr, Some(transform)) => transform == 1,
        (Colour::Ycck, Some(transform)) => transform == 2,
        (Colour::Grey, Some(_)) => false,
        (_, None) => true,
    }
}

struct Marker {
    code: u8,
    /// Where its 0xff stands.
    at: usize,
    /// Bytes that belong to no segment stand before it.
    stray: bool,
}

/// The next marker at or after `from`, past fill bytes and past anything that is no marker.
fn next_marker(bytes: &[u8], from: usize) -> Result<Marker, Error> {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.windows(2)
        .position(|pair| matches!(*pair, [0xff, code] if code != 0 && code != 0xff))
        .and_then(|skipped| {
            let code = *rest.get(skipped + 1)?;
            Some(Marker { code, at: from + skipped, stray: skipped > 0 })
        })
        .ok_or(TRUNCATED)
}

/// Marker, length and payload of the segment whose marker stands at `at`.
fn segment(bytes: &[u8], at: usize) -> Result<&[u8], Error> {
    let Some([_, _, high, low]) = bytes.get(at..at + 4) else { return Err(TRUNCATED) };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if length < 2 {
        return Err(damaged("a segment shorter than its own length"));
    }
    bytes.get(at..at + 2 + length).ok_or(TRUNCATED)
}

const TRUNCATED: Error = Error::Truncated { format: Format::Jpeg };

fn damaged(detail: &str) -> Error {
    Error::Damaged { format: Format::Jpeg, detail: detail.to_owned() }
}

fn unsupported(detail: &str) -> Error {
    Error::UnsupportedFeature { format: Format::Jpeg, detail: detail.to_owned() }
}
