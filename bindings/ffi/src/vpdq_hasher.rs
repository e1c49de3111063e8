//! vPDQ of frames that the platform decodes.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use ownprint::pixels::{Plane, VideoFrame, YuvPlanes};
use ownprint::{Error, Pixels};

use crate::error::caught;
use crate::{Limits, OwnprintError, PixelFormat, VpdqFrame, VpdqOptions, limits};

/// The layout of a frame in one buffer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FrameLayout {
    /// Pixels in a row.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
    /// The planes.
    pub planes: FramePlanes,
}

/// The planes of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum FramePlanes {
    /// Luma and both chroma planes at half the width and height.
    I420 {
        /// Luma.
        luma: PlaneLayout,
        /// Blue-difference chroma, Cb.
        cb: PlaneLayout,
        /// Red-difference chroma, Cr.
        cr: PlaneLayout,
        /// The color matrix; `None` is the core's default.
        matrix: Option<YuvMatrix>,
        /// The value range; `None` is the core's default.
        range: Option<YuvRange>,
    },
    /// Luma, and interleaved chroma at half the width and height.
    Nv12 {
        /// Luma.
        luma: PlaneLayout,
        /// Cb and Cr, interleaved.
        chroma: PlaneLayout,
        /// The color matrix; `None` is the core's default.
        matrix: Option<YuvMatrix>,
        /// The value range; `None` is the core's default.
        range: Option<YuvRange>,
    },
    /// Whole pixels.
    Packed {
        /// The bytes of one pixel.
        format: PixelFormat,
        /// The pixels.
        plane: PlaneLayout,
    },
}

/// The color matrix of YUV samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum YuvMatrix {
    /// ITU-R BT.601.
    Bt601,
    /// ITU-R BT.709.
    Bt709,
}

/// The value range of YUV samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum YuvRange {
    /// Luma from 16 to 235, chroma from 16 to 240.
    Limited,
    /// 0 to 255.
    Full,
}

/// The position of a plane's rows in a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct PlaneLayout {
    /// Byte offset of the first row.
    pub offset: u64,
    /// Bytes from the start of one row to the start of the next.
    pub stride: u32,
}

/// Computes vPDQ from a video's frames. Memory holds one frame and the hashes.
#[derive(uniffi::Object)]
pub struct VpdqHasher(Mutex<Option<ownprint::hash::VpdqHasher>>);

#[uniffi::export]
impl VpdqHasher {
    /// Hashes every `trunc(seconds_per_hash * frames_per_second)`-th frame, as the reference
    /// implementation does. The time of a frame is its number divided by the rate. `prune` skips
    /// frames that differ by at most so many bits from the last retained one. `limits` apply to
    /// each frame.
    ///
    /// # Errors
    /// `invalid-video`.
    #[uniffi::constructor(default(seconds_per_hash = None, prune = None, limits = None))]
    pub fn by_frames(
        frames_per_second: f64,
        seconds_per_hash: Option<f64>,
        prune: Option<u32>,
        limits: Option<Limits>,
    ) -> Result<Arc<Self>, OwnprintError> {
        caught(|| {
            let options = VpdqOptions { seconds_per_hash, prune }.to_core();
            let core =
                ownprint::hash::VpdqHasher::by_frames(frames_per_second, options.seconds_per_hash)?;
            Ok(Self::of(core, options, limits))
        })
    }

    /// Hashes the first frame at or after each multiple of `seconds_per_hash`, with its own time:
    /// for players that seek.
    ///
    /// # Errors
    /// `invalid-video`.
    #[uniffi::constructor(default(seconds_per_hash = None, prune = None, limits = None))]
    pub fn by_seconds(
        seconds_per_hash: Option<f64>,
        prune: Option<u32>,
        limits: Option<Limits>,
    ) -> Result<Arc<Self>, OwnprintError> {
        caught(|| {
            let options = VpdqOptions { seconds_per_hash, prune }.to_core();
            Ok(Self::of(
                ownprint::hash::VpdqHasher::by_seconds(options.seconds_per_hash)?,
                options,
                limits,
            ))
        })
    }

    /// Returns whether [`update`](Self::update) uses frame `index` (from 0), shown `seconds` after
    /// the video's start.
    ///
    /// # Errors
    /// `io` if the hasher has ended.
    pub fn wants(&self, index: u64, seconds: f64) -> Result<bool, OwnprintError> {
        self.with(|hasher| Ok(hasher.as_ref().ok_or_else(ended)?.wants(index, seconds)))
    }

    /// Hashes a frame, without retaining its bytes. A frame that is not wanted is ignored.
    ///
    /// # Errors
    /// `invalid-pixels`, `invalid-video`, `limit-exceeded`; `io` if the hasher has ended.
    pub fn update(
        &self,
        index: u64,
        seconds: f64,
        bytes: &[u8],
        layout: &FrameLayout,
    ) -> Result<(), OwnprintError> {
        self.with(|hasher| {
            let hasher = hasher.as_mut().ok_or_else(ended)?;
            Ok(hasher.update(index, seconds, &layout.frame(bytes)?)?)
        })
    }

    /// Ends the hasher, and returns the hashed frames in the order of their numbers.
    ///
    /// # Errors
    /// `io` if the hasher has ended.
    pub fn finalize(&self) -> Result<Vec<VpdqFrame>, OwnprintError> {
        self.with(|hasher| {
            let frames = hasher.take().ok_or_else(ended)?.finalize();
            Ok(frames.iter().map(VpdqFrame::of).collect())
        })
    }
}

impl VpdqHasher {
    fn of(
        core: ownprint::hash::VpdqHasher,
        options: ownprint::hash::VpdqOptions,
        limits: Option<Limits>,
    ) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(core.prune(options.prune).limits(limits::to_core(limits))))))
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&mut Option<ownprint::hash::VpdqHasher>) -> Result<T, Error>,
    ) -> Result<T, OwnprintError> {
        caught(|| work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl fmt::Debug for VpdqHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VpdqHasher").finish_non_exhaustive()
    }
}

fn ended() -> Error {
    Error::Io(io::Error::other("this hasher has ended"))
}

impl FrameLayout {
    fn frame<'a>(&self, bytes: &'a [u8]) -> Result<VideoFrame<'a>, Error> {
        let Self { width, height, planes } = *self;
        let (yuv, matrix, range) = match planes {
            FramePlanes::I420 { luma, cb, cr, matrix, range } => {
                let planes =
                    YuvPlanes::i420(width, height, luma.of(bytes), cb.of(bytes), cr.of(bytes))?;
                (planes, matrix, range)
            }
            FramePlanes::Nv12 { luma, chroma, matrix, range } => {
                (YuvPlanes::nv12(width, height, luma.of(bytes), chroma.of(bytes))?, matrix, range)
            }
            FramePlanes::Packed { format, plane } => {
                let Plane { data, stride } = plane.of(bytes);
                return Ok(Pixels::with_stride(data, width, height, format.into(), stride)?.into());
            }
        };
        let matrix = matrix.map(ownprint::pixels::ColourMatrix::from).unwrap_or_default();
        let range = range.map(ownprint::pixels::ColourRange::from).unwrap_or_default();
        Ok(yuv.colours(matrix, range).into())
    }
}

impl From<YuvMatrix> for ownprint::pixels::ColourMatrix {
    fn from(matrix: YuvMatrix) -> Self {
        match matrix {
            YuvMatrix::Bt601 => Self::Bt601,
            YuvMatrix::Bt709 => Self::Bt709,
        }
    }
}

impl From<YuvRange> for ownprint::pixels::ColourRange {
    fn from(range: YuvRange) -> Self {
        match range {
            YuvRange::Limited => Self::Limited,
            YuvRange::Full => Self::Full,
        }
    }
}

impl PlaneLayout {
    fn of(self, bytes: &[u8]) -> Plane<'_> {
        let start = usize::try_from(self.offset).unwrap_or(usize::MAX);
        Plane { data: bytes.get(start..).unwrap_or_default(), stride: self.stride as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{VideoThresholds, compare_videos};

    fn layout(planes: FramePlanes) -> FrameLayout {
        FrameLayout { width: 96, height: 80, planes }
    }

    fn at(offset: u64, stride: u32) -> PlaneLayout {
        PlaneLayout { offset, stride }
    }

    fn i420(luma: PlaneLayout, cb: PlaneLayout, cr: PlaneLayout) -> FrameLayout {
        layout(FramePlanes::I420 { luma, cb, cr, matrix: None, range: None })
    }

    fn nv12(luma: PlaneLayout, chroma: PlaneLayout) -> FrameLayout {
        layout(FramePlanes::Nv12 { luma, chroma, matrix: None, range: None })
    }

    fn rgb8(plane: PlaneLayout) -> FrameLayout {
        layout(FramePlanes::Packed { format: PixelFormat::Rgb8, plane })
    }

    #[test]
    fn frames_in_one_buffer_have_the_hashes_of_the_core() {
        let luma: Vec<u8> = (0..96 * 80).map(|at: u32| (at * at / 11 + at) as u8).collect();
        let (blue, red) = (vec![90; 48 * 40], vec![150; 48 * 40]);
        let i420_bytes = [luma.as_slice(), &blue, &red].concat();
        let nv12_bytes: Vec<u8> = luma.iter().copied().chain([90, 150].repeat(48 * 40)).collect();
        let hash = |bytes: &[u8], layout: &FrameLayout| {
            let hasher = VpdqHasher::by_frames(25.0, None, None, None).unwrap();
            assert!(hasher.wants(25, 1.0).unwrap() && !hasher.wants(26, 1.04).unwrap());
            hasher.update(25, 1.0, bytes, layout).unwrap();
            hasher.update(26, 1.04, bytes, layout).unwrap();
            let frames = hasher.finalize().unwrap();
            assert!(hasher.finalize().is_err());
            frames
        };
        let planar =
            hash(&i420_bytes, &i420(at(0, 96), at(96 * 80, 48), at(96 * 80 + 48 * 40, 48)));
        let interleaved = hash(&nv12_bytes, &nv12(at(0, 96), at(96 * 80, 96)));
        assert_eq!(planar, interleaved);
        assert_eq!((planar.len(), planar[0].frame, planar[0].feature.seconds), (1, 25, 1.0));
        let mut core = ownprint::hash::VpdqHasher::by_frames(25.0, 1.0).unwrap();
        let plane = |data, stride| Plane { data, stride };
        let planes =
            YuvPlanes::i420(96, 80, plane(&luma, 96), plane(&blue, 48), plane(&red, 48)).unwrap();
        core.update(25, 1.0, &planes.into()).unwrap();
        assert_eq!(planar[0].feature.hex, core.finalize()[0].feature.hash().to_hex());
        let features = [planar[0].feature.clone()];
        assert!(compare_videos(&features, &features, VideoThresholds::default()).unwrap().is_match);
    }

    #[test]
    fn invalid_layouts_are_rejected() {
        let hasher = VpdqHasher::by_seconds(Some(1.0), Some(3), None).unwrap();
        let bytes = vec![0; 96 * 80 * 3];
        for layout in [
            i420(at(0, 96), at(96 * 80, 47), at(96 * 80 + 48 * 40, 48)),
            i420(at(0, 95), at(96 * 80, 48), at(96 * 80 + 48 * 40, 48)),
            rgb8(at(1, 96 * 3)),
            rgb8(at(0, 96 * 3 - 1)),
            nv12(at(0, 96), at(u64::MAX, 96)),
            nv12(at(0, 96), at(96 * 80, 95)),
        ] {
            let OwnprintError::Failed { code, .. } =
                hasher.update(0, 0.0, &bytes, &layout).unwrap_err();
            assert_eq!(code, "invalid-pixels", "{layout:?}");
        }
        hasher.update(0, 0.0, &bytes, &rgb8(at(0, 96 * 3))).unwrap();
        assert_eq!(hasher.finalize().unwrap().len(), 1);
        assert!(VpdqHasher::by_frames(0.0, None, None, None).is_err());
        let limits = Limits { height: Some(79), ..Limits::default() };
        let limited = VpdqHasher::by_seconds(None, None, Some(limits)).unwrap();
        let OwnprintError::Failed { code, .. } =
            limited.update(0, 0.0, &bytes, &rgb8(at(0, 96 * 3))).unwrap_err();
        assert_eq!(code, "limit-exceeded");
    }
}
