//! BMP and PNM: a header of few fields, and samples.

use super::edits::{edit_bytes, put_number};
use super::numbers::Rng;

pub(super) fn change_bmp(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"BM") || bytes.len() < 54 {
        return None;
    }
    let mut file = bytes.to_vec();
    let start = (u32::from_le_bytes(*bytes[10..].first_chunk()?) as usize).min(file.len());
    match numbers.below(10) {
        0 => file[18..22].copy_from_slice(&numbers.side().to_le_bytes()),
        1 => {
            let height = numbers.side().cast_signed();
            let height = if numbers.one_in(3) { height.wrapping_neg() } else { height };
            file[22..26].copy_from_slice(&height.to_le_bytes());
        }
        2 => {
            let bits = *numbers.pick(&[1_u16, 2, 4, 8, 16, 24, 32, 0, 64])?;
            file[28..30].copy_from_slice(&bits.to_le_bytes());
        }
        3 => file[30..34].copy_from_slice(&(numbers.below(8) as u32).to_le_bytes()),
        4 => {
            // Runs of 4 or 8 bits: pairs, ends of rows, jumps, and literal pixels.
            let bits = 4 + 4 * numbers.below(2);
            file[28..30].copy_from_slice(&(bits as u16).to_le_bytes());
            file[30..34].copy_from_slice(&(if bits == 8 { 1_u32 } else { 2 }).to_le_bytes());
            file.truncate(start);
            for _ in 0..=numbers.below(8) {
                let run: &[u8] = match numbers.below(5) {
                    0 => &[255, 0x12],
                    1 => &[0, 0],
                    2 => &[0, 2, 1, 0],
                    3 => &[0, 2, 0, 1],
                    _ => &[0, 4, 1, 2, 3, 4],
                };
                file.extend(run.repeat(numbers.repeats(run.len())));
            }
        }
        5 => {
            // Another header: that of OS/2, or a longer one with masks and a colour space.
            let length = *numbers.pick(&[12_u32, 16, 40, 52, 56, 64, 108, 124, 0, u32::MAX])?;
            file[14..18].copy_from_slice(&length.to_le_bytes());
        }
        6 => put_number(&mut file, 46, 4, numbers),
        7 => put_number(&mut file, 10, 4, numbers),
        8 => {
            let filled = vec![numbers.byte(); numbers.repeats(1) * 4];
            file.splice(start..start, filled);
        }
        _ => edit_bytes(&mut file, donor, numbers),
    }
    Some(file)
}

pub(super) fn change_pnm(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    if bytes.first() != Some(&b'P') {
        return None;
    }
    // The words of the header, each with the white space before it.
    let mut words = Vec::new();
    let mut rest = bytes;
    for _ in 0..16 {
        let start = rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
        let length = rest[start..].iter().position(u8::is_ascii_whitespace)?;
        let (word, behind) = rest.split_at(start + length);
        let is_text = word.is_ascii() && word.len() < 20;
        if !is_text {
            break;
        }
        words.push(word.to_vec());
        rest = behind;
    }
    let at = numbers.below(words.len().min(5));
    let mut samples = rest.to_vec();
    match numbers.below(6) {
        0 | 1 => *words.get_mut(at)? = format!(" {}", numbers.side()).into_bytes(),
        2 => *words.first_mut()? = format!("P{}", numbers.below(8)).into_bytes(),
        3 => {
            let inserted: &[u8] =
                [&b" "[..], b"#\n", b"\n#xxxx\n", b"0", b"DEPTH 4\n"][numbers.below(5)];
            let at = words.len().min(at + 1);
            words.insert(at, inserted.repeat(numbers.repeats(inserted.len())));
        }
        4 => samples.extend(vec![numbers.byte(); numbers.repeats(1)]),
        _ => edit_bytes(&mut samples, donor, numbers),
    }
    Some([words.concat(), samples].concat())
}
