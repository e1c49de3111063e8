//! PDQ's cosines as Rust source, from their formula.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use crate::process::{Outcome, root};

/// `cargo xtask tables`.
pub(crate) fn write() -> Outcome {
    fs::write(path(), source()).map_err(|error| error.to_string())?;
    println!("written: {}", path().display());
    Ok(())
}

fn path() -> PathBuf {
    root().join("crates/ownprint/src/perceptual/pdq/cosines.rs")
}

/// Computed once, here, in 64 bits and rounded once: no platform's cosine reaches a hash.
fn cosine(frequency: usize, sample: usize) -> f32 {
    let scale = f64::from((2.0f64 / 64.0).sqrt() as f32);
    let angle = std::f64::consts::PI / 2.0 / 64.0 * (frequency + 1) as f64 * (2 * sample + 1) as f64;
    (scale * angle.cos()) as f32
}

fn source() -> String {
    let mut text = String::from(
        "//! PDQ's cosines: written by `cargo xtask tables`, which holds the formula. Do not edit.\n\n\
         /// `sqrt(2/64) * cos(pi/128 * (i + 1) * (2j + 1))`: row `i` is frequency `i + 1`, column `j` a sample.\n\
         #[rustfmt::skip]\n\
         pub(super) const COSINES: [[f32; 64]; 16] = [\n",
    );
    for frequency in 0..16 {
        text.push_str("    [\n");
        for line in 0..8 {
            let values: Vec<String> =
                (0..8).map(|column| cosine(frequency, line * 8 + column).to_string()).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "        {},", values.join(", "));
        }
        text.push_str("    ],\n");
    }
    text + "];\n"
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_table_is_what_the_formula_gives() {
        let committed = std::fs::read_to_string(super::path()).unwrap_or_default();
        assert_eq!(committed, super::source(), "run `cargo xtask tables`");
    }
}
