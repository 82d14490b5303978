//! The class teacher publishes an event: the family of the class sees it and is told, nobody
//! else; it is cancelled and stays to be seen. A remote day is seen in the diary.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::school::{School, until};
use super::town::{Spread, Town};

/// Monday, 16 November 2026, 10:30 in Simferopol.
fn monday() -> Timestamp {
    "2026-11-16T07:30:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_a_class_in_one_process() {
    an_event_of_a_class(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_a_class_in_a_cluster_on_postgresql_and_redis() {
    an_event_of_a_class(Spread::Cluster).await;
}

async fn an_event_of_a_class(spread: Spread) {
    let town = Town::start(spread, monday()).await;
    let school = School::open(&town).await;
    let events = school.path("events");
    let excursion = json!({"content": {
        "kind": "SCHOOL_EVENT_KIND_ACTIVITY", "title": "Экскурсия", "startsOn": "2026-11-20",
        "startsAt": "13:00", "endsAt": "15:00", "place": "Музей",
        "audience": "SCHOOL_EVENT_AUDIENCE_CLASSES", "classIds": [school.class_5a],
    }});
    until("schedule knows the class teacher", async || {
        let month = school.aliev.get(&month(&school, "events")).await.ok();
        (month["ownClassIds"] == json!([school.class_5a])).then_some(())
    })
    .await;
    let denied = school.gonchar.post(&events, excursion.clone()).await;
    assert_eq!(denied.refused().0, 403);
    let draft = school.aliev.post(&events, excursion).await.ok();
    let draft = &draft["schoolEvent"];
    until("the family may read, and sees no draft", async || {
        let answer = seen(&school).await?;
        assert_eq!(answer, Vec::<Value>::new());
        Some(())
    })
    .await;

    let wanted =
        json!({"schoolEvents": [{"schoolEventId": draft["schoolEventId"], "etag": draft["etag"]}]});
    let path = school.path("events:publish");
    let published = school.aliev.post(&path, wanted).await.ok();
    let event = &published["schoolEvents"][0];
    until("the family sees it", async || {
        let found = seen(&school).await?;
        (found.len() == 1 && found[0]["state"] == "SCHOOL_EVENT_STATE_PUBLISHED").then_some(())
    })
    .await;
    notice(&school, "20.11, 13:00: Экскурсия (Музей)").await;
    // Another family's child is unknown to the mother.
    let foreign = month(&school, &format!("pupils/{}/events", school.pyotr));
    assert_eq!(school.mother.get(&foreign).await.refused().0, 404);

    let id = event["schoolEventId"].as_str().unwrap();
    let path = school.path(&format!("events/{id}:cancel"));
    let body = json!({"reason": "Дождь", "etag": event["etag"]});
    school.deputy.post(&path, body).await.ok();
    notice(&school, "Отменено. 20.11, 13:00: Экскурсия. Дождь").await;
    let found = seen(&school).await.unwrap();
    assert_eq!(found[0]["cancelReason"], "Дождь");

    remote_day(&school).await;
    town.stop().await;
}

/// The mother's view of November; nothing while schedule does not know her.
async fn seen(school: &School) -> Option<Vec<Value>> {
    let path = month(school, &format!("pupils/{}/events", school.maria));
    let answer = school.mother.get(&path).await;
    if answer.status == 404 {
        return None;
    }
    let answer = answer.ok();
    Some(
        answer["schoolEvents"]
            .as_array()
            .cloned()
            .unwrap_or_default(),
    )
}

fn month(school: &School, rest: &str) -> String {
    school.path(&format!("{rest}?from=2026-11-01&to=2026-11-30"))
}

async fn notice(school: &School, text: &str) {
    until(text, async || {
        let notices = school.mother.get("/v1/me/notices").await.ok();
        let all = notices["notices"].as_array()?.clone();
        let told = all.iter().filter(|one| one["text"] == text);
        (told.count() == 1).then_some(())
    })
    .await;
}

async fn remote_day(school: &School) {
    let body =
        json!({"date": "2026-11-16", "kind": "DAY_CHANGE_KIND_REMOTE", "reason": "Карантин"});
    school
        .deputy
        .post(&school.path("dayChanges"), body)
        .await
        .ok();
    until("the diary says that lessons are remote", async || {
        let path = format!("/v1/pupils/{}/diaryWeek?date=2026-11-16", school.maria);
        let week = school.mother.get(&path).await.ok();
        let days = week["week"]["days"].as_array()?.clone();
        let monday = days.iter().find(|day| day["date"] == "2026-11-16")?;
        let lessons = monday["lessons"].as_array()?;
        let all = lessons.iter().all(|one| one["remote"] == true);
        (all && !lessons.is_empty()).then_some(())
    })
    .await;
}
