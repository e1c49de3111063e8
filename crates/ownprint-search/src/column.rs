//! A column of numbers: owned, or a part of a mapped file.

use std::ops::Range;
use std::sync::Arc;

use bytemuck::Pod;

use crate::mapping::Mapping;

/// Values of one type, in memory or in a mapped file.
pub(crate) enum Column<T> {
    Owned(Vec<T>),
    Mapped {
        mapping: Arc<Mapping>,
        /// The position of the first value in the file, in bytes.
        start: usize,
        length: usize,
    },
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self::Owned(Vec::new())
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Owned(values)
    }
}

impl<T: Pod> Column<T> {
    /// Returns all values. Those of a mapped file are not verified: see [`check`](Self::check).
    #[inline(always)]
    pub(crate) fn all(&self) -> &[T] {
        match self {
            Self::Owned(values) => values,
            Self::Mapped { mapping, start, length } => {
                let bytes = mapping.bytes().get(*start..*start + length * size_of::<T>());
                bytes.and_then(|bytes| bytemuck::try_cast_slice(bytes).ok()).unwrap_or_default()
            }
        }
    }

    /// Compares the blocks of a mapped file that hold these values with their checksums, unless
    /// they were compared before. A difference marks the mapping as damaged.
    #[inline(always)]
    pub(crate) fn check(&self, values: Range<usize>) {
        if let Self::Mapped { mapping, start, .. } = self {
            let width = size_of::<T>();
            mapping.check(start + values.start * width..start + values.end * width);
        }
    }

    /// Returns all values, verified.
    pub(crate) fn verified(&self) -> &[T] {
        self.check(0..self.len());
        self.all()
    }

    /// Returns a verified value.
    pub(crate) fn get(&self, position: usize) -> Option<T> {
        let value = self.all().get(position).copied()?;
        self.check(position..position + 1);
        Some(value)
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Owned(values) => values.len(),
            Self::Mapped { length, .. } => *length,
        }
    }

    /// Returns the values for changes. Those of a mapped file are copied into memory first.
    pub(crate) fn to_mut(&mut self) -> &mut Vec<T> {
        if matches!(self, Self::Mapped { .. }) {
            *self = Self::Owned(self.verified().to_vec());
        }
        match self {
            Self::Owned(values) => values,
            // Replaced above.
            Self::Mapped { .. } => unreachable!("a mapped column was just copied"),
        }
    }

    /// Returns the memory allocated, in bytes; a mapped file has none.
    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::Owned(values) => size_of::<T>() * values.capacity(),
            Self::Mapped { .. } => 0,
        }
    }
}

impl<T> Column<T> {
    pub(crate) fn mapping(&self) -> Option<&Arc<Mapping>> {
        match self {
            Self::Owned(_) => None,
            Self::Mapped { mapping, .. } => Some(mapping),
        }
    }

    /// Frees memory that holds no values.
    pub(crate) fn shrink(&mut self) {
        if let Self::Owned(values) = self {
            values.shrink_to_fit();
        }
    }
}
