//! vPDQ of frames that the platform decodes.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use ownprint::pixels::{ColourMatrix, ColourRange, Plane, VideoFrame, YuvPlanes};
use ownprint::{Error, PixelFormat, Pixels};

use crate::error::caught;
use crate::video::{VpdqFeature, VpdqFrame};
use crate::{Limits, OwnprintError, limits};

/// How the bytes of a frame stand in one buffer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FrameLayout {
    /// `i420`, `nv12`, or the name of a pixel format: `rgb8`, `rgba8`, `bgra8`, `l8`.
    pub format: String,
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The planes, in the format's order: luma, blue- and red-difference (`i420`), luma and both in turn (`nv12`), all pixels.
    pub planes: Vec<PlaneLayout>,
    /// `bt601`, which is meant where nothing is said, or `bt709`; of `i420` and `nv12` alone.
    #[uniffi(default = None)]
    pub matrix: Option<String>,
    /// `limited`, which is meant where nothing is said, or `full`; of `i420` and `nv12` alone.
    #[uniffi(default = None)]
    pub range: Option<String>,
}

/// Where a plane's rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct PlaneLayout {
    /// The first row's place in the buffer, in bytes.
    pub offset: u64,
    /// Bytes from the start of one row to the start of the next.
    pub stride: u32,
}

/// Takes a video's frames and gives their PDQ hashes, as vPDQ does. Memory is that of one frame and the hashes.
#[derive(uniffi::Object)]
pub struct VpdqHasher(Mutex<Option<ownprint::hash::VpdqHasher>>);

#[uniffi::export]
impl VpdqHasher {
    /// The reference's rule: every `trunc(seconds_per_hash * frames_per_second)`-th frame; a frame's time is its number over the
    /// rate. Frames at most `prune` bits from the one before are skipped, where it is given. `limits` are those of a frame.
    ///
    /// # Errors
    /// `invalid-video`.
    #[uniffi::constructor(default(prune = None, limits = None))]
    pub fn by_frames(
        frames_per_second: f64,
        seconds_per_hash: f64,
        prune: Option<u32>,
        limits: Option<Limits>,
    ) -> Result<Arc<Self>, OwnprintError> {
        caught(|| {
            let core = ownprint::hash::VpdqHasher::by_frames(frames_per_second, seconds_per_hash)?;
            Ok(Self::of(core, prune, limits))
        })
    }

    /// For players that seek: the first frame at or behind each multiple of `seconds_per_hash`, with its own time.
    ///
    /// # Errors
    /// `invalid-video`.
    #[uniffi::constructor(default(prune = None, limits = None))]
    pub fn by_seconds(
        seconds_per_hash: f64,
        prune: Option<u32>,
        limits: Option<Limits>,
    ) -> Result<Arc<Self>, OwnprintError> {
        caught(|| Ok(Self::of(ownprint::hash::VpdqHasher::by_seconds(seconds_per_hash)?, prune, limits)))
    }

    /// Whether frame `index`, from 0, shown `seconds` from the video's start, is to be pushed.
    ///
    /// # Errors
    /// `io` for a hasher that has ended.
    pub fn wants(&self, index: u64, seconds: f64) -> Result<bool, OwnprintError> {
        self.with(|hasher| Ok(hasher.as_ref().ok_or_else(ended)?.wants(index, seconds)))
    }

    /// Hashes a frame, which is borrowed and not kept; one that is not wanted is passed over.
    ///
    /// # Errors
    /// `invalid-pixels`, `invalid-video`, `limit-exceeded`; `io` for a hasher that has ended.
    pub fn push(
        &self,
        index: u64,
        seconds: f64,
        bytes: &[u8],
        layout: &FrameLayout,
    ) -> Result<(), OwnprintError> {
        self.with(|hasher| hasher.as_mut().ok_or_else(ended)?.push(index, seconds, &layout.frame(bytes)?))
    }

    /// The frames that were hashed, in the order of their numbers, and the end of this hasher.
    ///
    /// # Errors
    /// `io` for a hasher that has ended.
    pub fn finish(&self) -> Result<Vec<VpdqFrame>, OwnprintError> {
        self.with(|hasher| {
            let frames = hasher.take().ok_or_else(ended)?.finish();
            Ok(frames.iter().map(VpdqFrame::of).collect())
        })
    }
}

impl VpdqHasher {
    fn of(core: ownprint::hash::VpdqHasher, prune: Option<u32>, limits: Option<Limits>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(core.prune(prune).limits(limits::to_core(limits))))))
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
        let Self { width, height, .. } = *self;
        let planes: Vec<_> = self.planes.iter().map(|plane| plane.of(bytes)).collect();
        let yuv = match (self.format.as_str(), planes.as_slice()) {
            ("i420", &[luma, blue, red]) => YuvPlanes::i420(width, height, luma, blue, red)?,
            ("nv12", &[luma, chroma]) => YuvPlanes::nv12(width, height, luma, chroma)?,
            ("i420" | "nv12", planes) => return Err(self.another_count(planes.len())),
            (format, &[Plane { data, stride }]) => {
                let format: PixelFormat = format.parse()?;
                return Ok(Pixels::with_stride(data, width, height, format, stride)?.into());
            }
            (_, planes) => return Err(self.another_count(planes.len())),
        };
        let matrix = named(&ColourMatrix::ALL, ColourMatrix::name, self.matrix.as_deref())?;
        let range = named(&ColourRange::ALL, ColourRange::name, self.range.as_deref())?;
        Ok(yuv.colours(matrix, range).into())
    }

    fn another_count(&self, planes: usize) -> Error {
        Error::InvalidPixels { detail: format!("a frame in {} has not {planes} planes", self.format) }
    }
}

impl PlaneLayout {
    fn of<'a>(&self, bytes: &'a [u8]) -> Plane<'a> {
        let start = usize::try_from(self.offset).unwrap_or(usize::MAX);
        Plane { data: bytes.get(start..).unwrap_or_default(), stride: self.stride as usize }
    }
}

/// The one of a name, or what is meant where nothing is said.
fn named<T: Copy + Default>(
    all: &[T],
    name_of: fn(T) -> &'static str,
    name: Option<&str>,
) -> Result<T, Error> {
    let Some(name) = name else { return Ok(T::default()) };
    all.iter().copied().find(|&it| name_of(it) == name).ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|&it| name_of(it)).collect();
        Error::InvalidPixels { detail: format!("there is no \"{name}\"; known are: {}", known.join(", ")) }
    })
}

/// How much of two videos is in each other.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct VideoComparison {
    /// Per cent of the query's frames that the compared video has.
    pub query_percent: f64,
    /// Per cent of the compared video's frames that the query has.
    pub compared_percent: f64,
    /// Whether the query is taken for a part of the compared video, by python-threatexchange's parameters.
    pub is_match: bool,
}

/// Compares the video that is asked about with one of a list.
///
/// # Errors
/// `not-comparable`, `invalid-hash`, `invalid-record` for features that are none.
#[uniffi::export]
pub fn compare_videos(
    query: &[VpdqFeature],
    compared: &[VpdqFeature],
) -> Result<VideoComparison, OwnprintError> {
    caught(|| {
        let core =
            |video: &[VpdqFeature]| video.iter().map(VpdqFeature::to_core).collect::<Result<Vec<_>, _>>();
        let found = ownprint::hash::VpdqComparison::new(
            &core(query)?,
            &core(compared)?,
            &ownprint::hash::VpdqThresholds::default(),
        );
        Ok(VideoComparison {
            query_percent: found.query_percent(),
            compared_percent: found.compared_percent(),
            is_match: found.is_match(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(format: &str, planes: &[(u64, u32)]) -> FrameLayout {
        let planes = planes.iter().map(|&(offset, stride)| PlaneLayout { offset, stride }).collect();
        FrameLayout { format: format.to_owned(), width: 96, height: 80, planes, matrix: None, range: None }
    }

    #[test]
    fn frames_of_one_buffer_have_the_hashes_of_the_core() {
        let luma: Vec<u8> = (0..96 * 80).map(|at: u32| (at * at / 11 + at) as u8).collect();
        let (blue, red) = (vec![90; 48 * 40], vec![150; 48 * 40]);
        let i420 = [luma.as_slice(), &blue, &red].concat();
        let nv12: Vec<u8> = luma.iter().copied().chain([90, 150].repeat(48 * 40)).collect();
        let hash = |bytes: &[u8], layout: &FrameLayout| {
            let hasher = VpdqHasher::by_frames(25.0, 1.0, None, None).unwrap();
            assert!(hasher.wants(25, 1.0).unwrap() && !hasher.wants(26, 1.04).unwrap());
            hasher.push(25, 1.0, bytes, layout).unwrap();
            hasher.push(26, 1.04, bytes, layout).unwrap();
            let frames = hasher.finish().unwrap();
            assert!(hasher.finish().is_err());
            frames
        };
        let planar = hash(&i420, &layout("i420", &[(0, 96), (96 * 80, 48), (96 * 80 + 48 * 40, 48)]));
        let interleaved = hash(&nv12, &layout("nv12", &[(0, 96), (96 * 80, 96)]));
        assert_eq!(planar, interleaved);
        assert_eq!((planar.len(), planar[0].frame, planar[0].feature.seconds), (1, 25, 1.0));
        let mut core = ownprint::hash::VpdqHasher::by_frames(25.0, 1.0).unwrap();
        let plane = |data, stride| Plane { data, stride };
        let planes = YuvPlanes::i420(96, 80, plane(&luma, 96), plane(&blue, 48), plane(&red, 48)).unwrap();
        core.push(25, 1.0, &planes.into()).unwrap();
        assert_eq!(planar[0].feature.hex, core.finish()[0].feature.hash().to_hex());
        let features = [planar[0].feature.clone()];
        assert!(compare_videos(&features, &features).unwrap().is_match);
    }

    #[test]
    fn layouts_that_do_not_fit_are_refused() {
        let hasher = VpdqHasher::by_seconds(1.0, Some(3), None).unwrap();
        let bytes = vec![0; 96 * 80 * 3];
        let mut wrong_matrix = layout("nv12", &[(0, 96), (96 * 80, 96)]);
        wrong_matrix.matrix = Some("bt2020".to_owned());
        for layout in [
            layout("i420", &[(0, 96), (96 * 80, 48)]),
            layout("rgb8", &[]),
            layout("yuv444", &[(0, 96)]),
            layout("rgb8", &[(1, 96 * 3)]),
            layout("nv12", &[(0, 96), (u64::MAX, 96)]),
            wrong_matrix,
        ] {
            let OwnprintError::Failed { code, .. } = hasher.push(0, 0.0, &bytes, &layout).unwrap_err();
            assert_eq!(code, "invalid-pixels", "{layout:?}");
        }
        hasher.push(0, 0.0, &bytes, &layout("rgb8", &[(0, 96 * 3)])).unwrap();
        assert_eq!(hasher.finish().unwrap().len(), 1);
        assert!(VpdqHasher::by_frames(0.0, 1.0, None, None).is_err());
        let limits = Limits { height: Some(79), ..Limits::default() };
        let limited = VpdqHasher::by_seconds(1.0, None, Some(limits)).unwrap();
        let OwnprintError::Failed { code, .. } =
            limited.push(0, 0.0, &bytes, &layout("rgb8", &[(0, 96 * 3)])).unwrap_err();
        assert_eq!(code, "limit-exceeded");
    }
}
