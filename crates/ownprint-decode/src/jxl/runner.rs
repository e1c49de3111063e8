//! Bounds the work of the decoder.

use std::io;

use jxl::api::{JxlParallelRunner, JxlParallelRunnerFun};
use ownprint_pixels::Size;

use crate::observer::Observer;

/// Runs the decoder's tasks one after the other, and ends with an error if there are too many or if
/// decoding is cancelled.
///
/// The decoder runs tasks two or three times for each frame. Frames that are not shown have no
/// other limit: a file of nine kilobytes can contain 400 of them, each as large as the image.
pub(super) struct Runner<'a, 'b> {
    observer: &'a mut Observer<'b>,
    /// How often the decoder may still run tasks.
    runs: u64,
    /// The tasks that are left. A task renders one group of 256x256 pixels or prepares it.
    tasks: u64,
}

/// The runs for 10 frames or more that are not shown: layers, references, patches. The files of the
/// decoder's own tests need up to 9.
const RUNS: u64 = 32;
/// The bytes of a file that allow one more run.
const BYTES_OF_RUN: u64 = 16 << 10;
/// The tasks for each group of the image. The files of the decoder's own tests need up to 4.
const TASKS_OF_GROUP: u64 = 16;
/// The bytes of a file that allow one more task: 200 ms for each megabyte.
const BYTES_OF_TASK: u64 = 2048;

impl<'a, 'b> Runner<'a, 'b> {
    pub(super) fn new(size: Size, file_bytes: usize, observer: &'a mut Observer<'b>) -> Self {
        let groups = u64::from(size.width.div_ceil(256)) * u64::from(size.height.div_ceil(256));
        let file_bytes = file_bytes as u64;
        let tasks = (groups + 4) * TASKS_OF_GROUP + file_bytes / BYTES_OF_TASK;
        Self { observer, runs: RUNS + file_bytes / BYTES_OF_RUN, tasks }
    }

    /// Returns `true` once decoding is cancelled.
    pub(super) fn is_cancelled(&self) -> bool {
        self.observer.is_cancelled()
    }

    fn spend(&mut self, tasks: usize) -> Option<()> {
        self.runs = self.runs.checked_sub(1)?;
        self.tasks = self.tasks.checked_sub(tasks as u64)?;
        Some(())
    }
}

impl JxlParallelRunner for Runner<'_, '_> {
    fn run(&mut self, count: usize, task: &JxlParallelRunnerFun<'_>) -> jxl::error::Result<()> {
        self.spend(count).ok_or_else(|| io::Error::from(io::ErrorKind::QuotaExceeded))?;
        (0..count).try_for_each(|index| {
            self.observer.check().map_err(|_| io::Error::from(io::ErrorKind::Other))?;
            task(index)
        })
    }

    fn run_ordered(
        &mut self,
        count: usize,
        _max_threads: Option<usize>,
        task: &JxlParallelRunnerFun<'_>,
    ) -> jxl::error::Result<()> {
        self.run(count, task)
    }

    fn num_threads(&self) -> usize {
        1
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::ops::ControlFlow;

    use super::super::decode::refusal;
    use super::*;

    fn run(runner: &mut Runner<'_, '_>, tasks: usize) -> bool {
        runner.run(tasks, &|_| Ok(())).is_ok()
    }

    #[test]
    fn hidden_frames_and_their_groups_are_limited() {
        let size = Size { width: 2048, height: 2048 };
        let mut go_on = || ControlFlow::Continue(());
        let mut observer = Observer::new(&mut go_on);
        let mut frames = Runner::new(size, 0, &mut observer);
        assert!((0..RUNS).all(|_| run(&mut frames, 1)));
        assert!(!run(&mut frames, 1));
        let mut groups = Runner::new(size, 3 * 2048, &mut observer);
        assert!(run(&mut groups, 3));
        assert!((0..16).all(|_| run(&mut groups, 64 + 4)));
        assert!(!run(&mut groups, 1));
        let refused = groups.run(1, &|_| Ok(())).unwrap_err();
        assert_eq!(refusal(&refused).code(), "unsupported-feature");
    }
}
