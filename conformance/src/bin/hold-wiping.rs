//! Runs [`ownprint_conformance::hold`] with the allocator of the npm, Kotlin and Swift packages,
//! which overwrites freed memory.

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static WIPING_ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ownprint_conformance::hold::run()
}
