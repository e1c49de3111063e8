//! See [`ownprint_conformance::hold`]; memory is freed as it is in any program.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ownprint_conformance::hold::run()
}
