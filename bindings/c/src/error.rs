//! Errors: a number for `switch`, the core's stable code, and a sentence.

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ownprint::Error;

/// The result of a function. 0 means success. Numbers and codes never change their meaning; new
/// ones may be added.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Success.
    Ok = 0,
    /// `internal`: a defect of this library.
    Internal = 1,
    /// `invalid-argument`: a pointer that must not be NULL is NULL, a text is not UTF-8, or a
    /// length or number is out of range.
    InvalidArgument = 2,
    /// `stream-ended`: the stream was finalized before.
    StreamEnded = 3,
    /// `cancelled`: the observer returned false.
    Cancelled = 4,
    /// `io`: a file could not be read or written.
    Io = 5,
    /// `not-requested`: the hash or digest was not requested.
    NotRequested = 6,
    /// `not-an-image`: the file is not an image in a known format.
    NotAnImage = 7,
    /// `not-a-video`: the file is not a video in a known container.
    NotAVideo = 8,
    /// `unsupported-format`: this build does not decode the format.
    UnsupportedFormat = 9,
    /// `unsupported-feature`: a feature of the image format is not supported.
    UnsupportedFeature = 10,
    /// `unsupported-video`: the codec or a feature of the video is not supported.
    UnsupportedVideo = 11,
    /// `truncated`: the image file ends too early.
    Truncated = 12,
    /// `damaged`: the image file is damaged.
    Damaged = 13,
    /// `damaged-video`: the video file is damaged.
    DamagedVideo = 14,
    /// `limit-exceeded`: the file or image exceeds a limit.
    LimitExceeded = 15,
    /// `invalid-pixels`: the pixels do not match their description.
    InvalidPixels = 16,
    /// `invalid-hash`: a hash or digest is malformed.
    InvalidHash = 17,
    /// `not-comparable`: a hash has another length than its algorithm.
    NotComparable = 18,
    /// `unknown-algorithm`: no algorithm has this name.
    UnknownAlgorithm = 19,
    /// `unknown-name`: no pixel format, orientation or limit has this name.
    UnknownName = 20,
    /// `unknown-variant`: no variant has this name.
    UnknownVariant = 21,
    /// `invalid-variants`: the set of variants is invalid.
    InvalidVariants = 22,
    /// `invalid-video`: the frames of a video are invalid.
    InvalidVideo = 23,
    /// `invalid-record`: a record or a list of hashes is malformed.
    InvalidRecord = 24,
    /// `invalid-index`: the file is not a saved index, or is damaged.
    InvalidIndex = 25,
    /// `index-full`: the index has no room for further entries.
    IndexFull = 26,
}

/// Every status with its code.
const CODES: [(Status, &CStr); 27] = [
    (Status::Ok, c"ok"),
    (Status::Internal, c"internal"),
    (Status::InvalidArgument, c"invalid-argument"),
    (Status::StreamEnded, c"stream-ended"),
    (Status::Cancelled, c"cancelled"),
    (Status::Io, c"io"),
    (Status::NotRequested, c"not-requested"),
    (Status::NotAnImage, c"not-an-image"),
    (Status::NotAVideo, c"not-a-video"),
    (Status::UnsupportedFormat, c"unsupported-format"),
    (Status::UnsupportedFeature, c"unsupported-feature"),
    (Status::UnsupportedVideo, c"unsupported-video"),
    (Status::Truncated, c"truncated"),
    (Status::Damaged, c"damaged"),
    (Status::DamagedVideo, c"damaged-video"),
    (Status::LimitExceeded, c"limit-exceeded"),
    (Status::InvalidPixels, c"invalid-pixels"),
    (Status::InvalidHash, c"invalid-hash"),
    (Status::NotComparable, c"not-comparable"),
    (Status::UnknownAlgorithm, c"unknown-algorithm"),
    (Status::UnknownName, c"unknown-name"),
    (Status::UnknownVariant, c"unknown-variant"),
    (Status::InvalidVariants, c"invalid-variants"),
    (Status::InvalidVideo, c"invalid-video"),
    (Status::InvalidRecord, c"invalid-record"),
    (Status::InvalidIndex, c"invalid-index"),
    (Status::IndexFull, c"index-full"),
];

impl Status {
    fn code(self) -> &'static CStr {
        CODES.iter().find(|(status, _)| *status == self).map_or(c"internal", |(_, code)| code)
    }

    /// Returns the status of a code of the core. A test checks that each has one.
    fn of_code(code: &str) -> Self {
        let found = CODES.iter().find(|(_, known)| known.to_bytes() == code.as_bytes());
        found.map_or(Self::Internal, |(status, _)| *status)
    }
}

/// Returns the stable code of a status, the same as in every other language: `limit-exceeded`.
///
/// `status` is a number that a function returned; of other numbers, the code is `internal`. The
/// text is static and must not be freed.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_status_code(status: u32) -> *const c_char {
    let found = CODES.iter().find(|(known, _)| *known as u32 == status);
    found.map_or(c"internal", |(_, code)| code).as_ptr()
}

/// The length of a message with its zero byte.
const MESSAGE_BYTES: usize = 512;

/// Why a function failed. The caller provides the memory, and nothing must be freed.
///
/// Every function that can fail takes a pointer to it, which may be NULL, and writes to it only if
/// it fails.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ErrorInfo {
    /// The stable code in kebab case, a static text.
    pub code: *const c_char,
    /// A sentence in English that says what is wrong and what to do. It may change, and a long one
    /// is cut.
    pub message: [c_char; 512],
}

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Failure {
    Core(Error),
    Argument(String),
    StreamEnded,
}

impl Failure {
    pub(crate) fn argument(detail: &str) -> Self {
        Self::Argument(detail.to_owned())
    }

    /// Returns the failure for a handle that is null.
    pub(crate) fn null(what: &str) -> Self {
        Self::Argument(format!("the {what} is NULL"))
    }

    fn status(&self) -> Status {
        match self {
            Self::Core(error) => Status::of_code(error.code()),
            Self::Argument(_) => Status::InvalidArgument,
            Self::StreamEnded => Status::StreamEnded,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Core(error) => error.to_string(),
            Self::Argument(detail) => detail.clone(),
            Self::StreamEnded => "this stream has ended; create another one".to_owned(),
        }
    }
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Core(error.into())
    }
}

/// Runs `work`, writes its failure to `place`, and returns the status. A panic, which would be a
/// defect, is the failure `internal`.
pub(crate) fn run(
    place: Option<&mut MaybeUninit<ErrorInfo>>,
    work: impl FnOnce() -> Result<(), Failure>,
) -> Status {
    let Err(failure) = caught(work) else { return Status::Ok };
    let status = failure.status();
    if let Some(place) = place {
        let message = array_of(&failure.message());
        place.write(ErrorInfo { code: status.code().as_ptr(), message });
    }
    status
}

/// Runs `work`, and writes its result to `out`: the object, or null if `work` fails.
pub(crate) fn create<T>(
    out: Option<&mut MaybeUninit<Option<Box<T>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Status {
    let Some(out) = out else {
        return run(error, || Err(Failure::null("place for the new object")));
    };
    out.write(None);
    run(error, || {
        out.write(Some(Box::new(work()?)));
        Ok(())
    })
}

/// Writes `value` to `out`, if the caller wants it.
pub(crate) fn assign<T>(out: Option<&mut MaybeUninit<T>>, value: T) {
    if let Some(out) = out {
        out.write(value);
    }
}

/// Drops an object. A panic, which would be a defect, does not reach the caller.
pub(crate) fn release<T>(object: Option<Box<T>>) {
    let _ = caught(|| {
        drop(object);
        Ok(())
    });
}

/// Runs `work`, and returns a panic as the failure `internal`.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // Values that a panic leaves in an invalid state are dropped with the closure, and never read.
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(ownprint::decode::Error::Internal.into()))
}

/// Returns a message as an array that ends with a zero byte, cut between characters.
fn array_of(message: &str) -> [c_char; MESSAGE_BYTES] {
    let mut array = [0; MESSAGE_BYTES];
    let mut end = message.len().min(MESSAGE_BYTES - 1);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    let bytes = message.bytes().take(end).take_while(|byte| *byte != 0);
    for (place, byte) in array.iter_mut().zip(bytes) {
        *place = byte as c_char;
    }
    array
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_core_has_a_number() {
        let mut codes = 0;
        for entry in std::fs::read_dir("../../crates").unwrap() {
            let path = entry.unwrap().path().join("src/error.rs");
            let Ok(text) = std::fs::read_to_string(path) else { continue };
            let (_, body) = text.split_once("fn code(&self)").unwrap();
            let (body, _) = body.split_once("\n    }\n").unwrap();
            let codes_of = body.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next());
            for code in codes_of {
                let status = Status::of_code(code);
                assert!(status != Status::Internal || code == "internal", "{code} has no number");
                codes += 1;
            }
        }
        assert!(codes > 25, "{codes} codes");
    }

    /// Programs are compiled with the numbers.
    #[test]
    fn numbers_are_frozen() {
        for (number, (status, code)) in CODES.iter().enumerate() {
            assert_eq!((*status as usize, status.code()), (number, *code));
        }
    }

    #[test]
    fn a_panic_becomes_an_internal_error() {
        let mut place = MaybeUninit::uninit();
        let status = run(Some(&mut place), || std::panic::resume_unwind(Box::new("a defect")));
        assert_eq!(status, Status::Internal);
        assert_eq!(run(None, || Err(Failure::StreamEnded)), Status::StreamEnded);
    }

    #[test]
    fn messages_are_cut_between_characters() {
        let text = |array: [c_char; MESSAGE_BYTES]| {
            let bytes: Vec<u8> =
                array.iter().take_while(|it| **it != 0).map(|it| *it as u8).collect();
            String::from_utf8(bytes)
        };
        assert_eq!(text(array_of("short")).as_deref(), Ok("short"));
        assert_eq!(text(array_of(&"é".repeat(400))), Ok("é".repeat(255)));
        assert_eq!(text(array_of("a\0b")).as_deref(), Ok("a"));
    }
}
