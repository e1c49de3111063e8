//! What to compute: names and limits, converted to the core's options.

use std::str::FromStr;

use ownprint::hash::VpdqOptions;
use ownprint::{DigestAlgorithm, Error, HashAlgorithm, Limits, Selection};
use pyo3::prelude::*;

/// Limits; a field that is `None` keeps the core's default.
#[derive(Debug, Default, FromPyObject)]
pub(crate) struct LimitsArgument {
    file_bytes: Option<u64>,
    width: Option<u32>,
    height: Option<u32>,
    pixels: Option<u64>,
    memory: Option<u64>,
    expansion: Option<u32>,
}

impl LimitsArgument {
    pub(crate) fn to_core(&self) -> Limits {
        let default = Limits::default();
        Limits {
            file_bytes: self.file_bytes.unwrap_or(default.file_bytes),
            width: self.width.unwrap_or(default.width),
            height: self.height.unwrap_or(default.height),
            pixels: self.pixels.unwrap_or(default.pixels),
            memory: self.memory.unwrap_or(default.memory),
            expansion: self.expansion.unwrap_or(default.expansion),
        }
    }
}

/// Which frames of a video are hashed; a field that is `None` keeps the core's default.
#[derive(Debug, Default, FromPyObject)]
pub(crate) struct VpdqArgument {
    seconds_per_hash: Option<f64>,
    prune: Option<u32>,
}

impl VpdqArgument {
    pub(crate) fn to_core(&self) -> VpdqOptions {
        let mut options = VpdqOptions::default();
        options.seconds_per_hash = self.seconds_per_hash.unwrap_or(options.seconds_per_hash);
        options.prune = self.prune.or(options.prune);
        options
    }
}

/// The arguments of a fingerprinter.
#[derive(Debug, FromPyObject)]
pub(crate) struct Options {
    hashes: Option<Vec<String>>,
    digests: Option<Vec<String>>,
    variants: Option<Vec<String>>,
    orientation: Option<String>,
    accept_damaged: bool,
    rgb_md5: bool,
    limits: Option<LimitsArgument>,
    vpdq: Option<VpdqArgument>,
}

impl Options {
    pub(crate) fn to_fingerprinter(&self) -> Result<ownprint::Fingerprinter, Error> {
        let mut builder = ownprint::Fingerprinter::builder();
        let mut selection = ownprint::Fingerprinter::default().selection().clone();
        if let Some(names) = &self.hashes {
            (selection.hashes, selection.vpdq) = hashes(names)?;
        }
        if let Some(names) = &self.digests {
            selection.digests = digests(names)?;
        }
        if let Some(names) = &self.variants {
            selection.variants = Some(names.join(",").parse()?);
        }
        builder = builder.selection(selection);
        if let Some(vpdq) = &self.vpdq {
            builder = builder.vpdq_options(vpdq.to_core());
        }
        if let Some(name) = &self.orientation {
            builder = builder.orientation(name.parse()?);
        }
        if let Some(limits) = &self.limits {
            builder = builder.limits(limits.to_core());
        }
        Ok(builder.accept_damaged(self.accept_damaged).rgb_md5(self.rgb_md5).build())
    }
}

/// Parses names of hashes; the flag is `true` if `vpdq` is among them.
fn hashes(names: &[String]) -> Result<(Vec<HashAlgorithm>, bool), Error> {
    if names.is_empty() {
        return Ok((Vec::new(), false));
    }
    let selection: Selection = names.join(",").parse()?;
    // `all` also selects digests, which are another argument here. No other name may.
    if !selection.digests.is_empty() {
        refuse_foreign::<HashAlgorithm>(names, |name| DigestAlgorithm::from_str(name).is_ok())?;
    }
    Ok((selection.hashes, selection.vpdq))
}

/// Parses names of digests.
pub(crate) fn digests(names: &[String]) -> Result<Vec<DigestAlgorithm>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let selection: Selection = names.join(",").parse()?;
    if !selection.hashes.is_empty() || selection.vpdq {
        refuse_foreign::<DigestAlgorithm>(names, |name| {
            Selection::from_str(name)
                .is_ok_and(|one| one.digests.is_empty() && (one.vpdq || !one.hashes.is_empty()))
        })?;
    }
    Ok(selection.digests)
}

/// Returns the core's error for the first name that belongs to the other argument.
fn refuse_foreign<T: FromStr<Err = ownprint::hash::Error>>(
    names: &[String],
    is_foreign: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    for name in names.iter().map(|name| name.trim()).filter(|name| is_foreign(name)) {
        T::from_str(name)?;
    }
    Ok(())
}
