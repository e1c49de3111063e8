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
/// Three sets are predefined for images on a list, based on the experiment in `docs/coverage.md`:
/// `compact` (8 hashes), `standard` (16) and `wide` (32). Each is a prefix of the next. `trim` is
/// added if the image has a uniform border or bars. Two others, of the feature `query-variants`, are
/// for an image that is looked up: `query`, and `query-wide` for lists of such sets.
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
    "crop:3",
    "rotate:270",
    "mirror+rotate:180",
    "rotate:180",
    "letterbox:1x1:black",
    "crop:6.5",
    "rotate:90",
    "border:4.5:grey",
    "crop:10.5",
    "letterbox:4x5:black",
    "letterbox:9x16:black",
    "invert",
    "crop:15",
    "letterbox:9x19.5:black",
    "letterbox:4x3:black",
    "caption:top:11:black",
    "border:11:grey",
    "crop:25",
    "crop:8.5",
    "rotate:-4.5:cropped",
    "crop:20",
    "border:2.5:grey",
    "rotate:-3.5:black",
    "border:15:grey",
    "crop:12",
    "letterbox:16x9:black",
    "rotate:4.5:grey",
    "crop:left:6",
    "caption:top:11:black+caption:bottom:11:black",
    "rotate:9:white",
];

/// The name of the set for images that are looked up.
#[cfg(feature = "query-variants")]
const QUERY: &str = "query";

/// The edits that undo those of a copy. The set has each, in every rotation and mirror image.
#[cfg(feature = "query-variants")]
const NORMALIZED: [&str; 4] = ["original", "trim", "trim:background", "deskew"];

/// The name of the set for images that are looked up in a list of sets.
#[cfg(feature = "query-variants")]
const QUERY_WIDE: &str = "query-wide";

/// The edits that [`QUERY_WIDE`] adds, each with its percentages or degrees, spaced by the reach of
/// one hash. Together with an edit of the list they lead to the same part of the original:
/// `crop:4` of a copy that lost 6 % on each side to `crop:10`, `crop:except-left:6` of a copy that
/// lost 6 % at the left to `crop:6`, `rotate:-3.5:cropped` of a rotated copy to `crop:7.5`.
#[cfg(feature = "query-variants")]
const TILES: [(&[&str], &[&str]); 6] = [
    (&["crop:"], &["2", "4", "6", "8", "10", "12", "15", "19"]),
    (
        &["crop:except-left:", "crop:except-right:", "crop:except-top:", "crop:except-bottom:"],
        &["4", "6", "8", "10", "12", "15", "18"],
    ),
    (
        &["crop:top-left:", "crop:top-right:", "crop:bottom-left:", "crop:bottom-right:"],
        &["4", "6", "8", "10", "12"],
    ),
    (&["rotate:", "rotate:-"], &["1.5", "2.5", "3.5", "4.5", "5.5", "6.5", "7.5", "9.5", "12.5"]),
    (
        &["trim:background+rotate:", "trim:background+rotate:-"],
        &["1.5", "2.5", "3.5", "4.5", "5.5", "7.5"],
    ),
    (&["trim:background+crop:", "deskew+crop:"], &["3", "6", "9"]),
];

/// The rotations and mirror images of an image.
#[cfg(feature = "query-variants")]
const DIHEDRAL: [&str; 7] = [
    "mirror",
    "rotate:180",
    "mirror+rotate:180",
    "rotate:90",
    "rotate:270",
    "mirror+rotate:90",
    "mirror+rotate:270",
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

    /// Returns the variants of an image that is looked up in a list: the image, without a uniform
    /// border, without the page or screenshot around it, and deskewed; each in its eight rotations
    /// and mirror images. An image without a border or background has 8 hashes, others up to 32.
    #[cfg(feature = "query-variants")]
    #[must_use]
    pub fn query() -> Self {
        let mirrored = NORMALIZED.iter().flat_map(|&edit| {
            DIHEDRAL.iter().map(move |&transform| match edit {
                "original" => transform.to_owned(),
                edit => format!("{edit}+{transform}"),
            })
        });
        let names = NORMALIZED.iter().map(|&name| name.to_owned()).chain(mirrored);
        Self {
            name: Some(QUERY),
            variants: names.filter_map(|name| name.parse().ok()).collect(),
            min_distance: Self::DEFAULT_MIN_DISTANCE,
            start: Start::DEFAULT,
        }
    }

    /// Returns the variants of [`query`](Self::query), and parts of the image that was looked up:
    /// cropped at all edges, at three, at the two of a corner, and rotated by a few degrees. They
    /// find copies of images that are listed with a set, and cost the service up to 124 look-ups.
    /// In a list of one hash per image they find almost nothing more than `query`.
    #[cfg(feature = "query-variants")]
    #[must_use]
    pub fn query_wide() -> Self {
        let tiles = TILES.iter().flat_map(|(edits, amounts)| {
            amounts.iter().flat_map(move |amount| {
                edits.iter().map(move |edit| {
                    let end = if edit.contains("rotate") { ":cropped" } else { "" };
                    format!("{edit}{amount}{end}")
                })
            })
        });
        let mut set = Self::query();
        set.name = Some(QUERY_WIDE);
        set.variants.extend(tiles.filter_map(|name| name.parse().ok()));
        set
    }

    /// Returns the names of the predefined sets.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let names = PREDEFINED.into_iter().map(|(name, _)| name);
        #[cfg(feature = "query-variants")]
        let names = names.chain([QUERY, QUERY_WIDE]);
        names
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
        #[cfg(feature = "query-variants")]
        match text {
            QUERY => return Ok(Self::query()),
            QUERY_WIDE => return Ok(Self::query_wide()),
            _ => {}
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

    #[cfg(feature = "query-variants")]
    #[test]
    fn the_query_set_has_every_rotation_of_every_normalized_image() {
        let set = VariantSet::query();
        assert_eq!((set.name(), set.variants().len()), (Some("query"), 32));
        assert_eq!(set, "query".parse().unwrap());
        assert_eq!(VariantSet::new(set.variants().to_vec()).unwrap().variants(), set.variants());
        let wide = VariantSet::query_wide();
        // A name that does not parse would be missing.
        assert_eq!((wide.name(), wide.variants().len()), (Some("query-wide"), 124));
        assert!(wide.variants().starts_with(set.variants()));
        assert_eq!(wide, "query-wide".parse().unwrap());
        assert_eq!(VariantSet::new(wide.variants().to_vec()).unwrap().variants(), wide.variants());
        assert!(VariantSet::names().eq(["compact", "standard", "wide", "query", "query-wide"]));
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
