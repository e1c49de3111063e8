//! Being interrupted: what was written ends with a whole line.

use std::io;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

/// The status of a program that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// Ends the program, when a person or the system asks it to, behind the line in hand, which a pipe may take in pieces; at once
/// when asked again, for its reader may have stopped.
///
/// A program that was started with one of these signals ignored, as by `nohup`, is left as it was started.
pub(crate) fn end_with_a_whole_line() {
    static ASKED: AtomicBool = AtomicBool::new(false);
    // Where the system refuses, it ends the program as it ends any other.
    let _ = ctrlc::try_set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            process::exit(INTERRUPTED);
        }
        std::thread::spawn(|| {
            // Lines are written by whoever holds this.
            let _line = io::stdout().lock();
            process::exit(INTERRUPTED)
        });
    });
}
