//! vPDQ: selects the frames of a video and hashes them.

use ownprint_pixels::Limits;
use ownprint_pixels::VideoFrame;

use super::feature::{VpdqFeature, VpdqFrame};
use crate::algorithm::HashAlgorithm;
use crate::error::Error;
use crate::image_hasher::ImageHasher;
use crate::perceptual_hash::PerceptualHash;

/// The rule that selects frames.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sampling {
    /// Every `step` frames; the time of a frame is its number divided by the frame rate.
    ByFrames { step: u64, frames_per_second: f64 },
    /// The first frame at or after each multiple of `every` seconds; `next` is the next multiple
    /// that is due.
    BySeconds { every: f64, next: f64 },
}

/// Computes the PDQ hashes of a video's frames, as vPDQ does.
///
/// Call [`wants`](Self::wants) for each frame, and [`update`](Self::update) if it returns `true`.
/// With [`by_seconds`](Self::by_seconds) frames must be in display order, with
/// [`by_frames`](Self::by_frames) any order is accepted.
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
    /// Creates a hasher with the rule of the reference: every frame whose number is a multiple of
    /// `trunc(seconds_per_hash * frames_per_second)`, or every frame if that is 0. The time of a
    /// frame is its number divided by `frames_per_second`, the average rate.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidVideo`] if the rate is not above 0, the seconds are negative, or either is
    /// not finite.
    pub fn by_frames(frames_per_second: f64, seconds_per_hash: f64) -> Result<Self, Error> {
        if !frames_per_second.is_finite() || frames_per_second <= 0.0 {
            let detail = format!("expected a frame rate above 0, found {frames_per_second}");
            return Err(Error::InvalidVideo { detail });
        }
        check_seconds(seconds_per_hash)?;
        // `as` truncates and saturates: if the product is too large, only the first frame is
        // hashed.
        let step = ((seconds_per_hash * frames_per_second) as u64).max(1);
        Ok(Self::new(Sampling::ByFrames { step, frames_per_second }))
    }

    /// Creates a hasher for seeking players and for videos with a variable frame rate: the first
    /// frame at or after each multiple of `seconds_per_hash`, with its own time; every frame if
    /// that is 0.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidVideo`] if the seconds are negative or not finite.
    pub fn by_seconds(seconds_per_hash: f64) -> Result<Self, Error> {
        check_seconds(seconds_per_hash)?;
        Ok(Self::new(Sampling::BySeconds { every: seconds_per_hash, next: 0.0 }))
    }

    fn new(sampling: Sampling) -> Self {
        Self { sampling, limits: Limits::default(), prune: None, frames: Vec::new() }
    }

    /// Sets the limits of a frame: width, height, pixels, and bytes as RGB.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Drops frames whose distance from the last retained frame is `distance` bits or less. By
    /// default no frame is dropped.
    #[must_use]
    pub fn prune(mut self, distance: Option<u32>) -> Self {
        self.prune = distance;
        self
    }

    /// Returns `true` if frame `index` (from 0) at `seconds` from the start of the video is to be
    /// hashed.
    #[must_use]
    pub fn wants(&self, index: u64, seconds: f64) -> bool {
        match self.sampling {
            Sampling::ByFrames { step, .. } => index.is_multiple_of(step),
            Sampling::BySeconds { every, next } => multiple(seconds, every) >= next,
        }
    }

    /// Hashes a frame; frames for which [`wants`](Self::wants) returns `false` are ignored.
    ///
    /// # Errors
    ///
    /// [`Error::Pixels`] if a limit is exceeded, [`Error::InvalidVideo`] if the time is negative or
    /// not finite.
    pub fn update(
        &mut self,
        index: u64,
        seconds: f64,
        frame: &VideoFrame<'_>,
    ) -> Result<(), Error> {
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
        self.frames
            .push(VpdqFrame { frame: index, feature: VpdqFeature::new(hash, quality, seconds)? });
        Ok(())
    }

    /// Returns the hashed frames, in the order of their numbers.
    #[must_use]
    pub fn finalize(self) -> Vec<VpdqFrame> {
        let Self { mut frames, prune, .. } = self;
        frames.sort_by_key(|it| it.frame);
        let Some(distance) = prune else { return frames };
        let mut retained: Vec<VpdqFrame> = Vec::new();
        for frame in frames {
            let hash = frame.feature.hash();
            let is_near = |last: &VpdqFrame| {
                last.feature.hash().distance(hash).is_ok_and(|it| it <= distance)
            };
            if !retained.last().is_some_and(is_near) {
                retained.push(frame);
            }
        }
        retained
    }
}

/// Returns the number of the multiple of `every` that a time is at or after. The tolerance is a
/// millionth, because decimal fractions have no exact binary value.
fn multiple(seconds: f64, every: f64) -> f64 {
    if every == 0.0 { 0.0 } else { (seconds / every + 1e-6).floor() }
}

fn check_seconds(seconds: f64) -> Result<(), Error> {
    if seconds.is_finite() && seconds >= 0.0 {
        return Ok(());
    }
    Err(Error::InvalidVideo { detail: format!("expected seconds from 0, found {seconds}") })
}

/// Returns the PDQ hash of a frame at full size, as stored.
fn pdq(frame: &VideoFrame<'_>, limits: &Limits) -> Result<PerceptualHash, Error> {
    let size = frame.size();
    limits.check_image(size, size.pixels().saturating_mul(3))?;
    let mut hasher = ImageHasher::new(&[HashAlgorithm::PDQ], None, false, size);
    let _ = frame.rows(&mut |rows| hasher.update(rows));
    hasher.finalize().hashes.pop().ok_or(Error::Internal)
}

/// Returns the maximum distance at which two frames match.
pub(super) fn frame_threshold() -> u32 {
    HashAlgorithm::PDQ.threshold()
}
