//! Limits on images and frames, for the decoders of this library and of the platform.

use ownprint::Size;

use crate::OwnprintError;
use crate::error::caught;

/// Limits on an image, checked before memory is allocated for it. A field that is `None` keeps the
/// core's default; `default_options` returns those defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct Limits {
    /// Length of the encoded file in bytes.
    #[uniffi(default = None)]
    pub file_bytes: Option<u64>,
    /// Width in pixels, as stored.
    #[uniffi(default = None)]
    pub width: Option<u32>,
    /// Height in pixels, as stored.
    #[uniffi(default = None)]
    pub height: Option<u32>,
    /// Width times height.
    #[uniffi(default = None)]
    pub pixels: Option<u64>,
    /// Bytes of decoded samples.
    #[uniffi(default = None)]
    pub memory: Option<u64>,
    /// Bytes of RGB for each byte of the file, in images of more than 60 megapixels.
    #[uniffi(default = None)]
    pub expansion: Option<u32>,
}

impl From<ownprint::Limits> for Limits {
    fn from(limits: ownprint::Limits) -> Self {
        Self {
            file_bytes: Some(limits.file_bytes),
            width: Some(limits.width),
            height: Some(limits.height),
            pixels: Some(limits.pixels),
            memory: Some(limits.memory),
            expansion: Some(limits.expansion),
        }
    }
}

impl Limits {
    pub(crate) fn to_core(&self) -> ownprint::Limits {
        let default = ownprint::Limits::default();
        ownprint::Limits {
            file_bytes: self.file_bytes.unwrap_or(default.file_bytes),
            width: self.width.unwrap_or(default.width),
            height: self.height.unwrap_or(default.height),
            pixels: self.pixels.unwrap_or(default.pixels),
            memory: self.memory.unwrap_or(default.memory),
            expansion: self.expansion.unwrap_or(default.expansion),
        }
    }
}

/// Checks the size of an image or frame that the platform is about to decode to four bytes a pixel.
/// `None` checks the core's limits.
///
/// # Errors
/// `limit-exceeded`.
#[uniffi::export]
pub fn check_size(width: u32, height: u32, limits: Option<Limits>) -> Result<(), OwnprintError> {
    caught(|| {
        let size = Size { width, height };
        Ok(to_core(limits).check_image(size, size.pixels().saturating_mul(4))?)
    })
}

/// Checks the length of an image file that the platform is about to decode. `None` checks the
/// core's limits.
///
/// # Errors
/// `limit-exceeded`.
#[uniffi::export]
pub fn check_file_bytes(bytes: u64, limits: Option<Limits>) -> Result<(), OwnprintError> {
    caught(|| Ok(to_core(limits).check_file_bytes(bytes)?))
}

/// Converts limits to the core's; `None` gives the core's defaults.
pub(crate) fn to_core(limits: Option<Limits>) -> ownprint::Limits {
    limits.map(|limits| limits.to_core()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first clause of the core's error message.
    fn refusal(width: u32, height: u32, limits: Option<Limits>) -> Option<String> {
        let OwnprintError::Failed { code, detail } = check_size(width, height, limits).err()?;
        assert_eq!(code, "limit-exceeded");
        detail.split_once("; ").map(|(start, _)| start.to_owned())
    }

    #[test]
    fn a_size_is_checked_against_each_given_limit() {
        let all = Limits {
            file_bytes: Some(0),
            width: Some(300),
            height: Some(200),
            pixels: Some(60_000),
            memory: Some(240_000),
            expansion: Some(0),
        };
        assert_eq!(refusal(300, 200, Some(all.clone())), None);
        for (limits, sentence) in [
            (Limits { width: Some(299), ..all.clone() }, "the width is 300, over the limit of 299"),
            (
                Limits { height: Some(199), ..all.clone() },
                "the height is 200, over the limit of 199",
            ),
            (
                Limits { pixels: Some(59_999), ..all.clone() },
                "the pixel count is 60000, over the limit of 59999",
            ),
            (
                Limits { memory: Some(239_999), ..all },
                "the memory in bytes is 240000, over the limit of 239999",
            ),
        ] {
            assert_eq!(refusal(300, 200, Some(limits)).as_deref(), Some(sentence));
        }
    }

    #[test]
    fn the_length_of_a_file_is_checked_against_its_limit() {
        let refused = |bytes, limits| {
            check_file_bytes(bytes, limits).err().map(|OwnprintError::Failed { code, detail }| {
                assert_eq!(code, "limit-exceeded");
                detail
            })
        };
        let sixteen = Limits { file_bytes: Some(16), memory: Some(1), ..Limits::default() };
        assert_eq!(refused(16, Some(sixteen.clone())), None);
        assert!(
            refused(17, Some(sixteen))
                .unwrap()
                .starts_with("the length of the file in bytes is 17, over the limit of 16;")
        );
        for limits in [None, Some(Limits { pixels: Some(1), ..Limits::default() })] {
            assert_eq!(refused(512 << 20, limits.clone()), None);
            assert!(
                refused((512 << 20) + 1, limits)
                    .unwrap()
                    .starts_with("the length of the file in bytes is 536870913, over")
            );
        }
    }

    #[test]
    fn limits_that_are_not_given_have_the_defaults_of_the_core() {
        let core = ownprint::Limits::default();
        for limits in [
            None,
            Some(Limits::default()),
            Some(Limits { file_bytes: Some(1), ..Limits::default() }),
        ] {
            assert_eq!(refusal(16_384, 16_384, limits.clone()), None);
            for (width, height, start) in [
                (core.width + 1, 1, "the width is 65536"),
                (1, core.height + 1, "the height is 65536"),
                (16_384, 16_385, "the pixel count is 268451840"),
                (u32::MAX, u32::MAX, "the width is 4294967295"),
            ] {
                let sentence = refusal(width, height, limits.clone()).unwrap();
                assert!(sentence.starts_with(start), "{sentence}");
            }
        }
        let more_pixels = Limits { pixels: Some(u64::MAX), ..Limits::default() };
        let sentence = refusal(32_768, 16_385, Some(more_pixels)).unwrap();
        assert!(sentence.starts_with("the memory in bytes is 2147614720"), "{sentence}");
    }
}
