//! Why schedule refuses what a well-formed request asks for.

use super::academic_year::AcademicYear;

/// A refusal; the text is for people, [`Refusal::reason`] for programs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another import has put the school's plan of this year.
    #[error("План школы на этот учебный год уже загружен другим импортом")]
    PlanExists,
    /// No regional calendar of the year: public days off are not known.
    #[error("Нет регионального календаря на {0} учебный год")]
    RegionalCalendarMissing(AcademicYear),
    /// The lesson is cancelled.
    #[error("Урок отменён, изменить его нельзя")]
    LessonNotPlanned,
    /// The substitute has another lesson at that time.
    #[error("У этого учителя в это время уже есть урок")]
    TeacherBusy,
    /// No teacher of the school on that day.
    #[error("Такого учителя в школе на эту дату нет")]
    TeacherUnknown,
    /// Somebody changed the lesson first.
    #[error("Урок уже изменён, обновите страницу")]
    EtagStale {
        /// Version of the lesson now.
        current: i64,
    },
}

impl Refusal {
    /// Stable name.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::PlanExists => "PLAN_EXISTS",
            Self::RegionalCalendarMissing(_) => "REGIONAL_CALENDAR_MISSING",
            Self::LessonNotPlanned => "LESSON_NOT_PLANNED",
            Self::TeacherBusy => "TEACHER_BUSY",
            Self::TeacherUnknown => "TEACHER_UNKNOWN",
            Self::EtagStale { .. } => "ETAG_STALE",
        }
    }
}
