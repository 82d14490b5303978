//! A dated lesson and what may happen to it.
//!
//! Invariant: a cancelled lesson stays as it was; while a substitute is set, the
//! lesson is the substitute's and the timetable's teacher has no right to it.

use jiff::civil::Date;
use zhurnal_proto::id::{GroupId, LessonId, PersonId, SubjectId};

use super::bells::TimeOfDay;
use super::refusal::Refusal;

/// What the timetable says of a lesson. Whether it was held is the journal's fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LessonState {
    /// Is to be held.
    Planned {
        /// Who stands in for the timetable's teacher.
        substitution: Option<Substitution>,
    },
    /// Will not be held.
    Cancelled {
        /// Why.
        reason: String,
        /// Who would have stood in.
        substitute: Option<PersonId>,
    },
    /// Taken out by a version of the timetable.
    Removed,
}

/// A substitution (замена, R115).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substitution {
    /// Who teaches instead.
    pub teacher: PersonId,
    /// Why.
    pub reason: String,
}

/// When a lesson is held: times are half-open, a lesson may start as another ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Date.
    pub date: Date,
    /// Start.
    pub starts_at: TimeOfDay,
    /// End, exclusive.
    pub ends_at: TimeOfDay,
}

impl Slot {
    /// Whether one person cannot be at both. By the clock, not by the number: two
    /// shifts have clocks of their own.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.date == other.date && self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

/// A dated lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Id, never reused.
    pub id: LessonId,
    /// When.
    pub slot: Slot,
    /// Group.
    pub group: GroupId,
    /// Subject.
    pub subject: SubjectId,
    /// Teacher by the timetable.
    pub teacher: PersonId,
    /// State.
    pub state: LessonState,
    /// Is held remotely.
    pub remote: bool,
    /// Grows by one with every change.
    pub version: i64,
}

impl Lesson {
    /// Substitute, also of a lesson that was cancelled later.
    pub fn substitute(&self) -> Option<PersonId> {
        match &self.state {
            LessonState::Planned { substitution } => substitution.as_ref().map(|s| s.teacher),
            LessonState::Cancelled { substitute, .. } => *substitute,
            LessonState::Removed => None,
        }
    }

    /// Why it was cancelled or substituted; empty when neither.
    pub fn reason(&self) -> &str {
        match &self.state {
            LessonState::Planned { substitution } => {
                substitution.as_ref().map_or("", |s| &s.reason)
            }
            LessonState::Cancelled { reason, .. } => reason,
            LessonState::Removed => "",
        }
    }

    /// Who has to be there; nobody when it is cancelled.
    pub fn taught_by(&self) -> Option<PersonId> {
        match &self.state {
            LessonState::Planned { .. } => Some(self.substitute().unwrap_or(self.teacher)),
            LessonState::Cancelled { .. } | LessonState::Removed => None,
        }
    }

    /// The version the caller saw must be the present one; `None` = not said.
    pub fn seen_as(self, version: Option<i64>) -> Result<Self, Refusal> {
        match version {
            Some(seen) if seen != self.version => Err(Refusal::EtagStale {
                current: self.version,
            }),
            _ => Ok(self),
        }
    }

    /// Cancels a planned lesson.
    pub fn cancel(self, reason: String) -> Result<Self, Refusal> {
        let substitute = self.substitute();
        self.change(|_| LessonState::Cancelled { reason, substitute })
    }

    /// A cancelled lesson as it was before, with its substitute and the reason for that;
    /// `None`: it is not cancelled.
    pub fn restore(self, reason: String) -> Option<Self> {
        let LessonState::Cancelled { substitute, .. } = self.state else {
            return None;
        };
        let substitution = substitute.map(|teacher| Substitution { teacher, reason });
        Some(Self {
            state: LessonState::Planned { substitution },
            version: self.version + 1,
            ..self
        })
    }

    /// The lesson held remotely or at school; `None`: it is held so already.
    pub fn set_remote(self, remote: bool) -> Option<Self> {
        (self.remote != remote).then(|| Self {
            remote,
            version: self.version + 1,
            ..self
        })
    }

    /// Puts another teacher on a planned lesson. Naming the timetable's own
    /// teacher ends a substitution. `others` are the lessons of that day in which
    /// the teacher appears.
    pub fn put_teacher(
        self,
        teacher: PersonId,
        reason: String,
        others: &[Self],
    ) -> Result<Self, Refusal> {
        let busy = others.iter().any(|other| {
            other.id != self.id
                && other.taught_by() == Some(teacher)
                && other.slot.overlaps(&self.slot)
        });
        if matches!(self.state, LessonState::Planned { .. })
            && (busy || self.taught_by() == Some(teacher))
        {
            return Err(Refusal::TeacherBusy);
        }
        self.change(|lesson| {
            let own = teacher == lesson.teacher;
            LessonState::Planned {
                substitution: (!own).then_some(Substitution { teacher, reason }),
            }
        })
    }

    fn change(self, to: impl FnOnce(&Self) -> LessonState) -> Result<Self, Refusal> {
        match self.state {
            LessonState::Planned { .. } => {
                let state = to(&self);
                Ok(Self {
                    state,
                    version: self.version + 1,
                    ..self
                })
            }
            LessonState::Cancelled { .. } | LessonState::Removed => Err(Refusal::LessonNotPlanned),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    const fn person(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }

    const OWN: PersonId = person(1);
    const OTHER: PersonId = person(2);

    fn lesson(id: u128, teacher: PersonId, starts_at: &str, ends_at: &str) -> Lesson {
        Lesson {
            id: LessonId::from_uuid(Uuid::from_u128(id)),
            slot: Slot {
                date: date(2026, 9, 7),
                starts_at: starts_at.parse().unwrap(),
                ends_at: ends_at.parse().unwrap(),
            },
            group: GroupId::from_uuid(Uuid::from_u128(10)),
            subject: SubjectId::from_uuid(Uuid::from_u128(11)),
            teacher,
            state: LessonState::Planned { substitution: None },
            remote: false,
            version: 1,
        }
    }

    #[test]
    fn a_substitution_makes_the_lesson_the_substitutes() {
        let after = lesson(1, OWN, "08:00", "08:40")
            .put_teacher(OTHER, "болезнь".into(), &[])
            .unwrap();
        assert_eq!(
            (after.taught_by(), after.teacher, after.version),
            (Some(OTHER), OWN, 2)
        );
        assert_eq!(after.reason(), "болезнь");
    }

    #[test]
    fn a_cancelled_lesson_comes_back_with_its_substitute() {
        let replaced = lesson(1, OWN, "08:00", "08:40")
            .put_teacher(OTHER, "болезнь".into(), &[])
            .unwrap();
        let cancelled = replaced.clone().cancel("карантин".into()).unwrap();
        let back = cancelled.restore("болезнь".into()).unwrap();
        assert_eq!((&back.state, back.version), (&replaced.state, 4));
        assert_eq!(back.restore(String::new()), None, "it is not cancelled");
    }

    #[test]
    fn a_lesson_is_set_remote_once() {
        let remote = lesson(1, OWN, "08:00", "08:40").set_remote(true).unwrap();
        assert_eq!((remote.remote, remote.version), (true, 2));
        assert_eq!(remote.set_remote(true), None);
    }

    #[test]
    fn the_timetables_teacher_ends_a_substitution() {
        let replaced = lesson(1, OWN, "08:00", "08:40")
            .put_teacher(OTHER, "болезнь".into(), &[])
            .unwrap();
        let back = replaced.put_teacher(OWN, "вышел".into(), &[]).unwrap();
        assert_eq!(
            (back.substitute(), back.taught_by(), back.reason()),
            (None, Some(OWN), "")
        );
    }

    #[test]
    fn whoever_teaches_the_lesson_already_cannot_be_put_on_it() {
        let own = lesson(1, OWN, "08:00", "08:40");
        assert_eq!(
            own.clone().put_teacher(OWN, "х".into(), &[]),
            Err(Refusal::TeacherBusy)
        );
        let replaced = own.put_teacher(OTHER, "х".into(), &[]).unwrap();
        assert_eq!(
            replaced.put_teacher(OTHER, "х".into(), &[]),
            Err(Refusal::TeacherBusy)
        );
    }

    #[test]
    fn a_teacher_is_busy_by_the_clock_and_not_by_the_number() {
        let wanted = lesson(1, OWN, "12:30", "13:10");
        let put = |others: &[Lesson]| wanted.clone().put_teacher(OTHER, "х".into(), others);
        assert_eq!(
            put(&[lesson(2, OTHER, "12:50", "13:30")]),
            Err(Refusal::TeacherBusy)
        );
        assert!(
            put(&[
                lesson(2, OTHER, "13:10", "13:50"),
                lesson(3, OTHER, "11:50", "12:30")
            ])
            .is_ok()
        );
    }

    #[test]
    fn a_lesson_given_away_or_cancelled_leaves_its_teacher_free() {
        let wanted = lesson(1, OWN, "08:00", "08:40");
        let given = lesson(2, OTHER, "08:00", "08:40")
            .put_teacher(person(3), "х".into(), &[])
            .unwrap();
        let cancelled = lesson(3, OTHER, "08:00", "08:40")
            .cancel("х".into())
            .unwrap();
        assert!(
            wanted
                .clone()
                .put_teacher(OTHER, "х".into(), &[given.clone(), cancelled])
                .is_ok()
        );
        assert_eq!(
            wanted.put_teacher(person(3), "х".into(), &[given]),
            Err(Refusal::TeacherBusy)
        );
    }

    #[test]
    fn a_cancelled_lesson_stays_as_it_was() {
        let replaced = lesson(1, OWN, "08:00", "08:40")
            .put_teacher(OTHER, "болезнь".into(), &[])
            .unwrap();
        let cancelled = replaced.cancel("карантин".into()).unwrap();
        assert_eq!(
            (
                cancelled.reason(),
                cancelled.substitute(),
                cancelled.taught_by()
            ),
            ("карантин", Some(OTHER), None)
        );
        assert_eq!(
            cancelled.clone().cancel("х".into()),
            Err(Refusal::LessonNotPlanned)
        );
        assert_eq!(
            cancelled.put_teacher(OTHER, "х".into(), &[]),
            Err(Refusal::LessonNotPlanned)
        );
    }

    #[test]
    fn a_version_that_is_not_the_present_one_is_stale() {
        let lesson = lesson(1, OWN, "08:00", "08:40");
        assert!(lesson.clone().seen_as(None).is_ok() && lesson.clone().seen_as(Some(1)).is_ok());
        assert_eq!(
            lesson.seen_as(Some(2)),
            Err(Refusal::EtagStale { current: 1 })
        );
    }
}
