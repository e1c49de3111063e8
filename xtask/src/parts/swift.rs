//! The Swift package, with Swift's own test runner.

use super::Verdict;
use crate::process::{Outcome, root, run};
use crate::swift::Swift;

pub(super) fn test() -> Outcome<Verdict> {
    let swift = match Swift::get() {
        Ok(swift) => swift,
        Err(why) => return cannot_be_had(why),
    };
    run(&mut swift.command("swift --version", &root(), &[]))?;
    Ok(Verdict::Passed)
}

/// Where everything has to be tested, what cannot be had is a failure.
fn cannot_be_had(why: String) -> Outcome<Verdict> {
    if std::env::var("OWNPRINT_SWIFT").is_ok_and(|value| value == "required") {
        return Err(why);
    }
    Ok(Verdict::PassedBut(format!("nothing was tested: {why}")))
}
