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
    AccountId, CorrectionRequestId, GuardianLinkId, JournalId, LessonId, PersonId, SchoolId,
    SessionId, SupervisionId,
};
use zhurnal_proto::notification::v1::notification_service_client::NotificationServiceClient;
use zhurnal_proto::notification::v1::{
    ListNoticesRequest, MarkNoticesReadRequest, Notice, NotificationEvent,
};
use zhurnal_proto::roster::v1::{self as roster, roster_event::Change};
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
                grade_from: 1,
                grade_to: 11,
                starts_on: "2026-09-01".into(),
                ends_on: String::new(),
            })
            .to_vec();
        world
            .roster(Change::SupervisionsChanged(roster::SupervisionsChanged {
                supervisions,
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
