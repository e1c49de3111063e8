//! Images that a name is enough to make again, and the vectors that go with them.

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
