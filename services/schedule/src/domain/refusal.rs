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
    /// The school has this year already.
    #[error("{0} учебный год в школе уже открыт")]
    SchoolYearExists(AcademicYear),
    /// Another year comes first.
    #[error("Сначала открывают {0} учебный год")]
    SchoolYearNotNext(AcademicYear),
    /// No load of the year before can be carried over, or all have been.
    #[error("Переносить нечего: нагрузка прошлого года уже перенесена или её некому передать")]
    NothingToCarry,
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
    /// Somebody changed the lesson plan first.
    #[error("План уже изменён, обновите страницу")]
    LessonPlanStale {
        /// Version of the plan now.
        current: i64,
    },
    /// Nobody has saved a plan.
    #[error("Плана ещё нет")]
    LessonPlanMissing,
    /// The plan has other hours than the load (R128).
    #[error("В плане {planned} ч., по учебной нагрузке нужно {required} ч.")]
    LessonPlanHoursDiffer {
        /// Hours of the themes.
        planned: u32,
        /// Hours of the year by the load.
        required: u32,
    },
    /// The plan is approved already.
    #[error("План уже утверждён")]
    LessonPlanApproved,
    /// The plan of an own load.
    #[error("План собственных уроков утверждает другой завуч или администратор")]
    LessonPlanOwn,
    /// The version is approved: it does not change any more.
    #[error("Это расписание уже утверждено, изменить его нельзя: создайте копию")]
    TimetableNotDraft,
    /// Somebody changed the draft first.
    #[error("Расписание уже изменено, обновите страницу")]
    TimetableStale {
        /// Version of the draft now.
        current: i64,
    },
    /// Lessons of today may have begun.
    #[error("Расписание вводится не раньше чем с завтрашнего дня")]
    TimetableTooEarly,
    /// The first day is of another year.
    #[error("Эта дата не входит в учебный год расписания")]
    TimetableOutsideYear,
    /// Something is twice, or nowhere.
    #[error("В расписании есть ошибки ({0}), утвердить его нельзя")]
    TimetableHasErrors(usize),
    /// Somebody changed the document first.
    #[error("Документ уже изменён, обновите страницу")]
    StudyDocumentStale {
        /// Version of the document now; 0 = there is none.
        current: i64,
    },
    /// The version is approved: it does not change any more.
    #[error("Эта редакция уже утверждена: изменения входят в следующую")]
    StudyDocumentNotDraft,
    /// There is nothing in it.
    #[error("Утверждать нечего: документ пуст")]
    StudyDocumentEmpty,
    /// A tariff order is an order.
    #[error("Укажите номер и дату приказа о тарификации")]
    OrderMissing,
    /// A tariff order rests on an approved load.
    #[error("Сначала нужно утвердить учебную нагрузку")]
    LoadNotApproved,
    /// A day that is over does not change.
    #[error("Этот день уже прошёл")]
    DayIsOver,
    /// Nothing is planned there.
    #[error("На этот день нет уроков, которые можно изменить")]
    NoLessons,
    /// The change has been undone.
    #[error("Это изменение уже отменено")]
    DayChangeUndone,
    /// Somebody changed it first.
    #[error("Этот день уже изменён, обновите страницу")]
    DayChangeStale {
        /// Version of the change now.
        current: i64,
    },
    /// An event that is over does not change.
    #[error("Это событие уже прошло")]
    EventIsOver,
    /// A cancelled event does not change.
    #[error("Это событие отменено, изменить его нельзя")]
    EventCancelled,
    /// Whoever was told of an event would hear nothing of the change.
    #[error("Для кого событие, после публикации не меняется: отмените его и создайте другое")]
    EventAudienceFixed,
    /// The event is published already.
    #[error("Это событие уже опубликовано")]
    EventNotDraft,
    /// The event is a draft: there is nothing to cancel.
    #[error("Это событие ещё не опубликовано: черновик можно удалить")]
    EventNotPublished,
    /// Somebody changed it first.
    #[error("Событие уже изменено, обновите страницу")]
    EventStale {
        /// Version of the event now.
        current: i64,
    },
    /// The school has no calendar of the year.
    #[error("У школы нет календаря этого учебного года")]
    SchoolYearMissing,
    /// More calendars than a family has devices for.
    #[error("Календарей уже слишком много: удалите те, которыми не пользуетесь")]
    TooManyCalendarSubscriptions,
    /// Nobody works at so many at once.
    #[error("Черновиков расписания уже слишком много, удалите ненужные")]
    TimetableTooManyDrafts,
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
            Self::EtagStale { .. }
            | Self::LessonPlanStale { .. }
            | Self::TimetableStale { .. }
            | Self::StudyDocumentStale { .. }
            | Self::DayChangeStale { .. }
            | Self::EventStale { .. } => "ETAG_STALE",
            Self::EventIsOver => "EVENT_IS_OVER",
            Self::EventCancelled => "EVENT_CANCELLED",
            Self::EventAudienceFixed => "EVENT_AUDIENCE_FIXED",
            Self::EventNotDraft => "EVENT_NOT_DRAFT",
            Self::EventNotPublished => "EVENT_NOT_PUBLISHED",
            Self::DayIsOver => "DAY_IS_OVER",
            Self::NoLessons => "NO_LESSONS",
            Self::DayChangeUndone => "DAY_CHANGE_UNDONE",
            Self::StudyDocumentNotDraft => "STUDY_DOCUMENT_NOT_DRAFT",
            Self::StudyDocumentEmpty => "STUDY_DOCUMENT_EMPTY",
            Self::OrderMissing => "ORDER_MISSING",
            Self::LoadNotApproved => "LOAD_NOT_APPROVED",
            Self::SchoolYearMissing => "SCHOOL_YEAR_MISSING",
            Self::SchoolYearExists(_) => "SCHOOL_YEAR_EXISTS",
            Self::SchoolYearNotNext(_) => "SCHOOL_YEAR_NOT_NEXT",
            Self::NothingToCarry => "NOTHING_TO_CARRY",
            Self::LessonPlanMissing => "LESSON_PLAN_MISSING",
            Self::LessonPlanHoursDiffer { .. } => "LESSON_PLAN_HOURS_DIFFER",
            Self::LessonPlanApproved => "LESSON_PLAN_APPROVED",
            Self::LessonPlanOwn => "LESSON_PLAN_OWN",
            Self::TimetableNotDraft => "TIMETABLE_NOT_DRAFT",
            Self::TimetableTooEarly => "TIMETABLE_TOO_EARLY",
            Self::TimetableOutsideYear => "TIMETABLE_OUTSIDE_YEAR",
            Self::TimetableHasErrors(_) => "TIMETABLE_HAS_ERRORS",
            Self::TimetableTooManyDrafts => "TIMETABLE_TOO_MANY_DRAFTS",
            Self::TooManyCalendarSubscriptions => "TOO_MANY_CALENDAR_SUBSCRIPTIONS",
        }
    }
}
