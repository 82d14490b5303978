//! Roster's part: one transaction, once.

use std::collections::BTreeMap;

use chassis::db::statement;
use chassis::status::reason;
use sea_orm::{ConnectionTrait, Statement};
use tonic::Code;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::domain::school_import::SheetKind;
use crate::store::{School, imports};
use crate::testing::SmallSchool;
use crate::vault::Kind;
use crate::world::{LESSONS, World, staff};
use crate::{RosterService, demo};
use chassis::service::Service as _;

fn kinds(events: &[pb::RosterEvent]) -> Vec<&'static str> {
    let kind = |event: &pb::RosterEvent| match event.change.as_ref().unwrap() {
        Change::SchoolChanged(_) => "school",
        Change::JournalModesChanged(_) => "journal modes",
        Change::PeopleChanged(_) => "people",
        Change::StaffChanged(_) => "staff",
        Change::ClassesChanged(_) => "classes",
        Change::GroupsChanged(_) => "groups",
        Change::EnrolmentsChanged(_) => "enrolments",
        Change::MembershipsChanged(_) => "memberships",
        Change::GuardianLinksChanged(_) => "guardian_links",
        Change::SupervisionsChanged(_) => "supervisions",
        Change::RegistryRecordsChanged(_) => "registry_records",
        Change::MunicipalityChanged(_) => "municipality",
        Change::AuthorityRecordsChanged(_) => "authority_records",
    };
    events.iter().map(kind).collect()
}

async fn rows_of(world: &World, table: &str) -> i64 {
    let db = world.harness.db();
    let sql = format!("SELECT count(*) FROM {table}");
    let row = db
        .read()
        .query_one_raw(Statement::from_string(db.backend(), sql))
        .await
        .unwrap()
        .unwrap();
    row.try_get_by_index(0).unwrap()
}

/// What stands in the card: sealed, and hashed.
async fn snils_of(world: &World, person: PersonId) -> (Vec<u8>, Vec<u8>) {
    let db = world.harness.db();
    let sql = "SELECT snils_sealed, snils_hash FROM person WHERE person_id = ?";
    let row = statement(db.backend(), sql, [person.uuid().into()]);
    let row = db.read().query_one_raw(row).await.unwrap().unwrap();
    (
        row.try_get_by_index(0).unwrap(),
        row.try_get_by_index(1).unwrap(),
    )
}

#[tokio::test]
async fn an_applied_import_is_a_preparing_school_and_then_an_active_one() {
    let world = World::sqlite().await;
    let mut school = SmallSchool::new();
    school.push(
        SheetKind::Staff,
        &[
            "С-011",
            "Зорина",
            "Ада",
            "",
            "Заместитель директора по УВР",
            "",
            "",
        ],
    );
    let import = world.upload(&school).await;
    let applying = world.apply(&import, false).await.unwrap();
    assert_eq!(
        (applying.state(), applying.progress_percent),
        (pb::SchoolImportState::Applying, 50)
    );
    let school_id: SchoolId = applying.school_id.parse().unwrap();
    let get = pb::GetSchoolRequest {
        school_id: school_id.to_string(),
    };
    let school = world
        .admin()
        .get_school(get.clone())
        .await
        .unwrap()
        .into_inner()
        .school
        .unwrap();
    assert_eq!(
        (school.state(), school.etag.as_str()),
        (pb::SchoolState::Preparing, "v1")
    );
    let events: Vec<pb::RosterEvent> = world.harness.announced().await;
    assert_eq!(
        kinds(&events),
        [
            "municipality",
            "school",
            "people",
            "staff",
            "classes",
            "groups",
            "enrolments",
            "memberships",
            "guardian_links",
            "supervisions"
        ]
    );
    assert!(
        events[1..]
            .iter()
            .all(|event| event.school_id == school_id.to_string())
    );

    let tasks = world.harness.start_tasks();
    let applied = world
        .in_state(&import, pb::SchoolImportState::Applied)
        .await;
    tasks.stop().await;
    assert_eq!(
        (applied.counts.unwrap().lessons, applied.progress_percent),
        (LESSONS, 100)
    );
    let school = world
        .admin()
        .get_school(get)
        .await
        .unwrap()
        .into_inner()
        .school
        .unwrap();
    assert_eq!(
        (school.state(), school.etag.as_str()),
        (pb::SchoolState::Active, "v2")
    );
    let events: Vec<pb::RosterEvent> = world.harness.announced().await;
    assert_eq!(kinds(&events), ["school"]);
    let plan = &world.schedule.calls()[0];
    assert_eq!(
        (plan.school_import_id.as_str(), plan.school_id.as_str()),
        (
            import.school_import_id.as_str(),
            school_id.to_string().as_str()
        )
    );
    let stored = imports::workbook(
        world.harness.db().read(),
        import.school_import_id.parse().unwrap(),
    )
    .await
    .unwrap();
    assert_eq!(stored, None);
}

#[tokio::test]
async fn names_and_contacts_are_in_one_kind_of_event_only() {
    let world = World::sqlite().await;
    let import = world.upload(&SmallSchool::new()).await;
    world.apply(&import, false).await.unwrap();
    let events: Vec<pb::RosterEvent> = world.harness.announced().await;
    for event in &events {
        let text = format!("{event:?}");
        let personal = ["Павленко", "Кузнецов", "+7 978", "@"]
            .iter()
            .any(|part| text.contains(part));
        assert_eq!(
            personal,
            matches!(event.change, Some(Change::PeopleChanged(_))),
            "{text}"
        );
        assert!(
            !text.contains("000-000-001") && !text.contains("00000000111"),
            "СНИЛС in the feed"
        );
    }
}

#[tokio::test]
async fn an_import_with_errors_is_applied_only_without_the_refused_rows() {
    let world = World::sqlite().await;
    let mut school = SmallSchool::new();
    school.set(SheetKind::Pupils, "F", 2, "31.02.2015");
    let import = world.upload(&school).await;
    let refused = world.apply(&import, false).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "IMPORT_HAS_ERRORS")
    );
    assert_eq!(
        (
            rows_of(&world, "school").await,
            rows_of(&world, "person").await
        ),
        (0, 0)
    );

    let applying = world.apply(&import, true).await.unwrap();
    assert_eq!(
        (
            applying.counts.unwrap().pupils,
            applying.counts.unwrap().guardians
        ),
        (5, 5)
    );
    assert_eq!(rows_of(&world, "enrolment").await, 5);
    assert_eq!(applying.error_count, 1, "what was refused is still told");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_broken_form_is_not_applied_in_any_way() {
    let world = World::sqlite().await;
    let mut school = SmallSchool::new();
    school.remove_sheet(SheetKind::Classes);
    let import = world.upload(&school).await;
    for skip in [false, true] {
        let refused = world.apply(&import, skip).await.unwrap_err();
        assert_eq!(reason(&refused), "IMPORT_HAS_ERRORS", "skip: {skip}");
    }
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let world = World::sqlite().await;
    let import = world.upload(&SmallSchool::new()).await;
    let request = pb::ApplySchoolImportRequest {
        school_import_id: import.school_import_id.clone(),
        skip_refused_rows: false,
        request_id: world.request_id(),
    };
    let first = world
        .admin()
        .apply_school_import(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = world
        .admin()
        .apply_school_import(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    let other = pb::ApplySchoolImportRequest {
        skip_refused_rows: true,
        ..request
    };
    let refused = world.admin().apply_school_import(other).await.unwrap_err();
    assert_eq!(reason(&refused), "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(rows_of(&world, "school").await, 1);
    world.harness.ignore_announced().await;
}

chassis::on_both_databases! { RosterService::migrations();
    async fn concurrent_applications_of_one_import_act_once(db) {
        let world = World::on(db);
        let import = world.upload(&SmallSchool::new()).await;
        let answers = futures::future::join_all((0..4).map(|_| world.apply(&import, false))).await;
        let schools: Vec<String> = answers.into_iter().map(|answer| answer.unwrap().school_id).collect();
        assert!(schools.iter().all(|school| school == &schools[0] && !school.is_empty()), "{schools:?}");
        assert_eq!((rows_of(&world, "school").await, rows_of(&world, "enrolment").await), (1, 6));
        let events: Vec<pb::RosterEvent> = world.harness.announced().await;
        assert_eq!(kinds(&events).iter().filter(|kind| **kind == "people").count(), 1);
    }

    async fn the_same_school_from_two_files_is_made_once(db) {
        let world = World::on(db);
        let mut other = SmallSchool::new();
        other.set(SheetKind::School, "B", 2, "мбоу «школа  № 1»").set(SheetKind::Staff, "E", 6, "Лаборант");
        let (one, two) = (world.upload(&SmallSchool::new()).await, world.upload(&other).await);
        let answers = futures::future::join(world.apply(&one, false), world.apply(&two, false)).await;
        let refused = match answers {
            (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
            both => panic!("{both:?}"),
        };
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::AlreadyExists, "SCHOOL_EXISTS"));
        assert_eq!((rows_of(&world, "school").await, rows_of(&world, "school_order").await), (1, 1));
        let mut next_year = SmallSchool::new();
        next_year.set(SheetKind::School, "B", 3, "Другой район");
        let elsewhere = world.upload(&next_year).await;
        world.apply(&elsewhere, false).await.unwrap();
        assert_eq!(rows_of(&world, "school").await, 2);
        world.harness.ignore_announced().await;
    }

    async fn snils_is_stored_sealed_and_found_by_a_keyed_hash(db) {
        let world = World::on(db);
        let import = world.upload(&SmallSchool::new()).await;
        let applying = world.apply(&import, false).await.unwrap();
        let school: SchoolId = applying.school_id.parse().unwrap();
        let maria: PersonId = world.card(school, "Аблаева Мария").await;
        let (sealed, hash) = snils_of(&world, maria).await;
        assert!(!sealed.windows(6).any(|window| window == b"000000"));
        let vault = world.roster().vault.clone();
        assert_eq!(vault.open(Kind::Snils, &maria.to_string(), &sealed).unwrap(), b"00000000111");
        assert_eq!(hash, vault.snils_hash("00000000111"));
        world.harness.ignore_announced().await;
    }

    async fn a_school_of_eleven_hundred_pupils_takes_few_statements_and_lists_of_500(db) {
        let world = World::on(db);
        let of = demo::Parameters { classes_per_grade: 4, pupils_per_class: 26, ..demo::Parameters::default() };
        let roster = world.roster();
        let (id, counted) = world.harness.counted(async { demo::apply_only(&roster, &of).await.unwrap() }).await;
        assert_eq!(counted.commits, 1);
        // Two of them find the municipality and make it.
        assert!(counted.statements <= 32, "{counted:?} for {id}");
        let mut sizes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let events: Vec<pb::RosterEvent> = world.harness.announced().await;
        for (event, kind) in events.iter().zip(kinds(&events)) {
            let size = match event.change.as_ref().unwrap() {
                Change::PeopleChanged(list) => list.people.len(),
                Change::MembershipsChanged(list) => list.memberships.len(),
                Change::EnrolmentsChanged(list) => list.enrolments.len(),
                _ => continue,
            };
            sizes.entry(kind).or_default().push(size);
        }
        assert_eq!(sizes["enrolments"], [500, 500, 144]);
        assert!(sizes["people"].len() > 3 && sizes["memberships"].len() > 3, "{sizes:?}");
        assert!(sizes.values().flatten().all(|size| *size <= 500));
    }
}

#[tokio::test]
async fn the_administrator_of_the_new_school_sees_its_import() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let import = imports::of_school(world.harness.db().read(), School::to_decide(school))
        .await
        .unwrap()
        .unwrap();
    let get = pb::GetSchoolImportRequest {
        school_import_id: import.id.to_string(),
    };
    let mut own = world.client(&staff(school, "ADMINISTRATOR"));
    assert_eq!(
        own.get_school_import(get.clone())
            .await
            .unwrap()
            .into_inner()
            .school_import
            .unwrap()
            .school_id,
        school.to_string()
    );
    let mut teacher = world.client(&staff(school, "TEACHER"));
    let refused = teacher.get_school_import(get).await.unwrap_err();
    assert!(
        matches!(refused.code(), Code::NotFound | Code::PermissionDenied),
        "{refused:?}"
    );
}

#[tokio::test]
async fn old_imports_lose_their_rows_and_unused_ones_are_gone() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let mut other = SmallSchool::new();
    other.set(SheetKind::School, "B", 2, "Школа, которой не будет");
    let unused = world.upload(&other).await;
    let roster = world.roster();
    assert_eq!(crate::import::forget::forget(&roster).await.unwrap(), 0);

    world
        .harness
        .clock()
        .advance(jiff::SignedDuration::from_hours(24 * 31));
    assert_eq!(crate::import::forget::forget(&roster).await.unwrap(), 2);
    assert_eq!(crate::import::forget::forget(&roster).await.unwrap(), 0);
    assert_eq!(
        (
            rows_of(&world, "import_row").await,
            rows_of(&world, "import_workbook").await
        ),
        (0, 0)
    );
    let get = pb::GetSchoolImportRequest {
        school_import_id: unused.school_import_id,
    };
    assert_eq!(
        world
            .admin()
            .get_school_import(get)
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
    let import = imports::of_school(world.harness.db().read(), School::to_decide(school))
        .await
        .unwrap()
        .unwrap();
    assert!(import.findings.is_empty() && import.counts.pupils == 6);
}
