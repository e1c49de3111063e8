//! Fingerprints of files, bytes, file objects, pixels and chunks. Results are JSON records, from
//! which the Python code builds its types.

use std::cell::RefCell;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use ownprint::hash::PdqTransform;
use ownprint::pixels::oriented_rows;
use ownprint::{Error, ExifOrientation};
use pyo3::prelude::*;

use crate::error::{ended, run};
use crate::input::{Bytes, FileObject};
use crate::observer::{CancelToken, Observer};
use crate::options::Options;
use crate::pixels::{ArrayImage, Layout, orientation};

/// Computes hashes and digests. One object serves any number of threads.
#[pyclass(frozen, module = "ownprint._ownprint")]
pub(crate) struct Fingerprinter(ownprint::Fingerprinter);

#[pymethods]
impl Fingerprinter {
    #[new]
    fn new(py: Python<'_>, options: Options) -> PyResult<Self> {
        run(py, || options.to_fingerprinter()).map(Self)
    }

    #[pyo3(signature = (path, cancel=None, progress=None))]
    fn file(
        &self,
        py: Python<'_>,
        path: PathBuf,
        cancel: Option<CancelToken>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<String> {
        let shown = path.to_string_lossy();
        Observer::new(cancel, progress).run(py, Some(&shown), |observer| {
            let file = File::open(&path)?;
            let fingerprint =
                self.0.fingerprint_seekable_with(file, |it| observer.observe(it.bytes))?;
            Ok(fingerprint.to_json())
        })
    }

    #[pyo3(signature = (bytes, cancel=None, progress=None))]
    fn bytes(
        &self,
        py: Python<'_>,
        bytes: Bytes,
        cancel: Option<CancelToken>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<String> {
        Observer::new(cancel, progress).run(py, None, |observer| {
            let fingerprint =
                self.0.fingerprint_bytes_with(&bytes, |it| observer.observe(it.bytes))?;
            Ok(fingerprint.to_json())
        })
    }

    #[pyo3(signature = (file, cancel=None, progress=None))]
    fn file_object(
        &self,
        py: Python<'_>,
        file: Py<PyAny>,
        cancel: Option<CancelToken>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<String> {
        Observer::new(cancel, progress).run(py, None, |observer| {
            let observer = RefCell::new(observer);
            let file = FileObject::new(file, &observer);
            let fingerprint = self
                .0
                .fingerprint_reader_with(file, |it| observer.borrow_mut().observe(it.bytes))?;
            Ok(fingerprint.to_json())
        })
    }

    #[pyo3(signature = (array, format=None, orientation=1, cancel=None))]
    fn array(
        &self,
        py: Python<'_>,
        array: &Bound<'_, PyAny>,
        format: Option<&str>,
        orientation: u16,
        cancel: Option<CancelToken>,
    ) -> PyResult<String> {
        let orientation = self::orientation(py, orientation)?;
        let image = ArrayImage::new(array, format)?;
        let view = image.view()?;
        Observer::new(cancel, None).run(py, None, |observer| {
            view.with(|pixels| {
                let fingerprint =
                    self.0.fingerprint_pixels_with(pixels, orientation, || observer.check())?;
                Ok(fingerprint.to_json())
            })
        })
    }

    #[pyo3(signature = (bytes, size, format, stride=None, orientation=1, cancel=None))]
    #[allow(clippy::too_many_arguments, reason = "named arguments in Python")]
    fn pixels(
        &self,
        py: Python<'_>,
        bytes: Bytes,
        size: (u32, u32),
        format: &str,
        stride: Option<usize>,
        orientation: u16,
        cancel: Option<CancelToken>,
    ) -> PyResult<String> {
        let orientation = self::orientation(py, orientation)?;
        let layout = Layout::new(py, size, format, stride)?;
        Observer::new(cancel, None).run(py, None, |observer| {
            let pixels = layout.view(&bytes)?;
            let fingerprint =
                self.0.fingerprint_pixels_with(&pixels, orientation, || observer.check())?;
            Ok(fingerprint.to_json())
        })
    }

    /// The names of the hashes and digests that are computed.
    fn names(&self) -> Vec<String> {
        self.0.selection().names().map(|name| name.into_owned()).collect()
    }

    /// The limits, in the order of the fields of `Limits`.
    fn limits(&self) -> (u64, u32, u32, u64, u64, u32) {
        let ownprint::Limits { file_bytes, width, height, pixels, memory, expansion } =
            *self.0.limits();
        (file_bytes, width, height, pixels, memory, expansion)
    }

    #[pyo3(signature = (cancel=None, progress=None))]
    fn stream(
        &self,
        cancel: Option<CancelToken>,
        progress: Option<Py<PyAny>>,
    ) -> FingerprintStream {
        let running = Running { core: self.0.stream(), cancel, progress };
        FingerprintStream(Mutex::new(Some(running)))
    }
}

/// Fingerprints one file in chunks.
#[pyclass(frozen, module = "ownprint._ownprint")]
pub(crate) struct FingerprintStream(Mutex<Option<Running>>);

/// The state of a stream until it ends.
struct Running {
    core: ownprint::FingerprintStream,
    cancel: Option<CancelToken>,
    progress: Option<Py<PyAny>>,
}

#[pymethods]
impl FingerprintStream {
    /// Adds the next bytes. Returns whether more bytes can change the result.
    fn update(&self, py: Python<'_>, bytes: Bytes) -> PyResult<bool> {
        let Running { mut core, cancel, progress } = self.take(py)?;
        let observer =
            Observer::new(cancel.clone(), progress.as_ref().map(|callback| callback.clone_ref(py)));
        let core = observer.run(py, None, |observer| {
            core.update(&bytes);
            if observer.observe(core.bytes()).is_break() {
                return Err(Error::Cancelled);
            }
            Ok(core)
        })?;
        let wants_more = core.wants_more();
        *self.held() = Some(Running { core, cancel, progress });
        Ok(wants_more)
    }

    /// Ends the stream, and returns the record.
    fn finalize(&self, py: Python<'_>) -> PyResult<String> {
        let Running { core, cancel, progress } = self.take(py)?;
        Observer::new(cancel, progress).run(py, None, |observer| {
            if observer.check().is_break() {
                return Err(Error::Cancelled);
            }
            Ok(core.finalize_with(|_progress| observer.check())?.to_json())
        })
    }
}

impl FingerprintStream {
    /// Takes the state out. The lock is not held while the state is used: the caller's progress
    /// callback may call this stream, and would wait for itself.
    fn take(&self, py: Python<'_>) -> PyResult<Running> {
        let running = self.held().take();
        running.ok_or_else(|| ended(py, "stream"))
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the PDQ hash of a numpy array in hexadecimal digits, and its quality.
#[pyfunction]
#[pyo3(signature = (array, format=None))]
pub(crate) fn pdq_array(
    py: Python<'_>,
    array: &Bound<'_, PyAny>,
    format: Option<&str>,
) -> PyResult<(String, u8)> {
    let image = ArrayImage::new(array, format)?;
    let view = image.view()?;
    run(py, || view.with(pdq))
}

/// Returns the PDQ hash of pixels in a buffer, and its quality.
#[pyfunction]
#[pyo3(signature = (bytes, size, format, stride=None))]
pub(crate) fn pdq_pixels(
    py: Python<'_>,
    bytes: Bytes,
    size: (u32, u32),
    format: &str,
    stride: Option<usize>,
) -> PyResult<(String, u8)> {
    let layout = Layout::new(py, size, format, stride)?;
    run(py, || pdq(&layout.view(&bytes)?))
}

/// Returns the 256 coefficients that PDQ compares with their median, and the quality.
#[pyfunction]
#[pyo3(signature = (array, format=None))]
pub(crate) fn pdq_coefficients(
    py: Python<'_>,
    array: &Bound<'_, PyAny>,
    format: Option<&str>,
) -> PyResult<(Vec<f32>, u8)> {
    let image = ArrayImage::new(array, format)?;
    let view = image.view()?;
    run(py, || {
        view.with(|pixels| {
            let mut transform = PdqTransform::new(pixels.size());
            let _ =
                oriented_rows(pixels, ExifOrientation::Normal, &mut |rows| transform.update(rows));
            let (coefficients, quality) = transform.finalize();
            Ok((coefficients.as_flattened().to_vec(), quality.value()))
        })
    })
}

fn pdq(pixels: &ownprint::Pixels<'_>) -> Result<(String, u8), Error> {
    let (hash, quality) = ownprint::pdq(pixels)?;
    Ok((hash.to_hex(), quality.value()))
}
