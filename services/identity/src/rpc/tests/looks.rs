//! The access log: what services hand over, who reads it.

use chassis::caller::{Caller, User, UserKind};
use jiff::{SignedDuration, Timestamp};
use zhurnal_proto::id::{AccountId, EnrolmentId, SchoolId, SessionId};
use zhurnal_proto::identity::v1::identity_service_client::IdentityServiceClient;
use zhurnal_proto::identity::v1::{
    ListPupilLooksRequest, ListPupilLooksResponse, ListSchoolLooksRequest, Look, LookNote,
    LookPurpose, LookRecord, LookSubject, RecordLooksRequest, Role,
};
use zhurnal_proto::roster::v1::{self as roster, roster_event::Change};

use super::world::*;

fn note(subject: LookSubject, subject_id: String, at: Timestamp) -> LookNote {
    LookNote {
        school_id: school().to_string(),
        subject: subject.into(),
        subject_id,
        account_id: AccountId::from_uuid(uuid(5_001)).to_string(),
        person_id: person(OTHER_TEACHER).to_string(),
        role: "TEACHER".into(),
        record: LookRecord::Journal.into(),
        purpose: LookPurpose::Teaching.into(),
        looked_at: Some(prost_types::Timestamp {
            seconds: at.as_second(),
            nanos: 0,
        }),
    }
}

fn of_pupil(pupil: u128, at: Timestamp) -> LookNote {
    note(LookSubject::Pupil, person(pupil).to_string(), at)
}

fn of_class(id: u128, at: Timestamp) -> LookNote {
    note(LookSubject::Class, class(id).to_string(), at)
}

fn family(card: u128) -> User {
    User {
        account: AccountId::from_uuid(uuid(card + 5_000)),
        session: SessionId::from_uuid(uuid(card + 6_000)),
        kind: UserKind::Family,
        person: None,
        persons: vec![person(card)],
        school: None,
        roles: vec![],
        municipality: None,
        region: false,
        display: "Родитель".into(),
    }
}

impl World {
    fn now(&self) -> Timestamp {
        self.harness.cx().clock.now()
    }

    async fn record(&self, looks: Vec<LookNote>) {
        let grading = Caller::service("grading");
        IdentityServiceClient::new(self.harness.caller(&grading))
            .record_looks(RecordLooksRequest { looks })
            .await
            .unwrap();
    }

    async fn looks_at(
        &self,
        user: User,
        pupil: u128,
    ) -> Result<ListPupilLooksResponse, tonic::Status> {
        let request = ListPupilLooksRequest {
            pupil_id: person(pupil).to_string(),
            ..Default::default()
        };
        let answer = self.by(user).list_pupil_looks(request).await?;
        Ok(answer.into_inner())
    }
}

fn surname(look: &Look) -> &str {
    look.name.as_ref().map_or("", |name| &name.surname)
}

chassis::on_both_databases! { <crate::IdentityService as chassis::service::Service>::migrations();
    async fn looks_of_a_quarter_of_an_hour_are_one_entry_however_often_they_come(db) {
        let world = World::on(db).await;
        let first: Timestamp = "2026-09-01T05:30:00Z".parse().unwrap();
        let later = first + SignedDuration::from_mins(14);
        let batch = vec![of_pupil(PUPIL, first), of_pupil(PUPIL, later)];
        world.record(batch.clone()).await;
        world.record(batch).await;
        world.record(vec![of_pupil(PUPIL, first)]).await;
        let looks = world.looks_at(family(MOTHER), PUPIL).await.unwrap().looks;
        assert_eq!(looks.len(), 1, "{looks:?}");
        let look = &looks[0];
        let seconds = |at: &Option<prost_types::Timestamp>| at.as_ref().unwrap().seconds;
        assert_eq!(seconds(&look.looked_at), first.as_second());
        assert_eq!(seconds(&look.last_looked_at), later.as_second());
        assert_eq!((surname(look), look.role()), ("Другая", Role::Teacher));
        assert_eq!((look.record(), look.purpose()), (LookRecord::Journal, LookPurpose::Teaching));
        let next = first + SignedDuration::from_mins(15);
        world.record(vec![of_pupil(PUPIL, next)]).await;
        let looks = world.looks_at(family(MOTHER), PUPIL).await.unwrap().looks;
        assert_eq!(looks.len(), 2);
        assert_eq!(seconds(&looks[0].looked_at), next.as_second(), "newest first");
    }

    async fn a_long_log_is_read_page_by_page_without_a_gap(db) {
        let world = World::on(db).await;
        let start: Timestamp = "2026-09-01T05:30:00Z".parse().unwrap();
        let many = (0..7).map(|n| of_pupil(PUPIL, start + SignedDuration::from_mins(15 * n)));
        world.record(many.collect()).await;
        // Two at the same instant.
        world.record(vec![of_class(CLASS_5A, start)]).await;
        let (mut token, mut seen) = (String::new(), Vec::new());
        loop {
            let request = ListPupilLooksRequest { pupil_id: person(PUPIL).to_string(), page_size: 3, page_token: token };
            let page = world.by(family(MOTHER)).list_pupil_looks(request).await.unwrap().into_inner();
            seen.extend(page.looks.iter().map(|look| look.look_id.clone()));
            token = page.next_page_token;
            if token.is_empty() { break; }
        }
        let mut unique = seen.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!((seen.len(), unique.len()), (8, 8));
    }
}

#[tokio::test]
async fn a_family_sees_looks_at_the_child_its_class_and_its_school_and_at_nobody_else() {
    let world = World::sqlite().await;
    let now = world.now();
    let whole = note(LookSubject::School, school().to_string(), now);
    world
        .record(vec![
            of_pupil(PUPIL, now),
            of_class(CLASS_5A, now),
            whole,
            of_pupil(PUPIL_OF_OTHER_CLASS, now),
            of_class(CLASS_5B, now),
        ])
        .await;
    let looks = world.looks_at(family(MOTHER), PUPIL).await.unwrap().looks;
    let mut subjects: Vec<_> = looks.iter().map(Look::subject).collect();
    subjects.sort_unstable();
    let wanted = [LookSubject::Pupil, LookSubject::Class, LookSubject::School];
    assert_eq!(subjects, wanted);
    let of_class = looks.iter().find(|l| l.subject() == LookSubject::Class);
    assert_eq!(of_class.unwrap().class_title, "5-А");
    assert_eq!(
        world.looks_at(family(PUPIL), PUPIL).await.unwrap().looks,
        looks,
        "the pupil self reads the same"
    );
}

#[tokio::test]
async fn looks_at_a_class_concern_a_child_only_while_it_is_there() {
    let world = World::sqlite().await;
    let moved = [
        (CLASS_5A, "2026-09-01", "2026-09-10", 1_020),
        (CLASS_5B, "2026-09-11", "", 1_900),
    ];
    let enrolments = moved.map(|(of, from, to, id)| roster::Enrolment {
        enrolment_id: EnrolmentId::from_uuid(uuid(id)).to_string(),
        school_id: school().to_string(),
        pupil_id: person(PUPIL).to_string(),
        class_id: class(of).to_string(),
        starts_on: from.into(),
        ends_on: to.into(),
        ..Default::default()
    });
    let enrolments = enrolments.to_vec();
    world
        .hear(Change::EnrolmentsChanged(roster::EnrolmentsChanged {
            enrolments,
        }))
        .await;
    let early: Timestamp = "2026-09-05T08:00:00Z".parse().unwrap();
    // The last minute of the tenth in Simferopol, and the first of the eleventh.
    let last: Timestamp = "2026-09-10T20:59:00Z".parse().unwrap();
    let next: Timestamp = "2026-09-10T21:00:00Z".parse().unwrap();
    let all = [early, last, next];
    let both = [CLASS_5A, CLASS_5B];
    let notes = both.iter().flat_map(|c| all.map(|at| of_class(*c, at)));
    world.record(notes.collect()).await;
    let looks = world.looks_at(family(MOTHER), PUPIL).await.unwrap().looks;
    let titles: Vec<_> = looks.iter().map(|l| l.class_title.as_str()).collect();
    assert_eq!(titles, ["5-Б", "5-А", "5-А"]);
}

#[tokio::test]
async fn the_log_of_a_child_is_closed_to_everybody_whom_it_does_not_concern() {
    let world = World::sqlite().await;
    world.record(vec![of_pupil(PUPIL, world.now())]).await;
    let elsewhere = User {
        school: Some(SchoolId::from_uuid(uuid(2))),
        ..staff(DIRECTOR, &["DIRECTOR"])
    };
    for stranger in [
        family(PUPIL_OF_OTHER_CLASS),
        staff(CLASS_TEACHER, &["TEACHER"]),
        staff(OTHER_TEACHER, &["DEPUTY"]),
        elsewhere,
    ] {
        let refusal = refused(world.looks_at(stranger.clone(), PUPIL).await);
        let same = ["NOT_FOUND", "PERMISSION_DENIED"];
        assert!(same.contains(&refusal.as_str()), "{refusal} {stranger:?}");
        let missing = refused(world.looks_at(stranger, 999).await);
        assert_eq!(refusal, missing, "as a child that does not exist");
    }
    world
        .hear(Change::GuardianLinksChanged(roster::GuardianLinksChanged {
            guardian_links: vec![mother("2026-08-31")],
        }))
        .await;
    let custody_ended = world.looks_at(family(MOTHER), PUPIL).await;
    assert_eq!(refused(custody_ended), "NOT_FOUND");
    for (card, role) in [(DIRECTOR, "DIRECTOR"), (ADMINISTRATOR, "ADMINISTRATOR")] {
        let seen = world.looks_at(staff(card, &[role]), PUPIL).await.unwrap();
        assert_eq!(seen.looks.len(), 1, "{role}");
    }
}

#[tokio::test]
async fn the_director_reads_the_schools_log_by_employee_and_day() {
    let world = World::sqlite().await;
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let other = LookNote {
        person_id: person(CLASS_TEACHER).to_string(),
        account_id: AccountId::from_uuid(uuid(5_002)).to_string(),
        ..of_pupil(PUPIL, at("2026-09-02T08:00:00Z"))
    };
    let foreign = LookNote {
        school_id: SchoolId::from_uuid(uuid(2)).to_string(),
        ..of_pupil(PUPIL, at("2026-09-02T08:00:00Z"))
    };
    let own = of_pupil(PUPIL_OF_OTHER_CLASS, at("2026-09-01T20:59:00Z"));
    world.record(vec![own, other, foreign]).await;
    let list = async |person_id: String, from: &str, to: &str| {
        let request = ListSchoolLooksRequest {
            school_id: school().to_string(),
            person_id,
            from: from.into(),
            to: to.into(),
            ..Default::default()
        };
        let mut director = world.by(staff(DIRECTOR, &["DIRECTOR"]));
        let answer = director.list_school_looks(request).await.unwrap();
        answer.into_inner().looks
    };
    let all = list(String::new(), "", "").await;
    assert_eq!(all.len(), 2, "another school's is not there: {all:?}");
    assert_eq!(all[1].pupil_name.as_ref().unwrap().surname, "Соседов");
    let of_one = list(person(CLASS_TEACHER).to_string(), "", "").await;
    assert_eq!(surname(&of_one[0]), "Классная");
    assert_eq!(of_one.len(), 1);
    assert_eq!(list(String::new(), "", "2026-09-01").await.len(), 1);
    assert_eq!(list(String::new(), "2026-09-02", "").await.len(), 1);
    let request = ListSchoolLooksRequest {
        school_id: school().to_string(),
        ..Default::default()
    };
    for (card, role) in [(OTHER_TEACHER, "DEPUTY"), (CLASS_TEACHER, "TEACHER")] {
        let mut caller = world.by(staff(card, &[role]));
        let denied = caller.list_school_looks(request.clone()).await;
        assert_eq!(refused(denied), "PERMISSION_DENIED", "{role}");
    }
    let elsewhere = User {
        school: Some(SchoolId::from_uuid(uuid(2))),
        ..staff(DIRECTOR, &["DIRECTOR"])
    };
    let wall = world.by(elsewhere).list_school_looks(request).await;
    assert_eq!(refused(wall), "PERMISSION_DENIED");
}

#[tokio::test]
async fn a_look_that_cannot_be_read_does_not_hold_back_the_others() {
    let world = World::sqlite().await;
    let good = of_pupil(PUPIL, world.now());
    let bad = [
        LookNote::default(),
        LookNote {
            subject_id: "cls_1".into(),
            ..good.clone()
        },
        LookNote {
            record: 0,
            ..good.clone()
        },
        LookNote {
            looked_at: None,
            ..good.clone()
        },
    ];
    world.record(bad.into_iter().chain([good]).collect()).await;
    let looks = world.looks_at(family(MOTHER), PUPIL).await.unwrap().looks;
    assert_eq!(looks.len(), 1);
    let user = Caller::User(staff(DIRECTOR, &["DIRECTOR"]));
    let forged = IdentityServiceClient::new(world.harness.caller(&user))
        .record_looks(RecordLooksRequest::default())
        .await;
    assert_eq!(refused(forged), "PERMISSION_DENIED", "only services write");
}
