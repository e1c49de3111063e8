//! Files that arrive in chunks, from callers that read them themselves.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ownprint::Error;

use crate::cancellation::Observer;
use crate::error::caught;
use crate::{CancelToken, Fingerprint, Fingerprinter, OwnprintError, ProgressListener};

/// Fingerprints one file in chunks, from any thread, one call at a time. An image is buffered in
/// memory; of other files only the first bytes are.
#[derive(uniffi::Object)]
pub struct FingerprintStream(Mutex<Option<Running>>);

/// The state of a stream until it ends.
struct Running {
    core: ownprint::FingerprintStream,
    observer: Observer,
    taken: u64,
}

#[uniffi::export]
impl Fingerprinter {
    /// Returns a stream that fingerprints one file in chunks.
    #[must_use]
    pub fn stream(
        &self,
        cancel: Option<Arc<CancelToken>>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Arc<FingerprintStream> {
        let running = Running {
            core: self.core().stream(),
            observer: Observer::new(cancel, progress),
            taken: 0,
        };
        Arc::new(FingerprintStream(Mutex::new(Some(running))))
    }
}

#[uniffi::export]
impl FingerprintStream {
    /// Takes the next bytes, any number of them. Returns whether more bytes can change the result.
    ///
    /// # Errors
    /// `cancelled`, which ends the stream. `io` if the stream has ended, or if another call uses
    /// it, including a call from its own progress listener.
    pub fn update(&self, bytes: &[u8]) -> Result<bool, OwnprintError> {
        self.take(|mut running| {
            running.core.update(bytes);
            running.taken += bytes.len() as u64;
            if running.observer.observe(running.taken).is_break() {
                return Err(Error::Cancelled);
            }
            let wants_more = running.core.wants_more();
            Ok((wants_more, Some(running)))
        })
    }

    /// Ends the stream and returns the fingerprint of all bytes.
    ///
    /// # Errors
    /// `cancelled`, `io` as for [`update`](Self::update), and those of `fingerprint_bytes`.
    pub fn finalize(&self) -> Result<Fingerprint, OwnprintError> {
        self.take(|Running { core, mut observer, taken }| {
            if observer.check().is_break() {
                return Err(Error::Cancelled);
            }
            let fingerprint = core.finalize_with(|_progress| observer.observe(taken))?;
            observer.finish();
            Ok((fingerprint.into(), None))
        })
    }
}

impl FingerprintStream {
    /// Takes the state out, runs `work`, and puts back the state that `work` returns; after an
    /// error, none. The lock is not held during `work`: the caller's listener may call this stream,
    /// and would wait for itself.
    fn take<T>(
        &self,
        work: impl FnOnce(Running) -> Result<(T, Option<Running>), Error>,
    ) -> Result<T, OwnprintError> {
        caught(|| {
            let not_there =
                || Error::Io(io::Error::other("this stream has ended, or another call uses it"));
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
    fn pieces_give_the_same_fingerprint_as_the_complete_file() {
        let mut file = b"P5 80 80 255\n".to_vec();
        file.extend((0..80 * 80).map(|at| (at * at / 7) as u8));
        let fingerprinter = fingerprinter();
        let whole = fingerprinter.fingerprint_bytes(&file, None, None).unwrap();
        let stream = fingerprinter.stream(None, None);
        for piece in file.chunks(997) {
            assert!(stream.update(piece).unwrap());
        }
        assert_eq!(stream.finalize().unwrap(), whole);
        assert_eq!(code(stream.finalize()).as_deref(), Some("io"));
        assert_eq!(code(stream.update(b"more")).as_deref(), Some("io"));
    }

    #[test]
    fn a_cancelled_stream_ends() {
        let cancel = CancelToken::new();
        let stream = fingerprinter().stream(Some(Arc::clone(&cancel)), None);
        assert!(stream.update(b"not an image").unwrap());
        cancel.cancel();
        assert_eq!(code(stream.update(b", or is it")).as_deref(), Some("cancelled"));
        assert_eq!(code(stream.finalize()).as_deref(), Some("io"));
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
            self.heard
                .lock()
                .unwrap()
                .extend([code(stream.update(b"more")), code(stream.finalize())]);
        }
    }

    #[test]
    fn a_listener_that_calls_its_own_stream_gets_an_error() {
        let (done, finished) = mpsc::channel();
        // In a separate thread, because a deadlock would block the test.
        thread::spawn(move || {
            let file = vec![b'.'; 3 << 19];
            let meddler = Arc::new(Meddler::default());
            let stream = fingerprinter()
                .stream(None, Some(Arc::clone(&meddler) as Arc<dyn ProgressListener>));
            meddler.stream.set(Arc::clone(&stream)).unwrap();
            for piece in file.chunks(1 << 19) {
                assert!(stream.update(piece).unwrap());
            }
            let fingerprint = stream.finalize().unwrap();
            assert_eq!(fingerprint, fingerprinter().fingerprint_bytes(&file, None, None).unwrap());
            done.send(meddler.heard.lock().unwrap().clone()).unwrap();
        });
        let heard = finished.recv_timeout(Duration::from_secs(60)).unwrap();
        // Once within `update`, once within `finalize`.
        assert_eq!(heard, ["io"; 4].map(|code| Some(code.to_owned())));
    }
}
