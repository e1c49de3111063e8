//! The options that set limits.

use clap::Args;
use ownprint::Limits;
use ownprint::pixels::LimitKind;

/// Every limit is checked before memory is allocated.
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "fields are named as their options are")]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArguments {
    /// Maximum width in pixels
    #[arg(long, value_name = "N", default_value_t = Limits::default().width)]
    max_width: u32,

    /// Maximum height in pixels
    #[arg(long, value_name = "N", default_value_t = Limits::default().height)]
    max_height: u32,

    /// Maximum width times height
    #[arg(long, value_name = "N", default_value_t = Limits::default().pixels)]
    max_pixels: u64,

    /// Maximum size of an image or video file in bytes; other files have no limit
    #[arg(long, value_name = "N", default_value_t = Limits::default().file_bytes)]
    max_file_bytes: u64,

    /// Maximum size of a decoded image in bytes
    #[arg(long, value_name = "N", default_value_t = Limits::default().memory)]
    max_memory: u64,

    /// Maximum bytes of RGB for each byte of the file, in images of more than 60 megapixels
    #[arg(long, value_name = "N", default_value_t = Limits::default().expansion)]
    max_expansion: u32,
}

impl LimitArguments {
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            file_bytes: self.max_file_bytes,
            width: self.max_width,
            height: self.max_height,
            pixels: self.max_pixels,
            memory: self.max_memory,
            expansion: self.max_expansion,
        }
    }
}

/// Returns the option that raises a limit.
pub(crate) fn flag(kind: LimitKind) -> Option<&'static str> {
    match kind {
        LimitKind::Width => Some("--max-width"),
        LimitKind::Height => Some("--max-height"),
        LimitKind::Pixels => Some("--max-pixels"),
        LimitKind::FileBytes => Some("--max-file-bytes"),
        LimitKind::Memory => Some("--max-memory"),
        LimitKind::Expansion => Some("--max-expansion"),
        // A limit that a later version of `ownprint-pixels` has.
        _ => None,
    }
}
