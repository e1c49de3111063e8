//! Warnings about a fingerprint.

use ownprint_exchange::Diagnostic;
use ownprint_hash::PerceptualHash;
use ownprint_pixels::Format;

/// A warning about a fingerprint that is otherwise valid.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The file is not an image in a known format; only its digests were computed.
    NotAnImage,
    /// The file is a video, and image hashes were requested, but not those of videos; only its
    /// digests were computed.
    VideoNotRequested,
    /// Only the hashes of a video were requested, and the file is not a video in a known format;
    /// only its digests were computed.
    NotAVideo,
    /// The file is an image that this build does not decode; only its digests were computed.
    UnsupportedFormat(Format),
    /// The file is damaged; the hash covers the part that could be decoded.
    Damaged,
    /// The file contains more frames or images; only the first was hashed.
    FirstFrameOnly,
    /// The PDQ quality is below 50: the image has too little detail to match well, and exchanges
    /// discard the hash.
    LowQuality,
    /// The file is a video that this build does not decode, for the reason in the text; only its
    /// digests were computed.
    UnsupportedVideo(String),
}

impl Warning {
    /// Returns the warning if the quality of one of the hashes is too low.
    pub(crate) fn of_quality(hashes: &[PerceptualHash]) -> Option<Self> {
        let is_low =
            |hash: &PerceptualHash| hash.quality.is_some_and(|quality| !quality.is_reliable());
        hashes.iter().any(is_low).then_some(Self::LowQuality)
    }

    /// Returns the stable, language-independent name of this kind of warning, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnImage => "not-an-image",
            Self::VideoNotRequested => "video-not-requested",
            Self::NotAVideo => "not-a-video",
            Self::UnsupportedFormat(_) => "unsupported-format",
            Self::Damaged => "damaged",
            Self::FirstFrameOnly => "first-frame-only",
            Self::LowQuality => "low-quality",
            Self::UnsupportedVideo(_) => "unsupported-video",
        }
    }
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAnImage => {
                f.write_str("not an image in a known format; only the digests were computed")
            }
            Self::VideoNotRequested => f.write_str(
                "a video, and only image hashes were requested; request vpdq for its hashes",
            ),
            Self::NotAVideo => {
                f.write_str("not a video in a known format; only the digests were computed")
            }
            Self::UnsupportedFormat(format) => {
                write!(
                    f,
                    "{format} images cannot be decoded by this build; only the digests were computed"
                )
            }
            Self::Damaged => {
                f.write_str("damaged file: the hash covers the part that could be decoded")
            }
            Self::FirstFrameOnly => {
                f.write_str("the file contains more frames or images; only the first is hashed")
            }
            Self::LowQuality => f.write_str(
                "the image has too little detail to match well; exchanges discard this hash",
            ),
            Self::UnsupportedVideo(detail) => {
                write!(f, "unsupported video ({detail}); only the digests were computed")
            }
        }
    }
}

impl From<&Warning> for Diagnostic {
    fn from(warning: &Warning) -> Self {
        Self { code: warning.code().to_owned(), message: warning.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use ownprint_pixels::Format;

    use super::Warning;

    /// Other languages and stored records identify warnings by their codes. New codes may be added;
    /// existing ones never change.
    #[test]
    fn codes_are_frozen() {
        for (warning, code) in [
            (Warning::NotAnImage, "not-an-image"),
            (Warning::VideoNotRequested, "video-not-requested"),
            (Warning::NotAVideo, "not-a-video"),
            (Warning::UnsupportedFormat(Format::Heic), "unsupported-format"),
            (Warning::Damaged, "damaged"),
            (Warning::FirstFrameOnly, "first-frame-only"),
            (Warning::LowQuality, "low-quality"),
            (Warning::UnsupportedVideo(String::new()), "unsupported-video"),
        ] {
            assert_eq!(warning.code(), code);
            // A new variant does not compile until it is added here and to the list above.
            match warning {
                Warning::NotAnImage
                | Warning::VideoNotRequested
                | Warning::NotAVideo
                | Warning::UnsupportedFormat(_)
                | Warning::Damaged
                | Warning::FirstFrameOnly
                | Warning::LowQuality
                | Warning::UnsupportedVideo(_) => {}
            }
        }
    }
}
