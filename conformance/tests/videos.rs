//! Compares vPDQ of frames with the committed vectors.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

use ownprint::hash::{VpdqComparison, VpdqFeature, VpdqHasher, VpdqThresholds};
use ownprint::pixels::{ColourMatrix, ColourRange, Plane, VideoFrame, YuvPlanes};
use ownprint::{HashAlgorithm, Pixels, Quality};
use ownprint_conformance::vectors;
use serde_json::Value;

/// Percentages are compared with a tolerance, because languages may divide in another order.
const PERCENT: f64 = 1e-9;

fn videos() -> Value {
    serde_json::from_slice(&fs::read(vectors::folder().join("videos.json")).unwrap()).unwrap()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// Returns the planes of a frame, by the formulas of `conformance/python/video_vectors.py`.
struct Painted {
    format: String,
    width: usize,
    height: usize,
    padding: usize,
    planes: Vec<Vec<u8>>,
}

impl Painted {
    fn of(frame: &Value) -> Self {
        let [width, height, padding] =
            ["width", "height", "padding"].map(|name| number(&frame[name]));
        let format = frame["format"].as_str().unwrap().to_owned();
        let luma = |x: usize, y: usize| (3 * x + 2 * y + (x / 9) * (y / 7) * 40) as u8;
        let blue = |x: usize, y: usize| (5 * x + 3 * y + x * y / 9) as u8;
        let red = |x: usize, y: usize| (2000 + 7 * y - 2 * x) as u8;
        let rows = |bytes: usize, rows: usize, byte: &dyn Fn(usize, usize) -> u8| -> Vec<u8> {
            let row =
                |y| (0..bytes + padding).map(move |x| if x < bytes { byte(x, y) } else { 238 });
            (0..rows).flat_map(row).collect()
        };
        let (columns, lines) = (width.div_ceil(2), height.div_ceil(2));
        let planes = match format.as_str() {
            "i420" => {
                vec![
                    rows(width, height, &luma),
                    rows(columns, lines, &blue),
                    rows(columns, lines, &red),
                ]
            }
            "nv12" => {
                let both = |x: usize, y: usize| {
                    if x.is_multiple_of(2) { blue(x / 2, y) } else { red(x / 2, y) }
                };
                vec![rows(width, height, &luma), rows(2 * columns, lines, &both)]
            }
            "l8" => vec![rows(width, height, &luma)],
            "rgb8" | "rgba8" | "bgra8" => {
                let bytes = if format == "rgb8" { 3 } else { 4 };
                let pixel = |x: usize, y: usize| {
                    let [r, g, b] = [luma(x, y), blue(x, y), red(x, y)];
                    if format == "bgra8" { [b, g, r, 17] } else { [r, g, b, 17] }
                };
                vec![rows(bytes * width, height, &|x, y| pixel(x / bytes, y)[x % bytes])]
            }
            other => panic!("{other}"),
        };
        Self { format, width, height, padding, planes }
    }

    fn frame(&self, matrix: ColourMatrix, range: ColourRange) -> VideoFrame<'_> {
        let (width, height) =
            (u32::try_from(self.width).unwrap(), u32::try_from(self.height).unwrap());
        let plane = |index: usize, bytes: usize| Plane {
            data: &self.planes[index],
            stride: bytes + self.padding,
        };
        let columns = self.width.div_ceil(2);
        let planes = match self.format.as_str() {
            "i420" => {
                let [luma, blue, red] = [(0, self.width), (1, columns), (2, columns)]
                    .map(|(index, bytes)| plane(index, bytes));
                YuvPlanes::i420(width, height, luma, blue, red)
            }
            "nv12" => YuvPlanes::nv12(width, height, plane(0, self.width), plane(1, 2 * columns)),
            name => {
                let stride = self.planes[0].len() / self.height;
                let format = name.parse().unwrap();
                return Pixels::with_stride(&self.planes[0], width, height, format, stride)
                    .unwrap()
                    .into();
            }
        };
        planes.unwrap().colours(matrix, range).into()
    }
}

/// Returns the value with this name, or the default if no name is given.
fn named<T: Copy + Default>(all: &[T], name: fn(T) -> &'static str, value: Option<&Value>) -> T {
    let Some(wanted) = value.and_then(Value::as_str) else { return T::default() };
    all.iter().copied().find(|&it| name(it) == wanted).unwrap()
}

#[test]
fn hashes_of_frames_in_every_layout_equal_the_vectors() {
    let videos = videos();
    let frames = videos["frames"].as_array().unwrap();
    assert!(frames.len() > 80);
    for frame in frames {
        let matrix = named(&ColourMatrix::ALL, ColourMatrix::name, frame.get("matrix"));
        let range = named(&ColourRange::ALL, ColourRange::name, frame.get("range"));
        let mut hasher = VpdqHasher::by_frames(1.0, 1.0).unwrap();
        hasher.update(0, 0.0, &Painted::of(frame).frame(matrix, range)).unwrap();
        let [hashed] = <[_; 1]>::try_from(hasher.finalize()).unwrap();
        assert_eq!(hashed.feature.hash().to_hex(), frame["hex"].as_str().unwrap(), "{frame}");
        assert_eq!(
            u64::from(hashed.feature.quality.value()),
            frame["quality"].as_u64().unwrap(),
            "{frame}"
        );
    }
}

#[test]
fn frames_are_selected_like_in_the_vectors() {
    let videos = videos();
    let rule = |rule: &Value| {
        let every = rule["seconds_per_hash"].as_f64().unwrap();
        if let Some(rate) = rule.get("frames_per_second").and_then(Value::as_f64) {
            let times = (0..number(&rule["frames"])).map(|index| index as f64 / rate).collect();
            (VpdqHasher::by_frames(rate, every).unwrap(), times)
        } else {
            let times: Vec<f64> = rule["times"]
                .as_array()
                .unwrap()
                .iter()
                .map(|time| time.as_f64().unwrap())
                .collect();
            (VpdqHasher::by_seconds(every).unwrap(), times)
        }
    };
    let grey = [128; 24 * 24];
    let frame = Pixels::new(&grey, 24, 24, ownprint::PixelFormat::L8).unwrap().into();
    for value in
        ["by_frames", "by_seconds"].iter().flat_map(|name| videos[name].as_array().unwrap())
    {
        let (mut hasher, times) = rule(value);
        for (index, &seconds) in (0..).zip(&times) {
            if hasher.wants(index, seconds) {
                hasher.update(index, seconds, &frame).unwrap();
            }
        }
        let hashed = hasher.finalize();
        let taken: Vec<u64> = hashed.iter().map(|frame| frame.frame).collect();
        let expected: Vec<u64> = value["taken"]
            .as_array()
            .unwrap()
            .iter()
            .map(|index| index.as_u64().unwrap())
            .collect();
        assert_eq!(taken, expected, "{value}");
        for frame in hashed {
            let seconds = times[usize::try_from(frame.frame).unwrap()];
            assert!((frame.feature.seconds() - seconds).abs() < 1e-6);
        }
    }
}

#[test]
fn video_comparisons_equal_the_vectors() {
    let features = |video: &Value| -> Vec<VpdqFeature> {
        let feature = |it: &Value| {
            let hash = HashAlgorithm::PDQ.parse_hash(it["hex"].as_str().unwrap()).unwrap();
            let quality = Quality::new(u8::try_from(it["quality"].as_u64().unwrap()).unwrap());
            VpdqFeature::new(hash, quality, it["seconds"].as_f64().unwrap()).unwrap()
        };
        video.as_array().unwrap().iter().map(feature).collect()
    };
    let videos = videos();
    for pair in videos["comparisons"].as_array().unwrap() {
        let (query, compared) = (features(&pair["query"]), features(&pair["compared"]));
        let found = VpdqComparison::new(&query, &compared, &VpdqThresholds::default());
        let near =
            |percent: f64, name: &str| (percent - pair[name].as_f64().unwrap()).abs() < PERCENT;
        assert!(near(found.query_percent(), "query_percent"), "{}", found.query_percent());
        assert!(near(found.compared_percent(), "compared_percent"), "{}", found.compared_percent());
        assert_eq!(found.is_match(), pair["is_match"].as_bool().unwrap());
    }
}
