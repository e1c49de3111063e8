//! Computes vPDQ of video files and of frames that a player decoded, and compares videos.

use ownprint::decode::{VideoReader, VideoStep};
use ownprint::hash::{VpdqComparison, VpdqOptions};
use ownprint::pixels::{ColourMatrix, ColourRange, Plane, VideoFrame, YuvPlanes};
use ownprint::{Error, Fingerprinter, ReadStep, Selection};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::frames::{features, thresholds};
use crate::{Limits, described, error_json, errors_as_json};

/// Fingerprints a video file that arrives in chunks; see `ownprint::FingerprintStream`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct VideoStream(ownprint::FingerprintStream);

#[wasm_bindgen]
impl VideoStream {
    /// `names` are hashes and digests separated by commas. The default is `vpdq` and the core's
    /// default digests. Other omitted options keep the defaults of the core.
    ///
    /// # Errors
    /// `unknown-algorithm`.
    #[wasm_bindgen(constructor)]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "JavaScript passes ownership, and has nothing to free"
    )]
    pub fn new(
        names: Option<String>,
        seconds_per_hash: Option<f64>,
        prune: Option<u32>,
        limits: Limits,
        accept_damaged: bool,
        is_seekable: bool,
    ) -> Result<Self, String> {
        let builder = Fingerprinter::builder();
        let selection: Selection = match names {
            Some(names) => errors_as_json(|| Ok(names.parse()?))?,
            None => {
                let mut selection = Fingerprinter::default().selection().clone();
                selection.hashes.clear();
                selection.vpdq = true;
                selection
            }
        };
        let mut options = VpdqOptions::default();
        options.seconds_per_hash = seconds_per_hash.unwrap_or(options.seconds_per_hash);
        options.prune = prune;
        let builder = builder.selection(selection).vpdq_options(options);
        let fingerprinter = builder.limits(limits.0).accept_damaged(accept_damaged).build();
        Ok(Self(if is_seekable { fingerprinter.seekable_stream() } else { fingerprinter.stream() }))
    }

    /// Starts to read the frames of a file of `length` bytes, if the stream is seekable.
    #[must_use]
    #[wasm_bindgen(js_name = readAgain)]
    pub fn read_again(self, length: f64) -> SecondReading {
        let reading = self.0.read_again(length as u64);
        SecondReading { reading, fingerprint: None }
    }

    /// Adds the next bytes. Returns `false` if further bytes cannot change the result.
    pub fn update(&mut self, bytes: &[u8]) -> bool {
        self.0.update(bytes);
        self.0.wants_more()
    }

    /// Returns the name of the video codec that this module does not have, after the last byte.
    #[wasm_bindgen(js_name = missingCodec)]
    pub fn missing_codec(&mut self) -> Option<String> {
        self.0.missing_video_codec().map(str::to_owned)
    }

    /// Returns the bytes of the file, for another module.
    #[must_use]
    #[wasm_bindgen(js_name = intoBytes)]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    /// Returns the fingerprint of the bytes that were added.
    ///
    /// # Errors
    /// Those of `ownprint::Fingerprinter::bytes`.
    pub fn finalize(self) -> Result<String, String> {
        errors_as_json(|| Ok(self.0.finalize()?.into_record().to_json()))
    }
}

/// Reads the frames of a video in pieces; see `ownprint::SecondReading`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SecondReading {
    reading: ownprint::SecondReading<'static>,
    fingerprint: Option<String>,
}

#[wasm_bindgen]
impl SecondReading {
    /// Takes the bytes of the last request, and returns the next one: start and end, then the
    /// frames that are done and all frames. Empty once the fingerprint is complete.
    ///
    /// # Errors
    /// Those of `ownprint::SecondReading::resume`.
    pub fn resume(&mut self, answer: Vec<u8>) -> Result<Vec<f64>, String> {
        errors_as_json(|| {
            Ok(match self.reading.resume(answer)? {
                ReadStep::Read(range) => vec![range.start as f64, range.end as f64],
                ReadStep::Pause(progress) => {
                    vec![0.0, 0.0, progress.frames as f64, progress.total_frames as f64]
                }
                ReadStep::Done(fingerprint) => {
                    self.fingerprint = Some(fingerprint.into_record().to_json());
                    Vec::new()
                }
            })
        })
    }

    /// Returns the fingerprint.
    #[must_use]
    pub fn finalize(self) -> Option<String> {
        self.fingerprint
    }
}

/// Finds the codec of a file that is read in pieces; see `ownprint::decode::VideoReader`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct CodecReading {
    reading: VideoReader<'static, Option<&'static str>>,
    codec: Option<&'static str>,
}

#[wasm_bindgen]
impl CodecReading {
    /// Starts to read the tables of a file of `length` bytes.
    #[must_use]
    #[wasm_bindgen(constructor)]
    pub fn new(length: f64) -> Self {
        Self { reading: VideoReader::missing_codec(length as u64), codec: None }
    }

    /// Takes the bytes of the last request, and returns the next one: start and end. Empty once the
    /// codec is known, or if the tables cannot be read.
    pub fn resume(&mut self, answer: Vec<u8>) -> Vec<f64> {
        match self.reading.resume(answer) {
            VideoStep::Read(range) => vec![range.start as f64, range.end as f64],
            VideoStep::Pause => vec![0.0, 0.0],
            VideoStep::Done(codec) => {
                self.codec = codec.ok().flatten();
                Vec::new()
            }
        }
    }

    /// Returns the name of the codec, if this module does not have it.
    #[must_use]
    pub fn finalize(self) -> Option<String> {
        self.codec.map(str::to_owned)
    }
}

/// Hashes frames from another decoder; see `ownprint::hash::VpdqHasher`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct FrameHasher(ownprint::hash::VpdqHasher);

#[wasm_bindgen]
impl FrameHasher {
    /// Selects frames by their number if the frame rate is given, otherwise by their time. Other
    /// omitted options keep the defaults of the core.
    ///
    /// # Errors
    /// `invalid-video`.
    #[wasm_bindgen(constructor)]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "JavaScript passes ownership, and has nothing to free"
    )]
    pub fn new(
        frames_per_second: Option<f64>,
        seconds_per_hash: Option<f64>,
        prune: Option<u32>,
        limits: Limits,
    ) -> Result<Self, String> {
        let every = seconds_per_hash.unwrap_or(VpdqOptions::default().seconds_per_hash);
        let hasher = errors_as_json(|| {
            Ok(match frames_per_second {
                Some(rate) => ownprint::hash::VpdqHasher::by_frames(rate, every)?,
                None => ownprint::hash::VpdqHasher::by_seconds(every)?,
            })
        })?;
        Ok(Self(hasher.limits(limits.0).prune(prune)))
    }

    /// Returns `true` if the frame will be hashed.
    #[must_use]
    pub fn wants(&self, index: f64, seconds: f64) -> bool {
        self.0.wants(index as u64, seconds)
    }

    /// Hashes a frame of pixels. `format` is a name.
    ///
    /// # Errors
    /// `invalid-pixels`, `limit-exceeded`, `invalid-video`.
    #[wasm_bindgen(js_name = updatePixels)]
    #[allow(clippy::too_many_arguments, reason = "an object would have to be built for each frame")]
    pub fn update_pixels(
        &mut self,
        index: f64,
        seconds: f64,
        data: &[u8],
        width: u32,
        height: u32,
        format: &str,
        stride: usize,
    ) -> Result<(), String> {
        errors_as_json(|| {
            self.update(index, seconds, &described(data, width, height, format, stride)?.into())
        })
    }

    /// Hashes a frame of planes in `data`, each with its offset and stride. Three planes are I420,
    /// two are NV12. Matrix and range are names; if they are omitted, the defaults of the core
    /// apply.
    ///
    /// # Errors
    /// `invalid-pixels`, `limit-exceeded`, `invalid-video`.
    #[wasm_bindgen(js_name = updatePlanes)]
    #[allow(clippy::too_many_arguments, reason = "an object would have to be built for each frame")]
    pub fn update_planes(
        &mut self,
        index: f64,
        seconds: f64,
        data: &[u8],
        width: u32,
        height: u32,
        starts: &[u32],
        strides: &[u32],
        matrix: Option<String>,
        range: Option<String>,
    ) -> Result<(), String> {
        errors_as_json(|| {
            let planes: Vec<Plane<'_>> = starts
                .iter()
                .zip(strides)
                .map(|(&start, &stride)| Plane {
                    data: data.get(start as usize..).unwrap_or_default(),
                    stride: stride as usize,
                })
                .collect();
            let yuv = match *planes.as_slice() {
                [luma, blue, red] => YuvPlanes::i420(width, height, luma, blue, red)?,
                [luma, chroma] => YuvPlanes::nv12(width, height, luma, chroma)?,
                _ => {
                    return Err(invalid(format!(
                        "a frame has two planes or three, not {}",
                        planes.len()
                    )));
                }
            };
            let matrix = named(&ColourMatrix::ALL, ColourMatrix::name, matrix, "matrix")?;
            let range = named(&ColourRange::ALL, ColourRange::name, range, "range")?;
            self.update(index, seconds, &yuv.colours(matrix, range).into())
        })
    }

    /// Returns the hashed frames as the JSON of the record's member `vpdq`.
    #[must_use]
    pub fn finalize(self) -> String {
        ownprint::exchange::vpdq::frames_to_json(&self.0.finalize())
    }

    fn update(&mut self, index: f64, seconds: f64, frame: &VideoFrame<'_>) -> Result<(), Error> {
        Ok(self.0.update(index as u64, seconds, frame)?)
    }
}

/// Returns the value with this name in `all`, or the default without a name.
fn named<T: Copy + Default>(
    all: &[T],
    name_of: impl Fn(T) -> &'static str,
    name: Option<String>,
    what: &str,
) -> Result<T, Error> {
    let Some(name) = name else { return Ok(T::default()) };
    let found = all.iter().copied().find(|it| name_of(*it) == name);
    found.ok_or_else(|| invalid(format!("there is no {what} {name:?}")))
}

fn invalid(detail: String) -> Error {
    ownprint::pixels::Error::InvalidPixels { detail }.into()
}

/// Compares two videos; see `ownprint::hash::VpdqComparison`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct VideoComparison(VpdqComparison);

#[wasm_bindgen]
impl VideoComparison {
    /// Takes hashes in hexadecimal digits, separated by blanks, and the same number of qualities.
    /// Omitted thresholds keep the defaults of the core.
    ///
    /// # Errors
    /// `invalid-hash`.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::too_many_arguments, reason = "an object would have to be built for each call")]
    pub fn new(
        query: &str,
        query_qualities: &[u8],
        compared: &str,
        compared_qualities: &[u8],
        quality: Option<u8>,
        distance: Option<u32>,
        query_percent: Option<f64>,
        compared_percent: Option<f64>,
    ) -> Result<Self, String> {
        errors_as_json(|| {
            let thresholds = thresholds(quality, distance, query_percent, compared_percent);
            let (query, compared) =
                (features(query, query_qualities)?, features(compared, compared_qualities)?);
            Ok(Self(VpdqComparison::new(&query, &compared, &thresholds)))
        })
    }

    /// The numbers of hashes: of the query, of those found, of the compared video, of those found.
    #[must_use]
    pub fn counts(&self) -> Vec<u32> {
        let VpdqComparison { query, query_found, compared, compared_found, .. } = self.0;
        [query, query_found, compared, compared_found].map(|count| count as u32).to_vec()
    }

    /// The percentages of matching frames of the query and of the compared video.
    #[must_use]
    pub fn percents(&self) -> Vec<f64> {
        vec![self.0.query_percent(), self.0.compared_percent()]
    }

    /// Returns `true` if both percentages reach their thresholds.
    #[must_use]
    #[wasm_bindgen(js_name = isMatch)]
    pub fn is_match(&self) -> bool {
        self.0.is_match()
    }
}

/// Returns the core's default for the seconds between two hashed frames.
#[wasm_bindgen(js_name = defaultSecondsPerHash)]
#[must_use]
pub fn default_seconds_per_hash() -> f64 {
    VpdqOptions::default().seconds_per_hash
}

/// Returns the error for an instance that trapped. Native builds catch a panic of the video decoder
/// and return the same error.
#[wasm_bindgen]
#[must_use]
pub fn trapped() -> String {
    error_json(
        &ownprint::decode::Error::DamagedVideo {
            detail: "its frames cannot be decoded".to_owned(),
        }
        .into(),
    )
}
