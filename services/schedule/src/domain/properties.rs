//! The rules of the calendar and of dated lessons, for any plan: checked against
//! the words of the rule, day by day, and not against the code's own shortcuts.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::calendar::{Calendar, DayOff, DayOffSource, Period, PeriodKind, StudyWeek};
use super::dated_lessons::{SchoolDays, WeeklySlot};

const FIRST: Date = date(2026, 9, 1);
const DAYS: i32 = 273;

fn day(offset: i32) -> Date {
    FIRST + offset.days()
}

/// Quarters of some grades and half-years of the rest: lengths and gaps vary,
/// also a gap of no day; half-years ignore the gaps.
fn periods() -> impl Strategy<Value = Vec<Period>> {
    let quarters = prop::collection::vec((20..60i32, 0..14i32), 1..=4);
    (quarters, 4..=11u8, 60..130i32, 0..12i32).prop_map(|(quarters, senior_from, half, gap)| {
        let mut periods = Vec::new();
        let mut at = 0;
        let mut add = |kind, from: i32, to: i32, grades: (u8, u8)| {
            let (starts_on, ends_on) = (day(from.min(DAYS)), day(to.min(DAYS)));
            let title = format!("{kind:?} {from}");
            periods.push(Period {
                title,
                kind,
                starts_on,
                ends_on,
                grade_from: grades.0,
                grade_to: grades.1,
            });
        };
        for (length, gap) in quarters {
            add(
                PeriodKind::Quarter,
                at,
                at + length - 1,
                (1, senior_from - 1),
            );
            at += length + gap;
        }
        add(PeriodKind::HalfYear, 0, half - 1, (senior_from, 11));
        add(
            PeriodKind::HalfYear,
            half + gap,
            half + gap + 100,
            (senior_from, 11),
        );
        periods
    })
}

fn calendars() -> impl Strategy<Value = Calendar> {
    let week = prop_oneof![Just(StudyWeek::FiveDays), Just(StudyWeek::SixDays)];
    (week, periods(), prop::collection::btree_set(0..DAYS, 0..20)).prop_map(
        |(week, periods, off)| {
            let off = off.into_iter().map(|at| DayOff {
                date: day(at),
                title: "х".into(),
                source: DayOffSource::School,
            });
            Calendar::new(week, periods, off.collect())
        },
    )
}

fn weekly() -> impl Strategy<Value = Vec<WeeklySlot>> {
    let slot = (1..=11u8, 1..=6u8, 1..=8u8).prop_map(|(grade, weekday, number)| WeeklySlot {
        grade,
        weekday,
        number,
    });
    prop::collection::vec(slot, 0..60)
}

/// The rule in its own words.
fn is_study_day(calendar: &Calendar, grade: u8, weekday: u8, on: Date) -> bool {
    let quarters: Vec<&Period> = calendar
        .periods()
        .iter()
        .filter(|p| p.kind == PeriodKind::Quarter)
        .collect();
    let inside = |p: &Period| p.starts_on <= on && on <= p.ends_on;
    let began = quarters.iter().any(|p| p.starts_on < on);
    let goes_on = quarters.iter().any(|p| p.ends_on > on);
    let between_quarters = began && goes_on && !quarters.iter().any(|p| inside(p));
    on.weekday().to_monday_one_offset() == weekday.cast_signed()
        && weekday <= calendar.week().days()
        && !between_quarters
        && calendar.days_off().iter().all(|off| off.date != on)
        && calendar
            .periods()
            .iter()
            .any(|p| p.grade_from <= grade && grade <= p.grade_to && inside(p))
}

proptest! {
    #[test]
    fn every_weekly_lesson_is_on_each_of_its_study_days_once_and_nowhere_else(
        calendar in calendars(),
        weekly in weekly(),
    ) {
        let days = SchoolDays::of(&calendar);
        let dated = days.dated(&weekly);
        let mut times: HashMap<(Date, usize), u32> = HashMap::new();
        for key in &dated {
            *times.entry(*key).or_default() += 1;
        }
        for (index, slot) in weekly.iter().enumerate() {
            for on in FIRST.yesterday().unwrap().series(1.day()).take(400) {
                let expected = u32::from(is_study_day(&calendar, slot.grade, slot.weekday, on));
                prop_assert_eq!(times.remove(&(on, index)).unwrap_or(0), expected, "{:?} on {}", slot, on);
            }
        }
        prop_assert!(times.is_empty(), "lessons outside the year: {:?}", times);
        prop_assert_eq!(days.count(weekly.iter().copied()), dated.len());
    }

    #[test]
    fn dated_lessons_come_by_date_and_number(calendar in calendars(), weekly in weekly()) {
        let dated = SchoolDays::of(&calendar).dated(&weekly);
        prop_assert!(dated.is_sorted_by_key(|(on, index)| (*on, weekly[*index].number)));
    }

    #[test]
    fn holidays_between_quarters_are_of_every_grade(calendar in calendars()) {
        for (from, to) in calendar.holidays() {
            prop_assert!(from <= to);
            for on in from.series(1.day()).take_while(|on| on <= to) {
                for grade in 1..=11 {
                    prop_assert!(!calendar.is_school_day(grade, on), "{grade} on {on}");
                }
            }
        }
    }

    #[test]
    fn school_days_are_in_order_and_each_once(calendar in calendars(), grade in 1..=11u8) {
        let days = calendar.school_days(grade);
        prop_assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(days.iter().all(|on| calendar.is_school_day(grade, *on)));
    }
}
