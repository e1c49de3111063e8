//! Which hashes and digests are wanted, named in one list.

use std::borrow::Cow;
use std::str::FromStr;

use crate::algorithm::HashAlgorithm;
use crate::digest::DigestAlgorithm;
use crate::error::Error;
use crate::variants::set::VariantSet;

/// Hashes and digests to compute, each once, in the order they were named.
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
    /// The edited forms of the image whose hashes are wanted too; no list of names has them.
    pub variants: Option<VariantSet>,
    /// Whether vPDQ's hashes of videos are wanted, by the name `vpdq` where this build decodes videos (feature `video`); `all`, which
    /// is about images, has them not.
    pub vpdq: bool,
}

impl Selection {
    /// Every hash of this build with its usual parameters, and every digest.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            hashes: HashAlgorithm::all().collect(),
            digests: DigestAlgorithm::ALL.to_vec(),
            variants: None,
            vpdq: false,
        }
    }

    /// The stable names, hashes first.
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
        } else if name == VPDQ && cfg!(feature = "video") {
            self.vpdq = true;
        } else {
            let videos = cfg!(feature = "video").then(|| VPDQ.to_owned());
            let digests = DigestAlgorithm::ALL.map(DigestAlgorithm::name).into_iter().chain([ALL]);
            let known: Vec<_> =
                HashAlgorithm::names().chain(videos).chain(digests.map(str::to_owned)).collect();
            return Err(Error::UnknownAlgorithm { name: name.to_owned(), known: known.join(", ") });
        }
        Ok(())
    }
}

/// Names separated by commas, blanks around them ignored; `all` is every hash with its usual parameters and every digest.
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

/// The name that stands for [`Selection::everything`].
const ALL: &str = "all";

/// The name of the hashes of videos.
pub(crate) const VPDQ: &str = "vpdq";
