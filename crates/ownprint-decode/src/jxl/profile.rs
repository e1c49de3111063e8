//! How long a codestream's colour profile says that it is, before the decoder takes memory for it.
//!
//! The decoder takes what the profile says at its own start, up to 256 MiB, before it tells the size of the image: a file of sixty bytes
//! would cost that much. The profile is not used here; it is only refused when it is longer than any is.

use super::errors::{damaged, unsupported};
use super::header::{self, Profile};
use super::symbols;
use crate::error::Error;
use ownprint_pixels::Format;

const SIGNATURE: [u8; 2] = [0xff, 0x0a];
/// Bytes of a colour profile, and of its coding. Those of printers have some millions.
const MOST: u64 = 4 << 20;
/// What is coded of a profile before its own bytes: how long it is, and how long the commands are that make it.
const LENGTH_BYTES: usize = 9;
/// The decoder compares how long a profile is with how long its coding is, where that is longer than this; where it is not, there are
/// no bytes for a header, and it takes no memory.
const SHORTEST: u64 = 20;

pub(super) fn check(codestream: &[u8]) -> Result<(), Error> {
    let truncated = || Error::Truncated { format: Format::Jxl };
    if codestream.len() > SIGNATURE.len() && !codestream.starts_with(&SIGNATURE) {
        // Boxes inside a box, say, which the decoder would look into and this does not.
        return Err(damaged("no codestream"));
    }
    let Profile::At(mut bits) = header::profile(codestream).ok_or_else(truncated)? else { return Ok(()) };
    let coded = bits.long().ok_or_else(truncated)?;
    if coded <= SHORTEST {
        return Ok(());
    }
    let length = length(&symbols::of_profile(&mut bits, LENGTH_BYTES))
        .ok_or_else(|| damaged("its colour profile does not say how long it is"))?;
    match length.max(coded) {
        ..=MOST => Ok(()),
        length => Err(unsupported(&format!("a colour profile of {length} bytes"))),
    }
}

/// A number of seven bits a byte, the lowest first; all but the last have the eighth.
fn length(bytes: &[u32]) -> Option<u64> {
    let end = bytes.iter().position(|byte| byte & 0x80 == 0).map_or(LENGTH_BYTES, |last| last + 1);
    let bytes = bytes.get(..end)?;
    Some(bytes.iter().rev().fold(0, |length, byte| length << 7 | u64::from(byte & 0x7f)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jxl::api::{JxlColorProfile, JxlDecoder};

    use super::super::codestream::codestream;
    use super::super::{advance, options};
    use super::{LENGTH_BYTES, Profile, check, header, length, symbols};

    /// With profiles of 588 and 1,672 bytes, by libjxl.
    const FILES: [&[u8]; 2] = [include_bytes!("profiles/colour.jxl"), include_bytes!("profiles/grey.jxl")];

    #[test]
    fn a_profile_is_as_long_as_it_says() {
        for file in FILES {
            let (here, there) = (said(file), decoded(file));
            assert_eq!(here.unwrap(), there);
        }
    }

    #[test]
    fn every_cut_and_every_changed_bit_of_a_header_is_survived() {
        for file in FILES {
            for at in 0..file.len().min(300) {
                let _ = check(codestream(&file[..at]).bytes());
                for bit in 0..8 {
                    let mut changed = file.to_vec();
                    changed[at] ^= 1 << bit;
                    let _ = check(codestream(&changed).bytes());
                }
            }
        }
    }

    fn said(file: &[u8]) -> Option<u64> {
        let codestream = codestream(file);
        assert!(check(codestream.bytes()).is_ok());
        let Profile::At(mut bits) = header::profile(codestream.bytes())? else { return None };
        bits.long()?;
        length(&symbols::of_profile(&mut bits, LENGTH_BYTES))
    }

    fn decoded(file: &[u8]) -> u64 {
        let mut decoder = JxlDecoder::new(options(None));
        advance(&mut decoder, &mut &*file, None).unwrap();
        match decoder.embedded_color_profile() {
            Some(JxlColorProfile::Icc(profile)) => profile.len() as u64,
            other => unreachable!("{other:?}"),
        }
    }
}
