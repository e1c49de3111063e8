//! The interface of the core for C. It converts values and computes nothing.
//!
//! `include/ownprint.h` is generated from this crate, with its documentation, which is therefore
//! written for callers in C. Only [`memory`] has unsafe code. Handles and places for results are
//! parameters of the types `Option<&T>`, `Option<&mut MaybeUninit<T>>` and `Option<Box<T>>`, which
//! Rust defines to be pointers that may be null: the callers keep what their documentation asks.
//!
//! A panic, which would be a defect, is returned as the error `internal`.

mod error;
mod fingerprint;
mod fingerprinter;
mod hash;
mod index;
mod library;
mod memory;
mod options;
mod stream;

pub use error::{ErrorInfo, Status, ownprint_status_code};
pub use fingerprint::{
    Fingerprint, ownprint_fingerprint_digest, ownprint_fingerprint_failure,
    ownprint_fingerprint_free, ownprint_fingerprint_hash, ownprint_fingerprint_json,
    ownprint_fingerprint_pdq,
};
pub use fingerprinter::{
    Fingerprinter, Observer, ownprint_fingerprint_bytes, ownprint_fingerprint_file,
    ownprint_fingerprint_pixels, ownprint_fingerprinter_free, ownprint_fingerprinter_new,
};
pub use hash::{
    ownprint_compare, ownprint_digest, ownprint_distance, ownprint_hash_from_hex,
    ownprint_hash_to_hex, ownprint_pdq_rgb,
};
pub use index::{
    Hit, Hits, Index, ownprint_hits_free, ownprint_hits_get, ownprint_index_free,
    ownprint_index_insert, ownprint_index_insert_list, ownprint_index_length, ownprint_index_load,
    ownprint_index_nearest, ownprint_index_new, ownprint_index_remove, ownprint_index_save,
    ownprint_index_within,
};
pub use library::{ownprint_capabilities, ownprint_string_free, ownprint_version};
pub use options::{
    Options, ownprint_options_free, ownprint_options_new, ownprint_options_set_accept_damaged,
    ownprint_options_set_algorithms, ownprint_options_set_limit, ownprint_options_set_orientation,
    ownprint_options_set_rgb_md5, ownprint_options_set_seconds_per_hash,
    ownprint_options_set_variants,
};
pub use stream::{
    Stream, ownprint_stream_finalize, ownprint_stream_free, ownprint_stream_new,
    ownprint_stream_update,
};

use zeroizing_alloc::ZeroAlloc;

/// Overwrites freed memory: decoders free buffers that held pixels.
#[global_allocator]
static WIPING_ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);
