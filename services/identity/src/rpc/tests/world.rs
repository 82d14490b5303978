//! A school that identity has heard of, and ways to call.

use chassis::caller::{Caller, User, UserKind};
use chassis::client::PeerChannel;
use chassis::feed::Consumer;
use chassis::status;
use chassis::testing::{Harness, TestDb};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::{
    AccountId, ClassId, EnrolmentId, GuardianLinkId, PersonId, SchoolId, SessionId,
};
use zhurnal_proto::identity::v1::identity_service_client::IdentityServiceClient;
use zhurnal_proto::identity::v1::{
    Audience, IssueInvitationsRequest, IssueInvitationsResponse, LogInRequest, LogInResponse,
    RegisterRequest, RegisterResponse,
};
use zhurnal_proto::roster::v1::{self as roster, roster_event::Change};
use zhurnal_proto::types::v1::PersonName;

use crate::{Identity, IdentityService, feed};

pub type Client = IdentityServiceClient<PeerChannel>;

pub const PASSWORD: &str = "три синих чайника";

pub fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn school() -> SchoolId {
    SchoolId::from_uuid(uuid(1))
}

pub fn person(n: u128) -> PersonId {
    PersonId::from_uuid(uuid(n))
}

pub fn class(n: u128) -> ClassId {
    ClassId::from_uuid(uuid(n))
}

pub const DIRECTOR: u128 = 10;
pub const ADMINISTRATOR: u128 = 11;
pub const CLASS_TEACHER: u128 = 12;
pub const OTHER_TEACHER: u128 = 13;
pub const PUPIL: u128 = 20;
pub const MOTHER: u128 = 30;
pub const PUPIL_OF_OTHER_CLASS: u128 = 21;
pub const CLASS_5A: u128 = 50;
pub const CLASS_5B: u128 = 51;

pub struct World {
    pub harness: Harness<IdentityService>,
    pub identity: Identity,
}

impl World {
    pub async fn sqlite() -> Self {
        Self::on(TestDb::sqlite(<IdentityService as chassis::service::Service>::migrations()).await)
            .await
    }

    pub async fn on(db: TestDb) -> Self {
        Self::configured(db, "").await
    }

    /// `required`: roles whose holders may not remove a second factor.
    pub async fn configured(db: TestDb, required: &str) -> Self {
        let cheap = chassis::config::Sources::new()
            .set("identity.argon2_memory_kib", "64", "test")
            .set("identity.argon2_passes", "1", "test")
            .set("identity.second_factor_required_for", required, "test");
        let harness: Harness<IdentityService> = Harness::configured(db, cheap.clone());
        let config = chassis::config::load::<IdentityService>(&cheap).unwrap();
        let identity = Identity::new(harness.cx().clone(), config).unwrap();
        let world = Self { harness, identity };
        world.hear_school().await;
        world
    }

    async fn hear_school(&self) {
        let s = school().to_string();
        self.hear(Change::SchoolChanged(roster::SchoolChanged {
            school: Some(roster::School {
                school_id: s.clone(),
                title: "Школа № 1".into(),
                time_zone: "Europe/Simferopol".into(),
                ..Default::default()
            }),
        }))
        .await;
        let names = [
            (DIRECTOR, "Директорова"),
            (ADMINISTRATOR, "Журналов"),
            (CLASS_TEACHER, "Классная"),
            (OTHER_TEACHER, "Другая"),
            (PUPIL, "Ученикова"),
            (MOTHER, "Мамина"),
            (PUPIL_OF_OTHER_CLASS, "Соседов"),
        ];
        let people = names
            .iter()
            .map(|(id, surname)| roster::PersonCard {
                person_id: person(*id).to_string(),
                name: Some(PersonName {
                    surname: (*surname).into(),
                    given_name: "Анна".into(),
                    patronymic: String::new(),
                }),
                sort_key: (*surname).into(),
                ..Default::default()
            })
            .collect();
        self.hear(Change::PeopleChanged(roster::PeopleChanged { people }))
            .await;
        let staff = [
            (DIRECTOR, roster::Duty::Director),
            (ADMINISTRATOR, roster::Duty::Administrator),
            (CLASS_TEACHER, roster::Duty::Teacher),
            (OTHER_TEACHER, roster::Duty::Teacher),
        ];
        let staff = staff
            .iter()
            .map(|(id, duty)| employee(*id, *duty, ""))
            .collect();
        self.hear(Change::StaffChanged(roster::StaffChanged { staff }))
            .await;
        let classes = [
            (CLASS_5A, "5-А", CLASS_TEACHER),
            (CLASS_5B, "5-Б", OTHER_TEACHER),
        ]
        .iter()
        .map(|(id, title, teacher)| roster::SchoolClass {
            class_id: class(*id).to_string(),
            school_id: s.clone(),
            title: (*title).into(),
            class_teacher_id: person(*teacher).to_string(),
            ..Default::default()
        })
        .collect();
        self.hear(Change::ClassesChanged(roster::ClassesChanged {
            classes,
            removed_ids: Vec::new(),
        }))
        .await;
        let enrolments = [(PUPIL, CLASS_5A), (PUPIL_OF_OTHER_CLASS, CLASS_5B)]
            .iter()
            .map(|(pupil, of)| roster::Enrolment {
                enrolment_id: EnrolmentId::from_uuid(uuid(*pupil + 1_000)).to_string(),
                school_id: s.clone(),
                pupil_id: person(*pupil).to_string(),
                class_id: class(*of).to_string(),
                starts_on: "2026-09-01".into(),
                ..Default::default()
            })
            .collect();
        self.hear(Change::EnrolmentsChanged(roster::EnrolmentsChanged {
            enrolments,
        }))
        .await;
        self.hear(Change::GuardianLinksChanged(roster::GuardianLinksChanged {
            guardian_links: vec![mother("")],
        }))
        .await;
    }

    /// A roster event is applied by the consumer's own code.
    pub async fn hear(&self, change: Change) {
        let event = roster::WatchRosterEventsResponse {
            event: Some(roster::RosterEvent {
                occurred_at: None,
                school_id: school().to_string(),
                change: Some(change),
            }),
            cursor: String::new(),
        };
        let mut uow = self.harness.cx().db.begin().await.unwrap();
        feed::Roster.apply(&mut uow, &event).await.unwrap();
        uow.commit().await.unwrap();
    }

    pub fn anonymous(&self) -> Client {
        IdentityServiceClient::new(self.harness.caller(&Caller::Anonymous))
    }

    pub fn by(&self, user: User) -> Client {
        IdentityServiceClient::new(self.harness.caller(&Caller::User(user)))
    }

    /// Codes as the administrator issues them.
    pub async fn codes(
        &self,
        audience: Audience,
        class_id: Option<ClassId>,
    ) -> IssueInvitationsResponse {
        let request = issue(audience, class_id);
        let issued = self
            .by(staff(ADMINISTRATOR, &["ADMINISTRATOR"]))
            .issue_invitations(request)
            .await
            .unwrap()
            .into_inner();
        self.harness.ignore_announced().await;
        issued
    }

    /// The code of one card.
    pub async fn code_of(
        &self,
        audience: Audience,
        class_id: Option<ClassId>,
        card: u128,
    ) -> String {
        let issued = self.codes(audience, class_id).await.invitations;
        let wanted = person(card).to_string();
        let found = issued
            .into_iter()
            .find(|i| i.invitation.as_ref().unwrap().person_id == wanted);
        found.expect("a code for the card").code
    }

    pub async fn register(&self, code: &str, login: &str) -> Result<RegisterResponse, Status> {
        let request = registration(code, login, uuid(self.harness.cx().ids.uuid().as_u128()));
        Ok(self.anonymous().register(request).await?.into_inner())
    }

    pub async fn log_in(
        &self,
        login: &str,
        password: &str,
        device_cookie: &str,
    ) -> Result<LogInResponse, Status> {
        let request = LogInRequest {
            login: login.into(),
            password: password.into(),
            device: "тест".into(),
            device_cookie: device_cookie.into(),
        };
        Ok(self.anonymous().log_in(request).await?.into_inner())
    }
}

pub fn employee(id: u128, duty: roster::Duty, ends_on: &str) -> roster::StaffMember {
    roster::StaffMember {
        person_id: person(id).to_string(),
        school_id: school().to_string(),
        duties: vec![duty.into()],
        starts_on: "2020-09-01".into(),
        ends_on: ends_on.into(),
        ..Default::default()
    }
}

pub fn mother(ends_on: &str) -> roster::GuardianLink {
    roster::GuardianLink {
        guardian_link_id: GuardianLinkId::from_uuid(uuid(70)).to_string(),
        school_id: school().to_string(),
        guardian_id: person(MOTHER).to_string(),
        pupil_id: person(PUPIL).to_string(),
        relation: "мать".into(),
        is_representative: true,
        starts_on: "2026-09-01".into(),
        ends_on: ends_on.into(),
        ..Default::default()
    }
}

pub fn registration(code: &str, login: &str, request_id: Uuid) -> RegisterRequest {
    RegisterRequest {
        code: code.into(),
        login: login.into(),
        password: PASSWORD.into(),
        session_secret: String::new(),
        device: "тест".into(),
        request_id: request_id.to_string(),
    }
}

pub fn issue(audience: Audience, class_id: Option<ClassId>) -> IssueInvitationsRequest {
    IssueInvitationsRequest {
        school_id: school().to_string(),
        audience: audience.into(),
        class_id: class_id.map(|c| c.to_string()).unwrap_or_default(),
        person_ids: Vec::new(),
        request_id: Uuid::from_u128(u128::from(rand_like())).to_string(),
    }
}

/// Another request id each time within a test process.
fn rand_like() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub fn staff(card: u128, roles: &[&str]) -> User {
    User {
        account: AccountId::from_uuid(uuid(card + 5_000)),
        session: SessionId::from_uuid(uuid(card + 6_000)),
        kind: UserKind::Staff,
        person: Some(person(card)),
        persons: Vec::new(),
        school: Some(school()),
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
        municipality: None,
        region: false,
        display: "Сотрудник".into(),
    }
}

pub fn refused<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    status::reason(&answer.expect_err("a refusal"))
}
