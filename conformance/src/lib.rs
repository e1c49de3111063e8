//! Test images that are generated from a name (a recipe), and the test vectors for them.

pub mod canvas;
pub mod decoders;
pub mod expected;
pub mod hold;
pub mod noise;
pub mod patterns;
pub mod photo;
pub mod ppm;
pub mod recipe;
pub mod records;
pub mod vectors;

pub use recipe::{Kind, Raw, Recipe};
