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

#[test]
fn what_a_vector_leaves_behind_is_overwritten() {
    resized(|buffer| buffer.reserve_exact(LENGTH));
    resized(|buffer| {
        buffer.truncate(LENGTH / 2);
        buffer.shrink_to_fit();
    });
}

/// Resizes a full buffer, and looks at the memory that it gave up.
fn resized(resize: impl FnOnce(&mut Vec<u8>)) {
    // Another than that of the other test, which may run beside this one.
    const MARK: u8 = 0xb5;
    let memory = File::open("/proc/self/mem").unwrap();
    let mut buffer = vec![MARK; LENGTH];
    // Because of this one, the buffer cannot grow where it is.
    let behind = vec![0x3c_u8; LENGTH];
    let address = buffer.as_ptr().addr();
    resize(&mut buffer);
    let kept = if buffer.as_ptr().addr() == address { buffer.capacity() } else { 0 };
    let mut seen = [0; LENGTH];
    memory.read_exact_at(&mut seen, address as u64).unwrap();
    assert!(!seen[kept..].windows(8).any(|window| window == [MARK; 8]), "what was given up is still there");
    assert!(buffer.iter().all(|&byte| byte == MARK) && behind.iter().all(|&byte| byte == 0x3c));
}
