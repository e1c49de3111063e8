//! Fingerprints a file that arrives in pieces.

use std::ops::ControlFlow;

use ownprint_decode::{self as decode, Retained, can_decode, is_video, missing_video_codec, probe};
use ownprint_hash::{Digest, Digester};
use ownprint_pixels::Format;

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::fingerprinter::Fingerprinter;
use crate::progress::Progress;

/// Fingerprints a file that arrives in pieces, for example from a browser or a socket.
///
/// An image or video whose hashes are requested is kept in memory, as by
/// [`Fingerprinter::fingerprint_reader`], but no video by a
/// [`seekable_stream`](Fingerprinter::seekable_stream). Of other files, only the first bytes are
/// kept.
///
/// ```
/// use ownprint::Fingerprinter;
///
/// # #[cfg(feature = "pnm")] {
/// let mut stream = Fingerprinter::default().stream();
/// stream.update(b"P5 8 8 2");
/// stream.update(b"55\n");
/// stream.update(&[7; 64]);
/// assert_eq!(stream.finalize()?.image()?.hashes.len(), 1);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FingerprintStream {
    fingerprinter: Fingerprinter,
    digester: Digester,
    retained: Retained,
    /// The reason why the image or video was discarded before its end.
    failed: Option<decode::Error>,
    /// Whether the file can be read at positions, so that videos are not retained.
    is_seekable: bool,
}

impl Fingerprinter {
    /// Returns a stream for one file that arrives in pieces.
    #[must_use]
    pub fn stream(&self) -> FingerprintStream {
        FingerprintStream::new(self.clone(), false)
    }
}

impl FingerprintStream {
    pub(crate) fn new(fingerprinter: Fingerprinter, is_seekable: bool) -> Self {
        let digester = Digester::new(&fingerprinter.selection().digests);
        Self { fingerprinter, digester, retained: Retained::default(), failed: None, is_seekable }
    }

    /// Adds the next bytes of the file; pieces may have any length.
    ///
    /// An image or video that exceeds [`Limits::file_bytes`](crate::Limits::file_bytes) is
    /// discarded; its digests are still computed.
    pub fn update(&mut self, bytes: &[u8]) {
        self.digester.update(bytes);
        let Self { fingerprinter, retained, failed, is_seekable, .. } = self;
        let outcome = retained.update(bytes, fingerprinter.limits(), |head| {
            fingerprinter.wants_decodable_image(head)
                || !*is_seekable && fingerprinter.wants_video(head)
        });
        if let Err(error) = outcome {
            *failed = Some(error);
        }
    }

    /// Returns the number of bytes passed so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.retained.bytes()
    }

    /// Returns `true` if digests or hashes need further bytes. If `false`, the rest of the file
    /// need not be passed.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.retained.wants_more() || !self.fingerprinter.selection().digests.is_empty()
    }

    /// Returns the image format of the first bytes, whether or not this build decodes it. `None`
    /// until a signature is recognized.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        probe(self.retained.head())
    }

    /// Returns the image format of the first bytes if image hashes are requested and this build
    /// cannot decode it.
    ///
    /// The fingerprint of such a file has no image hashes, so a caller can use another decoder
    /// instead.
    ///
    /// ```
    /// use ownprint::{Fingerprinter, Format};
    ///
    /// let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    /// let mut stream = Fingerprinter::default().stream();
    /// stream.update(heic);
    /// let decoded_here = cfg!(feature = "heic");
    /// assert_eq!(stream.undecodable(), (!decoded_here).then_some(Format::Heic));
    ///
    /// let mut digests_only = Fingerprinter::builder().hashes([]).build().stream();
    /// digests_only.update(heic);
    /// assert_eq!(digests_only.undecodable(), None);
    /// ```
    #[must_use]
    pub fn undecodable(&self) -> Option<Format> {
        self.format().filter(|&format| !can_decode(format) && self.fingerprinter.wants_image())
    }

    /// Returns `true` if the first bytes are those of a video whose hashes are requested, and this
    /// build decodes no videos.
    #[must_use]
    pub fn is_undecodable_video(&self) -> bool {
        self.fingerprinter.selection().vpdq
            && !decode::DECODES_VIDEOS
            && is_video(self.retained.head())
    }

    /// Returns the stable name of the video codec (`hevc`) if the video's hashes are requested and
    /// this build has no decoder for it. All bytes must have been passed.
    ///
    /// The fingerprint of such a file has no video hashes, so a caller can pass
    /// [`into_bytes`](Self::into_bytes) to a build that has the decoder.
    #[must_use]
    pub fn missing_video_codec(&mut self) -> Option<&'static str> {
        if self.failed.is_some() || !self.fingerprinter.wants_video(self.retained.head()) {
            return None;
        }
        missing_video_codec(self.retained.whole())
    }

    /// Returns `true` for a video whose frames are read after the digests.
    pub(crate) fn reads_frames_later(&self) -> bool {
        self.is_seekable && self.fingerprinter.wants_video(self.retained.head())
    }

    /// Returns what a second reading needs: the options, the first bytes and the digests.
    pub(crate) fn into_video_parts(self) -> (Fingerprinter, Vec<u8>, Vec<Digest>) {
        (self.fingerprinter, self.retained.head().to_vec(), self.digester.finalize())
    }

    /// Returns the bytes of the file, if they are retained: those of images and videos whose hashes
    /// are requested. Of another file, the first bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        std::mem::take(&mut self.retained.joined().0)
    }

    /// Returns the fingerprint of the file.
    ///
    /// # Errors
    /// Those of [`Fingerprinter::fingerprint_bytes`].
    pub fn finalize(self) -> Result<Fingerprint, Error> {
        self.finalize_with(|_progress| ControlFlow::Continue(()))
    }

    /// Like [`finalize`](Self::finalize), with an observer, which is called every few rows and for
    /// every frame.
    ///
    /// # Errors
    /// [`Error::Cancelled`] if `observe` breaks, and those of [`finalize`](Self::finalize).
    pub fn finalize_with(
        self,
        mut observe: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let Self { fingerprinter, digester, retained, failed, .. } = self;
        let digests = digester.finalize();
        let Some(error) = failed else {
            let read = Progress::of_bytes(retained.bytes());
            return fingerprinter.encoded(&retained.joined().0, digests, read, &mut observe);
        };
        let is_image = probe(retained.head()).is_some();
        let is_video = is_video(retained.head());
        Ok(Fingerprint {
            image: Err(if is_image { error.clone() } else { decode::Error::NotRequested }),
            video: Err(if is_image { decode::Error::NotRequested } else { error }),
            digests,
            warnings: Vec::new(),
            is_video,
        })
    }
}
