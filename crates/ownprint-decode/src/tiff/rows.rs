//! Decompresses a strip or tile row by row, so that only one row is in memory. CCITT and JPEG data
//! are decoded as a whole.

use std::ops::Range;

use fdeflate::Decompressor;
use ownprint_pixels::Limits;
use ownprint_pixels::wipe::WipedBytes;
use weezl::decode::{Configuration, Decoder};
use weezl::{BitOrder, LzwStatus};

use super::ccitt;
use super::errors::{TRUNCATED, damaged, unsupported};
use super::image::{Compression, Image};
#[cfg(feature = "jpeg")]
use super::jpeg;
use crate::error::Error;

/// The rows of a strip or tile.
pub(super) enum Rows<'a> {
    Raw(&'a [u8], usize),
    Whole(WipedBytes, usize),
    PackBits(PackBits<'a>),
    Stream(Stream<'a>),
}

impl<'a> Rows<'a> {
    /// Opens a chunk of `rows` rows of `row_bytes` bytes.
    pub(super) fn open(
        image: &Image<'_>,
        data: &'a [u8],
        (rows, row_bytes): (usize, usize),
        limits: &Limits,
    ) -> Result<Self, Error> {
        Ok(match image.compression {
            Compression::None => Self::Raw(data, 0),
            Compression::PackBits => {
                Self::PackBits(PackBits { data, at: 0, left: 0, repeated: None })
            }
            Compression::Lzw => {
                Self::Stream(Stream::new(data, lzw(data)?, rows.saturating_mul(row_bytes)))
            }
            Compression::Deflate => {
                Self::Stream(Stream::new(data, deflate(), rows.saturating_mul(row_bytes)))
            }
            Compression::ModifiedHuffman | Compression::Group3 | Compression::Group4 => {
                let width = image.chunks.size.width;
                Self::Whole(ccitt::decode(image.compression, data, width, rows, row_bytes)?, 0)
            }
            #[cfg(feature = "jpeg")]
            Compression::Jpeg => Self::Whole(jpeg::decode(image, data, rows, limits)?, 0),
            #[cfg(not(feature = "jpeg"))]
            Compression::Jpeg => {
                let _ = limits;
                return Err(unsupported("JPEG compression"));
            }
        })
    }

    /// Writes the next row.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the chunk has no further row, [`Error::Damaged`].
    pub(super) fn read(&mut self, row: &mut [u8]) -> Result<(), Error> {
        match self {
            Self::Raw(data, at) => copy(data, at, row),
            Self::Whole(data, at) => copy(&data.0, at, row),
            Self::PackBits(decoder) => decoder.read(row),
            Self::Stream(stream) => stream.read(row),
        }
    }
}

fn copy(data: &[u8], at: &mut usize, row: &mut [u8]) -> Result<(), Error> {
    let end = at.saturating_add(row.len());
    row.copy_from_slice(data.get(*at..end).ok_or(TRUNCATED)?);
    *at = end;
    Ok(())
}

pub(super) struct PackBits<'a> {
    data: &'a [u8],
    at: usize,
    /// The bytes that are left of the current run.
    left: usize,
    /// The byte of the run, or `None` for bytes that are copied.
    repeated: Option<u8>,
}

impl PackBits<'_> {
    fn read(&mut self, mut row: &mut [u8]) -> Result<(), Error> {
        while !row.is_empty() {
            if self.left == 0 {
                self.start_run()?;
            }
            let count = self.left.min(row.len());
            let (run, rest) = row.split_at_mut(count);
            match self.repeated {
                Some(byte) => run.fill(byte),
                None => copy(self.data, &mut self.at, run)?,
            }
            self.left -= count;
            row = rest;
        }
        Ok(())
    }

    fn start_run(&mut self) -> Result<(), Error> {
        let mut next = || {
            let byte = self.data.get(self.at).copied().ok_or(TRUNCATED)?;
            self.at += 1;
            Ok::<_, Error>(byte)
        };
        match next()? {
            length @ ..=127 => {
                self.repeated = None;
                self.left = usize::from(length) + 1;
            }
            // No operation.
            128 => {}
            length => {
                self.repeated = Some(next()?);
                self.left = 257 - usize::from(length);
            }
        }
        Ok(())
    }
}

/// A decoder that writes to a buffer, because rows are shorter than what it needs at a time.
pub(super) struct Stream<'a> {
    data: &'a [u8],
    at: usize,
    decoder: StreamDecoder,
    output: WipedBytes,
    /// The bytes of the output that were not read yet.
    unread: Range<usize>,
}

enum StreamDecoder {
    Lzw(Decoder),
    Deflate(Box<Decompressor>),
}

fn lzw(data: &[u8]) -> Result<StreamDecoder, Error> {
    // The first code is the clear code, of 9 bits. Writers before TIFF 6.0 stored its low bits
    // first.
    if matches!(*data, [0, second, ..] if second & 1 != 0) {
        return Err(unsupported("old-style LZW compression"));
    }
    let configuration = Configuration::with_tiff_size_switch(BitOrder::Msb, 8);
    Ok(StreamDecoder::Lzw(configuration.with_yield_on_full_buffer(true).build()))
}

fn deflate() -> StreamDecoder {
    let mut decoder = Decompressor::new();
    // libtiff stops after the last row and never reaches the checksum.
    decoder.ignore_adler32();
    StreamDecoder::Deflate(Box::new(decoder))
}

impl<'a> Stream<'a> {
    /// The maximum distance of a reference to earlier output in Deflate.
    const WINDOW_BYTES: usize = 32 * 1024;

    /// The minimum of the output: LZW codes stand for up to 4096 bytes.
    const MIN_BYTES: usize = 8 * 1024;

    /// `length` is the number of bytes that are read. All of them fit into the output, or it has
    /// room for the window.
    fn new(data: &'a [u8], decoder: StreamDecoder, length: usize) -> Self {
        let output = WipedBytes::zeroed(length.clamp(Self::MIN_BYTES, 4 * Self::WINDOW_BYTES));
        Self { data, at: 0, decoder, output, unread: 0..0 }
    }

    fn read(&mut self, mut row: &mut [u8]) -> Result<(), Error> {
        loop {
            let count = self.unread.len().min(row.len());
            let (filled, rest) = row.split_at_mut(count);
            let from = self.unread.start..self.unread.start + count;
            filled.copy_from_slice(self.output.0.get(from).unwrap_or_default());
            self.unread.start += count;
            if rest.is_empty() {
                return Ok(());
            }
            row = rest;
            self.decompress()?;
        }
    }

    /// Replaces the output, all of which was read.
    fn decompress(&mut self) -> Result<(), Error> {
        let data = self.data.get(self.at..).unwrap_or_default();
        let output = &mut self.output.0;
        match &mut self.decoder {
            StreamDecoder::Lzw(decoder) => {
                let result = decoder.decode_bytes(data, output);
                self.at += result.consumed_in;
                self.unread = 0..result.consumed_out;
                let is_stuck = result.consumed_in == 0 && result.consumed_out == 0;
                match result.status {
                    Ok(LzwStatus::NoProgress | LzwStatus::Done) if is_stuck => Err(TRUNCATED),
                    Ok(_) => Ok(()),
                    Err(_) => Err(damaged("LZW code")),
                }
            }
            StreamDecoder::Deflate(decoder) => {
                let mut end = self.unread.end;
                if end == output.len() {
                    let start = end.saturating_sub(Self::WINDOW_BYTES);
                    output.copy_within(start.., 0);
                    end -= start;
                }
                // Not declared as the end of the input, because the checksum may be missing.
                let result = decoder.read(data, output, end, false);
                let (read, written) =
                    result.map_err(|error| damaged(&format!("Deflate: {error:?}")))?;
                self.at += read;
                self.unread = end..end + written;
                if written == 0 { Err(TRUNCATED) } else { Ok(()) }
            }
        }
    }
}
