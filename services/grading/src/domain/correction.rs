//! A correction request (письменное согласование, R27): made by who teaches the
//! lesson, decided by the deputy in charge.
//!
//! Invariant: a decision is made once, never by the author.

use jiff::Timestamp;
use zhurnal_proto::id::{CorrectionRequestId, JournalId, LessonId, PersonId, SchoolId};

use super::{
    cell::Part,
    operation::{Change, Operation},
};

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionRequest {
    /// Id.
    pub id: CorrectionRequestId,
    /// School.
    pub school: SchoolId,
    /// First calendar year of the academic year.
    pub academic_year: i16,
    /// Journal of the lesson.
    pub journal: JournalId,
    /// Grade, which decides who is in charge.
    pub grade: u8,
    /// The wanted change, with what the author saw.
    pub operation: Operation,
    /// Text before; empty = none.
    pub old_value: String,
    /// Text wanted; empty = cleared.
    pub new_value: String,
    /// Reason, in writing.
    pub reason: String,
    /// Author's card.
    pub author: PersonId,
    /// When asked.
    pub requested_at: Timestamp,
    /// State.
    pub state: CorrectionState,
}

impl CorrectionRequest {
    /// Lesson of the cell.
    pub fn lesson(&self) -> LessonId {
        self.operation.lesson
    }

    /// Pupil of the cell.
    pub fn pupil(&self) -> PersonId {
        self.operation.pupil
    }

    /// Part of the cell.
    pub fn part(&self) -> Part {
        self.operation.change.part()
    }

    /// What the ledger says of a new request: everything that it wants.
    pub fn ledger_value(&self) -> String {
        let kind = match &self.operation.change {
            Change::SetMark { kind, .. } => kind.number(),
            _ => 0,
        };
        let (part, base) = (self.part().number(), self.operation.base_revision);
        format!(
            "PENDING: часть {part}, «{}» → «{}», вид работы {kind}, ревизия {base}",
            self.old_value, self.new_value
        )
    }

    /// The personal text of the request: reason, and the comment that is wanted.
    pub fn ledger_text(&self) -> String {
        match self.operation.change.comment() {
            "" => self.reason.clone(),
            comment => format!("{}\n— {comment}", self.reason),
        }
    }
}

/// State of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorrectionState {
    /// Waits.
    Pending,
    /// Approved and applied.
    Approved(Decision),
    /// Refused.
    Refused(Decision),
}

/// Who decided, when, in which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Deputy's card.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Note to the author.
    pub note: String,
}

/// What the deputy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Apply it.
    Approve,
    /// Do not.
    Refuse,
}

/// Why no decision is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionRefusal {
    /// It was decided before.
    Decided,
    /// The person may not decide on this request.
    NotInCharge,
}

impl CorrectionState {
    /// Word in the database and in the ledger.
    pub fn word(&self) -> &'static str {
        match self {
            CorrectionState::Pending => "PENDING",
            CorrectionState::Approved(_) => "APPROVED",
            CorrectionState::Refused(_) => "REFUSED",
        }
    }

    /// The decision, once there is one.
    pub fn decision(&self) -> Option<&Decision> {
        match self {
            CorrectionState::Pending => None,
            CorrectionState::Approved(decision) | CorrectionState::Refused(decision) => {
                Some(decision)
            }
        }
    }

    /// Decides; consumes the state that was.
    pub fn decide(
        self,
        verdict: Verdict,
        author: PersonId,
        in_charge: &Deciders,
        decision: Decision,
    ) -> Result<CorrectionState, DecisionRefusal> {
        if !in_charge.may_decide(decision.by, author) {
            return Err(DecisionRefusal::NotInCharge);
        }
        match (self, verdict) {
            (CorrectionState::Pending, Verdict::Approve) => Ok(CorrectionState::Approved(decision)),
            (CorrectionState::Pending, Verdict::Refuse) => Ok(CorrectionState::Refused(decision)),
            _ => Err(DecisionRefusal::Decided),
        }
    }
}

/// Who may decide on requests of one grade today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deciders {
    /// Deputies whose supervision covers the grade.
    pub supervisors: Vec<PersonId>,
    /// The school's directors: they decide where no supervisor can.
    pub directors: Vec<PersonId>,
}

impl Deciders {
    /// A supervisor of the grade; the director where there is none, or where the
    /// author is one; never the author.
    pub fn may_decide(&self, person: PersonId, author: PersonId) -> bool {
        let supervised = self.supervisors.contains(&person);
        let vacant = self.supervisors.is_empty() || self.supervisors.contains(&author);
        person != author && (supervised || (vacant && self.directors.contains(&person)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::lesson::tests::person;

    const AUTHOR: u128 = 1;

    fn deciders(supervisors: &[u128], directors: &[u128]) -> Deciders {
        let list = |numbers: &[u128]| numbers.iter().map(|n| person(*n)).collect();
        Deciders {
            supervisors: list(supervisors),
            directors: list(directors),
        }
    }

    fn decision(by: u128) -> Decision {
        Decision {
            by: person(by),
            at: Timestamp::UNIX_EPOCH,
            note: "согласовано".to_owned(),
        }
    }

    #[test]
    fn the_supervisor_decides_and_the_director_where_there_is_none() {
        assert!(deciders(&[2], &[9]).may_decide(person(2), person(AUTHOR)));
        assert!(!deciders(&[2], &[9]).may_decide(person(9), person(AUTHOR)));
        assert!(deciders(&[], &[9]).may_decide(person(9), person(AUTHOR)));
        assert!(deciders(&[AUTHOR], &[9]).may_decide(person(9), person(AUTHOR)));
        assert!(!deciders(&[], &[]).may_decide(person(9), person(AUTHOR)));
    }

    #[test]
    fn a_decision_is_made_once() {
        let charge = deciders(&[2, 3], &[]);
        let approved = CorrectionState::Pending
            .decide(Verdict::Approve, person(AUTHOR), &charge, decision(2))
            .unwrap();
        assert_eq!(approved.word(), "APPROVED");
        let again = approved.decide(Verdict::Refuse, person(AUTHOR), &charge, decision(3));
        assert_eq!(again, Err(DecisionRefusal::Decided));
    }

    proptest! {
        #[test]
        fn the_author_never_decides(supervisors in prop::collection::vec(1u128..5, 0..4), directors in prop::collection::vec(1u128..5, 0..3), author in 1u128..5, by in 1u128..5) {
            let charge = deciders(&supervisors, &directors);
            let decided = CorrectionState::Pending.decide(Verdict::Approve, person(author), &charge, decision(by));
            if by == author {
                prop_assert_eq!(decided, Err(DecisionRefusal::NotInCharge));
            } else if decided.is_ok() {
                prop_assert!(supervisors.contains(&by) || directors.contains(&by));
            }
        }
    }
}
