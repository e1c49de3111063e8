//! Decodes image files. Takes paths on standard input, one per line, and prints for each of them a
//! line and, after `image`, the pixels as RGB8: `image WIDTH HEIGHT` or `error CODE: MESSAGE`. The
//! orientation is applied.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::ops::ControlFlow;

use ownprint::Limits;
use ownprint::decode::decode;
use ownprint::pixels::oriented_rows;

fn main() -> Result<(), Box<dyn Error>> {
    for path in stdin().lock().lines() {
        let bytes = std::fs::read(path?)?;
        let mut output = stdout().lock();
        match decode(&bytes, &Limits::default(), false) {
            Ok(image) => {
                let size = image.orientation.oriented_size(image.size());
                writeln!(output, "image {} {}", size.width, size.height)?;
                let mut rgb = Vec::new();
                let rows = oriented_rows(&image.pixels(), image.orientation, &mut |rows| {
                    rgb.extend(rows.iter().copied().flatten());
                    ControlFlow::Continue(())
                });
                debug_assert!(rows.is_continue());
                output.write_all(&rgb)?;
            }
            Err(error) => writeln!(output, "error {}: {error}", error.code())?,
        }
    }
    Ok(())
}
