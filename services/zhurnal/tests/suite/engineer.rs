//! What the school's engineer does by command line: install, check, save, restore; and what
//! the doctor says of a broken installation (R82).

use std::path::Path;
use std::process::Output;

use chassis::db::{Db, DbOptions};
use chassis::testing::eventually;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Served, zhurnal};

/// Exit code and lines of `doctor --json`.
fn doctor(data: &Path) -> (Option<i32>, Vec<Value>) {
    let output = zhurnal(&["doctor", "--json"], data).output().unwrap();
    let lines = serde_json::from_slice(&output.stdout);
    (
        output.status.code(),
        lines.unwrap_or_else(|error| panic!("{error}: {}", told(&output))),
    )
}

/// Checks with another verdict than `ok`, with what the doctor says.
fn complaints(data: &Path) -> Vec<(String, String)> {
    let (_, lines) = doctor(data);
    let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    let bad = lines.iter().filter(|line| line["verdict"] != "ok");
    bad.map(|line| (text(line, "check"), text(line, "detail")))
        .collect()
}

fn run(args: &[&str], data: &Path) -> String {
    let output = zhurnal(args, data).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", told(&output));
    told(&output)
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Classes of the school as the director sees them. After a restore accounts have no role
/// until identity has read roster's feed anew.
async fn classes(served: &Served, logins: &str) -> Value {
    eventually("the classes", async || {
        let director = served.try_log_in("director", logins).await.ok()?;
        let school = director.me["schoolId"].as_str()?;
        let found = director.get(&format!("/v1/schools/{school}/classes")).await;
        let classes = found
            .status
            .is_success()
            .then(|| found.body["classes"].clone())?;
        classes
            .as_array()
            .is_some_and(|all| !all.is_empty())
            .then_some(classes)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_is_made_saved_and_restored_by_command_line() {
    let (data, saved, restored) = (TempDir::new(), TempDir::new(), TempDir::new());
    let (data, saved, restored) = (data.unwrap(), saved.unwrap(), restored.unwrap());

    let (code, lines) = doctor(data.path());
    assert_eq!(code, Some(1), "nothing there yet is a warning: {lines:?}");
    run(&["migrate"], data.path());
    let only_key: Vec<String> = complaints(data.path())
        .into_iter()
        .map(|one| one.0)
        .collect();
    assert_eq!(only_key, ["token key"], "made at the first start");
    let logins = run(&["seed", "demo", "--pupils-per-class", "3"], data.path());
    let served = Served::start(data.path(), &[], "Журнал:").await;
    let before = classes(&served, &logins).await;
    assert_eq!(doctor(data.path()).0, Some(0), "beside the server");
    served.kill().await;

    copy(data.path(), saved.path());
    drop(data);
    copy(saved.path(), restored.path());
    let epochs = run(&["restored"], restored.path());
    for service in [
        "identity",
        "roster",
        "schedule",
        "grading",
        "notification",
        "reporting",
    ] {
        assert!(epochs.contains(&format!("{service}: e")), "{epochs}");
    }
    assert_eq!(complaints(restored.path()), []);
    let served = Served::start(restored.path(), &[], "Журнал:").await;
    assert_eq!(classes(&served, &logins).await, before);
    served.kill().await;
}

#[tokio::test]
async fn the_doctor_names_what_is_broken_and_the_program_does_not_start_on_it() {
    let data = TempDir::new().unwrap();
    run(&["migrate"], data.path());

    let typo = zhurnal(&["doctor"], data.path())
        .env("ZHURNAL__ROSTER__NONSENSE", "1")
        .output()
        .unwrap();
    assert_ne!(typo.status.code(), Some(0));
    assert!(
        told(&typo).to_lowercase().contains("nonsense"),
        "{}",
        told(&typo)
    );

    let url = format!("sqlite://{}", data.path().join("roster.db").display());
    let db = Db::connect(&url, &DbOptions::default()).await.unwrap();
    let uow = db.begin().await.unwrap();
    let newer =
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_of_tomorrow', 0)";
    uow.conn().execute_unprepared(newer).await.unwrap();
    uow.commit().await.unwrap();
    db.close().await.unwrap();
    std::fs::write(
        data.path().join("grading.db"),
        "not a database, but long enough to be read as one",
    )
    .unwrap();
    std::fs::write(data.path().join("token.pem"), "not a key").unwrap();

    assert_eq!(doctor(data.path()).0, Some(2));
    let found = complaints(data.path());
    for (check, hint) in [
        ("roster database", "m9999_of_tomorrow"),
        ("grading database", ""),
        ("token key", ""),
    ] {
        let named = found.iter().find(|one| one.0 == check);
        let detail = &named.unwrap_or_else(|| panic!("{check}: {found:?}")).1;
        assert!(detail.contains(hint), "{detail}");
    }
    assert_eq!(found.len(), 3, "{found:?}");
    let started = zhurnal(&["serve", "--http", "127.0.0.1:0"], data.path())
        .output()
        .unwrap();
    assert!(!started.status.success(), "{}", told(&started));
}
