//! Reads one form of hashes from standard input and writes it again, for tests that compare the
//! forms with other programs. The forms are `records` (one JSON record per line), `list` (any list
//! of hashes), `stopncii`, `vpdq-json`, `vpdq-lines`, and `vpdq-lines-to-json`. Invalid input ends
//! the program with status 1.

use std::error::Error;
use std::io::{BufReader, Read, stdin};

use ownprint::exchange::{FingerprintRecord, HashList, StopNciiPage, vpdq};

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("records") => {
            for line in input()?.lines() {
                println!("{}", FingerprintRecord::from_json(line)?.to_json());
            }
        }
        Some("list") => {
            for hash in HashList::detecting(BufReader::new(stdin())) {
                let hash = hash?;
                let quality =
                    hash.quality.map_or_else(|| "-".to_owned(), |quality| quality.to_string());
                let name = hash.name.as_deref().unwrap_or("-");
                println!("{} {} {} {quality} {name}", hash.line, hash.algorithm, hash.value);
            }
        }
        Some("stopncii") => println!("{}", StopNciiPage::from_json(&input()?)?.to_json()),
        Some("vpdq-json") => {
            println!("{}", vpdq::features_to_json(&vpdq::features_from_json(&input()?)?));
        }
        Some("vpdq-lines") => {
            for line in input()?.lines() {
                println!("{}", vpdq::frame_to_line(&vpdq::frame_from_line(line)?));
            }
        }
        Some("vpdq-lines-to-json") => {
            let text = input()?;
            let frames = text.lines().map(vpdq::frame_from_line).collect::<Result<Vec<_>, _>>()?;
            let features: Vec<_> = frames.into_iter().map(|frame| frame.feature).collect();
            println!("{}", vpdq::features_to_json(&features));
        }
        _ => {
            return Err(
                "name a form: records, list, stopncii, vpdq-json, vpdq-lines, vpdq-lines-to-json"
                    .into(),
            );
        }
    }
    Ok(())
}

fn input() -> Result<String, std::io::Error> {
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    Ok(text)
}
