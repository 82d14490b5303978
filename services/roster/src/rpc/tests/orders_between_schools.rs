//! The book of orders: a pupil goes from one school of the region to another.

use chassis::caller::Caller;
use chassis::service::Service as _;
use chassis::testing::TestDb;
use tonic::Code;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use super::orders::{Book, expelled, order_id, refusal, to_class};
use crate::RosterService;
use crate::world::family;

struct Two {
    book: Book,
    other: SchoolId,
    secretary: Caller,
    pyotr: PersonId,
}

impl Two {
    async fn on(db: TestDb) -> Self {
        let book = Book::on(db).await;
        let (other, secretary) = book.another_school().await;
        book.world
            .harness
            .clock()
            .set("2026-11-22T09:00:00Z".parse().unwrap());
        let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
        Self {
            book,
            other,
            secretary,
            pyotr,
        }
    }

    fn departure(&self, n: u128) -> pb::PutOrderRequest {
        let pupil = pb::OrderPupil {
            pupil_id: self.pyotr.to_string(),
            to_school_id: self.other.to_string(),
            reason: "Переезд".into(),
            ..Default::default()
        };
        self.book.draft(n, pb::OrderKind::Departure, vec![pupil])
    }

    async fn admission(&self, n: u128) -> pb::PutOrderRequest {
        let class = self.book.class(self.other, "5-А").await;
        let admission = self.book.draft(
            n,
            pb::OrderKind::Admission,
            vec![to_class(self.pyotr, &class)],
        );
        pb::PutOrderRequest {
            school_id: self.other.to_string(),
            ..admission
        }
    }

    async fn arrivals(&self) -> Vec<pb::Arrival> {
        let request = pb::ListArrivalsRequest {
            school_id: self.other.to_string(),
            ..Default::default()
        };
        let mut client = self.book.world.client(&self.secretary);
        client
            .list_arrivals(request)
            .await
            .unwrap()
            .into_inner()
            .arrivals
    }

    async fn admitted(&self, n: u128) -> pb::Order {
        let draft = self.admission(n).await;
        let put = self.book.put(&self.secretary, draft).await.unwrap();
        assert_eq!(put.obstacles, []);
        self.book
            .post(&self.secretary, &put.order.unwrap())
            .await
            .unwrap()
    }
}

chassis::on_both_databases! { RosterService::migrations();
    async fn a_pupil_goes_to_another_school_with_card_and_guardians(db) {
        let two = Two::on(db).await;
        let book = &two.book;
        let start = book.rows().await;

        let early = two.admission(10).await;
        let put = book.put(&two.secretary, early).await.unwrap();
        assert_eq!(put.obstacles[0].rule, "PUPIL_UNKNOWN", "a foreign card is nobody's");
        let early = put.order.unwrap();
        assert_eq!(early.pupils[0].name, None);
        assert!(two.arrivals().await.is_empty());

        let gone = book.posted(two.departure(1)).await.unwrap();
        assert_eq!(gone.pupils[0].to_school_title, "МБОУ «Школа № 2»");
        book.world.harness.ignore_announced().await;
        let waiting = two.arrivals().await;
        let arrival = &waiting[0];
        assert_eq!((waiting.len(), arrival.pupil_id.as_str()), (1, two.pyotr.to_string().as_str()));
        assert_eq!(
            (arrival.from_school_title.as_str(), arrival.from_class_title.as_str(), arrival.from_grade, arrival.last_day.as_str()),
            ("МБОУ «Школа № 1»", "5-А", 5, "2026-11-22")
        );
        let departed = book.rows().await;
        let shown = pb::GetOrderRequest { school_id: two.other.to_string(), order_id: early.order_id.clone() };
        let shown = book.world.client(&two.secretary).get_order(shown).await.unwrap().into_inner();
        assert_eq!(shown.obstacles, [], "now there is an arrival");
        assert_eq!(shown.order.unwrap().pupils[0].name.as_ref().unwrap().surname, "Кузнецов");

        let admitted = book.post(&two.secretary, &early).await.unwrap();
        assert!(admitted.pupils[0].effect.as_ref().unwrap().card_added);
        assert_eq!(admitted.pupils[0].pupil_id, two.pyotr.to_string(), "the same card");
        assert!(two.arrivals().await.is_empty());
        let events = book.world.harness.announced::<pb::RosterEvent>().await;
        let mut people = 0;
        let mut links = 0;
        for event in events {
            assert_eq!(event.school_id, two.other.to_string());
            match event.change.unwrap() {
                Change::PeopleChanged(c) => people += c.people.len(),
                Change::GuardianLinksChanged(c) => links += c.guardian_links.len(),
                _ => {}
            }
        }
        assert_eq!((people, links), (3, 2), "the pupil and both parents");

        let mother = book.world.card(book.school, "Кузнецова Ольга").await;
        let card = pb::GetPupilRequest { pupil_id: two.pyotr.to_string() };
        book.world.harness.clock().set("2026-11-24T09:00:00Z".parse().unwrap());
        for (caller, school) in [(&family(&[mother]), two.other), (&two.secretary, two.other), (&book.by, book.school)] {
            let shown = book.world.client(caller).get_pupil(card.clone()).await.unwrap().into_inner();
            assert_eq!(shown.pupil.unwrap().school_id, school.to_string(), "{caller:?}");
        }

        let held = book.reverse(&book.by, &gone, "ОТМ-1").await.unwrap_err();
        assert_eq!(refusal(&held), (Code::FailedPrecondition, "ARRIVAL_ACCEPTED".into()));
        book.reverse(&two.secretary, &admitted, "ОТМ-1").await.unwrap();
        assert_eq!(book.rows().await, departed, "waits again");
        book.reverse(&book.by, &gone, "ОТМ-1").await.unwrap();
        assert_eq!(book.rows().await, start);
        book.world.harness.ignore_announced().await;
    }

    async fn whoever_has_gone_is_admitted_by_one_school_alone(db) {
        let two = Two::on(db).await;
        let book = &two.book;
        book.posted(two.departure(1)).await.unwrap();
        let class = book.class(book.school, "5-А").await;
        let back = pb::PutOrderRequest {
            effective_on: "2026-11-24".into(),
            ..book.draft(2, pb::OrderKind::Admission, vec![to_class(two.pyotr, &class)])
        };
        let put = book.put(&book.by, back).await.unwrap();
        assert_eq!(put.obstacles[0].rule, "ARRIVAL_WAITS_ELSEWHERE");
        let early = pb::PutOrderRequest { effective_on: "2026-11-22".into(), ..two.admission(11).await };
        let early = book.put(&two.secretary, early).await.unwrap();
        assert_eq!(early.obstacles[0].rule, "DATE_BEFORE_DEPARTURE");
        two.admitted(10).await;
        let put = book.get(&book.by, &order_id(2)).await.unwrap();
        assert_eq!(put.obstacles[0].rule, "PUPIL_IN_OTHER_SCHOOL");
        let foreign = book.get(&book.by, &order_id(10)).await.unwrap_err();
        let missing = book.get(&book.by, &order_id(99)).await.unwrap_err();
        assert_eq!(
            (foreign.code(), foreign.message()),
            (Code::NotFound, missing.message()),
            "an order of another school is none"
        );
        book.world.harness.ignore_announced().await;
    }

    async fn of_two_schools_that_admit_a_former_pupil_one_does(db) {
        let two = Two::on(db).await;
        let book = &two.book;
        book.posted(two.departure(1)).await.unwrap();
        two.admitted(10).await;
        let expulsion = pb::PutOrderRequest {
            school_id: two.other.to_string(),
            effective_on: "2026-11-24".into(),
            ..book.draft(11, pb::OrderKind::Expulsion, vec![expelled(two.pyotr)])
        };
        let expulsion = book.put(&two.secretary, expulsion).await.unwrap().order.unwrap();
        book.post(&two.secretary, &expulsion).await.unwrap();
        let class = book.class(book.school, "5-А").await;
        let own = book.draft(2, pb::OrderKind::Admission, vec![to_class(two.pyotr, &class)]);
        let later = |draft| pb::PutOrderRequest { effective_on: "2026-11-25".into(), ..draft };
        let own = book.put(&book.by, later(own)).await.unwrap().order.unwrap();
        let other = later(two.admission(12).await);
        let other = book.put(&two.secretary, other).await.unwrap().order.unwrap();
        let (one, two) = tokio::join!(
            book.post(&book.by, &own),
            book.post(&two.secretary, &other),
        );
        let lost = match (one, two) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::FailedPrecondition, "PUPIL_IN_OTHER_SCHOOL".into()));
        book.world.harness.ignore_announced().await;
    }

    async fn of_two_admissions_of_one_arrival_one_acts(db) {
        let two = Two::on(db).await;
        let book = &two.book;
        book.posted(two.departure(1)).await.unwrap();
        let mut drafts = Vec::new();
        for n in [10, 11] {
            let draft = two.admission(n).await;
            drafts.push(book.put(&two.secretary, draft).await.unwrap().order.unwrap());
        }
        let (one, other) = tokio::join!(
            book.post(&two.secretary, &drafts[0]),
            book.post(&two.secretary, &drafts[1]),
        );
        let lost = match (one, other) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::FailedPrecondition, "PUPIL_ENROLLED".into()));
        book.world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn the_schools_of_the_region_are_titles_without_the_own_one() {
    let two = Two::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let request = pb::ListTransferSchoolsRequest {
        school_id: two.book.school.to_string(),
        ..Default::default()
    };
    let mut client = two.book.world.client(&two.book.by);
    let schools = client.list_transfer_schools(request).await.unwrap();
    let schools = schools.into_inner().schools;
    let titles: Vec<&str> = schools.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["МБОУ «Школа № 2»"]);
}
