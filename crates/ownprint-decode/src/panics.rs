//! Turns panics of decoders into values, and keeps them off standard error.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Calls a decoder that may panic. Returns `None` if it did.
///
/// The message of such a panic is not printed: the caller reports the file as damaged. The first
/// call installs a hook that passes all other panics to the previous hook. In WebAssembly, where
/// panics abort, the instance is lost.
pub(crate) fn caught<T>(decode: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    // A thread that panics cannot replace hooks.
    if cfg!(panic = "unwind") && !std::thread::panicking() {
        HOOK.call_once(|| {
            let previous = take_hook();
            set_hook(Box::new(move |panic| {
                if !IS_DECODING.get() {
                    previous(panic);
                }
            }));
        });
    }
    let outer = IS_DECODING.replace(true);
    let result = catch_unwind(AssertUnwindSafe(decode));
    IS_DECODING.set(outer);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    #[allow(clippy::panic, reason = "simulates a defect of a decoder")]
    fn a_panic_is_a_value_and_the_next_call_works() {
        assert_eq!(caught(|| -> u8 { panic!("on purpose") }), None);
        assert_eq!(caught(|| caught(|| -> u8 { panic!("inside") })), Some(None));
        assert_eq!(caught(|| 1), Some(1));
    }
}
