//! The year is closed and the next opened, and every service follows; undone, every
//! service is where it was.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::exports::taken;
use super::school::{School, codes, find, until};
use super::town::{Spread, Town};

/// Monday, 30 August 2027: the lessons of 2026/2027 are long over.
pub fn last_days() -> Timestamp {
    "2027-08-30T09:00:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_is_rolled_over_in_one_process() {
    a_year_is_rolled_over(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_is_rolled_over_in_a_cluster_on_postgresql_and_redis() {
    a_year_is_rolled_over(Spread::Cluster).await;
}

async fn a_year_is_rolled_over(spread: Spread) {
    let town = Town::start(spread, last_days()).await;
    let school = School::open(&town).await;
    let saved = planned(&school).await;
    assert!(
        saved["obstacles"].as_array().is_none_or(Vec::is_empty),
        "{saved}"
    );
    assert_eq!(saved["diff"]["promoted"], 6);

    let before = exports(&school).await;
    let applied = act(&school, "apply", &saved).await;
    let class_6a = find(&applied["plan"]["nextClasses"], "title", "6-А")["classId"].clone();
    let class_6a = class_6a.as_str().unwrap().to_owned();
    identity_knows(&school, &class_6a, true).await;
    assert_eq!(diary(&school, "2027-08-30").await, "5-А", "until the day");

    let undone = act(&school, "undo", &applied).await;
    identity_knows(&school, &class_6a, false).await;
    let classes = school.chief.get(&school.path("classes")).await.ok();
    find(&classes["classes"], "title", "5-А");
    assert!(before == exports(&school).await, "the same school leaves");

    act(&school, "apply", &undone).await;
    identity_knows(&school, &class_6a, true).await;
    town.clock.advance(SignedDuration::from_hours(48));
    until("grading has her in 6-А", async || {
        (diary(&school, "2027-09-01").await == "6-А").then_some(())
    })
    .await;
    let parents = json!({"audience": "AUDIENCE_CLASS_PUPILS", "classId": class_6a});
    school.aliev.step_up().await;
    let parents = codes(&school.aliev, &school.id, parents, 1).await;
    assert!(
        parents.contains_key("Кузнецов"),
        "the class teacher gives codes to the class: {parents:?}"
    );
    let timetable = school.path(&format!(
        "lessons?from=2027-09-01&to=2027-09-05&classId={class_6a}"
    ));
    let lessons = school.aliev.get(&timetable).await.ok();
    assert!(
        lessons["lessons"].as_array().is_none_or(Vec::is_empty),
        "no plan of the new year yet: {lessons}"
    );
    town.stop().await;
}

/// A plan of the rollover as it is drafted.
pub async fn planned(school: &School) -> Value {
    let path = school.path("rollover");
    let drafted = school.chief.get(&path).await.ok()["rollover"].clone();
    let put = json!({"academicYear": "2026/2027", "plan": drafted["plan"]});
    school.chief.put(&path, put).await.ok()["rollover"].clone()
}

/// The school in both forms.
async fn exports(school: &School) -> [Vec<u8>; 2] {
    school.chief.step_up().await;
    let workbook = taken(&school.chief, &school.id, "WORKBOOK").await;
    [
        workbook,
        taken(&school.chief, &school.id, "ONEROSTER").await,
    ]
}

/// Applies or undoes a rollover on the last days of the year.
pub async fn act(school: &School, verb: &str, rollover: &Value) -> Value {
    let words = json!({"academicYear": rollover["academicYear"], "etag": rollover["etag"],
        "date": "2027-08-30", "basis": "Решение педагогического совета"});
    let answer = school
        .chief
        .post(&school.path(&format!("rollover:{verb}")), words)
        .await;
    answer.ok()["rollover"].clone()
}

/// The class teacher sees the class in the counts of codes, or does not.
async fn identity_knows(school: &School, class: &str, there: bool) {
    let path = school.path(&format!("invitations?classId={class}"));
    until("identity hears of the class", async || {
        let known = school.aliev.get(&path).await.status == 200;
        (known == there).then_some(())
    })
    .await;
}

/// The class that the diary of a week names, to the mother.
async fn diary(school: &School, date: &str) -> String {
    let path = format!("/v1/pupils/{}/diaryWeek?date={date}", school.maria);
    let week = school.mother.get(&path).await.ok()["week"].clone();
    week["classTitle"].as_str().unwrap_or_default().to_owned()
}
