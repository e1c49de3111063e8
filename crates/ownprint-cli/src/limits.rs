//! The flags that bound what an image may ask for.

use clap::Args;
use ownprint::Limits;
use ownprint::pixels::LimitKind;

/// Every bound is checked before anything is allocated.
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "fields are named as their flags are")]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArguments {
    /// Pixels a row
    #[arg(long, value_name = "N", default_value_t = Limits::default().width)]
    max_width: u32,

    /// Rows
    #[arg(long, value_name = "N", default_value_t = Limits::default().height)]
    max_height: u32,

    /// Width times height of an image
    #[arg(long, value_name = "N", default_value_t = Limits::default().pixels)]
    max_pixels: u64,

    /// Length of an image's file in bytes; files that are no images may have any length
    #[arg(long, value_name = "N", default_value_t = Limits::default().file_bytes)]
    max_file_bytes: u64,

    /// Bytes a decoded image may take
    #[arg(long, value_name = "N", default_value_t = Limits::default().memory)]
    max_memory: u64,

    /// Decoded bytes for each byte of an image's file, beyond the first 64 MiB
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

/// The flag that raises a limit, where there is one.
pub(crate) fn flag(kind: LimitKind) -> Option<&'static str> {
    match kind {
        LimitKind::Width => Some("--max-width"),
        LimitKind::Height => Some("--max-height"),
        LimitKind::Pixels => Some("--max-pixels"),
        LimitKind::FileBytes => Some("--max-file-bytes"),
        LimitKind::Memory => Some("--max-memory"),
        LimitKind::Expansion => Some("--max-expansion"),
        _ => None,
    }
}
