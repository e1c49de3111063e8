//! `time-entry-points` with the allocator of `bindings/ffi`, which overwrites freed memory. The
//! overhead of a binding is measured relative to this program.

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static WIPING_ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ownprint_benches::time_entry_points()
}
