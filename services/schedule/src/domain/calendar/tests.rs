//! Which day is a school day.

use jiff::civil::date;

use super::*;

fn period(kind: PeriodKind, from: Date, to: Date, grades: (u8, u8)) -> Period {
    Period {
        title: "период".into(),
        kind,
        starts_on: from,
        ends_on: to,
        grade_from: grades.0,
        grade_to: grades.1,
    }
}

/// Quarters of 1 to 9 and half-years of 10 and 11, as at school 12.
fn periods() -> Vec<Period> {
    use PeriodKind::{HalfYear, Quarter};
    vec![
        period(Quarter, date(2026, 9, 1), date(2026, 10, 23), (1, 9)),
        period(Quarter, date(2026, 11, 2), date(2026, 12, 30), (1, 9)),
        period(Quarter, date(2027, 1, 11), date(2027, 3, 19), (1, 9)),
        period(Quarter, date(2027, 3, 29), date(2027, 5, 26), (1, 9)),
        period(HalfYear, date(2026, 9, 1), date(2026, 12, 30), (10, 11)),
        period(HalfYear, date(2027, 1, 11), date(2027, 5, 26), (10, 11)),
    ]
}

fn off(day: Date, source: DayOffSource, title: &str) -> DayOff {
    DayOff {
        date: day,
        title: title.into(),
        source,
    }
}

#[test]
fn gaps_between_quarters_are_holidays_of_the_senior_grades_too() {
    let calendar = Calendar::new(StudyWeek::FiveDays, periods(), Vec::new());
    assert_eq!(
        calendar.holidays(),
        [
            (date(2026, 10, 24), date(2026, 11, 1)),
            (date(2026, 12, 31), date(2027, 1, 10)),
            (date(2027, 3, 20), date(2027, 3, 28)),
        ]
    );
    assert!(!calendar.is_school_day(10, date(2026, 10, 26)));
    assert!(
        calendar.is_school_day(10, date(2026, 10, 23))
            && calendar.is_school_day(11, date(2026, 11, 2))
    );
    assert_eq!(calendar.school_days(5), calendar.school_days(11));
}

#[test]
fn first_graders_own_holidays_are_nobody_elses() {
    let mut periods = periods();
    periods.remove(2);
    periods.push(period(
        PeriodKind::Quarter,
        date(2027, 1, 11),
        date(2027, 3, 19),
        (2, 9),
    ));
    periods.push(period(
        PeriodKind::Quarter,
        date(2027, 1, 11),
        date(2027, 2, 12),
        (1, 1),
    ));
    periods.push(period(
        PeriodKind::Quarter,
        date(2027, 2, 22),
        date(2027, 3, 19),
        (1, 1),
    ));
    let calendar = Calendar::new(StudyWeek::FiveDays, periods, Vec::new());
    let in_between = date(2027, 2, 17);
    assert!(!calendar.is_holiday(in_between));
    assert!(!calendar.is_school_day(1, in_between));
    assert!(calendar.is_school_day(2, in_between) && calendar.is_school_day(11, in_between));
}

#[test]
fn a_school_of_trimesters_rests_between_trimesters() {
    let trimester = |from, to, grades| period(PeriodKind::Trimester, from, to, grades);
    let calendar = Calendar::new(
        StudyWeek::FiveDays,
        vec![
            trimester(date(2026, 9, 1), date(2026, 11, 13), (1, 9)),
            trimester(date(2026, 11, 23), date(2027, 2, 26), (1, 9)),
            period(
                PeriodKind::HalfYear,
                date(2026, 9, 1),
                date(2026, 12, 30),
                (10, 11),
            ),
        ],
        Vec::new(),
    );
    assert!(!calendar.is_school_day(10, date(2026, 11, 16)));
    assert!(calendar.is_school_day(10, date(2026, 11, 23)));
}

#[test]
fn saturday_is_a_school_day_of_the_six_day_week_only() {
    let saturday = date(2026, 9, 5);
    let of = |week| Calendar::new(week, periods(), Vec::new());
    assert!(!of(StudyWeek::FiveDays).is_school_day(5, saturday));
    assert!(of(StudyWeek::SixDays).is_school_day(5, saturday));
    assert!(!of(StudyWeek::SixDays).is_school_day(5, date(2026, 9, 6)));
}

#[test]
fn a_grade_without_periods_has_no_school_days() {
    let calendar = Calendar::new(StudyWeek::FiveDays, periods()[..4].to_vec(), Vec::new());
    assert_eq!(calendar.school_days(10), Vec::<Date>::new());
}

#[test]
fn the_schools_title_stays_where_both_lists_name_a_day() {
    use DayOffSource::{Regional, School};
    let year = "2026/2027".parse().unwrap();
    let merged = merge_days_off(
        year,
        &[
            off(date(2027, 5, 3), Regional, "Перенос"),
            off(date(2026, 11, 4), Regional, "День народного единства"),
        ],
        &[
            off(date(2027, 5, 3), School, "Перенос с 1 мая"),
            off(date(2026, 12, 25), School, "День школы"),
            off(date(2028, 1, 1), School, "Чужой год"),
        ],
    );
    let shown: Vec<_> = merged
        .iter()
        .map(|day| (day.date, day.title.as_str(), day.source))
        .collect();
    assert_eq!(
        shown,
        [
            (date(2026, 11, 4), "День народного единства", Regional),
            (date(2026, 12, 25), "День школы", School),
            (date(2027, 5, 3), "Перенос с 1 мая", School),
        ]
    );
}
