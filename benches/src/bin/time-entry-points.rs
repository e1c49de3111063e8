//! Times the core's entry points that the bindings are held against. `time-entry-points path FILE`
//! and `time-entry-points pixels` run once for each line that they read, and print its
//! milliseconds; at the end, on Linux, as `memory KIB`, the most memory that the process held.
//!
//! `path` computes what is computed unless told otherwise; `pixels` computes PDQ of 4000x3000 RGB
//! pixels.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ownprint_benches::time_entry_points()
}
