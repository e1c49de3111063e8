//! Compares the replacement of the crate `crc32fast` in the npm package with a bit-by-bit
//! implementation of the definition.

#![allow(clippy::unwrap_used)]

#[allow(unreachable_pub, reason = "this file is also compiled as a crate")]
#[path = "../../bindings/wasm/crc32fast/src/lib.rs"]
mod crc32fast;

use self::crc32fast::Hasher;

fn defined(bytes: &[u8]) -> u32 {
    let mut remainder = u32::MAX;
    for byte in bytes {
        for bit in 0..8 {
            let differs = (remainder ^ u32::from(byte >> bit)) & 1 == 1;
            remainder >>= 1;
            if differs {
                remainder ^= 0xedb8_8320;
            }
        }
    }
    !remainder
}

fn checksum(bytes: &[u8]) -> Hasher {
    let mut hasher = Hasher::new();
    hasher.update(bytes);
    hasher
}

#[test]
fn checksums_equal_the_definition() {
    assert_eq!(
        checksum(b"123456789").finalize(),
        0xcbf4_3926,
        "the check value of the capabilities"
    );
    let bytes: Vec<u8> = (0..70_000_u32).map(|at| (at.wrapping_mul(at) / 7) as u8).collect();
    for length in (0..300).chain([4095, 65_536, bytes.len()]) {
        assert_eq!(
            checksum(&bytes[..length]).finalize(),
            defined(&bytes[..length]),
            "{length} bytes"
        );
    }
}

#[test]
fn checksums_do_not_depend_on_the_pieces() {
    let bytes: Vec<u8> = (0..1000_u32).map(|at| (at * 31 / 3) as u8).collect();
    for cut in 0..bytes.len() {
        let (start, end) = bytes.split_at(cut);
        let mut pushed = checksum(start);
        pushed.update(end);
        let mut combined = checksum(start);
        combined.combine(&checksum(end));
        let whole = checksum(&bytes).finalize();
        assert_eq!([pushed.clone().finalize(), combined.finalize()], [whole; 2], "{cut}");
        pushed.reset();
        assert_eq!(pushed.finalize(), 0);
    }
}
