//! What a plan must be.

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::domain::calendar::{DayOffSource, PeriodKind};

fn group(n: u128) -> GroupId {
    GroupId::from_uuid(Uuid::from_u128(n))
}

fn lesson(weekday: u8, number: u8, group: GroupId) -> PlannedLesson {
    let teacher = PersonId::from_uuid(Uuid::from_u128(9));
    PlannedLesson {
        weekday,
        number,
        group,
        subject: "Алгебра".into(),
        teacher,
        room: String::new(),
    }
}

fn sound() -> Draft {
    let period = Period {
        title: "1 четверть".into(),
        kind: PeriodKind::Quarter,
        starts_on: date(2026, 9, 1),
        ends_on: date(2026, 9, 30),
        grade_from: 1,
        grade_to: 9,
    };
    let bell = |shift, number, starts: &str, ends: &str| Bell {
        shift,
        number,
        starts_at: starts.parse().unwrap(),
        ends_at: ends.parse().unwrap(),
    };
    let planned = |n, shift| PlannedGroup {
        id: group(n),
        title: format!("{n}-А"),
        class: None,
        grade: 5,
        shift,
    };
    Draft {
        year: "2026/2027".parse().unwrap(),
        week: StudyWeek::FiveDays,
        time_zone: "Europe/Simferopol".into(),
        periods: vec![period],
        days_off: Vec::new(),
        bells: vec![
            bell(1, 1, "08:00", "08:40"),
            bell(2, 1, "13:00", "13:40"),
            bell(2, 2, "13:50", "14:30"),
        ],
        groups: vec![planned(1, 1), planned(2, 2)],
        loads: Vec::new(),
        weekly: vec![
            lesson(1, 1, group(1)),
            lesson(1, 1, group(2)),
            lesson(2, 2, group(2)),
        ],
    }
}

fn problems(spoil: impl FnOnce(&mut Draft)) -> Vec<(Place, &'static str)> {
    let mut draft = sound();
    spoil(&mut draft);
    Plan::check(draft, &[])
        .unwrap_err()
        .into_iter()
        .map(|p| (p.place, p.fault.rule()))
        .collect()
}

#[test]
fn lessons_take_their_times_from_the_bells_of_their_shift() {
    let plan = Plan::check(sound(), &[]).unwrap();
    let starts: Vec<_> = plan
        .lesson_bells
        .iter()
        .map(|bell| bell.starts_at.to_string())
        .collect();
    assert_eq!(starts, ["08:00", "13:00", "13:50"]);
}

#[test]
fn regional_days_off_have_no_lessons() {
    let monday = date(2026, 9, 7);
    let off = DayOff {
        date: monday,
        title: "Выходной".into(),
        source: DayOffSource::Regional,
    };
    let (with, without) = (
        Plan::check(sound(), &[off]).unwrap(),
        Plan::check(sound(), &[]).unwrap(),
    );
    assert_eq!(
        without.dated_lessons().len() - with.dated_lessons().len(),
        2
    );
    assert!(with.dated_lessons().iter().all(|(day, _)| *day != monday));
}

#[test]
fn everything_that_does_not_fit_is_named_at_its_place() {
    type Spoil = fn(&mut Draft);
    let cases: [(Spoil, Place, &str); 13] = [
        (
            |d| d.time_zone = "Europe/Nowhere".into(),
            Place::TimeZone,
            "UNKNOWN_TIME_ZONE",
        ),
        (
            |d| d.periods[0].starts_on = date(2026, 8, 31),
            Place::Period(0),
            "OUTSIDE_YEAR",
        ),
        (|d| d.periods[0].grade_to = 0, Place::Period(0), "REVERSED"),
        (
            |d| d.periods.push(d.periods[0].clone()),
            Place::Period(1),
            "PERIODS_OVERLAP",
        ),
        (|d| d.bells.push(d.bells[0]), Place::Bell(3), "TWICE"),
        (
            |d| d.bells[2].starts_at = d.bells[1].starts_at,
            Place::Bell(2),
            "BELLS_OVERLAP",
        ),
        (
            |d| d.groups.push(d.groups[0].clone()),
            Place::Group(2),
            "TWICE",
        ),
        (
            |d| d.weekly[0].group = group(7),
            Place::WeeklyLesson(0),
            "UNKNOWN_GROUP",
        ),
        (
            |d| d.weekly[0].weekday = 6,
            Place::WeeklyLesson(0),
            "WEEKDAY_NOT_STUDIED",
        ),
        (
            |d| d.weekly[0].number = 2,
            Place::WeeklyLesson(0),
            "NO_BELL",
        ),
        (
            |d| d.groups[0].grade = 10,
            Place::WeeklyLesson(0),
            "NO_PERIOD",
        ),
        (
            |d| d.weekly.push(lesson(2, 2, group(2))),
            Place::WeeklyLesson(3),
            "SLOT_TAKEN",
        ),
        (
            |d| {
                let day = date(2027, 9, 1);
                d.days_off.push(DayOff {
                    date: day,
                    title: "х".into(),
                    source: DayOffSource::School,
                });
            },
            Place::DayOff(0),
            "OUTSIDE_YEAR",
        ),
    ];
    for (spoil, place, rule) in cases {
        assert_eq!(problems(spoil), [(place, rule)]);
    }
}

#[test]
fn a_load_of_an_unknown_group_is_refused() {
    let teacher = PersonId::from_uuid(Uuid::from_u128(9));
    let load = PlannedLoad {
        group: group(7),
        subject: "Алгебра".into(),
        teacher,
        weekly_hours_hundredths: 50,
    };
    assert_eq!(
        problems(|d| d.loads.push(load)),
        [(Place::Load(0), "UNKNOWN_GROUP")]
    );
}
