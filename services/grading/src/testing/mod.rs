//! A school that grading has heard of, and ways to call.
//!
//! School 1, class 5-А of 30 pupils (persons 101 to 130) with mathematics by the
//! teacher, class 5-Б with the other teacher. The facts come in as roster's and
//! schedule's events through the consumers' own code.

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

pub use self::witness::Witness;
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

    async fn hear_of_people(&self) {
        self.hear_roster(RosterChange::SchoolChanged(roster::SchoolChanged {
            school: Some(roster::School {
                school_id: school().to_string(),
                title: "Школа № 1".into(),
                academic_year: "2026/2027".into(),
                time_zone: "Europe/Simferopol".into(),
                ..Default::default()
            }),
        }))
        .await;
        let staff = [
            (TEACHER, "Учителева"),
            (OTHER_TEACHER, "Другая"),
            (SUBSTITUTE, "Заменова"),
            (CLASS_TEACHER, "Классная"),
            (DEPUTY, "Завучева"),
            (DIRECTOR, "Директорова"),
            (MOTHER, "Мамина"),
        ];
        let pupils = (0..CLASS_SIZE).map(|n| (PUPIL + n, format!("Ученик{:02}", 30 - n)));
        let people = staff
            .iter()
            .map(|(id, name)| (*id, (*name).to_owned()))
            .chain(pupils)
            .chain([(STRANGER, "Соседов".to_owned())]);
        let people = people.map(|(id, surname)| roster::PersonCard {
            person_id: person(id).to_string(),
            sort_key: surname.to_lowercase(),
            name: Some(PersonName {
                surname,
                given_name: "Анна".into(),
                patronymic: String::new(),
            }),
            ..Default::default()
        });
        self.hear_roster(RosterChange::PeopleChanged(roster::PeopleChanged {
            people: people.collect(),
        }))
        .await;
    }

    async fn hear_of_classes(&self) {
        let class = |id: u128, title: &str, teacher: u128| roster::SchoolClass {
            class_id: class_id(id),
            school_id: school().to_string(),
            academic_year: "2026/2027".into(),
            grade: 5,
            title: title.into(),
            class_teacher_id: person(teacher).to_string(),
            ..Default::default()
        };
        let classes = vec![
            class(CLASS_5A, "5-А", CLASS_TEACHER),
            class(CLASS_5B, "5-Б", OTHER_TEACHER),
        ];
        self.hear_roster(RosterChange::ClassesChanged(roster::ClassesChanged {
            classes,
        }))
        .await;
        let group = |id: u128, title: &str, class: u128| roster::Group {
            group_id: group_id(id),
            school_id: school().to_string(),
            academic_year: "2026/2027".into(),
            title: title.into(),
            kind: roster::GroupKind::Class.into(),
            class_id: class_id(class),
        };
        let groups = vec![
            group(GROUP_5A, "5-А", CLASS_5A),
            group(GROUP_5B, "5-Б", CLASS_5B),
        ];
        self.hear_roster(RosterChange::GroupsChanged(roster::GroupsChanged {
            groups,
        }))
        .await;
        let of_5a = (0..CLASS_SIZE).map(|n| (PUPIL + n, CLASS_5A, GROUP_5A));
        let pupils: Vec<(u128, u128, u128)> =
            of_5a.chain([(STRANGER, CLASS_5B, GROUP_5B)]).collect();
        let enrolments = pupils.iter().map(|(pupil, class, _)| roster::Enrolment {
            enrolment_id: EnrolmentId::from_uuid(uuid(*pupil + 10_000)).to_string(),
            school_id: school().to_string(),
            pupil_id: person(*pupil).to_string(),
            class_id: class_id(*class),
            starts_on: "2026-08-30".into(),
            ..Default::default()
        });
        self.hear_roster(RosterChange::EnrolmentsChanged(roster::EnrolmentsChanged {
            enrolments: enrolments.collect(),
        }))
        .await;
        let memberships = pupils
            .iter()
            .map(|(pupil, _, group)| membership(*group, *pupil, "2026-08-30", ""));
        self.hear_roster(RosterChange::MembershipsChanged(
            roster::MembershipsChanged {
                memberships: memberships.collect(),
            },
        ))
        .await;
        let links = [
            (MOTHER, PUPIL, true),
            (AUNT, PUPIL, false),
            (MOTHER_OF_STRANGER, STRANGER, true),
        ];
        let guardian_links = links
            .iter()
            .map(|(card, pupil, representative)| guardian(*card, *pupil, *representative));
        self.hear_roster(RosterChange::GuardianLinksChanged(
            roster::GuardianLinksChanged {
                guardian_links: guardian_links.collect(),
            },
        ))
        .await;
        self.hear_roster(RosterChange::SupervisionsChanged(
            roster::SupervisionsChanged {
                supervisions: vec![supervision(DEPUTY, 5, 9, "")],
            },
        ))
        .await;
    }

    async fn hear_of_plan(&self) {
        let period = |id: u128, title: &str, from: &str, to: &str| schedule::Period {
            period_id: period_id(id),
            school_id: school().to_string(),
            title: title.into(),
            kind: schedule::PeriodKind::Quarter.into(),
            starts_on: from.into(),
            ends_on: to.into(),
            grade_from: 1,
            grade_to: 9,
        };
        self.hear_schedule(ScheduleChange::CalendarChanged(schedule::CalendarChanged {
            calendar: Some(schedule::Calendar {
                school_id: school().to_string(),
                academic_year: "2026/2027".into(),
                time_zone: "Europe/Simferopol".into(),
                study_week_days: 5,
                periods: vec![
                    period(61, "1 четверть", "2026-09-01", "2026-10-23"),
                    period(62, "2 четверть", "2026-11-02", "2026-12-29"),
                ],
                days_off: vec![schedule::DayOff {
                    date: "2026-11-04".into(),
                    title: "День народного единства".into(),
                }],
                bells: Vec::new(),
            }),
        }))
        .await;
        let load = |id: u128, group: u128, subject: u128, title: &str, teacher: u128| {
            schedule::TeachingLoad {
                teaching_load_id: TeachingLoadId::from_uuid(uuid(id)).to_string(),
                school_id: school().to_string(),
                academic_year: "2026/2027".into(),
                group_id: group_id(group),
                subject_id: subject_id(subject),
                subject_title: title.into(),
                teacher_id: person(teacher).to_string(),
                weekly_hours_hundredths: 500,
                starts_on: "2026-09-01".into(),
                ends_on: String::new(),
            }
        };
        self.hear_schedule(ScheduleChange::TeachingLoadsChanged(
            schedule::TeachingLoadsChanged {
                teaching_loads: vec![
                    load(71, GROUP_5A, MATHS, "Математика", TEACHER),
                    load(72, GROUP_5A, RUSSIAN, "Русский язык", OTHER_TEACHER),
                    load(73, GROUP_5B, RUSSIAN, "Русский язык", OTHER_TEACHER),
                ],
            },
        ))
        .await;
        let of_5b = schedule::Lesson {
            group_id: group_id(GROUP_5B),
            group_title: "5-Б".into(),
            class_id: class_id(CLASS_5B),
            ..a_lesson(OF_OTHER_CLASS)
        };
        self.hear_lessons(vec![
            a_lesson(LESSON),
            schedule::Lesson {
                date: "2026-09-02".into(),
                ..a_lesson(TOMORROW)
            },
            schedule::Lesson {
                lesson_number: 2,
                state: schedule::LessonState::Cancelled.into(),
                ..a_lesson(CANCELLED)
            },
            schedule::Lesson {
                lesson_number: 3,
                substitute_id: person(SUBSTITUTE).to_string(),
                ..a_lesson(SUBSTITUTED)
            },
            russian(of_5b),
            russian(schedule::Lesson {
                lesson_number: 6,
                starts_at: "13:25".into(),
                ends_at: "14:10".into(),
                ..a_lesson(LAST_OF_DAY)
            }),
        ])
        .await;
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

pub fn staff(number: u128, roles: &[&str]) -> User {
    User {
        account: AccountId::from_uuid(uuid(number + 50_000)),
        session: SessionId::from_uuid(uuid(number + 60_000)),
        kind: UserKind::Staff,
        person: Some(person(number)),
        persons: Vec::new(),
        school: Some(school()),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        region: false,
        display: String::new(),
    }
}

pub fn family(cards: &[u128]) -> User {
    User {
        account: AccountId::from_uuid(uuid(cards.first().copied().unwrap_or(0) + 50_000)),
        session: SessionId::from_uuid(uuid(70_000)),
        kind: UserKind::Family,
        person: None,
        persons: cards.iter().map(|card| person(*card)).collect(),
        school: None,
        roles: Vec::new(),
        region: false,
        display: String::new(),
    }
}

/// Mathematics of 5-А on 1 September, lesson 1.
pub fn a_lesson(id: u128) -> schedule::Lesson {
    schedule::Lesson {
        lesson_id: lesson(id).to_string(),
        school_id: school().to_string(),
        academic_year: "2026/2027".into(),
        date: "2026-09-01".into(),
        lesson_number: 1,
        starts_at: "08:30".into(),
        ends_at: "09:15".into(),
        group_id: group_id(GROUP_5A),
        group_title: "5-А".into(),
        class_id: class_id(CLASS_5A),
        grade: 5,
        subject_id: subject_id(MATHS),
        subject_title: "Математика".into(),
        teacher_id: person(TEACHER).to_string(),
        room: "12".into(),
        state: schedule::LessonState::Planned.into(),
        ..Default::default()
    }
}

fn russian(lesson: schedule::Lesson) -> schedule::Lesson {
    schedule::Lesson {
        subject_id: subject_id(RUSSIAN),
        subject_title: "Русский язык".into(),
        teacher_id: person(OTHER_TEACHER).to_string(),
        ..lesson
    }
}

pub fn membership(group: u128, pupil: u128, from: &str, to: &str) -> roster::GroupMembership {
    roster::GroupMembership {
        school_id: school().to_string(),
        group_id: group_id(group),
        pupil_id: person(pupil).to_string(),
        starts_on: from.into(),
        ends_on: to.into(),
    }
}

pub fn guardian(guardian: u128, pupil: u128, is_representative: bool) -> roster::GuardianLink {
    roster::GuardianLink {
        guardian_link_id: GuardianLinkId::from_uuid(uuid(guardian + 20_000)).to_string(),
        school_id: school().to_string(),
        guardian_id: person(guardian).to_string(),
        pupil_id: person(pupil).to_string(),
        is_representative,
        starts_on: "2026-08-30".into(),
        ..Default::default()
    }
}

pub fn supervision(deputy: u128, from: u32, to: u32, ends_on: &str) -> roster::Supervision {
    roster::Supervision {
        supervision_id: SupervisionId::from_uuid(uuid(deputy + 30_000)).to_string(),
        school_id: school().to_string(),
        person_id: person(deputy).to_string(),
        grade_from: from,
        grade_to: to,
        starts_on: "2026-08-30".into(),
        ends_on: ends_on.into(),
    }
}

pub fn class_id(n: u128) -> String {
    ClassId::from_uuid(uuid(n)).to_string()
}

pub fn group_id(n: u128) -> String {
    GroupId::from_uuid(uuid(n)).to_string()
}

pub fn subject_id(n: u128) -> String {
    SubjectId::from_uuid(uuid(n)).to_string()
}

pub fn period_id(n: u128) -> String {
    PeriodId::from_uuid(uuid(n)).to_string()
}

fn operation(of: u128, pupil: u128, action: Action) -> pb::MarkOperation {
    pb::MarkOperation {
        lesson_id: lesson(of).to_string(),
        pupil_id: person(pupil).to_string(),
        slot: 1,
        action: Some(action),
        ..Default::default()
    }
}

pub fn mark(pupil: u128, value: &str) -> pb::MarkOperation {
    operation(
        LESSON,
        pupil,
        Action::SetMark(pb::SetMark {
            value: value.into(),
            ..Default::default()
        }),
    )
}

pub fn commented(pupil: u128, value: &str, comment: &str) -> pb::MarkOperation {
    let set = pb::SetMark {
        value: value.into(),
        comment: comment.into(),
        ..Default::default()
    };
    operation(LESSON, pupil, Action::SetMark(set))
}

pub fn clear(pupil: u128) -> pb::MarkOperation {
    operation(LESSON, pupil, Action::ClearMark(pb::ClearMark {}))
}

pub fn attend(pupil: u128, attendance: pb::Attendance, comment: &str) -> pb::MarkOperation {
    let set = pb::SetAttendance {
        attendance: attendance.into(),
        late_minutes: 0,
        comment: comment.into(),
    };
    operation(LESSON, pupil, Action::SetAttendance(set))
}

/// The same operation at another lesson.
pub fn at_lesson(of: u128, operation: pb::MarkOperation) -> pb::MarkOperation {
    pb::MarkOperation {
        lesson_id: lesson(of).to_string(),
        ..operation
    }
}

/// The same operation by somebody who saw a revision.
pub fn seen(base_revision: i64, operation: pb::MarkOperation) -> pb::MarkOperation {
    pb::MarkOperation {
        base_revision,
        ..operation
    }
}

pub fn verdicts(results: &[pb::MarkResult]) -> Vec<pb::MarkVerdict> {
    results.iter().map(pb::MarkResult::verdict).collect()
}

pub fn reasons(results: &[pb::MarkResult]) -> Vec<&str> {
    results
        .iter()
        .map(|result| result.reason.as_str())
        .collect()
}
