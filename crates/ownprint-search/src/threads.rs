//! The same work on several threads.

/// Calls `work` on up to `threads` threads, this one included, and returns when all calls have.
pub(crate) fn run(threads: usize, work: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // If no thread can be started, as in WebAssembly, this thread does the work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, &work);
        }
        work();
    });
}
