//! Registries that a municipality and the ministry keep, and what a municipality lacks.

use chassis::caller::Caller;
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{MunicipalityId, RegistryRecordId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::registry_record::Entry;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::types::v1::PersonName;

use crate::RosterService;
use crate::world::{World, officer, region, staff};

const OWN: u128 = 1;
const OTHER: u128 = 2;

fn municipality(n: u128) -> MunicipalityId {
    MunicipalityId::from_uuid(Uuid::from_u128(n))
}

struct Case {
    world: World,
}

impl Case {
    /// Two municipalities without records.
    async fn on(db: TestDb) -> Self {
        let world = World::on(db);
        let at = "2026-11-22T09:00:00Z".parse().unwrap();
        world.harness.clock().set(at);
        for (n, title) in [(OWN, "Примерный район"), (OTHER, "Сакский район")]
        {
            let request = pb::PutMunicipalityRequest {
                municipality_id: municipality(n).to_string(),
                title: title.into(),
                etag: String::new(),
                request_id: world.request_id(),
            };
            let mut client = world.client(&region("ADMINISTRATOR"));
            client.put_municipality(request).await.unwrap();
        }
        world.harness.ignore_announced().await;
        Self { world }
    }

    fn put(&self, of: Option<u128>, id: u128, entry: Entry) -> pb::PutAuthorityRecordRequest {
        pb::PutAuthorityRecordRequest {
            municipality_id: of.map(|n| municipality(n).to_string()).unwrap_or_default(),
            record_id: RegistryRecordId::from_uuid(Uuid::from_u128(id)).to_string(),
            record: Some(pb::RegistryRecord {
                entry: Some(entry),
                ..Default::default()
            }),
            etag: String::new(),
            request_id: self.world.request_id(),
        }
    }

    async fn send(
        &self,
        caller: &Caller,
        request: pb::PutAuthorityRecordRequest,
    ) -> Result<pb::RegistryRecord, Status> {
        let mut client = self.world.client(caller);
        let answer = client.put_authority_record(request).await?;
        Ok(answer.into_inner().record.unwrap())
    }

    async fn keep(&self, id: u128, entry: Entry) -> pb::RegistryRecord {
        let caller = officer(municipality(OWN));
        let request = named(self.put(Some(OWN), id, entry));
        self.send(&caller, request).await.unwrap()
    }

    async fn list(
        &self,
        caller: &Caller,
        of: Option<u128>,
        registry: pb::Registry,
    ) -> Result<Vec<pb::RegistryRecord>, Status> {
        let mut request = pb::ListAuthorityRecordsRequest {
            municipality_id: of.map(|n| municipality(n).to_string()).unwrap_or_default(),
            registry: registry.into(),
            page_size: 1,
            ..Default::default()
        };
        let mut records = Vec::new();
        loop {
            let mut client = self.world.client(caller);
            let page = client.list_authority_records(request.clone()).await?;
            let page = page.into_inner();
            records.extend(page.records);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return Ok(records);
            }
        }
    }

    async fn rollouts(&self, caller: &Caller) -> Result<Vec<pb::MunicipalityRollout>, Status> {
        let request = pb::ListMunicipalityRolloutsRequest::default();
        let mut client = self.world.client(caller);
        let answer = client.list_municipality_rollouts(request).await?;
        Ok(answer.into_inner().rollouts)
    }
}

/// The same, about a person.
fn named(mut request: pb::PutAuthorityRecordRequest) -> pb::PutAuthorityRecordRequest {
    let record = request.record.as_mut().unwrap();
    record.person_name = Some(PersonName {
        surname: "Примерова".into(),
        given_name: "Анна".into(),
        patronymic: "Ивановна".into(),
    });
    record.post = "Методист".into();
    request
}

fn person(kind: pb::ResponsibilityKind) -> Entry {
    Entry::ResponsiblePerson(pb::ResponsiblePerson {
        kind: kind.into(),
        duties: "Ведёт учёт школ".into(),
        order_number: "17".into(),
        order_date: "2026-08-20".into(),
        starts_on: "2026-08-20".into(),
        ..Default::default()
    })
}

fn act(kind: pb::LocalActKind, link: &str) -> pb::LocalAct {
    pb::LocalAct {
        kind: kind.into(),
        title: "Документ (пример)".into(),
        dated_on: "2026-08-20".into(),
        starts_on: "2026-08-20".into(),
        link: link.into(),
        ..Default::default()
    }
}

fn seminar(done_on: &str) -> Entry {
    Entry::Training(pb::Training {
        kind: pb::TrainingKind::Seminar.into(),
        title: "Семинар для методических служб".into(),
        due_on: "2026-06-30".into(),
        done_on: done_on.into(),
        ..Default::default()
    })
}

fn refusal(refused: &Status) -> (Code, String) {
    (refused.code(), status::reason(refused))
}

fn broken(refused: &Status) -> Vec<(String, String)> {
    let violations = status::violations(refused).into_iter();
    violations.map(|v| (v.field, v.reason)).collect()
}

chassis::on_both_databases! { RosterService::migrations();
    async fn an_officer_names_a_responsible_person_replaces_and_removes_it(db) {
        let case = Case::on(db).await;
        let caller = officer(municipality(OWN));
        let request = named(case.put(Some(OWN), 1, person(pb::ResponsibilityKind::SystemUse)));
        let first = case.send(&caller, request.clone()).await.unwrap();
        assert_eq!(first.person_name.as_ref().unwrap().surname, "Примерова");
        assert_eq!((first.post.as_str(), first.in_force, first.etag.as_str()), ("Методист", true, "v1"));
        assert_eq!(case.send(&caller, request).await.unwrap(), first, "a repeated request");
        let seen = case.list(&region("MINISTRY_OFFICER"), Some(OWN), pb::Registry::ResponsiblePersons).await;
        assert_eq!(seen.unwrap(), std::slice::from_ref(&first));

        let events: Vec<pb::RosterEvent> = case.world.harness.announced().await;
        let [pb::RosterEvent { change: Some(Change::AuthorityRecordsChanged(told)), school_id, .. }] = &events[..] else {
            panic!("{events:?}")
        };
        assert_eq!((told.municipality_id.as_str(), school_id.as_str()), (municipality(OWN).to_string().as_str(), ""));
        assert_eq!((&told.records[0].person_name, told.records[0].post.as_str()), (&None, ""), "no names");

        let other_kind = person(pb::ResponsibilityKind::GroupHead);
        let mut change = named(case.put(Some(OWN), 1, other_kind));
        change.etag = "v1".into();
        let (one, other) = tokio::join!(
            case.send(&caller, change.clone()),
            case.send(&caller, pb::PutAuthorityRecordRequest { request_id: case.world.request_id(), ..change.clone() }),
        );
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::Aborted, "ETAG_STALE".into()));
        assert_eq!(won.etag, "v2");
        let elsewhere = case.put(Some(OWN), 1, seminar(""));
        let elsewhere = pb::PutAuthorityRecordRequest { etag: "v2".into(), ..elsewhere };
        let refused = case.send(&caller, elsewhere).await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "REGISTRY_DIFFERS".into()));

        let delete = |etag: &str| pb::DeleteAuthorityRecordRequest {
            municipality_id: municipality(OWN).to_string(),
            record_id: first.record_id.clone(),
            etag: etag.into(),
            request_id: case.world.request_id(),
        };
        let mut client = case.world.client(&caller);
        let stale = client.delete_authority_record(delete("v1")).await.unwrap_err();
        assert_eq!(refusal(&stale), (Code::Aborted, "ETAG_STALE".into()));
        client.delete_authority_record(delete("v2")).await.unwrap();
        let gone = client.delete_authority_record(delete("v2")).await.unwrap_err();
        assert_eq!(gone.code(), Code::NotFound);
        let left = case.list(&caller, Some(OWN), pb::Registry::ResponsiblePersons).await.unwrap();
        assert!(left.is_empty());
        case.world.harness.ignore_announced().await;
    }

    async fn another_municipality_is_as_one_that_is_not_there(db) {
        let case = Case::on(db).await;
        case.keep(1, person(pb::ResponsibilityKind::SystemUse)).await;
        let stranger = officer(municipality(OTHER));
        let mut refused = Vec::new();
        for of in [OWN, 0xdead] {
            refused.push(case.list(&stranger, Some(of), pb::Registry::ResponsiblePersons).await.unwrap_err());
            let request = named(case.put(Some(of), 1, person(pb::ResponsibilityKind::SystemUse)));
            refused.push(case.send(&stranger, request).await.unwrap_err());
        }
        let absent = case.list(&region("ADMINISTRATOR"), Some(0xdead), pb::Registry::Measures).await.unwrap_err();
        for refused in refused {
            assert_eq!((refused.code(), refused.details()), (Code::NotFound, absent.details()));
        }
        let unknown = case.list(&region("MINISTRY_OFFICER"), Some(0xdead), pb::Registry::Measures).await;
        assert_eq!(unknown.unwrap_err().code(), Code::NotFound);
        let own = case.list(&stranger, Some(OTHER), pb::Registry::ResponsiblePersons).await.unwrap();
        assert!(own.is_empty(), "records of one municipality are not another's");
        case.world.harness.ignore_announced().await;
    }

    async fn the_model_list_of_a_municipality_is_added_once(db) {
        let case = Case::on(db).await;
        let request = || pb::AddModelAuthorityMeasuresRequest {
            municipality_id: municipality(OWN).to_string(),
            request_id: case.world.request_id(),
        };
        let mut client = case.world.client(&officer(municipality(OWN)));
        let once = request();
        let added = client.add_model_authority_measures(once.clone()).await.unwrap().into_inner().added_count;
        let repeated = client.add_model_authority_measures(once).await.unwrap().into_inner().added_count;
        let again = client.add_model_authority_measures(request()).await.unwrap().into_inner().added_count;
        assert_eq!((added, repeated, again), (16, 16, 0));
        let all = case.list(&region("ADMINISTRATOR"), Some(OWN), pb::Registry::Measures).await.unwrap();
        assert_eq!(all.len(), 16);
        assert!(all[0].overdue, "15 August has passed");
        case.world.harness.ignore_announced().await;
    }

    async fn what_a_municipality_lacks_shrinks_with_what_it_keeps(db) {
        use pb::MunicipalGap as Gap;
        let case = Case::on(db).await;
        let own = officer(municipality(OWN));
        let all = case.rollouts(&region("MINISTRY_OFFICER")).await.unwrap();
        let titles: Vec<&str> = all.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["Примерный район", "Сакский район"]);
        assert_eq!(all[0].gaps.len(), 6);

        case.keep(1, person(pb::ResponsibilityKind::SystemUse)).await;
        case.keep(2, Entry::LocalAct(act(pb::LocalActKind::HelpSchedule, ""))).await;
        case.keep(3, seminar("")).await;
        let rest = case.rollouts(&own).await.unwrap();
        assert_eq!(rest.len(), 1, "an officer sees the own one");
        let gaps: Vec<Gap> = rest[0].gaps().collect();
        assert_eq!(gaps, [Gap::WorkingGroup, Gap::WorkingGroupRegulation, Gap::ListOfMeasures, Gap::Training]);

        case.keep(4, person(pb::ResponsibilityKind::GroupHead)).await;
        case.keep(5, Entry::LocalAct(act(pb::LocalActKind::WorkingGroup, ""))).await;
        case.keep(6, seminar("2026-06-25")).await;
        let measure = pb::Measure {
            kind: pb::MeasureKind::Control.into(),
            title: "Мониторинг".into(),
            due_on: "2026-10-31".into(),
            ..Default::default()
        };
        case.keep(7, Entry::Measure(measure)).await;
        let whole = &case.rollouts(&own).await.unwrap()[0];
        assert_eq!(whole.gaps().collect::<Vec<Gap>>(), []);
        assert_eq!(
            (whole.measure_count, whole.overdue_count, whole.held_training_count, whole.school_count),
            (1, 1, 1, 0)
        );
        let other = &case.rollouts(&officer(municipality(OTHER))).await.unwrap()[0];
        assert_eq!(other.gaps.len(), 6, "one municipality's records help no other");
        case.world.harness.ignore_announced().await;
    }

    async fn acts_of_the_ministry_are_read_by_all_staff(db) {
        let case = Case::on(db).await;
        let ministry = region("MINISTRY_OFFICER");
        let order = act(pb::LocalActKind::Order, "https://ministry.example/order");
        let order = case.send(&ministry, case.put(None, 1, Entry::LocalAct(order))).await.unwrap();
        let ended = pb::LocalAct {
            ends_on: "2026-10-01".into(),
            ..act(pb::LocalActKind::Order, "https://ministry.example/old")
        };
        case.send(&ministry, case.put(None, 2, Entry::LocalAct(ended))).await.unwrap();
        let school = SchoolId::from_uuid(Uuid::from_u128(3));
        for caller in [staff(school, "TEACHER"), officer(municipality(OWN)), ministry.clone()] {
            let mut client = case.world.client(&caller);
            let seen = client.list_ministry_acts(pb::ListMinistryActsRequest::default()).await;
            assert_eq!(seen.unwrap().into_inner().records, std::slice::from_ref(&order));
        }
        let refused = case.list(&officer(municipality(OWN)), None, pb::Registry::LocalActs).await;
        assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
        let kept = case.list(&ministry, None, pb::Registry::LocalActs).await.unwrap();
        assert_eq!(kept.len(), 2);
        let events: Vec<pb::RosterEvent> = case.world.harness.announced().await;
        assert_eq!(events.len(), 2);
    }
}

#[tokio::test]
async fn every_rule_above_schools_is_named_with_its_field() {
    let case = Case::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let own = officer(municipality(OWN));
    let unnamed = case.put(Some(OWN), 1, person(pb::ResponsibilityKind::SystemUse));
    let refused = case.send(&own, unnamed.clone()).await.unwrap_err();
    let field = |field: &str, rule: &str| (field.to_owned(), rule.to_owned());
    assert_eq!(broken(&refused), [field("record.personName", "REQUIRED")]);
    let mut without_post = named(unnamed);
    without_post.record.as_mut().unwrap().post = "  ".into();
    let refused = case.send(&own, without_post).await.unwrap_err();
    assert_eq!(broken(&refused), [field("record.post", "REQUIRED")]);
    let card = Entry::Training(pb::Training {
        person_id: "per_0192f0c10000700080000000000000ff".into(),
        kind: pb::TrainingKind::Course.into(),
        title: "Курсы".into(),
        due_on: "2026-09-01".into(),
        ..Default::default()
    });
    let refused = case
        .send(&own, case.put(Some(OWN), 1, card))
        .await
        .unwrap_err();
    let rules = [field("record.training.personId", "ONLY_OF_SCHOOL")];
    assert_eq!(broken(&refused), rules);
    let owed = pb::LocalAct {
        to_acknowledge: true,
        ..act(pb::LocalActKind::Rules, "")
    };
    let refused = case
        .send(&own, case.put(Some(OWN), 1, Entry::LocalAct(owed)))
        .await
        .unwrap_err();
    let rules = [field("record.localAct.toAcknowledge", "ONLY_OF_SCHOOL")];
    assert_eq!(broken(&refused), rules);
    let hidden = Entry::LocalAct(act(pb::LocalActKind::Order, ""));
    let refused = case
        .send(&region("MINISTRY_OFFICER"), case.put(None, 1, hidden))
        .await
        .unwrap_err();
    assert_eq!(
        broken(&refused),
        [field("record.localAct.link", "REQUIRED")]
    );
    let room = Entry::Equipment(pb::Equipment {
        kind: pb::EquipmentKind::Computer.into(),
        title: "Компьютер".into(),
        place: "Кабинет 1".into(),
        quantity: 1,
        starts_on: "2026-09-01".into(),
        ..Default::default()
    });
    let refused = case
        .send(&own, case.put(Some(OWN), 1, room))
        .await
        .unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::FailedPrecondition, "REGISTRY_OF_SCHOOLS".into())
    );
    let nothing = pb::PutAuthorityRecordRequest {
        record: Some(pb::RegistryRecord::default()),
        ..case.put(Some(OWN), 1, seminar(""))
    };
    let refused = case.send(&own, nothing).await.unwrap_err();
    assert_eq!(broken(&refused), [field("record", "REQUIRED")]);
}

#[tokio::test]
async fn records_above_schools_are_kept_by_those_whose_they_are() {
    let case = Case::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let school = SchoolId::from_uuid(Uuid::from_u128(3));
    let entry = || Entry::LocalAct(act(pb::LocalActKind::Order, "https://ministry.example/a"));
    for (caller, of, may) in [
        (officer(municipality(OWN)), Some(OWN), None),
        (region("ADMINISTRATOR"), Some(OWN), None),
        (region("ADMINISTRATOR"), None, None),
        (region("MINISTRY_OFFICER"), None, None),
        (region("MINISTRY_OFFICER"), Some(OWN), Some(Code::NotFound)),
        (
            officer(municipality(OWN)),
            None,
            Some(Code::PermissionDenied),
        ),
        (
            staff(school, "DIRECTOR"),
            Some(OWN),
            Some(Code::PermissionDenied),
        ),
        (
            staff(school, "ADMINISTRATOR"),
            None,
            Some(Code::PermissionDenied),
        ),
    ] {
        let id = u128::from(may.is_none()) + 10 * of.unwrap_or(7);
        let mut request = case.put(of, id, entry());
        request.record_id =
            RegistryRecordId::from_uuid(case.world.harness.cx().ids.uuid()).to_string();
        let answer = case.send(&caller, request).await;
        assert_eq!(answer.err().map(|e| e.code()), may, "{caller:?} {of:?}");
    }
    for caller in [staff(school, "DIRECTOR"), staff(school, "TEACHER")] {
        let read = case.list(&caller, Some(OWN), pb::Registry::LocalActs).await;
        assert_eq!(read.unwrap_err().code(), Code::PermissionDenied);
        let read = case.rollouts(&caller).await;
        assert_eq!(read.unwrap_err().code(), Code::PermissionDenied);
    }
    case.world.harness.ignore_announced().await;
}
