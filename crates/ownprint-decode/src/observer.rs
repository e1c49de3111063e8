//! Cancels decoding between rows, tiles and groups of pixels.

use std::ops::ControlFlow;

use crate::error::Error;

/// A function that is called while an image is decoded, and that cancels decoding with a break.
pub(crate) struct Observer<'a> {
    observe: &'a mut dyn FnMut() -> ControlFlow<()>,
    is_cancelled: bool,
}

impl<'a> Observer<'a> {
    pub(crate) fn new(observe: &'a mut dyn FnMut() -> ControlFlow<()>) -> Self {
        Self { observe, is_cancelled: false }
    }

    /// Calls the function.
    ///
    /// # Errors
    /// [`Error::Cancelled`] if it breaks, and ever after.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        self.is_cancelled |= (self.observe)().is_break();
        if self.is_cancelled { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Returns `true` once the function broke.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.is_cancelled
    }
}
