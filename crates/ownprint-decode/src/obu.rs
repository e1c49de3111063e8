//! Open bitstream units of AV1, which HEIF and videos contain (AV1 specification, 5.3).

/// Kinds of units that are looked at.
#[cfg(feature = "av1")]
pub(crate) const SEQUENCE_HEADER: u8 = 1;
pub(crate) const FRAME_HEADER: u8 = 3;
pub(crate) const FRAME: u8 = 6;

/// A unit: its kind and its body, without the header and size.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Obu<'a> {
    pub(crate) kind: u8,
    pub(crate) body: &'a [u8],
}

/// Iterates over the units in a sequence, up to the first that the data do not contain completely,
/// whose body is cut.
pub(crate) fn units(mut data: &[u8]) -> impl Iterator<Item = Obu<'_>> {
    std::iter::from_fn(move || {
        let (&header, mut rest) = data.split_first()?;
        let kind = header >> 3 & 15;
        let (has_extension, has_size) = (header & 4 != 0, header & 2 != 0);
        if has_extension {
            rest = rest.get(1..).unwrap_or_default();
        }
        // Without a size, the unit extends to the end.
        let sized = leb128(rest).filter(|_| has_size);
        let body = if has_size { sized.map_or(&[][..], |(_, body)| body) } else { rest };
        let length = sized.and_then(|(size, _)| usize::try_from(size).ok()).unwrap_or(usize::MAX);
        (data, rest) = match body.split_at_checked(length) {
            Some((body, behind)) => (behind, body),
            None => (&[][..], body),
        };
        Some(Obu { kind, body: rest })
    })
}

/// Counts the frame headers in a sequence of units.
pub(crate) fn count_frames(data: &[u8]) -> usize {
    units(data).filter(|unit| matches!(unit.kind, FRAME_HEADER | FRAME)).count()
}

/// Reads a little-endian base-128 number (AV1 specification, 4.10.5).
fn leb128(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let last = bytes.iter().take(8).position(|byte| byte & 0x80 == 0)?;
    let (number, rest) = bytes.split_at_checked(last + 1)?;
    Some((number.iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f)), rest))
}

#[cfg(test)]
mod tests {
    use super::{count_frames, leb128, units};

    #[test]
    fn counts_the_frames_of_whole_units() {
        // A temporal delimiter, a sequence header of one byte, and frames of two bytes.
        let start = [0x12, 0, 0x0a, 1, 0];
        let frame = [0x32, 2, 0, 0];
        let header = [0x1e, 0, 1, 0];
        let data = |frames: usize| [&start[..], &frame.repeat(frames), &header].concat();
        assert_eq!(count_frames(&data(0)), 1);
        assert_eq!(count_frames(&data(1000)), 1001);
        // A truncated frame is counted, and nothing after it.
        assert_eq!(count_frames(&[&start[..], &[0x32, 0x81, 0x80]].concat()), 1);
        // A frame without a size extends to the end.
        assert_eq!(count_frames(&[&[0x30][..], &frame].concat()), 1);
        assert_eq!(count_frames(&[]), 0);
        let bodies: Vec<_> = units(&data(1)).map(|unit| (unit.kind, unit.body.len())).collect();
        assert_eq!(bodies, [(2, 0), (1, 1), (6, 2), (3, 1)]);
    }

    #[test]
    fn reads_numbers_of_up_to_eight_bytes() {
        assert_eq!(leb128(&[0x7f, 1]), Some((127, &[1][..])));
        assert_eq!(leb128(&[0xe5, 0x8e, 0x26]), Some((624_485, &[][..])));
        assert_eq!(leb128(&[0x80; 9]), None);
        assert_eq!(leb128(&[]), None);
    }
}
