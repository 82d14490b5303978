//! Figures go to standard output, talk to standard error.

use std::fmt::Display;
use std::io::Write as _;

/// A line of results. A closed pipe is the reader's right.
pub fn print(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line about what is going on.
pub fn say(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
