//! Parses the header of an H.264 slice (ITU-T H.264, 7.3.3), because the decoder trusts it.

use super::parameters::{
    MAX_LIST, MAX_PICTURE_ID, PictureOrder, PictureParameters, SequenceParameters,
};
use crate::error::Error;
use crate::video::bits::{Bits, out_of_range};
use crate::video::errors::{damaged, unsupported};

/// The maximum of commands for a reference list, and for marking references.
const MAX_COMMANDS: usize = 66;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SliceKind {
    Predicted,
    Bipredicted,
    Intra,
}

/// What all slices of a picture must have in common for the decoder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PictureHeader {
    pub(super) is_idr: bool,
    pub(super) is_reference: bool,
    pub(super) kind: SliceKind,
    pub(super) picture_set: u32,
    pub(super) frame_number: u32,
    references: [u32; 2],
    /// Commands that change the order of the reference lists, and their values.
    order: Vec<(u32, u32)>,
    pub(super) marking: Marking,
    /// `disable_deblocking_filter_idc` and the offsets of the filter.
    deblocking: [i64; 3],
}

/// The marking of reference pictures (7.3.3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Marking {
    SlidingWindow,
    /// An IDR picture that becomes a long-term reference.
    LongTermIdr,
    Commands(Vec<Command>),
}

/// A memory management control operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// 1: removes the short-term reference with this difference of frame numbers.
    Remove(u32),
    /// 2: removes the long-term reference with this index.
    RemoveLong(u32),
    /// 3: makes the short-term reference with this difference a long-term reference.
    MakeLong(u32, u32),
    /// 4: removes the long-term references from this index on.
    LimitLong(u32),
    /// 6: makes the current picture a long-term reference.
    CurrentLong(u32),
}

/// The header of a slice of a primary coded picture.
pub(super) struct SliceHeader {
    pub(super) first_macroblock: u64,
    pub(super) picture: PictureHeader,
}

/// Returns the ID of a slice's picture parameter set.
pub(super) fn picture_set(payload: &[u8]) -> Result<u32, Error> {
    let mut bits = Bits::of(payload);
    bits.golomb()?;
    bits.golomb()?;
    bits.golomb_to(MAX_PICTURE_ID)
}

impl SliceHeader {
    /// Reads a slice; `None` if it belongs to a redundant coded picture, which is not decoded.
    pub(super) fn read(
        header: u8,
        payload: &[u8],
        sequence: &SequenceParameters,
        parameters: &PictureParameters,
    ) -> Result<Option<Self>, Error> {
        let (is_idr, is_reference) = (header & 31 == 5, header >> 5 & 3 != 0);
        let mut bits = Bits::of(payload);
        let first_macroblock = u64::from(bits.golomb()?);
        let kind = match bits.golomb_to(9)? % 5 {
            0 => SliceKind::Predicted,
            1 => SliceKind::Bipredicted,
            2 => SliceKind::Intra,
            _ => return Err(unsupported("switching slices")),
        };
        let picture_set = bits.golomb()?;
        let frame_number = bits.number(sequence.frame_number_bits)?;
        if !sequence.frames_only && bits.flag()? {
            return Err(unsupported("interlaced video"));
        }
        let (columns, rows) = sequence.macroblocks;
        let is_outside = first_macroblock >= columns * rows;
        if is_outside || is_idr && (!is_reference || frame_number != 0 || kind != SliceKind::Intra)
        {
            return Err(damaged("invalid slice header"));
        }
        if is_idr {
            bits.golomb_to(65_535)?;
        }
        skip_order_count(&mut bits, sequence, parameters)?;
        if parameters.has_redundant_pictures && bits.golomb_to(127)? != 0 {
            return Ok(None);
        }
        let is_bipredicted = kind == SliceKind::Bipredicted;
        if is_bipredicted {
            bits.flag()?;
        }
        let (mut references, mut order) = ([0; 2], Vec::new());
        if kind != SliceKind::Intra {
            references = active(&mut bits, is_bipredicted, parameters)?;
            for _list in 0..if is_bipredicted { 2 } else { 1 } {
                list_order(&mut bits, &mut order)?;
            }
        }
        if is_bipredicted && parameters.has_explicit_bipredictive_weights {
            return Err(unsupported("explicit weighted prediction of B slices"));
        }
        if kind == SliceKind::Predicted && parameters.has_weights {
            skip_weights(&mut bits, references[0])?;
        }
        let marking =
            if is_reference { Marking::read(&mut bits, is_idr)? } else { Marking::SlidingWindow };
        if parameters.is_arithmetic && kind != SliceKind::Intra {
            bits.golomb_to(2)?;
        }
        let quantizer = parameters.quantizer + bits.signed()?;
        if !(0..=51).contains(&quantizer) {
            return Err(out_of_range());
        }
        let deblocking = if parameters.has_deblocking { deblocking(&mut bits)? } else { [0; 3] };
        let picture = PictureHeader {
            is_idr,
            is_reference,
            kind,
            picture_set,
            frame_number,
            references,
            order,
            marking,
            deblocking,
        };
        Ok(Some(Self { first_macroblock, picture }))
    }
}

fn skip_order_count(
    bits: &mut Bits<'_>,
    sequence: &SequenceParameters,
    parameters: &PictureParameters,
) -> Result<(), Error> {
    let differences = match sequence.order {
        PictureOrder::Bits(count) => {
            bits.number(count)?;
            u32::from(parameters.has_order_of_fields)
        }
        PictureOrder::Cycle { has_differences: true } => {
            1 + u32::from(parameters.has_order_of_fields)
        }
        _ => 0,
    };
    for _ in 0..differences {
        bits.signed()?;
    }
    Ok(())
}

/// Returns the number of references in each list.
fn active(
    bits: &mut Bits<'_>,
    is_bipredicted: bool,
    parameters: &PictureParameters,
) -> Result<[u32; 2], Error> {
    let [mut first, mut second] = parameters.references;
    if bits.flag()? {
        first = bits.golomb_to(MAX_LIST - 1)? + 1;
        if is_bipredicted {
            second = bits.golomb_to(MAX_LIST - 1)? + 1;
        }
    }
    Ok([first, if is_bipredicted { second } else { 0 }])
}

/// Reads the commands that change the order of one list.
fn list_order(bits: &mut Bits<'_>, order: &mut Vec<(u32, u32)>) -> Result<(), Error> {
    const END: u32 = 3;
    if !bits.flag()? {
        return Ok(());
    }
    for _ in 0..MAX_COMMANDS {
        let command = bits.golomb_to(END)?;
        if command == END {
            order.push((END, 0));
            return Ok(());
        }
        order.push((command, bits.golomb()?));
    }
    Err(out_of_range())
}

fn skip_weights(bits: &mut Bits<'_>, references: u32) -> Result<(), Error> {
    bits.golomb_to(7)?;
    bits.golomb_to(7)?;
    for _ in 0..references {
        for values in [2, 4] {
            if bits.flag()? {
                for _ in 0..values {
                    bits.signed_in(-128, 127)?;
                }
            }
        }
    }
    Ok(())
}

impl Marking {
    fn read(bits: &mut Bits<'_>, is_idr: bool) -> Result<Self, Error> {
        if is_idr {
            bits.flag()?;
            return bits.flag().map(
                |is_long| {
                    if is_long { Self::LongTermIdr } else { Self::SlidingWindow }
                },
            );
        }
        if !bits.flag()? {
            return Ok(Self::SlidingWindow);
        }
        let mut commands = Vec::new();
        for _ in 0..MAX_COMMANDS {
            commands.push(match bits.golomb_to(6)? {
                0 => return Ok(Self::Commands(commands)),
                1 => Command::Remove(bits.golomb()?),
                2 => Command::RemoveLong(bits.golomb()?),
                3 => Command::MakeLong(bits.golomb()?, bits.golomb_to(15)?),
                4 => Command::LimitLong(bits.golomb_to(16)?),
                6 => Command::CurrentLong(bits.golomb_to(15)?),
                _ => return Err(unsupported("a reset of all references without an IDR frame")),
            });
        }
        Err(out_of_range())
    }
}

impl Marking {
    /// Returns `true` if it makes a short-term reference or the current picture long-term.
    pub(super) fn makes_long_term(&self) -> bool {
        let Self::Commands(commands) = self else { return *self == Self::LongTermIdr };
        commands.iter().any(|it| matches!(it, Command::MakeLong(..) | Command::CurrentLong(_)))
    }
}

fn deblocking(bits: &mut Bits<'_>) -> Result<[i64; 3], Error> {
    let is_off = bits.golomb_to(2)?;
    if is_off == 1 {
        return Ok([1, 0, 0]);
    }
    Ok([is_off.into(), bits.signed_in(-6, 6)?, bits.signed_in(-6, 6)?])
}

#[cfg(test)]
impl PictureHeader {
    /// Returns the header of a reference picture.
    pub(super) fn for_tests(
        is_idr: bool,
        kind: SliceKind,
        frame_number: u32,
        marking: Marking,
    ) -> Self {
        Self {
            is_idr,
            is_reference: true,
            kind,
            picture_set: 0,
            frame_number,
            references: [1, 0],
            order: Vec::new(),
            marking,
            deblocking: [0; 3],
        }
    }
}
