//! Curriculum, teaching load, tariff order and calendar: versions of a year, each approved by
//! the director (R46, R99, R100, R102).
//!
//! Invariant: only the newest version of a kind may be a draft, and only a draft changes.

use jiff::Timestamp;
use jiff::civil::Date;
use zhurnal_proto::id::{PersonId, StudyDocumentId};

use super::academic_year::AcademicYear;
use super::refusal::Refusal;

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Hours of each grade in each subject.
    Curriculum,
    /// The teaching loads of the school.
    TeachingLoad,
    /// The approved load by an order.
    Tariff,
    /// The calendar of the school year.
    Calendar,
}

/// What its makers set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Title; may be empty.
    pub title: String,
    /// Number of the order; may be empty.
    pub order_number: String,
    /// Date of the order.
    pub ordered_on: Option<Date>,
    /// Day by which it is to be approved.
    pub approve_by: Option<Date>,
}

/// Who approved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// Card; none for whoever has no card at the school.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// A version without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyDocument {
    /// Id.
    pub id: StudyDocumentId,
    /// Academic year.
    pub year: AcademicYear,
    /// Kind.
    pub kind: Kind,
    /// Number among the versions of the kind, from 1.
    pub number: i32,
    /// What its makers set.
    pub terms: Terms,
    /// Load that an approved tariff order rests on.
    pub based_on: Option<StudyDocumentId>,
    /// `None` while it is a draft.
    pub approval: Option<Approval>,
    /// When it was changed last.
    pub saved_at: Timestamp,
    /// Grows by one with every change.
    pub version: i64,
}

impl StudyDocument {
    /// The first version of a kind.
    pub fn first(id: StudyDocumentId, year: AcademicYear, kind: Kind, now: Timestamp) -> Self {
        Self {
            id,
            year,
            kind,
            number: 1,
            terms: Terms::default(),
            based_on: None,
            approval: None,
            saved_at: now,
            version: 1,
        }
    }

    /// Whether the caller saw it as it is now.
    pub fn seen(&self, version: Option<i64>) -> Result<(), Refusal> {
        if version == Some(self.version) {
            Ok(())
        } else {
            Err(Refusal::StudyDocumentStale {
                current: self.version,
            })
        }
    }

    /// The draft that a change of it goes to: itself, or the next version of an approved one,
    /// without order and due date.
    pub fn draft(&self, id: StudyDocumentId, now: Timestamp) -> Self {
        if self.approval.is_none() {
            return Self {
                saved_at: now,
                version: self.version + 1,
                ..self.clone()
            };
        }
        let first = Self::first(id, self.year, self.kind, now);
        Self {
            number: self.number + 1,
            terms: Terms {
                title: self.terms.title.clone(),
                ..Terms::default()
            },
            ..first
        }
    }

    /// Approves a draft. `load` = the newest load when this is a tariff order.
    pub fn approve(self, approval: Approval, load: Option<&Self>) -> Result<Self, Refusal> {
        if self.approval.is_some() {
            return Err(Refusal::StudyDocumentNotDraft);
        }
        let based_on = match self.kind {
            Kind::Curriculum | Kind::TeachingLoad | Kind::Calendar => None,
            Kind::Tariff => {
                if self.terms.order_number.is_empty() || self.terms.ordered_on.is_none() {
                    return Err(Refusal::OrderMissing);
                }
                let approved = load.filter(|load| load.approval.is_some());
                Some(approved.ok_or(Refusal::LoadNotApproved)?.id)
            }
        };
        Ok(Self {
            based_on,
            approval: Some(approval),
            version: self.version + 1,
            ..self
        })
    }

    /// Whether the approval came, or still has to come, after its day. `approved_on` = day of
    /// the approval, `None` while it is a draft.
    pub fn is_overdue(&self, approved_on: Option<Date>, today: Date) -> bool {
        let due = self.terms.approve_by;
        due.is_some_and(|due| due < approved_on.unwrap_or(today))
    }
}

/// The version of the kind that was approved last.
pub fn approved(all: &[StudyDocument], kind: Kind) -> Option<&StudyDocument> {
    let of_kind = all.iter().filter(|one| one.kind == kind);
    let approved = of_kind.filter(|one| one.approval.is_some());
    approved.max_by_key(|one| one.number)
}

/// The newest version of the kind.
pub fn newest(all: &[StudyDocument], kind: Kind) -> Option<&StudyDocument> {
    let of_kind = all.iter().filter(|one| one.kind == kind);
    of_kind.max_by_key(|one| one.number)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn document(kind: Kind) -> StudyDocument {
        let id = StudyDocumentId::from_uuid(Uuid::from_u128(1));
        StudyDocument::first(
            id,
            "2026/2027".parse().unwrap(),
            kind,
            Timestamp::UNIX_EPOCH,
        )
    }

    fn approval() -> Approval {
        Approval {
            by: None,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_change_after_the_approval_goes_to_the_next_version() {
        let id = StudyDocumentId::from_uuid(Uuid::from_u128(2));
        let mut draft = document(Kind::Curriculum).draft(id, Timestamp::UNIX_EPOCH);
        assert_eq!((draft.number, draft.version), (1, 2));
        draft.terms.title = "Основной".into();
        draft.terms.approve_by = Some(date(2026, 8, 25));
        let approved = draft.approve(approval(), None).unwrap();
        assert_eq!(
            approved.clone().approve(approval(), None),
            Err(Refusal::StudyDocumentNotDraft)
        );
        let next = approved.draft(id, Timestamp::UNIX_EPOCH);
        assert_eq!((next.id, next.number, next.version), (id, 2, 1));
        assert_eq!(
            (next.terms.title.as_str(), next.terms.approve_by),
            ("Основной", None)
        );
        assert!(next.approval.is_none());
    }

    #[test]
    fn a_tariff_order_needs_number_date_and_an_approved_load() {
        let mut tariff = document(Kind::Tariff);
        let load = document(Kind::TeachingLoad);
        assert_eq!(
            tariff.clone().approve(approval(), Some(&load)),
            Err(Refusal::OrderMissing)
        );
        tariff.terms.order_number = "41".into();
        tariff.terms.ordered_on = Some(date(2026, 9, 1));
        for not_approved in [None, Some(&load)] {
            let refused = tariff.clone().approve(approval(), not_approved);
            assert_eq!(refused, Err(Refusal::LoadNotApproved));
        }
        let load = load.approve(approval(), None).unwrap();
        let approved = tariff.approve(approval(), Some(&load)).unwrap();
        assert_eq!(approved.based_on, Some(load.id));
    }

    #[test]
    fn overdue_is_what_was_or_still_is_approved_after_its_day() {
        let mut one = document(Kind::Curriculum);
        let (due, after) = (date(2026, 8, 25), date(2026, 8, 26));
        assert!(!one.is_overdue(None, after));
        one.terms.approve_by = Some(due);
        assert!(one.is_overdue(None, after) && !one.is_overdue(None, due));
        assert!(one.is_overdue(Some(after), after) && !one.is_overdue(Some(due), after));
    }
}
