//! What the hashes cost: each family beside the program it equals, and each algorithm alone.

use std::fmt::Write as _;
use std::process::Command;

use crate::bench_peers::{Bench, TURNS, median, numbers};
use crate::parts::img_hash;
use crate::process::{Outcome, quiet_output as quietly, root};

/// What is timed beside `ImageHash`, which computes one at a time.
const IMAGEHASH: [&str; 6] = ["ahash", "dhash", "phash", "whash", "colorhash", "crop-resistant"];

/// Several in one pass.
const TOGETHER: [&str; 4] = [
    "ahash,dhash,dhash-vertical,phash,phash-simple",
    "pdq,pdq-512,pdq-dihedral,pdq-512-dihedral",
    "img-hash-mean,img-hash-gradient,img-hash-vertical-gradient,img-hash-double-gradient,blockhash",
    "pdq,phash,dhash,blockhash",
];

pub(crate) fn beside_imagehash(Bench { programs, python }: &Bench) -> Outcome<String> {
    let mut times: Vec<[Vec<f64>; 3]> = vec![Default::default(); IMAGEHASH.len()];
    for _ in 0..TURNS {
        let ours = numbers(&quietly(Command::new(programs.join("time-hashes")).args(IMAGEHASH))?);
        let script = root().join("benches/peers/time_imagehash.py");
        let theirs = numbers(&quietly(Command::new(python).arg(script).args(IMAGEHASH))?);
        for ((our, their), [ours, theirs, ratios]) in ours.iter().zip(&theirs).zip(&mut times) {
            ours.push(*our);
            theirs.push(*their);
            ratios.push(their / our);
        }
    }
    let mut table =
        "| 4000x3000 pixels to | ours, ms | PyPI ImageHash 4.3.2, ms | faster by |\n|---|---|---|---|\n"
            .to_owned();
    for (name, times) in IMAGEHASH.iter().zip(&mut times) {
        let [ours, theirs, ratio] = times.each_mut().map(|times| median(times));
        let _ = writeln!(table, "| `{name}` | {ours:.1} | {theirs:.0} | {ratio:.1}x |");
    }
    Ok(table)
}

/// Every algorithm of the command line's capabilities, then some sets of them.
pub(crate) fn each_alone(Bench { programs, .. }: &Bench) -> Outcome<String> {
    let capabilities = quietly(Command::new(programs.join("ownprint")).arg("algorithms"))?;
    // A name stands at the start of a line with its bits; digests have no threshold.
    let names = capabilities.lines().filter(|line| line.contains("<=") && !line.starts_with(' '));
    let mut names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    names.extend(TOGETHER);
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    for _ in 0..TURNS {
        let ours = numbers(&quietly(Command::new(programs.join("time-hashes")).args(&names))?);
        for (times, time) in times.iter_mut().zip(ours) {
            times.push(time);
        }
    }
    let mut table = "| 4000x3000 pixels to | ms |\n|---|---|\n".to_owned();
    for (name, times) in names.iter().zip(&mut times) {
        let _ = writeln!(table, "| `{name}` | {:.1} |", median(times));
    }
    Ok(table)
}

/// The program that holds `img_hash` prints the table itself.
pub(crate) fn beside_img_hash(_: &Bench) -> Outcome<String> {
    img_hash::printed("time 4000 3000")
}
