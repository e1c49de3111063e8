//! Runs [`ownprint_conformance::hold`] with the default allocator.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ownprint_conformance::hold::run()
}
