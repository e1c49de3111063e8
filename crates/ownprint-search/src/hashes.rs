//! What an index needs of its hashes, whatever their length.

use ownprint_hash::BitHash;

use crate::error::Error;
use crate::sections::{Sections, Shape, Writer};

/// A distance and an entry.
pub(crate) type Near = (u32, u32);

/// The hashes of an index, of any length.
pub(crate) trait Hashes: Send + Sync {
    /// Adds one entry.
    fn insert(&mut self, hash: &[u8], entry: u32);
    /// Returns the number of pending entries.
    fn pending(&self) -> usize;
    /// Returns `true` if there are so many pending entries that [`compact`](Self::compact) is due.
    fn has_pending(&self) -> bool;
    /// Sorts pending entries in, and drops entries for which `is_retained` is `false`.
    fn compact(&mut self, is_retained: &dyn Fn(u32) -> bool, threads: usize);
    /// Calls `found` with the entries and the distance of every distinct hash within `radius`.
    /// Returns the number of hashes compared.
    fn within(&self, hash: &[u8], radius: u32, found: &mut dyn FnMut(&[u32], u32)) -> usize;
    /// Returns the distances and the entries within `radius`, found by a scan or by a lookup; `None`
    /// if a lookup is not possible or was abandoned. Pending entries are skipped.
    fn within_by(&self, hash: &[u8], radius: u32, by_scan: bool) -> Option<Vec<Near>>;
    /// Returns the distances and the entries within `radius` of each query.
    fn within_many(&self, queries: &[BitHash], radius: u32, threads: usize) -> Vec<Vec<Near>>;
    /// Returns a radius that contains `count` of the entries for which `is_counted` is `true`, or
    /// all of them if there are fewer.
    fn radius_of_nearest(&self, hash: &[u8], count: usize, is_counted: &dyn Fn(u32) -> bool)
    -> u32;
    /// Returns the radii at which a lookup is faster than a scan and needs more work than the
    /// previous one.
    fn cheap_radii(&self) -> Vec<u32>;
    /// Calls `visit` with every entry and the number of its group: entries connected by steps of up
    /// to `radius`. Pending entries are skipped.
    fn groups(&self, radius: u32, visit: &mut dyn FnMut(u32, u32));
    /// Calls `visit` with the entries of every distinct hash; a pending entry has its own call.
    fn each(&self, visit: &mut dyn FnMut(&[u32], &[u8]));
    /// Returns the memory used, in bytes.
    fn memory(&self) -> usize;
    /// Returns the parts of a saved file; pending entries are not among them.
    fn shape(&self) -> Shape;
    /// Writes what comes before the texts in a saved file.
    fn write_hashes(&self, file: &mut Writer<'_>) -> Result<(), Error>;
    /// Writes what comes after the texts.
    fn write_slots(&self, file: &mut Writer<'_>) -> Result<(), Error>;
    /// Replaces everything by what comes before the texts in a saved file.
    fn read_hashes(&mut self, shape: &Shape, file: &mut Sections<'_>) -> Result<(), Error>;
    /// Replaces the slots by what comes after the texts.
    fn read_slots(&mut self, shape: &Shape, file: &mut Sections<'_>) -> Result<(), Error>;
    /// Returns `true` if the parts of a saved file fit together.
    fn is_consistent(&self) -> bool;
}
