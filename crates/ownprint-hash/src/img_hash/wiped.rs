//! Buffers for an image while it is transformed.

use zeroize::{Zeroize, Zeroizing};

/// Values that are overwritten with zeros on drop.
pub(super) type Wiped<T> = Zeroizing<Vec<T>>;

/// Returns rows of `width` values as columns.
pub(super) fn transposed<T: Copy + Zeroize>(values: &[T], width: usize) -> Wiped<T> {
    let column = |column| values.iter().skip(column).step_by(width).copied();
    // Allocated with full capacity, because growing would leave copies in memory.
    let mut columns = Wiped::new(Vec::with_capacity(values.len()));
    (0..width).for_each(|index| columns.extend(column(index)));
    columns
}
