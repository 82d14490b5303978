//! The service in a test.

use std::fmt::Debug;

use chassis::caller::{Caller, User, UserKind};
use chassis::client::PeerChannel;
use chassis::config::Sources;
use chassis::status;
use chassis::testing::{Harness, TestDb};
use tonic::{Code, Response, Status};
use uuid::Uuid;
use zhurnal_proto::grading::v1::{self as grading, grading_event::Change as Graded};
use zhurnal_proto::id::{AccountId, ClassId, PersonId, SchoolId, SessionId};
use zhurnal_proto::identity::v1::{self as identity, identity_event::Change as Known};
use zhurnal_proto::reporting::v1 as pb;
use zhurnal_proto::reporting::v1::reporting_service_client::ReportingServiceClient;
use zhurnal_proto::roster::v1::{self as roster, roster_event::Change as Told};
use zhurnal_proto::schedule::v1::{self as schedule, schedule_event::Change as Planned};

use super::events::{
    a_calendar, a_card, a_class, a_group, a_lesson, a_membership, a_pupil, a_school, id, lessons,
    opened,
};
use crate::{Config, Reporting, Shared, feed};

/// Calls of the service.
pub type Calls = ReportingServiceClient<PeerChannel>;

/// The service behind its stack, on a database of its own.
pub struct World {
    /// The harness.
    pub harness: Harness<Reporting>,
}

impl World {
    /// On SQLite, empty.
    pub async fn empty() -> Self {
        Self {
            harness: Harness::sqlite().await,
        }
    }

    /// On SQLite, with the school of [`World::told`].
    pub async fn sqlite() -> Self {
        Self::empty().await.told().await
    }

    /// On a database of either kind, empty, looking for jobs often.
    pub fn on(db: TestDb) -> Self {
        Self::configured(db, &[])
    }

    /// The same with other settings.
    pub fn configured(db: TestDb, settings: &[(&str, &str)]) -> Self {
        let quick = Sources::new().set("reporting.poll_ms", "10", "test");
        let sources = settings.iter().fold(quick, |sources, (key, value)| {
            sources.set(&format!("reporting.{key}"), *value, "test")
        });
        Self {
            harness: Harness::configured(db, sources),
        }
    }

    /// A small school. 5-А: Алиев, Ёлкин, Жуков, class teacher Ким; 5-Б: Белов; 1-А:
    /// Малыш. On Tuesday, 1 September: algebra (Иванова) and physics (Петров) for
    /// 5-А, algebra for 5-Б and 1-А; on Wednesday English for a part of 5-А, physics
    /// for 5-А, and chess.
    pub async fn told(self) -> Self {
        use roster::GroupKind::{Class, Club, Subgroup};
        self.roster(a_school("12")).await;
        for (surname, given_name, patronymic) in [
            ("Ким", "Ольга", "Сергеевна"),
            ("Иванова", "Анна", "Петровна"),
            ("Петров", "Пётр", ""),
            ("Алиев", "Амет", "Русланович"),
            ("Ёлкин", "Матвей", "Денисович"),
            ("Жуков", "Лев", ""),
            ("Белов", "Иван", "Ильич"),
            ("Малыш", "Яна", ""),
        ] {
            self.roster(a_card(surname, given_name, patronymic)).await;
        }
        for (title, grade, letter, teacher) in [
            ("5-А", 5, "А", "Ким"),
            ("5-Б", 5, "Б", ""),
            ("1-А", 1, "А", ""),
        ] {
            self.roster(a_class(title, grade, letter, teacher)).await;
            self.roster(a_group(title, Class, title)).await;
        }
        self.roster(a_group("5-А англ", Subgroup, "5-А")).await;
        self.roster(a_group("Шахматы", Club, "")).await;
        let pupils = [
            ("Алиев", "5-А"),
            ("Ёлкин", "5-А"),
            ("Жуков", "5-А"),
            ("Белов", "5-Б"),
            ("Малыш", "1-А"),
        ];
        self.enrol(
            pupils
                .iter()
                .map(|(pupil, class)| a_pupil(pupil, class))
                .collect(),
        )
        .await;
        let members = pupils.into_iter().chain([
            ("Алиев", "5-А англ"),
            ("Алиев", "Шахматы"),
            ("Белов", "Шахматы"),
        ]);
        self.join(
            members
                .map(|(pupil, group)| a_membership(pupil, group))
                .collect(),
        )
        .await;

        self.schedule(a_calendar()).await;
        let part = |lesson: schedule::Lesson, group: &str, class: &str| schedule::Lesson {
            group_id: id::<zhurnal_proto::id::GroupId>(group).to_string(),
            group_title: group.into(),
            class_id: if class.is_empty() {
                String::new()
            } else {
                id::<ClassId>(class).to_string()
            },
            ..lesson
        };
        self.schedule(lessons(vec![
            a_lesson(
                "вт алгебра 5-А",
                "2026-09-01",
                1,
                "5-А",
                "Алгебра",
                "Иванова",
            ),
            a_lesson("вт физика 5-А", "2026-09-01", 3, "5-А", "Физика", "Петров"),
            a_lesson(
                "вт алгебра 5-Б",
                "2026-09-01",
                1,
                "5-Б",
                "Алгебра",
                "Иванова",
            ),
            a_lesson(
                "вт алгебра 1-А",
                "2026-09-01",
                1,
                "1-А",
                "Алгебра",
                "Иванова",
            ),
            part(
                a_lesson(
                    "ср английский",
                    "2026-09-02",
                    1,
                    "5-А",
                    "Английский язык",
                    "Ким",
                ),
                "5-А англ",
                "5-А",
            ),
            a_lesson("ср физика 5-А", "2026-09-02", 2, "5-А", "Физика", "Петров"),
            part(
                a_lesson("ср шахматы", "2026-09-02", 6, "5-А", "Шахматы", "Ким"),
                "Шахматы",
                "",
            ),
        ]))
        .await;
        for (group, subject) in [("5-А", "Алгебра"), ("5-А", "Физика"), ("5-Б", "Алгебра")]
        {
            self.grading(opened(group, subject)).await;
        }
        self
    }

    /// Sets the clock, in the school's zone: `2026-09-01T15:10`.
    pub fn at(&self, local: &str) {
        let local: jiff::civil::DateTime = local.parse().unwrap();
        self.harness
            .clock()
            .set(local.in_tz("Europe/Simferopol").unwrap().timestamp());
    }

    /// An event of roster about the school is applied by the consumer's own code.
    pub async fn roster(&self, change: Told) {
        self.roster_of("12", change).await;
    }

    /// An event of roster about a school.
    pub async fn roster_of(&self, school: &str, change: Told) {
        let school_id = id::<SchoolId>(school).to_string();
        let event = roster::RosterEvent {
            school_id,
            change: Some(change),
            ..Default::default()
        };
        let uow = self.harness.db().begin().await.unwrap();
        feed::apply_roster(&uow, &event).await.unwrap();
        uow.commit().await.unwrap();
    }

    /// Enrolments of the school.
    pub async fn enrol(&self, enrolments: Vec<roster::Enrolment>) {
        self.roster(Told::EnrolmentsChanged(roster::EnrolmentsChanged {
            enrolments,
        }))
        .await;
    }

    /// Memberships of the school.
    pub async fn join(&self, memberships: Vec<roster::GroupMembership>) {
        self.roster(Told::MembershipsChanged(roster::MembershipsChanged {
            memberships,
        }))
        .await;
    }

    /// An event of schedule about the school.
    pub async fn schedule(&self, change: Planned) {
        let school_id = id::<SchoolId>("12").to_string();
        let event = schedule::ScheduleEvent {
            school_id,
            change: Some(change),
            ..Default::default()
        };
        let uow = self.harness.db().begin().await.unwrap();
        feed::apply_schedule(&uow, &event).await.unwrap();
        uow.commit().await.unwrap();
    }

    /// An event of identity about the school.
    pub async fn identity(&self, change: Known) {
        let event = identity::IdentityEvent {
            school_id: id::<SchoolId>("12").to_string(),
            change: Some(change),
            ..Default::default()
        };
        let uow = self.harness.db().begin().await.unwrap();
        feed::apply_identity(&uow, &event).await.unwrap();
        uow.commit().await.unwrap();
    }

    /// An event of grading about the school.
    pub async fn grading(&self, change: Graded) {
        self.try_grading(change).await.unwrap();
    }

    /// An event of grading that may be refused.
    pub async fn try_grading(&self, change: Graded) -> anyhow::Result<()> {
        let school_id = id::<SchoolId>("12").to_string();
        let event = grading::GradingEvent {
            school_id,
            change: Some(change),
            ..Default::default()
        };
        let uow = self.harness.db().begin().await?;
        feed::apply_grading(&uow, &event).await?;
        uow.commit().await?;
        Ok(())
    }

    /// Calls by anybody.
    pub fn calls(&self, caller: &Caller) -> Calls {
        ReportingServiceClient::new(self.harness.caller(caller))
    }

    /// Calls by the deputy of the school.
    pub fn deputy(&self) -> Calls {
        self.staff("12", &["DEPUTY"], "Завуч")
    }

    /// Calls by a member of a school's staff.
    pub fn staff(&self, school: &str, roles: &[&str], card: &str) -> Calls {
        self.calls(&Caller::User(staff(school, roles, card)))
    }

    /// Calls by the ministry.
    pub fn ministry(&self) -> Calls {
        let officer = User {
            school: None,
            region: true,
            ..staff("12", &["MINISTRY_OFFICER"], "Министерство")
        };
        self.calls(&Caller::User(officer))
    }

    /// Calls by an officer of a municipality.
    pub fn municipal(&self, municipality: &str) -> Calls {
        let officer = User {
            school: None,
            person: None,
            municipality: Some(id(municipality)),
            ..staff("12", &["MUNICIPAL_OFFICER"], "Муниципалитет")
        };
        self.calls(&Caller::User(officer))
    }

    /// Calls by one of our services.
    pub fn service(&self, name: &str) -> Calls {
        self.calls(&Caller::service(name))
    }

    /// What the RPCs share: for tests of workers.
    pub fn shared(&self) -> Shared {
        self.shared_with(|_| {})
    }

    /// The same with other settings, as another process would have.
    pub fn shared_with(&self, change: impl FnOnce(&mut Config)) -> Shared {
        let sources = Sources::new().set("reporting.poll_ms", "10", "test");
        let mut config = chassis::config::load::<Reporting>(&sources).unwrap();
        change(&mut config);
        Shared::new(self.harness.cx().clone(), config).unwrap()
    }

    /// Queues a report of a class by the deputy.
    pub async fn queue(&self, class: &str) -> pb::ReportJob {
        let request = self.report_of(class);
        self.deputy()
            .run_report(request)
            .await
            .unwrap()
            .into_inner()
            .report_job
            .unwrap()
    }

    /// A request for a report of a class.
    pub fn report_of(&self, class: &str) -> pb::RunReportRequest {
        pb::RunReportRequest {
            school_id: id::<SchoolId>("12").to_string(),
            kind: pb::ReportKind::ClassSummary.into(),
            class_id: id::<ClassId>(class).to_string(),
            request_id: self.harness.cx().ids.uuid().to_string(),
            ..Default::default()
        }
    }

    /// The job as the deputy sees it now.
    pub async fn job(&self, report_job_id: &str) -> pb::ReportJob {
        let request = pb::GetReportJobRequest {
            school_id: id::<SchoolId>("12").to_string(),
            report_job_id: report_job_id.into(),
        };
        self.deputy()
            .get_report_job(request)
            .await
            .unwrap()
            .into_inner()
            .report_job
            .unwrap()
    }

    /// Jobs announced since the last look.
    pub async fn announced(&self) -> Vec<pb::ReportJob> {
        let events: Vec<pb::ReportingEvent> = self.harness.announced().await;
        let job = |event: pb::ReportingEvent| match event.change {
            Some(pb::reporting_event::Change::ReportJobChanged(changed)) => {
                changed.report_job.unwrap()
            }
            None => panic!("an event about nothing"),
        };
        events.into_iter().map(job).collect()
    }
}

/// A member of a school's staff.
pub fn staff(school: &str, roles: &[&str], card: &str) -> User {
    User {
        account: AccountId::from_uuid(id::<AccountId>(card).uuid()),
        session: SessionId::from_uuid(Uuid::from_u128(2)),
        kind: UserKind::Staff,
        person: Some(id::<PersonId>(card)),
        persons: Vec::new(),
        school: Some(id(school)),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        municipality: None,
        region: false,
        display: card.into(),
    }
}

/// Code and reason of a refusal.
pub fn refused<T: Debug>(answer: Result<Response<T>, Status>) -> (Code, String) {
    let status = answer.expect_err("a refusal");
    (status.code(), status::reason(&status))
}
