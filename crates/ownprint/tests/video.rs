//! vPDQ: which frames are hashed, equal hashes for every pixel layout, and the comparison of
//! videos.

#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a test must stop at the first failure; times are exact"
)]

use ownprint::hash::{VpdqComparison, VpdqFeature, VpdqFrame, VpdqHasher, VpdqThresholds};
use ownprint::pixels::{ColourMatrix, ColourRange, Plane, VideoFrame, YuvPlanes};
use ownprint::{BitHash, Limits, PixelFormat, Pixels, Quality, pixels};
use ownprint_oracle::pdq;

/// Planes of luma, Cb and Cr with structure, and `padding` bytes after each row.
struct Planes {
    width: usize,
    height: usize,
    padding: usize,
    luma: Vec<u8>,
    blue: Vec<u8>,
    red: Vec<u8>,
    interleaved: Vec<u8>,
}

impl Planes {
    fn paint(width: usize, height: usize, padding: usize) -> Self {
        let plane = |columns: usize, rows: usize, sample: &dyn Fn(usize, usize) -> u8| {
            let row = |y: usize| {
                (0..columns + padding).map(move |x| if x < columns { sample(x, y) } else { 0xee })
            };
            (0..rows).flat_map(row).collect::<Vec<_>>()
        };
        let (columns, rows) = (width.div_ceil(2), height.div_ceil(2));
        let blue = |x: usize, y: usize| (x * 5 + y * 3 + x * y / 9) as u8;
        let red = |x: usize, y: usize| (1000 + y * 7 - x * 2) as u8;
        Self {
            width,
            height,
            padding,
            luma: plane(width, height, &|x, y| (x * 3 + y * 2 + (x / 9) * (y / 7) * 40) as u8),
            blue: plane(columns, rows, &blue),
            red: plane(columns, rows, &red),
            interleaved: plane(2 * columns, rows, &|x, y| {
                if x % 2 == 0 { blue(x / 2, y) } else { red(x / 2, y) }
            }),
        }
    }

    fn i420(&self) -> YuvPlanes<'_> {
        let plane = |data, columns: usize| Plane { data, stride: columns + self.padding };
        let half = self.width.div_ceil(2);
        let (width, height) = (self.width as u32, self.height as u32);
        let (luma, blue, red) =
            (plane(&self.luma, self.width), plane(&self.blue, half), plane(&self.red, half));
        YuvPlanes::i420(width, height, luma, blue, red).unwrap()
    }

    fn nv12(&self) -> YuvPlanes<'_> {
        let plane = |data, columns: usize| Plane { data, stride: columns + self.padding };
        let (luma, chroma) =
            (plane(&self.luma, self.width), plane(&self.interleaved, 2 * self.width.div_ceil(2)));
        YuvPlanes::nv12(self.width as u32, self.height as u32, luma, chroma).unwrap()
    }

    /// Returns the pixels as RGB, computed with the formulas of the standards in floating point.
    fn rgb(&self, [kr, kb]: [f64; 2], is_full: bool) -> Vec<u8> {
        let (black, luma_scale, chroma_scale) =
            if is_full { (0.0, 1.0, 1.0) } else { (16.0, 255.0 / 219.0, 255.0 / 224.0) };
        let half = self.width.div_ceil(2) + self.padding;
        let pixel = |x: usize, y: usize| {
            let at = y / 2 * half + x / 2;
            let luma =
                (f64::from(self.luma[y * (self.width + self.padding) + x]) - black) * luma_scale;
            let blue = (f64::from(self.blue[at]) - 128.0) * chroma_scale;
            let red = (f64::from(self.red[at]) - 128.0) * chroma_scale;
            let (r, b) = (luma + 2.0 * (1.0 - kr) * red, luma + 2.0 * (1.0 - kb) * blue);
            let green = (luma - kr * r - kb * b) / (1.0 - kr - kb);
            [r, green, b].map(|colour| colour.round().clamp(0.0, 255.0) as u8)
        };
        (0..self.height).flat_map(|y| (0..self.width).flat_map(move |x| pixel(x, y))).collect()
    }
}

fn frame_of(frame: VideoFrame<'_>) -> VpdqFrame {
    let mut hasher = VpdqHasher::by_frames(30.0, 1.0).unwrap();
    hasher.update(0, 0.0, &frame).unwrap();
    hasher.finalize().remove(0)
}

#[test]
fn every_plane_layout_gives_the_hash_of_the_rgb_pixels() {
    let matrices = [(ColourMatrix::Bt601, [0.299, 0.114]), (ColourMatrix::Bt709, [0.2126, 0.0722])];
    for (width, height, padding) in
        [(64, 64, 0), (96, 80, 0), (97, 65, 13), (5, 7, 1), (1, 1, 0), (640, 360, 64)]
    {
        let planes = Planes::paint(width, height, padding);
        for (matrix, weights) in matrices {
            for range in ColourRange::ALL {
                let i420 = frame_of(planes.i420().colours(matrix, range).into());
                let nv12 = frame_of(planes.nv12().colours(matrix, range).into());
                assert_eq!(i420, nv12);
                let rgb = planes.rgb(weights, range == ColourRange::Full);
                let pixels =
                    Pixels::new(&rgb, width as u32, height as u32, PixelFormat::Rgb8).unwrap();
                let expected = frame_of(pixels.into());
                // Integer arithmetic may round values close to one half differently.
                let distance = i420.feature.hash().distance(expected.feature.hash()).unwrap();
                assert!(distance <= 4, "{width}x{height} {matrix:?} {range:?}: {distance}");
                let [mut one, other] =
                    [i420, expected].map(|it| i16::from(it.feature.quality.value()));
                one -= other;
                assert!(one.abs() <= 1);
            }
        }
        // The default matrix and range.
        let expected = planes.i420().colours(ColourMatrix::Bt601, ColourRange::Limited);
        assert_eq!(frame_of(planes.i420().into()), frame_of(expected.into()));
    }
}

#[test]
fn a_64x64_frame_is_not_filtered_and_other_sizes_equal_the_oracle() {
    for side in [64_usize, 65, 128] {
        let rgb: Vec<u8> = (0..side * side * 3).map(|at| (at * at / 11 + at / 7) as u8).collect();
        let pixels = Pixels::new(&rgb, side as u32, side as u32, PixelFormat::Rgb8).unwrap();
        let frame = frame_of(pixels.into());
        let (hash, quality) = pdq::hash(&rgb, side, side);
        assert_eq!(
            (frame.feature.hash().to_hex(), i64::from(frame.feature.quality.value())),
            (hash, i64::from(quality))
        );
    }
}

#[test]
fn frames_are_selected_by_the_rule_of_the_reference() {
    for (rate, seconds, step) in [
        (30.0, 1.0, 30),
        (30_000.0 / 1001.0, 1.0, 29),
        (25.0, 0.5, 12),
        (25.0, 0.0, 1),
        (0.5, 1.0, 1),
        (24.0, 0.01, 1),
        (12.0, 1e300, u64::MAX),
    ] {
        let hasher = VpdqHasher::by_frames(rate, seconds).unwrap();
        let wanted: Vec<_> = (0..200).filter(|&index| hasher.wants(index, 0.0)).collect();
        let expected: Vec<_> = (0..200).filter(|index| index % step == 0).collect();
        assert_eq!(wanted, expected, "{rate} {seconds}");
    }
}

#[test]
fn the_first_frame_at_or_after_each_interval_is_selected() {
    let grey = [0; 64 * 64];
    let frame = Pixels::new(&grey, 64, 64, PixelFormat::L8).unwrap().into();
    let taken = |every: f64, times: &[f64]| {
        let mut hasher = VpdqHasher::by_seconds(every).unwrap();
        for (index, &time) in (0..).zip(times) {
            hasher.update(index, time, &frame).unwrap();
        }
        hasher.finalize().iter().map(|it| (it.frame, it.feature.seconds())).collect::<Vec<_>>()
    };
    let times = [0.0, 0.4, 0.9, 1.1, 1.9, 2.0, 2.5, 5.2, 5.9, 6.0];
    assert_eq!(taken(1.0, &times), [(0, 0.0), (3, 1.1), (5, 2.0), (7, 5.2), (9, 6.0)]);
    assert_eq!(taken(0.0, &times).len(), times.len());
    // A tenth has no exact binary fraction, but each multiple is still selected once.
    let tenths: Vec<_> = (0..1000).map(|index| f64::from(index) / 10.0).collect();
    assert_eq!(taken(0.1, &tenths).len(), tenths.len());
    assert_eq!(taken(0.2, &tenths).len(), tenths.len() / 2);
}

#[test]
fn similar_consecutive_frames_are_skipped_on_request() {
    let image =
        |seed: usize| (0..80 * 80).map(|at| (at * at / 13 + at * seed) as u8).collect::<Vec<u8>>();
    let images = [image(0), image(0), image(5), image(5), image(0)];
    let frames = |prune| {
        let mut hasher = VpdqHasher::by_frames(1.0, 1.0).unwrap().prune(prune);
        // In any order, because decoding order differs from display order.
        for index in [4, 0, 3, 1, 2] {
            let pixels = Pixels::new(&images[index], 80, 80, PixelFormat::L8).unwrap();
            hasher.update(index as u64, 0.0, &pixels.into()).unwrap();
        }
        hasher.finalize().iter().map(|it| it.frame).collect::<Vec<_>>()
    };
    assert_eq!(frames(None), [0, 1, 2, 3, 4]);
    assert_eq!(frames(Some(0)), [0, 2, 4]);
    assert_eq!(frames(Some(256)), [0]);
}

#[test]
fn invalid_frames_and_options_are_rejected() {
    let bytes = [0; 24];
    let plane = |length: usize, stride| Plane { data: &bytes[..length], stride };
    assert!(YuvPlanes::i420(4, 4, plane(16, 4), plane(4, 2), plane(4, 2)).is_ok());
    for (luma, blue, red) in [
        (plane(15, 4), plane(4, 2), plane(4, 2)),
        (plane(16, 3), plane(4, 2), plane(4, 2)),
        (plane(16, 4), plane(3, 2), plane(4, 2)),
        (plane(16, 4), plane(4, 2), plane(4, 1)),
        (plane(16, usize::MAX), plane(4, 2), plane(4, 2)),
    ] {
        assert!(matches!(
            YuvPlanes::i420(4, 4, luma, blue, red),
            Err(pixels::Error::InvalidPixels { .. })
        ));
    }
    assert!(YuvPlanes::nv12(4, 4, plane(16, 4), plane(7, 4)).is_err());
    assert!(YuvPlanes::nv12(0, 4, plane(16, 4), plane(8, 4)).is_err());
    assert!(YuvPlanes::nv12(u32::MAX, u32::MAX, plane(16, 4), plane(8, 4)).is_err());

    for number in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(VpdqHasher::by_frames(number, 1.0).unwrap_err().code(), "invalid-video");
    }
    for number in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(
            VpdqHasher::by_frames(1.0, number).is_err() && VpdqHasher::by_seconds(number).is_err()
        );
    }
    let planes = Planes::paint(96, 80, 0);
    let mut hasher =
        VpdqHasher::by_frames(1.0, 1.0).unwrap().limits(Limits { width: 95, ..Limits::default() });
    let error = hasher.update(0, 0.0, &planes.i420().into()).unwrap_err();
    assert_eq!(error.code(), "limit-exceeded");
    assert!(hasher.update(0, f64::NAN, &planes.i420().into()).is_err());
    assert!(hasher.finalize().is_empty());
}

fn feature(bits: u32, quality: u8) -> VpdqFeature {
    let mut bytes = [0; 32];
    for bit in 0..bits as usize {
        bytes[bit / 8] |= 1 << (bit % 8);
    }
    VpdqFeature::new(BitHash::from_bytes(&bytes), Quality::new(quality), 0.0).unwrap()
}

/// Compares with the results of `match_VPDQ_hash_brute` of python-threatexchange 1.2.17 for the
/// same features.
#[test]
fn video_comparison_equals_python_threatexchange() {
    let video =
        [feature(0, 100), feature(60, 90), feature(120, 50), feature(120, 50), feature(200, 49)];
    let cut = [feature(31, 100), feature(88, 80)];
    let defaults = VpdqThresholds::default();
    let found = VpdqComparison::new(&cut, &video, &defaults);
    // 31 is within the distance of 0 and 60, 88 is within that of 60, and 120 is one bit too far.
    assert_eq!(
        (found.query, found.query_found, found.compared, found.compared_found),
        (2, 2, 3, 2)
    );
    assert!(found.is_match() && found.query_percent() == 100.0);
    let back = VpdqComparison::new(&video, &cut, &defaults);
    assert!(!back.is_match() && (back.query_percent() - 200.0 / 3.0).abs() < 1e-9);
    let swapped = VpdqThresholds { query_percent: 0.0, compared_percent: 80.0, ..defaults };
    assert!(VpdqComparison::new(&video, &cut, &swapped).is_match());
    let strict = VpdqThresholds { distance: 30, ..defaults };
    assert_eq!(VpdqComparison::new(&cut[..1], &video, &strict).query_found, 1);
    assert_eq!(VpdqComparison::new(&cut[..1], &video[..1], &strict).query_found, 0);
    for nothing in [&[][..], &video[4..]] {
        assert!(!VpdqComparison::new(nothing, &video, &defaults).is_match());
        assert!(
            !VpdqComparison::new(
                &video,
                nothing,
                &VpdqThresholds { query_percent: 0.0, ..defaults }
            )
            .is_match()
        );
    }
}
