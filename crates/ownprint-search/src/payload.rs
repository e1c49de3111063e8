//! How the text of an entry says of which variant of an image the hash is.

use crate::index::{Hit, Index};
use ownprint_hash::Variant;

/// What stands between an image's name and the variant, as before the part of an address.
const MARK: char = '#';

impl Index {
    /// The text for the hash of a variant of the image `name`: the name, `#`, the variant; where there is no variant, the name.
    /// [`Hit::name_and_variant`] takes it apart.
    ///
    /// ```
    /// use ownprint_hash::{BitHash, HashAlgorithm, Variant};
    /// use ownprint_search::Index;
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// let (hash, mirror): (_, Variant) = (BitHash::from_hex(&"0f".repeat(32))?, "mirror".parse()?);
    /// index.insert(&hash, Index::payload_of("hills.jpg", Some(&mirror)))?;
    /// let hit = index.nearest(&hash, 1)?[0];
    /// assert_eq!(hit.payload, "hills.jpg#mirror");
    /// assert_eq!(hit.name_and_variant(), ("hills.jpg", Some(mirror)));
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    #[must_use]
    pub fn payload_of(name: impl Into<String>, variant: Option<&Variant>) -> String {
        let name = name.into();
        match variant {
            Some(variant) => format!("{name}{MARK}{variant}"),
            None => name,
        }
    }
}

impl<'index> Hit<'index> {
    /// The image's name and the variant of it that was found, in a text that [`Index::payload_of`] made; any other text
    /// as it is.
    #[must_use]
    pub fn name_and_variant(&self) -> (&'index str, Option<Variant>) {
        let split = self.payload.rsplit_once(MARK).and_then(|(name, rest)| Some((name, rest.parse().ok()?)));
        split.map_or((self.payload, None), |(name, variant)| (name, Some(variant)))
    }
}
