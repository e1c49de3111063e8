//! Which variants, and in which order.

use std::str::FromStr;

use ownprint_pixels::Size;

use super::hasher::{Requested, VariantHasher};
use super::plane::PlaneReducer;
use super::variant::Variant;
use crate::error::Error;

/// The variants of an image whose hashes are wanted, the most useful first; the image itself is always the first.
///
/// Three sets are ready, chosen by the experiment that `docs/coverage.md` describes: `compact` (8 hashes), `standard`
/// (16) and `wide` (32), each the beginning of the next. Where an image has a uniform border or bars, `trim` joins them.
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
    apart: u32,
    start: Start,
}

/// What starts the hashing. A pointer that only sets have: a program that makes none, as the smaller WebAssembly module, is
/// linked without the code behind it.
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

/// The sets that are ready: the name, and how many of [`BY_WORTH`] it has.
const READY: [(&str, usize); 3] = [("compact", 8), ("standard", 16), ("wide", 32)];

/// What the sets are made of, the most useful first: each adds the most to those before it.
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
    "turn:90",
    "turn:270",
    "crop:left:5",
    "rotate:2:cropped",
    "turn:180",
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
    /// The most variants that a set may have.
    pub const MOST: usize = 1024;

    /// The bits by which a variant's hash must differ from those before it, where nothing else is said.
    pub const APART: u32 = 6;

    /// The 8 most useful, and `trim`.
    #[must_use]
    pub fn compact() -> Self {
        Self::ready(READY[0])
    }

    /// The 16 most useful, and `trim`.
    #[must_use]
    pub fn standard() -> Self {
        Self::ready(READY[1])
    }

    /// The 32 most useful, and `trim`.
    #[must_use]
    pub fn wide() -> Self {
        Self::ready(READY[2])
    }

    /// The trimmed image joins behind the image itself: it is there only where it is of use.
    fn ready((name, count): (&'static str, usize)) -> Self {
        let names = BY_WORTH.iter().take(1).chain(&["trim"]).chain(BY_WORTH.iter().take(count).skip(1));
        let variants = names.filter_map(|name| name.parse().ok()).collect();
        Self { name: Some(name), variants, apart: Self::APART, start: Start::DEFAULT }
    }

    /// The names of the sets that are ready.
    pub fn names() -> impl Iterator<Item = &'static str> {
        READY.into_iter().map(|(name, _)| name)
    }

    /// A set of one's own, in the order of `variants`; the image itself comes first, whether it is among them or not.
    ///
    /// # Errors
    /// [`Error::InvalidVariants`] for more than [`MOST`](Self::MOST) variants and for one that is there twice.
    pub fn new(variants: impl IntoIterator<Item = Variant>) -> Result<Self, Error> {
        let mut set = vec![Variant::ORIGINAL];
        set.extend(variants.into_iter().filter(|it| !it.is_image()).take(Self::MOST));
        if set.len() > Self::MOST {
            let detail = format!("a set has at most {} variants", Self::MOST);
            return Err(Error::InvalidVariants { detail });
        }
        for (index, variant) in set.iter().enumerate() {
            if set.iter().take(index).any(|before| before == variant) {
                return Err(Error::InvalidVariants { detail: format!("{variant} is named twice") });
            }
        }
        Ok(Self { name: None, variants: set, apart: Self::APART, start: Start::DEFAULT })
    }

    /// The same variants; one whose hash differs by fewer than `bits` bits from that of one before it is dropped. With 0
    /// none is.
    #[must_use]
    pub fn apart(mut self, bits: u32) -> Self {
        self.apart = bits;
        self
    }

    /// The name of a set that was ready.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// The variants, the image itself first.
    #[must_use]
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// What takes the rows of an image of `size` and gives its hashes.
    pub(crate) fn start(&self, size: Size) -> Box<dyn VariantHasher> {
        (self.start.0)(size)
    }

    /// What the hasher that [`start`](Self::start) returned is to compute.
    pub(crate) fn requested(&self) -> Requested<'_> {
        Requested { name: self.name, variants: &self.variants, bits_apart: self.apart }
    }

    /// Bits by which hashes must differ.
    #[must_use]
    pub fn bits_apart(&self) -> u32 {
        self.apart
    }
}

/// The name of a set, or the names of variants with commas between, blanks around them ignored.
impl FromStr for VariantSet {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some(ready) = READY.into_iter().find(|(name, _)| *name == text) {
            return Ok(Self::ready(ready));
        }
        let variants = text.split(',').map(|name| name.trim().parse());
        Self::new(variants.collect::<Result<Vec<_>, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ready_set_begins_the_next() {
        let sets = [VariantSet::compact(), VariantSet::standard(), VariantSet::wide()];
        for (set, (name, count)) in sets.iter().zip(READY) {
            // With `trim`; a name that does not parse would be missing.
            assert_eq!((set.name(), set.variants().len()), (Some(name), count + 1));
            assert!(set.variants()[0].is_image());
            assert_eq!(set, &name.parse().unwrap());
            assert_eq!(VariantSet::new(set.variants().to_vec()).unwrap().variants(), set.variants());
        }
        for pair in sets.windows(2) {
            assert!(pair[1].variants().starts_with(pair[0].variants()));
        }
    }

    #[test]
    fn sets_that_are_none_are_refused() {
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
        let all =
            all.chain(crops().map(|name| name + "+invert")).map(|name| name.parse::<Variant>().unwrap());
        let all: Vec<_> = all.take(VariantSet::MOST).collect();
        assert_eq!(VariantSet::new(all.clone()).unwrap_err().code(), "invalid-variants");
        assert_eq!(VariantSet::new(all[1..].to_vec()).unwrap().variants().len(), VariantSet::MOST);
    }
}
