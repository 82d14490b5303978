//! How the journal is kept: stages of the school, classes and pupils that differ.

use chassis::caller::{Caller, User};
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, JournalModeId, PersonId, RegistryRecordId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::JournalModeKind as Kind;
use zhurnal_proto::roster::v1::registry_record::Entry;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::RosterService;
use crate::testing::SmallSchool;
use crate::world::{World, family, machine, other_school, region, staff};

struct Case {
    world: World,
    school: SchoolId,
    pupil: PersonId,
}

impl Case {
    async fn on(db: TestDb) -> Self {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        let pupil = world.card(school, PUPIL).await;
        let case = Self {
            world,
            school,
            pupil,
        };
        case.on_day("2026-11-22");
        case
    }

    fn on_day(&self, day: &str) {
        let at = format!("{day}T09:00:00Z").parse().unwrap();
        self.world.harness.clock().set(at);
    }

    fn director(&self) -> Caller {
        let Caller::User(user) = staff(self.school, "DIRECTOR") else {
            panic!("staff are users")
        };
        let display = "Павленко Е. А.".to_owned();
        Caller::User(User { display, ..user })
    }

    fn put(&self, id: u128, mode: pb::JournalMode, etag: &str) -> pb::PutJournalModeRequest {
        pb::PutJournalModeRequest {
            school_id: self.school.to_string(),
            mode_id: mode_id(id),
            mode: Some(mode),
            etag: etag.into(),
            request_id: self.world.request_id(),
        }
    }

    async fn send(
        &self,
        caller: &Caller,
        request: pb::PutJournalModeRequest,
    ) -> Result<pb::JournalMode, Status> {
        let answer = self.world.client(caller).put_journal_mode(request).await?;
        Ok(answer.into_inner().mode.unwrap())
    }

    async fn keep(&self, id: u128, mode: pb::JournalMode) -> pb::JournalMode {
        self.try_keep(id, mode).await.unwrap()
    }

    async fn try_keep(&self, id: u128, mode: pb::JournalMode) -> Result<pb::JournalMode, Status> {
        self.send(&self.director(), self.put(id, mode, "")).await
    }

    async fn withdraw(
        &self,
        caller: &Caller,
        id: u128,
        etag: &str,
    ) -> Result<pb::JournalMode, Status> {
        let request = pb::WithdrawJournalModeRequest {
            school_id: self.school.to_string(),
            mode_id: mode_id(id),
            reason: " Записано по ошибке ".into(),
            etag: etag.into(),
            request_id: self.world.request_id(),
        };
        let answer = self
            .world
            .client(caller)
            .withdraw_journal_mode(request)
            .await?;
        Ok(answer.into_inner().mode.unwrap())
    }

    async fn list(&self, caller: &Caller) -> Result<Vec<pb::JournalMode>, Status> {
        let mut request = pb::ListJournalModesRequest {
            school_id: self.school.to_string(),
            page_size: 2,
            page_token: String::new(),
        };
        let mut modes = Vec::new();
        loop {
            let page = self
                .world
                .client(caller)
                .list_journal_modes(request.clone())
                .await?;
            let page = page.into_inner();
            modes.extend(page.modes);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return Ok(modes);
            }
        }
    }

    async fn stage(&self, caller: &Caller) -> Result<pb::GetJournalStageResponse, Status> {
        let school_id = self.school.to_string();
        let request = pb::GetJournalStageRequest { school_id };
        Ok(self
            .world
            .client(caller)
            .get_journal_stage(request)
            .await?
            .into_inner())
    }

    /// A local act of the registry.
    async fn act(
        &self,
        id: u128,
        kind: pb::LocalActKind,
        (from, to): (&str, &str),
    ) -> pb::RegistryRecord {
        let act = pb::LocalAct {
            kind: kind.into(),
            title: "Документ".into(),
            number: id.to_string(),
            dated_on: from.into(),
            starts_on: from.into(),
            ends_on: to.into(),
            ..Default::default()
        };
        let request = pb::PutRegistryRecordRequest {
            school_id: self.school.to_string(),
            record_id: record_id(id),
            record: Some(pb::RegistryRecord {
                entry: Some(Entry::LocalAct(act)),
                ..Default::default()
            }),
            etag: String::new(),
            request_id: self.world.request_id(),
        };
        let mut client = self.world.client(&self.director());
        client
            .put_registry_record(request)
            .await
            .unwrap()
            .into_inner()
            .record
            .unwrap()
    }

    async fn class(&self) -> String {
        let request = pb::ListClassesRequest {
            school_id: self.school.to_string(),
            ..Default::default()
        };
        let mut client = self.world.client(&self.director());
        let classes = client
            .list_classes(request)
            .await
            .unwrap()
            .into_inner()
            .classes;
        classes[0].class_id.clone()
    }
}

const PUPIL: &str = "Кузнецов Пётр";

fn mode_id(id: u128) -> String {
    JournalModeId::from_uuid(Uuid::from_u128(id)).to_string()
}

fn record_id(id: u128) -> String {
    RegistryRecordId::from_uuid(Uuid::from_u128(id)).to_string()
}

fn of_school(kind: Kind, starts_on: &str) -> pb::JournalMode {
    pb::JournalMode {
        kind: kind.into(),
        starts_on: starts_on.into(),
        ..Default::default()
    }
}

fn paperless(starts_on: &str) -> pb::JournalMode {
    pb::JournalMode {
        local_act_id: record_id(1),
        contract_id: record_id(2),
        ..of_school(Kind::Paperless, starts_on)
    }
}

fn on_paper(pupil: PersonId, starts_on: &str) -> pb::JournalMode {
    pb::JournalMode {
        pupil_id: pupil.to_string(),
        order_number: "17-у".into(),
        order_date: "2026-09-10".into(),
        ..of_school(Kind::Paper, starts_on)
    }
}

fn refusal(refused: &Status) -> (Code, String) {
    (refused.code(), status::reason(refused))
}

fn precondition(reason: &str) -> (Code, String) {
    (Code::FailedPrecondition, reason.to_owned())
}

chassis::on_both_databases! { RosterService::migrations();
    async fn a_school_goes_from_preparation_over_the_pilot_to_full_keeping(db) {
        let case = Case::on(db).await;
        let director = case.director();
        assert_eq!(case.stage(&director).await.unwrap(), pb::GetJournalStageResponse::default());
        case.keep(1, of_school(Kind::Preparation, "2026-06-01")).await;
        let pilot = case.keep(2, of_school(Kind::Pilot, "2026-09-01")).await;
        assert!(pilot.in_force && pilot.changed_by == "Павленко Е. А." && pilot.etag == "v1");

        let early = case.try_keep(3, paperless("2027-01-11")).await.unwrap_err();
        assert_eq!(refusal(&early), precondition("LOCAL_ACT_NEEDED"));
        case.act(1, pb::LocalActKind::Order, ("2026-08-20", "2027-01-10")).await;
        let over = case.try_keep(3, paperless("2027-01-11")).await.unwrap_err();
        assert_eq!(refusal(&over), precondition("LOCAL_ACT_NEEDED"), "the order ends the day before");
        let no_contract = case.try_keep(3, paperless("2027-01-10")).await.unwrap_err();
        assert_eq!(refusal(&no_contract), precondition("CONTRACT_NEEDED"));
        case.act(2, pb::LocalActKind::Contract, ("2026-08-20", "")).await;
        let full = case.keep(3, paperless("2027-01-10")).await;
        assert!(!full.in_force && !full.basis_ended);
        assert_eq!((full.local_act_title.as_str(), full.contract_title.as_str()), ("Документ № 1", "Документ № 2"));

        let stage = case.stage(&staff(case.school, "TEACHER")).await.unwrap();
        assert_eq!((stage.kind(), stage.starts_on.as_str()), (Kind::Pilot, "2026-09-01"));
        assert_eq!((stage.next_kind(), stage.next_starts_on.as_str()), (Kind::Paperless, "2027-01-10"));
        let all = case.list(&director).await.unwrap();
        let starts: Vec<_> = all.iter().map(|mode| (mode.starts_on.as_str(), mode.in_force)).collect();
        assert_eq!(starts, [("2027-01-10", false), ("2026-09-01", true), ("2026-06-01", false)]);

        case.on_day("2027-01-11");
        let shown = case.list(&director).await.unwrap().remove(0);
        assert!(shown.in_force && shown.basis_ended, "the order is not in force any more");
        let request = pb::ListSchoolRolloutsRequest::default();
        let mut ministry = case.world.client(&region("MINISTRY_OFFICER"));
        let rollout = ministry.list_school_rollouts(request).await.unwrap().into_inner().rollouts.remove(0);
        assert_eq!((rollout.journal_stage(), rollout.journal_stage_starts_on.as_str()), (Kind::Paperless, "2027-01-10"));
        case.world.harness.ignore_announced().await;
    }

    async fn classes_and_pupils_differ_for_a_time(db) {
        let case = Case::on(db).await;
        let pilot = pb::JournalMode { class_id: case.class().await, ..of_school(Kind::Pilot, "2026-09-01") };
        let class = case.keep(1, pilot.clone()).await;
        assert!(class.in_force && !class.class_title.is_empty());
        let pupil = case.keep(2, on_paper(case.pupil, "2026-09-15")).await;
        assert!(pupil.in_force && pupil.pupil_name.is_some());

        let twice = case.try_keep(3, on_paper(case.pupil, "2026-12-01")).await.unwrap_err();
        assert_eq!(refusal(&twice), precondition("MODE_EXISTS"));
        let until = pb::JournalMode { ends_on: "2026-11-21".into(), ..on_paper(case.pupil, "2026-09-15") };
        let ended = case.send(&case.director(), case.put(2, until, "v1")).await.unwrap();
        assert!(!ended.in_force && ended.etag == "v2");
        assert!(case.keep(3, on_paper(case.pupil, "2026-11-22")).await.in_force);
        let into_the_next = case.put(2, on_paper(case.pupil, "2026-09-15"), "v2");
        let refused = case.send(&case.director(), into_the_next).await.unwrap_err();
        assert_eq!(refusal(&refused), precondition("MODE_EXISTS"));
        assert_eq!(case.stage(&case.director()).await.unwrap().kind(), Kind::Unspecified, "the school has no stage of its own");
        case.on_day("2027-09-01");
        let later = case.list(&case.director()).await.unwrap();
        let of_class = later.iter().find(|mode| !mode.class_id.is_empty()).unwrap();
        assert!(!of_class.in_force, "a class ends with its academic year");
        case.world.harness.ignore_announced().await;
    }

    async fn a_decision_is_never_written_over_but_withdrawn(db) {
        let case = Case::on(db).await;
        let director = case.director();
        case.keep(1, of_school(Kind::Pilot, "2026-09-01")).await;
        let other = case.put(1, of_school(Kind::Preparation, "2026-09-01"), "v1");
        assert_eq!(refusal(&case.send(&director, other).await.unwrap_err()), precondition("MODE_DIFFERS"));
        let again = case.try_keep(2, of_school(Kind::Preparation, "2026-09-01")).await.unwrap_err();
        assert_eq!(refusal(&again), precondition("MODE_EXISTS"));
        let gone = case.withdraw(&director, 1, "v1").await.unwrap();
        assert!(gone.withdrawn && !gone.in_force);
        assert_eq!((gone.withdrawn_reason.as_str(), gone.etag.as_str()), ("Записано по ошибке", "v2"));
        assert_eq!(refusal(&case.withdraw(&director, 1, "v2").await.unwrap_err()), precondition("MODE_WITHDRAWN"));
        let changed = case.put(1, of_school(Kind::Pilot, "2026-09-01"), "v2");
        assert_eq!(refusal(&case.send(&director, changed).await.unwrap_err()), precondition("MODE_WITHDRAWN"));
        case.keep(2, of_school(Kind::Preparation, "2026-09-01")).await;
        assert_eq!(case.list(&director).await.unwrap().len(), 2, "the withdrawn one stays in the list");
        assert_eq!(case.stage(&director).await.unwrap().kind(), Kind::Preparation);
        case.world.harness.ignore_announced().await;
    }

    async fn every_decision_is_announced_without_names(db) {
        let case = Case::on(db).await;
        case.world.harness.ignore_announced().await;
        case.keep(1, on_paper(case.pupil, "2026-09-15")).await;
        case.withdraw(&case.director(), 1, "v1").await.unwrap();
        let events: Vec<pb::RosterEvent> = case.world.harness.announced().await;
        let told: Vec<pb::JournalMode> = events
            .into_iter()
            .map(|event| match event.change {
                Some(Change::JournalModesChanged(mut changed)) => changed.modes.remove(0),
                other => panic!("{other:?}"),
            })
            .collect();
        let shown: Vec<_> = told.iter().map(|mode| (mode.etag.as_str(), mode.withdrawn, mode.pupil_id.clone())).collect();
        assert_eq!(shown, [("v1", false, case.pupil.to_string()), ("v2", true, case.pupil.to_string())]);
        assert!(told.iter().all(|mode| mode.pupil_name.is_none() && mode.changed_by.is_empty()));
    }

    async fn of_two_decisions_about_one_day_one_wins(db) {
        let case = Case::on(db).await;
        let director = case.director();
        let (one, other) = tokio::join!(
            case.send(&director, case.put(1, on_paper(case.pupil, "2026-09-15"), "")),
            case.send(&director, case.put(2, on_paper(case.pupil, "2026-10-01"), "")),
        );
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), precondition("MODE_EXISTS"));
        let stale = case.withdraw(&director, if won.mode_id == mode_id(1) { 1 } else { 2 }, "v9").await.unwrap_err();
        assert_eq!(refusal(&stale), (Code::Aborted, "ETAG_STALE".into()));
        assert_eq!(case.list(&director).await.unwrap(), [won]);
        case.world.harness.ignore_announced().await;
    }

    async fn a_repeated_request_gets_the_first_answer(db) {
        let case = Case::on(db).await;
        let director = case.director();
        let request = case.put(1, on_paper(case.pupil, "2026-09-15"), "");
        let first = case.send(&director, request.clone()).await.unwrap();
        assert_eq!(case.send(&director, request).await.unwrap(), first);
        let known = case.try_keep(1, on_paper(case.pupil, "2026-09-15")).await.unwrap_err();
        assert_eq!(refusal(&known), (Code::Aborted, "ETAG_STALE".into()), "the id is taken");
        let lost = case.put(9, on_paper(case.pupil, "2026-09-15"), "v1");
        assert_eq!(case.send(&director, lost).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(case.withdraw(&director, 9, "v1").await.unwrap_err().code(), Code::NotFound);
        let request = pb::WithdrawJournalModeRequest {
            school_id: case.school.to_string(),
            mode_id: mode_id(1),
            reason: "Ошибка".into(),
            etag: "v1".into(),
            request_id: case.world.request_id(),
        };
        let mut client = case.world.client(&director);
        let one = client.withdraw_journal_mode(request.clone()).await.unwrap().into_inner();
        assert_eq!(client.withdraw_journal_mode(request).await.unwrap().into_inner(), one);
        case.world.harness.ignore_announced().await;
    }

    async fn an_act_that_carries_the_journal_is_not_removed(db) {
        let case = Case::on(db).await;
        let act = case.act(1, pb::LocalActKind::Regulation, ("2026-08-20", "")).await;
        case.act(2, pb::LocalActKind::Contract, ("2026-08-20", "")).await;
        case.keep(1, paperless("2026-09-01")).await;
        let delete = || pb::DeleteRegistryRecordRequest {
            school_id: case.school.to_string(),
            record_id: act.record_id.clone(),
            etag: act.etag.clone(),
            request_id: case.world.request_id(),
        };
        let mut client = case.world.client(&case.director());
        let refused = client.delete_registry_record(delete()).await.unwrap_err();
        assert_eq!(refusal(&refused), precondition("LOCAL_ACT_IN_USE"));
        case.withdraw(&case.director(), 1, "v1").await.unwrap();
        client.delete_registry_record(delete()).await.unwrap();
        case.world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn every_refused_decision_names_its_reason() {
    let case = Case::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let stranger = PersonId::from_uuid(Uuid::from_u128(0xbad));
    let no_class = ClassId::from_uuid(Uuid::from_u128(0xbad)).to_string();
    let pilot = of_school(Kind::Pilot, "2026-09-01");
    for (mode, reason) in [
        (on_paper(stranger, "2026-09-15"), "PUPIL_UNKNOWN"),
        (on_paper(case.pupil, "2020-09-15"), "PUPIL_UNKNOWN"),
        (
            pb::JournalMode {
                class_id: no_class,
                ..pilot.clone()
            },
            "CLASS_UNKNOWN",
        ),
        (
            pb::JournalMode {
                local_act_id: record_id(7),
                ..pilot.clone()
            },
            "LOCAL_ACT_NEEDED",
        ),
        (
            pb::JournalMode {
                contract_id: record_id(7),
                ..pilot.clone()
            },
            "CONTRACT_NEEDED",
        ),
    ] {
        let refused = case.try_keep(1, mode).await.unwrap_err();
        assert_eq!(refusal(&refused), precondition(reason));
    }
    let class_id = case.class().await;
    let both = pb::JournalMode {
        class_id,
        ..on_paper(case.pupil, "2026-09-15")
    };
    let no_order = pb::JournalMode {
        order_number: " ".into(),
        ..on_paper(case.pupil, "2026-09-15")
    };
    let ends = pb::JournalMode {
        ends_on: "2026-09-02".into(),
        ..pilot.clone()
    };
    let before = pb::JournalMode {
        ends_on: "2026-09-02".into(),
        ..on_paper(case.pupil, "2026-09-15")
    };
    for (mode, field, rule) in [
        (both, "mode.pupilId", "ONE_SUBJECT"),
        (no_order, "mode.orderNumber", "REQUIRED"),
        (ends, "mode.endsOn", "OPEN_ENDED"),
        (before, "mode.endsOn", "BEFORE_START"),
        (
            of_school(Kind::Paper, "2026-09-01"),
            "mode.kind",
            "OF_OTHERS",
        ),
    ] {
        let refused = case.try_keep(1, mode).await.unwrap_err();
        let violations = status::violations(&refused).into_iter();
        let rules: Vec<_> = violations.map(|one| (one.field, one.reason)).collect();
        assert_eq!(rules, [(field.to_owned(), rule.to_owned())]);
    }
    assert!(case.list(&case.director()).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_office_reads_administrator_and_director_decide() {
    let case = Case::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let denied = (Code::PermissionDenied, "PERMISSION_DENIED".to_owned());
    let pilot = || case.put(1, of_school(Kind::Pilot, "2026-09-01"), "");
    for role in ["DEPUTY", "SECRETARY"] {
        let other = staff(case.school, role);
        assert!(case.list(&other).await.is_ok(), "{role}");
        assert_eq!(
            refusal(&case.send(&other, pilot()).await.unwrap_err()),
            denied,
            "{role}"
        );
        assert_eq!(
            refusal(&case.withdraw(&other, 1, "v1").await.unwrap_err()),
            denied,
            "{role}"
        );
    }
    let teacher = staff(case.school, "TEACHER");
    assert_eq!(refusal(&case.list(&teacher).await.unwrap_err()), denied);
    assert!(case.stage(&teacher).await.is_ok());
    assert!(case.stage(&region("MINISTRY_OFFICER")).await.is_ok());
    assert_eq!(
        refusal(&case.list(&region("MINISTRY_OFFICER")).await.unwrap_err()),
        denied
    );
    for stranger in [
        staff(other_school(), "DIRECTOR"),
        family(&[case.pupil]),
        machine(&["roster.read"], &[case.school]),
    ] {
        for code in [
            case.list(&stranger).await.unwrap_err().code(),
            case.stage(&stranger).await.unwrap_err().code(),
            case.send(&stranger, pilot()).await.unwrap_err().code(),
            case.withdraw(&stranger, 1, "v1").await.unwrap_err().code(),
        ] {
            assert_eq!(code, Code::PermissionDenied, "{stranger:?}");
        }
    }
    let administrator = staff(case.school, "ADMINISTRATOR");
    assert!(case.send(&administrator, pilot()).await.is_ok());
    case.world.harness.ignore_announced().await;
}
