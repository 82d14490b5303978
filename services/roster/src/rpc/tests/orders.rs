//! The book of orders: drafts, posting, reversal within one school.

use chassis::caller::Caller;
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{OrderId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::types::v1::PersonName;

use crate::RosterService;
use crate::domain::school_import::SheetKind;
use crate::store::dump::dump;
use crate::testing::SmallSchool;
use crate::world::{World, family, machine, other_school, region, staff};

/// A school and its secretary.
pub(super) struct Book {
    pub world: World,
    pub school: SchoolId,
    pub by: Caller,
}

impl Book {
    pub(super) async fn on(db: TestDb) -> Self {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        world
            .harness
            .clock()
            .set("2026-11-22T09:00:00Z".parse().unwrap());
        Self {
            by: staff(school, "SECRETARY"),
            world,
            school,
        }
    }

    /// The same book kept by somebody else.
    pub(super) async fn another_school(&self) -> (SchoolId, Caller) {
        let mut other = SmallSchool::new();
        other.set(SheetKind::School, "B", 2, "МБОУ «Школа № 2»");
        let school = self.world.with_school(&other).await;
        (school, staff(school, "SECRETARY"))
    }

    pub(super) async fn class(&self, school: SchoolId, title: &str) -> String {
        let request = pb::ListClassesRequest {
            school_id: school.to_string(),
            ..Default::default()
        };
        let classes = self.world.admin().list_classes(request).await.unwrap();
        let classes = classes.into_inner().classes;
        let class = classes.into_iter().find(|one| one.title == title);
        class.unwrap().class_id
    }

    pub(super) async fn group(&self, title: &str) -> String {
        let request = pb::ListGroupsRequest {
            school_id: self.school.to_string(),
            ..Default::default()
        };
        let groups = self.world.admin().list_groups(request).await.unwrap();
        let groups = groups.into_inner().groups;
        let group = groups.into_iter().find(|one| one.title == title);
        group.unwrap().group_id
    }

    pub(super) fn draft(
        &self,
        n: u128,
        kind: pb::OrderKind,
        pupils: Vec<pb::OrderPupil>,
    ) -> pb::PutOrderRequest {
        pb::PutOrderRequest {
            school_id: self.school.to_string(),
            order_id: order_id(n),
            kind: kind.into(),
            number: format!("№ {n}"),
            date: "2026-11-20".into(),
            effective_on: "2026-11-23".into(),
            basis: "Заявление родителей".into(),
            pupils,
            etag: String::new(),
            request_id: self.world.request_id(),
        }
    }

    pub(super) async fn put(
        &self,
        by: &Caller,
        request: pb::PutOrderRequest,
    ) -> Result<pb::PutOrderResponse, Status> {
        let answer = self.world.client(by).put_order(request).await?;
        Ok(answer.into_inner())
    }

    pub(super) fn to_post(&self, order: &pb::Order) -> pb::PostOrderRequest {
        pb::PostOrderRequest {
            school_id: order.school_id.clone(),
            order_id: order.order_id.clone(),
            etag: order.etag.clone(),
            request_id: self.world.request_id(),
        }
    }

    pub(super) async fn post(&self, by: &Caller, order: &pb::Order) -> Result<pb::Order, Status> {
        let request = self.to_post(order);
        let answer = self.world.client(by).post_order(request).await?;
        Ok(answer.into_inner().order.unwrap())
    }

    /// Drafts and posts.
    pub(super) async fn posted(&self, draft: pb::PutOrderRequest) -> Result<pb::Order, Status> {
        let draft = self.put(&self.by, draft).await?.order.unwrap();
        self.post(&self.by, &draft).await
    }

    pub(super) fn to_reverse(&self, order: &pb::Order, number: &str) -> pb::ReverseOrderRequest {
        pb::ReverseOrderRequest {
            school_id: order.school_id.clone(),
            order_id: order.order_id.clone(),
            number: number.into(),
            date: "2026-11-22".into(),
            basis: "Ошибка в приказе".into(),
            request_id: self.world.request_id(),
        }
    }

    pub(super) async fn reverse(
        &self,
        by: &Caller,
        order: &pb::Order,
        number: &str,
    ) -> Result<pb::ReverseOrderResponse, Status> {
        let request = self.to_reverse(order, number);
        let answer = self.world.client(by).reverse_order(request).await?;
        Ok(answer.into_inner())
    }

    pub(super) async fn get(&self, by: &Caller, id: &str) -> Result<pb::GetOrderResponse, Status> {
        let request = pb::GetOrderRequest {
            school_id: self.school.to_string(),
            order_id: id.into(),
        };
        Ok(self.world.client(by).get_order(request).await?.into_inner())
    }

    pub(super) async fn list(
        &self,
        wanted: pb::ListOrdersRequest,
    ) -> Result<Vec<pb::Order>, Status> {
        let request = pb::ListOrdersRequest {
            school_id: self.school.to_string(),
            ..wanted
        };
        let answer = self.world.client(&self.by).list_orders(request).await?;
        Ok(answer.into_inner().orders)
    }

    pub(super) async fn rows(&self) -> Vec<String> {
        dump(self.world.harness.db().read()).await
    }

    /// Surnames of a class as the lists show them.
    async fn class_list(&self, class: &str) -> Vec<String> {
        let request = pb::ListPupilsRequest {
            school_id: self.school.to_string(),
            class_id: class.into(),
            ..Default::default()
        };
        let pupils = self.world.client(&self.by).list_pupils(request).await;
        let pupils = pupils.unwrap().into_inner().pupils;
        pupils
            .into_iter()
            .map(|one| one.name.unwrap().surname)
            .collect()
    }
}

pub(super) fn order_id(n: u128) -> String {
    OrderId::from_uuid(Uuid::from_u128(n)).to_string()
}

pub(super) fn to_class(pupil: PersonId, class: &str) -> pb::OrderPupil {
    pb::OrderPupil {
        pupil_id: pupil.to_string(),
        class_id: class.into(),
        ..Default::default()
    }
}

pub(super) fn expelled(pupil: PersonId) -> pb::OrderPupil {
    pb::OrderPupil {
        pupil_id: pupil.to_string(),
        reason: "Переезд".into(),
        destination: "Город Примерск".into(),
        ..Default::default()
    }
}

fn newcomer(class: &str) -> pb::OrderPupil {
    pb::OrderPupil {
        new_pupil: Some(pb::NewPupil {
            name: Some(PersonName {
                surname: "Примеров".into(),
                given_name: "Пётр".into(),
                patronymic: "Петрович".into(),
            }),
            sex: pb::Sex::Male.into(),
            birth_date: "2015-05-05".into(),
        }),
        class_id: class.into(),
        ..Default::default()
    }
}

pub(super) fn refusal(refused: &Status) -> (Code, String) {
    (refused.code(), status::reason(refused))
}

pub(super) fn broken(refused: &Status) -> Vec<(String, String)> {
    let violations = status::violations(refused).into_iter();
    violations.map(|v| (v.field, v.reason)).collect()
}

/// Enrolments and memberships of the events, as (what, starts, ends).
fn told(events: &[pb::RosterEvent]) -> Vec<(&'static str, String, String)> {
    let mut told = Vec::new();
    for event in events {
        match event.change.as_ref().unwrap() {
            Change::PeopleChanged(c) => {
                told.extend(
                    c.people
                        .iter()
                        .map(|_| ("card", String::new(), String::new())),
                );
            }
            Change::EnrolmentsChanged(c) => told.extend(
                c.enrolments
                    .iter()
                    .map(|e| ("enrolment", e.starts_on.clone(), e.ends_on.clone())),
            ),
            Change::MembershipsChanged(c) => told.extend(
                c.memberships
                    .iter()
                    .map(|m| ("membership", m.starts_on.clone(), m.ends_on.clone())),
            ),
            other => panic!("{other:?}"),
        }
    }
    told
}

chassis::on_both_databases! { RosterService::migrations();
    async fn a_transfer_moves_the_pupil_and_its_reversal_restores_every_row(db) {
        let book = Book::on(db).await;
        let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
        let (from, to) = (book.class(book.school, "5-А").await, book.class(book.school, "10-А").await);
        let before = book.rows().await;

        let draft = book.draft(1, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)]);
        let put = book.put(&book.by, draft).await.unwrap();
        assert_eq!(put.obstacles, []);
        let draft = put.order.unwrap();
        assert_eq!(draft.state(), pb::OrderState::Draft);
        let promised = draft.pupils[0].effect.clone().unwrap();
        assert_eq!(
            (promised.left_class_title.as_str(), promised.left_group_count, promised.last_day.as_str()),
            ("5-А", 2, "2026-11-22")
        );
        assert_eq!(
            (promised.entered_class_title.as_str(), promised.entered_group_count, promised.first_day.as_str()),
            ("10-А", 1, "2026-11-23")
        );
        assert_eq!(book.rows().await, before, "a draft changes nothing");

        let posted = book.post(&book.by, &draft).await.unwrap();
        assert_eq!(posted.pupils[0].effect, Some(promised), "what was promised was done");
        let events = book.world.harness.announced::<pb::RosterEvent>().await;
        let day = |text: &str| text.to_owned();
        assert_eq!(told(&events), [
            ("enrolment", day("2026-09-01"), day("2026-11-22")),
            ("enrolment", day("2026-11-23"), day("")),
            ("membership", day("2026-09-01"), day("2026-11-22")),
            ("membership", day("2026-09-01"), day("2026-11-22")),
            ("membership", day("2026-11-23"), day("")),
        ]);
        assert!(book.class_list(&from).await.contains(&"Кузнецов".to_owned()), "until the day");
        book.world.harness.clock().set("2026-11-23T09:00:00Z".parse().unwrap());
        assert!(!book.class_list(&from).await.contains(&"Кузнецов".to_owned()));
        assert!(book.class_list(&to).await.contains(&"Кузнецов".to_owned()));

        let reversed = book.reverse(&book.by, &posted, "ОТМ-1").await.unwrap();
        assert_eq!(book.rows().await, before, "every row is what it was");
        let (reversing, reversed) = (reversed.order.unwrap(), reversed.reversed.unwrap());
        assert_eq!((reversing.kind(), reversing.reverses_number.as_str()), (pb::OrderKind::Reversal, "№ 1"));
        assert_eq!((reversed.state(), reversed.reversed_by_number.as_str()), (pb::OrderState::Reversed, "ОТМ-1"));
        let events = book.world.harness.announced::<pb::RosterEvent>().await;
        assert_eq!(told(&events), [
            ("enrolment", day("2026-11-23"), day("0001-01-01")),
            ("enrolment", day("2026-09-01"), day("")),
            ("membership", day("2026-11-23"), day("0001-01-01")),
            ("membership", day("2026-09-01"), day("")),
            ("membership", day("2026-09-01"), day("")),
        ], "what was withdrawn was in force on no day");

        let movement = book.list(pb::ListOrdersRequest { pupil_id: pyotr.to_string(), ..Default::default() });
        let numbers: Vec<String> = movement.await.unwrap().into_iter().map(|one| one.number).collect();
        assert_eq!(numbers, ["ОТМ-1", "№ 1", "З-1"]);
    }

    async fn a_newcomer_gets_a_card_and_a_reversed_admission_leaves_none(db) {
        let book = Book::on(db).await;
        let class = book.class(book.school, "5-А").await;
        let half = book.group("5-А Информатика гр.1").await;
        let before = book.rows().await;
        let pupil = pb::OrderPupil { group_ids: vec![half], ..newcomer(&class) };
        let draft = book.draft(1, pb::OrderKind::Admission, vec![pupil]);
        let posted = book.posted(draft).await.unwrap();
        let shown = &posted.pupils[0];
        assert!(shown.pupil_id.starts_with("per_"), "{shown:?}");
        let effect = shown.effect.clone().unwrap();
        assert_eq!((effect.card_added, effect.entered_group_count), (true, 2));
        let events = book.world.harness.announced::<pb::RosterEvent>().await;
        let kinds: Vec<&str> = told(&events).iter().map(|(what, _, _)| *what).collect();
        assert_eq!(kinds, ["card", "enrolment", "membership", "membership"]);

        let again = book.draft(2, pb::OrderKind::Admission, vec![newcomer(&class)]);
        let put = book.put(&book.by, again).await.unwrap();
        assert_eq!((put.obstacles[0].field.as_str(), put.obstacles[0].rule.as_str()), ("pupils[0].newPupil", "CARD_EXISTS"));
        let refused = book.post(&book.by, &put.order.unwrap()).await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "CARD_EXISTS".into()));
        assert_eq!(broken(&refused), [("pupils[0].newPupil".into(), "CARD_EXISTS".into())]);

        let found = book.list(pb::ListOrdersRequest { search: "примеров".into(), ..Default::default() }).await.unwrap();
        assert_eq!(found.len(), 2, "by the card and by the draft");
        book.reverse(&book.by, &posted, "ОТМ-1").await.unwrap();
        assert_eq!(book.rows().await, before);
        let shown = book.get(&book.by, &posted.order_id).await.unwrap().order.unwrap();
        assert_eq!(shown.pupils[0].name.as_ref().unwrap().surname, "Примеров", "the order still says whom");
        book.world.harness.ignore_announced().await;
    }

    async fn an_expelled_pupil_leaves_everything_and_may_come_back(db) {
        let book = Book::on(db).await;
        let maria = book.world.card(book.school, "Аблаева Мария").await;
        let class = book.class(book.school, "5-А").await;
        let posted = book.posted(book.draft(1, pb::OrderKind::Expulsion, vec![expelled(maria)])).await.unwrap();
        assert_eq!(posted.pupils[0].destination, "Город Примерск");
        assert_eq!(posted.pupils[0].effect.as_ref().unwrap().left_group_count, 2);
        book.world.harness.clock().set("2026-11-24T09:00:00Z".parse().unwrap());
        assert!(!book.class_list(&class).await.contains(&"Аблаева".to_owned()));
        let former = pb::ListPupilsRequest {
            school_id: book.school.to_string(),
            search: "мар".into(),
            former: true,
            ..Default::default()
        };
        let former = book.world.client(&book.by).list_pupils(former).await.unwrap().into_inner().pupils;
        assert_eq!(former.iter().map(|one| one.pupil_id.clone()).collect::<Vec<_>>(), [maria.to_string()]);
        let guardians = pb::GetPupilRequest { pupil_id: maria.to_string() };
        let card = book.world.client(&book.by).get_pupil(guardians).await.unwrap().into_inner();
        assert_eq!(card.guardian_links[0].ends_on, "", "guardians stay");
        assert_eq!(card.enrolments[0].ends_on, "2026-11-22");

        let early = book.draft(2, pb::OrderKind::Admission, vec![to_class(maria, &class)]);
        let mut back = early.clone();
        let early = pb::PutOrderRequest { effective_on: "2026-11-22".into(), ..early };
        let refused = book.posted(early).await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "PUPIL_ENROLLED".into()));
        (back.etag, back.effective_on) = ("v1".into(), "2026-11-23".into());
        back.request_id = book.world.request_id();
        let back = book.posted(back).await.unwrap();
        assert_eq!(back.pupils[0].effect.as_ref().unwrap().entered_group_count, 1);
        assert!(book.class_list(&class).await.contains(&"Аблаева".to_owned()));

        let held = book.reverse(&book.by, &posted, "ОТМ-1").await.unwrap_err();
        assert_eq!(refusal(&held), (Code::FailedPrecondition, "LATER_ORDERS".into()));
        assert_eq!(status::error_info(&held).unwrap().metadata["orders"], "№ 2");
        book.reverse(&book.by, &back, "ОТМ-1").await.unwrap();
        book.reverse(&book.by, &posted, "ОТМ-2").await.unwrap();
        book.world.harness.ignore_announced().await;
    }

    async fn of_two_secretaries_who_post_one_acts(db) {
        let book = Book::on(db).await;
        let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
        let to = book.class(book.school, "10-А").await;
        let draft = book.draft(1, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)]);
        let draft = book.put(&book.by, draft).await.unwrap().order.unwrap();
        let director = staff(book.school, "DIRECTOR");
        let (one, other) = tokio::join!(book.post(&book.by, &draft), book.post(&director, &draft));
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert_eq!(won.state(), pb::OrderState::Posted);
        assert_eq!(refusal(&lost), (Code::FailedPrecondition, "ORDER_POSTED".into()));
        let events = book.world.harness.announced::<pb::RosterEvent>().await;
        assert_eq!(told(&events).len(), 5, "once");
    }

    async fn a_repeated_request_acts_once(db) {
        let book = Book::on(db).await;
        let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
        let to = book.class(book.school, "10-А").await;
        let draft = book.draft(1, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)]);
        let first = book.put(&book.by, draft.clone()).await.unwrap();
        assert_eq!(book.put(&book.by, draft).await.unwrap(), first);
        let post = book.to_post(first.order.as_ref().unwrap());
        let mut client = book.world.client(&book.by);
        let posted = client.post_order(post.clone()).await.unwrap().into_inner();
        assert_eq!(client.post_order(post).await.unwrap().into_inner(), posted);
        let reverse = book.to_reverse(posted.order.as_ref().unwrap(), "ОТМ-1");
        let reversed = client.reverse_order(reverse.clone()).await.unwrap().into_inner();
        assert_eq!(client.reverse_order(reverse).await.unwrap().into_inner(), reversed);
        assert_eq!(book.list(pb::ListOrdersRequest::default()).await.unwrap().len(), 3);
        let events = book.world.harness.announced::<pb::RosterEvent>().await;
        assert_eq!(told(&events).len(), 10);

        let draft = book.draft(2, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)]);
        let draft = book.put(&book.by, draft).await.unwrap().order.unwrap();
        let discard = pb::DiscardOrderRequest {
            school_id: book.school.to_string(),
            order_id: draft.order_id.clone(),
            etag: draft.etag.clone(),
            request_id: book.world.request_id(),
        };
        for _ in 0..2 {
            client.discard_order(discard.clone()).await.unwrap();
        }
        let gone = book.get(&book.by, &draft.order_id).await.unwrap_err();
        assert_eq!(gone.code(), Code::NotFound);
    }

    async fn a_draft_is_changed_in_the_version_that_was_seen(db) {
        let book = Book::on(db).await;
        let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
        let to = book.class(book.school, "10-А").await;
        let draft = || book.draft(1, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)]);
        let first = book.put(&book.by, draft()).await.unwrap().order.unwrap();
        let stale = book.put(&book.by, draft()).await.unwrap_err();
        assert_eq!(refusal(&stale), (Code::Aborted, "ETAG_STALE".into()));
        let change = |etag: &str, basis: &str| pb::PutOrderRequest {
            etag: etag.into(),
            basis: basis.into(),
            ..draft()
        };
        let director = staff(book.school, "DIRECTOR");
        let (one, other) = tokio::join!(
            book.put(&book.by, change("v1", "Первое")),
            book.put(&director, change("v1", "Второе")),
        );
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won.order.unwrap(), lost),
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::Aborted, "ETAG_STALE".into()));
        assert_eq!(won.etag, "v2");
        let old = book.post(&book.by, &first).await.unwrap_err();
        assert_eq!(refusal(&old), (Code::Aborted, "ETAG_STALE".into()), "nobody posts what was not read");
        let discard = |etag: &str| pb::DiscardOrderRequest {
            school_id: book.school.to_string(),
            order_id: order_id(1),
            etag: etag.into(),
            request_id: book.world.request_id(),
        };
        let mut client = book.world.client(&book.by);
        let stale = client.discard_order(discard("v1")).await.unwrap_err();
        assert_eq!(refusal(&stale), (Code::Aborted, "ETAG_STALE".into()));
        let posted = book.post(&book.by, &won).await.unwrap();
        let posted_one = (Code::FailedPrecondition, "ORDER_POSTED".to_owned());
        let discarded = client.discard_order(discard(&posted.etag)).await.unwrap_err();
        assert_eq!(refusal(&discarded), posted_one);
        let changed = book.put(&book.by, change(&posted.etag, "Третье")).await.unwrap_err();
        assert_eq!(refusal(&changed), posted_one);
        let missing = pb::PutOrderRequest { order_id: order_id(9), ..change("v1", "Нет") };
        assert_eq!(book.put(&book.by, missing).await.unwrap_err().code(), Code::NotFound);
        book.world.harness.ignore_announced().await;
    }

    async fn an_order_is_taken_back_once_and_only_when_it_may_be(db) {
        let book = Book::on(db).await;
        let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
        let to = book.class(book.school, "10-А").await;
        let of_import = book.list(pb::ListOrdersRequest::default()).await.unwrap().remove(0);
        assert!(of_import.of_import);
        let refused = book.reverse(&book.by, &of_import, "ОТМ-1").await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "ORDER_NOT_REVERSIBLE".into()));
        let draft = book.draft(1, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)]);
        let draft = book.put(&book.by, draft).await.unwrap().order.unwrap();
        let refused = book.reverse(&book.by, &draft, "ОТМ-1").await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "ORDER_NOT_POSTED".into()));
        let posted = book.post(&book.by, &draft).await.unwrap();
        let taken = book.reverse(&book.by, &posted, "З-1").await.unwrap_err();
        assert_eq!(refusal(&taken), (Code::AlreadyExists, "ORDER_NUMBER_TAKEN".into()));
        let mut future = book.to_reverse(&posted, "ОТМ-1");
        future.date = "2026-11-23".into();
        let refused = book.world.client(&book.by).reverse_order(future).await.unwrap_err();
        assert_eq!(broken(&refused), [("date".into(), "DATE_IN_FUTURE".into())]);
        let reversing = book.reverse(&book.by, &posted, "ОТМ-1").await.unwrap().order.unwrap();
        let refused = book.reverse(&book.by, &posted, "ОТМ-2").await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "ORDER_REVERSED".into()));
        let refused = book.reverse(&book.by, &reversing, "ОТМ-2").await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "ORDER_NOT_REVERSIBLE".into()));
        book.world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn what_has_changed_since_is_not_overwritten_by_a_reversal() {
    let book = Book::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
    let to = book.class(book.school, "10-А").await;
    let draft = book.draft(1, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)]);
    let posted = book.posted(draft).await.unwrap();
    let change =
        "UPDATE group_membership SET ends_on = '2026-12-31' WHERE starts_on = '2026-11-23'";
    book.world.execute(change).await;
    let before = book.rows().await;
    let refused = book.reverse(&book.by, &posted, "ОТМ-1").await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::FailedPrecondition, "RECORDS_CHANGED".into())
    );
    assert_eq!(book.rows().await, before, "nothing was done by halves");
    book.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_draft_keeps_the_rules_of_its_kind() {
    let book = Book::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
    let to = book.class(book.school, "10-А").await;
    let draft = book.draft(1, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)]);
    let with = async |change: &dyn Fn(&mut pb::PutOrderRequest)| {
        let mut request = draft.clone();
        request.request_id = book.world.request_id();
        change(&mut request);
        broken(&book.put(&book.by, request).await.unwrap_err())
    };
    let one = |field: &str, rule: &str| vec![(field.to_owned(), rule.to_owned())];
    assert_eq!(
        with(&|r| r.date = "2026-11-23".into()).await,
        one("date", "DATE_IN_FUTURE")
    );
    assert_eq!(
        with(&|r| r.effective_on = "2026-08-31".into()).await,
        one("effectiveOn", "EFFECTIVE_OUTSIDE_YEAR")
    );
    assert_eq!(
        with(&|r| r.pupils[0].class_id.clear()).await,
        one("pupils[0].classId", "REQUIRED")
    );
    assert_eq!(
        with(&|r| r.pupils.push(r.pupils[0].clone())).await,
        one("pupils[1].pupilId", "PUPIL_TWICE")
    );
    assert_eq!(
        with(&|r| r.kind = pb::OrderKind::Graduation.into()).await,
        one("kind", "KIND_NOT_DRAFTED")
    );
    assert_eq!(
        with(&|r| r.kind = pb::OrderKind::Reversal.into()).await,
        one("kind", "KIND_NOT_DRAFTED")
    );
    assert_eq!(
        with(&|r| r.kind = pb::OrderKind::Expulsion.into()).await,
        one("pupils[0].reason", "REQUIRED")
    );
    let nowhere = |r: &mut pb::PutOrderRequest| {
        r.kind = pb::OrderKind::Departure.into();
        r.pupils[0].to_school_id = other_school().to_string();
    };
    assert_eq!(
        with(&nowhere).await,
        one("pupils[0].toSchoolId", "SCHOOL_UNKNOWN")
    );
    let home = |r: &mut pb::PutOrderRequest| {
        r.kind = pb::OrderKind::Departure.into();
        r.pupils[0].to_school_id = book.school.to_string();
    };
    assert_eq!(with(&home).await, one("pupils[0].toSchoolId", "OWN_SCHOOL"));
    let unborn = |r: &mut pb::PutOrderRequest| {
        r.kind = pb::OrderKind::Admission.into();
        r.pupils[0] = newcomer(&to);
        r.pupils[0].new_pupil.as_mut().unwrap().birth_date = "2027-01-01".into();
    };
    assert_eq!(
        with(&unborn).await,
        one("pupils[0].newPupil.birthDate", "BIRTH_DATE_IN_FUTURE")
    );
    let taken = pb::PutOrderRequest {
        number: " З-1 ".into(),
        ..draft.clone()
    };
    let refused = book.put(&book.by, taken).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::AlreadyExists, "ORDER_NUMBER_TAKEN".into())
    );
}

#[tokio::test]
async fn what_stands_in_the_way_is_named_pupil_by_pupil() {
    let book = Book::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let card = async |name: &str| book.world.card(book.school, name).await;
    let (pyotr, osman) = (card("Кузнецов Пётр").await, card("Аблаев Осман").await);
    let guardian = card("Кузнецова Ольга").await;
    let (a5, a10) = (
        book.class(book.school, "5-А").await,
        book.class(book.school, "10-А").await,
    );
    let mut stranger = to_class(pyotr, &a10);
    stranger.pupil_id = PersonId::from_uuid(Uuid::from_u128(7)).to_string();
    let half = pb::OrderPupil {
        group_ids: vec![book.group("5-А Информатика гр.1").await],
        ..to_class(pyotr, &a10)
    };
    let pupils = vec![
        half,
        stranger,
        to_class(osman, &a10),
        to_class(guardian, &a5),
    ];
    let draft = book.draft(1, pb::OrderKind::Transfer, pupils);
    let put = book.put(&book.by, draft).await.unwrap();
    let rules: Vec<(String, String)> = put
        .obstacles
        .into_iter()
        .map(|one| (one.field, one.rule))
        .collect();
    let expected = [
        ("pupils[0].groupIds", "GROUP_OF_OTHER_CLASS"),
        ("pupils[1].pupilId", "PUPIL_UNKNOWN"),
        ("pupils[2].classId", "SAME_CLASS"),
        ("pupils[3].pupilId", "PUPIL_UNKNOWN"),
    ];
    assert_eq!(
        rules,
        expected.map(|(field, rule)| (field.to_owned(), rule.to_owned()))
    );
    let order = put.order.unwrap();
    assert_eq!(
        order.pupils[1].name, None,
        "no name for a card of nobody here"
    );
    let before = book.rows().await;
    let refused = book.post(&book.by, &order).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::FailedPrecondition, "GROUP_OF_OTHER_CLASS".into())
    );
    assert_eq!(broken(&refused), rules);
    assert_eq!(book.rows().await, before);
}

#[tokio::test]
async fn the_book_is_filtered_and_numbers_are_suggested() {
    let book = Book::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
    let maria = book.world.card(book.school, "Аблаева Мария").await;
    let to = book.class(book.school, "10-А").await;
    let suggest = async |kind: pb::OrderKind| {
        let request = pb::SuggestOrderNumberRequest {
            school_id: book.school.to_string(),
            kind: kind.into(),
        };
        let answer = book
            .world
            .client(&book.by)
            .suggest_order_number(request)
            .await;
        answer.unwrap().into_inner().number
    };
    assert_eq!(
        suggest(pb::OrderKind::Admission).await,
        "З-2",
        "З-1 is the import's"
    );
    let transfer = pb::PutOrderRequest {
        number: suggest(pb::OrderKind::Transfer).await,
        ..book.draft(1, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)])
    };
    assert_eq!(transfer.number, "П-1");
    book.posted(transfer).await.unwrap();
    assert_eq!(suggest(pb::OrderKind::Transfer).await, "П-2");
    let draft = book.draft(2, pb::OrderKind::Expulsion, vec![expelled(maria)]);
    book.put(&book.by, draft).await.unwrap();
    let numbers = async |wanted: pb::ListOrdersRequest| {
        let found = book.list(wanted).await.unwrap();
        found.into_iter().map(|one| one.number).collect::<Vec<_>>()
    };
    let any = pb::ListOrdersRequest::default;
    let of_kind = pb::ListOrdersRequest {
        kind: pb::OrderKind::Transfer.into(),
        ..any()
    };
    assert_eq!(numbers(of_kind).await, ["П-1"]);
    let drafts = pb::ListOrdersRequest {
        state: pb::OrderState::Draft.into(),
        ..any()
    };
    assert_eq!(numbers(drafts).await, ["№ 2"]);
    let named = pb::ListOrdersRequest {
        search: "аблаева мар".into(),
        ..any()
    };
    assert_eq!(numbers(named).await, ["№ 2", "З-1"]);
    let year = |year: &str| pb::ListOrdersRequest {
        academic_year: year.into(),
        ..any()
    };
    assert_eq!(numbers(year("2026/2027")).await.len(), 3);
    assert_eq!(numbers(year("2025/2026")).await.len(), 0);
    let refused = book.list(year("осень")).await.unwrap_err();
    assert_eq!(
        broken(&refused),
        [("academicYear".into(), "ACADEMIC_YEAR".into())]
    );
    let all = book.list(any()).await.unwrap();
    let import = all.iter().find(|one| one.of_import).unwrap();
    assert_eq!(
        (import.pupil_count, import.pupils.len()),
        (6, 3),
        "lists show the first three"
    );
    book.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn the_book_is_kept_by_the_secretary_and_read_by_the_deputies() {
    let book = Book::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
    let to = book.class(book.school, "10-А").await;
    let pupils = || vec![to_class(pyotr, &to)];
    let mut kept = Vec::new();
    for (n, caller) in [
        staff(book.school, "SECRETARY"),
        staff(book.school, "ADMINISTRATOR"),
        staff(book.school, "DIRECTOR"),
        region("ADMINISTRATOR"),
    ]
    .iter()
    .enumerate()
    {
        let draft = book.draft(n as u128 + 1, pb::OrderKind::Transfer, pupils());
        kept.push(book.put(caller, draft).await.unwrap().order.unwrap());
    }
    let deputy = staff(book.school, "DEPUTY");
    assert!(book.get(&deputy, &kept[0].order_id).await.is_ok());
    let denied = [
        deputy,
        staff(book.school, "TEACHER"),
        staff(book.school, "ENGINEER"),
        staff(other_school(), "SECRETARY"),
        region("MINISTRY_OFFICER"),
        family(&[pyotr]),
        machine(&["roster.read"], &[book.school]),
    ];
    for caller in &denied {
        let mut client = book.world.client(caller);
        let draft = book.draft(9, pb::OrderKind::Transfer, pupils());
        let list = pb::ListArrivalsRequest {
            school_id: book.school.to_string(),
            ..Default::default()
        };
        let schools = pb::ListTransferSchoolsRequest {
            school_id: book.school.to_string(),
            ..Default::default()
        };
        let number = pb::SuggestOrderNumberRequest {
            school_id: book.school.to_string(),
            kind: pb::OrderKind::Transfer.into(),
        };
        let discard = pb::DiscardOrderRequest {
            school_id: book.school.to_string(),
            order_id: kept[0].order_id.clone(),
            etag: kept[0].etag.clone(),
            request_id: book.world.request_id(),
        };
        let refused = [
            client.put_order(draft).await.unwrap_err(),
            client.discard_order(discard).await.unwrap_err(),
            client.post_order(book.to_post(&kept[0])).await.unwrap_err(),
            client
                .reverse_order(book.to_reverse(&kept[0], "ОТМ-1"))
                .await
                .unwrap_err(),
            client.list_arrivals(list).await.unwrap_err(),
            client.list_transfer_schools(schools).await.unwrap_err(),
            client.suggest_order_number(number).await.unwrap_err(),
        ];
        for one in refused {
            assert_eq!(one.code(), Code::PermissionDenied, "{caller:?}");
        }
    }
    for caller in &denied[1..] {
        let refused = book.get(caller, &kept[0].order_id).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
}
