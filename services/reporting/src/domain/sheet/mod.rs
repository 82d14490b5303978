//! Control sheets (листы контроля): the lines of both forms, what is counted for them, and
//! when a sheet can be sent. Pure.

mod documents;
mod facts;
mod form;
mod send;
#[cfg(test)]
mod tests;

pub use facts::{AccessPoint, Act, Done, Facts, Of, Responsible};
#[cfg(test)]
pub use form::titles;
pub use form::{Figure, Kind, Line, Source, lines};
pub use send::{Broken, Presence, Statement, broken, incomplete};

/// Totals of a sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// Lines.
    pub lines: u32,
    /// … at 100 %, or present.
    pub full: u32,
    /// Mean per cent, rounded down.
    pub percent: u32,
}

/// Totals of lines with what the school says of them.
pub fn total(lines: &[Line], statements: &[Statement]) -> Total {
    let percents: Vec<u32> = lines
        .iter()
        .map(|line| {
            line.percent(Statement::of(statements, line.title.number))
                .min(100)
        })
        .collect();
    let count = u32::try_from(percents.len()).unwrap_or(u32::MAX);
    let full = percents.iter().filter(|percent| **percent == 100).count();
    Total {
        lines: count,
        full: u32::try_from(full).unwrap_or(u32::MAX),
        percent: percents.iter().sum::<u32>().checked_div(count).unwrap_or(0),
    }
}
