//! The library's allocator overwrites freed memory.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::fs::File;
use std::os::unix::fs::FileExt;

// The library's allocator is also that of this program.
use ownprint_ffi as _;

const LENGTH: usize = 4096;

#[test]
fn freed_memory_is_overwritten() {
    let memory = File::open("/proc/self/mem").unwrap();
    let buffer = vec![0xa7_u8; LENGTH];
    let address = buffer.as_ptr().addr() as u64;
    let mut seen = [0; LENGTH];
    memory.read_exact_at(&mut seen, address).unwrap();
    assert_eq!(seen, [0xa7; LENGTH], "memory in use is visible");
    drop(buffer);
    memory.read_exact_at(&mut seen, address).unwrap();
    assert!(!seen.windows(8).any(|window| window == [0xa7; 8]), "freed memory was not overwritten");
}

#[test]
fn memory_released_by_a_vector_is_overwritten() {
    resized(|buffer| buffer.reserve_exact(LENGTH));
    resized(|buffer| {
        buffer.truncate(LENGTH / 2);
        buffer.shrink_to_fit();
    });
}

/// Resizes a full buffer, and checks the memory that it released.
fn resized(resize: impl FnOnce(&mut Vec<u8>)) {
    // Differs from that of the other test, which may run at the same time.
    const MARK: u8 = 0xb5;
    let memory = File::open("/proc/self/mem").unwrap();
    let mut buffer = vec![MARK; LENGTH];
    // This allocation keeps the buffer from growing in place.
    let behind = vec![0x3c_u8; LENGTH];
    let address = buffer.as_ptr().addr();
    resize(&mut buffer);
    let kept = if buffer.as_ptr().addr() == address { buffer.capacity() } else { 0 };
    let mut seen = [0; LENGTH];
    memory.read_exact_at(&mut seen, address as u64).unwrap();
    assert!(
        !seen[kept..].windows(8).any(|window| window == [MARK; 8]),
        "released memory was not overwritten"
    );
    assert!(buffer.iter().all(|&byte| byte == MARK) && behind.iter().all(|&byte| byte == 0x3c));
}
