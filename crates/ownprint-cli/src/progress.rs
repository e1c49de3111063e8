//! The progress bar on standard error, if it is a terminal.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressState, ProgressStyle};

/// A progress bar, hidden if standard error is not a terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    bytes_read: Arc<AtomicU64>,
}

impl Progress {
    /// Shows a bar if standard error is a terminal and standard output is not a pipe.
    pub(crate) fn new() -> Self {
        let bytes_read = Arc::new(AtomicU64::new(0));
        if !std::io::stderr().is_terminal() || stdout_is_pipe() {
            return Self { bar: ProgressBar::hidden(), bytes_read };
        }
        let bar = ProgressBar::no_length();
        bar.set_style(style("{spinner} {pos} files, {read} read", &bytes_read));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, bytes_read }
    }

    /// Counts the items on another thread and shows the total.
    pub(crate) fn count<Item>(&self, items: impl Iterator<Item = Item> + Send + 'static) {
        if self.bar.is_hidden() {
            return;
        }
        let bar = self.bar.clone();
        let style =
            style("{wide_bar} {pos} of {len} files, {read} read, {eta} left", &self.bytes_read);
        std::thread::spawn(move || {
            bar.set_length(items.count() as u64);
            bar.set_style(style);
        });
    }

    /// Returns the counter of bytes read.
    pub(crate) fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes_read)
    }

    /// Hides the bar while `write` writes to the terminal.
    pub(crate) fn suspend<Output>(&self, write: impl FnOnce() -> Output) -> Output {
        self.bar.suspend(write)
    }

    /// Counts one file as done.
    pub(crate) fn advance(&self) {
        self.bar.inc(1);
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

fn style(template: &str, bytes_read: &Arc<AtomicU64>) -> ProgressStyle {
    let bytes_read = Arc::clone(bytes_read);
    let read = move |_: &ProgressState, text: &mut dyn std::fmt::Write| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}", HumanBytes(bytes_read.load(Ordering::Relaxed)));
    };
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("read", read)
}

/// Returns `true` if another program reads standard output: a bar would disturb its screen.
#[cfg(unix)]
fn stdout_is_pipe() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let duplicate = std::io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
    duplicate
        .and_then(|file| file.metadata())
        .is_ok_and(|metadata| metadata.file_type().is_fifo() || metadata.file_type().is_socket())
}

#[cfg(not(unix))]
fn stdout_is_pipe() -> bool {
    !std::io::stdout().is_terminal()
}
