//! The import of a school from its workbook: rows in, a validated plan out, nothing lost silently.
//!
//! [`preview`] reads every cell once and says everything there is to say: errors (bad values,
//! duplicates, unknown references, one group or one pupil twice in a slot), warnings (a teacher or a
//! room twice, load against timetable, unusual ages), normalisations (harmless slips, before and
//! after) and notices. [`Preview::choose`] makes the plan of the chosen rows, all or nothing, over a
//! set that is closed under references (settled question 7).
//!
//! Invariant: every row of the file is in the plan or in [`Chosen::left_out`] with its cause.

pub mod book;
mod build;
mod check;
mod compare;
mod context;
mod fields;
mod findings;
mod plan;
mod preview;
mod reason;
mod rows;
mod selection;
mod sheets;
mod table;
mod template;
#[cfg(test)]
mod tests;
pub mod value;

pub use book::Book;
pub use compare::Change;
pub use findings::{Column, Issue, Normalisation, Notice, Problem, Reason, RowRef};
pub use plan::{
    Bell, Class, Counts, DayOff, Entry, Group, Guardian, GuardianLink, ListedMember, Load, Pupil,
    School, SchoolPlan, StaffMember, StudyPeriod, WeeklyLesson,
};
pub use preview::{Preview, RowVerdict, Verdict, preview};
pub use selection::{Cause, ChoiceRefused, Chosen, LeftOut, Selection};
pub use sheets::to_book;
pub use template::{ColumnSpec, SheetKind, col};
