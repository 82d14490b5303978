//! The deputy changes the calendar of the year: the journal and the diary follow, what is
//! recorded stays, and the director approves it by its day.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::school::{School, find, until};
use super::town::{Spread, Town};

/// Monday, 16 November 2026, 10:30 in Simferopol.
fn monday() -> Timestamp {
    "2026-11-16T07:30:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_school_year_in_one_process() {
    a_changed_school_year(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_school_year_in_a_cluster_on_postgresql_and_redis() {
    a_changed_school_year(Spread::Cluster).await;
}

async fn a_changed_school_year(spread: Spread) {
    let town = Town::start(spread, monday()).await;
    let school = School::open(&town).await;
    let algebra = school.journal("5-А", "Алгебра").await;
    let before = columns(&school, &algebra).await;
    let today = find(&before, "date", "2026-11-16")["lessonId"].clone();
    mark_today(&school, &algebra, &today).await;
    let document = the_deputy_sets_the_day(&school).await;

    let year = school.aliev.get(&school.path("schoolYear")).await.ok();
    let year = year["schoolYear"].clone();
    assert_eq!(year["changesFrom"], "2026-11-17");
    assert_eq!(year["studyDocument"], document);
    let family = school.mother.get(&school.path("schoolYear")).await;
    assert_eq!(family.refused().0, 403);
    the_past_is_refused(&school, &year).await;
    let saved = the_deputy_saves(&school, &year).await;

    until("the journal follows", async || {
        let now = columns(&school, &algebra).await;
        let has = |date: &str| now.as_array().unwrap().iter().any(|c| c["date"] == *date);
        (!has("2026-11-23") && has("2026-11-24")).then_some(())
    })
    .await;
    let now = columns(&school, &algebra).await;
    assert_eq!(find(&now, "date", "2026-11-16")["lessonId"], today);
    the_diary_names_the_day(&school).await;
    the_director_approves(&school, &saved["studyDocument"]).await;
    town.stop().await;
}

async fn columns(school: &School, journal: &str) -> Value {
    let path = format!("journals/{journal}/page?from=2026-11-16&to=2026-11-29");
    let page = school.aliev.get(&school.path(&path)).await.ok();
    page["page"]["columns"].clone()
}

async fn mark_today(school: &School, journal: &str, lesson: &Value) {
    let path = school.path(&format!("journals/{journal}/marks:batchSet"));
    let operation =
        json!({"lessonId": lesson, "pupilId": school.maria, "slot": 1, "setMark": {"value": "5"}});
    let body = json!({"operations": [operation]});
    let answer = school.aliev.post(&path, body).await.ok();
    let verdict = &answer["results"][0]["verdict"];
    assert_eq!(verdict, "MARK_VERDICT_APPLIED", "{answer}");
}

/// The day by which the director is to approve; it has passed.
async fn the_deputy_sets_the_day(school: &School) -> Value {
    let path = school.path("studyDocuments:save");
    let body = json!({"kind": "STUDY_DOCUMENT_KIND_CALENDAR", "approveBy": "2026-11-15"});
    let draft = school.deputy.post(&path, body).await.ok()["studyDocument"].clone();
    assert_eq!(draft["overdue"], true);
    draft
}

/// A request that saves the year with another day off and a shortened day.
fn body(year: &Value, day_off: &str) -> Value {
    let calendar = &year["calendar"];
    let period = |one: &Value| {
        let fields = [
            "periodId",
            "title",
            "kind",
            "startsOn",
            "endsOn",
            "gradeFrom",
            "gradeTo",
        ];
        let pairs = fields.map(|name| (name.to_owned(), one[name].clone()));
        Value::Object(pairs.into_iter().collect())
    };
    let periods = calendar["periods"].as_array().unwrap();
    let mut days_off = calendar["daysOff"].as_array().unwrap().clone();
    days_off.push(json!({"date": day_off, "title": "День школы"}));
    json!({
        "periods": periods.iter().map(period).collect::<Vec<_>>(),
        "daysOff": days_off,
        "shortenedDays": [{"date": "2026-11-24", "title": "Собрание", "lessonMinutes": 30}],
        "etag": year["studyDocument"]["etag"],
    })
}

async fn the_past_is_refused(school: &School, year: &Value) {
    let request = body(year, "2026-11-16");
    let last = request["daysOff"].as_array().unwrap().len() - 1;
    for action in ["preview", "save"] {
        let path = school.path(&format!("schoolYear:{action}"));
        let mut request = request.clone();
        if action == "preview" {
            request.as_object_mut().unwrap().remove("etag");
        }
        let answer = school.deputy.post(&path, request).await;
        assert_eq!(answer.status.as_u16(), 400, "{}", answer.body);
        let told = answer.body["errors"].to_string();
        assert!(
            told.contains(&format!("[{last}]")) || told.contains(&format!("/{last}")),
            "{told}"
        );
        assert!(told.contains("PAST"), "{told}");
    }
}

async fn the_deputy_saves(school: &School, year: &Value) -> Value {
    let request = body(year, "2026-11-23");
    let path = school.path("schoolYear:save");
    let teacher = school.aliev.post(&path, request.clone()).await;
    assert_eq!(teacher.refused().0, 403);
    let mut look = request.clone();
    look.as_object_mut().unwrap().remove("etag");
    let preview = school.path("schoolYear:preview");
    let told = school.deputy.post(&preview, look).await.ok();
    let done = school.deputy.post(&path, request.clone()).await.ok();
    assert_eq!(told["effect"], done["effect"]);
    // Algebra and two halves of informatics go; two lessons of Tuesday are shorter.
    let effect = &done["effect"];
    assert_eq!(
        (&effect["removed"], &effect["changed"], &effect["added"]),
        (&json!(3), &json!(2), &Value::Null)
    );
    let stale = school.deputy.post(&path, request).await;
    assert_eq!(stale.refused(), (412, "ETAG_STALE".into()));
    let path = school.path("lessons?from=2026-11-24&to=2026-11-24&pageSize=50");
    let lessons = school.deputy.get(&path).await.ok();
    let algebra = find(&lessons["lessons"], "groupTitle", "5-А");
    assert_eq!(
        (&algebra["startsAt"], &algebra["endsAt"]),
        (&json!("08:00"), &json!("08:30"))
    );
    done["schoolYear"].clone()
}

async fn the_diary_names_the_day(school: &School) {
    let path = format!("/v1/pupils/{}/diaryWeek?date=2026-11-23", school.maria);
    until("the diary names the day off", async || {
        let week = school.mother.get(&path).await.ok();
        let days = week["week"]["days"].as_array()?.clone();
        let day = days.into_iter().find(|day| day["date"] == "2026-11-23")?;
        let empty = day["lessons"].as_array().is_none_or(Vec::is_empty);
        (empty && day["dayOffTitle"] == "День школы").then_some(())
    })
    .await;
    let path = format!("/v1/pupils/{}/diaryWeek?date=2026-11-16", school.maria);
    let week = school.mother.get(&path).await.ok();
    assert!(week.to_string().contains("\"value\":\"5\""), "{week}");
}

async fn the_director_approves(school: &School, document: &Value) {
    assert_eq!(document["etag"], "v2");
    let id = document["studyDocumentId"].as_str().unwrap();
    let path = school.path(&format!("studyDocuments/{id}"));
    let approve = format!("{path}:approve");
    let request = json!({"etag": document["etag"]});
    let deputy = school.deputy.post(&approve, request.clone()).await;
    assert_eq!(deputy.refused().0, 403, "the director approves");
    let done = school.director.post(&approve, request).await.ok();
    assert_eq!(
        done["studyDocument"]["state"],
        "STUDY_DOCUMENT_STATE_APPROVED"
    );
    let kept = school.director.get(&path).await.ok();
    find(&kept["calendar"]["daysOff"], "date", "2026-11-23");
}
