//! Tables of the rules, and properties that hold for every history of a cell.

use std::collections::HashSet;

use jiff::{SignedDuration, tz::TimeZone};
use proptest::prelude::*;

use super::*;
use crate::domain::{
    lesson::{
        Lesson, LessonState,
        tests::{a_lesson, person},
    },
    mark::tests::any_value,
};

const TEACHER: u128 = 1;
const OTHER: u128 = 2;
const PUPIL: u128 = 7;

fn zone() -> TimeZone {
    TimeZone::get("Europe/Simferopol").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn column(lesson: Lesson) -> Column {
    Column {
        lesson,
        members: HashSet::from([person(PUPIL)]),
        on_paper: HashSet::new(),
    }
}

fn moment<'a>(policy: &'a Policy, lesson: &Lesson, now: Timestamp, by: u128) -> Moment<'a> {
    let clocks = Clocks::of(policy, lesson, &zone());
    Moment {
        policy,
        clocks,
        window: clocks.window(lesson, now, &zone()),
        now,
        by: person(by),
    }
}

fn mark(slot: u8, value: &str) -> Change {
    Change::SetMark {
        slot,
        value: value.to_owned(),
        kind: ControlKind::Ordinary,
        comment: String::new(),
    }
}

fn absent(comment: &str) -> Change {
    Change::SetAttendance {
        attendance: Attendance::Absent,
        comment: comment.to_owned(),
    }
}

/// A journal of one cell with a clock.
struct Desk {
    policy: Policy,
    column: Column,
    cell: Cell,
    now: Timestamp,
}

impl Desk {
    /// 1 September, 10:00 in Simferopol.
    fn new() -> Desk {
        Desk {
            policy: Policy::default(),
            column: column(a_lesson()),
            cell: Cell::default(),
            now: at("2026-09-01T07:00:00Z"),
        }
    }

    fn later(&mut self, seconds: i64) -> &mut Desk {
        self.now += SignedDuration::from_secs(seconds);
        self
    }

    fn try_by(&mut self, by: u128, change: &Change, base: i64) -> Result<Applied, Stop> {
        let moment = moment(&self.policy, &self.column.lesson, self.now, by);
        admissible(&self.column, person(PUPIL), change, &moment)?;
        let plan = plan(&self.cell, change, base, &self.policy)?;
        permitted(&self.cell, &plan, &moment)?;
        let trace = Trace {
            at: self.now,
            by: person(by),
            late: moment.clocks.is_late(self.now),
        };
        Ok(carry_out(&mut self.cell, plan, trace))
    }

    /// By the teacher who sees what stands there.
    fn act(&mut self, change: Change) -> Result<Applied, Stop> {
        let base = self
            .cell
            .stamp(change.part())
            .map_or(0, |stamp| stamp.revision);
        self.try_by(TEACHER, &change, base)
    }
}

fn rejected(rejection: Rejection) -> Result<Applied, Stop> {
    Err(Stop::Rejected(rejection))
}

#[test]
fn a_mark_is_set_on_the_day_of_the_lesson() {
    let mut desk = Desk::new();
    let applied = desk.act(mark(1, "5")).unwrap();
    assert_eq!(
        (
            applied.old.as_str(),
            applied.new.as_str(),
            applied.revision,
            applied.late
        ),
        ("", "5", 1, false)
    );
    assert_eq!(desk.cell.text(Part::Mark(1)), "5");
}

#[test]
fn each_rule_has_its_reason() {
    let refuse = |lesson: Lesson, by: u128, change: Change| {
        let mut desk = Desk {
            column: column(lesson),
            ..Desk::new()
        };
        desk.try_by(by, &change, 0).unwrap_err()
    };
    let lesson = a_lesson;
    for (found, expected) in [
        (
            refuse(lesson(), OTHER, mark(1, "5")),
            Rejection::LessonNotOwn,
        ),
        (
            refuse(
                Lesson {
                    substitute: Some(person(OTHER)),
                    ..lesson()
                },
                TEACHER,
                mark(1, "5"),
            ),
            Rejection::LessonNotOwn,
        ),
        (
            refuse(
                Lesson {
                    state: LessonState::Cancelled,
                    ..lesson()
                },
                TEACHER,
                mark(1, "5"),
            ),
            Rejection::LessonCancelled,
        ),
        (
            refuse(
                Lesson {
                    date: jiff::civil::date(2026, 9, 2),
                    ..lesson()
                },
                TEACHER,
                mark(1, "5"),
            ),
            Rejection::LessonInFuture,
        ),
        (
            refuse(
                Lesson {
                    grade: 1,
                    ..lesson()
                },
                TEACHER,
                mark(1, "5"),
            ),
            Rejection::GradeHasNoMarks,
        ),
        (
            refuse(lesson(), TEACHER, mark(1, "6")),
            Rejection::MarkValueInvalid,
        ),
        (
            refuse(lesson(), TEACHER, mark(1, "1")),
            Rejection::MarkValueInvalid,
        ),
    ] {
        assert_eq!(found, Stop::Rejected(expected));
    }
    let mut stranger = Desk {
        column: Column {
            lesson: lesson(),
            members: HashSet::new(),
            on_paper: HashSet::new(),
        },
        ..Desk::new()
    };
    assert_eq!(
        stranger.act(mark(1, "5")),
        rejected(Rejection::PupilNotInGroup)
    );
}

#[test]
fn what_is_kept_on_paper_is_cleared_and_not_set() {
    let mut desk = Desk::new();
    assert!(desk.act(mark(1, "5")).is_ok());
    desk.column.on_paper.insert(person(PUPIL));
    assert_eq!(desk.act(mark(1, "4")), rejected(Rejection::PaperJournal));
    assert_eq!(desk.act(absent("болен")), rejected(Rejection::PaperJournal));
    assert!(desk.act(Change::ClearMark { slot: 1 }).is_ok());
}

#[test]
fn attendance_is_taken_in_grade_one_too() {
    let mut desk = Desk {
        column: column(Lesson {
            grade: 1,
            ..a_lesson()
        }),
        ..Desk::new()
    };
    assert!(desk.act(absent("")).is_ok());
}

#[test]
fn an_absence_and_a_mark_need_a_comment_in_either_order() {
    let mut desk = Desk::new();
    desk.act(absent("")).unwrap();
    assert_eq!(
        desk.act(mark(1, "4")),
        rejected(Rejection::AbsentMarkNeedsComment)
    );
    let explained = Change::SetMark {
        slot: 1,
        value: "4".to_owned(),
        kind: ControlKind::ControlWork,
        comment: "написал на дополнительном занятии".to_owned(),
    };
    desk.act(explained).unwrap();

    let mut desk = Desk::new();
    desk.act(mark(1, "4")).unwrap();
    assert_eq!(
        desk.act(absent("")),
        rejected(Rejection::AbsentMarkNeedsComment)
    );
    assert!(desk.act(absent("ушёл после урока")).is_ok());

    let mut late = Desk::new();
    late.act(Change::SetAttendance {
        attendance: Attendance::Late { minutes: 10 },
        comment: String::new(),
    })
    .unwrap();
    assert!(late.act(mark(1, "4")).is_ok());
}

#[test]
fn the_same_again_is_a_duplicate_and_a_stale_base_a_conflict() {
    let mut desk = Desk::new();
    desk.act(mark(1, "4")).unwrap();
    assert_eq!(desk.try_by(TEACHER, &mark(1, "4"), 0), Err(Stop::Duplicate));
    assert_eq!(desk.try_by(TEACHER, &mark(1, "5"), 0), Err(Stop::Conflict));
    assert_eq!(desk.try_by(TEACHER, &mark(1, "5"), 2), Err(Stop::Conflict));
    assert_eq!(
        desk.try_by(TEACHER, &Change::ClearMark { slot: 2 }, 0),
        Err(Stop::Duplicate)
    );
    assert_eq!(
        desk.try_by(TEACHER, &Change::ClearAttendance, 0),
        Err(Stop::Duplicate)
    );
}

#[test]
fn a_cleared_mark_keeps_its_revision_so_that_old_sight_conflicts() {
    let mut desk = Desk::new();
    desk.act(mark(1, "4")).unwrap();
    desk.later(10).act(Change::ClearMark { slot: 1 }).unwrap();
    desk.later(10).try_by(TEACHER, &mark(1, "3"), 0).unwrap();
    assert_eq!(desk.try_by(TEACHER, &mark(1, "5"), 1), Err(Stop::Conflict));
}

#[test]
fn lock_then_free_holds_five_minutes_but_never_the_authors_undo() {
    let mut desk = Desk::new();
    desk.act(mark(1, "4")).unwrap();
    assert_eq!(
        desk.later(59).act(mark(1, "5")),
        rejected(Rejection::MarkBlocked)
    );
    assert!(desk.later(1).act(Change::ClearMark { slot: 1 }).is_ok());

    let mut desk = Desk::new();
    desk.act(mark(1, "4")).unwrap();
    assert_eq!(
        desk.later(61).act(Change::ClearMark { slot: 1 }),
        rejected(Rejection::MarkBlocked)
    );
    assert_eq!(
        desk.later(238).act(mark(1, "5")),
        rejected(Rejection::MarkBlocked)
    );
    assert!(desk.later(1).act(mark(1, "5")).is_ok());
    assert!(
        desk.later(30).act(mark(1, "4")).is_ok(),
        "taking the change back is an undo"
    );
}

#[test]
fn grace_then_lock_lets_the_author_mend_and_then_asks_for_a_request() {
    let policy = Policy {
        mark_block: MarkBlock::GraceThenLock(SignedDuration::from_mins(5)),
        ..Policy::default()
    };
    let mut desk = Desk {
        policy,
        ..Desk::new()
    };
    desk.act(mark(1, "4")).unwrap();
    assert!(desk.later(200).act(mark(1, "5")).is_ok());
    desk.column.lesson.substitute = Some(person(OTHER));
    assert_eq!(
        desk.later(1).try_by(OTHER, &mark(1, "3"), 2),
        rejected(Rejection::MarkBlocked)
    );
    desk.column.lesson.substitute = None;
    assert_eq!(
        desk.later(100).act(mark(1, "3")),
        rejected(Rejection::CorrectionRequired)
    );
}

#[test]
fn a_new_mark_beside_a_blocked_one_is_not_blocked() {
    let mut desk = Desk::new();
    desk.act(mark(1, "4")).unwrap();
    assert!(desk.act(mark(2, "5")).is_ok());
    assert!(
        desk.act(Change::SetAttendance {
            attendance: Attendance::Late { minutes: 5 },
            comment: String::new()
        })
        .is_ok()
    );
}

#[test]
fn after_the_entry_was_due_a_change_is_taken_as_late() {
    let mut desk = Desk {
        now: at("2026-09-01T12:10:00Z"),
        ..Desk::new()
    };
    assert!(desk.act(mark(1, "4")).unwrap().late);
    assert!(desk.later(600).act(mark(1, "5")).unwrap().late);
}

#[test]
fn after_midnight_an_empty_cell_takes_a_late_first_entry_and_five_minutes_of_mending() {
    let mut desk = Desk {
        now: at("2026-09-03T07:00:00Z"),
        ..Desk::new()
    };
    assert!(desk.act(mark(1, "4")).unwrap().late);
    assert!(desk.later(100).act(mark(1, "5")).is_ok());
    assert!(desk.later(100).act(mark(2, "3")).is_ok());
    assert_eq!(
        desk.later(101).act(mark(1, "3")),
        rejected(Rejection::CorrectionRequired)
    );
    assert_eq!(
        desk.act(mark(3, "3")),
        rejected(Rejection::CorrectionRequired)
    );
    assert!(
        desk.act(absent("болел")).unwrap().late,
        "attendance is a part of its own"
    );
}

#[test]
fn after_midnight_what_stands_there_changes_only_by_request() {
    let mut desk = Desk::new();
    desk.act(mark(1, "4")).unwrap();
    desk.act(Change::SetAttendance {
        attendance: Attendance::Late { minutes: 5 },
        comment: String::new(),
    })
    .unwrap();
    desk.now = at("2026-09-01T21:00:00Z");
    assert_eq!(
        desk.act(mark(1, "5")),
        rejected(Rejection::CorrectionRequired)
    );
    assert_eq!(
        desk.act(Change::ClearMark { slot: 1 }),
        rejected(Rejection::CorrectionRequired)
    );
    assert_eq!(
        desk.act(mark(2, "5")),
        rejected(Rejection::CorrectionRequired)
    );
    assert_eq!(
        desk.act(Change::ClearAttendance),
        rejected(Rejection::CorrectionRequired)
    );
}

#[test]
fn a_mark_that_was_cleared_does_not_become_an_empty_cell_for_later_entries() {
    let mut desk = Desk::new();
    desk.act(mark(1, "4")).unwrap();
    desk.later(30).act(Change::ClearMark { slot: 1 }).unwrap();
    desk.now = at("2026-09-05T07:00:00Z");
    assert_eq!(
        desk.act(mark(1, "5")),
        rejected(Rejection::CorrectionRequired)
    );
}

#[test]
fn an_undo_works_across_midnight() {
    let mut desk = Desk {
        now: at("2026-09-01T20:59:30Z"),
        ..Desk::new()
    };
    desk.act(mark(1, "4")).unwrap();
    assert!(desk.later(60).act(Change::ClearMark { slot: 1 }).is_ok());
}

#[test]
fn the_policy_may_allow_a_one() {
    let mut desk = Desk {
        policy: Policy {
            one_allowed: true,
            ..Policy::default()
        },
        ..Desk::new()
    };
    assert!(desk.act(mark(1, "1")).is_ok());
}

fn any_change() -> impl Strategy<Value = Change> {
    let comment = prop_oneof![Just(String::new()), Just("сдал позже".to_owned())];
    prop_oneof![
        (1u8..=3, any_value(), comment.clone()).prop_map(|(slot, value, comment)| {
            Change::SetMark {
                slot,
                value: value.to_string(),
                kind: ControlKind::Answer,
                comment,
            }
        }),
        (1u8..=3).prop_map(|slot| Change::ClearMark { slot }),
        (crate::domain::attendance::tests::any_attendance(), comment).prop_map(
            |(attendance, comment)| Change::SetAttendance {
                attendance,
                comment
            }
        ),
        Just(Change::ClearAttendance),
    ]
}

proptest! {
    /// Whatever is tried in whatever order, with whatever sight of the cell.
    #[test]
    fn every_history_keeps_the_rules(
        steps in prop::collection::vec((any_change(), 0i64..4_000, 0i64..4, prop::bool::ANY), 1..60)
    ) {
        let mut desk = Desk { policy: Policy { one_allowed: true, ..Policy::default() }, ..Desk::new() };
        for (change, wait, base, by_sight) in steps {
            desk.later(wait);
            let part = change.part();
            let before = desk.cell.clone();
            let present = before.stamp(part).map_or(0, |stamp| stamp.revision);
            let base = if by_sight { present } else { base };
            match desk.try_by(TEACHER, &change, base) {
                Ok(applied) => {
                    prop_assert_eq!(applied.revision, present + 1);
                    prop_assert_eq!(&applied.old, &before.text(part));
                    prop_assert_eq!(&applied.new, &desk.cell.text(part));
                    prop_assert!(base == present || (base == 0 && applied.old.is_empty()));
                    let stamp = desk.cell.stamp(part).unwrap();
                    prop_assert!(stamp.first_at <= stamp.set_at && stamp.set_at == desk.now);
                }
                Err(Stop::Rejected(Rejection::AbsentMarkNeedsComment)) => {
                    prop_assert_eq!(&desk.cell, &before);
                }
                Err(_) => prop_assert_eq!(&desk.cell, &before),
            }
            prop_assert!(!desk.cell.lacks_comment(), "R32 broken by {change:?}");
            prop_assert!(desk.cell.slots.is_sorted_by(|a, b| a.slot < b.slot));
        }
    }

    /// Doing an accepted thing again changes nothing.
    #[test]
    fn an_accepted_change_repeated_is_a_duplicate(change in any_change()) {
        let mut desk = Desk { policy: Policy { one_allowed: true, ..Policy::default() }, ..Desk::new() };
        if let Ok(applied) = desk.act(change.clone()) {
            let after = desk.cell.clone();
            for base in [0, applied.revision] {
                prop_assert_eq!(desk.try_by(TEACHER, &change, base), Err(Stop::Duplicate));
            }
            prop_assert_eq!(desk.cell, after);
        }
    }
}
