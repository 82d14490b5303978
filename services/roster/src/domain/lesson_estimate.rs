//! How many dated lessons a plan will give, before schedule has counted them.
//!
//! Regional days off are schedule's: this counts with the school's own list only and
//! is therefore an upper estimate.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::school_import::SchoolPlan;
use super::school_import::value::PeriodKind;

/// The dated lessons of the year, counted with the school's own days off.
pub fn estimate(plan: &SchoolPlan) -> u32 {
    let mut days_off: BTreeSet<Date> = plan.days_off.iter().map(|day| day.value.date).collect();
    days_off.extend(gaps(plan));
    // [grade][weekday]: study days of the year.
    let mut days = [[0u32; 8]; 12];
    for (grade, by_weekday) in (0u8..).zip(&mut days) {
        let periods = plan
            .periods
            .iter()
            .map(|p| &p.value)
            .filter(|p| p.grades.contains(grade));
        let study: BTreeSet<Date> = periods.flat_map(|p| each_day(p.starts, p.ends)).collect();
        for day in study.difference(&days_off) {
            if let Some(count) = usize::try_from(day.weekday().to_monday_one_offset())
                .ok()
                .and_then(|at| by_weekday.get_mut(at))
            {
                *count += 1;
            }
        }
    }
    let lessons = plan.timetable.iter().map(|lesson| {
        let weekday =
            usize::try_from(lesson.value.day.weekday().to_monday_one_offset()).unwrap_or(0);
        let grade = usize::from(lesson.value.group.class.grade());
        days.get(grade)
            .and_then(|by_weekday| by_weekday.get(weekday))
            .copied()
            .unwrap_or(0)
    });
    lessons.sum()
}

/// Days between quarters (or, without quarters, trimesters): holidays for every grade,
/// also for those that count in half-years.
fn gaps(plan: &SchoolPlan) -> BTreeSet<Date> {
    let of = |kind: PeriodKind| {
        plan.periods
            .iter()
            .map(|p| &p.value)
            .filter(move |p| p.name.kind == kind)
    };
    let kind = if of(PeriodKind::Quarter).next().is_some() {
        PeriodKind::Quarter
    } else {
        PeriodKind::Trimester
    };
    let covered: BTreeSet<Date> = of(kind).flat_map(|p| each_day(p.starts, p.ends)).collect();
    match (covered.first(), covered.last()) {
        (Some(first), Some(last)) => each_day(*first, *last)
            .filter(|day| !covered.contains(day))
            .collect(),
        _ => BTreeSet::new(),
    }
}

fn each_day(first: Date, last: Date) -> impl Iterator<Item = Date> {
    let mut next = Some(first);
    std::iter::from_fn(move || {
        let day = next.filter(|day| *day <= last)?;
        next = day.tomorrow().ok();
        Some(day)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::school_import::{Selection, preview};
    use crate::testing::SmallSchool;

    #[test]
    fn days_off_and_gaps_between_periods_have_no_lessons() {
        let book = SmallSchool::new().book();
        let plan = preview(&book, None)
            .choose(&Selection::Everything)
            .unwrap()
            .plan;
        // 5-А: three rows on Mondays (7 + 9 of the two quarters), one on Tuesdays (8 + 9);
        // 10-А: one row on Tuesdays of the half-year, without the gap between the quarters (17).
        // The day off is a Wednesday.
        assert_eq!(estimate(&plan), 3 * (7 + 9) + (8 + 9) + 17);
    }
}
