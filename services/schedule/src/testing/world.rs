//! The service in a test.

use std::fmt::Debug;
use std::path::Path;

use chassis::caller::{Caller, Client, User, UserKind};
use chassis::client::PeerChannel;
use chassis::config::Sources;
use chassis::service::Service;
use chassis::status;
use chassis::testing::{Harness, TestDb};
use tonic::{Code, Response, Status};
use uuid::Uuid;
use zhurnal_proto::id::{AccountId, Id, PersonId, SchoolId, SessionId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change as Announced;
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;

use super::plans::{a_plan, id};
use crate::{Schedule, feed};

pub type Calls = ScheduleServiceClient<PeerChannel>;

/// The service behind its stack, on a database of its own.
pub struct World {
    pub harness: Harness<Schedule>,
}

impl World {
    /// On SQLite, empty.
    pub async fn empty() -> Self {
        Self {
            harness: Harness::sqlite().await,
        }
    }

    /// On SQLite, with the plan of [`a_plan`] and its teachers.
    pub async fn with_a_plan() -> Self {
        Self::empty().await.planned().await
    }

    /// On SQLite, empty, with newer regional calendars from a folder.
    pub async fn with_calendars(folder: &Path) -> Self {
        let folder = folder.to_str().unwrap();
        let sources = Sources::new().set("schedule.regional_calendar_dir", folder, "test");
        Self {
            harness: Harness::configured(TestDb::sqlite(Schedule::migrations()).await, sources),
        }
    }

    /// On a database of either kind, empty.
    pub fn on(db: TestDb) -> Self {
        Self {
            harness: Harness::on(db),
        }
    }

    /// With the plan of [`a_plan`] and its teachers.
    pub async fn planned(self) -> Self {
        self.put(a_plan()).await;
        self.employ(&["Иванова", "Петров", "Сидорова", "Ким"]).await;
        self.harness.ignore_announced().await;
        self
    }

    /// Calls by anybody.
    pub fn calls(&self, caller: &Caller) -> Calls {
        // The plan of a school of 2,000 groups.
        ScheduleServiceClient::new(self.harness.caller(caller)).max_encoding_message_size(16 << 20)
    }

    /// Calls by roster, whose import puts plans.
    pub fn roster(&self) -> Calls {
        self.calls(&Caller::service("roster"))
    }

    /// Calls by a deputy of the school of [`a_plan`].
    pub fn deputy(&self) -> Calls {
        self.staff("school", &["DEPUTY"])
    }

    /// Calls by a member of a school's staff.
    pub fn staff(&self, school: &str, roles: &[&str]) -> Calls {
        self.calls(&Caller::User(staff(id(school), roles)))
    }

    /// Calls by a member of a school's staff with a card of their own.
    pub fn staff_with_card(&self, school: &str, roles: &[&str], card: PersonId) -> Calls {
        self.calls(&Caller::User(User {
            person: Some(card),
            ..staff(id(school), roles)
        }))
    }

    /// Calls by another ministry system.
    pub fn client(&self, scopes: &[&str], schools: &[SchoolId]) -> Calls {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.calls(&Caller::Client(Client {
            id: "cli_1".into(),
            scopes,
            schools: schools.to_vec(),
        }))
    }

    /// Puts a plan as roster's import does.
    pub async fn put(&self, plan: pb::PutSchoolPlanRequest) -> u32 {
        self.roster()
            .put_school_plan(plan)
            .await
            .unwrap()
            .into_inner()
            .lesson_count
    }

    /// An event of roster's feed is applied, by the consumer's own code.
    pub async fn hear(&self, school: SchoolId, change: Change) -> anyhow::Result<()> {
        let event = roster::RosterEvent {
            occurred_at: None,
            school_id: school.to_string(),
            change: Some(change),
        };
        let mut uow = self.harness.cx().db.begin().await?;
        let now = self.harness.cx().clock.now();
        feed::apply(&mut uow, now, &event).await?;
        uow.commit().await?;
        Ok(())
    }

    /// Roster says that these people are teachers of the school.
    pub async fn employ(&self, names: &[&str]) {
        let staff = names
            .iter()
            .map(|name| staff_member(name, &[roster::Duty::Teacher]))
            .collect();
        self.hear(
            id("school"),
            Change::StaffChanged(roster::StaffChanged { staff }),
        )
        .await
        .unwrap();
    }

    /// Lessons announced since the last look.
    pub async fn announced_lessons(&self) -> Vec<pb::Lesson> {
        let events: Vec<pb::ScheduleEvent> = self.harness.announced().await;
        let lessons = events.into_iter().map(|event| match event.change {
            Some(Announced::LessonsChanged(changed)) => changed.lessons,
            Some(Announced::LessonAltered(_)) => Vec::new(),
            other => panic!("not lessons: {other:?}"),
        });
        lessons.flatten().collect()
    }

    /// The only lesson of the group on the day at the number.
    pub async fn lesson(&self, date: &str, number: u32, group: &str) -> pb::Lesson {
        let request = pb::ListLessonsRequest {
            school_id: text::<SchoolId>("school"),
            from: date.into(),
            to: date.into(),
            page_size: 500,
            ..Default::default()
        };
        let found = self
            .deputy()
            .list_lessons(request)
            .await
            .unwrap()
            .into_inner()
            .lessons;
        let mut found = found
            .into_iter()
            .filter(|one| one.lesson_number == number && one.group_title == group);
        let lesson = found.next().expect("the lesson");
        assert_eq!(found.next(), None);
        lesson
    }
}

/// The text of the id that stands for a name.
pub fn text<T: Id>(name: &str) -> String {
    id::<T>(name).to_string()
}

/// A member of the school's staff with these roles, acting there.
fn staff(school: SchoolId, roles: &[&str]) -> User {
    User {
        account: AccountId::from_uuid(Uuid::from_u128(1)),
        session: SessionId::from_uuid(Uuid::from_u128(2)),
        kind: UserKind::Staff,
        person: Some(PersonId::from_uuid(Uuid::from_u128(3))),
        persons: Vec::new(),
        school: Some(school),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        municipality: None,
        region: false,
        display: "Завуч".into(),
    }
}

/// An employee of the school of [`a_plan`], as roster tells it.
pub fn staff_member(name: &str, duties: &[roster::Duty]) -> roster::StaffMember {
    roster::StaffMember {
        person_id: text::<PersonId>(name),
        school_id: text::<SchoolId>("school"),
        post: "Учитель".into(),
        duties: duties.iter().map(|duty| i32::from(*duty)).collect(),
        starts_on: "2020-09-01".into(),
        ..Default::default()
    }
}

/// Code and reason of a refusal.
pub fn refused<T: Debug>(answer: Result<Response<T>, Status>) -> (Code, String) {
    let status = answer.expect_err("a refusal");
    (status.code(), status::reason(&status))
}

/// Fields and rules of an INVALID_ARGUMENT.
pub fn violations<T: Debug>(answer: Result<Response<T>, Status>) -> Vec<(String, String)> {
    let status = answer.expect_err("a refusal");
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    status::violations(&status)
        .into_iter()
        .map(|one| (one.field, one.reason))
        .collect()
}
