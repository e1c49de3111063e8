//! `convert('L')` of Pillow: `L24` of `src/libImaging/Convert.c`, ITU-R 601-2 in 16 bits behind the point, rounded.

/// The luma of one pixel.
#[inline(always)]
pub(super) fn of_pixel([red, green, blue]: [u8; 3]) -> u8 {
    let sum = u32::from(red) * 19595 + u32::from(green) * 38470 + u32::from(blue) * 7471 + 0x8000;
    (sum >> 16) as u8
}

/// The luma of a row of RGB triples.
#[inline(always)]
pub(super) fn of_row(rgb: &[u8], luma: &mut [u8]) {
    for (luma, pixel) in luma.iter_mut().zip(rgb.as_chunks::<3>().0) {
        *luma = of_pixel(*pixel);
    }
}
