//! Decodes image files. Takes paths on standard input, one per line, and prints for each of them a
//! line and, after `image`, the pixels as RGB8: `image WIDTH HEIGHT` or `error CODE: MESSAGE`. EXIF
//! orientation is not applied.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use ownprint::Limits;
use ownprint::decode::decode;

fn main() -> Result<(), Box<dyn Error>> {
    for path in stdin().lock().lines() {
        let bytes = std::fs::read(path?)?;
        let mut output = stdout().lock();
        match decode(&bytes, &Limits::default(), false) {
            Ok(image) => {
                let pixels = image.pixels();
                writeln!(output, "image {} {}", pixels.size().width, pixels.size().height)?;
                output.write_all(image.rgb())?;
            }
            Err(error) => writeln!(output, "error {}: {error}", error.code())?,
        }
    }
    Ok(())
}
