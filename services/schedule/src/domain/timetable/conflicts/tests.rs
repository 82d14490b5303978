//! One test for each kind of conflict, and what is none.

use jiff::civil::date;

use super::*;
use crate::domain::bells::Bell;
use crate::domain::timetable::cycle::Week;

fn group(n: u128) -> GroupId {
    GroupId::from_uuid(Uuid::from_u128(n))
}

fn teacher(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(n))
}

const ALGEBRA: SubjectId = SubjectId::from_uuid(Uuid::from_u128(50));

/// Classes: group 1 whole, 2 and 3 its parts (class 1), 4 another class in shift 2,
/// 5 an elective of several classes.
fn ground() -> Ground {
    let bell = |shift, number, starts: &str, ends: &str| Bell {
        shift,
        number,
        starts_at: starts.parse().unwrap(),
        ends_at: ends.parse().unwrap(),
    };
    let bells = [
        bell(1, 1, "08:00", "08:40"),
        bell(1, 2, "08:50", "09:30"),
        bell(1, 3, "09:40", "10:20"),
        bell(1, 4, "10:30", "11:10"),
        bell(2, 1, "09:10", "09:50"),
    ];
    let of_class = |class: Option<u128>, whole, shift| Group {
        class: class.map(|n| ClassId::from_uuid(Uuid::from_u128(n))),
        whole,
        grade: 5,
        shift,
    };
    let groups = [
        (group(1), of_class(Some(1), true, 1)),
        (group(2), of_class(Some(1), false, 1)),
        (group(3), of_class(Some(1), false, 1)),
        (group(4), of_class(Some(2), true, 2)),
        (group(5), of_class(None, false, 1)),
    ];
    Ground {
        week: StudyWeek::FiveDays,
        bells: Bells::new(&bells).unwrap(),
        groups: groups.into(),
        loads: BTreeMap::new(),
        shared: HashSet::new(),
    }
}

fn lesson(id: u128, (weekday, number): (u8, u8), (who, whom): (u128, u128)) -> Entry {
    Entry {
        id: TimetableEntryId::from_uuid(Uuid::from_u128(id)),
        weekday,
        number,
        week: Week::Every,
        group: group(whom),
        subject: ALGEBRA,
        teacher: teacher(who),
        room: None,
    }
}

fn weekly() -> Cycle {
    Cycle::weekly(date(2026, 9, 1))
}

/// Kinds that are found with loads as they are placed.
fn found(mut ground: Ground, entries: &[Entry]) -> Vec<(Kind, bool)> {
    for entry in entries {
        let key = (entry.group, entry.subject, entry.teacher);
        *ground.loads.entry(key).or_default() += entry.week.hundredths();
    }
    let two = Cycle::new(2, date(2026, 8, 31)).unwrap();
    let check = ground.check(two, entries);
    check
        .conflicts
        .iter()
        .map(|one| (one.kind, one.is_error))
        .collect()
}

#[test]
fn a_teacher_in_two_places_by_the_clock_is_busy() {
    // The second of shift 1 and the first of shift 2 overlap; the first of both do not.
    let busy = [lesson(1, (1, 2), (1, 1)), lesson(2, (1, 1), (1, 4))];
    assert_eq!(found(ground(), &busy), [(Kind::TeacherBusy, true)]);
    let free = [lesson(1, (1, 1), (1, 1)), lesson(2, (1, 1), (1, 4))];
    assert_eq!(found(ground(), &free), []);
    let other_day = [lesson(1, (1, 2), (1, 1)), lesson(2, (2, 1), (1, 4))];
    assert_eq!(found(ground(), &other_day), []);
}

#[test]
fn lessons_of_different_weeks_share_a_place() {
    let week = |week, entry: Entry| Entry { week, ..entry };
    let one = week(Week::First, lesson(1, (1, 1), (1, 1)));
    let other = lesson(2, (1, 1), (1, 1));
    assert_eq!(found(ground(), &[one, week(Week::Second, other)]), []);
    assert_eq!(
        found(ground(), &[one, other]),
        [(Kind::TeacherBusy, true), (Kind::GroupBusy, true)]
    );
}

#[test]
fn a_group_has_one_lesson_at_a_time() {
    let twice = [lesson(1, (1, 1), (1, 1)), lesson(2, (1, 1), (2, 1))];
    assert_eq!(found(ground(), &twice), [(Kind::GroupBusy, true)]);
}

#[test]
fn a_class_and_its_part_share_pupils_and_two_parts_do_not() {
    let whole = [lesson(1, (1, 1), (1, 1)), lesson(2, (1, 1), (2, 2))];
    assert_eq!(found(ground(), &whole), [(Kind::PupilsBusy, true)]);
    let parts = [lesson(1, (1, 1), (1, 2)), lesson(2, (1, 1), (2, 3))];
    assert_eq!(found(ground(), &parts), []);
}

#[test]
fn groups_that_share_members_cannot_be_taught_at_once() {
    let elective = [lesson(1, (1, 1), (1, 2)), lesson(2, (1, 1), (2, 5))];
    assert_eq!(found(ground(), &elective), []);
    let mut shared = ground();
    shared.shared.insert((group(2), group(5)));
    assert_eq!(found(shared, &elective), [(Kind::PupilsBusy, true)]);
}

#[test]
fn a_shared_room_is_a_warning() {
    let room = Some(Uuid::from_u128(9));
    let both =
        [lesson(1, (1, 1), (1, 2)), lesson(2, (1, 1), (2, 3))].map(|entry| Entry { room, ..entry });
    assert_eq!(found(ground(), &both), [(Kind::RoomBusy, false)]);
}

#[test]
fn a_lesson_needs_a_bell_and_a_study_day() {
    let faults = found(
        ground(),
        &[lesson(1, (1, 7), (1, 1)), lesson(2, (6, 1), (1, 1))],
    );
    assert_eq!(faults, [(Kind::NoBell, true), (Kind::DayNotStudied, true)]);
    // Without bells only the same number and shift meet.
    let meet = [lesson(1, (1, 7), (1, 1)), lesson(2, (1, 7), (1, 2))];
    let kinds: Vec<Kind> = found(ground(), &meet)
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(
        kinds,
        [
            Kind::TeacherBusy,
            Kind::PupilsBusy,
            Kind::NoBell,
            Kind::NoBell
        ]
    );
}

#[test]
fn a_free_lesson_between_others_is_a_gap_told_once() {
    let entries = [lesson(1, (1, 1), (1, 1)), lesson(2, (1, 4), (1, 1))];
    let mut all = ground();
    all.loads.insert((group(1), ALGEBRA, teacher(1)), 200);
    let check = all.check(Cycle::new(2, date(2026, 8, 31)).unwrap(), &entries);
    let gaps: Vec<_> = check
        .conflicts
        .iter()
        .map(|one| (one.kind, one.is_error, one.at))
        .collect();
    assert_eq!(
        gaps,
        [
            (Kind::Gap, false, Some((1, 2))),
            (Kind::Gap, false, Some((1, 3)))
        ]
    );
    // A lesson of a part of the class fills the place.
    let filled = [1, 2, 3].map(|n| lesson(n.into(), (1, n), (n.into(), u128::from(n))));
    assert_eq!(found(ground(), &filled), []);
}

#[test]
fn hours_are_held_to_the_load_of_teacher_group_and_subject() {
    let key = (group(1), ALGEBRA, teacher(1));
    let check = |hours: u32, cycle: Cycle, entries: &[Entry]| {
        let mut ground = ground();
        ground.loads.insert(key, hours);
        let check = ground.check(cycle, entries);
        let left: Vec<_> = check
            .loads
            .iter()
            .map(|one| (one.wanted, one.placed))
            .collect();
        let kinds: Vec<_> = check
            .conflicts
            .iter()
            .map(|one| (one.kind, one.is_error))
            .collect();
        (kinds, left)
    };
    let two = [lesson(1, (1, 1), (1, 1)), lesson(2, (2, 1), (1, 1))];
    let lacking = (vec![(Kind::LoadNotPlaced, false)], vec![(300, 200)]);
    assert_eq!(check(300, weekly(), &two), lacking);
    assert_eq!(check(200, weekly(), &two), (vec![], vec![]));
    let exceeded = (vec![(Kind::LoadExceeded, true)], vec![(100, 200)]);
    assert_eq!(check(100, weekly(), &two), exceeded);
    // One and a half hours cannot be had in a cycle of one week, and can in one of two.
    let half = |is_error| (vec![(Kind::LoadExceeded, is_error)], vec![(150, 200)]);
    assert_eq!(check(150, weekly(), &two), half(false));
    let fortnight = Cycle::new(2, date(2026, 8, 31)).unwrap();
    assert_eq!(check(150, fortnight, &two), half(true));
    let week = [
        two[0],
        Entry {
            week: Week::First,
            ..two[1]
        },
    ];
    assert_eq!(check(150, fortnight, &week), (vec![], vec![]));
    // Nothing placed is told too; somebody else's lesson has no load.
    assert_eq!(
        check(100, weekly(), &[]),
        (vec![(Kind::LoadNotPlaced, false)], vec![(100, 0)])
    );
    let foreign = [lesson(1, (1, 1), (2, 1))];
    let (kinds, _) = check(100, weekly(), &foreign);
    assert_eq!(kinds, [(Kind::NoLoad, true), (Kind::LoadNotPlaced, false)]);
}

#[test]
fn a_lesson_is_not_in_its_own_way() {
    let entries = [lesson(1, (1, 1), (1, 1)), lesson(2, (1, 2), (1, 2))];
    let moved = |number| Entry {
        number,
        ..entries[0]
    };
    let kinds = |number| {
        let found = ground().against(&moved(number), &entries);
        found.iter().map(|one| one.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(1), []);
    assert_eq!(kinds(2), [Kind::TeacherBusy, Kind::PupilsBusy]);
    assert_eq!(kinds(3), []);
    assert_eq!(kinds(9), [Kind::NoBell]);
}

#[test]
fn errors_come_first_and_then_days_and_numbers() {
    let entries = [
        lesson(1, (3, 2), (1, 1)),
        lesson(2, (3, 2), (1, 2)),
        lesson(3, (1, 1), (2, 1)),
        lesson(4, (1, 4), (2, 1)),
    ];
    let check = ground().check(weekly(), &entries);
    let order: Vec<_> = check
        .conflicts
        .iter()
        .map(|one| (one.is_error, one.at))
        .collect();
    assert!(
        order.is_sorted_by_key(|(is_error, at)| (!is_error, at.is_none(), *at)),
        "{order:?}"
    );
    assert_eq!(check.error_count(), 5);
}
