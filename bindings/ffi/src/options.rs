//! What to compute, and the defaults of the core.

use ownprint::Error;

use crate::variants::set_of;
use crate::{Limits, Orientation};

/// What to compute. A field that is `None` keeps the core's default; [`default_options`] returns
/// those defaults.
#[derive(Debug, Clone, Default, PartialEq, uniffi::Record)]
#[allow(clippy::struct_excessive_bools, reason = "named arguments in the foreign languages")]
pub struct Options {
    /// Names of hashes and digests; `all` selects every one.
    #[uniffi(default = None)]
    pub algorithms: Option<Vec<String>>,
    /// Adds the PDQ hashes of the image's edits: the name of a set (`compact`, `standard`,
    /// `wide`), or names of variants.
    #[uniffi(default = None)]
    pub variants: Option<Vec<String>>,
    /// Computes digests only, whichever hashes are selected: for files of any kind and length.
    #[uniffi(default = false)]
    pub digests_only: bool,
    /// Whether the EXIF orientation is applied before hashing.
    #[uniffi(default = None)]
    pub orientation: Option<Orientation>,
    /// Hashes the part of a damaged file that can be decoded, with a warning, instead of returning
    /// an error.
    #[uniffi(default = false)]
    pub accept_damaged: bool,
    /// Adds the MD5 of the hashed RGB bytes.
    #[uniffi(default = false)]
    pub rgb_md5: bool,
    /// Limits on images and frames.
    #[uniffi(default = None)]
    pub limits: Option<Limits>,
    /// Which frames of a video are hashed, where `algorithms` names `vpdq` and the build decodes
    /// videos.
    #[uniffi(default = None)]
    pub vpdq: Option<VpdqOptions>,
}

/// Which frames of a video are hashed. A field that is `None` keeps the core's default.
#[derive(Debug, Clone, Copy, Default, PartialEq, uniffi::Record)]
pub struct VpdqOptions {
    /// Seconds from one hashed frame to the next; 0 hashes every frame.
    #[uniffi(default = None)]
    pub seconds_per_hash: Option<f64>,
    /// Skips a frame whose hash differs by at most this many bits from the last retained one.
    #[uniffi(default = None)]
    pub prune: Option<u32>,
}

/// Returns every option with the core's default, so that passing the result equals passing nothing.
///
/// `variants` and `vpdq.prune` stay `None`: neither is computed by default.
#[must_use]
#[uniffi::export]
pub fn default_options() -> Options {
    Options {
        algorithms: Some(default_algorithms()),
        orientation: Some(ownprint::Orientation::default().into()),
        limits: Some(ownprint::Limits::default().into()),
        vpdq: Some(ownprint::hash::VpdqOptions::default().into()),
        ..Options::default()
    }
}

/// The names of the hashes and digests that are computed by default.
pub(crate) fn default_algorithms() -> Vec<String> {
    ownprint::Fingerprinter::default().selection().names().map(|name| name.into_owned()).collect()
}

impl Options {
    /// Converts these options to a fingerprinter of the core.
    pub(crate) fn to_fingerprinter(&self) -> Result<ownprint::Fingerprinter, Error> {
        let mut fingerprinter = ownprint::Fingerprinter::builder();
        if let Some(names) = &self.algorithms {
            fingerprinter = fingerprinter.selection(match names.as_slice() {
                [] => ownprint::Selection::default(),
                names => names.join(",").parse()?,
            });
        }
        if let Some(names) = &self.variants {
            fingerprinter = fingerprinter.variants(Some(set_of(names)?));
        }
        if self.digests_only {
            fingerprinter = fingerprinter.hashes([]).variants(None).vpdq(None);
        }
        if let Some(orientation) = self.orientation {
            fingerprinter = fingerprinter.orientation(orientation.into());
        }
        if let Some(limits) = &self.limits {
            fingerprinter = fingerprinter.limits(limits.to_core());
        }
        if let Some(vpdq) = &self.vpdq {
            fingerprinter = fingerprinter.vpdq_options(vpdq.to_core());
        }
        Ok(fingerprinter.accept_damaged(self.accept_damaged).rgb_md5(self.rgb_md5).build())
    }
}

impl VpdqOptions {
    pub(crate) fn to_core(self) -> ownprint::hash::VpdqOptions {
        let mut options = ownprint::hash::VpdqOptions::default();
        options.seconds_per_hash = self.seconds_per_hash.unwrap_or(options.seconds_per_hash);
        options.prune = self.prune.or(options.prune);
        options
    }
}

impl From<ownprint::hash::VpdqOptions> for VpdqOptions {
    fn from(options: ownprint::hash::VpdqOptions) -> Self {
        Self { seconds_per_hash: Some(options.seconds_per_hash), prune: options.prune }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_options_equal_those_of_the_core() {
        let options = default_options();
        let [named, unnamed] = [&options, &Options::default()]
            .map(|options| format!("{:?}", options.to_fingerprinter().unwrap()));
        assert_eq!(named, unnamed);
        assert_eq!(options.orientation, Some(Orientation::Apply));
        assert_eq!(options.algorithms, Some(default_algorithms()));
        let vpdq = options.vpdq.unwrap();
        assert_eq!(
            vpdq.seconds_per_hash,
            Some(ownprint::hash::VpdqOptions::default().seconds_per_hash)
        );
        assert_eq!(vpdq.to_core(), ownprint::hash::VpdqOptions::default());
    }
}
