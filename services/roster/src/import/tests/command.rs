//! The import as one command, and the demo school.

use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;
use zhurnal_proto::roster::v1 as pb;

use crate::RosterService;
use crate::config::Config;
use crate::demo::{self, DemoRole};
use crate::domain::school_import::SheetKind;
use crate::import::{Options, Report, RunError, run_file};
use crate::testing::{SmallSchool, to_xlsx};
use crate::world::{LESSONS, World};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::with_prefix("zhurnal-roster-").unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

fn config() -> Config {
    chassis::config::load::<RosterService>(&chassis::config::Sources::new()).unwrap()
}

async fn run(world: &World, path: &std::path::Path, options: &Options) -> Result<Report, RunError> {
    run_file(world.harness.cx(), &config(), path, options).await
}

async fn schools(world: &World) -> usize {
    world
        .admin()
        .list_schools(pb::ListSchoolsRequest::default())
        .await
        .unwrap()
        .into_inner()
        .schools
        .len()
}

#[tokio::test]
async fn a_dry_run_says_everything_and_writes_nothing() {
    let world = World::sqlite().await;
    let folder = Folder::new();
    let path = folder.file("школа.xlsx", &to_xlsx(&SmallSchool::new().book()).unwrap());
    let options = Options {
        dry_run: true,
        ..Options::default()
    };
    let (report, counted) = world.harness.counted(run(&world, &path, &options)).await;
    let report = report.unwrap();
    assert_eq!(
        (
            report.pupils,
            report.lessons,
            report.applied,
            report.exit_code()
        ),
        (6, 82, false, 0)
    );
    assert_eq!((counted.commits, schools(&world).await), (0, 0));
}

#[tokio::test]
async fn a_file_is_applied_once_and_refused_the_second_time() {
    let world = World::sqlite().await;
    let folder = Folder::new();
    let path = folder.file("школа.xlsx", &to_xlsx(&SmallSchool::new().book()).unwrap());
    let report = run(&world, &path, &Options::default()).await.unwrap();
    assert_eq!(
        (report.applied, report.lessons, report.exit_code()),
        (true, LESSONS, 0)
    );
    assert_eq!(schools(&world).await, 1);
    let again = run(&world, &path, &Options::default()).await.unwrap();
    assert_eq!((again.applied, again.exit_code()), (false, 2));
    assert_eq!(again.errors[0].reason, "SCHOOL_EXISTS");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn the_json_has_exactly_the_promised_keys() {
    let world = World::sqlite().await;
    let folder = Folder::new();
    let mut school = SmallSchool::new();
    school.set(SheetKind::Pupils, "F", 2, "31.02.2015");
    let path = folder.file("школа.xlsx", &to_xlsx(&school.book()).unwrap());
    let report = run(&world, &path, &Options::default()).await.unwrap();
    assert_eq!(
        (report.applied, report.exit_code(), schools(&world).await),
        (false, 2, 0)
    );
    let json = serde_json::to_value(&report).unwrap();
    let keys = |value: &serde_json::Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    assert_eq!(
        keys(&json),
        [
            "applied",
            "classes",
            "errors",
            "guardians",
            "lessons",
            "loads",
            "pupils",
            "staff",
            "warnings",
            "weekly_lessons"
        ]
    );
    assert_eq!(
        keys(&json["errors"][0]),
        ["column", "hint", "reason", "row", "sheet", "value"]
    );
    assert_eq!(json["errors"][0]["sheet"], "Ученики");
    assert_eq!(json["errors"][0]["row"], 2);
}

#[tokio::test]
async fn refused_rows_are_skipped_when_that_is_asked_for() {
    let world = World::sqlite().await;
    let folder = Folder::new();
    let mut school = SmallSchool::new();
    school.set(SheetKind::Pupils, "F", 2, "31.02.2015");
    let path = folder.file("школа.xlsx", &to_xlsx(&school.book()).unwrap());
    let options = Options {
        skip_refused_rows: true,
        ..Options::default()
    };
    let report = run(&world, &path, &options).await.unwrap();
    assert_eq!(
        (
            report.applied,
            report.pupils,
            report.errors.len(),
            report.exit_code()
        ),
        (true, 5, 1, 0)
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_file_whose_process_died_is_gone_on_with() {
    let world = World::sqlite().await;
    let folder = Folder::new();
    let path = folder.file("школа.xlsx", &to_xlsx(&SmallSchool::new().book()).unwrap());
    world
        .schedule
        .fail_with((0..3).map(|_| tonic::Status::internal("away")));
    let options = Options {
        patience: Duration::from_millis(100),
        ..Options::default()
    };
    let report = run(&world, &path, &options).await.unwrap();
    assert_eq!((report.applied, report.exit_code()), (false, 1));
    let report = run(&world, &path, &Options::default()).await.unwrap();
    assert_eq!(
        (report.applied, report.lessons, report.exit_code()),
        (true, LESSONS, 0)
    );
    assert_eq!(schools(&world).await, 1);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn what_is_no_workbook_or_is_not_there_is_a_failure() {
    let world = World::sqlite().await;
    let folder = Folder::new();
    let pdf = folder.file("школа.pdf", b"%PDF-1.7 ...");
    let error = run(&world, &pdf, &Options::default()).await.unwrap_err();
    assert!(matches!(error, RunError::Workbook(_)), "{error}");
    let error = run(
        &world,
        &folder.0.path().join("нет.xlsx"),
        &Options::default(),
    )
    .await
    .unwrap_err();
    assert!(matches!(error, RunError::File(..)), "{error}");
}

#[tokio::test]
async fn a_demo_school_is_made_once_and_has_somebody_of_each_role() {
    let world = World::sqlite().await;
    let of = demo::Parameters::default();
    let seed = || {
        demo::seed(
            world.harness.cx(),
            world_config(),
            &of,
            Duration::from_secs(20),
        )
    };
    let made = seed().await.unwrap();
    assert!(!made.was_there);
    let roles: Vec<DemoRole> = made.people.iter().map(|one| one.role).collect();
    assert_eq!(
        roles,
        [
            DemoRole::Director,
            DemoRole::Deputy,
            DemoRole::Administrator,
            DemoRole::ClassTeacher,
            DemoRole::Teacher,
            DemoRole::Pupil,
            DemoRole::Guardian
        ]
    );
    assert_eq!(made.people[5].class_title, "11-А");
    let again = seed().await.unwrap();
    assert!(again.was_there && again.school_id == made.school_id);
    assert_eq!(
        (world.schedule.calls().len(), schools(&world).await),
        (1, 1)
    );
    world.harness.ignore_announced().await;
}

fn world_config() -> &'static Config {
    static CONFIG: std::sync::OnceLock<Config> = std::sync::OnceLock::new();
    CONFIG.get_or_init(config)
}
