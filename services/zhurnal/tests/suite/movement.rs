//! A pupil moves: to another class and out of the school, and every service follows.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::browser::{Browser, key};
use super::school::{School, codes, find, until};
use super::town::{Spread, Town};

/// Monday, 16 November 2026, 10:30 in Simferopol: two lessons are over.
fn monday() -> Timestamp {
    "2026-11-16T07:30:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pupil_moves_in_one_process() {
    a_pupil_moves(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pupil_moves_in_a_cluster_on_postgresql_and_redis() {
    a_pupil_moves(Spread::Cluster).await;
}

async fn a_pupil_moves(spread: Spread) {
    let town = Town::start(spread, monday()).await;
    let school = School::open(&town).await;
    let book = Book::open(&town, school).await;
    let lesson = book.lesson(&book.of_5a, "2026-11-16").await;
    book.mark(&book.of_5a, &lesson, "5").await.unwrap();
    assert_eq!(book.diary(&book.school.aliev).await, Some("5-А".into()));

    let order = book.transfer().await;
    town.clock.advance(SignedDuration::from_hours(24));
    book.both_journals_know_the_day(&lesson).await;
    book.the_family_reads_on().await;
    book.the_class_teacher_changes().await;

    book.expel(&order).await;
    town.clock.advance(SignedDuration::from_hours(24));
    book.nobody_but_the_family_looks_back().await;
    town.stop().await;
}

/// Аблаева Мария of 5-А, her own account, and the journals of both classes.
struct Book {
    school: School,
    class_10a: String,
    of_5a: String,
    of_10a: String,
    maria: Browser,
}

impl Book {
    async fn open(town: &Town, school: School) -> Self {
        let classes = school.aliev.get(&school.path("classes")).await.ok();
        let class_10a = find(&classes["classes"], "title", "10-А")["classId"]
            .as_str()
            .unwrap()
            .to_owned();
        let pupils = json!({"audience": "AUDIENCE_CLASS_PUPILS", "classId": school.class_5a});
        let pupils = codes(&school.aliev, &school.id, pupils, 1).await;
        let maria = Browser::register(town.http, &pupils["Аблаева"], "maria").await;
        Self {
            class_10a,
            of_5a: school.journal("5-А", "Алгебра").await,
            of_10a: school.journal("10-А", "Алгебра").await,
            maria,
            school,
        }
    }

    async fn page(&self, journal: &str, from: &str) -> Value {
        let rest = format!("journals/{journal}/page?from={from}&to=2026-11-29");
        let page = self.school.aliev.get(&self.school.path(&rest)).await.ok();
        page["page"].clone()
    }

    async fn lesson(&self, journal: &str, date: &str) -> String {
        let page = self.page(journal, "2026-11-09").await;
        let column = find(&page["columns"], "date", date);
        column["lessonId"].as_str().unwrap().to_owned()
    }

    /// The row of Мария on the pages of a journal from a day on.
    async fn row(&self, journal: &str, from: &str) -> Option<Value> {
        let page = self.page(journal, from).await;
        let rows = page["rows"].as_array()?.iter();
        let mut rows = rows.filter(|row| row["pupilId"] == *self.school.maria);
        rows.next().cloned()
    }

    /// A mark by the teacher of both classes; `Err`: why not.
    async fn mark(&self, journal: &str, lesson: &str, value: &str) -> Result<(), String> {
        let rest = format!("journals/{journal}/marks:batchSet");
        let operation = json!({"lessonId": lesson, "pupilId": self.school.maria, "slot": 1,
            "setMark": {"value": value}});
        let body = json!({"operations": [operation]});
        let answer = self.school.aliev.post(&self.school.path(&rest), body).await;
        let result = &answer.ok()["results"][0];
        match result["verdict"].as_str() {
            Some("MARK_VERDICT_APPLIED") => Ok(()),
            _ => Err(result["reason"].as_str().unwrap_or_default().to_owned()),
        }
    }

    /// The class that the diary names; `None`: there is no such pupil for the reader.
    async fn diary(&self, reader: &Browser) -> Option<String> {
        let path = format!("/v1/pupils/{}/diaryWeek?date=2026-11-16", self.school.maria);
        let answer = reader.get(&path).await;
        if answer.status == 404 {
            return None;
        }
        let title = answer.ok()["week"]["classTitle"].clone();
        Some(title.as_str().unwrap_or_default().to_owned())
    }

    /// Drafts and posts an order about Мария; the posted order.
    async fn order(&self, kind: &str, effective_on: &str, pupil: Value) -> Value {
        let id = format!("ord_{}", key().replace('-', ""));
        let path = self.school.path(&format!("orders/{id}"));
        let mut pupil = pupil;
        pupil["pupilId"] = json!(self.school.maria);
        let number = self
            .school
            .chief
            .get(
                &self
                    .school
                    .path(&format!("orders:suggestNumber?kind={kind}")),
            )
            .await
            .ok()["number"]
            .clone();
        let draft = json!({"kind": kind, "number": number, "date": "2026-11-16",
            "effectiveOn": effective_on, "basis": "Заявление родителей", "pupils": [pupil]});
        let put = self.school.chief.put(&path, draft).await.ok();
        let obstacles = put["obstacles"].as_array();
        assert!(obstacles.is_none_or(Vec::is_empty), "{put}");
        let post = json!({"etag": put["order"]["etag"]});
        let to_post = format!("{path}:post");
        let posted = self.school.chief.post(&to_post, post.clone()).await;
        let posted = posted.ok()["order"].clone();
        assert_eq!(posted["state"], "ORDER_STATE_POSTED", "{posted}");
        let again = self.school.chief.post(&to_post, post).await;
        assert_eq!(again.refused().1, "ORDER_POSTED");
        posted
    }

    async fn transfer(&self) -> Value {
        let refused = self
            .school
            .aliev
            .get(&self.school.path("orders?pageSize=10"))
            .await;
        assert_eq!(refused.refused().0, 403, "a teacher keeps no book");
        let pupil = json!({"classId": self.class_10a});
        let order = self.order("ORDER_KIND_TRANSFER", "2026-11-17", pupil).await;
        let effect = &order["pupils"][0]["effect"];
        assert_eq!(
            (&effect["leftGroupCount"], &effect["enteredGroupCount"]),
            (&json!(2), &json!(1)),
            "{order}"
        );
        order
    }

    async fn both_journals_know_the_day(&self, monday: &str) {
        let row = until("the row of 10-А", async || {
            self.row(&self.of_10a, "2026-11-09").await
        })
        .await;
        assert_eq!(row["memberFrom"], "2026-11-17");
        let old = until("the end in 5-А", async || {
            let row = self.row(&self.of_5a, "2026-11-09").await?;
            (row["memberTo"] == "2026-11-16").then_some(row)
        })
        .await;
        let cell = find(&old["cells"], "lessonId", monday);
        assert_eq!(cell["marks"][0]["value"], "5", "the mark stays");
        assert_eq!(
            self.row(&self.of_5a, "2026-11-17").await,
            None,
            "and no row later"
        );
        let left = self.lesson(&self.of_5a, "2026-11-17").await;
        assert_eq!(
            self.mark(&self.of_5a, &left, "4").await,
            Err("PUPIL_NOT_IN_GROUP".into())
        );
        let entered = self.lesson(&self.of_10a, "2026-11-17").await;
        self.mark(&self.of_10a, &entered, "4").await.unwrap();
    }

    async fn the_family_reads_on(&self) {
        let path = format!("/v1/pupils/{}/diaryWeek?date=2026-11-16", self.school.maria);
        for reader in [&self.school.mother, &self.maria] {
            let week = reader.get(&path).await.ok()["week"].clone();
            assert_eq!(week["classTitle"], "10-А");
            let marks: Vec<Value> = week["days"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|day| day["lessons"].as_array())
                .flatten()
                .filter_map(|lesson| lesson["cell"]["marks"][0]["value"].as_str())
                .map(|value| json!(value))
                .collect();
            assert_eq!(marks, [json!("5"), json!("4")], "of both classes");
        }
    }

    async fn the_class_teacher_changes(&self) {
        until("5-А's class teacher has lost her", async || {
            self.diary(&self.school.aliev).await.is_none().then_some(())
        })
        .await;
        assert_eq!(self.diary(&self.school.gonchar).await, Some("10-А".into()));
    }

    async fn expel(&self, transfer: &Value) {
        let pupil = json!({"reason": "Переезд", "destination": "город Примерск"});
        self.order("ORDER_KIND_EXPULSION", "2026-11-18", pupil)
            .await;
        let id = transfer["orderId"].as_str().unwrap();
        let path = self.school.path(&format!("orders/{id}:reverse"));
        let words = json!({"number": "ОТМ-1", "date": "2026-11-17", "basis": "Ошибка"});
        let held = self.school.chief.post(&path, words).await;
        assert_eq!(held.refused().1, "LATER_ORDERS");
    }

    async fn nobody_but_the_family_looks_back(&self) {
        until("the pupil's rights end", async || {
            let me = self.maria.get("/v1/me").await;
            (me.status == 401).then_some(())
        })
        .await;
        until("10-А's class teacher has lost her", async || {
            self.diary(&self.school.gonchar)
                .await
                .is_none()
                .then_some(())
        })
        .await;
        assert_eq!(
            self.diary(&self.school.mother).await,
            Some(String::new()),
            "what was recorded stays the family's to read"
        );
        assert_eq!(self.row(&self.of_10a, "2026-11-18").await, None);
        let before = self.row(&self.of_10a, "2026-11-17").await.unwrap();
        assert_eq!(before["memberTo"], "2026-11-17");
    }
}
