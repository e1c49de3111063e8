//! Compares ownprint with img_hash 3.2.0. `differential [ORDINARY TIES BLURRED_EVERY]` prints a
//! table of comparisons, `vectors` writes test vectors, and `time WIDTH HEIGHT` measures both.

mod differential;
mod ours;
mod published;
mod reference;
mod time;
mod vectors;

use std::error::Error;

use differential::Counts;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["differential"] => {
            differential::run(Counts { ordinary: 300, ties: 300, blurred_every: 10 })
        }
        ["differential", ordinary, ties, blurred_every] => differential::run(Counts {
            ordinary: ordinary.parse()?,
            ties: ties.parse()?,
            blurred_every: blurred_every.parse()?,
        }),
        ["vectors"] => vectors::write(),
        ["time", width, height] => time::run(width.parse()?, height.parse()?),
        _ => Err("differential [ORDINARY TIES BLURRED_EVERY] | vectors | time WIDTH HEIGHT".into()),
    }
}
