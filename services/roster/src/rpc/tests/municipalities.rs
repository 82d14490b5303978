//! Municipalities: kept by the ministry, seen by their officers, found for old schools.

use chassis::db::{Migrations, statement};
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::{TestDb, eventually};
use sea_orm::ConnectionTrait;
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{MunicipalityId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::RosterService;
use crate::domain::school_import::SheetKind;
use crate::testing::SmallSchool;
use crate::world::{World, family, officer, region, staff};

fn municipality(n: u128) -> MunicipalityId {
    MunicipalityId::from_uuid(Uuid::from_u128(n))
}

fn put(world: &World, id: MunicipalityId, title: &str, etag: &str) -> pb::PutMunicipalityRequest {
    pb::PutMunicipalityRequest {
        municipality_id: id.to_string(),
        title: title.into(),
        etag: etag.into(),
        request_id: world.request_id(),
    }
}

async fn send(
    world: &World,
    request: pb::PutMunicipalityRequest,
) -> Result<pb::Municipality, Status> {
    let mut client = world.client(&region("MINISTRY_OFFICER"));
    let answer = client.put_municipality(request).await?;
    Ok(answer.into_inner().municipality.unwrap())
}

async fn list(
    world: &World,
    caller: &chassis::caller::Caller,
) -> Result<Vec<pb::Municipality>, Status> {
    let mut request = pb::ListMunicipalitiesRequest {
        page_size: 1,
        ..Default::default()
    };
    let mut all = Vec::new();
    loop {
        let mut client = world.client(caller);
        let page = client.list_municipalities(request.clone()).await?;
        let page = page.into_inner();
        all.extend(page.municipalities);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return Ok(all);
        }
    }
}

async fn schools(
    world: &World,
    caller: &chassis::caller::Caller,
    municipality_id: &str,
) -> Result<Vec<pb::School>, Status> {
    let request = pb::ListSchoolsRequest {
        municipality_id: municipality_id.into(),
        ..Default::default()
    };
    Ok(world
        .client(caller)
        .list_schools(request)
        .await?
        .into_inner()
        .schools)
}

/// Two schools in Белогорский район and one in another municipality.
async fn two_municipalities(world: &World) -> (Vec<SchoolId>, MunicipalityId, MunicipalityId) {
    let first = world.with_school(&SmallSchool::new()).await;
    let mut second = SmallSchool::new();
    second.set(SheetKind::School, "B", 2, "Школа № 2");
    second.set(SheetKind::School, "B", 3, "белогорский РАЙОН");
    let second = world.with_school(&second).await;
    let mut third = SmallSchool::new();
    third.set(SheetKind::School, "B", 2, "Школа № 3");
    third.set(SheetKind::School, "B", 3, "Сакский район");
    let third = world.with_school(&third).await;
    let all = list(world, &region("MINISTRY_OFFICER")).await.unwrap();
    let counted: Vec<(&str, u32)> = all
        .iter()
        .map(|m| (m.title.as_str(), m.school_count))
        .collect();
    assert_eq!(counted, [("Белогорский район", 2), ("Сакский район", 1)]);
    let id = |one: &pb::Municipality| one.municipality_id.parse().unwrap();
    (vec![first, second, third], id(&all[0]), id(&all[1]))
}

fn refusal(refused: &Status) -> (Code, String) {
    (refused.code(), status::reason(refused))
}

fn before() -> Migrations {
    let all = RosterService::migrations().into_iter();
    all.take_while(|one| one.name() != "roster_0012_municipalities")
        .collect()
}

async fn old_school(db: &TestDb, n: u128, municipality: &str) {
    let sql = "INSERT INTO school (school_id, title, title_key, municipality, municipality_key,
        sort_key, academic_year, study_week_days, time_zone, state, version, created_us)
        VALUES (?, ?, ?, ?, ?, ?, '2026/2027', 5, 'Europe/Simferopol', 2, 1, 5)";
    let title = format!("Школа № {n}");
    let key = crate::domain::text::search_key;
    let values = [
        Uuid::from_u128(n).into(),
        title.as_str().into(),
        key(&title).into(),
        municipality.into(),
        key(municipality).into(),
        title.as_str().into(),
    ];
    let uow = db.begin().await.unwrap();
    let statement = statement(db.backend(), sql, values);
    uow.conn().execute_raw(statement).await.unwrap();
    uow.commit().await.unwrap();
}

chassis::on_both_databases! { before();
    async fn schools_of_an_earlier_version_find_their_municipality_and_the_feed_hears_of_it(db) {
        old_school(&db, 1, "Белогорский район").await;
        old_school(&db, 2, "БЕЛОГОРСКИЙ район").await;
        old_school(&db, 3, "г. Ялта").await;
        db.migrate(RosterService::migrations()).await.unwrap();
        // Written by a process of the earlier version that goes on for a while.
        old_school(&db, 4, "г. ялта").await;
        old_school(&db, 5, "Сакский район").await;
        let world = World::on(db);
        let tasks = world.harness.start_tasks();
        let untold = "SELECT COUNT(*) FROM municipality m WHERE NOT m.told
            OR EXISTS (SELECT 1 FROM school s WHERE s.municipality_id IS NULL)
            OR 3 > (SELECT COUNT(*) FROM municipality)";
        eventually("everything is told", || async {
            let db = world.harness.db();
            let row = db.read().query_one_raw(statement(db.backend(), untold, [])).await;
            row.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap() == 0
        })
        .await;
        tasks.stop().await;
        let all = list(&world, &region("ADMINISTRATOR")).await.unwrap();
        let counted: Vec<(String, u32)> =
            all.iter().map(|m| (m.title.to_lowercase(), m.school_count)).collect();
        let expected = [("белогорский район", 2), ("г. ялта", 2), ("сакский район", 1)];
        assert_eq!(counted, expected.map(|(title, n)| (title.to_owned(), n)));

        let mut told: Vec<(String, String)> = Vec::new();
        let mut titles = Vec::new();
        for event in world.harness.announced::<pb::RosterEvent>().await {
            match event.change {
                Some(Change::SchoolChanged(changed)) => {
                    let school = changed.school.unwrap();
                    told.push((school.school_id, school.municipality_id));
                }
                Some(Change::MunicipalityChanged(changed)) => {
                    assert_eq!(event.school_id, "");
                    titles.push(changed.municipality.unwrap().municipality_id);
                }
                other => panic!("{other:?}"),
            }
        }
        let id_of = |title: &str| {
            let found = all.iter().find(|m| m.title.to_lowercase() == title);
            found.unwrap().municipality_id.clone()
        };
        for (n, title) in [
            (1, "белогорский район"),
            (2, "белогорский район"),
            (3, "г. ялта"),
            (4, "г. ялта"),
            (5, "сакский район"),
        ] {
            let school = SchoolId::from_uuid(Uuid::from_u128(n)).to_string();
            assert!(told.contains(&(school, id_of(title))), "school {n}");
            assert!(titles.contains(&id_of(title)), "{title}");
        }
    }
}

chassis::on_both_databases! { RosterService::migrations();
    async fn the_ministry_adds_and_renames_municipalities_and_schools_show_it(db) {
        let world = World::on(db);
        let (schools_of, known, other) = two_municipalities(&world).await;
        let request = put(&world, municipality(7), " г.  Ялта ", "");
        let added = send(&world, request.clone()).await.unwrap();
        assert_eq!((added.title.as_str(), added.school_count, added.etag.as_str()), ("г. Ялта", 0, "v1"));
        assert_eq!(send(&world, request).await.unwrap(), added, "a repeated request");
        for (id, title, etag) in [
            (municipality(8), "Г. ялта", ""),
            (municipality(7), "г. Ялта", ""),
            (known, "г. Ялта", "v1"),
        ] {
            let refused = send(&world, put(&world, id, title, etag)).await.unwrap_err();
            let reason = if id == municipality(7) {
                (Code::Aborted, "ETAG_STALE".to_owned())
            } else {
                (Code::FailedPrecondition, "MUNICIPALITY_EXISTS".to_owned())
            };
            assert_eq!(refusal(&refused), reason, "{title} {etag}");
        }
        let missing = send(&world, put(&world, municipality(9), "Судак", "v1")).await.unwrap_err();
        assert_eq!(missing.code(), Code::NotFound);

        world.harness.ignore_announced().await;
        let renamed = send(&world, put(&world, known, "Белогорский округ", "v1")).await.unwrap();
        assert_eq!((renamed.school_count, renamed.etag.as_str()), (2, "v2"));
        let ministry = region("MINISTRY_OFFICER");
        let shown = schools(&world, &ministry, &known.to_string()).await.unwrap();
        let shown: Vec<&str> = shown.iter().map(|one| one.municipality.as_str()).collect();
        assert_eq!(shown, ["Белогорский округ", "Белогорский округ"]);
        let untouched = schools(&world, &ministry, &other.to_string()).await.unwrap();
        assert_eq!(untouched[0].municipality, "Сакский район");

        let events: Vec<pb::RosterEvent> = world.harness.announced().await;
        let mut told = Vec::new();
        for event in events {
            match event.change.unwrap() {
                Change::MunicipalityChanged(changed) => {
                    assert_eq!(changed.municipality.unwrap().title, "Белогорский округ");
                }
                Change::SchoolChanged(changed) => {
                    let school = changed.school.unwrap();
                    assert_eq!(school.municipality, "Белогорский округ");
                    assert_eq!(school.municipality_id, known.to_string());
                    told.push(school.school_id.parse::<SchoolId>().unwrap());
                }
                other => panic!("{other:?}"),
            }
        }
        told.sort_by_key(|id| id.uuid());
        let mut expected = schools_of[..2].to_vec();
        expected.sort_by_key(|id| id.uuid());
        assert_eq!(told, expected);
    }

    async fn of_two_renames_of_one_version_one_wins(db) {
        let world = World::on(db);
        send(&world, put(&world, municipality(1), "Судак", "")).await.unwrap();
        let (one, other) = tokio::join!(
            send(&world, put(&world, municipality(1), "г. Судак", "v1")),
            send(&world, put(&world, municipality(1), "Судакский округ", "v1")),
        );
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::Aborted, "ETAG_STALE".into()));
        let all = list(&world, &region("MINISTRY_OFFICER")).await.unwrap();
        assert_eq!(all, [won]);
        world.harness.ignore_announced().await;
    }

    async fn an_officer_sees_the_schools_of_the_own_municipality_alone(db) {
        let world = World::on(db);
        let (all, own, other) = two_municipalities(&world).await;
        let caller = officer(own);
        let mut seen: Vec<SchoolId> = schools(&world, &caller, "").await.unwrap()
            .iter().map(|one| one.school_id.parse().unwrap()).collect();
        seen.sort_by_key(|id| id.uuid());
        let mut expected = all[..2].to_vec();
        expected.sort_by_key(|id| id.uuid());
        assert_eq!(seen, expected);
        let named = list(&world, &caller).await.unwrap();
        assert_eq!(named.iter().map(|m| m.school_count).collect::<Vec<_>>(), [2]);
        let narrowed = schools(&world, &caller, &other.to_string()).await.unwrap_err();
        assert_eq!(narrowed.code(), Code::NotFound);

        let mut client = world.client(&caller);
        let get = |id: SchoolId| pb::GetSchoolRequest { school_id: id.to_string() };
        let shown = client.get_school(get(all[0])).await.unwrap().into_inner().school.unwrap();
        assert_eq!(shown.municipality_id, own.to_string());
        let classes = pb::ListClassesRequest { school_id: all[1].to_string(), ..Default::default() };
        let classes = client.list_classes(classes).await.unwrap().into_inner().classes;
        assert!(classes.iter().map(|class| class.pupil_count).sum::<u32>() > 0);

        let nowhere = SchoolId::from_uuid(Uuid::from_u128(0xdead));
        let missing = client.get_school(get(nowhere)).await.unwrap_err();
        let foreign = client.get_school(get(all[2])).await.unwrap_err();
        assert_eq!((foreign.code(), foreign.details()), (Code::NotFound, missing.details()));
        let classes = pb::ListClassesRequest { school_id: all[2].to_string(), ..Default::default() };
        assert_eq!(client.list_classes(classes).await.unwrap_err().code(), Code::NotFound);

        let rollouts = client.list_school_rollouts(pb::ListSchoolRolloutsRequest::default()).await;
        assert_eq!(rollouts.unwrap().into_inner().rollouts.len(), 2);
        let profile = |id: SchoolId| pb::GetSchoolProfileRequest { school_id: id.to_string() };
        let read = client.get_school_profile(profile(all[0])).await.unwrap().into_inner();
        assert!(!read.profile.unwrap().may_write);
        assert_eq!(client.get_school_profile(profile(all[2])).await.unwrap_err().code(), Code::NotFound);
        let stage = |id: SchoolId| pb::GetJournalStageRequest { school_id: id.to_string() };
        assert!(client.get_journal_stage(stage(all[1])).await.is_ok());
        assert_eq!(client.get_journal_stage(stage(all[2])).await.unwrap_err().code(), Code::NotFound);
        let people = pb::ListStaffRequest { school_id: all[0].to_string(), ..Default::default() };
        assert_eq!(client.list_staff(people).await.unwrap_err().code(), Code::PermissionDenied);
        let people = pb::ListPupilsRequest { school_id: all[0].to_string(), ..Default::default() };
        assert_eq!(client.list_pupils(people).await.unwrap_err().code(), Code::PermissionDenied);
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn municipalities_are_no_business_of_schools_families_and_machines() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let own = list(&world, &region("ADMINISTRATOR")).await.unwrap();
    let own: MunicipalityId = own[0].municipality_id.parse().unwrap();
    for caller in [
        staff(school, "DIRECTOR"),
        staff(school, "ADMINISTRATOR"),
        family(&[]),
        crate::world::machine(&["roster.read"], &[]),
    ] {
        let refused = list(&world, &caller).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
    for caller in [officer(own), staff(school, "DIRECTOR")] {
        let request = put(&world, own, "Новый район", "v1");
        let refused = world.client(&caller).put_municipality(request).await;
        assert_eq!(
            refused.unwrap_err().code(),
            Code::PermissionDenied,
            "{caller:?}"
        );
    }
    let empty = put(&world, municipality(5), "  ", "");
    let refused = send(&world, empty).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    world.harness.ignore_announced().await;
}
