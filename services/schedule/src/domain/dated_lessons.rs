//! From weekly lessons to dated ones.
//!
//! Invariant: a weekly lesson becomes exactly one dated lesson on each school day
//! of its grade that falls on its weekday, and none on any other day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::bells::Bells;
use super::calendar::Calendar;

/// Grades 1 to 11.
pub const GRADES: std::ops::RangeInclusive<u8> = 1..=11;

/// Where a weekly lesson stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeeklySlot {
    /// Grade of the group.
    pub grade: u8,
    /// Weekday, 1 = Monday.
    pub weekday: u8,
    /// Lesson number.
    pub number: u8,
}

/// School days of every grade, sorted into weekdays once, and the bells of each.
#[derive(Debug, Clone)]
pub struct SchoolDays {
    by_grade_and_weekday: BTreeMap<(u8, u8), Vec<Date>>,
    lesson_minutes: BTreeMap<Date, u8>,
}

impl SchoolDays {
    /// School days of grades 1 to 11.
    pub fn of(calendar: &Calendar) -> Self {
        let mut by_grade_and_weekday: BTreeMap<(u8, u8), Vec<Date>> = BTreeMap::new();
        for grade in GRADES {
            for day in calendar.school_days(grade) {
                let weekday = day.weekday().to_monday_one_offset().unsigned_abs();
                by_grade_and_weekday
                    .entry((grade, weekday))
                    .or_default()
                    .push(day);
            }
        }
        let shortened = calendar.shortened().iter();
        Self {
            by_grade_and_weekday,
            lesson_minutes: shortened
                .map(|one| (one.date, one.lesson_minutes))
                .collect(),
        }
    }

    /// The bells of each shortened day; on other days those of the year hold.
    pub fn shortened_bells(&self, bells: &Bells) -> BTreeMap<Date, Bells> {
        let days = self.lesson_minutes.iter();
        days.map(|(day, minutes)| (*day, bells.shortened(*minutes)))
            .collect()
    }

    /// School days of a grade on a weekday (1 = Monday), in order.
    pub fn on(&self, grade: u8, weekday: u8) -> &[Date] {
        self.by_grade_and_weekday
            .get(&(grade, weekday))
            .map_or(&[], Vec::as_slice)
    }

    /// How many dated lessons the weekly ones become.
    pub fn count(&self, weekly: impl IntoIterator<Item = WeeklySlot>) -> usize {
        weekly
            .into_iter()
            .map(|slot| self.on(slot.grade, slot.weekday).len())
            .sum()
    }

    /// Date and index of the weekly lesson, by date, then lesson number, then index.
    pub fn dated(&self, weekly: &[WeeklySlot]) -> Vec<(Date, usize)> {
        let mut all: Vec<(Date, usize)> = Vec::with_capacity(self.count(weekly.iter().copied()));
        for (index, slot) in weekly.iter().enumerate() {
            all.extend(
                self.on(slot.grade, slot.weekday)
                    .iter()
                    .map(|day| (*day, index)),
            );
        }
        all.sort_by_key(|(day, index)| (*day, weekly[*index].number, *index));
        all
    }
}
