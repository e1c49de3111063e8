//! The codestream of a file, which stands in it as it is or in boxes (ISO/IEC 18181-2, 9).

use crate::wipe::WipedBytes;

/// A piece of the file, or a copy of its pieces.
pub(super) enum Codestream<'a> {
    Piece(&'a [u8]),
    Pieces(WipedBytes),
}

impl<'a> Codestream<'a> {
    pub(super) fn of(file: &'a [u8]) -> Self {
        const SIGNATURE_BOX: usize = 12;
        if let [0xff, 0x0a, ..] = file {
            return Self::Piece(file);
        }
        let mut parts: Vec<(u32, &[u8])> = Vec::new();
        for (kind, body) in boxes(file.get(SIGNATURE_BOX..).unwrap_or_default()) {
            match (kind, body.split_first_chunk::<4>()) {
                (b"jxlc", _) if parts.is_empty() => return Self::Piece(body),
                (b"jxlp", Some((number, part))) => parts.push((u32::from_be_bytes(*number), part)),
                _ => {}
            }
        }
        Self::joined(parts)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Piece(bytes) => bytes,
            Self::Pieces(bytes) => &bytes.0,
        }
    }

    /// Parts by their numbers, up to the first that is missing or says that it is the last.
    fn joined(mut parts: Vec<(u32, &'a [u8])>) -> Self {
        const LAST: u32 = 1 << 31;
        parts.sort_by_key(|(number, _)| number & !LAST);
        let mut count = 0;
        for (place, (number, _)) in (0..).zip(&parts) {
            if number & !LAST != place {
                break;
            }
            count += 1;
            if number & LAST != 0 {
                break;
            }
        }
        parts.truncate(count);
        if let [(_, only)] = *parts {
            return Self::Piece(only);
        }
        let length = parts.iter().map(|(_, part)| part.len()).sum();
        let mut all = WipedBytes(Vec::with_capacity(length));
        for (_, part) in parts {
            all.0.extend_from_slice(part);
        }
        Self::Pieces(all)
    }
}

/// The boxes of a file with their letters; the last one ends where the file does, whatever it says.
fn boxes(file: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = file;
    std::iter::from_fn(move || {
        let (length, behind) = rest.split_first_chunk::<4>()?;
        let (kind, mut behind) = behind.split_first_chunk::<4>()?;
        let mut length = u64::from(u32::from_be_bytes(*length));
        if length == 1 {
            let (long, body) = behind.split_first_chunk::<8>()?;
            (length, behind) = (u64::from_be_bytes(*long), body);
        }
        let header = rest.len() - behind.len();
        let end = match length {
            0 => behind.len(),
            // One that is shorter than its own header ends the walk.
            length => usize::try_from(length.checked_sub(header as u64)?).unwrap_or(usize::MAX),
        };
        let (body, after) = behind.split_at(end.min(behind.len()));
        rest = after;
        Some((kind, body))
    })
}
