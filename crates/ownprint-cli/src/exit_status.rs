//! The exit status of the commands.

/// The exit status if some files failed.
pub(crate) const SOME_FAILED: u8 = 1;

/// The exit status if nothing matched, as `cmp` and `grep` have it.
pub(crate) const NO_MATCH: u8 = 1;

/// The exit status of a wrong command line, and if a command could not do its work at all.
pub(crate) const COULD_NOT_RUN: u8 = 2;
