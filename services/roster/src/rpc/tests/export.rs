//! The school as a file: who takes it, what is in it, and that it comes in again.

use chassis::testing::TestDb;
use tonic::Code;
use zhurnal_proto::google::api::HttpBody;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1::{self as pb, SchoolExportFormat as Format};

use crate::domain::school_import::SheetKind;
use crate::testing::{ForeignPackage, SmallSchool, files, without_ids};
use crate::world::{World, family, machine, other_school, region, staff};

/// The small school with a group of each kind that the sheet of groups lists.
fn with_groups() -> SmallSchool {
    let mut school = SmallSchool::new();
    for row in [
        ["Шахматы", "кружок", "", "5", "1", "нет", "У-0001"],
        ["Шахматы", "кружок", "", "5", "1", "нет", "У-0005"],
        ["Логика", "факультатив", "", "10", "2", "да", "У-0006"],
        [
            "Английский, сильная",
            "подгруппа",
            "5-А",
            "",
            "",
            "",
            "У-0002",
        ],
        ["Дома", "индивидуальная", "5-А", "", "", "", "У-0003"],
        ["Продлёнка", "продлённый день", "5-А", "", "", "нет", ""],
    ] {
        school.push(SheetKind::Groups, &row);
    }
    school
}

async fn export(world: &World, school: SchoolId, format: Format) -> HttpBody {
    let request = pb::ExportSchoolRequest {
        school_id: school.to_string(),
        format: format.into(),
    };
    let mut director = world.client(&staff(school, "DIRECTOR"));
    director.export_school(request).await.unwrap().into_inner()
}

async fn import(world: &World, bytes: Vec<u8>) -> SchoolId {
    let request = world.upload_request(bytes);
    let answer = world.admin().upload_school_import(request).await.unwrap();
    let import = answer.into_inner().school_import.unwrap();
    assert_eq!(import.errors, [], "{import:?}");
    world.apply(&import, false).await.unwrap();
    let tasks = world.harness.start_tasks();
    let applied = world
        .in_state(&import, pb::SchoolImportState::Applied)
        .await;
    tasks.stop().await;
    world.harness.ignore_announced().await;
    applied.school_id.parse().unwrap()
}

async fn comes_in_again(db: TestDb, format: Format) {
    let first = World::sqlite().await;
    let school = first.with_school(&with_groups()).await;
    let left = export(&first, school, format).await.data;
    assert_eq!(
        left,
        export(&first, school, format).await.data,
        "the same bytes"
    );
    let second = World::on(db);
    let again = import(&second, left.clone()).await;
    let back = export(&second, again, format).await.data;
    match format {
        Format::Oneroster => assert_eq!(without_ids(&left).unwrap(), without_ids(&back).unwrap()),
        _ => assert!(left == back, "a workbook has no ids: the same bytes"),
    }
}

chassis::on_both_databases! { crate::store::migrations();
    async fn a_workbook_comes_in_again_as_the_same_school(db) {
        comes_in_again(db, Format::Workbook).await;
    }

    async fn a_package_comes_in_again_as_the_same_school(db) {
        comes_in_again(db, Format::Oneroster).await;
    }

    async fn a_package_of_another_system_is_applied_and_leaves_as_our_own(db) {
        let world = World::on(db);
        let school = import(&world, ForeignPackage::new().bytes().unwrap()).await;
        let body = export(&world, school, Format::Oneroster).await;
        let files = files(&body.data).unwrap();
        assert!(files["users.csv"].contains("Аблаева"));
        assert!(files["enrollments.csv"].matches(",student,").count() == 6);
    }
}

#[tokio::test]
async fn a_package_keeps_the_standard() {
    let world = World::sqlite().await;
    let school = world.with_school(&with_groups()).await;
    let body = export(&world, school, Format::Oneroster).await;
    assert_eq!(body.content_type, "application/zip");
    let files = files(&body.data).unwrap();
    let manifest = &files["manifest.csv"];
    assert!(
        manifest
            .starts_with("propertyName,value\r\nmanifest.version,1.0\r\noneroster.version,1.2\r\n")
    );
    for (name, _) in files.iter().filter(|(name, _)| *name != "manifest.csv") {
        let property = format!("file.{},bulk\r\n", name.trim_end_matches(".csv"));
        assert!(manifest.contains(&property), "{property}");
    }
    for (name, text) in &files {
        assert!(
            text.ends_with("\r\n") && !text.replace("\r\n", "").contains('\n'),
            "{name}"
        );
        assert!(!text.contains("000-000"), "no secret leaves: {name}");
    }
    let lines = |name: &str| files[name].lines().count() - 1;
    assert_eq!(
        (
            lines("orgs.csv"),
            lines("classes.csv"),
            lines("demographics.csv")
        ),
        (2, 9, 6)
    );
    assert_eq!(lines("users.csv"), 5 + 6 + 6);
    assert!(files["orgs.csv"].contains(&format!("{school},active,,МБОУ «Школа № 1»,school,,mun_")));
    assert!(files["roles.csv"].contains(",principal,"));
    assert!(files["academicSessions.csv"].contains(",1 полугодие,semester,2026-09-01,2026-12-30,"));
    assert!(files["classes.csv"].contains(",5-А,homeroom,"));
}

#[tokio::test]
async fn the_access_log_has_it_before_the_file_leaves() {
    use sea_orm::ConnectionTrait;
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    export(&world, school, Format::Workbook).await;
    let db = world.harness.db();
    let sql = "SELECT COUNT(*) FROM look_spool";
    let rows = db
        .read()
        .query_all_raw(chassis::db::statement(db.backend(), sql, []))
        .await;
    let count: i64 = rows.unwrap()[0].try_get_by_index(0).unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn administrators_and_the_director_take_it_and_nobody_else() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let request = |format: Format| pb::ExportSchoolRequest {
        school_id: school.to_string(),
        format: format.into(),
    };
    for caller in [
        region("ADMINISTRATOR"),
        staff(school, "ADMINISTRATOR"),
        staff(school, "DIRECTOR"),
    ] {
        let answer = world
            .client(&caller)
            .export_school(request(Format::Workbook))
            .await;
        assert!(answer.unwrap().into_inner().data.starts_with(b"PK"));
    }
    for caller in [
        staff(school, "DEPUTY"),
        staff(school, "SECRETARY"),
        staff(school, "TEACHER"),
        staff(other_school(), "DIRECTOR"),
        family(&[]),
        machine(&["roster.read"], &[school]),
    ] {
        let refused = world
            .client(&caller)
            .export_school(request(Format::Oneroster))
            .await;
        assert_eq!(
            refused.unwrap_err().code(),
            Code::PermissionDenied,
            "{caller:?}"
        );
    }
    let unknown = world.client(&staff(school, "DIRECTOR"));
    for format in [0, 99] {
        let request = pb::ExportSchoolRequest {
            format,
            ..request(Format::Workbook)
        };
        let refused = unknown.clone().export_school(request).await;
        assert_eq!(
            refused.unwrap_err().code(),
            Code::InvalidArgument,
            "{format}"
        );
    }
    world.schedule.go_down();
    let refused = unknown
        .clone()
        .export_school(request(Format::Workbook))
        .await;
    let refused = refused.unwrap_err();
    assert_eq!(chassis::status::reason(&refused), "SCHEDULE_UNAVAILABLE");
}
