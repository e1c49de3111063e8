//! Premultiplied alpha.

/// Returns the color of a pixel whose red, green and blue are multiplied by its alpha, which is the
/// last value: `value * 255 / alpha`, rounded down and limited to 255, as Pillow divides. A
/// transparent pixel is black.
///
/// Premultiplication loses information: a pixel of alpha `a` has only `a + 1` levels per color, so
/// this is not exactly the color before it.
///
/// ```
/// use ownprint_pixels::unpremultiplied;
///
/// assert_eq!(unpremultiplied([100, 50, 0, 128]), [199, 99, 0]);
/// assert_eq!(unpremultiplied([100, 50, 0, 255]), [100, 50, 0]);
/// assert_eq!(unpremultiplied([0, 0, 0, 0]), [0, 0, 0]);
/// ```
#[must_use]
pub fn unpremultiplied([r, g, b, alpha]: [u8; 4]) -> [u8; 3] {
    // Most pixels of most images are opaque, and a division is slow.
    if alpha == u8::MAX {
        return [r, g, b];
    }
    let alpha = u32::from(alpha);
    [r, g, b]
        .map(|value| (u32::from(value) * 255).checked_div(alpha).unwrap_or_default().min(255) as u8)
}

#[cfg(test)]
mod tests {
    use super::unpremultiplied;

    /// Premultiplication rounds to one of `alpha + 1` levels, and the division rounds down.
    #[test]
    fn colors_are_recovered_within_a_level() {
        for alpha in 1..=255_u32 {
            for value in 0..=255_u32 {
                let stored = ((value * alpha + 127) / 255) as u8;
                let [recovered, ..] = unpremultiplied([stored, 0, 0, alpha as u8]);
                let difference = u32::from(recovered).abs_diff(value);
                assert!(2 * difference * alpha <= 255 + 2 * alpha, "{value} of alpha {alpha}");
            }
        }
    }

    #[test]
    fn values_above_their_alpha_are_white() {
        assert_eq!(unpremultiplied([200, 100, 99, 100]), [255, 255, 252]);
        assert_eq!(unpremultiplied([200, 1, 0, 0]), [0, 0, 0]);
    }
}
