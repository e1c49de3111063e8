//! Decodes image files of every format to RGB8, with the same limits and colour rules
//! (`docs/pixels.md`).

use std::ops::ControlFlow;

use ownprint_pixels::wipe::wipe_stack;
use ownprint_pixels::{Format, Limits};

#[cfg(any(feature = "bmp", feature = "pnm"))]
use crate::bitmap;
use crate::decoded::DecodedImage;
use crate::error::Error;
#[cfg(feature = "gif")]
use crate::gif;
#[cfg(any(feature = "heic", feature = "avif"))]
use crate::heif;
#[cfg(feature = "jpeg")]
use crate::jpeg;
#[cfg(feature = "jxl")]
use crate::jxl;
use crate::observer::Observer;
use crate::panics::caught;
#[cfg(feature = "png")]
use crate::png;
use crate::probe::probe;
#[cfg(feature = "tiff")]
use crate::tiff;
#[cfg(feature = "webp")]
use crate::webp;

/// Words of the stack that are overwritten: zune-jpeg uses 52 KiB and leaves pixels and parts of
/// the file there.
const STACK_WORDS: usize = 96 * 1024 / 8;

/// Decodes the first frame of a file.
///
/// `accept_damaged` has an effect on JPEG only, the only format with a tolerant decoder.
///
/// # Errors
/// The variants of [`Error`] about images: not an image, unsupported, truncated, damaged, or over a
/// limit.
pub fn decode(bytes: &[u8], limits: &Limits, accept_damaged: bool) -> Result<DecodedImage, Error> {
    decode_with(bytes, limits, accept_damaged, || ControlFlow::Continue(()))
}

/// Like [`decode`], with an observer. It is called between rows of PNG and TIFF, tiles of HEIC and
/// AVIF, and groups of 256x256 pixels of JPEG XL. The decoders of the other formats return whole
/// images.
///
/// # Errors
/// [`Error::Cancelled`] if `observe` breaks, and those of [`decode`].
pub fn decode_with(
    bytes: &[u8],
    limits: &Limits,
    accept_damaged: bool,
    mut observe: impl FnMut() -> ControlFlow<()>,
) -> Result<DecodedImage, Error> {
    let mut observer = Observer::new(&mut observe);
    let length = bytes.len() as u64;
    let wipe = WipeStack;
    let decoded = limits.check_file_bytes(length).map_err(Error::from).and_then(|()| {
        let format = probe(bytes).ok_or(Error::NotAnImage)?;
        let limits = limits.for_file(length);
        caught(|| by_format(format, bytes, &limits, accept_damaged, &mut observer)).unwrap_or_else(
            || Err(Error::Damaged { format, detail: "the decoder panicked".to_owned() }),
        )
    });
    drop(wipe);
    decoded.map_err(|error| error.under_caller_limits(limits, length))
}

/// Overwrites the stack below its function on drop, including after a panic of the decoder.
struct WipeStack;

impl Drop for WipeStack {
    fn drop(&mut self) {
        wipe_stack::<STACK_WORDS>();
    }
}

// Not inlined, so that its stack frame is below that of the caller, where the stack is overwritten.
#[inline(never)]
fn by_format(
    format: Format,
    bytes: &[u8],
    limits: &Limits,
    accept_damaged: bool,
    observer: &mut Observer<'_>,
) -> Result<DecodedImage, Error> {
    let _ = (bytes, limits, accept_damaged, &observer);
    match format {
        #[cfg(feature = "jpeg")]
        Format::Jpeg => jpeg::decode(bytes, limits, accept_damaged),
        #[cfg(feature = "png")]
        Format::Png => png::decode(bytes, limits, observer),
        #[cfg(feature = "gif")]
        Format::Gif => gif::decode(bytes, limits),
        #[cfg(feature = "webp")]
        Format::WebP => webp::decode(bytes, limits),
        #[cfg(feature = "bmp")]
        Format::Bmp => bitmap::decode_bmp(bytes, limits),
        #[cfg(feature = "tiff")]
        Format::Tiff => tiff::decode(bytes, limits, observer),
        #[cfg(feature = "pnm")]
        Format::Pnm => bitmap::decode_pnm(bytes, limits),
        #[cfg(feature = "heic")]
        Format::Heic => heif::decode(bytes, Format::Heic, limits, observer),
        #[cfg(feature = "avif")]
        Format::Avif => heif::decode(bytes, Format::Avif, limits, observer),
        #[cfg(feature = "jxl")]
        Format::Jxl => jxl::decode(bytes, limits, observer),
        // Unreachable in a build with every decoder.
        #[allow(unreachable_patterns)]
        format => Err(Error::UnsupportedFormat { format }),
    }
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::fs::File;
    use std::hint::black_box;
    use std::os::unix::fs::FileExt;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::{STACK_WORDS, WipeStack};

    const MARK: u64 = 0x6f77_6e70_7269_6e74;

    /// Leaves a mark on the stack and panics, as a decoder may.
    #[inline(never)]
    fn leave_and_panic() {
        let left = black_box([MARK; 1536]);
        assert!(left.iter().all(|word| *word != MARK), "as decoders do");
    }

    #[inline(never)]
    fn through_guard() {
        let _wipe = WipeStack;
        leave_and_panic();
    }

    /// Returns how often the mark occurs in the stack below this call, read through the kernel.
    fn marks_below(call: fn()) -> usize {
        let here = black_box(0_u8);
        let top = std::ptr::from_ref(&here).addr() as u64;
        catch_unwind(AssertUnwindSafe(call)).unwrap_err();
        let mut stack = vec![0; STACK_WORDS * 8];
        let start = top - stack.len() as u64;
        File::open("/proc/self/mem").unwrap().read_exact_at(&mut stack, start).unwrap();
        stack.windows(8).filter(|bytes| **bytes == MARK.to_ne_bytes()).count()
    }

    #[test]
    fn the_stack_is_overwritten_when_a_decoder_panics() {
        assert!(
            marks_below(leave_and_panic) > 1000,
            "the test must find the marks that remain without the guard"
        );
        assert!(marks_below(through_guard) < 10);
    }
}
