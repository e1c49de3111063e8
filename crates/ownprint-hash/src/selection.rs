//! Selection of hashes and digests by name.

use std::borrow::Cow;
use std::str::FromStr;

use crate::algorithm::HashAlgorithm;
use crate::digest::DigestAlgorithm;
use crate::error::Error;
use crate::variants::set::VariantSet;

/// The hashes and digests to compute, each once, in the order in which they were named.
///
/// ```
/// use ownprint_hash::{DigestAlgorithm, HashAlgorithm, Selection};
///
/// let selection: Selection = "pdq, md5".parse()?;
/// assert_eq!(selection.hashes, [HashAlgorithm::PDQ]);
/// assert_eq!(selection.digests, [DigestAlgorithm::Md5]);
/// assert_eq!("all".parse::<Selection>()?, Selection::everything());
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// The perceptual hashes.
    pub hashes: Vec<HashAlgorithm>,
    /// The digests.
    pub digests: Vec<DigestAlgorithm>,
    /// The set of variants whose hashes are computed too. Names cannot select it.
    pub variants: Option<VariantSet>,
    /// Whether the vPDQ hashes of videos are computed. The name `vpdq` selects them, also in a
    /// build that decodes no videos and reports them as unsupported. `all` selects image hashes
    /// only.
    pub vpdq: bool,
}

impl Selection {
    /// Returns every hash of this build with its default parameters, and every digest.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            hashes: HashAlgorithm::all().collect(),
            digests: DigestAlgorithm::ALL.to_vec(),
            variants: None,
            vpdq: false,
        }
    }

    /// Returns the stable names, hashes first.
    pub fn names(&self) -> impl Iterator<Item = Cow<'static, str>> {
        let hashes = self.hashes.iter().map(|hash| hash.name());
        hashes
            .chain(self.vpdq.then_some(Cow::Borrowed(VPDQ)))
            .chain(self.digests.iter().map(|digest| Cow::Borrowed(digest.name())))
    }

    fn add(&mut self, name: &str) -> Result<(), Error> {
        if HashAlgorithm::has_base_name_of(name) {
            let hash = name.parse()?;
            if !self.hashes.contains(&hash) {
                self.hashes.push(hash);
            }
        } else if let Ok(digest) = name.parse::<DigestAlgorithm>() {
            if !self.digests.contains(&digest) {
                self.digests.push(digest);
            }
        } else if name == VPDQ {
            self.vpdq = true;
        } else {
            let digests = DigestAlgorithm::ALL.map(DigestAlgorithm::name);
            let others = [VPDQ].into_iter().chain(digests).chain([ALL]).map(str::to_owned);
            let known: Vec<_> = HashAlgorithm::names().chain(others).collect();
            return Err(Error::UnknownAlgorithm { name: name.to_owned(), known: known.join(", ") });
        }
        Ok(())
    }
}

/// Parses names separated by commas; blanks around them are ignored. `all` selects every hash with
/// its default parameters and every digest.
impl FromStr for Selection {
    type Err = Error;

    fn from_str(list: &str) -> Result<Self, Error> {
        let mut selection = Self::default();
        for name in list.split(',').map(str::trim) {
            if name == ALL {
                selection = Self::everything();
            } else {
                selection.add(name)?;
            }
        }
        Ok(selection)
    }
}

/// The name of [`Selection::everything`].
const ALL: &str = "all";

/// The name of the hashes of videos.
pub(crate) const VPDQ: &str = "vpdq";
