//! The RPCs, one file each.

pub(crate) mod announce;
mod approve_lesson_plan;
mod approve_study_document;
mod approve_timetable;
mod calendar_feed;
mod calendar_subscription;
mod cancel_lesson;
mod cancel_school_event;
mod carry_loads;
mod change_day;
mod change_teaching_loads;
mod change_timetable;
pub(crate) mod convert;
mod convert_plan;
mod convert_school_event;
pub(crate) mod convert_study_document;
mod convert_timetable;
mod copy_lesson_plan;
mod create_calendar_subscription;
mod create_timetable;
mod day_change;
mod delete_calendar_subscription;
mod discard_school_event;
mod discard_timetable;
mod draft_school_year;
mod get_calendar;
mod get_calendar_feed;
mod get_lesson_plan;
mod get_load_summary;
mod get_school_plan;
mod get_school_year;
mod get_study_document;
mod get_timesheet;
mod get_timetable;
mod get_timetable_version;
mod import_lesson_plan;
mod lesson_change;
mod lesson_plan;
mod list_calendar_subscriptions;
mod list_day_changes;
mod list_free_teachers;
mod list_lesson_plans;
mod list_lessons;
mod list_pupil_events;
mod list_school_events;
mod list_study_documents;
mod list_teaching_loads;
mod list_timetable_places;
mod list_timetables;
mod load_carry;
mod open_school_year;
mod parse;
mod preview_load_carry;
mod preview_school_year;
mod preview_timetable;
mod publish_school_events;
mod put_lesson_plan;
mod put_school_plan;
mod refused;
mod return_lesson_plan;
mod room_conflicts;
mod save_school_event;
mod save_school_year;
mod save_study_document;
mod school_event;
mod school_year;
mod start_timetable;
mod study_document;
mod substitute_teacher;
mod timetable;
mod undo_day_change;
mod watch_schedule_events;
mod year_lists;

use std::sync::Arc;

use chassis::service::Cx;
use futures::stream::BoxStream;
use tonic::{Request, Response, Status};
use zhurnal_proto::google::api::HttpBody;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_service_server::ScheduleService;

use crate::regional_calendars::RegionalCalendars;
use crate::secrets::Secrets;

/// Most items of a list in an event.
pub(crate) const EVENT_ITEMS: usize = 500;

/// Answers the RPCs.
#[derive(Clone)]
pub struct Rpc {
    cx: Cx,
    calendars: Arc<RegionalCalendars>,
    secrets: Secrets,
}

impl Rpc {
    /// Over the service's context, the calendars it has loaded and its own key.
    pub fn new(cx: Cx, calendars: RegionalCalendars, secrets: Secrets) -> Self {
        Self {
            cx,
            calendars: Arc::new(calendars),
            secrets,
        }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl ScheduleService for Rpc {
    async fn put_school_plan(
        &self,
        r: Request<pb::PutSchoolPlanRequest>,
    ) -> Answer<pb::PutSchoolPlanResponse> {
        put_school_plan::handle(self, r).await
    }

    async fn get_school_plan(
        &self,
        r: Request<pb::GetSchoolPlanRequest>,
    ) -> Answer<pb::GetSchoolPlanResponse> {
        get_school_plan::handle(&self.cx, r).await
    }

    async fn get_calendar(
        &self,
        r: Request<pb::GetCalendarRequest>,
    ) -> Answer<pb::GetCalendarResponse> {
        get_calendar::handle(&self.cx, r).await
    }

    async fn get_school_year(
        &self,
        r: Request<pb::GetSchoolYearRequest>,
    ) -> Answer<pb::GetSchoolYearResponse> {
        get_school_year::handle(self, r).await
    }

    async fn preview_school_year(
        &self,
        r: Request<pb::PreviewSchoolYearRequest>,
    ) -> Answer<pb::PreviewSchoolYearResponse> {
        preview_school_year::handle(self, r).await
    }

    async fn save_school_year(
        &self,
        r: Request<pb::SaveSchoolYearRequest>,
    ) -> Answer<pb::SaveSchoolYearResponse> {
        save_school_year::handle(self, r).await
    }

    async fn draft_school_year(
        &self,
        r: Request<pb::DraftSchoolYearRequest>,
    ) -> Answer<pb::DraftSchoolYearResponse> {
        draft_school_year::handle(self, r).await
    }

    async fn open_school_year(
        &self,
        r: Request<pb::OpenSchoolYearRequest>,
    ) -> Answer<pb::OpenSchoolYearResponse> {
        open_school_year::handle(self, r).await
    }

    async fn list_teaching_loads(
        &self,
        r: Request<pb::ListTeachingLoadsRequest>,
    ) -> Answer<pb::ListTeachingLoadsResponse> {
        list_teaching_loads::handle(&self.cx, r).await
    }

    async fn list_study_documents(
        &self,
        r: Request<pb::ListStudyDocumentsRequest>,
    ) -> Answer<pb::ListStudyDocumentsResponse> {
        list_study_documents::handle(&self.cx, r).await
    }

    async fn get_study_document(
        &self,
        r: Request<pb::GetStudyDocumentRequest>,
    ) -> Answer<pb::GetStudyDocumentResponse> {
        get_study_document::handle(&self.cx, r).await
    }

    async fn save_study_document(
        &self,
        r: Request<pb::SaveStudyDocumentRequest>,
    ) -> Answer<pb::SaveStudyDocumentResponse> {
        save_study_document::handle(&self.cx, r).await
    }

    async fn approve_study_document(
        &self,
        r: Request<pb::ApproveStudyDocumentRequest>,
    ) -> Answer<pb::ApproveStudyDocumentResponse> {
        approve_study_document::handle(&self.cx, r).await
    }

    async fn change_teaching_loads(
        &self,
        r: Request<pb::ChangeTeachingLoadsRequest>,
    ) -> Answer<pb::ChangeTeachingLoadsResponse> {
        change_teaching_loads::handle(&self.cx, r).await
    }

    async fn preview_load_carry(
        &self,
        r: Request<pb::PreviewLoadCarryRequest>,
    ) -> Answer<pb::PreviewLoadCarryResponse> {
        preview_load_carry::handle(&self.cx, r).await
    }

    async fn carry_loads(
        &self,
        r: Request<pb::CarryLoadsRequest>,
    ) -> Answer<pb::CarryLoadsResponse> {
        carry_loads::handle(&self.cx, r).await
    }

    async fn get_load_summary(
        &self,
        r: Request<pb::GetLoadSummaryRequest>,
    ) -> Answer<pb::GetLoadSummaryResponse> {
        get_load_summary::handle(&self.cx, r).await
    }

    async fn get_timetable(
        &self,
        r: Request<pb::GetTimetableRequest>,
    ) -> Answer<pb::GetTimetableResponse> {
        get_timetable::handle(&self.cx, r).await
    }

    async fn list_timetables(
        &self,
        r: Request<pb::ListTimetablesRequest>,
    ) -> Answer<pb::ListTimetablesResponse> {
        list_timetables::handle(&self.cx, r).await
    }

    async fn get_timetable_version(
        &self,
        r: Request<pb::GetTimetableVersionRequest>,
    ) -> Answer<pb::GetTimetableVersionResponse> {
        get_timetable_version::handle(&self.cx, r).await
    }

    async fn create_timetable(
        &self,
        r: Request<pb::CreateTimetableRequest>,
    ) -> Answer<pb::CreateTimetableResponse> {
        create_timetable::handle(&self.cx, r).await
    }

    async fn start_timetable(
        &self,
        r: Request<pb::StartTimetableRequest>,
    ) -> Answer<pb::StartTimetableResponse> {
        start_timetable::handle(&self.cx, r).await
    }

    async fn change_timetable(
        &self,
        r: Request<pb::ChangeTimetableRequest>,
    ) -> Answer<pb::ChangeTimetableResponse> {
        change_timetable::handle(&self.cx, r).await
    }

    async fn list_timetable_places(
        &self,
        r: Request<pb::ListTimetablePlacesRequest>,
    ) -> Answer<pb::ListTimetablePlacesResponse> {
        list_timetable_places::handle(&self.cx, r).await
    }

    async fn preview_timetable(
        &self,
        r: Request<pb::PreviewTimetableRequest>,
    ) -> Answer<pb::PreviewTimetableResponse> {
        preview_timetable::handle(&self.cx, r).await
    }

    async fn approve_timetable(
        &self,
        r: Request<pb::ApproveTimetableRequest>,
    ) -> Answer<pb::ApproveTimetableResponse> {
        approve_timetable::handle(&self.cx, r).await
    }

    async fn discard_timetable(
        &self,
        r: Request<pb::DiscardTimetableRequest>,
    ) -> Answer<pb::DiscardTimetableResponse> {
        discard_timetable::handle(&self.cx, r).await
    }

    async fn list_lessons(
        &self,
        r: Request<pb::ListLessonsRequest>,
    ) -> Answer<pb::ListLessonsResponse> {
        list_lessons::handle(&self.cx, r).await
    }

    async fn cancel_lesson(
        &self,
        r: Request<pb::CancelLessonRequest>,
    ) -> Answer<pb::CancelLessonResponse> {
        cancel_lesson::handle(&self.cx, r).await
    }

    async fn substitute_teacher(
        &self,
        r: Request<pb::SubstituteTeacherRequest>,
    ) -> Answer<pb::SubstituteTeacherResponse> {
        substitute_teacher::handle(&self.cx, r).await
    }

    async fn list_day_changes(
        &self,
        r: Request<pb::ListDayChangesRequest>,
    ) -> Answer<pb::ListDayChangesResponse> {
        list_day_changes::handle(&self.cx, r).await
    }

    async fn change_day(&self, r: Request<pb::ChangeDayRequest>) -> Answer<pb::ChangeDayResponse> {
        change_day::handle(&self.cx, r).await
    }

    async fn undo_day_change(
        &self,
        r: Request<pb::UndoDayChangeRequest>,
    ) -> Answer<pb::UndoDayChangeResponse> {
        undo_day_change::handle(&self.cx, r).await
    }

    async fn list_school_events(
        &self,
        r: Request<pb::ListSchoolEventsRequest>,
    ) -> Answer<pb::ListSchoolEventsResponse> {
        list_school_events::handle(&self.cx, r).await
    }

    async fn list_pupil_events(
        &self,
        r: Request<pb::ListPupilEventsRequest>,
    ) -> Answer<pb::ListPupilEventsResponse> {
        list_pupil_events::handle(&self.cx, r).await
    }

    async fn save_school_event(
        &self,
        r: Request<pb::SaveSchoolEventRequest>,
    ) -> Answer<pb::SaveSchoolEventResponse> {
        save_school_event::handle(&self.cx, r).await
    }

    async fn publish_school_events(
        &self,
        r: Request<pb::PublishSchoolEventsRequest>,
    ) -> Answer<pb::PublishSchoolEventsResponse> {
        publish_school_events::handle(&self.cx, r).await
    }

    async fn cancel_school_event(
        &self,
        r: Request<pb::CancelSchoolEventRequest>,
    ) -> Answer<pb::CancelSchoolEventResponse> {
        cancel_school_event::handle(&self.cx, r).await
    }

    async fn discard_school_event(
        &self,
        r: Request<pb::DiscardSchoolEventRequest>,
    ) -> Answer<pb::DiscardSchoolEventResponse> {
        discard_school_event::handle(&self.cx, r).await
    }

    async fn create_calendar_subscription(
        &self,
        r: Request<pb::CreateCalendarSubscriptionRequest>,
    ) -> Answer<pb::CreateCalendarSubscriptionResponse> {
        create_calendar_subscription::handle(self, r).await
    }

    async fn list_calendar_subscriptions(
        &self,
        r: Request<pb::ListCalendarSubscriptionsRequest>,
    ) -> Answer<pb::ListCalendarSubscriptionsResponse> {
        list_calendar_subscriptions::handle(&self.cx, r).await
    }

    async fn delete_calendar_subscription(
        &self,
        r: Request<pb::DeleteCalendarSubscriptionRequest>,
    ) -> Answer<pb::DeleteCalendarSubscriptionResponse> {
        delete_calendar_subscription::handle(&self.cx, r).await
    }

    async fn get_calendar_feed(&self, r: Request<pb::GetCalendarFeedRequest>) -> Answer<HttpBody> {
        get_calendar_feed::handle(self, r).await
    }

    async fn list_free_teachers(
        &self,
        r: Request<pb::ListFreeTeachersRequest>,
    ) -> Answer<pb::ListFreeTeachersResponse> {
        list_free_teachers::handle(&self.cx, r).await
    }

    async fn get_timesheet(
        &self,
        r: Request<pb::GetTimesheetRequest>,
    ) -> Answer<pb::GetTimesheetResponse> {
        get_timesheet::handle(&self.cx, r).await
    }

    async fn get_lesson_plan(
        &self,
        r: Request<pb::GetLessonPlanRequest>,
    ) -> Answer<pb::GetLessonPlanResponse> {
        get_lesson_plan::handle(&self.cx, r).await
    }

    async fn list_lesson_plans(
        &self,
        r: Request<pb::ListLessonPlansRequest>,
    ) -> Answer<pb::ListLessonPlansResponse> {
        list_lesson_plans::handle(&self.cx, r).await
    }

    async fn put_lesson_plan(
        &self,
        r: Request<pb::PutLessonPlanRequest>,
    ) -> Answer<pb::PutLessonPlanResponse> {
        put_lesson_plan::handle(&self.cx, r).await
    }

    async fn approve_lesson_plan(
        &self,
        r: Request<pb::ApproveLessonPlanRequest>,
    ) -> Answer<pb::ApproveLessonPlanResponse> {
        approve_lesson_plan::handle(&self.cx, r).await
    }

    async fn return_lesson_plan(
        &self,
        r: Request<pb::ReturnLessonPlanRequest>,
    ) -> Answer<pb::ReturnLessonPlanResponse> {
        return_lesson_plan::handle(&self.cx, r).await
    }

    async fn copy_lesson_plan(
        &self,
        r: Request<pb::CopyLessonPlanRequest>,
    ) -> Answer<pb::CopyLessonPlanResponse> {
        copy_lesson_plan::handle(&self.cx, r).await
    }

    async fn import_lesson_plan(
        &self,
        r: Request<pb::ImportLessonPlanRequest>,
    ) -> Answer<pb::ImportLessonPlanResponse> {
        import_lesson_plan::handle(&self.cx, r).await
    }

    type WatchScheduleEventsStream =
        BoxStream<'static, Result<pb::WatchScheduleEventsResponse, Status>>;

    async fn watch_schedule_events(
        &self,
        r: Request<pb::WatchScheduleEventsRequest>,
    ) -> Answer<Self::WatchScheduleEventsStream> {
        watch_schedule_events::handle(&self.cx, r).await
    }
}
