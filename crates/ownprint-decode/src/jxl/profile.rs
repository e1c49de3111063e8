//! Checks the length of an ICC profile before the decoder allocates memory for it.
//!
//! The decoder allocates the length at the start of the profile, up to 256 MiB, before it reports
//! the size of the image, so a file of sixty bytes could cost 256 MiB. The profile itself is not
//! used.

use ownprint_pixels::Format;

use super::errors::{damaged, unsupported};
use super::header::{self, Profile};
use super::symbols;
use crate::error::Error;

const SIGNATURE: [u8; 2] = [0xff, 0x0a];
/// The maximum of bytes of an ICC profile, plain and coded. Printer profiles have a few million
/// bytes.
const MAX_BYTES: u64 = 4 << 20;
/// The maximum of bytes of the profile length at the start of a coded profile.
const LENGTH_BYTES: usize = 9;
/// Coded profiles up to this length have no room for an ICC header, and the decoder allocates no
/// memory for them.
const MIN_CODED_BYTES: u64 = 20;

pub(super) fn check(codestream: &[u8]) -> Result<(), Error> {
    let truncated = || Error::Truncated { format: Format::Jxl };
    if codestream.len() > SIGNATURE.len() && !codestream.starts_with(&SIGNATURE) {
        // Nested boxes, for example, which the decoder would open but this check would not.
        return Err(damaged("no codestream"));
    }
    let Profile::At(mut bits) = header::profile(codestream).ok_or_else(truncated)? else {
        return Ok(());
    };
    let coded = bits.long().ok_or_else(truncated)?;
    if coded <= MIN_CODED_BYTES {
        return Ok(());
    }
    let length = length(&symbols::of_profile(&mut bits, LENGTH_BYTES))
        .ok_or_else(|| damaged("ICC profile without a length"))?;
    match length.max(coded) {
        ..=MAX_BYTES => Ok(()),
        length => Err(unsupported(&format!("ICC profile of {length} bytes (maximum {MAX_BYTES})"))),
    }
}

/// Reads a number of seven bits per byte, the lowest first. The eighth bit marks all bytes but the
/// last.
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
    use super::super::decode::{advance, options};
    use super::{LENGTH_BYTES, Profile, check, header, length, symbols};

    /// Files with profiles of 588 and 1,672 bytes, encoded by libjxl.
    const FILES: [&[u8]; 2] =
        [include_bytes!("profiles/colour.jxl"), include_bytes!("profiles/grey.jxl")];

    #[test]
    fn the_length_of_a_profile_equals_that_of_the_decoder() {
        for file in FILES {
            assert_eq!(read(file).unwrap(), decoded(file));
        }
    }

    #[test]
    fn truncated_and_altered_headers_do_not_panic() {
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

    fn read(file: &[u8]) -> Option<u64> {
        let codestream = codestream(file);
        assert!(check(codestream.bytes()).is_ok());
        let Profile::At(mut bits) = header::profile(codestream.bytes())? else { return None };
        bits.long()?;
        length(&symbols::of_profile(&mut bits, LENGTH_BYTES))
    }

    fn decoded(file: &[u8]) -> u64 {
        let mut decoder = JxlDecoder::new(options(None));
        advance(&mut decoder, &mut &*file, None, None).unwrap();
        match decoder.embedded_color_profile() {
            Some(JxlColorProfile::Icc(profile)) => profile.len() as u64,
            other => unreachable!("{other:?}"),
        }
    }
}
