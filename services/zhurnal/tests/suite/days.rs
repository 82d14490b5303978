//! A day is cancelled in one step: the family is told once, the diary shows it, and when it
//! is taken back the mark of that day is there again.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::school::{School, find, until};
use super::town::{Spread, Town};

/// Monday, 16 November 2026, 10:30 in Simferopol.
fn monday() -> Timestamp {
    "2026-11-16T07:30:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_day_in_one_process() {
    a_cancelled_day(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_day_in_a_cluster_on_postgresql_and_redis() {
    a_cancelled_day(Spread::Cluster).await;
}

async fn a_cancelled_day(spread: Spread) {
    let town = Town::start(spread, monday()).await;
    let school = School::open(&town).await;
    let algebra = school.journal("5-А", "Алгебра").await;
    until("the family knows its groups", async || {
        let week = diary(&school).await;
        (!states(&week).is_empty()).then_some(())
    })
    .await;
    mark_today(&school, &algebra).await;

    let path = school.path("dayChanges");
    let body =
        json!({"date": "2026-11-16", "kind": "DAY_CHANGE_KIND_CANCELLED", "reason": "Тревога"});
    assert_eq!(
        school.aliev.post(&path, body.clone()).await.refused().0,
        403
    );
    let made = school.deputy.post(&path, body).await.ok();
    let change = made["dayChange"].clone();
    assert!(change["lessonCount"].as_u64().unwrap() > 1, "{change}");
    until("the diary shows it", async || {
        let all = states(&diary(&school).await);
        all.iter().all(|cancelled| *cancelled).then_some(())
    })
    .await;
    let told = "16.11: уроков не будет. Тревога";
    for person in [&school.mother, &school.aliev] {
        until("the notice", async || {
            let notices = person.get("/v1/me/notices").await.ok();
            let all = notices["notices"].as_array()?.clone();
            let of_day = all.iter().filter(|one| one["text"] == told);
            (of_day.count() == 1).then_some(())
        })
        .await;
    }

    let id = change["dayChangeId"].as_str().unwrap();
    let undo = school.path(&format!("dayChanges/{id}:undo"));
    let body = json!({"etag": change["etag"]});
    let undone = school.deputy.post(&undo, body).await.ok();
    assert_eq!(undone["restoredCount"], change["lessonCount"]);
    until("the lessons and the mark are back", async || {
        let page = page_of(&school, &algebra).await;
        let column = find(&page["page"]["columns"], "date", "2026-11-16");
        let open = !column.to_string().contains("\"cancelled\":true");
        (open && page.to_string().contains("\"value\":\"5\"")).then_some(())
    })
    .await;
    town.stop().await;
}

async fn diary(school: &School) -> Value {
    let path = format!("/v1/pupils/{}/diaryWeek?date=2026-11-16", school.maria);
    school.mother.get(&path).await.ok()
}

/// Whether the lessons of Monday are cancelled in the diary.
fn states(week: &Value) -> Vec<bool> {
    let days = week["week"]["days"].as_array().cloned().unwrap_or_default();
    let monday = days.iter().find(|day| day["date"] == "2026-11-16");
    let lessons = monday.and_then(|day| day["lessons"].as_array().cloned());
    let lessons = lessons.unwrap_or_default();
    lessons.iter().map(|one| one["cancelled"] == true).collect()
}

async fn page_of(school: &School, journal: &str) -> Value {
    let path = format!("journals/{journal}/page?from=2026-11-16&to=2026-11-16");
    school.aliev.get(&school.path(&path)).await.ok()
}

async fn mark_today(school: &School, journal: &str) {
    let page = page_of(school, journal).await;
    let column = find(&page["page"]["columns"], "date", "2026-11-16");
    let path = school.path(&format!("journals/{journal}/marks:batchSet"));
    let operation = json!({"lessonId": column["lessonId"], "pupilId": school.maria, "slot": 1, "setMark": {"value": "5"}});
    let answer = school
        .aliev
        .post(&path, json!({"operations": [operation]}))
        .await
        .ok();
    let verdict = &answer["results"][0]["verdict"];
    assert_eq!(verdict, "MARK_VERDICT_APPLIED", "{answer}");
}
