//! Rewrites a sequential image with several scans as a progressive one, without loss.
//!
//! zune-jpeg 0.5.15 decodes sequential scans of one or two components wrongly (docs/upstream.md),
//! and progressive scans correctly. In a sequential scan, each block has the code of its DC
//! coefficient and then those of its AC coefficients. A progressive image has the same codes in
//! separate scans (ITU-T T.81, G.1.2), so only bits are moved.

use std::rc::Rc;

use ownprint_pixels::Size;
use ownprint_pixels::wipe::WipedBytes;

use super::entropy::{BitReader, BitWriter, Huffman};
use super::header::{Component, Frame, Header};
use super::markers::{TRUNCATED, damaged, next_marker, segment, unsupported};
use crate::error::Error;

/// Returns the image with its scans rewritten.
pub(super) fn as_progressive(bytes: &[u8], header: &Header<'_>) -> Result<WipedBytes, Error> {
    let mut rewriter = Rewriter {
        head: WipedBytes::default(),
        scans: WipedBytes(Vec::with_capacity(bytes.len())),
        dc: Default::default(),
        ac: Default::default(),
        restart_interval: 0,
        is_read: vec![false; header.frame.components.len()],
        frame: &header.frame,
        size: header.size,
    };
    header.write_head(true, &mut rewriter.head.0);
    for segment in &header.segments {
        rewriter.read_table(segment)?;
    }
    let mut at = header.scan;
    loop {
        let marker = next_marker(bytes, at)?;
        match marker.code {
            // The end marker before the last scan.
            0xd9 => return Err(TRUNCATED),
            // Restart and TEM markers have no length and no meaning between scans.
            0xd0..=0xd7 | 0x01 => {
                at = marker.at + 2;
                continue;
            }
            _ => {}
        }
        let segment = segment(bytes, marker.at)?;
        at = marker.at + segment.len();
        match marker.code {
            0xda => {
                let data = bytes.get(at..).unwrap_or_default();
                at += rewriter.scan(segment, data)?;
                if rewriter.is_read.iter().all(|is_read| *is_read) {
                    return Ok(rewriter.finish());
                }
            }
            0xdb => rewriter.quantization(segment)?,
            0xc4 | 0xdd => {
                rewriter.read_table(segment)?;
                rewriter.scans.0.extend_from_slice(segment);
            }
            // Metadata, by which the decoder would change the color model.
            _ => {}
        }
    }
}

struct Rewriter<'a> {
    /// The segments before the first scan, to which later quantization tables are added.
    head: WipedBytes,
    scans: WipedBytes,
    dc: [Option<Rc<Huffman>>; 4],
    ac: [Option<Rc<Huffman>>; 4],
    /// MCUs between restart markers, or 0.
    restart_interval: u16,
    /// Whether the scan of each component was read.
    is_read: Vec<bool>,
    frame: &'a Frame,
    size: Size,
}

/// A component in a scan.
struct Scanned<'a> {
    component: &'a Component,
    dc: Rc<Huffman>,
    ac: Rc<Huffman>,
    /// The numbers of the tables.
    numbers: u8,
    /// The size of the component in blocks.
    columns: u64,
    rows: u64,
    /// The blocks of the component in an MCU.
    across: u64,
    /// The AC codes of each row of blocks in the current row of MCUs.
    block_rows: Vec<BitWriter>,
    /// The AC codes of the rows above.
    codes: BitWriter,
}

impl<'a> Rewriter<'a> {
    fn read_table(&mut self, segment: &[u8]) -> Result<(), Error> {
        let payload = segment.get(4..).unwrap_or_default();
        match segment.get(1) {
            Some(0xdd) => {
                let interval = payload.first_chunk().ok_or_else(|| damaged("restart interval"))?;
                self.restart_interval = u16::from_be_bytes(*interval);
            }
            Some(0xc4) => {
                let mut rest = payload;
                while let Some((kind, data)) = rest.split_first() {
                    let (table, after) = Huffman::read(data)?;
                    let tables = if kind >> 4 == 0 { &mut self.dc } else { &mut self.ac };
                    let slot = tables.get_mut(usize::from(kind & 15));
                    *slot.ok_or_else(|| damaged("number of a Huffman table"))? =
                        Some(Rc::new(table));
                    rest = after;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> WipedBytes {
        let (head, scans) = (&self.head.0, &self.scans.0);
        WipedBytes([head.as_slice(), scans, b"\xff\xd9"].concat())
    }

    /// Moves quantization tables before the first scan. They may not replace those of a scan.
    fn quantization(&mut self, segment: &[u8]) -> Result<(), Error> {
        let mut rest = segment.get(4..).unwrap_or_default();
        while let Some((kind, values)) = rest.split_first() {
            let mut read = self.frame.components.iter().zip(&self.is_read);
            if read.any(|(component, is_read)| *is_read && component.quantization == kind & 15) {
                return Err(unsupported("a quantization table that changes between scans"));
            }
            // Values of 8 or 16 bits.
            rest = values.get(if kind >> 4 == 0 { 64 } else { 128 }..).unwrap_or_default();
        }
        self.head.0.extend_from_slice(segment);
        Ok(())
    }

    /// Rewrites a scan, and returns the length of its data.
    fn scan(&mut self, segment: &[u8], data: &[u8]) -> Result<usize, Error> {
        let mut scanned = self.components(segment)?;
        let (across, down) = match scanned.as_slice() {
            // Each block is an MCU.
            [single] => (single.columns, single.rows),
            _ => self.frame.mcus(self.size),
        };
        let mut reader = BitReader::new(data);
        let mut dc_segments = vec![BitWriter::default()];
        let mut until_restart = self.restart_interval;
        for mcu_row in 0..down {
            for mcu in 0..across {
                if self.restart_interval > 0 {
                    if until_restart == 0 {
                        reader.restart()?;
                        dc_segments.push(BitWriter::default());
                        until_restart = self.restart_interval;
                    }
                    until_restart -= 1;
                }
                let dc_codes = dc_segments.last_mut().ok_or(TRUNCATED)?;
                for scanned in &mut scanned {
                    scanned.move_mcu(mcu, &mut reader, dc_codes)?;
                }
            }
            for scanned in &mut scanned {
                scanned.end_mcu_row(mcu_row);
            }
        }
        let output = &mut self.scans.0;
        write_scan(output, &scanned, 0, self.restart_interval, dc_segments);
        for scanned in scanned.chunks_mut(1) {
            let codes = scanned.iter_mut().map(|it| std::mem::take(&mut it.codes)).collect();
            write_scan(output, scanned, 1, 0, codes);
        }
        Ok(reader.position())
    }

    fn components(&mut self, segment: &[u8]) -> Result<Vec<Scanned<'a>>, Error> {
        let invalid = || damaged("scan header");
        let Some(([count], rest)) = segment.get(4..).and_then(<[u8]>::split_first_chunk) else {
            return Err(invalid());
        };
        let pairs = rest.as_chunks::<2>().0.get(..usize::from(*count)).ok_or_else(invalid)?;
        let is_interleaved = pairs.len() > 1;
        let mut scanned = Vec::new();
        for &[name, numbers] in pairs {
            let mut known = self.frame.components.iter().zip(&mut self.is_read);
            let (component, is_read) =
                known.find(|(component, _)| component.name == name).ok_or_else(invalid)?;
            if std::mem::replace(is_read, true) {
                return Err(damaged("two scans of a component"));
            }
            let (columns, rows) = self.frame.component_blocks(component, self.size);
            let (across, down) =
                if is_interleaved { (component.horizontal, component.vertical) } else { (1, 1) };
            scanned.push(Scanned {
                component,
                dc: table(&self.dc, numbers >> 4)?,
                ac: table(&self.ac, numbers & 15)?,
                numbers,
                columns,
                rows,
                across,
                block_rows: (0..down).map(|_| BitWriter::default()).collect(),
                codes: BitWriter::default(),
            });
        }
        if scanned.is_empty() { Err(invalid()) } else { Ok(scanned) }
    }
}

fn table(tables: &[Option<Rc<Huffman>>; 4], number: u8) -> Result<Rc<Huffman>, Error> {
    let table = tables.get(usize::from(number)).cloned().flatten();
    table.ok_or_else(|| damaged("scan without its Huffman table"))
}

impl Scanned<'_> {
    /// Moves the codes of the component's blocks in an MCU.
    fn move_mcu(
        &mut self,
        mcu: u64,
        reader: &mut BitReader<'_>,
        dc_codes: &mut BitWriter,
    ) -> Result<(), Error> {
        for row in &mut self.block_rows {
            for column in mcu * self.across..(mcu + 1) * self.across {
                // Blocks that complete an MCU at the edge are in interleaved scans only.
                let mut outside = BitWriter::default();
                let ac_codes = if column < self.columns { &mut *row } else { &mut outside };
                move_block(reader, (&self.dc, dc_codes), (&self.ac, ac_codes))?;
            }
        }
        Ok(())
    }

    fn end_mcu_row(&mut self, mcu_row: u64) {
        let first = mcu_row * self.block_rows.len() as u64;
        for (row, number) in self.block_rows.iter_mut().zip(first..) {
            let codes = std::mem::take(row);
            if number < self.rows {
                self.codes.append(&codes);
            }
        }
    }
}

/// Moves the codes of a block.
fn move_block(
    reader: &mut BitReader<'_>,
    (dc, dc_codes): (&Huffman, &mut BitWriter),
    (ac, ac_codes): (&Huffman, &mut BitWriter),
) -> Result<(), Error> {
    let length = dc.move_code(reader, dc_codes)?;
    if length > 11 {
        return Err(damaged("DC coefficient"));
    }
    reader.move_bits(length.into(), dc_codes)?;
    let mut index = 1;
    while index < 64 {
        let symbol = ac.move_code(reader, ac_codes)?;
        match (symbol >> 4, symbol & 15) {
            (0, 0) => return Ok(()),
            (15, 0) => index += 16,
            // In a progressive scan, these end several blocks.
            (_, 0) => return Err(damaged("AC coefficient")),
            (zeros, length) => {
                reader.move_bits(length.into(), ac_codes)?;
                index += u32::from(zeros) + 1;
            }
        }
    }
    if index > 64 { Err(damaged("AC coefficient")) } else { Ok(()) }
}

/// Writes a progressive scan of the coefficients from `first` on: 0 for DC, 1 for AC.
fn write_scan(
    output: &mut Vec<u8>,
    scanned: &[Scanned<'_>],
    first: u8,
    restart_interval: u16,
    segments: Vec<BitWriter>,
) {
    output.extend_from_slice(b"\xff\xdd\0\x04");
    output.extend_from_slice(&restart_interval.to_be_bytes());
    let count = scanned.len() as u8;
    output.extend_from_slice(&[0xff, 0xda, 0, 6 + 2 * count, count]);
    for scanned in scanned {
        output.extend_from_slice(&[scanned.component.name, scanned.numbers]);
    }
    let last = if first == 0 { 0 } else { 63 };
    output.extend_from_slice(&[first, last, 0]);
    for (number, segment) in segments.into_iter().enumerate() {
        if number > 0 {
            output.extend_from_slice(&[0xff, 0xd0 + ((number - 1) % 8) as u8]);
        }
        segment.finish(output);
    }
}
