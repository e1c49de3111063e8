//! PDQ's cosines as Rust source, from their formula.

use std::fmt::Write;
use std::path::PathBuf;

use crate::files;
use crate::process::{Outcome, root};

/// `cargo xtask tables`.
pub(crate) fn write() -> Outcome {
    files::write(path(), source())?;
    println!("written: {}", path().display());
    Ok(())
}

fn path() -> PathBuf {
    root().join("crates/ownprint-hash/src/pdq/cosines.rs")
}

/// `sqrt(2/64) * cos(pi/128 * steps)`: computed once, here, in 64 bits and rounded once, so that no
/// platform's cosine reaches a hash.
fn cosine(steps: usize) -> f32 {
    let scale = f64::from((2.0f64 / 64.0).sqrt() as f32);
    let angle = std::f64::consts::PI / 2.0 / 64.0 * steps as f64;
    (scale * angle.cos()) as f32
}

fn source() -> String {
    let mut text = String::from(
        "//! PDQ's cosines: written by `cargo xtask tables`, which holds the formula. Do not edit.\n\n\
         /// `sqrt(2/64) * cos(pi/128 * k)` for `k` from 0 to 128: half a wave, which the rest repeats.\n\
         #[rustfmt::skip]\n\
         pub(super) const HALF_WAVE: [f32; 129] = [\n",
    );
    let values: Vec<String> = (0..=128).map(|steps| cosine(steps).to_string()).collect();
    for line in values.chunks(8) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    {},", line.join(", "));
    }
    text + "];\n"
}

#[cfg(test)]
mod tests {
    use super::cosine;

    #[test]
    fn the_committed_table_is_what_the_formula_gives() {
        let committed = std::fs::read_to_string(super::path()).unwrap_or_default();
        assert_eq!(committed, super::source(), "run `cargo xtask tables`");
    }

    /// The references compute each cosine at its own angle, up to 16 turns away.
    #[test]
    fn half_a_wave_has_the_bits_of_every_angle() {
        for frequency in 0..16 {
            for sample in 0..64 {
                let steps = (frequency + 1) * (2 * sample + 1);
                let folded = (steps % 256).min(256 - steps % 256);
                assert_eq!(
                    cosine(steps).to_bits(),
                    cosine(folded).to_bits(),
                    "{frequency}, {sample}"
                );
            }
        }
    }
}
