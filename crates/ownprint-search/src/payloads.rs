//! The texts of the entries, one after another.

use std::sync::Arc;

use crate::column::Column;
use crate::error::Error;
use crate::mapping::Mapping;

/// Number of texts that share a 64-bit start; their ends are relative to it, in 32 bits.
pub(crate) const GROUP: usize = 64;

/// The maximum length of a text, so that the ends of a group fit into 32 bits.
const MAX_LENGTH: usize = (u32::MAX as usize) / GROUP;

/// Texts by entry.
#[derive(Default)]
pub(crate) struct Payloads {
    /// The start of each group of texts.
    pub(crate) starts: Column<u64>,
    /// The end of each text, from the start of its group.
    pub(crate) ends: Column<u32>,
    pub(crate) text: Column<u8>,
    /// One bit for each removed entry; shorter if the last entries are present.
    removed: Vec<u64>,
    present: usize,
}

impl Payloads {
    /// Returns the texts of a saved index, none of them removed.
    pub(crate) fn of(starts: Column<u64>, ends: Column<u32>, text: Column<u8>) -> Self {
        let present = ends.len();
        Self { starts, ends, text, removed: Vec::new(), present }
    }

    /// Returns the number of entries, removed ones included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn present(&self) -> usize {
        self.present
    }

    /// Adds a text and returns its entry.
    pub(crate) fn push(&mut self, payload: &str) -> Result<u32, Error> {
        let full = |detail: &str| Error::IndexFull { detail: detail.to_owned() };
        if payload.len() > MAX_LENGTH {
            return Err(full("a payload exceeds 64 MiB"));
        }
        let entry = u32::try_from(self.len()).ok().filter(|entry| *entry < u32::MAX);
        let entry = entry.ok_or_else(|| full("all entry numbers are in use; build a new index"))?;
        if self.len().is_multiple_of(GROUP) {
            let end = self.text.len() as u64;
            self.starts.to_mut().push(end);
        }
        let start = self.starts.all().last().copied().unwrap_or_default();
        let text = self.text.to_mut();
        text.extend_from_slice(payload.as_bytes());
        let end = (text.len() as u64).saturating_sub(start) as u32;
        self.ends.to_mut().push(end);
        self.present += 1;
        Ok(entry)
    }

    /// Returns the text of an entry; `None` if it was removed, does not exist, or is damaged.
    pub(crate) fn get(&self, entry: u32) -> Option<&str> {
        if !self.has(entry) {
            return None;
        }
        let entry = entry as usize;
        let base = self.starts.get(entry / GROUP)?;
        let first = if entry.is_multiple_of(GROUP) { 0 } else { self.ends.get(entry - 1)? };
        let position = |offset: u32| usize::try_from(base.checked_add(offset.into())?).ok();
        let range = position(first)?..position(self.ends.get(entry)?)?;
        let bytes = self.text.all().get(range.clone())?;
        self.text.check(range);
        std::str::from_utf8(bytes).ok()
    }

    /// Returns `true` if there is such an entry.
    #[inline]
    pub(crate) fn has(&self, entry: u32) -> bool {
        let is_removed =
            self.removed.get(entry as usize / 64).is_some_and(|word| word >> (entry % 64) & 1 == 1);
        (entry as usize) < self.len() && !is_removed
    }

    pub(crate) fn remove(&mut self, entry: u32) -> Option<String> {
        let payload = self.get(entry)?.to_owned();
        let word = entry as usize / 64;
        if self.removed.len() <= word {
            self.removed.resize(word + 1, 0);
        }
        if let Some(word) = self.removed.get_mut(word) {
            *word |= 1 << (entry % 64);
        }
        self.present -= 1;
        Some(payload)
    }

    /// Deletes the texts of removed entries.
    pub(crate) fn compact(&mut self) {
        if self.present == self.len() {
            return;
        }
        let mut compacted = Self::default();
        for entry in 0..self.len() as u32 {
            // No text is longer than it was.
            let _ = compacted.push(self.get(entry).unwrap_or_default());
        }
        compacted.removed = std::mem::take(&mut self.removed);
        compacted.present = self.present;
        compacted.shrink();
        *self = compacted;
    }

    pub(crate) fn shrink(&mut self) {
        self.starts.shrink();
        self.ends.shrink();
        self.text.shrink();
    }

    /// Returns the texts of the entries that are present, in their order.
    pub(crate) fn renumbered(&self) -> Result<Self, Error> {
        let mut renumbered = Self::default();
        for entry in (0..self.len() as u32).filter(|entry| self.has(*entry)) {
            renumbered.push(self.get(entry).unwrap_or_default())?;
        }
        Ok(renumbered)
    }

    /// Returns `true` if each text is where the previous one ends, and is UTF-8.
    pub(crate) fn is_consistent(&self) -> bool {
        let (starts, ends, text) = (self.starts.all(), self.ends.all(), self.text.all());
        let mut end = 0;
        for (start, ends) in starts.iter().zip(ends.chunks(GROUP)) {
            if *start != end as u64 {
                return false;
            }
            let base = end;
            for &next in ends {
                let next = base + next as usize;
                if text.get(end..next).is_none_or(|text| std::str::from_utf8(text).is_err()) {
                    return false;
                }
                end = next;
            }
        }
        starts.len() == ends.len().div_ceil(GROUP) && end == text.len()
    }

    pub(crate) fn mapping(&self) -> Option<&Arc<Mapping>> {
        self.ends.mapping()
    }

    pub(crate) fn memory(&self) -> usize {
        self.starts.memory()
            + self.ends.memory()
            + self.text.memory()
            + size_of::<u64>() * self.removed.capacity()
    }
}
