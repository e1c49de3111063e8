//! Compares the filter with a readable reference, under every instruction set.

use ownprint_pixels::tile::levels;

use super::*;

/// Returns RGB noise with one channel in full range and two channels with only two levels, which
/// produce equal values.
fn pixels(width: usize, height: usize) -> Vec<u8> {
    let mut state = (width * 31 + height) as u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..width * height * 3).map(|at| if at % 3 == 0 { next() } else { next() & 0x80 }).collect()
}

/// Applies a box filter to one line, like `box1DFloat` of the reference.
fn box_filter(line: &[f32], window: usize) -> Vec<f32> {
    let reach = window.midpoint(2) - 1;
    let (mut sum, mut count) = (0.0, 0.0);
    let mut out = Vec::with_capacity(line.len());
    for next in 0..line.len() + reach {
        if next < line.len() {
            sum += line[next];
            count += 1.0;
        }
        if next >= window {
            sum -= line[next - window];
            count -= 1.0;
        }
        if next >= reach {
            out.push(sum / count);
        }
    }
    out
}

/// Computes the filter and the samples on complete planes, after facebook/ThreatExchange `pdq/cpp`.
fn reference_samples(rgb: &[u8], width: usize, height: usize) -> Samples {
    let mut plane: Vec<f32> =
        rgb.as_chunks().0.iter().map(|pixel| luma::of_pixel(*pixel)).collect();
    let window = |length: usize| length.div_ceil(2 * SIDE);
    for _ in 0..2 {
        for row in plane.chunks_exact_mut(width) {
            let filtered = box_filter(row, window(width));
            row.copy_from_slice(&filtered);
        }
        for x in 0..width {
            let column: Vec<f32> = plane.iter().skip(x).step_by(width).copied().collect();
            for (y, value) in box_filter(&column, window(height)).into_iter().enumerate() {
                plane[y * width + x] = value;
            }
        }
    }
    let at = |index: usize, length: usize| ((index as f64 + 0.5) * length as f64 / 64.0) as usize;
    std::array::from_fn(|i| std::array::from_fn(|j| plane[at(i, height) * width + at(j, width)]))
}

#[test]
fn every_instruction_set_gives_the_reference_samples() {
    for (width, height) in [
        (5, 5),
        (63, 64),
        (64, 64),
        (65, 129),
        (127, 300),
        (128, 16),
        (129, 17),
        (257, 40),
        (640, 480),
        (2049, 70),
        (70, 2049),
        (4100, 33),
    ] {
        let rgb = pixels(width, height);
        let expected = reference_samples(&rgb, width, height);
        for level in levels() {
            let mut filter = JaroszFilter::new(width, height, level);
            let rows: Vec<&[u8]> = rgb.chunks_exact(width * 3).collect();
            rows.chunks(BLOCK_ROWS).for_each(|rows| filter.push(rows));
            let samples = filter.finish();
            let bits = |samples: &Samples| samples.map(|row| row.map(f32::to_bits));
            assert!(bits(&samples) == bits(&expected), "{width}x{height} differs under {level:?}");
        }
    }
}

#[test]
fn a_twelve_megapixel_image_needs_less_than_1_5_mib() {
    let filter = JaroszFilter::new(4000, 3000, Level::new());
    let eights = filter.luma.len()
        + filter.smooth.len()
        + filter.column_sums.len()
        + filter.column_history.len();
    let bytes = eights * size_of::<Eight>()
        + filter.due.len() * size_of::<[Eight; SIDE]>()
        + filter.sample_history.len() * size_of::<[Eight; SAMPLE_TILES]>()
        + (filter.across.divisors.len() + filter.down.divisors.len()) * size_of::<f32>()
        + size_of::<Samples>()
        + size_of::<JaroszFilter>();
    assert!(bytes < 3 << 19, "{bytes} bytes");
}
