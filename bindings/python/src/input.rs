//! Bytes that the caller passes, and file objects.

use std::cell::RefCell;
use std::io::{self, Read};
use std::ops::Deref;

use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyMemoryView, PySlice};

use crate::observer::Observer;

/// The bytes of an object: those of `bytes` are not copied, those of other buffers are, because
/// another thread may change them while the GIL is released.
pub(crate) enum Bytes {
    Shared(PyBackedBytes),
    Copied(Vec<u8>),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Shared(bytes) => bytes,
            Self::Copied(bytes) => bytes,
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for Bytes {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Self::Shared(bytes.to_owned().into()));
        }
        copied(&PyMemoryView::from(&object)?)
    }
}

/// Copies a buffer of bytes. The copy is made in chunks, because those that Python makes are not
/// overwritten when they are freed.
///
/// The stable ABI has buffers from Python 3.11 on; memory views are older.
fn copied(view: &Bound<'_, PyMemoryView>) -> PyResult<Bytes> {
    let format: String = view.getattr("format")?.extract()?;
    if !matches!(format.trim_start_matches(['@', '=', '<', '>', '!']), "B" | "c") {
        return Err(PyBufferError::new_err(format!("expected a buffer of bytes, found {format}")));
    }
    if !view.getattr("c_contiguous")?.extract::<bool>()? {
        return Ok(Bytes::Shared(view.call_method0("tobytes")?.extract()?));
    }
    let length: usize = view.getattr("nbytes")?.extract()?;
    let mut copy = Vec::with_capacity(length);
    // The cast has one dimension; an empty view has none to cast.
    let flat = if length == 0 { view.as_any().clone() } else { view.call_method1("cast", ("B",))? };
    for start in (0..length).step_by(CHUNK_BYTES) {
        let end = length.min(start + CHUNK_BYTES);
        let chunk = flat.get_item(PySlice::new(view.py(), start as isize, end as isize, 1))?;
        let chunk: PyBackedBytes = chunk.call_method0("tobytes")?.extract()?;
        copy.extend_from_slice(&chunk);
    }
    Ok(Bytes::Copied(copy))
}

/// Bytes that are copied, or requested from a file object, at a time: enough that the calls cost
/// little compared with the digests.
const CHUNK_BYTES: usize = 1 << 20;

/// Reads a Python file object.
pub(crate) struct FileObject<'a> {
    object: Py<PyAny>,
    chunk: Option<PyBackedBytes>,
    consumed: usize,
    observer: &'a RefCell<&'a mut Observer>,
}

impl<'a> FileObject<'a> {
    pub(crate) fn new(object: Py<PyAny>, observer: &'a RefCell<&'a mut Observer>) -> Self {
        Self { object, chunk: None, consumed: 0, observer }
    }

    fn rest(&self) -> &[u8] {
        self.chunk.as_ref().and_then(|chunk| chunk.get(self.consumed..)).unwrap_or_default()
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let read = Python::attach(|py| {
            let chunk = self.object.call_method1(py, "read", (CHUNK_BYTES,))?;
            Ok(chunk.bind(py).extract::<PyBackedBytes>()?)
        });
        match read {
            Ok(chunk) => {
                self.chunk = Some(chunk);
                self.consumed = 0;
                Ok(())
            }
            Err(error) => {
                if let Ok(mut observer) = self.observer.try_borrow_mut() {
                    let _ = observer.hold(Err(error));
                }
                Err(io::Error::other("the file object raised an exception"))
            }
        }
    }
}

impl Read for FileObject<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest().is_empty() {
            self.next_chunk()?;
        }
        let count = self.rest().read(buffer)?;
        self.consumed += count;
        Ok(count)
    }
}
