//! What decoders free inside an app is overwritten: the library's allocator sees to it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::fs::File;
use std::os::unix::fs::FileExt;

// The library's allocator is this program's, too.
use ownprint_ffi as _;

const LENGTH: usize = 4096;

#[test]
fn what_is_freed_is_overwritten() {
    let memory = File::open("/proc/self/mem").unwrap();
    let buffer = vec![0xa7_u8; LENGTH];
    let address = buffer.as_ptr().addr() as u64;
    let mut seen = [0; LENGTH];
    memory.read_exact_at(&mut seen, address).unwrap();
    assert_eq!(seen, [0xa7; LENGTH], "what is in use is seen");
    drop(buffer);
    memory.read_exact_at(&mut seen, address).unwrap();
    assert!(!seen.windows(8).any(|window| window == [0xa7; 8]), "what was freed is still there");
}
