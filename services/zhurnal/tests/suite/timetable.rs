//! The timetable of a class is changed and approved: journal and diary follow, and what
//! has been recorded stays.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::browser::Browser;
use super::school::{School, find, until};
use super::town::{Spread, Town};

/// Monday, 16 November 2026, 10:30 in Simferopol.
fn monday() -> Timestamp {
    "2026-11-16T07:30:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_timetable_in_one_process() {
    a_new_timetable(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_timetable_in_a_cluster_on_postgresql_and_redis() {
    a_new_timetable(Spread::Cluster).await;
}

async fn a_new_timetable(spread: Spread) {
    let town = Town::start(spread, monday()).await;
    let school = School::open(&town).await;
    let algebra = school.journal("5-А", "Алгебра").await;
    let before = columns(&school, &algebra).await;
    let today = find(&before, "date", "2026-11-16")["lessonId"].clone();
    let next_monday = find(&before, "date", "2026-11-23")["lessonId"].clone();
    mark_today(&school, &algebra, &today).await;

    let draft = the_deputy_makes_a_draft(&school).await;
    the_director_approves_it(&school, &draft).await;

    // Tuesday's lesson is on Wednesdays now; Monday's is the third and keeps its id.
    let after = until("the journal follows", async || {
        let now = columns(&school, &algebra).await;
        let has = |date: &str| now.as_array().unwrap().iter().any(|c| c["date"] == *date);
        (has("2026-11-18") && !has("2026-11-17")).then_some(now)
    })
    .await;
    let monday = find(&after, "date", "2026-11-23");
    assert_eq!(
        (&monday["lessonId"], &monday["lessonNumber"]),
        (&next_monday, &json!(3))
    );
    let now = find(&after, "date", "2026-11-16");
    assert_eq!(
        (&now["lessonId"], &now["lessonNumber"]),
        (&today, &json!(1))
    );

    the_diary_follows_and_the_mark_is_there(&school).await;
    the_timetable_shows_each_date(&school).await;
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
    assert_eq!(
        answer["results"][0]["verdict"], "MARK_VERDICT_APPLIED",
        "{answer}"
    );
}

/// Algebra of 5-А: Tuesday's lesson to Wednesday, Monday's to the third place.
async fn the_deputy_makes_a_draft(school: &School) -> Value {
    let path = school.path("timetables");
    let versions = school.deputy.get(&path).await.ok();
    let imported = &versions["timetables"][0];
    assert_eq!(
        (&imported["number"], &imported["validFrom"]),
        (&json!(1), &json!("2026-09-01"))
    );
    let copy = json!({"sourceTimetableId": imported["timetableId"], "title": "С ноября"});
    let teacher = school.aliev.post(&path, copy.clone()).await;
    assert_eq!(teacher.refused().0, 403);
    let made = school.deputy.post(&path, copy).await.ok();
    let draft = made["timetable"].clone();
    let one = format!("{path}/{}", draft["timetableId"].as_str().unwrap());

    let shown = school.aliev.get(&one).await.ok();
    let lesson = |weekday: u64| {
        let all = shown["entries"].as_array().unwrap();
        let found = all.iter().find(|e| {
            e["groupTitle"] == "5-А" && e["subjectTitle"] == "Алгебра" && e["weekday"] == weekday
        });
        found.unwrap()["timetableEntryId"].clone()
    };
    let step = |entry: Value, weekday: u64, number: u64| json!({"move": {"timetableEntryId": entry, "weekday": weekday, "lessonNumber": number}});
    let change = |operations: Value| json!({"etag": draft["etag"], "operations": operations});
    let path = format!("{one}:change");

    // Both halves of the class are at informatics then.
    let clash = school
        .deputy
        .post(&path, change(json!([step(lesson(1), 1, 2)])))
        .await
        .ok();
    until("both conflicts with the whole class", async || {
        let now = school.deputy.get(&one).await.ok();
        let all = now["check"]["conflicts"].as_array()?.iter();
        let pupils = all.filter(|one| one["kind"] == "TIMETABLE_CONFLICT_KIND_PUPILS_BUSY");
        (pupils.count() == 2 && now["check"]["errorCount"] == 2).then_some(())
    })
    .await;

    let stale = school
        .deputy
        .post(&path, change(json!([step(lesson(2), 3, 1)])))
        .await;
    assert_eq!(stale.refused(), (412, "ETAG_STALE".into()));
    let seen = clash["timetable"]["etag"].clone();
    let operations = json!([step(lesson(2), 3, 1), step(lesson(1), 1, 3)]);
    let body = json!({"etag": seen, "operations": operations});
    let changed = school.deputy.post(&path, body).await.ok();
    assert_eq!(
        changed["check"]["errorCount"].as_u64().unwrap_or(0),
        0,
        "{changed}"
    );
    changed["timetable"].clone()
}

async fn the_director_approves_it(school: &School, draft: &Value) {
    let one = school.path(&format!(
        "timetables/{}",
        draft["timetableId"].as_str().unwrap()
    ));
    let approval = |day: &str| json!({"etag": draft["etag"], "validFrom": day});
    let path = format!("{one}:approve");
    let deputy = school.deputy.post(&path, approval("2026-11-17")).await;
    assert_eq!(deputy.refused().0, 403, "the director approves");
    let today = school.director.post(&path, approval("2026-11-16")).await;
    assert_eq!(today.refused().1, "TIMETABLE_TOO_EARLY");
    let effect = format!("{one}/effect?validFrom=2026-11-17");
    let told = school.director.get(&effect).await.ok();
    let done = school
        .director
        .post(&path, approval("2026-11-17"))
        .await
        .ok();
    assert_eq!(told["effect"], done["effect"]);
    // Six Mondays to 28 December; seven Tuesdays go, seven Wednesdays come.
    let effect = &done["effect"];
    assert_eq!(
        (&effect["changed"], &effect["removed"], &effect["added"]),
        (&json!(6), &json!(7), &json!(7))
    );
    assert_eq!(done["timetable"]["state"], "TIMETABLE_STATE_APPROVED");
}

async fn the_diary_follows_and_the_mark_is_there(school: &School) {
    let path = format!("/v1/pupils/{}/diaryWeek?date=2026-11-16", school.maria);
    // A day without lessons is not in the week.
    let algebra_on = |week: &Value, date: &str| {
        let days = week["week"]["days"].as_array().unwrap();
        let day = days.iter().find(|day| day["date"] == *date)?;
        let mut lessons = day["lessons"].as_array()?.iter();
        lessons
            .find(|lesson| lesson["subjectTitle"] == "Алгебра")
            .cloned()
    };
    let week = until("the diary follows", async || {
        let week = school.mother.get(&path).await.ok();
        algebra_on(&week, "2026-11-18").is_some().then_some(week)
    })
    .await;
    assert_eq!(algebra_on(&week, "2026-11-17"), None, "{week}");
    let monday = algebra_on(&week, "2026-11-16").unwrap();
    assert_eq!(monday["cell"]["marks"][0]["value"], "5", "{monday}");
}

async fn the_timetable_shows_each_date(school: &School) {
    let on = async |by: &Browser, date: &str| {
        let path = format!("timetable?classId={}&date={date}", school.class_5a);
        by.get(&school.path(&path)).await.ok()
    };
    let old = on(&school.aliev, "2026-11-16").await;
    let new = on(&school.aliev, "2026-11-17").await;
    assert_eq!(
        (&old["timetable"]["number"], &new["timetable"]["number"]),
        (&json!(1), &json!(2))
    );
    assert!(
        new["entries"]
            .as_array()
            .unwrap()
            .iter()
            .any(|e| e["weekday"] == 3)
    );
    let room = school.path("timetable?room=каб.%2012&date=2026-11-17");
    let room = school.gonchar.get(&room).await.ok();
    assert_eq!(room["entries"].as_array().unwrap().len(), 3, "{room}");
    let family = school.mother.get(&school.path("timetables")).await;
    assert_eq!(family.refused().0, 403);
}
