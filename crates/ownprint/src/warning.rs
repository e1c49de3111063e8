//! What a person should know about a result.

use crate::decode::Format;
use crate::perceptual::PerceptualHash;

/// Something a person should know about a result that is otherwise right.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The file is no image in a format this library knows; only its digests were computed.
    NotAnImage,
    /// The file is an image that this build does not decode; only its digests were computed.
    UnsupportedFormat(Format),
    /// The file is damaged and was hashed on request as far as it could be decoded.
    Damaged,
    /// The image moves; its first frame was hashed.
    FirstFrameOnly,
    /// A PDQ quality below what exchanges accept: the image is too plain to be matched well.
    LowQuality,
    /// The file is a video that this build does not decode, for the reason given; only its digests were computed.
    UnsupportedVideo(String),
}

impl Warning {
    /// That some of the hashes are of too low a quality.
    pub(crate) fn of_quality(hashes: &[PerceptualHash]) -> Option<Self> {
        let is_low = |hash: &PerceptualHash| hash.quality.is_some_and(|quality| !quality.is_reliable());
        hashes.iter().any(is_low).then_some(Self::LowQuality)
    }

    /// The stable, language-independent name of this kind of warning, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnImage => "not-an-image",
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
                f.write_str("not an image this library can decode; only its digests were computed")
            }
            Self::UnsupportedFormat(format) => {
                write!(f, "{format} images cannot be decoded here; only the file's digests were computed")
            }
            Self::Damaged => f.write_str("the file is damaged; the hash covers what could be decoded of it"),
            Self::FirstFrameOnly => f.write_str("the image moves; only its first frame was hashed"),
            Self::LowQuality => {
                f.write_str("the image is too plain to match well; exchanges discard this hash")
            }
            Self::UnsupportedVideo(detail) => {
                write!(
                    f,
                    "this video cannot be decoded here ({detail}); only the file's digests were computed"
                )
            }
        }
    }
}
