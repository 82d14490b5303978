//! What may be wrong with a plan, and where.

use jiff::civil::Date;

use crate::domain::bells::BellFault;

/// What part of the plan a problem is in: index in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The time zone.
    TimeZone,
    /// A period.
    Period(usize),
    /// A day off.
    DayOff(usize),
    /// A bell.
    Bell(usize),
    /// A group.
    Group(usize),
    /// A load.
    Load(usize),
    /// A weekly lesson.
    WeeklyLesson(usize),
}

/// What is wrong there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No such zone.
    #[error("неизвестный часовой пояс")]
    UnknownTimeZone,
    /// A date that the academic year does not have.
    #[error("{0} не входит в учебный год")]
    OutsideYear(Date),
    /// The last day is before the first, or the last grade below the first.
    #[error("начало позже конца")]
    Reversed,
    /// Another period has the same grade on the same day.
    #[error("период пересекается с другим периодом той же параллели")]
    PeriodsOverlap,
    /// A bell that cannot be rung.
    #[error(transparent)]
    Bell(BellFault),
    /// The group is named twice.
    #[error("группа указана дважды")]
    Twice,
    /// The group is not in the plan's list.
    #[error("группы нет в списке групп плана")]
    UnknownGroup,
    /// The study week does not have the weekday.
    #[error("в этот день недели школа не учится")]
    WeekdayNotStudied,
    /// No bell of that number in the group's shift.
    #[error("для этого номера урока нет звонка в смене группы")]
    NoBell,
    /// No period of the group's grade.
    #[error("для параллели группы нет учебных периодов")]
    NoPeriod,
    /// The group has another lesson then.
    #[error("у группы уже есть урок в это время")]
    SlotTaken,
}

impl Fault {
    /// Stable name.
    pub fn rule(self) -> &'static str {
        match self {
            Self::UnknownTimeZone => "UNKNOWN_TIME_ZONE",
            Self::OutsideYear(_) => "OUTSIDE_YEAR",
            Self::Reversed => "REVERSED",
            Self::PeriodsOverlap => "PERIODS_OVERLAP",
            Self::Bell(BellFault::EndsBeforeStart) => "REVERSED",
            Self::Bell(BellFault::Overlaps) => "BELLS_OVERLAP",
            Self::Bell(BellFault::Twice) | Self::Twice => "TWICE",
            Self::UnknownGroup => "UNKNOWN_GROUP",
            Self::WeekdayNotStudied => "WEEKDAY_NOT_STUDIED",
            Self::NoBell => "NO_BELL",
            Self::NoPeriod => "NO_PERIOD",
            Self::SlotTaken => "SLOT_TAKEN",
        }
    }
}

/// One problem of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}
