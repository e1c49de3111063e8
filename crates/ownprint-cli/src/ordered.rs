//! Runs work on several threads and returns results in input order.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

/// Pending results for each thread: enough to keep all threads busy while one file is slow.
const WINDOW: usize = 8;

/// Runs `work` on every input on `threads` threads. Each result is returned as soon as it and all
/// before it are complete, even while the next input is awaited. Only a bounded number of inputs is
/// read ahead.
///
/// No further input is read once the results are dropped.
///
/// # Errors
/// If a thread cannot be started.
pub(crate) fn in_order<Input, Output>(
    threads: usize,
    inputs: impl Iterator<Item = Input> + Send + 'static,
    work: impl Fn(Input) -> Output + Send + Sync + 'static,
) -> io::Result<impl Iterator<Item = Output>>
where
    Input: Send + 'static,
    Output: Send + 'static,
{
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(io::Error::other)?;
    let (slots, results) = mpsc::sync_channel::<Receiver<Output>>(threads * WINDOW);
    let work = Arc::new(work);
    std::thread::Builder::new().spawn(move || {
        for input in inputs {
            let (fill, slot) = mpsc::sync_channel(1);
            if slots.send(slot).is_err() {
                break;
            }
            let work = Arc::clone(&work);
            pool.spawn(move || {
                // Fails if the results were dropped.
                let _ = fill.send(work(input));
            });
        }
    })?;
    Ok(results.into_iter().map_while(|slot| slot.recv().ok()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, mpsc};
    use std::time::Duration;

    use super::{WINDOW, in_order};

    #[test]
    fn results_keep_the_order_of_the_inputs() -> std::io::Result<()> {
        let results = in_order(3, 0..500_u64, |number| {
            std::thread::sleep(Duration::from_micros(number * 7919 % 500));
            number
        })?;
        assert!(results.eq(0..500));
        Ok(())
    }

    #[test]
    fn a_result_is_returned_before_the_next_input_is_read() -> std::io::Result<()> {
        let (ask, questions) = mpsc::channel();
        let mut answers = in_order(2, questions.into_iter(), |question: u32| question + 1)?;
        for question in 0..20 {
            ask.send(question).map_err(std::io::Error::other)?;
            assert_eq!(answers.next(), Some(question + 1));
        }
        drop(ask);
        assert_eq!(answers.next(), None);
        Ok(())
    }

    #[test]
    fn a_bounded_number_of_inputs_is_read_ahead() -> std::io::Result<()> {
        let taken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&taken);
        let inputs = (0..10_000).inspect(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let mut results = in_order(1, inputs, |number| number)?;
        assert_eq!(results.next(), Some(0));
        std::thread::sleep(Duration::from_millis(50));
        assert!(taken.load(Ordering::Relaxed) <= WINDOW + 3);
        Ok(())
    }
}
