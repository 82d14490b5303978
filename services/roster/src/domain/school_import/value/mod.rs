//! Values of the form: each is parsed from tidy text once and has one canonical spelling.
//!
//! Invariant, kept by a property test: parsing a canonical spelling gives the same value.

mod calendar;
mod choice;
mod class;
mod code;
mod contact;
mod date;
mod group;
mod label;
mod name;
mod number;
mod post;
mod snils;
mod subject;

pub use calendar::{AcademicYear, GradeSet, PeriodKind, PeriodName, StudyWeek, ZoneName};
pub use choice::{DayName, GroupWord, Informing, Level, Relation, Sex, StudyForm, YesNo};
pub use class::ClassName;
pub use code::Code;
pub use contact::{Email, Phone};
pub use group::{GroupName, Part, Titled};
pub use label::Label;
pub use name::{NamePart, PersonName};
pub use number::{Grade, LessonNumber, Shift, SubgroupNumber, WeeklyHours};
pub use post::{Post, PostKind};
pub use snils::Snils;
pub use subject::{Room, Subject};

use super::findings::{Problem, Reason};

/// In which type of cell a spreadsheet keeps the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Native {
    /// Text or a number.
    Text,
    /// A date.
    Date,
    /// A time of day.
    Time,
}

/// A value that a cell can hold.
pub trait Value: Sized {
    /// The reason under which another spelling is reported as normalised.
    const FORM: Reason;
    /// The reason under which nonsense is reported.
    const BAD: Reason;
    /// The type of cell that needs no normalisation.
    const NATIVE: Native = Native::Text;

    /// Parses text that is already tidy and not empty.
    fn parse(text: &str) -> Result<Self, Problem>;

    /// The one spelling of this value.
    fn canonical(&self) -> String;
}

#[cfg(test)]
mod tests;
