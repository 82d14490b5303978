//! The calendar of the school year in tests.

use tonic::{Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::lesson_plans::request_id;
use super::world::{World, text};

/// A request that saves the year as it was seen.
pub fn save_request(seen: &pb::SchoolYear, n: u8) -> pb::SaveSchoolYearRequest {
    let calendar = seen.calendar.clone().unwrap();
    let document = seen.study_document.as_ref();
    pb::SaveSchoolYearRequest {
        school_id: calendar.school_id,
        academic_year: String::new(),
        periods: calendar.periods.into_iter().map(planned).collect(),
        holidays: calendar.holidays,
        days_off: calendar.days_off,
        shortened_days: calendar.shortened_days,
        bells: calendar.bells,
        etag: document.map(|one| one.etag.clone()).unwrap_or_default(),
        request_id: request_id(n),
    }
}

fn planned(one: pb::Period) -> pb::PlannedPeriod {
    pb::PlannedPeriod {
        kind: one.kind,
        period_id: one.period_id,
        title: one.title,
        starts_on: one.starts_on,
        ends_on: one.ends_on,
        grade_from: one.grade_from,
        grade_to: one.grade_to,
    }
}

/// The preview of what a request would save.
pub fn preview_of(request: &pb::SaveSchoolYearRequest) -> pb::PreviewSchoolYearRequest {
    let request = request.clone();
    pb::PreviewSchoolYearRequest {
        school_id: request.school_id,
        academic_year: request.academic_year,
        periods: request.periods,
        holidays: request.holidays,
        days_off: request.days_off,
        shortened_days: request.shortened_days,
        bells: request.bells,
    }
}

/// A day off.
pub fn off(date: &str) -> pb::DayOff {
    pb::DayOff {
        date: date.into(),
        title: "День школы".into(),
        regional: false,
    }
}

/// A day with lessons of half an hour.
pub fn short(date: &str) -> pb::ShortenedDay {
    pb::ShortenedDay {
        date: date.into(),
        title: "Сокращённый день".into(),
        lesson_minutes: 30,
    }
}

/// Holidays of some grades.
pub fn holiday(from: &str, to: &str, (grade_from, grade_to): (u32, u32)) -> pb::Holiday {
    pb::Holiday {
        title: "Дополнительные каникулы".into(),
        starts_on: from.into(),
        ends_on: to.into(),
        grade_from,
        grade_to,
    }
}

/// Lessons that are added, get another time, are taken out, and of the latter two those with
/// a substitute.
pub fn counts(effect: Option<pb::SchoolYearEffect>) -> (u32, u32, u32, u32) {
    let effect = effect.unwrap();
    (
        effect.added,
        effect.changed,
        effect.removed,
        effect.substituted,
    )
}

/// What was announced of a change of the calendar.
#[derive(Debug, Default)]
pub struct Announced {
    pub calendars: Vec<pb::Calendar>,
    pub lessons: Vec<pb::Lesson>,
    pub documents: Vec<pb::StudyDocument>,
}

impl World {
    /// The present year as the deputy sees it.
    pub async fn school_year(&self) -> pb::SchoolYear {
        let request = pb::GetSchoolYearRequest {
            school_id: text::<SchoolId>("school"),
            academic_year: String::new(),
        };
        let answer = self.deputy().get_school_year(request).await.unwrap();
        answer.into_inner().school_year.unwrap()
    }

    /// Saves as the deputy.
    pub async fn save_year(
        &self,
        request: pb::SaveSchoolYearRequest,
    ) -> Result<Response<pb::SaveSchoolYearResponse>, Status> {
        self.deputy().save_school_year(request).await
    }

    /// Saves the present year after a change.
    pub async fn change_year(
        &self,
        n: u8,
        change: impl FnOnce(&mut pb::SaveSchoolYearRequest),
    ) -> pb::SaveSchoolYearResponse {
        let mut request = save_request(&self.school_year().await, n);
        change(&mut request);
        self.save_year(request).await.unwrap().into_inner()
    }

    /// What was announced since the last look.
    pub async fn announced_year(&self) -> Announced {
        let events: Vec<pb::ScheduleEvent> = self.harness.announced().await;
        let mut all = Announced::default();
        for event in events {
            match event.change {
                Some(Change::CalendarChanged(changed)) => all.calendars.extend(changed.calendar),
                Some(Change::LessonsChanged(changed)) => all.lessons.extend(changed.lessons),
                Some(Change::StudyDocumentChanged(changed)) => {
                    all.documents.extend(changed.study_document);
                }
                other => panic!("not of a calendar: {other:?}"),
            }
        }
        all
    }
}
