//! Paints a landscape: sky and clouds, a low sun, several hills, sometimes a lake, sometimes
//! balloons, and sensor grain.

use crate::canvas::{Canvas, Rgb};
use crate::noise::{ONE, mix, octaves, pick, scramble, smooth};

/// Sky at the top, sky at the horizon, far hills, near hills.
const LIGHTS: [[Rgb; 4]; 6] = [
    [[58, 105, 178], [214, 226, 232], [132, 156, 178], [38, 62, 34]],
    [[38, 44, 92], [250, 172, 104], [128, 92, 118], [34, 26, 38]],
    [[96, 132, 150], [238, 232, 214], [160, 170, 164], [74, 84, 46]],
    [[24, 30, 62], [120, 110, 160], [58, 62, 104], [12, 16, 28]],
    [[120, 176, 214], [252, 238, 206], [190, 176, 150], [140, 98, 52]],
    [[150, 150, 158], [206, 206, 204], [146, 152, 152], [52, 60, 58]],
];

/// Returns one pixel of the landscape.
#[must_use]
pub fn pixel(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    let shore = canvas.height * (72 + pick(canvas.seed, 1, 12)) / 100;
    let has_lake = pick(canvas.seed, 2, 3) > 0;
    let mut rgb = if has_lake && y > shore {
        // The lake mirrors the scene above the shore, with ripples that grow towards the viewer.
        let depth = y - shore;
        let reach = canvas.width / 200 + depth / 8 + 1;
        let ripple =
            smooth(canvas.seed ^ 0x11, x / 4, y, (reach / 3).max(2)) * reach / ONE - reach / 2;
        let mirrored = scene(canvas, x + ripple, (shore - depth * 2).max(0));
        mix_rgb(mirrored, [22, 44, 58], ONE * 2 / 5)
    } else {
        scene(canvas, x, y)
    };
    if let Some(balloon) = balloon(canvas, x, y) {
        rgb = balloon;
    }
    let grain = i64::from(scramble(canvas.seed ^ 0x6a, x, y) % 9) - 4;
    let shade = vignette(canvas, x, y);
    rgb.map(|channel| channel * shade / ONE + grain)
}

fn scene(canvas: &Canvas, x: i64, y: i64) -> Rgb {
    let [zenith, horizon, far, near] = LIGHTS[pick(canvas.seed, 0, LIGHTS.len() as i64) as usize];
    for layer in (0..4).rev() {
        if let Some(texture) = hill(canvas, layer, x, y) {
            let ground = mix_rgb(far, near, ONE * layer / 3);
            let light = ONE * 3 / 4 + texture * (layer + 1) / 8;
            return ground.map(|channel| channel * light / ONE);
        }
    }
    let sky = mix_rgb(zenith, horizon, (y * ONE * 3 / 2 / canvas.height).min(ONE));
    let cloud = octaves(canvas.seed ^ 0xc1, x, y * 3, (canvas.width / 3).max(2));
    let clouded = mix_rgb(sky, [246, 244, 242], ((cloud - ONE / 2) * 2).clamp(0, ONE * 4 / 5));
    mix_rgb(clouded, [255, 244, 214], glow(canvas, x, y))
}

/// Returns the texture of a hill in `0..=ONE` if the hill covers the pixel. Layer 0 is the
/// farthest.
fn hill(canvas: &Canvas, layer: i64, x: i64, y: i64) -> Option<i64> {
    let seed = canvas.seed.wrapping_add(1000 * (layer as u32 + 1));
    let base = canvas.height * (38 + 13 * layer + pick(seed, 0, 8)) / 100;
    let rise = canvas.height * (30 - 4 * layer) / 100;
    let ridge =
        base + rise / 3 - octaves(seed, x, 0, (canvas.width / (2 + layer)).max(2)) * rise / ONE;
    let texture = (canvas.width.max(canvas.height) * (layer + 1) / 48).max(2);
    (y >= ridge).then(|| octaves(seed ^ 0x7e, x, y * 2, texture))
}

/// Returns the brightness of the sun: full inside its disc, then decreasing with the squared
/// distance.
fn glow(canvas: &Canvas, x: i64, y: i64) -> i64 {
    let (sun_x, sun_y) = (
        canvas.width * (20 + pick(canvas.seed, 3, 60)) / 100,
        canvas.height * (15 + pick(canvas.seed, 4, 25)) / 100,
    );
    let radius = (canvas.width.min(canvas.height) / 14).max(1);
    let (dx, dy) = (x - sun_x, y - sun_y);
    let near = radius * radius;
    (ONE * near * 2 / (dx * dx + dy * dy + near)).min(ONE)
}

/// Paints a maximum of two round, striped balloons, lit from the left.
fn balloon(canvas: &Canvas, x: i64, y: i64) -> Option<Rgb> {
    (0..pick(canvas.seed, 5, 3)).find_map(|index| {
        let of = |what: i64, below: i64| pick(canvas.seed, 10 + 10 * index + what, below);
        let radius = (canvas.width.min(canvas.height) * (6 + of(0, 7)) / 100).max(1);
        let (dx, dy) =
            (x - canvas.width * (15 + of(1, 70)) / 100, y - canvas.height * (15 + of(2, 40)) / 100);
        if dx * dx + dy * dy > radius * radius {
            return None;
        }
        let gore = (dx + radius) * 7 / (2 * radius + 1) % 2;
        let cloth = [[206, 52, 44], [238, 190, 64], [44, 96, 170], [236, 232, 222]];
        let light = ONE * 9 / 10 - ONE * (dx + dy) / (4 * radius);
        Some(cloth[((of(3, 4) + gore) % 4) as usize].map(|channel| channel * light / ONE))
    })
}

/// Darkens the corners, like the vignetting of a lens.
fn vignette(canvas: &Canvas, x: i64, y: i64) -> i64 {
    let (dx, dy) = (2 * x - canvas.width, 2 * y - canvas.height);
    let corner = canvas.width * canvas.width + canvas.height * canvas.height;
    ONE - ONE * (dx * dx + dy * dy) / corner / 4
}

fn mix_rgb(a: Rgb, b: Rgb, t: i64) -> Rgb {
    [0, 1, 2].map(|channel| mix(a[channel], b[channel], t))
}
