//! A school leaves as a file and comes in again as another system's, through the gateway.

use jiff::{SignedDuration, Timestamp};
use roster::testing::{ForeignPackage, without_ids};
use serde_json::json;
use zhurnal::suite;

use super::browser::Browser;
use super::program::zhurnal;
use super::school::{School, until};
use super::town::{Spread, Town};

fn september() -> Timestamp {
    "2026-09-07T09:00:00Z".parse().unwrap()
}

fn path(school: &str, format: &str) -> String {
    format!("/v1/schools/{school}:export?format=SCHOOL_EXPORT_FORMAT_{format}")
}

/// The bytes of a school's file.
pub async fn taken(by: &Browser, school: &str, format: &str) -> Vec<u8> {
    let (status, kind, bytes) = by.download(&path(school, format)).await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(status.is_success(), "{status}: {text}");
    let wanted = match format {
        "WORKBOOK" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/zip",
    };
    assert_eq!(kind, wanted);
    bytes
}

/// The administrator of an installation without schools.
async fn newcomer(town: &Town) -> Browser {
    let identity = suite::identity(town.host_of("identity")).unwrap();
    let code = identity.administrator_code().await.unwrap();
    Browser::register(town.http, &code, "chief").await
}

/// A file becomes a school.
async fn brought(chief: &Browser, bytes: Vec<u8>) -> String {
    let path = "/v1/schoolImports:upload?fileName=school.zip";
    let checked = chief.upload(path, bytes).await.ok();
    let import = &checked["schoolImport"];
    assert_eq!(import["state"], "SCHOOL_IMPORT_STATE_CHECKED", "{import}");
    let import = format!(
        "/v1/schoolImports/{}",
        import["schoolImportId"].as_str().unwrap()
    );
    chief.post(&format!("{import}:apply"), json!({})).await.ok();
    until("the import", async || {
        let now = chief.get(&import).await.ok()["schoolImport"].clone();
        assert_ne!(now["state"], "SCHOOL_IMPORT_STATE_FAILED", "{now}");
        let done = now["state"] == "SCHOOL_IMPORT_STATE_APPLIED";
        done.then(|| now["schoolId"].as_str().unwrap().to_owned())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_leaves_and_comes_in_again_in_both_forms() {
    let town = Town::start(Spread::Embedded, september()).await;
    let school = School::open(&town).await;
    for caller in [&school.deputy, &school.aliev, &school.mother] {
        let refused = caller.get(&path(&school.id, "WORKBOOK")).await.refused();
        assert_eq!(refused, (403, "PERMISSION_DENIED".to_owned()));
    }
    let unknown = school.director.get(&path(&school.id, "PAPER")).await;
    assert_eq!(unknown.refused().0, 400);
    town.clock.advance(SignedDuration::from_mins(10));
    let unproved = school.director.get(&path(&school.id, "ONEROSTER")).await;
    assert_eq!(unproved.refused(), (403, "STEP_UP_REQUIRED".to_owned()));
    school.director.step_up().await;
    let workbook = taken(&school.director, &school.id, "WORKBOOK").await;
    let package = taken(&school.director, &school.id, "ONEROSTER").await;
    the_family_sees_it(&school).await;
    town.stop().await;

    let town = Town::start(Spread::Embedded, september()).await;
    let chief = newcomer(&town).await;
    let again = brought(&chief, workbook.clone()).await;
    assert!(
        workbook == taken(&chief, &again, "WORKBOOK").await,
        "the same workbook"
    );
    town.stop().await;

    let town = Town::start(Spread::Embedded, september()).await;
    let chief = newcomer(&town).await;
    let again = brought(&chief, package.clone()).await;
    let back = taken(&chief, &again, "ONEROSTER").await;
    assert_eq!(without_ids(&package).unwrap(), without_ids(&back).unwrap());
    town.stop().await;
}

async fn the_family_sees_it(school: &School) {
    let log = format!("/v1/pupils/{}/looks", school.maria);
    let look = until("the look of the export", async || {
        let looks = school.mother.get(&log).await.ok()["looks"].clone();
        let mut looks = looks.as_array()?.clone().into_iter();
        looks.find(|look| look["record"] == "LOOK_RECORD_EXPORT")
    })
    .await;
    assert_eq!(look["subject"], "LOOK_SUBJECT_SCHOOL", "{look}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_of_another_system_becomes_a_school_in_a_cluster() {
    let town = Town::start(Spread::Cluster, september()).await;
    let chief = newcomer(&town).await;
    let school = brought(&chief, ForeignPackage::new().bytes().unwrap()).await;
    let pupils = chief
        .get(&format!("/v1/schools/{school}/pupils"))
        .await
        .ok();
    assert_eq!(pupils["pupils"].as_array().unwrap().len(), 3, "{pupils}");
    let package = taken(&chief, &school, "ONEROSTER").await;
    let files = roster::testing::files(&package).unwrap();
    assert!(files["users.csv"].contains("Аблаева"));
    town.stop().await;
}

#[test]
fn the_command_line_takes_a_school_from_one_folder_to_another() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let run = |args: &[&str], data: &str| {
        let output = zhurnal(args, &folder.path().join(data)).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), told)
    };
    std::fs::write(at("first.xlsx"), super::school::workbook()).unwrap();
    let import = |file: &str, data: &str| {
        let done = run(&["import", "school", &at(file)], data);
        assert_eq!(done.0, Some(0), "{done:?}");
    };
    let export = |format: &str, file: &str, data: &str| {
        let args = ["export", "school", "--format", format, "--out", &at(file)];
        run(&args, data)
    };
    import("first.xlsx", "one");
    for (format, file) in [("workbook", "left.xlsx"), ("oneroster", "left.zip")] {
        let done = export(format, file, "one");
        assert_eq!(done.0, Some(0), "{done:?}");
    }
    let again = export("workbook", "left.xlsx", "one");
    assert_eq!(again.0, Some(1), "a file that is there stays: {again:?}");
    import("left.xlsx", "two");
    export("workbook", "back.xlsx", "two");
    let bytes = |file: &str| std::fs::read(at(file)).unwrap();
    assert!(bytes("left.xlsx") == bytes("back.xlsx"));
    import("left.zip", "three");
    let none = export("oneroster", "none.zip", "four");
    assert_eq!(none.0, Some(1), "no school is there: {none:?}");
}
