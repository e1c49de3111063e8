//! Fingerprints of files and readers.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::{ControlFlow, Range};
use std::path::Path;

use ownprint_hash::for_each_piece;
use ownprint_pixels::wipe::WipedBytes;

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::fingerprinter::Fingerprinter;
use crate::progress::Progress;
use crate::second_reading::ReadStep;
use crate::stream::FingerprintStream;

impl Fingerprinter {
    /// Fingerprints the file at `path`; see [`fingerprint_seekable`](Self::fingerprint_seekable).
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read.
    pub fn fingerprint_file(&self, path: impl AsRef<Path>) -> Result<Fingerprint, Error> {
        self.fingerprint_file_with(path, proceed)
    }

    /// Like [`fingerprint_file`](Self::fingerprint_file), with an observer.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Cancelled`] if `observe` breaks.
    pub fn fingerprint_file_with(
        &self,
        path: impl AsRef<Path>,
        observe: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        self.fingerprint_seekable_with(File::open(path)?, observe)
    }

    /// Fingerprints a file that can be read at positions.
    ///
    /// It is read from its current position. An image whose hashes are requested is read into
    /// memory, up to [`Limits::file_bytes`](crate::Limits::file_bytes). A video of any length is
    /// read twice, for its digests and for its frames, and a small part of it is in memory at a
    /// time. A reader that cannot seek, such as a pipe, is read as by
    /// [`fingerprint_reader`](Self::fingerprint_reader).
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, or changed its length meanwhile.
    pub fn fingerprint_seekable(&self, file: impl Read + Seek) -> Result<Fingerprint, Error> {
        self.fingerprint_seekable_with(file, proceed)
    }

    /// Like [`fingerprint_seekable`](Self::fingerprint_seekable), with an observer.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Cancelled`] if `observe` breaks.
    pub fn fingerprint_seekable_with(
        &self,
        mut file: impl Read + Seek,
        mut observe: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let Ok(start) = file.stream_position() else {
            return self.fingerprint_reader_with(file, observe);
        };
        let mut stream = self.seekable_stream();
        update(&mut stream, &mut file, &mut observe)?;
        if !stream.reads_frames_later() {
            return stream.finalize_with(observe);
        }
        let (read, is_complete) = (stream.bytes(), stream.wants_more());
        let length = file.seek(SeekFrom::End(0))?.saturating_sub(start);
        if is_complete && read != length {
            return Err(changed().into());
        }
        let mut reading = stream.read_again_with(length, observe);
        let mut piece = Vec::new();
        loop {
            piece = match reading.resume(piece)? {
                ReadStep::Read(range) => read_range(&mut file, start, range)?,
                ReadStep::Pause(_) => Vec::new(),
                ReadStep::Done(fingerprint) => return Ok(*fingerprint),
            };
        }
    }

    /// Fingerprints the file that a reader returns.
    ///
    /// An image or a video whose hashes are requested is read into memory, up to
    /// [`Limits::file_bytes`](crate::Limits::file_bytes). The digests of other files are computed
    /// in constant memory, whatever their length.
    ///
    /// # Errors
    /// [`Error::Io`] if the reader fails.
    pub fn fingerprint_reader(&self, reader: impl Read) -> Result<Fingerprint, Error> {
        self.fingerprint_reader_with(reader, proceed)
    }

    /// Like [`fingerprint_reader`](Self::fingerprint_reader), with an observer.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Cancelled`] if `observe` breaks.
    pub fn fingerprint_reader_with(
        &self,
        reader: impl Read,
        mut observe: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let mut stream = self.stream();
        update(&mut stream, reader, &mut observe)?;
        stream.finalize_with(observe)
    }
}

/// Passes a file to a stream, until the stream needs no more.
fn update(
    stream: &mut FingerprintStream,
    reader: impl Read,
    observe: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(), Error> {
    for_each_piece(reader, |piece| {
        stream.update(piece);
        if observe(Progress::of_bytes(stream.bytes())).is_break() {
            return Err(Error::Cancelled);
        }
        Ok(if stream.wants_more() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })
}

/// Returns a range of a file that begins at `start`.
fn read_range(
    file: &mut (impl Read + Seek),
    start: u64,
    range: Range<u64>,
) -> Result<Vec<u8>, Error> {
    let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
    let mut piece = WipedBytes::zeroed(length);
    file.seek(SeekFrom::Start(start.saturating_add(range.start)))?;
    file.read_exact(&mut piece.0).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => changed(),
        _ => error,
    })?;
    Ok(std::mem::take(&mut piece.0))
}

fn changed() -> io::Error {
    io::Error::other("the file changed while it was being read")
}

/// Observes nothing and never cancels.
fn proceed(_progress: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
