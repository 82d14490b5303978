//! For tests: roster behind its whole stack, a schedule that answers as it is told, and
//! everybody who may call.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chassis::caller::{Caller, Client, User, UserKind};
use chassis::client::PeerChannel;
use chassis::service::Service;
use chassis::testing::{Harness, TestDb, eventually};
use futures::stream::BoxStream;
use tokio::sync::Semaphore;
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use uuid::Uuid;
use zhurnal_proto::id::{AccountId, MunicipalityId, PersonId, SchoolId, SessionId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_service_client::RosterServiceClient;
use zhurnal_proto::schedule::v1 as schedule;
use zhurnal_proto::schedule::v1::schedule_service_server::{
    ScheduleService, ScheduleServiceServer,
};

use crate::testing::{SmallSchool, to_xlsx};
use crate::{Roster, RosterService};

pub type RosterClient = RosterServiceClient<PeerChannel>;

/// Lessons that the fake schedule says it has made.
pub const LESSONS: u32 = 777;

pub struct World {
    pub harness: Harness<RosterService>,
    pub schedule: FakeSchedule,
    requests: AtomicU64,
}

impl World {
    pub async fn sqlite() -> Self {
        Self::on(TestDb::sqlite(RosterService::migrations()).await)
    }

    pub fn on(db: TestDb) -> Self {
        let harness = Harness::on(db);
        let schedule = FakeSchedule::default();
        harness.host(
            "schedule",
            Routes::new(ScheduleServiceServer::new(schedule.clone())),
        );
        Self {
            harness,
            schedule,
            requests: AtomicU64::new(0),
        }
    }

    /// The service's own parts, as its tasks have them.
    pub fn roster(&self) -> Roster {
        let sources = chassis::config::Sources::new();
        Roster::new(
            self.harness.cx().clone(),
            chassis::config::load::<RosterService>(&sources).unwrap(),
        )
        .unwrap()
    }

    pub fn client(&self, caller: &Caller) -> RosterClient {
        RosterServiceClient::new(self.harness.caller(caller)).max_encoding_message_size(usize::MAX)
    }

    pub fn admin(&self) -> RosterClient {
        self.client(&region("ADMINISTRATOR"))
    }

    /// A new idempotency key.
    pub fn request_id(&self) -> String {
        Uuid::from_u128(1 + u128::from(self.requests.fetch_add(1, Ordering::Relaxed))).to_string()
    }

    pub async fn upload(&self, school: &SmallSchool) -> pb::SchoolImport {
        let request = self.upload_request(to_xlsx(&school.book()).unwrap());
        let answer = self.admin().upload_school_import(request).await.unwrap();
        answer.into_inner().school_import.unwrap()
    }

    pub fn upload_request(&self, content: Vec<u8>) -> pb::UploadSchoolImportRequest {
        pb::UploadSchoolImportRequest {
            content,
            file_name: "школа.xlsx".into(),
            request_id: self.request_id(),
        }
    }

    pub async fn apply(
        &self,
        import: &pb::SchoolImport,
        skip: bool,
    ) -> Result<pb::SchoolImport, Status> {
        let request = pb::ApplySchoolImportRequest {
            school_import_id: import.school_import_id.clone(),
            skip_refused_rows: skip,
            request_id: self.request_id(),
        };
        Ok(self
            .admin()
            .apply_school_import(request)
            .await?
            .into_inner()
            .school_import
            .unwrap())
    }

    pub async fn import(&self, import: &pb::SchoolImport) -> pb::SchoolImport {
        let request = pb::GetSchoolImportRequest {
            school_import_id: import.school_import_id.clone(),
        };
        self.admin()
            .get_school_import(request)
            .await
            .unwrap()
            .into_inner()
            .school_import
            .unwrap()
    }

    pub async fn in_state(
        &self,
        import: &pb::SchoolImport,
        state: pb::SchoolImportState,
    ) -> pb::SchoolImport {
        let seen =
            || async { Some(self.import(import).await).filter(|found| found.state() == state) };
        eventually(&format!("{state:?}"), seen).await
    }

    /// A school that was imported and works; nobody needs to look at its events.
    pub async fn with_school(&self, school: &SmallSchool) -> SchoolId {
        let import = self.upload(school).await;
        self.apply(&import, false).await.unwrap();
        let tasks = self.harness.start_tasks();
        let applied = self.in_state(&import, pb::SchoolImportState::Applied).await;
        tasks.stop().await;
        self.harness.ignore_announced().await;
        applied.school_id.parse().unwrap()
    }

    /// The card with this surname and given name.
    pub async fn card(&self, school: SchoolId, name: &str) -> PersonId {
        use chassis::db::statement;
        use sea_orm::ConnectionTrait;
        let db = self.harness.db();
        let sql =
            "SELECT person_id FROM person WHERE school_id = ? AND surname || ' ' || given_name = ?";
        let row = db
            .read()
            .query_one_raw(statement(
                db.backend(),
                sql,
                [school.uuid().into(), name.into()],
            ))
            .await;
        PersonId::from_uuid(
            row.unwrap()
                .unwrap_or_else(|| panic!("nobody is {name}"))
                .try_get_by_index(0)
                .unwrap(),
        )
    }

    /// Changes the database behind the service's back.
    pub async fn execute(&self, sql: &str) {
        use sea_orm::ConnectionTrait;
        let uow = self.harness.db().begin().await.unwrap();
        uow.conn().execute_unprepared(sql).await.unwrap();
        uow.commit().await.unwrap();
    }
}

fn user(kind: UserKind, roles: &[&str]) -> User {
    User {
        account: AccountId::from_uuid(Uuid::from_u128(0xacc)),
        session: SessionId::from_uuid(Uuid::from_u128(0x5e5)),
        kind,
        person: None,
        persons: Vec::new(),
        school: None,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        municipality: None,
        region: false,
        display: String::new(),
    }
}

/// Somebody of the ministry.
pub fn region(role: &str) -> Caller {
    Caller::User(User {
        region: true,
        ..user(UserKind::Staff, &[role])
    })
}

/// An officer of a municipality.
pub fn officer(municipality: MunicipalityId) -> Caller {
    Caller::User(User {
        municipality: Some(municipality),
        ..user(UserKind::Staff, &["MUNICIPAL_OFFICER"])
    })
}

/// An employee of a school.
pub fn staff(school: SchoolId, role: &str) -> Caller {
    let person = Some(PersonId::from_uuid(Uuid::from_u128(0x57aff)));
    Caller::User(User {
        school: Some(school),
        person,
        ..user(UserKind::Staff, &[role])
    })
}

/// The same employee with another card.
pub fn with_card(caller: Caller, card: PersonId) -> Caller {
    match caller {
        Caller::User(user) => Caller::User(User {
            person: Some(card),
            ..user
        }),
        other => other,
    }
}

/// A family with these cards.
pub fn family(cards: &[PersonId]) -> Caller {
    Caller::User(User {
        persons: cards.to_vec(),
        ..user(UserKind::Family, &[])
    })
}

/// Another system.
pub fn machine(scopes: &[&str], schools: &[SchoolId]) -> Caller {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    Caller::Client(Client {
        id: "system".into(),
        scopes,
        schools: schools.to_vec(),
    })
}

pub fn other_school() -> SchoolId {
    SchoolId::from_uuid(Uuid::from_u128(0x07e2))
}

/// Schedule as far as an import needs it: remembers the plans by import, answers with
/// the statuses it was given first, and can be held.
#[derive(Clone, Default)]
pub struct FakeSchedule {
    inner: Arc<Mutex<Told>>,
    held: Arc<Mutex<Option<Arc<Semaphore>>>>,
}

#[derive(Default)]
struct Told {
    failures: VecDeque<Status>,
    calls: Vec<schedule::PutSchoolPlanRequest>,
    lessons: Vec<schedule::Lesson>,
    loads: Vec<schedule::TeachingLoad>,
    down: bool,
}

impl FakeSchedule {
    /// Answers the next calls with these.
    pub fn fail_with(&self, failures: impl IntoIterator<Item = Status>) {
        self.inner.lock().unwrap().failures.extend(failures);
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<schedule::PutSchoolPlanRequest> {
        self.inner.lock().unwrap().calls.clone()
    }

    /// Has these loads.
    pub fn hold_loads(&self, loads: impl IntoIterator<Item = schedule::TeachingLoad>) {
        self.inner.lock().unwrap().loads = loads.into_iter().collect();
    }

    /// Has these lessons, whatever range is asked for.
    pub fn hold_lessons(&self, lessons: impl IntoIterator<Item = schedule::Lesson>) {
        self.inner.lock().unwrap().lessons = lessons.into_iter().collect();
    }

    /// Answers nothing about lessons any more.
    pub fn go_down(&self) {
        self.inner.lock().unwrap().down = true;
    }

    /// Holds calls until the permits of the semaphore let them through.
    pub fn hold(&self) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        *self.held.lock().unwrap() = Some(gate.clone());
        gate
    }
}

#[tonic::async_trait]
impl ScheduleService for FakeSchedule {
    async fn put_school_plan(
        &self,
        request: Request<schedule::PutSchoolPlanRequest>,
    ) -> Result<Response<schedule::PutSchoolPlanResponse>, Status> {
        let failure = {
            let mut told = self.inner.lock().unwrap();
            told.calls.push(request.into_inner());
            told.failures.pop_front()
        };
        let held = self.held.lock().unwrap().clone();
        if let Some(gate) = held {
            gate.acquire().await.unwrap().forget();
        }
        match failure {
            Some(status) => Err(status),
            None => Ok(Response::new(schedule::PutSchoolPlanResponse {
                lesson_count: LESSONS,
            })),
        }
    }

    /// What the newest import of the school has put.
    async fn get_school_plan(
        &self,
        request: Request<schedule::GetSchoolPlanRequest>,
    ) -> Result<Response<schedule::GetSchoolPlanResponse>, Status> {
        let told = self.inner.lock().unwrap();
        if told.down {
            return Err(Status::unavailable("fake"));
        }
        let school = &request.get_ref().school_id;
        let put = told.calls.iter().rfind(|put| put.school_id == *school);
        let plan = put.cloned().unwrap_or_default();
        Ok(Response::new(schedule::GetSchoolPlanResponse {
            periods: plan.periods,
            days_off: plan.days_off,
            bells: plan.bells,
            loads: plan.loads,
            weekly_lessons: plan.weekly_lessons,
        }))
    }

    async fn get_calendar(
        &self,
        _: Request<schedule::GetCalendarRequest>,
    ) -> Result<Response<schedule::GetCalendarResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn get_school_year(
        &self,
        _: Request<schedule::GetSchoolYearRequest>,
    ) -> Result<Response<schedule::GetSchoolYearResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn preview_school_year(
        &self,
        _: Request<schedule::PreviewSchoolYearRequest>,
    ) -> Result<Response<schedule::PreviewSchoolYearResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn save_school_year(
        &self,
        _: Request<schedule::SaveSchoolYearRequest>,
    ) -> Result<Response<schedule::SaveSchoolYearResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn draft_school_year(
        &self,
        _: Request<schedule::DraftSchoolYearRequest>,
    ) -> Result<Response<schedule::DraftSchoolYearResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn create_calendar_subscription(
        &self,
        _: Request<schedule::CreateCalendarSubscriptionRequest>,
    ) -> Result<Response<schedule::CreateCalendarSubscriptionResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_calendar_subscriptions(
        &self,
        _: Request<schedule::ListCalendarSubscriptionsRequest>,
    ) -> Result<Response<schedule::ListCalendarSubscriptionsResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn delete_calendar_subscription(
        &self,
        _: Request<schedule::DeleteCalendarSubscriptionRequest>,
    ) -> Result<Response<schedule::DeleteCalendarSubscriptionResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn get_calendar_feed(
        &self,
        _: Request<schedule::GetCalendarFeedRequest>,
    ) -> Result<Response<zhurnal_proto::google::api::HttpBody>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn open_school_year(
        &self,
        _: Request<schedule::OpenSchoolYearRequest>,
    ) -> Result<Response<schedule::OpenSchoolYearResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn preview_load_carry(
        &self,
        _: Request<schedule::PreviewLoadCarryRequest>,
    ) -> Result<Response<schedule::PreviewLoadCarryResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn carry_loads(
        &self,
        _: Request<schedule::CarryLoadsRequest>,
    ) -> Result<Response<schedule::CarryLoadsResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn start_timetable(
        &self,
        _: Request<schedule::StartTimetableRequest>,
    ) -> Result<Response<schedule::StartTimetableResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_teaching_loads(
        &self,
        request: Request<schedule::ListTeachingLoadsRequest>,
    ) -> Result<Response<schedule::ListTeachingLoadsResponse>, Status> {
        let told = self.inner.lock().unwrap();
        if told.down {
            return Err(Status::unavailable("fake"));
        }
        let group = &request.get_ref().group_id;
        let of_group = told.loads.iter().filter(|load| load.group_id == *group);
        Ok(Response::new(schedule::ListTeachingLoadsResponse {
            teaching_loads: of_group.cloned().collect(),
            next_page_token: String::new(),
        }))
    }

    async fn get_timetable(
        &self,
        _: Request<schedule::GetTimetableRequest>,
    ) -> Result<Response<schedule::GetTimetableResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_lessons(
        &self,
        _: Request<schedule::ListLessonsRequest>,
    ) -> Result<Response<schedule::ListLessonsResponse>, Status> {
        let told = self.inner.lock().unwrap();
        if told.down {
            return Err(Status::unavailable("fake"));
        }
        Ok(Response::new(schedule::ListLessonsResponse {
            lessons: told.lessons.clone(),
            next_page_token: String::new(),
        }))
    }

    async fn cancel_lesson(
        &self,
        _: Request<schedule::CancelLessonRequest>,
    ) -> Result<Response<schedule::CancelLessonResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn substitute_teacher(
        &self,
        _: Request<schedule::SubstituteTeacherRequest>,
    ) -> Result<Response<schedule::SubstituteTeacherResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_free_teachers(
        &self,
        _: Request<schedule::ListFreeTeachersRequest>,
    ) -> Result<Response<schedule::ListFreeTeachersResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn get_timesheet(
        &self,
        _: Request<schedule::GetTimesheetRequest>,
    ) -> Result<Response<schedule::GetTimesheetResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_timetables(
        &self,
        _: Request<schedule::ListTimetablesRequest>,
    ) -> Result<Response<schedule::ListTimetablesResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn get_timetable_version(
        &self,
        _: Request<schedule::GetTimetableVersionRequest>,
    ) -> Result<Response<schedule::GetTimetableVersionResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn create_timetable(
        &self,
        _: Request<schedule::CreateTimetableRequest>,
    ) -> Result<Response<schedule::CreateTimetableResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn change_timetable(
        &self,
        _: Request<schedule::ChangeTimetableRequest>,
    ) -> Result<Response<schedule::ChangeTimetableResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_timetable_places(
        &self,
        _: Request<schedule::ListTimetablePlacesRequest>,
    ) -> Result<Response<schedule::ListTimetablePlacesResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn preview_timetable(
        &self,
        _: Request<schedule::PreviewTimetableRequest>,
    ) -> Result<Response<schedule::PreviewTimetableResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_study_documents(
        &self,
        _: Request<schedule::ListStudyDocumentsRequest>,
    ) -> Result<Response<schedule::ListStudyDocumentsResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn get_study_document(
        &self,
        _: Request<schedule::GetStudyDocumentRequest>,
    ) -> Result<Response<schedule::GetStudyDocumentResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn save_study_document(
        &self,
        _: Request<schedule::SaveStudyDocumentRequest>,
    ) -> Result<Response<schedule::SaveStudyDocumentResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn approve_study_document(
        &self,
        _: Request<schedule::ApproveStudyDocumentRequest>,
    ) -> Result<Response<schedule::ApproveStudyDocumentResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn change_teaching_loads(
        &self,
        _: Request<schedule::ChangeTeachingLoadsRequest>,
    ) -> Result<Response<schedule::ChangeTeachingLoadsResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn get_load_summary(
        &self,
        _: Request<schedule::GetLoadSummaryRequest>,
    ) -> Result<Response<schedule::GetLoadSummaryResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_school_events(
        &self,
        _: Request<schedule::ListSchoolEventsRequest>,
    ) -> Result<Response<schedule::ListSchoolEventsResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_pupil_events(
        &self,
        _: Request<schedule::ListPupilEventsRequest>,
    ) -> Result<Response<schedule::ListPupilEventsResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn save_school_event(
        &self,
        _: Request<schedule::SaveSchoolEventRequest>,
    ) -> Result<Response<schedule::SaveSchoolEventResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn publish_school_events(
        &self,
        _: Request<schedule::PublishSchoolEventsRequest>,
    ) -> Result<Response<schedule::PublishSchoolEventsResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn cancel_school_event(
        &self,
        _: Request<schedule::CancelSchoolEventRequest>,
    ) -> Result<Response<schedule::CancelSchoolEventResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn discard_school_event(
        &self,
        _: Request<schedule::DiscardSchoolEventRequest>,
    ) -> Result<Response<schedule::DiscardSchoolEventResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_day_changes(
        &self,
        _: Request<schedule::ListDayChangesRequest>,
    ) -> Result<Response<schedule::ListDayChangesResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn change_day(
        &self,
        _: Request<schedule::ChangeDayRequest>,
    ) -> Result<Response<schedule::ChangeDayResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn undo_day_change(
        &self,
        _: Request<schedule::UndoDayChangeRequest>,
    ) -> Result<Response<schedule::UndoDayChangeResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn approve_timetable(
        &self,
        _: Request<schedule::ApproveTimetableRequest>,
    ) -> Result<Response<schedule::ApproveTimetableResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn discard_timetable(
        &self,
        _: Request<schedule::DiscardTimetableRequest>,
    ) -> Result<Response<schedule::DiscardTimetableResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn get_lesson_plan(
        &self,
        _: Request<schedule::GetLessonPlanRequest>,
    ) -> Result<Response<schedule::GetLessonPlanResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn list_lesson_plans(
        &self,
        _: Request<schedule::ListLessonPlansRequest>,
    ) -> Result<Response<schedule::ListLessonPlansResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn put_lesson_plan(
        &self,
        _: Request<schedule::PutLessonPlanRequest>,
    ) -> Result<Response<schedule::PutLessonPlanResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn approve_lesson_plan(
        &self,
        _: Request<schedule::ApproveLessonPlanRequest>,
    ) -> Result<Response<schedule::ApproveLessonPlanResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn return_lesson_plan(
        &self,
        _: Request<schedule::ReturnLessonPlanRequest>,
    ) -> Result<Response<schedule::ReturnLessonPlanResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn copy_lesson_plan(
        &self,
        _: Request<schedule::CopyLessonPlanRequest>,
    ) -> Result<Response<schedule::CopyLessonPlanResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    async fn import_lesson_plan(
        &self,
        _: Request<schedule::ImportLessonPlanRequest>,
    ) -> Result<Response<schedule::ImportLessonPlanResponse>, Status> {
        Err(Status::unimplemented("fake"))
    }

    type WatchScheduleEventsStream =
        BoxStream<'static, Result<schedule::WatchScheduleEventsResponse, Status>>;

    async fn watch_schedule_events(
        &self,
        _: Request<schedule::WatchScheduleEventsRequest>,
    ) -> Result<Response<Self::WatchScheduleEventsStream>, Status> {
        Err(Status::unimplemented("fake"))
    }
}
