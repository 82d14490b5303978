//! Cards of a family as the class teacher keeps them.

use chassis::caller::{Caller, User};
use chassis::service::Service as _;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{GuardianLinkId, PersonId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::types::v1::PersonName;

use super::orders::{Book, broken, expelled, refusal};
use crate::RosterService;
use crate::world::{family, other_school, region, staff};

/// A pupil of 5-А and the class teacher.
struct Home {
    book: Book,
    maria: PersonId,
    teacher: Caller,
}

impl Home {
    async fn on(db: TestDb) -> Self {
        let book = Book::on(db).await;
        let maria = book.world.card(book.school, "Аблаева Мария").await;
        let teacher = book.world.card(book.school, "Алиев Осман").await;
        Self {
            teacher: with_card(staff(book.school, "TEACHER"), teacher),
            maria,
            book,
        }
    }

    async fn get(&self, by: &Caller) -> Result<pb::GetPupilCardResponse, Status> {
        let request = pb::GetPupilCardRequest {
            pupil_id: self.maria.to_string(),
        };
        let answer = self.book.world.client(by).get_pupil_card(request).await?;
        Ok(answer.into_inner())
    }

    fn to_put(&self, card: &pb::Card) -> pb::PutCardRequest {
        pb::PutCardRequest {
            pupil_id: self.maria.to_string(),
            person_id: card.person_id.clone(),
            entry: Some(pb::CardEntry {
                name: card.name.clone(),
                sex: card.sex,
                birth_date: card.birth_date.clone(),
                phone: card.phone.clone(),
                email: card.email.clone(),
                address: card.address.clone(),
            }),
            etag: card.etag.clone(),
            request_id: self.book.world.request_id(),
        }
    }

    async fn put(
        &self,
        by: &Caller,
        request: pb::PutCardRequest,
    ) -> Result<pb::PutCardResponse, Status> {
        let answer = self.book.world.client(by).put_card(request).await?;
        Ok(answer.into_inner())
    }

    fn to_link(&self, n: u128) -> pb::PutGuardianLinkRequest {
        pb::PutGuardianLinkRequest {
            pupil_id: self.maria.to_string(),
            guardian_link_id: GuardianLinkId::from_uuid(Uuid::from_u128(n)).to_string(),
            guardian_id: String::new(),
            new_guardian: Some(pb::CardEntry {
                name: Some(named("Аблаев", "Тарас")),
                phone: "8 978 000-11-22".into(),
                ..Default::default()
            }),
            relation: "отец".into(),
            is_representative: true,
            informing: pb::Informing::Paper.into(),
            starts_on: "2026-11-01".into(),
            ends_on: String::new(),
            etag: String::new(),
            request_id: self.book.world.request_id(),
        }
    }

    async fn link(
        &self,
        by: &Caller,
        request: pb::PutGuardianLinkRequest,
    ) -> Result<pb::PutGuardianLinkResponse, Status> {
        let answer = self
            .book
            .world
            .client(by)
            .put_guardian_link(request)
            .await?;
        Ok(answer.into_inner())
    }
}

fn with_card(caller: Caller, card: PersonId) -> Caller {
    let Caller::User(user) = caller else {
        panic!("{caller:?}")
    };
    Caller::User(User {
        person: Some(card),
        display: "Алиев О. Р.".into(),
        ..user
    })
}

fn named(surname: &str, given_name: &str) -> PersonName {
    PersonName {
        surname: surname.into(),
        given_name: given_name.into(),
        patronymic: String::new(),
    }
}

fn changes(of: &pb::GetPupilCardResponse) -> Vec<(pb::CardField, String, String)> {
    let changes = of.changes.iter();
    changes
        .map(|one| (one.field(), one.old_value.clone(), one.new_value.clone()))
        .collect()
}

chassis::on_both_databases! { RosterService::migrations();
    async fn the_class_teacher_writes_the_card_and_the_school_remembers_who_changed_what(db) {
        let home = Home::on(db).await;
        let before = home.get(&home.teacher).await.unwrap();
        let card = before.card.clone().unwrap();
        assert_eq!((card.etag.as_str(), card.birth_date.as_str(), before.class_title.as_str()), ("v1", "2015-05-15", "5-А"));
        assert!(before.may_write);
        let mut request = home.to_put(&card);
        let entry = request.entry.as_mut().unwrap();
        entry.name = Some(named(" Аблаева ", "Марьям"));
        entry.phone = "8 (978) 000-33-44".into();
        entry.address = "г. Примерск, ул. Садовая, 1".into();
        let written = home.put(&home.teacher, request).await.unwrap().card.unwrap();
        assert_eq!((written.etag.as_str(), written.phone.as_str()), ("v2", "+79780003344"));
        let events = home.book.world.harness.announced::<pb::RosterEvent>().await;
        let [pb::RosterEvent { change: Some(Change::PeopleChanged(told)), .. }] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((told.people[0].phone.as_str(), told.people[0].name.as_ref().unwrap().given_name.as_str()), ("+79780003344", "Марьям"));

        let now = home.get(&home.book.by).await.unwrap();
        let pair = |field, was: &str, is: &str| (field, was.to_owned(), is.to_owned());
        assert_eq!(changes(&now), [
            pair(pb::CardField::Name, "Аблаева Мария Тарасовна", "Аблаева Марьям"),
            pair(pb::CardField::Phone, "", "+79780003344"),
            pair(pb::CardField::Address, "", "г. Примерск, ул. Садовая, 1"),
        ]);
        assert_eq!(now.changes[0].changed_by, "Алиев О. Р.");
        assert_eq!(now.card.unwrap(), written);

        let stale = home.put(&home.book.by, home.to_put(&card)).await.unwrap_err();
        assert_eq!(refusal(&stale), (Code::Aborted, "ETAG_STALE".into()));
    }

    async fn a_guardian_is_added_changed_and_ended_with_the_custody(db) {
        let home = Home::on(db).await;
        let added = home.link(&home.teacher, home.to_link(1)).await.unwrap().guardian.unwrap();
        let (link, card) = (added.link.unwrap(), added.card.unwrap());
        assert_eq!((card.phone.as_str(), link.informing(), added.etag.as_str()), ("+79780001122", pb::Informing::Paper, "v1"));
        let events = home.book.world.harness.announced::<pb::RosterEvent>().await;
        assert_eq!(events.len(), 2, "the card and the link: {events:?}");

        let mut ends = home.to_link(1);
        (ends.new_guardian, ends.etag, ends.ends_on) = (None, "v1".into(), "2026-12-01".into());
        (ends.is_representative, ends.informing) = (false, pb::Informing::Electronic.into());
        let ended = home.link(&home.teacher, ends.clone()).await.unwrap().guardian.unwrap();
        assert_eq!((ended.etag.as_str(), ended.link.unwrap().ends_on.as_str()), ("v2", "2026-12-01"));
        let stale = pb::PutGuardianLinkRequest { request_id: home.book.world.request_id(), ..ends };
        let stale = home.link(&home.teacher, stale).await.unwrap_err();
        assert_eq!(refusal(&stale), (Code::Aborted, "ETAG_STALE".into()));
        let events = home.book.world.harness.announced::<pb::RosterEvent>().await;
        let [pb::RosterEvent { change: Some(Change::GuardianLinksChanged(told)), .. }] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((told.guardian_links[0].ends_on.as_str(), told.guardian_links[0].is_representative), ("2026-12-01", false));
        let shown = home.get(&home.teacher).await.unwrap();
        let pair = |field, was: &str, is: &str| (field, was.to_owned(), is.to_owned());
        let mut told = changes(&shown);
        told.sort_by_key(|one| one.0 as i32);
        assert_eq!(told, [
            pair(pb::CardField::Guardian, "", "отец"),
            pair(pb::CardField::Representative, "true", "false"),
            pair(pb::CardField::Informing, "PAPER", "ELECTRONIC"),
            pair(pb::CardField::EndsOn, "", "2026-12-01"),
        ]);

        let mut again = home.to_link(2);
        (again.new_guardian, again.guardian_id) = (None, card.person_id.clone());
        let twice = home.link(&home.teacher, again.clone()).await.unwrap_err();
        assert_eq!(refusal(&twice), (Code::AlreadyExists, "GUARDIAN_LINKED".into()));
        (again.starts_on, again.request_id) = ("2026-12-02".into(), home.book.world.request_id());
        home.link(&home.teacher, again).await.unwrap();
        home.book.world.harness.ignore_announced().await;
    }

    async fn a_repeated_write_acts_once_and_of_two_one_wins(db) {
        let home = Home::on(db).await;
        let card = home.get(&home.teacher).await.unwrap().card.unwrap();
        let mut request = home.to_put(&card);
        request.entry.as_mut().unwrap().address = "ул. Первая".into();
        let first = home.put(&home.teacher, request.clone()).await.unwrap();
        assert_eq!(home.put(&home.teacher, request).await.unwrap(), first);
        let link = home.to_link(1);
        let added = home.link(&home.teacher, link.clone()).await.unwrap();
        assert_eq!(home.link(&home.teacher, link).await.unwrap(), added);
        let card = first.card.unwrap();
        let with = |address: &str| {
            let mut request = home.to_put(&card);
            request.entry.as_mut().unwrap().address = address.into();
            request
        };
        let (one, other) = tokio::join!(
            home.put(&home.teacher, with("ул. Вторая")),
            home.put(&home.book.by, with("ул. Третья")),
        );
        let lost = match (one, other) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::Aborted, "ETAG_STALE".into()));
        assert_eq!(home.get(&home.teacher).await.unwrap().changes.len(), 3);
        home.book.world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn a_namesake_with_the_same_birth_date_is_hinted_at() {
    let home = Home::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let pyotr = home
        .book
        .world
        .card(home.book.school, "Кузнецов Пётр")
        .await;
    let card = home.get(&home.teacher).await.unwrap().card.unwrap();
    let mut request = home.to_put(&card);
    let entry = request.entry.as_mut().unwrap();
    entry.name = Some(PersonName {
        patronymic: "Ильич".into(),
        ..named("Кузнецов", "Пётр")
    });
    entry.birth_date = "2015-02-01".into();
    let written = home.put(&home.teacher, request).await.unwrap();
    assert_eq!(written.namesakes.len(), 1);
    let shown = home.get(&home.teacher).await.unwrap();
    assert_eq!(shown.namesakes, written.namesakes);
    assert_eq!(written.namesakes[0].person_id, pyotr.to_string());
    home.book.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn what_is_written_keeps_the_rules_of_its_fields() {
    let home = Home::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let card = home.get(&home.teacher).await.unwrap().card.unwrap();
    let with = async |change: &dyn Fn(&mut pb::CardEntry)| {
        let mut request = home.to_put(&card);
        change(request.entry.as_mut().unwrap());
        broken(&home.put(&home.teacher, request).await.unwrap_err())
    };
    let one = |field: &str, rule: &str| vec![(format!("entry.{field}"), rule.to_owned())];
    assert_eq!(
        with(&|entry| entry.birth_date = "2026-11-23".into()).await,
        one("birthDate", "BIRTH_DATE_IN_FUTURE")
    );
    assert_eq!(
        with(&|entry| entry.phone = "позвонить маме".into()).await,
        one("phone", "PHONE")
    );
    assert_eq!(
        with(&|entry| entry.email = "собака".into()).await,
        one("email", "EMAIL")
    );
    assert_eq!(
        with(&|entry| entry.name = Some(named(" ", "Мария"))).await,
        one("name.surname", "REQUIRED")
    );
    let wrong = async |change: &dyn Fn(&mut pb::PutGuardianLinkRequest)| {
        let mut request = home.to_link(1);
        change(&mut request);
        broken(&home.link(&home.teacher, request).await.unwrap_err())
    };
    let one = |field: &str, rule: &str| vec![(field.to_owned(), rule.to_owned())];
    assert_eq!(
        wrong(&|link| link.ends_on = "2026-10-31".into()).await,
        one("endsOn", "DATES_REVERSED")
    );
    assert_eq!(
        wrong(&|link| link.new_guardian = None).await,
        one("guardianId", "GUARDIAN_OR_NEW")
    );
    assert_eq!(
        wrong(&|link| link.relation = " ".into()).await,
        one("relation", "REQUIRED")
    );
    let own = |link: &mut pb::PutGuardianLinkRequest| {
        (link.new_guardian, link.guardian_id) = (None, home.maria.to_string());
    };
    assert_eq!(wrong(&own).await, one("guardianId", "GUARDIAN_IS_PUPIL"));
    let nobody = |link: &mut pb::PutGuardianLinkRequest| {
        link.new_guardian = None;
        link.guardian_id = PersonId::from_uuid(Uuid::from_u128(7)).to_string();
    };
    assert_eq!(wrong(&nobody).await, one("guardianId", "GUARDIAN_UNKNOWN"));
    let mut missing = home.to_link(9);
    missing.etag = "v1".into();
    let missing = home.link(&home.teacher, missing).await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
}

#[tokio::test]
async fn only_the_class_teacher_and_the_office_write_and_the_deputies_look() {
    let home = Home::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let school = home.book.school;
    let seen = home.get(&home.teacher).await.unwrap();
    let card = seen.card.unwrap();
    let other_teacher = home.book.world.card(school, "Гончар Вера").await;
    let other_teacher = with_card(staff(school, "TEACHER"), other_teacher);
    let mother = home.book.world.card(school, "Аблаева Аза").await;
    for by in [
        other_teacher,
        staff(school, "ENGINEER"),
        staff(other_school(), "SECRETARY"),
        family(&[mother]),
    ] {
        assert!(home.get(&by).await.is_err(), "{by:?}");
        assert!(home.put(&by, home.to_put(&card)).await.is_err(), "{by:?}");
        assert!(home.link(&by, home.to_link(1)).await.is_err(), "{by:?}");
    }
    let deputy = staff(school, "DEPUTY");
    assert!(!home.get(&deputy).await.unwrap().may_write);
    assert!(home.put(&deputy, home.to_put(&card)).await.is_err());
    for by in [
        staff(school, "DIRECTOR"),
        staff(school, "SECRETARY"),
        staff(school, "ADMINISTRATOR"),
        region("ADMINISTRATOR"),
    ] {
        assert!(home.get(&by).await.unwrap().may_write, "{by:?}");
    }
    // A card that is not of the family; an employee who is a guardian too.
    let pyotr = home.book.world.card(school, "Кузнецов Пётр").await;
    let mut theirs = home.to_put(&card);
    theirs.person_id = pyotr.to_string();
    let hidden = home.put(&home.teacher, theirs).await.unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
    let mut link = home.to_link(3);
    link.new_guardian = None;
    link.guardian_id = home
        .book
        .world
        .card(school, "Гончар Вера")
        .await
        .to_string();
    let guardian = home.link(&home.teacher, link).await.unwrap().guardian;
    let held_card = guardian.unwrap().card.unwrap();
    let held = home.to_put(&held_card);
    let held = home.put(&home.teacher, held).await.unwrap_err();
    assert_eq!(
        refusal(&held),
        (Code::FailedPrecondition, "CARD_OF_STAFF".into())
    );
    home.put(&home.book.by, home.to_put(&held_card))
        .await
        .unwrap();
    // One who has left has no class teacher any more.
    let order = home
        .book
        .draft(1, pb::OrderKind::Expulsion, vec![expelled(home.maria)]);
    home.book.posted(order).await.unwrap();
    home.book
        .world
        .harness
        .clock()
        .set("2026-11-24T09:00:00Z".parse().unwrap());
    assert!(home.get(&home.teacher).await.is_err());
    assert_eq!(home.get(&home.book.by).await.unwrap().class_title, "");
    home.book.world.harness.ignore_announced().await;
}
