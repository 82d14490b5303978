//! Study periods: which one is meant when nobody names days.

use jiff::civil::Date;

use super::days::Days;

/// A study period of some grades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// `1 четверть`.
    pub title: String,
    /// Its days.
    pub days: Days,
    /// First grade.
    pub grade_from: u8,
    /// Last grade, inclusive.
    pub grade_to: u8,
}

impl Period {
    fn is_for(&self, grade: Option<u8>) -> bool {
        grade.is_none_or(|grade| (self.grade_from..=self.grade_to).contains(&grade))
    }
}

/// The present period: the one that has begun last, in the holidays the one that
/// is over; before the year the first one. Without a grade, that of the lowest
/// grades: most classes have quarters, the two oldest half-years.
pub fn present(periods: &[Period], grade: Option<u8>, today: Date) -> Option<&Period> {
    let mut own: Vec<&Period> = periods.iter().filter(|p| p.is_for(grade)).collect();
    let lowest = own.iter().map(|p| p.grade_from).min()?;
    own.retain(|p| grade.is_some() || p.grade_from == lowest);
    own.sort_by_key(|p| p.days.from());
    let begun = own.iter().rev().find(|p| p.days.from() <= today);
    begun.or(own.first()).copied()
}

/// The period that holds all the days.
pub fn holding(periods: &[Period], grade: u8, days: Days) -> Option<&Period> {
    periods.iter().find(|p| {
        p.is_for(Some(grade)) && p.days.contains(days.from()) && p.days.contains(days.to())
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn period(title: &str, from: Date, to: Date, grades: (u8, u8)) -> Period {
        Period {
            title: title.into(),
            days: Days::new(from, to).unwrap(),
            grade_from: grades.0,
            grade_to: grades.1,
        }
    }

    fn year() -> Vec<Period> {
        vec![
            period(
                "1 полугодие",
                date(2026, 9, 1),
                date(2026, 12, 30),
                (10, 11),
            ),
            period("2 четверть", date(2026, 11, 2), date(2026, 12, 30), (1, 9)),
            period("1 четверть", date(2026, 9, 1), date(2026, 10, 23), (1, 9)),
        ]
    }

    fn title(grade: Option<u8>, today: Date) -> String {
        present(&year(), grade, today).unwrap().title.clone()
    }

    #[test]
    fn the_present_period_is_that_of_the_grade() {
        assert_eq!(title(Some(5), date(2026, 11, 20)), "2 четверть");
        assert_eq!(title(Some(11), date(2026, 11, 20)), "1 полугодие");
    }

    #[test]
    fn a_school_as_a_whole_goes_by_the_quarters() {
        assert_eq!(title(None, date(2026, 11, 20)), "2 четверть");
    }

    #[test]
    fn in_the_holidays_the_period_before_is_meant() {
        assert_eq!(title(Some(5), date(2026, 10, 28)), "1 четверть");
        assert_eq!(title(Some(5), date(2026, 8, 20)), "1 четверть");
        assert_eq!(present(&[], None, date(2026, 9, 1)), None);
        assert_eq!(present(&year()[..1], Some(5), date(2026, 9, 1)), None);
    }

    #[test]
    fn days_of_two_periods_have_no_title() {
        let within = Days::new(date(2026, 9, 10), date(2026, 9, 20)).unwrap();
        let across = Days::new(date(2026, 9, 10), date(2026, 11, 20)).unwrap();
        assert_eq!(holding(&year(), 5, within).unwrap().title, "1 четверть");
        assert_eq!(holding(&year(), 5, across), None);
        assert_eq!(holding(&year(), 10, across).unwrap().title, "1 полугодие");
    }
}
