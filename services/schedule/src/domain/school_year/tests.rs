//! What a changed calendar is refused for, and which days it touches.

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::domain::calendar::PeriodKind;

const NOW: Date = date(2026, 11, 18);

fn id(n: u128) -> PeriodId {
    PeriodId::from_uuid(Uuid::from_u128(n))
}

fn period(n: u128, from: Date, to: Date) -> (Option<PeriodId>, Period) {
    let period = Period {
        title: format!("{n} четверть"),
        kind: PeriodKind::Quarter,
        starts_on: from,
        ends_on: to,
        grade_from: 1,
        grade_to: 11,
    };
    (Some(id(n)), period)
}

fn off(day: Date) -> DayOff {
    DayOff {
        date: day,
        title: "Выходной".into(),
        source: DayOffSource::School,
    }
}

fn holiday(from: Date, to: Date, grades: (u8, u8)) -> Holiday {
    Holiday {
        title: "Каникулы".into(),
        starts_on: from,
        ends_on: to,
        grade_from: grades.0,
        grade_to: grades.1,
    }
}

fn short(day: Date) -> ShortenedDay {
    ShortenedDay {
        date: day,
        title: "Сокращённый день".into(),
        lesson_minutes: 30,
    }
}

fn present() -> Content {
    Content {
        periods: vec![
            period(1, date(2026, 9, 1), date(2026, 10, 23)),
            period(2, date(2026, 11, 2), date(2026, 12, 30)),
            period(3, date(2027, 1, 11), date(2027, 5, 26)),
        ],
        holidays: Vec::new(),
        days_off: vec![off(date(2026, 11, 4))],
        shortened: Vec::new(),
    }
}

fn terms() -> Terms {
    Terms {
        year: "2026/2027".parse().unwrap(),
        week: StudyWeek::FiveDays,
        today: NOW,
        grades: BTreeSet::from([1, 5]),
    }
}

/// The problems of the present content after a change.
fn problems(change: impl FnOnce(&mut Content)) -> Vec<(Place, Fault)> {
    let mut content = present();
    change(&mut content);
    let found = content
        .check(&present(), &terms())
        .err()
        .unwrap_or_default();
    found
        .into_iter()
        .map(|one| (one.place, one.fault))
        .collect()
}

#[test]
fn what_lies_ahead_may_change() {
    let found = problems(|content| {
        content.periods[1].1.ends_on = date(2026, 12, 25);
        content.periods[2].1.starts_on = date(2027, 1, 12);
        content
            .holidays
            .push(holiday(date(2027, 2, 15), date(2027, 2, 21), (1, 1)));
        content.days_off.push(off(date(2026, 11, 19)));
        content.shortened.push(short(date(2026, 12, 25)));
        // A new period in the place of a coming one.
        content.periods[2].0 = None;
    });
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_cannot_be_is_named_at_its_place() {
    let outside = date(2027, 9, 1);
    let found = problems(|content| {
        content.periods[2].1.starts_on = date(2026, 12, 30);
        content.periods[2].0 = Some(id(2));
        content
            .periods
            .push(period(9, date(2027, 6, 1), date(2027, 6, 2)));
        content
            .holidays
            .push(holiday(date(2027, 2, 21), date(2027, 2, 15), (1, 1)));
        content
            .holidays
            .push(holiday(date(2027, 8, 20), outside, (1, 1)));
        content
            .holidays
            .push(holiday(date(2027, 8, 25), date(2027, 8, 26), (1, 4)));
        content
            .days_off
            .extend([off(outside), off(date(2026, 11, 4))]);
        content
            .shortened
            .extend([short(date(2027, 7, 1)), short(outside)]);
    });
    assert_eq!(
        found,
        [
            (Place::Period(2), Fault::PeriodsOverlap),
            (Place::Period(2), Fault::PeriodTwice),
            (Place::Period(3), Fault::UnknownPeriod),
            (Place::Holiday(0), Fault::Reversed),
            (Place::Holiday(1), Fault::OutsideYear(outside)),
            (Place::Holiday(2), Fault::HolidaysOverlap),
            (Place::DayOff(1), Fault::OutsideYear(outside)),
            (Place::DayOff(2), Fault::DayTwice),
            (
                Place::ShortenedDay(0),
                Fault::NotASchoolDay(date(2027, 7, 1))
            ),
            (Place::ShortenedDay(1), Fault::OutsideYear(outside)),
        ]
    );
}

#[test]
fn every_grade_of_the_school_keeps_a_period() {
    let found = problems(|content| {
        for (_, period) in &mut content.periods {
            period.grade_from = 2;
        }
    });
    assert_eq!(
        found,
        [(Place::List(List::Periods), Fault::GradeWithoutPeriod(1))]
    );
}

#[test]
fn the_past_and_today_stay_as_they_are() {
    let past = |day| [(Place::DayOff(1), Fault::Past(day))];
    for day in [date(2026, 9, 14), NOW] {
        assert_eq!(
            problems(|content| content.days_off.push(off(day))),
            past(day)
        );
    }
    let (first, last) = (date(2026, 11, 16), date(2026, 11, 20));
    assert_eq!(
        problems(|content| content.holidays.push(holiday(first, last, (5, 5)))),
        [(Place::Holiday(0), Fault::Past(first))]
    );
    assert_eq!(
        problems(|content| content.shortened.push(short(NOW))),
        [(Place::ShortenedDay(0), Fault::Past(NOW))]
    );
    // A day off of the past is taken away: the list is named, the day is not in it any more.
    assert_eq!(
        problems(|content| content.days_off.clear()),
        [(Place::List(List::DaysOff), Fault::Past(date(2026, 11, 4)))]
    );
    let (end, lost) = (date(2026, 10, 22), date(2026, 10, 23));
    assert_eq!(
        problems(|content| content.periods[0].1.ends_on = end),
        [(Place::List(List::Periods), Fault::Past(lost))]
    );
}

#[test]
fn a_day_of_the_past_stays_in_its_period() {
    // The school days are the same, but those of the second quarter would be of another.
    assert_eq!(
        problems(|content| content.periods[1].0 = None),
        [(Place::Period(1), Fault::Past(date(2026, 11, 2)))]
    );
    // Its title may change, and a weekend of the past may be called a day off.
    let found = problems(|content| {
        content.periods[1].1.title = "II четверть".into();
        content.days_off.push(off(date(2026, 11, 15)));
    });
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn only_days_that_become_others_differ() {
    let (old, mut changed) = (present(), present());
    changed.days_off.push(off(date(2026, 12, 7)));
    // A Sunday: nothing changes.
    changed.days_off.push(off(date(2026, 12, 6)));
    changed
        .holidays
        .push(holiday(date(2027, 2, 20), date(2027, 2, 22), (1, 1)));
    changed.shortened.push(short(date(2026, 12, 30)));
    let week = StudyWeek::FiveDays;
    let found = differences(
        (&old.calendar(week), &changed.calendar(week)),
        terms().year,
        NOW,
    );
    let all = |day| GRADES.clone().map(move |grade| (day, grade));
    let mut expected: BTreeSet<(Date, u8)> = all(date(2026, 12, 7)).collect();
    expected.extend(all(date(2026, 12, 30)));
    expected.insert((date(2027, 2, 22), 1));
    assert_eq!(found, expected);
}

#[test]
fn days_off_of_the_region_are_known_as_such() {
    let mut content = present();
    content.days_off.push(off(date(2027, 3, 18)));
    let regional = [off(date(2027, 3, 18)), off(date(2027, 10, 1))];
    assert!(
        content.has_all(terms().year, &regional) && !present().has_all(terms().year, &regional)
    );
    content.attribute(&regional, &[]);
    let sources: Vec<DayOffSource> = content.days_off.iter().map(|day| day.source).collect();
    assert_eq!(sources, [DayOffSource::School, DayOffSource::Regional]);
    // What the region has named before stays the region's.
    let before = content.days_off.clone();
    content.attribute(&[], &before);
    assert_eq!(content.days_off, before);
}
