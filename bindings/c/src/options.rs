//! What to compute, and the limits.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use ownprint::{Limits, VariantSet};

use crate::error::{ErrorInfo, Failure, Status, create, release, run};
use crate::memory;

/// What to compute, and the limits. Opaque.
///
/// One thread at a time may use it. A fingerprinter copies what it needs.
#[derive(Debug, Default, Clone)]
pub struct Options {
    pub(crate) selection: Option<ownprint::Selection>,
    variants: Option<VariantSet>,
    seconds_per_hash: Option<f64>,
    orientation: ownprint::Orientation,
    accept_damaged: bool,
    rgb_md5: bool,
    limits: Limits,
}

impl Options {
    pub(crate) fn to_fingerprinter(&self) -> ownprint::Fingerprinter {
        let default = ownprint::Fingerprinter::default();
        let mut selection = self.selection.clone().unwrap_or_else(|| default.selection().clone());
        selection.variants.clone_from(&self.variants);
        let mut vpdq = default.vpdq_options();
        vpdq.seconds_per_hash = self.seconds_per_hash.unwrap_or(vpdq.seconds_per_hash);
        ownprint::Fingerprinter::builder()
            .selection(selection)
            .vpdq_options(vpdq)
            .orientation(self.orientation)
            .limits(self.limits)
            .accept_damaged(self.accept_damaged)
            .rgb_md5(self.rgb_md5)
            .build()
    }
}

/// Creates options with the defaults: PDQ of an image, vPDQ of a video, MD5, SHA-256 and BLAKE3.
///
/// `out` must not be NULL. The caller frees `*out` with `ownprint_options_free`; it is NULL if the
/// call fails. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_options_new(
    out: Option<&mut MaybeUninit<Option<Box<Options>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || Ok(Options::default()))
}

/// Frees options. NULL is ignored. They must not be used again.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_options_free(options: Option<Box<Options>>) {
    release(options);
}

fn change(
    options: Option<&mut Options>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
    work: impl FnOnce(&mut Options) -> Result<(), Failure>,
) -> Status {
    run(error, || work(options.ok_or_else(|| Failure::null("pointer to the options"))?))
}

/// Sets the hashes and digests to compute: names separated by commas, as `pdq,vpdq,phash:16,sha512`,
/// or `all`.
///
/// `options` and `names` must not be NULL. Errors: `unknown-algorithm`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_options_set_algorithms(
    options: Option<&mut Options>,
    names: *const c_char,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    change(options, error, |options| {
        options.selection = Some(memory::text(names)?.parse()?);
        Ok(())
    })
}

/// Sets the variants of an image, such as rotations, whose PDQ hashes are computed too: the name of
/// a set (`standard`), or names of variants separated by commas. NULL means none.
///
/// `options` must not be NULL. Errors: `unknown-variant`, `invalid-variants`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_options_set_variants(
    options: Option<&mut Options>,
    names: *const c_char,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    change(options, error, |options| {
        let names = if names.is_null() { None } else { Some(memory::text(names)?) };
        options.variants = names.map(str::parse).transpose()?;
        Ok(())
    })
}

/// Sets whether the EXIF orientation of an image is applied before hashing: `apply` (the default) or
/// `ignore`.
///
/// `options` and `name` must not be NULL. Errors: `unknown-name`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_options_set_orientation(
    options: Option<&mut Options>,
    name: *const c_char,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    change(options, error, |options| {
        options.orientation = memory::text(name)?.parse()?;
        Ok(())
    })
}

/// Sets whether a damaged JPEG or video is hashed as far as it can be decoded, with a warning.
/// Default: false.
///
/// `options` must not be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_options_set_accept_damaged(
    options: Option<&mut Options>,
    accept: bool,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    change(options, error, |options| {
        options.accept_damaged = accept;
        Ok(())
    })
}

/// Sets whether the MD5 of the hashed RGB bytes is computed. Default: false.
///
/// `options` must not be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_options_set_rgb_md5(
    options: Option<&mut Options>,
    rgb_md5: bool,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    change(options, error, |options| {
        options.rgb_md5 = rgb_md5;
        Ok(())
    })
}

/// Sets the seconds between the frames of a video that are hashed; 0 hashes every frame. Default: 1.
///
/// `options` must not be NULL. Errors: `invalid-video` if the number is negative or not finite.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_options_set_seconds_per_hash(
    options: Option<&mut Options>,
    seconds: f64,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    change(options, error, |options| {
        // The core checks the number when it creates a hasher.
        ownprint::hash::VpdqHasher::by_seconds(seconds)?;
        options.seconds_per_hash = Some(seconds);
        Ok(())
    })
}

/// Sets a limit on files and images: `file_bytes`, `width`, `height`, `pixels`, `memory` or
/// `expansion`. `docs/limits.md` describes them and their defaults. A value above the range of the
/// limit means no limit.
///
/// `options` and `name` must not be NULL. Errors: `unknown-name`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_options_set_limit(
    options: Option<&mut Options>,
    name: *const c_char,
    value: u64,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    change(options, error, |options| {
        let small = u32::try_from(value).unwrap_or(u32::MAX);
        let limits = &mut options.limits;
        match memory::text(name)? {
            "file_bytes" => limits.file_bytes = value,
            "width" => limits.width = small,
            "height" => limits.height = small,
            "pixels" => limits.pixels = value,
            "memory" => limits.memory = value,
            "expansion" => limits.expansion = small,
            other => {
                let known = "file_bytes, width, height, pixels, memory, expansion";
                return Err(ownprint::pixels::Error::UnknownName {
                    what: "limit",
                    name: other.to_owned(),
                    known: known.to_owned(),
                }
                .into());
            }
        }
        Ok(())
    })
}
