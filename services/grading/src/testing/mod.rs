//! A school that grading has heard of, and ways to call.
//!
//! School 1, class 5-А of 30 pupils (persons 101 to 130) with mathematics by the
//! teacher, class 5-Б with the other teacher. The facts come in as roster's and
//! schedule's events through the consumers' own code.

mod builders;
mod plan;
mod witness;

use std::cell::RefCell;

use chassis::{
    caller::{Caller, User, UserKind},
    client::PeerChannel,
    config::Sources,
    db::Migrations,
    feed::Consumer,
    service::{Assembly, Cx, Service},
    testing::{Harness, TestDb},
};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, Value};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::{
    grading::v1::{
        self as pb, grading_event::Change as Event, grading_service_client::GradingServiceClient,
        mark_operation::Action,
    },
    id::{
        AccountId, ClassId, EnrolmentId, GroupId, GuardianLinkId, JournalId, LessonId, PeriodId,
        PersonId, SchoolId, SessionId, SubjectId, SupervisionId, TeachingLoadId,
    },
    roster::v1::{self as roster, roster_event::Change as RosterChange},
    schedule::v1::{self as schedule, schedule_event::Change as ScheduleChange},
    types::v1::PersonName,
};

pub use self::{builders::*, witness::Witness};
use crate::{Config, Grading, GradingService, feed};

pub type Client = GradingServiceClient<PeerChannel>;

pub const TEACHER: u128 = 1;
pub const OTHER_TEACHER: u128 = 2;
pub const SUBSTITUTE: u128 = 3;
pub const CLASS_TEACHER: u128 = 4;
pub const DEPUTY: u128 = 5;
pub const DIRECTOR: u128 = 6;
pub const ADMINISTRATOR: u128 = 7;
/// First pupil of 5-А; there are thirty.
pub const PUPIL: u128 = 101;
pub const CLASS_SIZE: u128 = 30;
/// Pupil of 5-Б.
pub const STRANGER: u128 = 201;
pub const MOTHER: u128 = 301;
/// A relative who is no legal representative.
pub const AUNT: u128 = 302;
pub const MOTHER_OF_STRANGER: u128 = 303;

pub const CLASS_5A: u128 = 31;
pub const CLASS_5B: u128 = 32;
pub const GROUP_5A: u128 = 41;
pub const GROUP_5B: u128 = 42;
pub const MATHS: u128 = 51;
pub const RUSSIAN: u128 = 52;

/// Mathematics of 5-А on Tuesday 1 September, lesson 1, 08:30-09:15.
pub const LESSON: u128 = 1_001;
/// The same on Wednesday.
pub const TOMORROW: u128 = 1_002;
/// Mathematics of 5-А on Tuesday, lesson 2, cancelled.
pub const CANCELLED: u128 = 1_003;
/// Mathematics of 5-А on Tuesday, lesson 3, held by the substitute.
pub const SUBSTITUTED: u128 = 1_004;
/// Russian of 5-Б on Tuesday, by the other teacher.
pub const OF_OTHER_CLASS: u128 = 1_005;
/// Russian of 5-А on Tuesday, lesson 6, by the other teacher: the last of the day, until 14:10.
pub const LAST_OF_DAY: u128 = 1_006;

pub fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn school() -> SchoolId {
    SchoolId::from_uuid(uuid(1))
}

pub fn person(n: u128) -> PersonId {
    PersonId::from_uuid(uuid(n))
}

pub fn lesson(n: u128) -> LessonId {
    LessonId::from_uuid(uuid(n))
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

thread_local! {
    static HANDED: RefCell<Option<Grading>> = const { RefCell::new(None) };
}

/// Grading that hands its own handle to the test.
pub struct Handed;

impl Service for Handed {
    const NAME: &'static str = GradingService::NAME;
    type Config = Config;

    fn migrations() -> Migrations {
        GradingService::migrations()
    }

    fn defaults() -> &'static str {
        GradingService::defaults()
    }

    fn build(cx: Cx, config: Config) -> anyhow::Result<Assembly> {
        let grading = Grading::new(cx, &config)?;
        let assembly = crate::assemble(&grading, &config);
        HANDED.set(Some(grading));
        Ok(assembly)
    }
}

/// The harness with grading's own handle beside it.
pub struct World {
    pub harness: Harness<Handed>,
    pub grading: Grading,
    pub maths: JournalId,
    pub russian_of_5b: JournalId,
}

impl World {
    pub async fn sqlite() -> World {
        World::on(TestDb::sqlite(GradingService::migrations()).await).await
    }

    pub async fn on(db: TestDb) -> World {
        World::configured(db, Sources::new()).await
    }

    pub async fn configured(db: TestDb, sources: Sources) -> World {
        let harness: Harness<Handed> = Harness::configured(db, sources);
        let grading = HANDED.take().unwrap();
        let nobody = JournalId::from_uuid(uuid(0));
        let mut world = World {
            harness,
            grading,
            maths: nobody,
            russian_of_5b: nobody,
        };
        world.hear_of_people().await;
        world.hear_of_classes().await;
        world.hear_of_plan().await;
        world.maths = world.journal_of(GROUP_5A, MATHS).await;
        world.russian_of_5b = world.journal_of(GROUP_5B, RUSSIAN).await;
        world.harness.ignore_announced().await;
        world
    }

    /// Lessons as schedule tells them.
    pub async fn hear_lessons(&self, lessons: Vec<schedule::Lesson>) {
        self.hear_schedule(ScheduleChange::LessonsChanged(schedule::LessonsChanged {
            lessons,
        }))
        .await;
    }

    pub async fn hear_roster(&self, change: RosterChange) {
        let event = roster::WatchRosterEventsResponse {
            event: Some(roster::RosterEvent {
                occurred_at: None,
                school_id: school().to_string(),
                change: Some(change),
            }),
            cursor: "e1.7".into(),
        };
        self.apply(feed::Roster::new(&self.grading), event)
            .await
            .unwrap();
    }

    pub async fn hear_schedule(&self, change: ScheduleChange) {
        let event = schedule::WatchScheduleEventsResponse {
            event: Some(schedule::ScheduleEvent {
                occurred_at: None,
                school_id: school().to_string(),
                change: Some(change),
            }),
            cursor: "e1.9".into(),
        };
        self.apply(feed::Schedule::new(&self.grading), event)
            .await
            .unwrap();
    }

    pub async fn apply<C: Consumer>(&self, consumer: C, event: C::Event) -> anyhow::Result<()> {
        let mut uow = self.harness.cx().db.begin().await?;
        consumer.apply(&mut uow, &event).await?;
        uow.commit().await?;
        Ok(())
    }

    async fn journal_of(&self, group: u128, subject: u128) -> JournalId {
        let mut deputy = self.deputy();
        let request = pb::ListJournalsRequest {
            school_id: school().to_string(),
            ..Default::default()
        };
        let journals = deputy
            .list_journals(request)
            .await
            .unwrap()
            .into_inner()
            .journals;
        let found = journals
            .iter()
            .find(|j| j.group_id == group_id(group) && j.subject_id == subject_id(subject));
        found.unwrap().journal_id.parse().unwrap()
    }

    pub fn client(&self, caller: &Caller) -> Client {
        GradingServiceClient::new(self.harness.caller(caller))
    }

    pub fn staff(&self, number: u128, roles: &[&str]) -> Client {
        self.client(&Caller::User(staff(number, roles)))
    }

    pub fn teacher(&self) -> Client {
        self.staff(TEACHER, &["TEACHER"])
    }

    pub fn deputy(&self) -> Client {
        self.staff(DEPUTY, &["DEPUTY"])
    }

    pub fn director(&self) -> Client {
        self.staff(DIRECTOR, &["DIRECTOR"])
    }

    pub fn family(&self, cards: &[u128]) -> Client {
        self.client(&Caller::User(family(cards)))
    }

    /// A batch of the mathematics journal by the teacher.
    pub async fn record(&self, operations: Vec<pb::MarkOperation>) -> Vec<pb::MarkResult> {
        self.record_as(&mut self.teacher(), operations)
            .await
            .unwrap()
    }

    pub async fn record_as(
        &self,
        client: &mut Client,
        operations: Vec<pb::MarkOperation>,
    ) -> Result<Vec<pb::MarkResult>, Status> {
        let request = self.batch(operations);
        Ok(client.record_marks(request).await?.into_inner().results)
    }

    pub fn batch(&self, operations: Vec<pb::MarkOperation>) -> pb::RecordMarksRequest {
        pb::RecordMarksRequest {
            school_id: school().to_string(),
            journal_id: self.maths.to_string(),
            operations,
            request_id: self.request_id(),
        }
    }

    pub fn request_id(&self) -> String {
        self.harness.cx().ids.uuid().to_string()
    }

    pub async fn page(&self, client: &mut Client) -> Result<pb::JournalPage, Status> {
        let request = pb::GetJournalPageRequest {
            school_id: school().to_string(),
            journal_id: self.maths.to_string(),
            ..Default::default()
        };
        Ok(client
            .get_journal_page(request)
            .await?
            .into_inner()
            .page
            .unwrap())
    }

    pub async fn verify(&self) -> pb::VerifyLedgerResponse {
        let request = pb::VerifyLedgerRequest {
            school_id: school().to_string(),
            ..Default::default()
        };
        self.deputy()
            .verify_ledger(request)
            .await
            .unwrap()
            .into_inner()
    }

    /// Events announced since the last look.
    pub async fn announced(&self) -> Vec<Event> {
        let events: Vec<pb::GradingEvent> = self.harness.announced().await;
        events
            .into_iter()
            .filter_map(|event| event.change)
            .collect()
    }

    /// SQL behind grading's back; returns the rows affected.
    pub async fn sql(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> u64 {
        let uow = self.harness.cx().db.begin().await.unwrap();
        let statement = chassis::db::statement(self.harness.cx().db.backend(), sql, values);
        let done = uow.conn().execute_raw(statement).await.unwrap();
        uow.commit().await.unwrap();
        done.rows_affected()
    }
}
