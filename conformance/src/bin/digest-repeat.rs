//! Digests a stream of `LENGTH` equal bytes, and prints the digests and the peak memory of this
//! process. A test uses it to verify that a video of any length is digested in constant memory.

use std::error::Error;
use std::io::Read;
use std::ops::ControlFlow;

use ownprint::Fingerprinter;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(byte), Some(length)) = (arguments.next(), arguments.next()) else {
        return Err("digest-repeat BYTE LENGTH".into());
    };
    let video = std::io::repeat(byte? as u8).take(length?);
    let fingerprint = Fingerprinter::builder()
        .digests(ownprint::DigestAlgorithm::ALL)
        .build()
        .fingerprint_reader_with(video, |_so_far| ControlFlow::Continue(()))?;
    for digest in fingerprint.digests() {
        println!("{} {}", digest.algorithm, digest.to_hex());
    }
    // Linux only: other systems check the digests but not the memory.
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        print!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    }
    println!();
    Ok(())
}
