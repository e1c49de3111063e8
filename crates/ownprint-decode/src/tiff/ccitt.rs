//! Decodes CCITT coding of one-bit images: modified Huffman, group 3 (ITU-T T.4, one-dimensional),
//! and group 4 (ITU-T T.6).

use std::convert::Infallible;

use fax::decoder::{DecodeStatus, Group4Decoder};
use fax::maps::{black, white};
use fax::{BitReader, ByteReader};
use ownprint_pixels::wipe::WipedBytes;

use super::errors::{TRUNCATED, damaged, unsupported};
use super::image::Compression;
use crate::error::Error;

/// Returns packed rows in which a bit of 1 is a black pixel.
pub(super) fn decode(
    compression: Compression,
    data: &[u8],
    width: u32,
    rows: usize,
    row_bytes: usize,
) -> Result<WipedBytes, Error> {
    let width = u16::try_from(width).map_err(|_| unsupported("CCITT rows over 65,535 pixels"))?;
    let mut packed = WipedBytes::zeroed(rows.saturating_mul(row_bytes));
    let targets = packed.0.chunks_exact_mut(row_bytes.max(1));
    // The decoder looks ahead of the last code.
    let padded = data.iter().copied().chain([0; 4]).map(Ok::<_, Infallible>);
    if compression == Compression::Group4 {
        let Ok(mut decoder) = Group4Decoder::new(padded, width);
        for target in targets {
            match decoder.advance() {
                Ok(DecodeStatus::Incomplete) => paint(decoder.transition(), width, target),
                Ok(DecodeStatus::End) => return Err(TRUNCATED),
                Err(_) => return Err(damaged("CCITT group 4 code")),
            }
        }
        return Ok(packed);
    }
    let Ok(mut reader) = ByteReader::new(padded);
    let mut transitions = Vec::new();
    for target in targets {
        if compression == Compression::Group3 {
            skip_end_of_line(&mut reader)?;
        }
        read_runs(&mut reader, width, &mut transitions)?;
        paint(&transitions, width, target);
        if compression == Compression::ModifiedHuffman {
            let Ok(()) = reader.consume(reader.bits_to_byte_boundary());
        }
    }
    Ok(packed)
}

/// Skips fill bits and the code that ends a line: at least 11 bits of 0, then 1.
fn skip_end_of_line(reader: &mut impl BitReader<Error = Infallible>) -> Result<(), Error> {
    if reader.peek(11) != Some(0) {
        return Err(damaged("CCITT group 3 row without an end-of-line code"));
    }
    while reader.peek(1).ok_or(TRUNCATED)? == 0 {
        let Ok(()) = reader.consume(1);
    }
    let Ok(()) = reader.consume(1);
    Ok(())
}

/// Reads alternating white and black runs until they fill a row.
fn read_runs(
    reader: &mut impl BitReader<Error = Infallible>,
    width: u16,
    transitions: &mut Vec<u16>,
) -> Result<(), Error> {
    /// Codes of at least this length are followed by another code of the same colour.
    const MAKE_UP: u16 = 64;
    transitions.clear();
    let (mut at, mut is_white) = (0_u16, true);
    while at < width {
        loop {
            let run = if is_white { white::decode(reader) } else { black::decode(reader) };
            let run = run.ok_or_else(|| damaged("CCITT run"))?;
            at = at.checked_add(run).ok_or_else(|| damaged("CCITT run"))?;
            if run < MAKE_UP {
                break;
            }
        }
        transitions.push(at);
        is_white = !is_white;
    }
    if at > width { Err(damaged("CCITT row too long")) } else { Ok(()) }
}

/// Sets the bits of the black runs. `transitions` are the positions at which the colour changes;
/// a row begins with white.
fn paint(transitions: &[u16], width: u16, row: &mut [u8]) {
    for run in transitions.chunks(2) {
        let start = run.first().copied().unwrap_or(width);
        let end = run.get(1).copied().unwrap_or(width).min(width);
        for x in usize::from(start)..usize::from(end) {
            if let Some(byte) = row.get_mut(x / 8) {
                *byte |= 0x80 >> (x % 8);
            }
        }
    }
}
