//! What is kept of an image while it is transformed.

use zeroize::{Zeroize, Zeroizing};

/// Values that are overwritten when they are let go of.
pub(super) type Wiped<T> = Zeroizing<Vec<T>>;

/// Rows of `width` values as columns.
pub(super) fn transposed<T: Copy + Zeroize>(values: &[T], width: usize) -> Wiped<T> {
    let column = |column| values.iter().skip(column).step_by(width).copied();
    // With its capacity at first: growing would leave copies behind.
    let mut turned = Wiped::new(Vec::with_capacity(values.len()));
    (0..width).for_each(|index| turned.extend(column(index)));
    turned
}
