//! vPDQ: which frames of a video are hashed, and their hashes.

use super::feature::{VpdqFeature, VpdqFrame};
use crate::algorithm::HashAlgorithm;
use crate::error::Error;
use crate::image_hasher::ImageHasher;
use crate::perceptual_hash::PerceptualHash;
use ownprint_pixels::Limits;
use ownprint_pixels::VideoFrame;

/// Which frames are hashed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sampling {
    /// Every so many frames; a frame's time is its number over the rate.
    ByFrames { step: u64, frames_per_second: f64 },
    /// The first frame at or behind each multiple of so many seconds; `next` is the number of the first one that is due.
    BySeconds { every: f64, next: f64 },
}

/// Takes a video's frames and gives their PDQ hashes, as vPDQ does.
///
/// Ask for each frame whether it [is wanted](Self::wants), and push those that are; [by seconds](Self::by_seconds) in the order in
/// which they are shown, [by frames](Self::by_frames) in any.
///
/// ```
/// use ownprint_hash::VpdqHasher;
/// use ownprint_pixels::{PixelFormat, Pixels};
///
/// let mut hasher = VpdqHasher::by_frames(25.0, 1.0)?;
/// for index in 0..60 {
///     let seconds = index as f64 / 25.0;
///     if hasher.wants(index, seconds) {
///         let grey: Vec<u8> = (0..96 * 96).map(|at: u64| (at * (at + index) / 7) as u8).collect();
///         hasher.update(index, seconds, &Pixels::new(&grey, 96, 96, PixelFormat::L8)?.into())?;
///     }
/// }
/// let frames = hasher.finalize();
/// assert_eq!(frames.iter().map(|it| it.frame).collect::<Vec<_>>(), [0, 25, 50]);
/// assert_eq!(frames[2].feature.seconds(), 2.0);
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct VpdqHasher {
    sampling: Sampling,
    limits: Limits,
    prune: Option<u32>,
    frames: Vec<VpdqFrame>,
}

impl VpdqHasher {
    /// The reference's rule: every frame whose number is a multiple of `trunc(seconds_per_hash * frames_per_second)`, or
    /// every frame where that is 0; its time is its number over `frames_per_second`, the video's average.
    ///
    /// # Errors
    /// [`Error::InvalidVideo`] for a rate that is not above 0 and seconds below 0, and for either if it is no number.
    pub fn by_frames(frames_per_second: f64, seconds_per_hash: f64) -> Result<Self, Error> {
        if !frames_per_second.is_finite() || frames_per_second <= 0.0 {
            let detail = format!("a video has more than 0 frames a second, not {frames_per_second}");
            return Err(Error::InvalidVideo { detail });
        }
        check_seconds(seconds_per_hash)?;
        // `as` truncates, and takes what is too large as the largest: then the first frame alone is hashed.
        let step = ((seconds_per_hash * frames_per_second) as u64).max(1);
        Ok(Self::new(Sampling::ByFrames { step, frames_per_second }))
    }

    /// For players that seek, and videos of a varying rate: the first frame that is shown at or behind each multiple of
    /// `seconds_per_hash`, with its own time; every frame where that is 0.
    ///
    /// # Errors
    /// [`Error::InvalidVideo`] for seconds that are no number from 0.
    pub fn by_seconds(seconds_per_hash: f64) -> Result<Self, Error> {
        check_seconds(seconds_per_hash)?;
        Ok(Self::new(Sampling::BySeconds { every: seconds_per_hash, next: 0.0 }))
    }

    fn new(sampling: Sampling) -> Self {
        Self { sampling, limits: Limits::default(), prune: None, frames: Vec::new() }
    }

    /// What a frame may ask for: its sides, its pixels, and its memory in RGB.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Leaves out frames that are at most so many bits from the last one that was kept; by default none is.
    #[must_use]
    pub fn prune(mut self, distance: Option<u32>) -> Self {
        self.prune = distance;
        self
    }

    /// Whether frame `index`, from 0, shown `seconds` from the video's start, is to be pushed.
    #[must_use]
    pub fn wants(&self, index: u64, seconds: f64) -> bool {
        match self.sampling {
            Sampling::ByFrames { step, .. } => index.is_multiple_of(step),
            Sampling::BySeconds { every, next } => multiple(seconds, every) >= next,
        }
    }

    /// Hashes a frame; one that is not wanted is passed over.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`]; [`Error::InvalidVideo`] for a time that is no number from 0.
    pub fn update(&mut self, index: u64, seconds: f64, frame: &VideoFrame<'_>) -> Result<(), Error> {
        check_seconds(seconds)?;
        if !self.wants(index, seconds) {
            return Ok(());
        }
        let PerceptualHash { values, quality, .. } = pdq(frame, &self.limits)?;
        let (Some(hash), Some(quality)) = (values.into_iter().next(), quality) else {
            return Err(Error::Internal);
        };
        let seconds = match &mut self.sampling {
            Sampling::ByFrames { frames_per_second, .. } => index as f64 / *frames_per_second,
            Sampling::BySeconds { every, next } => {
                *next = if *every == 0.0 { 0.0 } else { multiple(seconds, *every) + 1.0 };
                seconds
            }
        };
        self.frames.push(VpdqFrame { frame: index, feature: VpdqFeature::new(hash, quality, seconds)? });
        Ok(())
    }

    /// The frames that were hashed, in the order of their numbers.
    #[must_use]
    pub fn finalize(self) -> Vec<VpdqFrame> {
        let Self { mut frames, prune, .. } = self;
        frames.sort_by_key(|it| it.frame);
        let Some(distance) = prune else { return frames };
        let mut kept: Vec<VpdqFrame> = Vec::new();
        for frame in frames {
            let hash = frame.feature.hash();
            let is_near =
                |last: &VpdqFrame| last.feature.hash().distance(hash).is_ok_and(|it| it <= distance);
            if !kept.last().is_some_and(is_near) {
                kept.push(frame);
            }
        }
        kept
    }
}

/// Which multiple of `every` a time is at or behind. A millionth of it is forgiven: a tenth is no binary fraction.
fn multiple(seconds: f64, every: f64) -> f64 {
    if every == 0.0 { 0.0 } else { (seconds / every + 1e-6).floor() }
}

fn check_seconds(seconds: f64) -> Result<(), Error> {
    if seconds.is_finite() && seconds >= 0.0 {
        return Ok(());
    }
    Err(Error::InvalidVideo { detail: format!("seconds are a number from 0, not {seconds}") })
}

/// Returns the PDQ hash of a frame at full size, as it is stored.
fn pdq(frame: &VideoFrame<'_>, limits: &Limits) -> Result<PerceptualHash, Error> {
    let size = frame.size();
    limits.check_image(size, size.pixels().saturating_mul(3))?;
    let mut hasher = ImageHasher::new(&[HashAlgorithm::PDQ], None, false, size);
    let _ = frame.rows(&mut |rows| hasher.update(rows));
    hasher.finalize().hashes.pop().ok_or(Error::Internal)
}

/// The distance up to which two frames are taken for the same.
pub(super) fn frame_threshold() -> u32 {
    HashAlgorithm::PDQ.threshold()
}
