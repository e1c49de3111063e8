//! Payloads that name an image and a variant of it.

use ownprint_hash::Variant;

use crate::index::{Hit, Index};

/// The separator between name and variant, as before the fragment of a URL.
const MARK: char = '#';

impl Index {
    /// Returns the payload for the hash of a variant of the image `name`: the name, `#` and the
    /// variant, or the name alone. [`Hit::name_and_variant`] splits it.
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
    /// Splits a payload made by [`Index::payload_of`] into the image's name and the variant; any
    /// other payload is returned whole.
    #[must_use]
    pub fn name_and_variant(&self) -> (&'index str, Option<Variant>) {
        let split = self
            .payload
            .rsplit_once(MARK)
            .and_then(|(name, rest)| Some((name, rest.parse().ok()?)));
        split.map_or((self.payload, None), |(name, variant)| (name, Some(variant)))
    }
}
