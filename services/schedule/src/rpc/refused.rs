//! Refusals of the domain as statuses.

use chassis::status::{self, Violation};
use tonic::{Code, Status};

use crate::domain::plan::{List, Place, Problem};
use crate::domain::refusal::Refusal;

/// A refusal as a status.
pub fn status(refusal: &Refusal) -> Status {
    let (reason, message) = (refusal.reason(), refusal.to_string());
    match refusal {
        Refusal::EtagStale { current }
        | Refusal::LessonPlanStale { current }
        | Refusal::TimetableStale { current }
        | Refusal::StudyDocumentStale { current }
        | Refusal::DayChangeStale { current }
        | Refusal::EventStale { current } => status::Refusal::new(Code::Aborted, reason, message)
            .with("current", format_args!("v{current}"))
            .into(),
        Refusal::LessonPlanHoursDiffer { planned, required } => {
            status::Refusal::new(Code::FailedPrecondition, reason, message)
                .with("planned", planned)
                .with("required", required)
                .into()
        }
        Refusal::TimetableHasErrors(count) => {
            status::Refusal::new(Code::FailedPrecondition, reason, message)
                .with("errors", count)
                .into()
        }
        Refusal::PlanExists | Refusal::SchoolYearExists(_) => {
            status::already_exists(reason, message)
        }
        Refusal::RegionalCalendarMissing(_)
        | Refusal::LessonNotPlanned
        | Refusal::TeacherBusy
        | Refusal::TeacherUnknown
        | Refusal::LessonPlanMissing
        | Refusal::LessonPlanApproved
        | Refusal::LessonPlanOwn
        | Refusal::TimetableNotDraft
        | Refusal::TimetableTooEarly
        | Refusal::TimetableOutsideYear
        | Refusal::StudyDocumentNotDraft
        | Refusal::StudyDocumentEmpty
        | Refusal::OrderMissing
        | Refusal::LoadNotApproved
        | Refusal::SchoolYearMissing
        | Refusal::SchoolYearNotNext(_)
        | Refusal::NothingToCarry
        | Refusal::DayIsOver
        | Refusal::NoLessons
        | Refusal::EventIsOver
        | Refusal::EventCancelled
        | Refusal::EventNotDraft
        | Refusal::EventAudienceFixed
        | Refusal::EventNotPublished
        | Refusal::DayChangeUndone
        | Refusal::TimetableTooManyDrafts
        | Refusal::TooManyCalendarSubscriptions => status::precondition(reason, message),
    }
}

/// Problems told at once: details travel in headers, which have a limit.
const MOST_PROBLEMS: usize = 20;

/// A plan that does not hold together: the first problems, each at its field.
pub fn plan(problems: Vec<Problem>) -> Status {
    status::invalid(
        problems
            .into_iter()
            .take(MOST_PROBLEMS)
            .map(|problem| Violation {
                field: field(problem.place),
                rule: problem.fault.rule(),
                message: problem.fault.to_string(),
            }),
    )
}

fn field(place: Place) -> String {
    match place {
        Place::TimeZone => "timeZone".to_owned(),
        Place::Period(at) => format!("periods[{at}]"),
        Place::DayOff(at) => format!("daysOff[{at}]"),
        Place::Bell(at) => format!("bells[{at}]"),
        Place::Group(at) => format!("groups[{at}]"),
        Place::Load(at) => format!("loads[{at}]"),
        Place::WeeklyLesson(at) => format!("weeklyLessons[{at}]"),
        Place::Holiday(at) => format!("holidays[{at}]"),
        Place::ShortenedDay(at) => format!("shortenedDays[{at}]"),
        Place::List(List::Periods) => "periods".to_owned(),
        Place::List(List::Holidays) => "holidays".to_owned(),
        Place::List(List::DaysOff) => "daysOff".to_owned(),
        Place::List(List::ShortenedDays) => "shortenedDays".to_owned(),
        Place::List(List::Bells) => "bells".to_owned(),
    }
}
