//! Interruption by a signal: the output ends with a whole line.

use std::io;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit status after an interruption, as shells report it.
const INTERRUPTED: i32 = 130;

/// Installs a handler for SIGINT, SIGTERM and SIGHUP that ends the program after the current line
/// of output, or at once on a second signal: the reader of the output may have stopped.
///
/// A program that was started with one of these signals ignored, as by `nohup`, keeps ignoring it.
pub(crate) fn finish_line_on_signal() {
    static REQUESTED: AtomicBool = AtomicBool::new(false);
    // If the handler cannot be installed, signals end the program as usual.
    let _ = ctrlc::try_set_handler(|| {
        if REQUESTED.swap(true, Ordering::Relaxed) {
            process::exit(INTERRUPTED);
        }
        std::thread::spawn(|| {
            // Every line is written under this lock.
            let _line = io::stdout().lock();
            process::exit(INTERRUPTED)
        });
    });
}
