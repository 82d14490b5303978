//! Registries of the rollout: records, acknowledgements, counts.

use chassis::caller::Caller;
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{PersonId, RegistryRecordId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::registry_record::Entry;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::RosterService;
use crate::testing::SmallSchool;
use crate::world::{World, family, machine, other_school, region, staff};

struct Case {
    world: World,
    school: SchoolId,
    director: PersonId,
}

impl Case {
    async fn on(db: TestDb) -> Self {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        let at = "2026-11-22T09:00:00Z".parse().unwrap();
        world.harness.clock().set(at);
        let director = world.card(school, "Павленко Ева").await;
        Self {
            world,
            school,
            director,
        }
    }

    fn as_director(&self) -> Caller {
        let Caller::User(user) = staff(self.school, "DIRECTOR") else {
            panic!("staff are users")
        };
        Caller::User(chassis::caller::User {
            person: Some(self.director),
            ..user
        })
    }

    fn put(&self, id: u128, entry: Entry) -> pb::PutRegistryRecordRequest {
        pb::PutRegistryRecordRequest {
            school_id: self.school.to_string(),
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
        request: pb::PutRegistryRecordRequest,
    ) -> Result<pb::RegistryRecord, Status> {
        let answer = self
            .world
            .client(caller)
            .put_registry_record(request)
            .await?;
        Ok(answer.into_inner().record.unwrap())
    }

    async fn keep(&self, id: u128, entry: Entry) -> pb::RegistryRecord {
        self.send(&self.as_director(), self.put(id, entry))
            .await
            .unwrap()
    }

    async fn delete(&self, record: &pb::RegistryRecord, etag: &str) -> Result<(), Status> {
        let request = pb::DeleteRegistryRecordRequest {
            school_id: self.school.to_string(),
            record_id: record.record_id.clone(),
            etag: etag.into(),
            request_id: self.world.request_id(),
        };
        let mut client = self.world.client(&self.as_director());
        client.delete_registry_record(request).await.map(|_| ())
    }

    async fn list(
        &self,
        caller: &Caller,
        registry: pb::Registry,
        only_current: bool,
    ) -> Result<Vec<pb::RegistryRecord>, Status> {
        let mut request = pb::ListRegistryRecordsRequest {
            school_id: self.school.to_string(),
            registry: registry.into(),
            only_current,
            page_size: 2,
            page_token: String::new(),
        };
        let mut records = Vec::new();
        loop {
            let page = self
                .world
                .client(caller)
                .list_registry_records(request.clone())
                .await?
                .into_inner();
            records.extend(page.records);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return Ok(records);
            }
        }
    }

    async fn acknowledge(
        &self,
        caller: &Caller,
        record: &pb::RegistryRecord,
    ) -> Result<pb::RegistryRecord, Status> {
        let request = pb::AcknowledgeLocalActRequest {
            school_id: self.school.to_string(),
            record_id: record.record_id.clone(),
        };
        let answer = self
            .world
            .client(caller)
            .acknowledge_local_act(request)
            .await?;
        Ok(answer.into_inner().record.unwrap())
    }

    async fn rollouts(&self, caller: &Caller) -> Result<Vec<pb::SchoolRollout>, Status> {
        let request = pb::ListSchoolRolloutsRequest::default();
        let answer = self
            .world
            .client(caller)
            .list_school_rollouts(request)
            .await?;
        Ok(answer.into_inner().rollouts)
    }
}

fn measure(title: &str, due_on: &str) -> pb::Measure {
    pb::Measure {
        kind: pb::MeasureKind::Organisation.into(),
        title: title.into(),
        due_on: due_on.into(),
        ..Default::default()
    }
}

fn act(title: &str, starts_on: &str) -> pb::LocalAct {
    pb::LocalAct {
        kind: pb::LocalActKind::Regulation.into(),
        title: title.into(),
        number: "12".into(),
        dated_on: "2026-08-20".into(),
        version: "2".into(),
        link: "https://school.example/act.pdf".into(),
        starts_on: starts_on.into(),
        to_acknowledge: true,
        ..Default::default()
    }
}

fn person(person: PersonId, kind: pb::ResponsibilityKind) -> pb::ResponsiblePerson {
    pb::ResponsiblePerson {
        kind: kind.into(),
        person_id: person.to_string(),
        duties: "Ведёт журнал".into(),
        order_number: "17-к".into(),
        order_date: "2026-08-20".into(),
        starts_on: "2026-09-01".into(),
        ends_on: String::new(),
    }
}

fn training(person: PersonId, done_on: &str) -> pb::Training {
    pb::Training {
        kind: pb::TrainingKind::Course.into(),
        person_id: person.to_string(),
        title: "Работа в электронном журнале".into(),
        due_on: "2026-10-01".into(),
        done_on: done_on.into(),
        hours: 16,
        result: "Удостоверение".into(),
    }
}

fn titles(records: &[pb::RegistryRecord]) -> Vec<String> {
    let title = |one: &pb::RegistryRecord| match one.entry.clone().unwrap() {
        Entry::Measure(measure) => measure.title,
        Entry::LocalAct(act) => act.title,
        Entry::Training(training) => training.title,
        Entry::ResponsiblePerson(person) => person.duties,
        Entry::Equipment(equipment) => equipment.title,
    };
    records.iter().map(title).collect()
}

fn refusal(refused: &Status) -> (Code, String) {
    (refused.code(), status::reason(refused))
}

fn broken(refused: &Status) -> Vec<(String, String)> {
    let violations = status::violations(refused).into_iter();
    violations.map(|v| (v.field, v.reason)).collect()
}

chassis::on_both_databases! { RosterService::migrations();
    async fn a_family_reads_what_is_in_force_in_the_school_of_the_child(db) {
        let case = Case::on(db).await;
        let of = |kind: pb::LocalActKind, title: &str, starts_on: &str| {
            Entry::LocalAct(pb::LocalAct { kind: kind.into(), ..act(title, starts_on) })
        };
        case.keep(1, of(pb::LocalActKind::Regulation, "Положение о журнале", "2026-08-01")).await;
        case.keep(2, of(pb::LocalActKind::Assessment, "Как мы оцениваем", "2026-09-01")).await;
        case.keep(3, of(pb::LocalActKind::Rules, "Регламент будущего", "2026-11-23")).await;
        case.keep(4, of(pb::LocalActKind::JobDescription, "Инструкция завуча", "2026-08-01")).await;
        case.keep(5, of(pb::LocalActKind::Contract, "Договор", "2026-08-01")).await;
        let (pyotr, maria) = (
            case.world.card(case.school, "Кузнецов Пётр").await,
            case.world.card(case.school, "Аблаева Мария").await,
        );
        let mother = case.world.card(case.school, "Кузнецова Ольга").await;
        let grandmother = case.world.card(case.school, "Меметова Диляра").await;
        let amet = case.world.card(case.school, "Меметов Амет").await;
        let acts = async |caller: &Caller, pupil: PersonId| {
            let request = pb::ListPupilLocalActsRequest { pupil_id: pupil.to_string() };
            let answer = case.world.client(caller).list_pupil_local_acts(request).await?;
            Ok::<_, Status>(answer.into_inner().records)
        };
        for caller in [family(&[mother]), family(&[pyotr])] {
            let told = acts(&caller, pyotr).await.unwrap();
            assert_eq!(titles(&told), ["Как мы оцениваем", "Положение о журнале"]);
            let Some(Entry::LocalAct(first)) = &told[0].entry else {
                panic!("no act: {told:?}")
            };
            assert_eq!(first.link, "https://school.example/act.pdf");
        }
        for (caller, pupil, code) in [
            (family(&[mother]), maria, Code::NotFound),
            (family(&[grandmother]), amet, Code::NotFound),
            (family(&[]), pyotr, Code::NotFound),
            (staff(case.school, "DIRECTOR"), pyotr, Code::PermissionDenied),
        ] {
            assert_eq!(acts(&caller, pupil).await.unwrap_err().code(), code, "{caller:?}");
        }
        case.world.harness.ignore_announced().await;
    }

    async fn a_measure_is_added_done_replaced_and_removed(db) {
        let case = Case::on(db).await;
        let late = measure("Педагогический совет", "2026-11-20");
        let kept = case.keep(2, Entry::Measure(late.clone())).await;
        assert_eq!((kept.etag.as_str(), kept.overdue, kept.in_force), ("v1", true, false));
        case.keep(1, Entry::Measure(measure("Анкетирование", "2026-08-25"))).await;
        case.keep(3, Entry::Measure(measure("Справка", "2026-12-31"))).await;

        let mut done = case.put(2, Entry::Measure(pb::Measure {
            responsible_id: case.director.to_string(),
            done_on: "2026-11-22".into(),
            result: " Протокол № 3 ".into(),
            ..late
        }));
        done.etag = "v1".into();
        let first = case.send(&case.as_director(), done.clone()).await.unwrap();
        assert_eq!((first.etag.as_str(), first.overdue), ("v2", false));
        assert_eq!(first.person_name.as_ref().unwrap().surname, "Павленко");
        let Some(Entry::Measure(shown)) = &first.entry else { panic!("{first:?}") };
        assert_eq!(shown.result, "Протокол № 3");
        let again = case.send(&case.as_director(), done.clone()).await.unwrap();
        assert_eq!(again, first, "a repeated request gets the first answer");

        let teacher = staff(case.school, "TEACHER");
        let all = case.list(&teacher, pb::Registry::Measures, false).await.unwrap();
        assert_eq!(titles(&all), ["Анкетирование", "Педагогический совет", "Справка"]);
        let open = case.list(&teacher, pb::Registry::Measures, true).await.unwrap();
        assert_eq!(titles(&open), ["Анкетирование", "Справка"]);

        let stale = case.delete(&first, "v1").await.unwrap_err();
        assert_eq!(refusal(&stale), (Code::Aborted, "ETAG_STALE".into()));
        case.delete(&first, &first.etag).await.unwrap();
        assert_eq!(case.delete(&first, &first.etag).await.unwrap_err().code(), Code::NotFound);
        let left = case.list(&teacher, pb::Registry::Measures, false).await.unwrap();
        assert_eq!(titles(&left), ["Анкетирование", "Справка"]);
        case.world.harness.ignore_announced().await;
    }

    async fn equipment_is_kept_and_an_access_point_has_a_schedule(db) {
        let case = Case::on(db).await;
        let room = pb::Equipment {
            kind: pb::EquipmentKind::Computer.into(),
            title: "Компьютер".into(),
            place: "Кабинет 12".into(),
            quantity: 10,
            responsible_id: case.director.to_string(),
            is_access_point: true,
            starts_on: "2026-09-01".into(),
            ..Default::default()
        };
        let director = case.as_director();
        let refused = case.send(&director, case.put(1, Entry::Equipment(room.clone()))).await.unwrap_err();
        let rules: Vec<_> = status::violations(&refused).into_iter().map(|one| (one.field, one.reason)).collect();
        assert_eq!(rules, [("record.equipment.schedule".to_owned(), "REQUIRED_AT_ACCESS_POINT".to_owned())]);
        let open = pb::Equipment { schedule: "пн–пт 14:00–17:00".into(), ..room };
        let kept = case.keep(1, Entry::Equipment(open.clone())).await;
        assert!(kept.in_force);
        let all = case.list(&staff(case.school, "SECRETARY"), pb::Registry::Equipment, true).await.unwrap();
        assert_eq!(all[0].entry, Some(Entry::Equipment(open)));
        let none = case.list(&staff(case.school, "SECRETARY"), pb::Registry::Trainings, false).await.unwrap();
        assert!(none.is_empty(), "each registry has its own");
        case.world.harness.ignore_announced().await;
    }

    async fn every_change_of_a_record_is_announced_without_names(db) {
        let case = Case::on(db).await;
        case.world.harness.ignore_announced().await;
        let kept = case.keep(1, Entry::Measure(measure("Анкетирование", "2026-08-25"))).await;
        case.delete(&kept, &kept.etag).await.unwrap();
        let request = pb::AddModelMeasuresRequest {
            school_id: case.school.to_string(),
            request_id: case.world.request_id(),
        };
        let mut client = case.world.client(&case.as_director());
        let added = client.add_model_measures(request).await.unwrap().into_inner().added_count;
        let events: Vec<pb::RosterEvent> = case.world.harness.announced().await;
        let changes: Vec<pb::RegistryRecordsChanged> = events
            .into_iter()
            .map(|event| match event.change {
                Some(Change::RegistryRecordsChanged(changed)) => changed,
                other => panic!("{other:?}"),
            })
            .collect();
        let told = pb::RegistryRecord { overdue: false, in_force: false, person_name: None, ..kept.clone() };
        assert_eq!((&changes[0].records[..], &changes[0].removed_ids[..]), (&[told][..], &[][..]));
        assert_eq!((&changes[1].records[..], &changes[1].removed_ids[..]), (&[][..], &[kept.record_id][..]));
        assert_eq!((changes.len(), changes[2].records.len()), (3, added as usize));
    }

    async fn of_two_changes_of_one_version_one_wins(db) {
        let case = Case::on(db).await;
        case.keep(1, Entry::Measure(measure("Анкетирование", "2026-08-25"))).await;
        let change = |title: &str| {
            let mut request = case.put(1, Entry::Measure(measure(title, "2026-08-25")));
            request.etag = "v1".into();
            request
        };
        let director = case.as_director();
        let (one, other) = tokio::join!(
            case.send(&director, change("Первое")),
            case.send(&director, change("Второе")),
        );
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::Aborted, "ETAG_STALE".into()));
        let all = case.list(&director, pb::Registry::Measures, false).await.unwrap();
        assert_eq!(all, [won]);
        case.world.harness.ignore_announced().await;
    }

    async fn the_model_plan_adds_what_is_missing_once(db) {
        let case = Case::on(db).await;
        let title = "Провести родительские собрания о переходе на электронный журнал (протоколы)";
        case.keep(1, Entry::Measure(measure(title, "2026-10-15"))).await;
        let request = || pb::AddModelMeasuresRequest {
            school_id: case.school.to_string(),
            request_id: case.world.request_id(),
        };
        let mut client = case.world.client(&case.as_director());
        let added = client.add_model_measures(request()).await.unwrap().into_inner().added_count;
        let again = client.add_model_measures(request()).await.unwrap().into_inner().added_count;
        let all = case.list(&case.as_director(), pb::Registry::Measures, false).await.unwrap();
        assert_eq!((added as usize, again), (all.len() - 1, 0));
        assert_eq!(titles(&all).iter().filter(|t| *t == title).count(), 1);
        assert!(all[0].overdue, "the school year began long ago");
        case.world.harness.ignore_announced().await;
    }

    async fn staff_acknowledge_an_act_in_force_and_it_stays(db) {
        let case = Case::on(db).await;
        let director = case.as_director();
        let kept = case.keep(1, Entry::LocalAct(act("Положение", "2026-09-01"))).await;
        let later = case.keep(2, Entry::LocalAct(act("Регламент", "2027-01-01"))).await;
        let free = pb::LocalAct { to_acknowledge: false, ..act("Приказ", "2026-09-01") };
        let free = case.keep(3, Entry::LocalAct(free)).await;
        let other = case.keep(4, Entry::Measure(measure("Анкетирование", "2026-08-25"))).await;

        for (record, reason) in [(&later, "LOCAL_ACT_NOT_IN_FORCE"), (&free, "NOT_TO_ACKNOWLEDGE")] {
            let refused = case.acknowledge(&director, record).await.unwrap_err();
            assert_eq!(refusal(&refused), (Code::FailedPrecondition, reason.into()));
        }
        assert_eq!(case.acknowledge(&director, &other).await.unwrap_err().code(), Code::NotFound);
        let stranger = staff(case.school, "TEACHER");
        let refused = case.acknowledge(&stranger, &kept).await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "NOT_ON_STAFF".into()));

        for _ in 0..2 {
            let shown = case.acknowledge(&director, &kept).await.unwrap();
            let Some(Entry::LocalAct(shown)) = shown.entry else { panic!("{shown:?}") };
            assert_eq!((shown.acknowledged, shown.acknowledged_count), (true, 1));
        }
        let seen = case.list(&stranger, pb::Registry::LocalActs, true).await.unwrap();
        let Some(Entry::LocalAct(shown)) = &seen[0].entry else { panic!("{seen:?}") };
        assert_eq!((shown.acknowledged, shown.acknowledged_count), (false, 1));

        let request = pb::ListAcknowledgementsRequest {
            school_id: case.school.to_string(),
            record_id: kept.record_id.clone(),
            ..Default::default()
        };
        let mut client = case.world.client(&staff(case.school, "SECRETARY"));
        let people = client.list_acknowledgements(request).await.unwrap().into_inner();
        let days: Vec<(String, String)> = people
            .acknowledgements
            .into_iter()
            .map(|one| (one.person_name.unwrap().surname, one.acknowledged_on))
            .filter(|(_, day)| !day.is_empty())
            .collect();
        assert_eq!(days, [("Павленко".to_owned(), "2026-11-22".to_owned())]);

        let refused = case.delete(&kept, "v1").await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "LOCAL_ACT_ACKNOWLEDGED".into()));
        case.delete(&later, "v1").await.unwrap();
        case.world.harness.ignore_announced().await;
    }

    async fn the_ministry_sees_counts_of_every_school_and_a_school_its_own(db) {
        let case = Case::on(db).await;
        let mut second = SmallSchool::new();
        second.set(crate::domain::school_import::SheetKind::School, "B", 2, "Школа № 2");
        let second = case.world.with_school(&second).await;
        case.keep(1, Entry::Measure(measure("Анкетирование", "2026-08-25"))).await;
        let done = pb::Measure {
            done_on: "2026-08-30".into(),
            result: "Приказ".into(),
            ..measure("Приказ", "2026-08-20")
        };
        case.keep(2, Entry::Measure(done)).await;
        let administrator = person(case.director, pb::ResponsibilityKind::Administrator);
        case.keep(3, Entry::ResponsiblePerson(administrator)).await;
        let ended = pb::ResponsiblePerson {
            ends_on: "2026-10-31".into(),
            ..person(case.director, pb::ResponsibilityKind::Mentor)
        };
        case.keep(4, Entry::ResponsiblePerson(ended)).await;
        let kept = case.keep(5, Entry::LocalAct(act("Положение", "2026-09-01"))).await;
        let contract = pb::LocalAct {
            kind: pb::LocalActKind::Contract.into(),
            to_acknowledge: false,
            ..act("Договор", "2026-09-01")
        };
        case.keep(6, Entry::LocalAct(contract)).await;
        case.keep(7, Entry::Training(training(case.director, "2026-10-01"))).await;
        case.keep(8, Entry::Training(training(case.director, ""))).await;
        case.acknowledge(&case.as_director(), &kept).await.unwrap();

        let all = case.rollouts(&region("MINISTRY_OFFICER")).await.unwrap();
        assert_eq!(all.len(), 2);
        let own = case.rollouts(&case.as_director()).await.unwrap();
        let expected = pb::SchoolRollout {
            school_id: case.school.to_string(),
            school_title: "МБОУ «Школа № 1»".into(),
            municipality: "Белогорский район".into(),
            measure_count: 2,
            done_count: 1,
            overdue_count: 1,
            responsibilities: vec![pb::ResponsibilityKind::Administrator.into()],
            local_acts: vec![
                pb::LocalActKind::Regulation.into(),
                pb::LocalActKind::Contract.into(),
            ],
            staff_count: 5,
            trained_count: 1,
            to_acknowledge_count: 5,
            acknowledged_count: 1,
            profile_state: pb::SchoolProfileState::Empty.into(),
            profile_confirmed_on: String::new(),
            journal_stage: 0,
            journal_stage_starts_on: String::new(),
        };
        assert_eq!(own, std::slice::from_ref(&expected));
        assert!(all.contains(&expected));
        let empty = all.iter().find(|one| one.school_id == second.to_string()).unwrap();
        assert_eq!((empty.measure_count, empty.staff_count), (0, 5));
        case.world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn every_rule_of_a_record_is_named_with_its_field() {
    let case = Case::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let wrong = [
        (
            Entry::Measure(pb::Measure {
                done_on: "2026-11-23".into(),
                link: "http://school.example".into(),
                ..measure("Справка", "2026-11-20")
            }),
            vec![
                ("record.measure.doneOn", "IN_FUTURE"),
                ("record.measure.link", "NOT_HTTPS"),
                ("record.measure.result", "REQUIRED_WHEN_DONE"),
            ],
        ),
        (
            Entry::ResponsiblePerson(pb::ResponsiblePerson {
                order_date: String::new(),
                ends_on: "2026-08-31".into(),
                ..person(case.director, pb::ResponsibilityKind::Mentor)
            }),
            vec![
                ("record.responsiblePerson.endsOn", "BEFORE_START"),
                ("record.responsiblePerson.orderDate", "ORDER_INCOMPLETE"),
            ],
        ),
        (
            Entry::LocalAct(pb::LocalAct {
                kind: 0,
                dated_on: "вчера".into(),
                ..act("", "2026-09-01")
            }),
            vec![
                ("record.localAct.kind", "REQUIRED"),
                ("record.localAct.title", "REQUIRED"),
                ("record.localAct.datedOn", "INVALID_DATE"),
            ],
        ),
    ];
    for (entry, rules) in wrong {
        let request = case.put(1, entry);
        let refused = case.send(&case.as_director(), request).await.unwrap_err();
        let rules: Vec<(String, String)> = rules
            .into_iter()
            .map(|(field, rule)| (field.to_owned(), rule.to_owned()))
            .collect();
        assert_eq!(broken(&refused), rules);
    }
    let nothing = case.put(1, Entry::Measure(measure("Справка", "2026-11-20")));
    let nothing = pb::PutRegistryRecordRequest {
        record: Some(pb::RegistryRecord::default()),
        ..nothing
    };
    let refused = case.send(&case.as_director(), nothing).await.unwrap_err();
    assert_eq!(
        broken(&refused),
        [("record".to_owned(), "REQUIRED".to_owned())]
    );
    let all = case
        .list(&case.as_director(), pb::Registry::Measures, false)
        .await;
    assert_eq!(all.unwrap(), []);
}

#[tokio::test]
async fn a_record_stays_in_its_registry_and_names_an_employee() {
    let case = Case::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let director = case.as_director();
    let pupil = case.world.card(case.school, "Аблаева Мария").await;
    let request = case.put(1, Entry::Training(training(pupil, "")));
    let refused = case.send(&director, request).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::FailedPrecondition, "PERSON_UNKNOWN".into())
    );

    case.keep(1, Entry::Training(training(case.director, "")))
        .await;
    let mut moved = case.put(1, Entry::Measure(measure("Справка", "2026-11-20")));
    moved.etag = "v1".into();
    let refused = case.send(&director, moved.clone()).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::FailedPrecondition, "REGISTRY_DIFFERS".into())
    );
    moved.etag = String::new();
    moved.request_id = case.world.request_id();
    let refused = case.send(&director, moved).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::Aborted, "ETAG_STALE".into()),
        "the id is taken"
    );
    let mut unknown = case.put(9, Entry::Measure(measure("Справка", "2026-11-20")));
    unknown.etag = "v1".into();
    assert_eq!(
        case.send(&director, unknown).await.unwrap_err().code(),
        Code::NotFound
    );
    case.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn the_office_keeps_registries_and_the_staff_sees_what_is_open() {
    let case = Case::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let kept = case
        .keep(1, Entry::LocalAct(act("Положение", "2026-09-01")))
        .await;
    let put = || case.put(2, Entry::Measure(measure("Справка", "2026-11-20")));
    for role in ["TEACHER", "SECRETARY"] {
        let refused = case
            .send(&staff(case.school, role), put())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{role}");
    }
    for (id, role) in [(3, "ADMINISTRATOR"), (4, "DEPUTY")] {
        let request = case.put(id, Entry::Measure(measure("Справка", "2026-11-20")));
        case.send(&staff(case.school, role), request).await.unwrap();
    }
    let teacher = staff(case.school, "TEACHER");
    for (caller, registry, allowed) in [
        (teacher.clone(), pb::Registry::LocalActs, true),
        (teacher.clone(), pb::Registry::ResponsiblePersons, true),
        (teacher.clone(), pb::Registry::Trainings, false),
        (
            staff(case.school, "SECRETARY"),
            pb::Registry::Trainings,
            true,
        ),
        (
            staff(other_school(), "DIRECTOR"),
            pb::Registry::LocalActs,
            false,
        ),
        (region("MINISTRY_OFFICER"), pb::Registry::LocalActs, false),
        (region("ADMINISTRATOR"), pb::Registry::LocalActs, true),
        (family(&[case.director]), pb::Registry::LocalActs, false),
        (
            machine(&["roster.read"], &[]),
            pb::Registry::LocalActs,
            false,
        ),
    ] {
        let listed = case.list(&caller, registry, false).await;
        match listed {
            Ok(_) => assert!(allowed, "{caller:?} {registry:?}"),
            Err(refused) => {
                assert!(!allowed, "{caller:?} {registry:?}");
                assert_eq!(refused.code(), Code::PermissionDenied);
            }
        }
    }
    let none = case
        .list(&teacher, pb::Registry::Unspecified, false)
        .await
        .unwrap_err();
    assert_eq!(none.code(), Code::InvalidArgument);

    let foreign = staff(other_school(), "DIRECTOR");
    let refused = case.acknowledge(&foreign, &kept).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let request = pb::ListAcknowledgementsRequest {
        school_id: case.school.to_string(),
        record_id: kept.record_id.clone(),
        ..Default::default()
    };
    let mut client = case.world.client(&teacher);
    let refused = client.list_acknowledgements(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    for caller in [teacher, region("OPERATOR"), family(&[])] {
        let refused = case.rollouts(&caller).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
    case.world.harness.ignore_announced().await;
}
