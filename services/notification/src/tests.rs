//! From a changed cell to a read notice, through the real consumers and RPCs.

use chassis::caller::{Caller, User, UserKind};
use chassis::client::PeerChannel;
use chassis::feed::Consumer;
use chassis::service::Service;
use chassis::testing::{Harness, TestDb};
use jiff::SignedDuration;
use uuid::Uuid;
use zhurnal_proto::grading::v1::grading_event::Change as Graded;
use zhurnal_proto::grading::v1::{
    Attendance, Cell, CellsChanged, ChangedCell, CorrectionChanged, GradingEvent, Journal,
    JournalOpened, Mark, WatchGradingEventsResponse,
};
use zhurnal_proto::id::{
    AccountId, CorrectionRequestId, DayChangeId, GroupId, GuardianLinkId, JournalId, LessonId,
    PersonId, SchoolEventId, SchoolId, SessionId, SupervisionId,
};
use zhurnal_proto::notification::v1::notification_service_client::NotificationServiceClient;
use zhurnal_proto::notification::v1::{
    ListNoticesRequest, MarkNoticesReadRequest, Notice, NoticeKind, NotificationEvent,
};
use zhurnal_proto::roster::v1::{self as roster, roster_event::Change};
use zhurnal_proto::schedule::v1::{self as schedule, schedule_event::Change as Scheduled};
use zhurnal_proto::types::v1::PersonName;

use crate::{Config, NotificationService, Shared, feed, flush};

const PUPIL: u128 = 20;
const MOTHER: u128 = 30;
const PAPER_FATHER: u128 = 31;
const DEPUTY: u128 = 40;
const TEACHER: u128 = 41;

fn person(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(n))
}

fn school() -> SchoolId {
    SchoolId::from_uuid(Uuid::from_u128(1))
}

struct World {
    harness: Harness<NotificationService>,
    shared: Shared,
}

impl World {
    async fn sqlite() -> Self {
        Self::on(TestDb::sqlite(NotificationService::migrations()).await).await
    }

    async fn on(db: TestDb) -> Self {
        let harness: Harness<NotificationService> = Harness::on(db);
        let config = Config {
            slip_grace_seconds: 300,
            flush_interval_ms: 1_000,
        };
        let zone = std::sync::Arc::new(jiff::tz::TimeZone::get("Europe/Simferopol").unwrap());
        let shared = Shared {
            cx: harness.cx().clone(),
            config,
            zone,
        };
        let world = Self { harness, shared };
        let card = |n: u128, name: &str| roster::PersonCard {
            person_id: person(n).to_string(),
            name: Some(PersonName {
                given_name: name.into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        world
            .roster(Change::PeopleChanged(roster::PeopleChanged {
                people: vec![card(PUPIL, "Мария")],
            }))
            .await;
        let link = |n: u128, informing: roster::Informing| roster::GuardianLink {
            guardian_link_id: GuardianLinkId::from_uuid(Uuid::from_u128(n + 100)).to_string(),
            school_id: school().to_string(),
            guardian_id: person(n).to_string(),
            pupil_id: person(PUPIL).to_string(),
            is_representative: true,
            informing: informing.into(),
            starts_on: "2026-09-01".into(),
            ..Default::default()
        };
        let guardian_links = vec![
            link(MOTHER, roster::Informing::Electronic),
            link(PAPER_FATHER, roster::Informing::Paper),
        ];
        world
            .roster(Change::GuardianLinksChanged(roster::GuardianLinksChanged {
                guardian_links,
            }))
            .await;
        let supervisions = [DEPUTY, TEACHER]
            .map(|n| roster::Supervision {
                supervision_id: SupervisionId::from_uuid(Uuid::from_u128(n)).to_string(),
                school_id: school().to_string(),
                person_id: person(n).to_string(),
                grade_from: 5,
                grade_to: 9,
                starts_on: "2026-09-01".into(),
                ends_on: String::new(),
            })
            .to_vec();
        world
            .roster(Change::SupervisionsChanged(roster::SupervisionsChanged {
                supervisions,
            }))
            .await;
        let membership = roster::GroupMembership {
            school_id: school().to_string(),
            group_id: group(),
            pupil_id: person(PUPIL).to_string(),
            starts_on: "2026-09-01".into(),
            ends_on: String::new(),
        };
        world
            .roster(Change::MembershipsChanged(roster::MembershipsChanged {
                memberships: vec![membership],
            }))
            .await;
        let journal = Journal {
            journal_id: journal(),
            school_id: school().to_string(),
            subject_title: "Алгебра".into(),
            ..Default::default()
        };
        world
            .grading(Graded::JournalOpened(JournalOpened {
                journal: Some(journal),
            }))
            .await;
        world
    }

    async fn roster(&self, change: Change) {
        let event = roster::RosterEvent {
            occurred_at: None,
            school_id: school().to_string(),
            change: Some(change),
        };
        let event = roster::WatchRosterEventsResponse {
            event: Some(event),
            cursor: String::new(),
        };
        let mut uow = self.shared.cx.db.begin().await.unwrap();
        feed::Roster.apply(&mut uow, &event).await.unwrap();
        uow.commit().await.unwrap();
    }

    async fn schedule(&self, change: Scheduled) {
        let event = schedule::ScheduleEvent {
            occurred_at: None,
            school_id: school().to_string(),
            change: Some(change),
        };
        let event = schedule::WatchScheduleEventsResponse {
            event: Some(event),
            cursor: String::new(),
        };
        let consumer = feed::Schedule {
            shared: self.shared.clone(),
        };
        let mut uow = self.shared.cx.db.begin().await.unwrap();
        consumer.apply(&mut uow, &event).await.unwrap();
        uow.commit().await.unwrap();
    }

    async fn staff_texts(&self, n: u128) -> Vec<String> {
        let notices = self.notices(n, UserKind::Staff).await;
        notices.into_iter().map(|n| n.text).collect()
    }

    async fn grading(&self, change: Graded) {
        let now = self.shared.cx.clock.now();
        let at = prost_types::Timestamp {
            seconds: now.as_second(),
            nanos: 0,
        };
        let event = GradingEvent {
            occurred_at: Some(at),
            school_id: school().to_string(),
            change: Some(change),
            ..Default::default()
        };
        let event = WatchGradingEventsResponse {
            event: Some(event),
            cursor: String::new(),
        };
        let consumer = feed::Grading {
            shared: self.shared.clone(),
        };
        let mut uow = self.shared.cx.db.begin().await.unwrap();
        consumer.apply(&mut uow, &event).await.unwrap();
        uow.commit().await.unwrap();
    }

    async fn cell(&self, values: &[&str], attendance: Attendance) {
        let marks = values
            .iter()
            .zip(1..)
            .map(|(value, slot)| Mark {
                slot,
                value: (*value).into(),
                ..Default::default()
            })
            .collect();
        let cell = Cell {
            lesson_id: LessonId::from_uuid(Uuid::from_u128(5)).to_string(),
            pupil_id: person(PUPIL).to_string(),
            marks,
            attendance: attendance.into(),
            ..Default::default()
        };
        let changed = ChangedCell {
            cell: Some(cell),
            date: "2026-11-20".into(),
            ..Default::default()
        };
        let cells = CellsChanged {
            journal_id: journal(),
            cells: vec![changed],
            ..Default::default()
        };
        self.grading(Graded::CellsChanged(cells)).await;
    }

    async fn later(&self, minutes: i64) {
        self.harness
            .clock()
            .advance(SignedDuration::from_mins(minutes));
        while flush::flush(&self.shared).await.unwrap() > 0 {}
    }

    fn client(&self, n: u128, kind: UserKind) -> NotificationServiceClient<PeerChannel> {
        let staff = kind == UserKind::Staff;
        let user = User {
            account: AccountId::from_uuid(Uuid::from_u128(n + 500)),
            session: SessionId::from_uuid(Uuid::from_u128(n + 600)),
            kind,
            person: staff.then(|| person(n)),
            persons: if staff { Vec::new() } else { vec![person(n)] },
            school: staff.then(school),
            roles: vec![if staff { "TEACHER" } else { "GUARDIAN" }.to_owned()],
            municipality: None,
            region: false,
            display: String::new(),
        };
        NotificationServiceClient::new(self.harness.caller(&Caller::User(user)))
    }

    async fn notices(&self, n: u128, kind: UserKind) -> Vec<Notice> {
        let request = ListNoticesRequest::default();
        self.client(n, kind)
            .list_notices(request)
            .await
            .unwrap()
            .into_inner()
            .notices
    }

    async fn texts(&self, n: u128) -> Vec<String> {
        self.notices(n, UserKind::Family)
            .await
            .into_iter()
            .map(|n| n.text)
            .collect()
    }
}

fn group() -> String {
    GroupId::from_uuid(Uuid::from_u128(8)).to_string()
}

/// A lesson of the pupil's group, of its teacher.
fn lesson(version: u32) -> schedule::Lesson {
    schedule::Lesson {
        lesson_id: LessonId::from_uuid(Uuid::from_u128(5)).to_string(),
        school_id: school().to_string(),
        date: "2026-11-20".into(),
        lesson_number: 3,
        group_id: group(),
        group_title: "5-А".into(),
        subject_title: "Алгебра".into(),
        teacher_id: person(TEACHER).to_string(),
        room: "каб. 12".into(),
        state: schedule::LessonState::Planned.into(),
        etag: format!("v{version}"),
        ..Default::default()
    }
}

fn altered(lesson: schedule::Lesson, before: u128) -> Scheduled {
    Scheduled::LessonAltered(schedule::LessonAltered {
        lesson: Some(lesson),
        previous_teacher_id: person(before).to_string(),
    })
}

fn changed_day(version: u32, undone: bool) -> Scheduled {
    let change = schedule::DayChange {
        day_change_id: DayChangeId::from_uuid(Uuid::from_u128(9)).to_string(),
        school_id: school().to_string(),
        date: "2026-11-20".into(),
        kind: schedule::DayChangeKind::Cancelled.into(),
        reason: "Карантин".into(),
        undone_at: undone.then(prost_types::Timestamp::default),
        etag: format!("v{version}"),
        ..Default::default()
    };
    Scheduled::DayChanged(schedule::DayChanged {
        day_change: Some(change),
        group_ids: vec![group()],
        teacher_ids: vec![person(TEACHER).to_string(), person(MOTHER).to_string()],
    })
}

fn excursion(version: u32) -> schedule::SchoolEvent {
    schedule::SchoolEvent {
        school_event_id: SchoolEventId::from_uuid(Uuid::from_u128(11)).to_string(),
        school_id: school().to_string(),
        content: Some(schedule::SchoolEventContent {
            title: "Экскурсия".into(),
            starts_on: "2026-11-20".into(),
            ends_on: "2026-11-20".into(),
            starts_at: "10:00".into(),
            ends_at: "12:00".into(),
            place: "музей".into(),
            ..Default::default()
        }),
        state: schedule::SchoolEventState::Published.into(),
        etag: format!("v{version}"),
        ..Default::default()
    }
}

fn told_event(event: schedule::SchoolEvent, again: bool) -> Scheduled {
    Scheduled::SchoolEventChanged(schedule::SchoolEventChanged {
        school_event: Some(event),
        group_ids: vec![group()],
        staff_ids: vec![person(TEACHER).to_string(), person(MOTHER).to_string()],
        again,
    })
}

fn journal() -> String {
    JournalId::from_uuid(Uuid::from_u128(7)).to_string()
}

#[tokio::test]
async fn a_mark_is_told_to_pupil_and_informed_guardian_after_the_grace_and_once() {
    let world = World::sqlite().await;
    world.cell(&["5"], Attendance::Unspecified).await;
    world.later(4).await;
    assert!(
        world.texts(MOTHER).await.is_empty(),
        "the slip grace is not over"
    );
    world.later(2).await;
    assert_eq!(world.texts(MOTHER).await, ["Алгебра, 20.11: отметка 5"]);
    assert_eq!(world.texts(PUPIL).await.len(), 1);
    assert!(world.texts(PAPER_FATHER).await.is_empty(), "declared paper");
    world.cell(&["5"], Attendance::Unspecified).await;
    world.later(10).await;
    assert_eq!(
        world.texts(MOTHER).await.len(),
        1,
        "the same value is not told twice"
    );
    assert_eq!(
        world.harness.announced::<NotificationEvent>().await.len(),
        2
    );
}

#[tokio::test]
async fn a_slip_put_right_within_the_grace_reaches_nobody() {
    let world = World::sqlite().await;
    world.cell(&["2"], Attendance::Unspecified).await;
    world.later(2).await;
    world.cell(&["5"], Attendance::Unspecified).await;
    world.later(6).await;
    assert_eq!(world.texts(MOTHER).await, ["Алгебра, 20.11: отметка 5"]);
    world.cell(&["5", "3"], Attendance::Unspecified).await;
    world.cell(&["5"], Attendance::Unspecified).await;
    world.later(6).await;
    assert_eq!(
        world.texts(MOTHER).await.len(),
        1,
        "set and cleared within the grace"
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn an_absence_is_told_without_its_reason() {
    let world = World::sqlite().await;
    world.cell(&[], Attendance::Ill).await;
    world.later(6).await;
    assert_eq!(
        world.texts(MOTHER).await,
        ["Алгебра, 20.11: отсутствие на уроке"]
    );
    world.cell(&[], Attendance::Late).await;
    world.later(6).await;
    assert_eq!(world.texts(MOTHER).await[0], "Алгебра, 20.11: опоздание");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn read_notices_stay_read_and_another_person_sees_none_of_them() {
    let world = World::sqlite().await;
    world.cell(&["5"], Attendance::Absent).await;
    world.later(6).await;
    let all = world.notices(MOTHER, UserKind::Family).await;
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].pupil_given_name, "Мария");
    let request = MarkNoticesReadRequest {
        notice_id: all[1].notice_id.clone(),
    };
    let mut mother = world.client(MOTHER, UserKind::Family);
    assert_eq!(
        mother
            .mark_notices_read(request.clone())
            .await
            .unwrap()
            .into_inner()
            .unread_count,
        1
    );
    assert_eq!(
        mother
            .mark_notices_read(request)
            .await
            .unwrap()
            .into_inner()
            .unread_count,
        1,
        "a repeat changes nothing"
    );
    assert!(world.texts(99).await.is_empty());
    assert_eq!(
        world.texts(PUPIL).await.len(),
        2,
        "the pupil's own notices are unread still"
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_correction_is_told_to_deputies_but_its_author_and_then_to_the_author() {
    let world = World::sqlite().await;
    let change = |pending, approved| {
        Graded::CorrectionChanged(CorrectionChanged {
            correction_request_id: CorrectionRequestId::from_uuid(Uuid::from_u128(9)).to_string(),
            author_id: person(TEACHER).to_string(),
            pending,
            approved,
            ..Default::default()
        })
    };
    world.grading(change(true, false)).await;
    world.grading(change(true, false)).await;
    assert_eq!(
        world.notices(DEPUTY, UserKind::Staff).await.len(),
        1,
        "told once"
    );
    assert!(
        world.notices(TEACHER, UserKind::Staff).await.is_empty(),
        "never to the author"
    );
    world.grading(change(false, true)).await;
    let told = world.notices(TEACHER, UserKind::Staff).await;
    assert_eq!(told[0].text, "Запрос на исправление одобрен");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_correction_is_told_only_to_the_deputy_of_its_grade() {
    let world = World::sqlite().await;
    let asked = |id, grade| {
        Graded::CorrectionChanged(CorrectionChanged {
            correction_request_id: CorrectionRequestId::from_uuid(Uuid::from_u128(id)).to_string(),
            author_id: person(TEACHER).to_string(),
            pending: true,
            grade,
            ..Default::default()
        })
    };
    for (id, grade, told) in [(9, 4, 0), (10, 5, 1), (11, 9, 2), (12, 10, 2)] {
        world.grading(asked(id, grade)).await;
        let notices = world.notices(DEPUTY, UserKind::Staff).await;
        assert_eq!(notices.len(), told, "after a request of grade {grade}");
    }
    world.harness.ignore_announced().await;
}

chassis::on_both_databases! { NotificationService::migrations();
    async fn two_processes_that_flush_at_once_tell_once(db) {
        let world = World::on(db).await;
        world.cell(&["5"], Attendance::Unspecified).await;
        world.harness.clock().advance(SignedDuration::from_mins(6));
        let (a, b) = tokio::join!(flush::flush(&world.shared), flush::flush(&world.shared));
        assert!(a.is_ok() || b.is_ok());
        while flush::flush(&world.shared).await.unwrap() > 0 {}
        assert_eq!(world.texts(MOTHER).await.len(), 1);
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn a_substitution_is_told_to_both_teachers_and_the_families_once() {
    let world = World::sqlite().await;
    let substituted = schedule::Lesson {
        substitute_id: person(DEPUTY).to_string(),
        state_reason: "болезнь".into(),
        ..lesson(2)
    };
    for _ in 0..2 {
        world.schedule(altered(substituted.clone(), TEACHER)).await;
    }
    let about = "20.11, 3-й урок, 5-А, Алгебра";
    assert_eq!(
        world.staff_texts(DEPUTY).await,
        [format!("Вы ведёте урок: {about}, каб. 12")]
    );
    assert_eq!(
        world.staff_texts(TEACHER).await,
        [format!("Урок ведёт другой учитель: {about}")]
    );
    let told = "Алгебра, 20.11, 3-й урок: урок ведёт другой учитель";
    for family in [MOTHER, PUPIL] {
        assert_eq!(world.texts(family).await, [told]);
    }
    assert!(world.texts(PAPER_FATHER).await.is_empty(), "declared paper");

    // The lesson goes back and is cancelled then: each is a change of its own.
    world.schedule(altered(lesson(3), DEPUTY)).await;
    let cancelled = schedule::Lesson {
        state: schedule::LessonState::Cancelled.into(),
        state_reason: "Экскурсия".into(),
        ..lesson(4)
    };
    world.schedule(altered(cancelled, TEACHER)).await;
    assert_eq!(world.staff_texts(DEPUTY).await.len(), 2);
    assert_eq!(
        world.texts(MOTHER).await[0],
        "Алгебра, 20.11, 3-й урок: урок отменён. Экскурсия"
    );
    assert_eq!(
        world.staff_texts(TEACHER).await[0],
        format!("Урок отменён: {about}. Экскурсия")
    );
    world.harness.ignore_announced().await;
}

async fn a_changed_day_is_told_once_to_each(world: World) {
    for _ in 0..2 {
        world.schedule(changed_day(1, false)).await;
    }
    let told = "20.11: уроков не будет. Карантин";
    for family in [MOTHER, PUPIL] {
        // The mother teaches here too: one notice all the same.
        assert_eq!(world.texts(family).await, [told]);
    }
    assert_eq!(world.staff_texts(TEACHER).await, [told]);
    world.schedule(changed_day(2, true)).await;
    let back = "20.11: уроки пройдут по расписанию";
    assert_eq!(world.texts(MOTHER).await, [back, told]);
    let notices = world.notices(MOTHER, UserKind::Family).await;
    assert_eq!(notices[0].link, "/diary?date=2026-11-20");
    world.harness.ignore_announced().await;
}

chassis::on_both_databases! {
    NotificationService::migrations();

    async fn a_changed_day_is_told_to_families_and_teachers(db) {
        a_changed_day_is_told_once_to_each(World::on(db).await).await;
    }
}

async fn an_event_is_told_once_to_each(world: World) {
    for _ in 0..2 {
        world.schedule(told_event(excursion(2), false)).await;
    }
    let told = "20.11, 10:00: Экскурсия (музей)";
    for family in [MOTHER, PUPIL] {
        // The mother works here too: one notice all the same.
        assert_eq!(world.texts(family).await, [told]);
    }
    assert_eq!(world.staff_texts(TEACHER).await, [told]);
    assert!(world.texts(PAPER_FATHER).await.is_empty(), "declared paper");
    world.schedule(told_event(excursion(3), true)).await;
    let cancelled = schedule::SchoolEvent {
        state: schedule::SchoolEventState::Cancelled.into(),
        cancel_reason: "Дождь".into(),
        ..excursion(4)
    };
    world.schedule(told_event(cancelled, true)).await;
    let changed = format!("Изменено. {told}");
    let off = "Отменено. 20.11, 10:00: Экскурсия. Дождь";
    assert_eq!(world.texts(MOTHER).await, [off, &changed, told]);
    let notices = world.notices(MOTHER, UserKind::Family).await;
    let first = (notices[0].kind(), notices[0].link.as_str());
    let expected = (NoticeKind::Event, "/child-events?date=2026-11-20");
    assert_eq!(first, expected);
    let notices = world.notices(TEACHER, UserKind::Staff).await;
    assert_eq!(notices[0].link, "/events?date=2026-11-20");
    world.harness.ignore_announced().await;
}

chassis::on_both_databases! {
    NotificationService::migrations();

    async fn an_event_is_told_to_families_and_staff(db) {
        an_event_is_told_once_to_each(World::on(db).await).await;
    }
}

#[tokio::test]
async fn a_day_that_is_over_is_no_news() {
    let world = World::sqlite().await;
    world.later(60 * 24 * 120).await;
    world.schedule(changed_day(1, false)).await;
    world.schedule(altered(lesson(2), DEPUTY)).await;
    world.schedule(told_event(excursion(2), false)).await;
    assert!(world.texts(MOTHER).await.is_empty() && world.staff_texts(TEACHER).await.is_empty());
}
