//! What the paint functions receive and return.

/// Red, green and blue, `0..=255`.
pub type Rgb = [i64; 3];

/// The parameters of every paint function except the position.
#[derive(Debug)]
pub struct Canvas {
    /// The seed of the noise.
    pub seed: u32,
    /// The width in pixels.
    pub width: i64,
    /// The height in pixels.
    pub height: i64,
}
