//! PNG and the first image of an APNG.

mod chunks;
mod decode;
mod metadata;

pub(crate) use self::decode::decode;
