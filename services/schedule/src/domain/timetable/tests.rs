//! When versions hold, and what is done with them.

use jiff::ToSpan;
use jiff::civil::date;

use super::change::{Content, Misstep, Place, Step, Terms, change};
use super::*;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + 3_600 * hour).unwrap()
}

fn version(number: i32, valid_from: Option<Date>, approved_at: i64) -> Version {
    Version {
        id: TimetableId::from_uuid(Uuid::from_u128(u128::try_from(number).unwrap())),
        year: "2026/2027".parse().unwrap(),
        number,
        title: String::new(),
        cycle: Cycle::weekly(date(2026, 9, 1)),
        approval: valid_from.map(|valid_from| Approval {
            valid_from,
            by: None,
            at: at(approved_at),
        }),
        approve_by: None,
        entry_count: 0,
        version: 3,
    }
}

fn id(number: u128) -> TimetableId {
    TimetableId::from_uuid(Uuid::from_u128(number))
}

#[test]
fn the_latest_first_day_that_has_come_rules() {
    let versions = [
        version(1, Some(date(2026, 9, 1)), 0),
        version(2, Some(date(2027, 1, 11)), 1),
        version(3, Some(date(2026, 12, 1)), 2),
        version(4, None, 0),
    ];
    let reigns = Reigns::of(&versions);
    assert_eq!(
        reigns.of_version(id(1)),
        Some((date(2026, 9, 1), Some(date(2026, 11, 30))))
    );
    assert_eq!(
        reigns.of_version(id(3)),
        Some((date(2026, 12, 1), Some(date(2027, 1, 10))))
    );
    assert_eq!(reigns.of_version(id(2)), Some((date(2027, 1, 11), None)));
    assert_eq!(reigns.of_version(id(4)), None);
    for (day, number) in [
        (date(2026, 8, 1), 1),
        (date(2026, 11, 30), 1),
        (date(2026, 12, 1), 3),
        (date(2027, 5, 26), 2),
    ] {
        assert_eq!(reigns.on(day), Some(id(number)), "{day}");
    }
    assert_eq!(reigns.end_of(date(2026, 12, 20)), Some(date(2027, 1, 10)));
    assert_eq!(reigns.end_of(date(2027, 1, 11)), None);
}

#[test]
fn of_two_versions_for_one_day_the_one_approved_last_rules() {
    let versions = [
        version(1, Some(date(2026, 9, 1)), 0),
        version(2, Some(date(2027, 1, 11)), 5),
        version(3, Some(date(2027, 1, 11)), 4),
    ];
    let reigns = Reigns::of(&versions);
    assert_eq!(reigns.on(date(2027, 1, 11)), Some(id(2)));
    assert_eq!(reigns.of_version(id(3)), None);
    assert_eq!(reigns.of_version(id(1)).unwrap().1, Some(date(2027, 1, 10)));
    assert_eq!(
        Reigns::of(&[version(1, None, 0)]).on(date(2027, 1, 11)),
        None
    );
}

#[test]
fn a_version_starts_after_today_and_in_its_year() {
    let draft = version(2, None, 0);
    let today = date(2026, 11, 16);
    for (day, expected) in [
        (today, Err(Refusal::TimetableTooEarly)),
        (date(2026, 9, 1), Err(Refusal::TimetableTooEarly)),
        (date(2026, 11, 17), Ok(())),
        (date(2027, 8, 31), Ok(())),
        (date(2027, 9, 1), Err(Refusal::TimetableOutsideYear)),
    ] {
        assert_eq!(draft.may_start(day, today), expected, "{day}");
    }
}

#[test]
fn only_a_draft_without_errors_that_was_seen_is_approved() {
    let today = date(2026, 11, 16);
    let approval = Approval {
        valid_from: today + 1.day(),
        by: None,
        at: at(0),
    };
    let draft = version(2, None, 0);
    let errors = draft.clone().approve(approval, today, 2);
    assert_eq!(errors, Err(Refusal::TimetableHasErrors(2)));
    let stale = draft.clone().open(Some(2));
    assert_eq!(stale, Err(Refusal::TimetableStale { current: 3 }));
    let approved = draft
        .open(Some(3))
        .unwrap()
        .approve(approval, today, 0)
        .unwrap();
    assert_eq!((approved.approval, approved.version), (Some(approval), 4));
    assert_eq!(approved.open(Some(4)), Err(Refusal::TimetableNotDraft));
}

fn entry_id(n: u128) -> TimetableEntryId {
    TimetableEntryId::from_uuid(Uuid::from_u128(n))
}

fn place(weekday: u8, number: u8, week: Week) -> Place {
    Place {
        weekday,
        number,
        week,
    }
}

fn content(group: u128) -> Content {
    Content {
        group: GroupId::from_uuid(Uuid::from_u128(group)),
        subject: SubjectId::from_uuid(Uuid::from_u128(1)),
        teacher: PersonId::from_uuid(Uuid::from_u128(1)),
        room: None,
    }
}

fn one_lesson() -> Vec<Entry> {
    let put = vec![Step::Put(None, place(1, 1, Week::Every), content(1))];
    change(version(1, None, 0), &[], put, || entry_id(7))
        .unwrap()
        .entries
}

#[test]
fn steps_are_taken_in_order_and_what_changed_is_told() {
    let steps = vec![
        Step::Move(entry_id(7), place(2, 3, Week::Every)),
        Step::Put(None, place(1, 1, Week::Every), content(2)),
        Step::Put(Some(entry_id(8)), place(1, 2, Week::Every), content(3)),
        Step::Remove(entry_id(7)),
    ];
    let changed = change(version(1, None, 0), &one_lesson(), steps, || entry_id(8)).unwrap();
    assert_eq!(changed.removed, [entry_id(7)]);
    assert_eq!(changed.put, changed.entries);
    let [only] = changed.entries[..] else {
        panic!("{:?}", changed.entries)
    };
    assert_eq!(
        (only.weekday, only.number, only.group),
        (1, 2, content(3).group)
    );
    assert_eq!(
        (changed.version.version, changed.version.entry_count),
        (4, 1)
    );
}

#[test]
fn a_lesson_put_back_where_it_was_is_no_change() {
    let steps = vec![
        Step::Move(entry_id(7), place(2, 3, Week::Every)),
        Step::Move(entry_id(7), place(1, 1, Week::Every)),
    ];
    let changed = change(version(1, None, 0), &one_lesson(), steps, || entry_id(8)).unwrap();
    assert_eq!((changed.put, changed.removed), (vec![], vec![]));
}

#[test]
fn weeks_need_a_cycle_of_two_and_unknown_lessons_are_refused_by_their_step() {
    let two = Cycle::new(2, date(2026, 8, 31)).unwrap();
    let one = Cycle::weekly(date(2026, 8, 31));
    let take = |steps| change(version(1, None, 0), &one_lesson(), steps, || entry_id(8));
    let every = || Step::Move(entry_id(7), place(1, 2, Week::Every));
    let first = || Step::Move(entry_id(7), place(1, 2, Week::First));
    let terms = |cycle| {
        let (title, approve_by) = ("Т".into(), None);
        Step::SetTerms(Terms {
            title,
            cycle,
            approve_by,
        })
    };
    assert_eq!(
        take(vec![every(), first()]),
        Err((1, Misstep::WeekNotInCycle))
    );
    assert!(take(vec![terms(two), first()]).is_ok());
    let left = take(vec![terms(two), first(), terms(one)]);
    assert_eq!(left, Err((2, Misstep::WeekNotInCycle)));
    let unknown = [
        Step::Remove(entry_id(9)),
        Step::Move(entry_id(9), place(1, 1, Week::Every)),
        Step::Put(Some(entry_id(9)), place(1, 1, Week::Every), content(1)),
    ];
    for step in unknown {
        assert_eq!(take(vec![step]), Err((0, Misstep::UnknownEntry)));
    }
}

#[test]
fn a_version_does_not_grow_without_end() {
    let full: Vec<Entry> = (0..MOST_ENTRIES as u128)
        .map(|n| Entry {
            id: entry_id(n + 10),
            ..one_lesson()[0]
        })
        .collect();
    let one_more = vec![Step::Put(None, place(1, 1, Week::Every), content(1))];
    let refused = change(version(1, None, 0), &full, one_more, || entry_id(8));
    assert_eq!(refused, Err((0, Misstep::TooManyEntries)));
}

#[test]
fn an_approval_is_overdue_once_its_day_has_passed() {
    let due = date(2026, 12, 25);
    let draft = Version {
        approve_by: Some(due),
        ..version(2, None, 0)
    };
    let (eve, next) = (date(2026, 12, 24), date(2026, 12, 26));
    assert!(!draft.is_overdue(None, eve) && !draft.is_overdue(None, due));
    assert!(draft.is_overdue(None, next) && draft.is_overdue(Some(next), next));
    assert!(!draft.is_overdue(Some(due), next), "approved in time");
    assert!(!version(2, None, 0).is_overdue(None, next), "no day is set");
}
