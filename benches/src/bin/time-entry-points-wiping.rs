//! `time-entry-points` with the allocator of `bindings/ffi`, which overwrites what it takes back:
//! what a binding adds to the time is counted from there.

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static WIPING_ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ownprint_benches::time_entry_points()
}
