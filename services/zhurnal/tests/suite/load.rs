//! The load changes during the year: the journal opens for the new teacher, the timetable
//! follows by a draft; curriculum, load and tariff order are approved by the director.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::school::{School, find, until};
use super::town::{Spread, Town};

/// Monday, 16 November 2026, 10:30 in Simferopol.
fn monday() -> Timestamp {
    "2026-11-16T07:30:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_changes_during_the_year_in_one_process() {
    a_load_changes_during_the_year(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_changes_during_the_year_in_a_cluster_on_postgresql_and_redis() {
    a_load_changes_during_the_year(Spread::Cluster).await;
}

async fn a_load_changes_during_the_year(spread: Spread) {
    let town = Town::start(spread, monday()).await;
    let school = School::open(&town).await;
    let algebra = school.journal("5-А", "Алгебра").await;
    the_curriculum_is_approved_and_tells_what_is_missing(&school).await;
    let load = the_load_is_approved_and_an_order_rests_on_it(&school).await;

    let before = school.gonchar.get(&school.path("journals")).await.ok();
    assert!(!has_journal(&before, &algebra), "{before}");
    let draft = another_teacher_from_today(&school, &load).await;
    until("the new teacher has the journal", async || {
        let now = school.gonchar.get(&school.path("journals")).await.ok();
        has_journal(&now, &algebra).then_some(())
    })
    .await;
    the_lessons_follow_when_the_draft_is_approved(&school, &draft).await;
    let documents = school.director.get(&school.path("studyDocuments")).await;
    let documents = documents.ok();
    let newest = find(
        &documents["studyDocuments"],
        "kind",
        "STUDY_DOCUMENT_KIND_TEACHING_LOAD",
    );
    assert_eq!(
        (&newest["number"], &newest["state"]),
        (&json!(2), &json!("STUDY_DOCUMENT_STATE_DRAFT"))
    );
    town.stop().await;
}

fn has_journal(answer: &Value, journal: &str) -> bool {
    let journals = answer["journals"].as_array();
    journals.is_some_and(|all| all.iter().any(|one| one["journalId"] == journal))
}

async fn saved(school: &School, body: Value) -> Value {
    let path = school.path("studyDocuments:save");
    let teacher = school.aliev.post(&path, body.clone()).await;
    assert_eq!(teacher.refused().0, 403);
    school.deputy.post(&path, body).await.ok()["studyDocument"].clone()
}

async fn approved(school: &School, document: &Value) -> Value {
    let id = document["studyDocumentId"].as_str().unwrap();
    let path = school.path(&format!("studyDocuments/{id}:approve"));
    let body = json!({"etag": document["etag"]});
    let deputy = school.deputy.post(&path, body.clone()).await;
    assert_eq!(deputy.refused().0, 403, "the director approves");
    let done = school.director.post(&path, body).await.ok();
    assert_eq!(
        done["studyDocument"]["state"],
        "STUDY_DOCUMENT_STATE_APPROVED"
    );
    done["studyDocument"].clone()
}

async fn the_curriculum_is_approved_and_tells_what_is_missing(school: &School) {
    let line = json!({"grade": 5, "subjectTitle": "Алгебра", "weeklyHoursHundredths": 900});
    let body = json!({"kind": "STUDY_DOCUMENT_KIND_CURRICULUM", "approveBy": "2026-11-15", "curriculumLines": [line]});
    let draft = saved(school, body).await;
    assert_eq!(draft["overdue"], true);
    approved(school, &draft).await;
    let summary = school.deputy.get(&school.path("loadSummary")).await.ok();
    let class = find(&summary["classes"], "title", "5-А");
    let algebra = find(&class["subjects"], "subjectTitle", "Алгебра");
    let hours = |name: &str| algebra[name].as_u64().unwrap_or(0);
    assert!(hours("missingHoursHundredths") > 0, "{class}");
    assert_eq!(
        hours("missingHoursHundredths") + hours("leastHoursHundredths"),
        900
    );
}

async fn the_load_is_approved_and_an_order_rests_on_it(school: &School) -> Value {
    let load = saved(school, json!({"kind": "STUDY_DOCUMENT_KIND_TEACHING_LOAD"})).await;
    let load = approved(school, &load).await;
    let body = json!({"kind": "STUDY_DOCUMENT_KIND_TARIFF", "orderNumber": "41-к", "orderedOn": "2026-11-16"});
    let order = saved(school, body).await;
    let order = approved(school, &order).await;
    let id = order["studyDocumentId"].as_str().unwrap();
    let path = school.path(&format!("studyDocuments/{id}"));
    let whole = school.director.get(&path).await.ok();
    let loads = whole["loads"].as_array().unwrap();
    assert!(
        loads.iter().any(|one| one["groupTitle"] == "5-А"),
        "{whole}"
    );
    load
}

/// Algebra of 5-А goes from Алиев to Гончар today; the draft of the timetable.
async fn another_teacher_from_today(school: &School, load: &Value) -> Value {
    let id = load["studyDocumentId"].as_str().unwrap();
    let path = school.path(&format!("studyDocuments/{id}"));
    let whole = school.deputy.get(&path).await.ok();
    let loads = whole["loads"].as_array().unwrap();
    let algebra = loads
        .iter()
        .find(|one| one["groupTitle"] == "5-А" && one["teachingLoad"]["subjectTitle"] == "Алгебра");
    let algebra = &algebra.unwrap()["teachingLoad"];
    let change = json!({"teachingLoadId": algebra["teachingLoadId"], "from": "2026-11-16", "teacherId": gonchar(school).await});
    let body =
        json!({"etag": load["etag"], "draftTimetable": true, "operations": [{"change": change}]});
    let path = school.path("teachingLoads:change");
    let answer = school.deputy.post(&path, body).await.ok();
    let told = answer["teachingLoads"].as_array().unwrap();
    assert_eq!(
        (&told[0]["endsOn"], &told[1]["startsOn"]),
        (&json!("2026-11-15"), &json!("2026-11-16"))
    );
    answer["timetable"].clone()
}

async fn gonchar(school: &School) -> Value {
    let staff = school.deputy.get(&school.path("staff?pageSize=100")).await;
    let staff = staff.ok();
    let all = staff["staff"].as_array().unwrap();
    let found = all.iter().find(|one| one["name"]["surname"] == "Гончар");
    found.unwrap()["personId"].clone()
}

async fn the_lessons_follow_when_the_draft_is_approved(school: &School, draft: &Value) {
    let id = draft["timetableId"].as_str().unwrap();
    let path = school.path(&format!("timetables/{id}:approve"));
    let body = json!({"etag": draft["etag"], "validFrom": "2026-11-17"});
    school.director.post(&path, body).await.ok();
    let path = school.path(&format!(
        "lessons?from=2026-11-16&to=2026-11-23&classId={}&pageSize=500",
        school.class_5a
    ));
    let lessons = school.deputy.get(&path).await.ok();
    let teacher = |date: &str| {
        let all = lessons["lessons"].as_array().unwrap();
        let found = all
            .iter()
            .find(|one| one["date"] == date && one["subjectTitle"] == "Алгебра");
        found.unwrap()["teacherId"].clone()
    };
    let new = gonchar(school).await;
    assert_eq!(teacher("2026-11-23"), new);
    assert_ne!(teacher("2026-11-16"), new, "what was stays");
}
