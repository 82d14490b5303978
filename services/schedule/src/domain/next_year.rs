//! The next school year as it is drafted from the newest one (R118, R229): to be looked through
//! and corrected before it is opened.
//!
//! Invariant: a boundary inside the year keeps its weekday, 52 weeks later; the first and the
//! last day of a grade keep their dates.

use jiff::ToSpan;
use jiff::civil::Date;

use super::academic_year::AcademicYear;
use super::calendar::merge_days_off;
use super::calendar::{Calendar, DayOff, DayOffSource, Holiday, Period, ShortenedDay, StudyWeek};
use super::dated_lessons::GRADES;
use super::school_year::Content;

/// The year after that of `source`. `regional` = days off that the region names for it.
pub fn draft(
    source: &Content,
    (year, week): (AcademicYear, StudyWeek),
    regional: &[DayOff],
) -> Content {
    let of_source: Vec<&Period> = source.periods.iter().map(|(_, one)| one).collect();
    let periods = of_source.iter().map(|one| (None, period(&of_source, one)));
    let mut content = Content {
        periods: periods.collect(),
        holidays: source.holidays.iter().map(holiday).collect(),
        days_off: days_off(&source.days_off, (year, week), regional),
        shortened: Vec::new(),
    };
    content
        .holidays
        .retain(|one| year.contains(one.starts_on) && year.contains(one.ends_on));
    let calendar = content.calendar(week);
    content.shortened = shortened(&source.shortened, &calendar);
    content
}

fn same_weekday(day: Date) -> Date {
    day.saturating_add(52.weeks())
}

fn same_date(day: Date) -> Date {
    day.saturating_add(1.year())
}

fn period(all: &[&Period], one: &Period) -> Period {
    let of_its_grades =
        |other: &&&Period| other.grade_from <= one.grade_to && one.grade_from <= other.grade_to;
    let mut others = all.iter().filter(of_its_grades);
    let is_first = !others.any(|other| other.starts_on < one.starts_on);
    let mut others = all.iter().filter(of_its_grades);
    let is_last = !others.any(|other| other.ends_on > one.ends_on);
    let moved = |day, keeps_date| {
        if keeps_date {
            same_date(day)
        } else {
            same_weekday(day)
        }
    };
    Period {
        starts_on: moved(one.starts_on, is_first),
        ends_on: moved(one.ends_on, is_last),
        ..one.clone()
    }
}

fn holiday(one: &Holiday) -> Holiday {
    Holiday {
        starts_on: same_weekday(one.starts_on),
        ends_on: same_weekday(one.ends_on),
        ..one.clone()
    }
}

/// The region's days of the new year, and the school's own on the days of the week that it
/// studies. What the region named for the past year says nothing of the new one.
fn days_off(
    source: &[DayOff],
    (year, week): (AcademicYear, StudyWeek),
    regional: &[DayOff],
) -> Vec<DayOff> {
    let own = source
        .iter()
        .filter(|day| day.source == DayOffSource::School);
    let own = own.map(|day| DayOff {
        date: same_date(day.date),
        ..day.clone()
    });
    let is_new = |day: &DayOff| {
        let named = regional.iter().any(|other| other.date == day.date);
        !named && week.has(day.date.weekday())
    };
    let own: Vec<DayOff> = own.filter(is_new).collect();
    merge_days_off(year, regional, &own)
}

fn shortened(source: &[ShortenedDay], calendar: &Calendar) -> Vec<ShortenedDay> {
    let moved = source.iter().map(|one| ShortenedDay {
        date: same_date(one.date),
        ..one.clone()
    });
    let has_lessons = |one: &ShortenedDay| {
        GRADES
            .clone()
            .any(|grade| calendar.is_school_day(grade, one.date))
    };
    moved.filter(has_lessons).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::calendar::PeriodKind;

    fn a_period(
        from: Date,
        to: Date,
        grades: (u8, u8),
    ) -> (Option<zhurnal_proto::id::PeriodId>, Period) {
        let period = Period {
            title: "четверть".into(),
            kind: PeriodKind::Quarter,
            starts_on: from,
            ends_on: to,
            grade_from: grades.0,
            grade_to: grades.1,
        };
        (None, period)
    }

    fn off(day: Date, source: DayOffSource) -> DayOff {
        DayOff {
            date: day,
            title: "день".into(),
            source,
        }
    }

    fn source() -> Content {
        Content {
            periods: vec![
                a_period(date(2026, 9, 1), date(2026, 10, 23), (1, 9)),
                a_period(date(2026, 11, 2), date(2027, 5, 26), (1, 9)),
                a_period(date(2026, 9, 1), date(2027, 5, 22), (10, 11)),
            ],
            holidays: vec![Holiday {
                title: "Дополнительные".into(),
                starts_on: date(2027, 2, 15),
                ends_on: date(2027, 2, 21),
                grade_from: 1,
                grade_to: 1,
            }],
            days_off: vec![
                off(date(2026, 11, 4), DayOffSource::Regional),
                off(date(2026, 12, 31), DayOffSource::Regional),
                off(date(2027, 4, 12), DayOffSource::School),
                off(date(2027, 4, 16), DayOffSource::School),
            ],
            shortened: [date(2027, 2, 22), date(2026, 11, 3)]
                .map(|date| ShortenedDay {
                    date,
                    title: "канун".into(),
                    lesson_minutes: 30,
                })
                .to_vec(),
        }
    }

    fn drafted(regional: &[DayOff]) -> Content {
        let year = "2027/2028".parse().unwrap();
        draft(&source(), (year, StudyWeek::FiveDays), regional)
    }

    #[test]
    fn boundaries_keep_their_weekday_and_the_year_its_first_and_last_date() {
        let found = drafted(&[]);
        let days: Vec<(Date, Date)> = found
            .periods
            .iter()
            .map(|(id, one)| {
                assert!(id.is_none());
                (one.starts_on, one.ends_on)
            })
            .collect();
        assert_eq!(
            days,
            [
                (date(2027, 9, 1), date(2027, 10, 22)),
                (date(2027, 11, 1), date(2028, 5, 26)),
                (date(2027, 9, 1), date(2028, 5, 22)),
            ]
        );
        let holidays = &found.holidays[0];
        assert_eq!(
            (holidays.starts_on, holidays.ends_on),
            (date(2028, 2, 14), date(2028, 2, 20))
        );
    }

    #[test]
    fn the_regions_days_are_those_of_the_new_year_and_own_ones_keep_their_date() {
        let regional = [off(date(2027, 11, 4), DayOffSource::Regional)];
        let found = drafted(&regional);
        // 16 April 2028 is a Sunday.
        let days: Vec<Date> = found.days_off.iter().map(|one| one.date).collect();
        assert_eq!(days, [date(2027, 11, 4), date(2028, 4, 12)]);
        assert_eq!(found.days_off[0].source, DayOffSource::Regional);
    }

    #[test]
    fn a_shortened_day_stays_where_it_is_a_school_day() {
        let days = |content: Content| -> Vec<Date> {
            content.shortened.iter().map(|one| one.date).collect()
        };
        assert_eq!(days(drafted(&[])), [date(2028, 2, 22), date(2027, 11, 3)]);
        let regional = [off(date(2027, 11, 3), DayOffSource::Regional)];
        assert_eq!(days(drafted(&regional)), [date(2028, 2, 22)]);
    }
}
