//! JPEG XL: the first frame.
//!
//! `decode.rs` calls the decoder. The other modules read the parts of the codestream that the
//! decoder does not report, or for which it allocates memory before it reports them: whether a
//! frame is lossless, whether it is rendered by groups, and the length of the ICC profile.

mod arithmetic;
mod bits;
mod codestream;
mod decode;
mod errors;
mod frame;
mod header;
mod prefixes;
mod profile;
mod runner;
mod symbols;

pub(crate) use self::decode::decode;
