//! What a school says of itself: written, confirmed, old; who may, and its history.

use chassis::caller::{Caller, User};
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::SchoolProfileField as Field;
use zhurnal_proto::roster::v1::SchoolProfileState as State;

use crate::RosterService;
use crate::testing::SmallSchool;
use crate::world::{World, family, machine, other_school, region, staff};

struct Case {
    world: World,
    school: SchoolId,
}

impl Case {
    async fn on(db: TestDb) -> Self {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        let case = Self { world, school };
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

    fn put(&self, entry: pb::SchoolProfileEntry, etag: &str) -> pb::PutSchoolProfileRequest {
        pb::PutSchoolProfileRequest {
            school_id: self.school.to_string(),
            entry: Some(entry),
            etag: etag.into(),
            request_id: self.world.request_id(),
        }
    }

    async fn send(
        &self,
        caller: &Caller,
        request: pb::PutSchoolProfileRequest,
    ) -> Result<pb::SchoolProfile, Status> {
        let answer = self
            .world
            .client(caller)
            .put_school_profile(request)
            .await?;
        Ok(answer.into_inner().profile.unwrap())
    }

    async fn keep(&self, entry: pb::SchoolProfileEntry, etag: &str) -> pb::SchoolProfile {
        let request = self.put(entry, etag);
        self.send(&self.director(), request).await.unwrap()
    }

    async fn confirm(&self, caller: &Caller, etag: &str) -> Result<pb::SchoolProfile, Status> {
        let request = pb::ConfirmSchoolProfileRequest {
            school_id: self.school.to_string(),
            etag: etag.into(),
            request_id: self.world.request_id(),
        };
        let answer = self
            .world
            .client(caller)
            .confirm_school_profile(request)
            .await?;
        Ok(answer.into_inner().profile.unwrap())
    }

    async fn get(&self, caller: &Caller) -> Result<pb::SchoolProfile, Status> {
        let school_id = self.school.to_string();
        let request = pb::GetSchoolProfileRequest { school_id };
        let answer = self
            .world
            .client(caller)
            .get_school_profile(request)
            .await?;
        Ok(answer.into_inner().profile.unwrap())
    }

    async fn versions(&self, caller: &Caller) -> Result<Vec<pb::SchoolProfileVersion>, Status> {
        let mut request = pb::ListSchoolProfileVersionsRequest {
            school_id: self.school.to_string(),
            page_size: 1,
            page_token: String::new(),
        };
        let mut versions = Vec::new();
        loop {
            let mut client = self.world.client(caller);
            let page = client.list_school_profile_versions(request.clone()).await?;
            let page = page.into_inner();
            versions.extend(page.versions);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return Ok(versions);
            }
        }
    }

    async fn of_ministry(&self) -> (State, String) {
        let request = pb::ListSchoolRolloutsRequest::default();
        let mut client = self.world.client(&region("MINISTRY_OFFICER"));
        let answer = client.list_school_rollouts(request).await.unwrap();
        let shown = answer.into_inner().rollouts.pop().unwrap();
        (shown.profile_state(), shown.profile_confirmed_on)
    }
}

fn full() -> pb::SchoolProfileEntry {
    pb::SchoolProfileEntry {
        full_title: "Муниципальное учреждение «Школа-пример»".into(),
        short_title: "МБОУ «Школа-пример»".into(),
        inn: "9102000006".into(),
        ogrn: "1149102000002".into(),
        legal_address: "г. Примерск, ул. Школьная, 1".into(),
        actual_address: "г. Примерск, ул. Школьная, 1".into(),
        phone: "+79780000000".into(),
        email: "school@school.example".into(),
        site: "https://school.example".into(),
        journal_page: "https://school.example/journal".into(),
        building_count: 2,
    }
}

fn refusal(refused: &Status) -> (Code, String) {
    (refused.code(), status::reason(refused))
}

chassis::on_both_databases! { RosterService::migrations();
    async fn a_profile_is_filled_in_confirmed_changed_and_confirmed_again(db) {
        let case = Case::on(db).await;
        let director = case.director();
        let empty = case.get(&director).await.unwrap();
        assert_eq!((empty.state(), empty.etag.as_str(), empty.missing.len()), (State::Empty, "", 11));
        assert_eq!(empty.director_name.as_ref().unwrap().surname, "Павленко", "the duty names the director");
        assert_eq!(empty.shift_count, 1);
        assert_eq!(case.of_ministry().await, (State::Empty, String::new()));

        let title = pb::SchoolProfileEntry { full_title: "Школа".into(), ..Default::default() };
        let begun = case.keep(title.clone(), "").await;
        assert_eq!((begun.state(), begun.etag.as_str(), begun.missing.len()), (State::Unconfirmed, "v1", 10));
        let same = case.keep(title, "v1").await;
        assert_eq!(same.etag, "v1", "what changes nothing makes no version");
        let early = case.confirm(&director, "v1").await.unwrap_err();
        assert_eq!(refusal(&early), (Code::FailedPrecondition, "PROFILE_INCOMPLETE".into()));

        let filled = case.keep(full(), "v1").await;
        assert!(filled.missing.is_empty());
        let confirmed = case.confirm(&director, "v2").await.unwrap();
        assert_eq!((confirmed.state(), confirmed.etag.as_str()), (State::Confirmed, "v3"));
        assert_eq!((confirmed.confirmed_on.as_str(), confirmed.confirmed_by.as_str()), ("2026-11-22", "Павленко Е. А."));
        assert_eq!(case.of_ministry().await, (State::Confirmed, "2026-11-22".into()));

        case.on_day("2026-12-01");
        let moved = pb::SchoolProfileEntry { building_count: 3, ..full() };
        let changed = case.keep(moved, "v3").await;
        assert_eq!((changed.state(), changed.confirmed_on.as_str()), (State::Changed, "2026-11-22"));
        assert_eq!(case.of_ministry().await, (State::Changed, "2026-11-22".into()));
        assert_eq!(case.confirm(&director, "v4").await.unwrap().state(), State::Confirmed);

        // The next academic year asks again, whoever looks.
        case.on_day("2027-08-31");
        assert_eq!(case.get(&director).await.unwrap().state(), State::Confirmed);
        case.on_day("2027-09-01");
        assert_eq!(case.get(&director).await.unwrap().state(), State::Due);
        assert_eq!(case.of_ministry().await, (State::Due, "2026-12-01".into()));
        case.world.harness.ignore_announced().await;
    }

    async fn every_version_tells_who_has_changed_what(db) {
        let case = Case::on(db).await;
        case.keep(full(), "").await;
        case.confirm(&case.director(), "v1").await.unwrap();
        case.keep(pb::SchoolProfileEntry { phone: "8 978 000-00-01".into(), ..full() }, "v2").await;
        let versions = case.versions(&staff(case.school, "SECRETARY")).await.unwrap();
        let tags: Vec<_> = versions.iter().map(|one| (one.etag.as_str(), one.confirmed, one.changes.len())).collect();
        assert_eq!(tags, [("v3", false, 1), ("v2", true, 0), ("v1", false, 11)]);
        assert!(versions.iter().all(|one| one.by == "Павленко Е. А." && one.at.is_some()));
        let change = &versions[0].changes[0];
        assert_eq!(
            (change.field(), change.old_value.as_str(), change.new_value.as_str()),
            (Field::Phone, "+7 978 000-00-00", "+7 978 000-00-01")
        );
        case.world.harness.ignore_announced().await;
    }

    async fn of_two_changes_of_one_profile_one_wins(db) {
        let case = Case::on(db).await;
        case.keep(full(), "").await;
        let change = |title: &str| {
            case.put(pb::SchoolProfileEntry { short_title: title.into(), ..full() }, "v1")
        };
        let director = case.director();
        let (one, other) = tokio::join!(
            case.send(&director, change("Первое")),
            case.send(&director, change("Второе")),
        );
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::Aborted, "ETAG_STALE".into()));
        assert_eq!(case.get(&director).await.unwrap().entry, won.entry);
        let late = case.confirm(&director, "v1").await.unwrap_err();
        assert_eq!(refusal(&late), (Code::Aborted, "ETAG_STALE".into()));
        case.world.harness.ignore_announced().await;
    }

    async fn a_repeated_request_gets_the_first_answer(db) {
        let case = Case::on(db).await;
        let director = case.director();
        let request = case.put(full(), "");
        let first = case.send(&director, request.clone()).await.unwrap();
        assert_eq!(case.send(&director, request).await.unwrap(), first);
        let confirm = pb::ConfirmSchoolProfileRequest {
            school_id: case.school.to_string(),
            etag: first.etag,
            request_id: case.world.request_id(),
        };
        let mut client = case.world.client(&director);
        let one = client.confirm_school_profile(confirm.clone()).await.unwrap().into_inner();
        let again = client.confirm_school_profile(confirm).await.unwrap().into_inner();
        assert_eq!(again, one);
        assert_eq!(case.versions(&director).await.unwrap().len(), 2);
        case.world.harness.ignore_announced().await;
    }

    async fn numbers_and_links_are_checked_together(db) {
        let case = Case::on(db).await;
        let wrong = pb::SchoolProfileEntry {
            inn: "9102000007".into(),
            ogrn: "1149102000003".into(),
            phone: "нет".into(),
            email: "нет".into(),
            site: "http://school.example".into(),
            journal_page: "https://other.example/".into(),
            ..full()
        };
        let refused = case.send(&case.director(), case.put(wrong, "")).await.unwrap_err();
        let rules: Vec<_> = status::violations(&refused).into_iter().map(|one| (one.field, one.reason)).collect();
        let rules: Vec<_> = rules.iter().map(|(field, rule)| (field.as_str(), rule.as_str())).collect();
        assert_eq!(rules, [
            ("entry.inn", "INN"),
            ("entry.ogrn", "OGRN"),
            ("entry.phone", "PHONE"),
            ("entry.email", "EMAIL"),
            ("entry.site", "NOT_HTTPS"),
            ("entry.journalPage", "OTHER_SITE"),
        ]);
        assert_eq!(case.get(&case.director()).await.unwrap().state(), State::Empty);
    }

    async fn only_administrator_and_director_write_and_only_those_of_the_school_read(db) {
        let case = Case::on(db).await;
        let denied = (Code::PermissionDenied, "PERMISSION_DENIED".to_owned());
        for role in ["TEACHER", "DEPUTY", "SECRETARY"] {
            let other = staff(case.school, role);
            assert!(!case.get(&other).await.unwrap().may_write, "{role}");
            let refused = case.send(&other, case.put(full(), "")).await.unwrap_err();
            assert_eq!(refusal(&refused), denied, "{role}");
            assert_eq!(refusal(&case.confirm(&other, "v1").await.unwrap_err()), denied, "{role}");
        }
        assert_eq!(refusal(&case.versions(&staff(case.school, "TEACHER")).await.unwrap_err()), denied);
        let ministry = region("MINISTRY_OFFICER");
        assert!(!case.get(&ministry).await.unwrap().may_write);
        assert_eq!(refusal(&case.send(&ministry, case.put(full(), "")).await.unwrap_err()), denied);
        for stranger in [
            staff(other_school(), "DIRECTOR"),
            family(&[]),
            machine(&["roster.read"], &[case.school]),
        ] {
            let code = case.get(&stranger).await.unwrap_err().code();
            assert_eq!(code, Code::PermissionDenied, "{stranger:?}");
            let code = case.send(&stranger, case.put(full(), "")).await.unwrap_err().code();
            assert_eq!(code, Code::PermissionDenied, "{stranger:?}");
        }
        assert!(case.get(&staff(case.school, "ADMINISTRATOR")).await.unwrap().may_write);
    }
}
