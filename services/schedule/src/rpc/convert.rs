//! Domain to proto and back, nothing else.

use zhurnal_proto::id::{PeriodId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::domain::bells::Bell;
use crate::domain::calendar::{DayOff, DayOffSource, Holiday, Period, PeriodKind, ShortenedDay};
use crate::domain::lesson::LessonState;
use crate::store::calendars::StoredCalendar;
use crate::store::lessons::LessonView;
use crate::store::loads::LoadView;

/// Kind of period as sent; not said = none.
pub fn read_period_kind(kind: pb::PeriodKind) -> Option<PeriodKind> {
    match kind {
        pb::PeriodKind::Unspecified => None,
        pb::PeriodKind::Quarter => Some(PeriodKind::Quarter),
        pb::PeriodKind::HalfYear => Some(PeriodKind::HalfYear),
        pb::PeriodKind::Trimester => Some(PeriodKind::Trimester),
    }
}

/// Kind of period to send.
pub fn period_kind(kind: PeriodKind) -> pb::PeriodKind {
    match kind {
        PeriodKind::Quarter => pb::PeriodKind::Quarter,
        PeriodKind::HalfYear => pb::PeriodKind::HalfYear,
        PeriodKind::Trimester => pb::PeriodKind::Trimester,
    }
}

pub fn period(school: SchoolId, id: PeriodId, period: &Period) -> pb::Period {
    pb::Period {
        period_id: id.to_string(),
        school_id: school.to_string(),
        title: period.title.clone(),
        kind: period_kind(period.kind).into(),
        starts_on: period.starts_on.to_string(),
        ends_on: period.ends_on.to_string(),
        grade_from: period.grade_from.into(),
        grade_to: period.grade_to.into(),
    }
}

pub fn day_off(day: &DayOff) -> pb::DayOff {
    pb::DayOff {
        date: day.date.to_string(),
        title: day.title.clone(),
        regional: day.source == DayOffSource::Regional,
    }
}

pub fn holiday(one: &Holiday) -> pb::Holiday {
    pb::Holiday {
        title: one.title.clone(),
        starts_on: one.starts_on.to_string(),
        ends_on: one.ends_on.to_string(),
        grade_from: one.grade_from.into(),
        grade_to: one.grade_to.into(),
    }
}

pub fn shortened_day(one: &ShortenedDay) -> pb::ShortenedDay {
    pb::ShortenedDay {
        date: one.date.to_string(),
        title: one.title.clone(),
        lesson_minutes: one.lesson_minutes.into(),
    }
}

/// Days off that the region names, with the version of its calendar.
pub fn regional((version, days): &(u32, Vec<DayOff>)) -> pb::RegionalDaysOff {
    pb::RegionalDaysOff {
        version: *version,
        days_off: days.iter().map(day_off).collect(),
    }
}

pub fn bell(bell: &Bell) -> pb::Bell {
    pb::Bell {
        lesson_number: bell.number.into(),
        starts_at: bell.starts_at.to_string(),
        ends_at: bell.ends_at.to_string(),
        shift: bell.shift.into(),
    }
}

pub fn calendar(school: SchoolId, calendar: &StoredCalendar) -> pb::Calendar {
    pb::Calendar {
        school_id: school.to_string(),
        academic_year: calendar.year.year.to_string(),
        study_week_days: calendar.year.week.days().into(),
        time_zone: calendar
            .year
            .time_zone
            .iana_name()
            .unwrap_or_default()
            .to_owned(),
        periods: calendar
            .periods
            .iter()
            .map(|(id, one)| period(school, *id, one))
            .collect(),
        days_off: calendar.days_off.iter().map(day_off).collect(),
        bells: calendar.bells.iter().map(bell).collect(),
        holidays: calendar.holidays.iter().map(holiday).collect(),
        shortened_days: calendar.shortened.iter().map(shortened_day).collect(),
    }
}

pub fn teaching_load(school: SchoolId, load: LoadView) -> pb::TeachingLoad {
    pb::TeachingLoad {
        teaching_load_id: load.id.to_string(),
        school_id: school.to_string(),
        academic_year: load.academic_year,
        group_id: load.group.to_string(),
        subject_id: load.subject.to_string(),
        subject_title: load.subject_title,
        teacher_id: load.teacher.to_string(),
        weekly_hours_hundredths: load.weekly_hours_hundredths,
        starts_on: load.starts_on,
        ends_on: load.ends_on.unwrap_or_default(),
    }
}

fn lesson_state(state: &LessonState) -> pb::LessonState {
    match state {
        LessonState::Planned { .. } => pb::LessonState::Planned,
        LessonState::Cancelled { .. } => pb::LessonState::Cancelled,
        LessonState::Removed => pb::LessonState::Removed,
    }
}

pub fn lesson(school: SchoolId, view: &LessonView) -> pb::Lesson {
    let lesson = &view.lesson;
    pb::Lesson {
        lesson_id: lesson.id.to_string(),
        school_id: school.to_string(),
        academic_year: view.academic_year.clone(),
        date: lesson.slot.date.to_string(),
        lesson_number: view.number.into(),
        starts_at: lesson.slot.starts_at.to_string(),
        ends_at: lesson.slot.ends_at.to_string(),
        group_id: lesson.group.to_string(),
        group_title: view.group_title.clone(),
        class_id: view
            .class
            .map(|class| class.to_string())
            .unwrap_or_default(),
        grade: view.grade.into(),
        subject_id: lesson.subject.to_string(),
        subject_title: view.subject_title.clone(),
        teacher_id: lesson.teacher.to_string(),
        substitute_id: lesson
            .substitute()
            .map(|person| person.to_string())
            .unwrap_or_default(),
        room: view.room.clone(),
        state: lesson_state(&lesson.state).into(),
        state_reason: lesson.reason().to_owned(),
        etag: chassis::etag::of(lesson.version),
        remote: lesson.remote,
    }
}
