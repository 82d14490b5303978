//! The book of orders (книга приказов, R119, R234): what an order says, which rules it
//! keeps, and what posting it does to enrolments and memberships.
//!
//! Invariant: a posted order is never edited; its effects are taken back by another.

mod effects;
mod number;
mod plan;
mod rules;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use zhurnal_proto::id::{ClassId, GroupId, OrderId, PersonId, SchoolId};

pub use effects::{Act, Effect, Effects, Summary};
pub use number::{next as next_number, prefix};
pub use plan::{Arrival, Facts, Known, Movement, Obstacle, plan};
pub use rules::Broken;

use super::record::{EducationForm, Name, Sex};

/// Kind of order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// Зачисление.
    Admission,
    /// Transfer between classes.
    Transfer,
    /// Promotion to the next grade.
    Promotion,
    /// Отчисление.
    Expulsion,
    /// Graduation.
    Graduation,
    /// Transfer to another school of the region.
    Departure,
    /// Takes another order back.
    Reversal,
}

impl OrderKind {
    /// Written by hand as a draft.
    pub fn is_drafted(self) -> bool {
        matches!(
            self,
            Self::Admission | Self::Transfer | Self::Expulsion | Self::Departure
        )
    }

    /// The pupil enters a class.
    pub fn enters(self) -> bool {
        matches!(self, Self::Admission | Self::Transfer)
    }
}

/// State of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderState {
    /// Without effect.
    Draft,
    /// In force.
    Posted,
    /// Taken back.
    Reversed,
}

/// The card of a pupil who is new to the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPupil {
    /// Name.
    pub name: Name,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub birth_date: Date,
}

/// A pupil in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Card; `None` for a new pupil until the order is posted.
    pub pupil: Option<PersonId>,
    /// The card that posting makes.
    pub new: Option<NewPupil>,
    /// Class to enter.
    pub class: Option<ClassId>,
    /// Form of education.
    pub form: EducationForm,
    /// Groups to enter beside that of the whole class.
    pub groups: Vec<GroupId>,
    /// Why the pupil leaves.
    pub reason: String,
    /// Where to, as written.
    pub destination: String,
    /// Where to, in the region.
    pub to_school: Option<SchoolId>,
}

impl Entry {
    /// A pupil of whom nothing more is said.
    pub fn of(pupil: PersonId) -> Self {
        Self {
            pupil: Some(pupil),
            new: None,
            class: None,
            form: EducationForm::FullTime,
            groups: Vec::new(),
            reason: String::new(),
            destination: String::new(),
            to_school: None,
        }
    }
}

/// An order of the book of orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Id.
    pub id: OrderId,
    /// Number in the book.
    pub number: String,
    /// Date.
    pub date: Date,
    /// Kind.
    pub kind: OrderKind,
    /// First day on which it acts.
    pub effective_on: Date,
    /// On what it rests.
    pub basis: String,
    /// Pupils.
    pub pupils: Vec<Entry>,
}
