//! Finds the tone curve of an ICC profile (ICC.1, 7.2 and 10).

/// The length of the header of a profile.
const HEADER_BYTES: usize = 128;

/// Returns `true` if the curve of grey or red is linear, or almost: a gamma below 1.4.
pub(super) fn is_linear(profile: &[u8]) -> bool {
    gamma(profile).is_some_and(|gamma| gamma < 1.4)
}

/// Returns the exponent of a curve that is a power; `None` for other curves.
fn gamma(profile: &[u8]) -> Option<f64> {
    let tags = profile.get(HEADER_BYTES + 4..)?;
    let (tags, _) = tags.as_chunks::<12>();
    let count = number(profile, HEADER_BYTES)?;
    let tag = tags.iter().take(count).find(|tag| matches!(&tag[..4], b"kTRC" | b"rTRC"))?;
    let curve = profile.get(number(tag, 4)?..)?;
    match (curve.get(..4)?, number(curve, 8)?) {
        // No values: the identity. One: the exponent, in 256ths.
        (b"curv", 0) => Some(1.0),
        (b"curv", 1) => {
            Some(f64::from(u16::from_be_bytes(*curve.get(12..)?.first_chunk()?)) / 256.0)
        }
        // The first kind of function, in the high half: a power. The exponent has 65,536ths.
        (b"para", 0..=0xffff) => Some(number(curve, 12)? as f64 / 65_536.0),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(tag: &[u8], curve: &[u8]) -> Vec<u8> {
        let start = HEADER_BYTES as u32 + 4 + 24;
        let entry = |name: &[u8]| {
            [name, &start.to_be_bytes(), &(curve.len() as u32).to_be_bytes()].concat()
        };
        [&[0; HEADER_BYTES][..], &[0, 0, 0, 2], &entry(b"desc"), &entry(tag), curve].concat()
    }

    #[test]
    fn powers_are_compared_with_one() {
        let table = [&b"curv\0\0\0\0\0\0\0\x02"[..], &[0, 0, 0xff, 0xff]].concat();
        let power = |gamma: u16| [&b"curv\0\0\0\0\0\0\0\x01"[..], &gamma.to_be_bytes()].concat();
        let parametric = |kind: u8, gamma: u32| {
            [&b"para\0\0\0\0\0"[..], &[kind, 0, 0], &gamma.to_be_bytes()].concat()
        };
        for (curve, linear) in [
            (b"curv\0\0\0\0\0\0\0\0".to_vec(), true),
            (power(0x100), true),
            (power(0x233), false),
            (parametric(0, 0x1_0000), true),
            (parametric(0, 0x2_3333), false),
            (parametric(3, 0x1_0000), false),
            (table, false),
        ] {
            for tag in [b"kTRC", b"rTRC"] {
                assert_eq!(is_linear(&profile(tag, &curve)), linear, "{curve:?}");
            }
            assert!(!is_linear(&profile(b"gTRC", &curve)));
            let whole = profile(b"rTRC", &curve);
            for length in 0..whole.len() {
                let _ = is_linear(&whole[..length]);
            }
        }
    }
}
