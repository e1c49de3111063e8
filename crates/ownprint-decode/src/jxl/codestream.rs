//! Finds the codestream of a file, which is bare or in boxes (ISO/IEC 18181-2, 9).

use ownprint_pixels::wipe::WipedBytes;

use crate::boxes::Boxes;
use crate::data::Data;

pub(super) fn codestream(file: &[u8]) -> Data<'_> {
    const SIGNATURE_BOX: usize = 12;
    if let [0xff, 0x0a, ..] = file {
        return Data::Piece(file);
    }
    let mut parts: Vec<(u32, &[u8])> = Vec::new();
    for (kind, body) in Boxes::of(file.get(SIGNATURE_BOX..).unwrap_or_default()) {
        match (&kind, body.split_first_chunk::<4>()) {
            (b"jxlc", _) if parts.is_empty() => return Data::Piece(body),
            (b"jxlp", Some((number, part))) => parts.push((u32::from_be_bytes(*number), part)),
            _ => {}
        }
    }
    joined(parts)
}

/// Joins the parts in the order of their numbers, up to the first missing part or the one marked as
/// the last.
fn joined(mut parts: Vec<(u32, &[u8])>) -> Data<'_> {
    const LAST: u32 = 1 << 31;
    parts.sort_by_key(|(number, _)| number & !LAST);
    let mut count = 0;
    for (index, (number, _)) in (0..).zip(&parts) {
        if number & !LAST != index {
            break;
        }
        count += 1;
        if number & LAST != 0 {
            break;
        }
    }
    parts.truncate(count);
    if let [(_, only)] = *parts {
        return Data::Piece(only);
    }
    let length = parts.iter().map(|(_, part)| part.len()).sum();
    let mut all = WipedBytes(Vec::with_capacity(length));
    for (_, part) in parts {
        all.0.extend_from_slice(part);
    }
    Data::Pieces(all)
}
