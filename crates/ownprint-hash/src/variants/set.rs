//! Sets of variants, in order.

use std::str::FromStr;

use ownprint_pixels::Size;

use super::hasher::{Requested, VariantHasher};
use super::plane::PlaneReducer;
use super::variant::Variant;
use crate::error::Error;

/// An ordered set of variants whose hashes are computed, the most useful first. The image itself is
/// always the first.
///
/// Three sets are predefined, based on the experiment in `docs/coverage.md`: `compact` (8 hashes),
/// `standard` (16) and `wide` (32). Each is a prefix of the next. `trim` is added if the image has
/// a uniform border or bars.
///
/// ```
/// use ownprint_hash::VariantSet;
///
/// assert_eq!(VariantSet::standard().variants()[1].to_string(), "trim");
/// let own: VariantSet = "mirror,crop:4,crop:4+mirror".parse()?;
/// assert_eq!(own.variants()[0].to_string(), "original");
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantSet {
    name: Option<&'static str>,
    variants: Vec<Variant>,
    min_distance: u32,
    start: Start,
}

/// The function that starts the hashing. It is a pointer within the set, so that programs without
/// sets, such as the smaller WebAssembly module, are linked without that code.
#[derive(Clone, Copy)]
struct Start(fn(Size) -> Box<dyn VariantHasher>);

impl Start {
    const DEFAULT: Self = Self(|size| Box::new(PlaneReducer::new(size)));
}

impl PartialEq for Start {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Start {}

impl std::fmt::Debug for Start {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Start")
    }
}

/// The predefined sets: the name, and the number of entries of [`BY_WORTH`].
const PREDEFINED: [(&str, usize); 3] = [("compact", 8), ("standard", 16), ("wide", 32)];

/// The variants of the predefined sets, the most useful first: each adds the most to those before
/// it.
const BY_WORTH: [&str; 32] = [
    "original",
    "mirror",
    "crop:2.5",
    "crop:6.5",
    "border:4:grey",
    "letterbox:9x16:white",
    "rotate:-4.5:cropped",
    "letterbox:4x5:white",
    "crop:10",
    "screenshot:9x19.5:black",
    "crop:bottom-right:5",
    "caption:top:13:white",
    "invert",
    "rotate:90",
    "rotate:270",
    "crop:left:5",
    "rotate:2:cropped",
    "rotate:180",
    "crop:top:8",
    "letterbox:1x1:white",
    "border:5:white",
    "screenshot:9x18:white",
    "letterbox:16x9:white",
    "border:3:black",
    "caption:bottom:8:white",
    "caption:top:8:white",
    "border:9:grey",
    "crop:5",
    "caption:bottom:16:white",
    "rotate:7:cropped",
    "screenshot:9x18:black",
    "rotate:-6.5:cropped",
];

impl VariantSet {
    /// The maximum number of variants in a set.
    pub const MAX_VARIANTS: usize = 1024;

    /// The default minimum distance in bits between the hash of a variant and those before it.
    pub const DEFAULT_MIN_DISTANCE: u32 = 6;

    /// Returns the 8 most useful variants, and `trim`.
    #[must_use]
    pub fn compact() -> Self {
        Self::predefined(PREDEFINED[0])
    }

    /// Returns the 16 most useful variants, and `trim`.
    #[must_use]
    pub fn standard() -> Self {
        Self::predefined(PREDEFINED[1])
    }

    /// Returns the 32 most useful variants, and `trim`.
    #[must_use]
    pub fn wide() -> Self {
        Self::predefined(PREDEFINED[2])
    }

    /// The trimmed image follows the image itself; it has a hash only if there is something to
    /// trim.
    fn predefined((name, count): (&'static str, usize)) -> Self {
        let names =
            BY_WORTH.iter().take(1).chain(&["trim"]).chain(BY_WORTH.iter().take(count).skip(1));
        let variants = names.filter_map(|name| name.parse().ok()).collect();
        Self {
            name: Some(name),
            variants,
            min_distance: Self::DEFAULT_MIN_DISTANCE,
            start: Start::DEFAULT,
        }
    }

    /// Returns the names of the predefined sets.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PREDEFINED.into_iter().map(|(name, _)| name)
    }

    /// Creates a set in the order of `variants`; the image itself comes first, even if it is not
    /// among them.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidVariants`] if there are more than [`MAX_VARIANTS`](Self::MAX_VARIANTS)
    /// variants, or one is repeated.
    pub fn new(variants: impl IntoIterator<Item = Variant>) -> Result<Self, Error> {
        let mut set = vec![Variant::ORIGINAL];
        set.extend(variants.into_iter().filter(|it| !it.is_image()).take(Self::MAX_VARIANTS));
        if set.len() > Self::MAX_VARIANTS {
            let detail = format!("the maximum is {} variants", Self::MAX_VARIANTS);
            return Err(Error::InvalidVariants { detail });
        }
        for (index, variant) in set.iter().enumerate() {
            if set.iter().take(index).any(|before| before == variant) {
                return Err(Error::InvalidVariants { detail: format!("{variant} is repeated") });
            }
        }
        Ok(Self {
            name: None,
            variants: set,
            min_distance: Self::DEFAULT_MIN_DISTANCE,
            start: Start::DEFAULT,
        })
    }

    /// Sets the minimum distance: a variant whose hash differs by fewer than `bits` bits from one
    /// before it is skipped. With 0 none is.
    #[must_use]
    pub fn with_min_distance(mut self, bits: u32) -> Self {
        self.min_distance = bits;
        self
    }

    /// Returns the name, if the set is predefined.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// Returns the variants, the image itself first.
    #[must_use]
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// Starts a hasher for an image of `size`.
    pub(crate) fn start(&self, size: Size) -> Box<dyn VariantHasher> {
        (self.start.0)(size)
    }

    /// Returns what the hasher of [`start`](Self::start) computes.
    pub(crate) fn requested(&self) -> Requested<'_> {
        Requested { name: self.name, variants: &self.variants, min_distance: self.min_distance }
    }

    /// Returns the minimum distance in bits.
    #[must_use]
    pub fn min_distance(&self) -> u32 {
        self.min_distance
    }
}

/// Parses the name of a set, or the names of variants separated by commas; blanks around them are
/// ignored.
impl FromStr for VariantSet {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some(predefined) = PREDEFINED.into_iter().find(|(name, _)| *name == text) {
            return Ok(Self::predefined(predefined));
        }
        let variants = text.split(',').map(|name| name.trim().parse());
        Self::new(variants.collect::<Result<Vec<_>, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_predefined_set_is_a_prefix_of_the_next() {
        let sets = [VariantSet::compact(), VariantSet::standard(), VariantSet::wide()];
        for (set, (name, count)) in sets.iter().zip(PREDEFINED) {
            // With `trim`; a name that does not parse would be missing.
            assert_eq!((set.name(), set.variants().len()), (Some(name), count + 1));
            assert!(set.variants()[0].is_image());
            assert_eq!(set, &name.parse().unwrap());
            assert_eq!(
                VariantSet::new(set.variants().to_vec()).unwrap().variants(),
                set.variants()
            );
        }
        for pair in sets.windows(2) {
            assert!(pair[1].variants().starts_with(pair[0].variants()));
        }
    }

    #[test]
    fn invalid_sets_are_rejected() {
        for (text, code) in [
            ("", "unknown-variant"),
            ("huge", "unknown-variant"),
            ("mirror,", "unknown-variant"),
            ("standard,mirror", "unknown-variant"),
            ("mirror,crop:4,mirror", "invalid-variants"),
        ] {
            assert_eq!(text.parse::<VariantSet>().unwrap_err().code(), code, "{text}");
        }
        let crops = || (1..=450).map(|tenths| format!("crop:left:{}", f64::from(tenths) / 10.0));
        let all = crops().chain(crops().map(|name| name + "+mirror"));
        let all = all
            .chain(crops().map(|name| name + "+invert"))
            .map(|name| name.parse::<Variant>().unwrap());
        let all: Vec<_> = all.take(VariantSet::MAX_VARIANTS).collect();
        assert_eq!(VariantSet::new(all.clone()).unwrap_err().code(), "invalid-variants");
        assert_eq!(
            VariantSet::new(all[1..].to_vec()).unwrap().variants().len(),
            VariantSet::MAX_VARIANTS
        );
    }
}
