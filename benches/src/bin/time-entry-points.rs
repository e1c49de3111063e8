//! Times the entry points of the core, as the baseline for the bindings. `time-entry-points path
//! FILE` and `time-entry-points pixels` run once for each line on standard input and print the
//! milliseconds. At the end of the input they print the peak memory as `memory KIB`, on Linux.
//!
//! `path` computes the default hashes and digests of a file. `pixels` computes PDQ of 4000x3000 RGB
//! pixels.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    ownprint_benches::time_entry_points()
}
