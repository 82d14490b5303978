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
    /// Holidays beside the gaps between periods.
    Holiday(usize),
    /// A day with shorter lessons.
    ShortenedDay(usize),
    /// What a list lacks.
    List(List),
}

/// A list of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// The periods.
    Periods,
    /// The holidays beside the gaps.
    Holidays,
    /// The days off.
    DaysOff,
    /// The days with shorter lessons.
    ShortenedDays,
    /// The bells.
    Bells,
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
    /// The year has no such period.
    #[error("такого периода в учебном году нет")]
    UnknownPeriod,
    /// The period is named twice.
    #[error("период указан дважды")]
    PeriodTwice,
    /// The day is named twice.
    #[error("этот день уже указан")]
    DayTwice,
    /// A grade with groups has no period.
    #[error("у {0} классов нет ни одного учебного периода")]
    GradeWithoutPeriod(u8),
    /// Other holidays have the same grade on the same day.
    #[error("каникулы пересекаются с другими каникулами той же параллели")]
    HolidaysOverlap,
    /// No grade has lessons on the day.
    #[error("{0} — не учебный день")]
    NotASchoolDay(Date),
    /// A day up to today would become another.
    #[error("меняется {0}: прошедшие дни и сегодняшний остаются как были")]
    Past(Date),
    /// The timetable has lessons at a number that would have no bell.
    #[error("звонок нужен расписанию: {shift} смена, {number} урок")]
    BellInUse {
        /// Shift.
        shift: u8,
        /// Lesson number.
        number: u8,
    },
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
            Self::BellInUse { .. } => "BELL_IN_USE",
            Self::NoPeriod => "NO_PERIOD",
            Self::SlotTaken => "SLOT_TAKEN",
            Self::UnknownPeriod => "UNKNOWN_PERIOD",
            Self::PeriodTwice | Self::DayTwice => "TWICE",
            Self::GradeWithoutPeriod(_) => "NO_PERIOD",
            Self::HolidaysOverlap => "HOLIDAYS_OVERLAP",
            Self::NotASchoolDay(_) => "NOT_A_SCHOOL_DAY",
            Self::Past(_) => "PAST",
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
