//! Files that are pushed: for callers that read a stream themselves, and whose bytes need not be copied for it.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ownprint::Error;

use crate::cancellation::Watch;
use crate::error::caught;
use crate::{CancelToken, Fingerprint, Fingerprinter, OwnprintError, ProgressListener};

/// One file on its way in, pushed piece by piece, from any threads, one call at a time. Memory is that of a stream: an image is kept
/// whole, of anything else only the head.
#[derive(uniffi::Object)]
pub struct FingerprintStream(Mutex<Option<Running>>);

/// What a stream has until it ends.
struct Running {
    core: ownprint::FingerprintStream,
    watch: Watch,
    taken: u64,
}

#[uniffi::export]
impl Fingerprinter {
    /// Starts a file that will be pushed.
    #[must_use]
    pub fn stream(
        &self,
        cancel: Option<Arc<CancelToken>>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Arc<FingerprintStream> {
        let running = Running { core: self.core().stream(), watch: Watch::new(cancel, progress), taken: 0 };
        Arc::new(FingerprintStream(Mutex::new(Some(running))))
    }
}

#[uniffi::export]
impl FingerprintStream {
    /// Takes the next bytes, any number of them, without copying what is not kept. Says whether further bytes can change the
    /// result.
    ///
    /// # Errors
    /// `limit-exceeded`, `cancelled`; either ends the stream. `io` for one that has ended, or that another call is at
    /// work with, a listener's own among them.
    pub fn push(&self, bytes: &[u8]) -> Result<bool, OwnprintError> {
        self.take(|mut running| {
            running.core.push(bytes)?;
            running.taken += bytes.len() as u64;
            if running.watch.observe(running.taken).is_break() {
                return Err(Error::Cancelled);
            }
            let wants_more = running.core.wants_more();
            Ok((wants_more, Some(running)))
        })
    }

    /// The fingerprint of what was pushed, and the end of this stream.
    ///
    /// # Errors
    /// `cancelled`, `io` as [`push`](Self::push), and those of `fingerprint_bytes`.
    pub fn finish(&self) -> Result<Fingerprint, OwnprintError> {
        self.take(|Running { core, mut watch, taken }| {
            if watch.go_on().is_break() {
                return Err(Error::Cancelled);
            }
            let fingerprint = core.finalize_with(|| watch.observe(taken))?;
            watch.finish();
            Ok((fingerprint.into(), None))
        })
    }
}

impl FingerprintStream {
    /// Takes what is running out, and puts back what the work gives back of it: after an error, nothing. No lock is held meanwhile,
    /// for the caller's listener may call this stream, and would wait for itself.
    fn take<T>(
        &self,
        work: impl FnOnce(Running) -> Result<(T, Option<Running>), Error>,
    ) -> Result<T, OwnprintError> {
        caught(|| {
            let not_there =
                || Error::Io(io::Error::other("this stream has ended, or another call is at work with it"));
            let running = self.held().take().ok_or_else(not_there)?;
            let (value, running) = work(running)?;
            *self.held() = running;
            Ok(value)
        })
    }

    fn held(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FingerprintStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FingerprintStream").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{OnceLock, mpsc};
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::Options;

    fn fingerprinter() -> Arc<Fingerprinter> {
        Fingerprinter::new(&Options::default()).unwrap()
    }

    fn code<T>(result: Result<T, OwnprintError>) -> Option<String> {
        result.err().map(|OwnprintError::Failed { code, .. }| code)
    }

    #[test]
    fn pieces_give_what_the_whole_gives() {
        let mut file = b"P5 80 80 255\n".to_vec();
        file.extend((0..80 * 80).map(|at| (at * at / 7) as u8));
        let fingerprinter = fingerprinter();
        let whole = fingerprinter.fingerprint_bytes(&file, None, None).unwrap();
        let stream = fingerprinter.stream(None, None);
        for piece in file.chunks(997) {
            assert!(stream.push(piece).unwrap());
        }
        assert_eq!(stream.finish().unwrap(), whole);
        assert_eq!(code(stream.finish()).as_deref(), Some("io"));
        assert_eq!(code(stream.push(b"more")).as_deref(), Some("io"));
    }

    #[test]
    fn a_cancelled_stream_ends() {
        let cancel = CancelToken::new();
        let stream = fingerprinter().stream(Some(Arc::clone(&cancel)), None);
        assert!(stream.push(b"not an image").unwrap());
        cancel.cancel();
        assert_eq!(code(stream.push(b", or is it")).as_deref(), Some("cancelled"));
        assert_eq!(code(stream.finish()).as_deref(), Some("io"));
    }

    /// Calls the stream that it listens to.
    #[derive(Default)]
    struct Meddler {
        stream: OnceLock<Arc<FingerprintStream>>,
        heard: Mutex<Vec<Option<String>>>,
    }

    impl ProgressListener for Meddler {
        fn on_progress(&self, _: u64) {
            let stream = self.stream.get().unwrap();
            self.heard.lock().unwrap().extend([code(stream.push(b"more")), code(stream.finish())]);
        }
    }

    #[test]
    fn a_listener_that_calls_its_own_stream_is_refused() {
        let (done, told) = mpsc::channel();
        // In a thread of its own: one that waits for itself would keep the test from ending.
        thread::spawn(move || {
            let file = vec![b'.'; 3 << 19];
            let meddler = Arc::new(Meddler::default());
            let stream =
                fingerprinter().stream(None, Some(Arc::clone(&meddler) as Arc<dyn ProgressListener>));
            meddler.stream.set(Arc::clone(&stream)).unwrap();
            for piece in file.chunks(1 << 19) {
                assert!(stream.push(piece).unwrap());
            }
            let fingerprint = stream.finish().unwrap();
            assert_eq!(fingerprint, fingerprinter().fingerprint_bytes(&file, None, None).unwrap());
            done.send(meddler.heard.lock().unwrap().clone()).unwrap();
        });
        let heard = told.recv_timeout(Duration::from_secs(60)).unwrap();
        // Once within a push, once within the end.
        assert_eq!(heard, ["io"; 4].map(|code| Some(code.to_owned())));
    }
}
