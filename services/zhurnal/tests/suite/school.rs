//! A small school: imported through the page's own calls, its people registered.

use std::collections::BTreeMap;

use roster::domain::school_import::SheetKind;
use roster::testing::{SmallSchool, to_xlsx};
use serde_json::{Value, json};
use zhurnal::suite;

use super::browser::Browser;
use super::town::Town;

/// People of the school, logged in.
pub struct School {
    pub id: String,
    pub class_5a: String,
    /// Administrator of the region.
    pub chief: Browser,
    /// Teaches algebra in 5-А and 10-А, class teacher of 5-А.
    pub aliev: Browser,
    /// Teaches informatics to one half of 5-А.
    pub gonchar: Browser,
    /// Director.
    pub director: Browser,
    /// Deputy director.
    pub deputy: Browser,
    /// Mother of Аблаева Мария, 5-А.
    pub mother: Browser,
    /// Аблаева Мария's card.
    pub maria: String,
    /// Кузнецов Пётр, 5-А.
    pub pyotr: String,
    /// Аблаев Осман, 10-А.
    pub osman: String,
}

/// The workbook: the small school with a deputy and an administrator of the journal.
pub fn workbook() -> Vec<u8> {
    let mut school = SmallSchool::new();
    school.push(
        SheetKind::Staff,
        &[
            "С-006",
            "Завучева",
            "Нина",
            "Павловна",
            "Заместитель директора по УВР",
            "",
            "",
        ],
    );
    school.push(
        SheetKind::Staff,
        &[
            "С-007",
            "Журналова",
            "Инна",
            "Олеговна",
            "Администратор электронного журнала",
            "",
            "",
        ],
    );
    to_xlsx(&school.book()).unwrap()
}

/// Polls until `look` gives something.
pub async fn until<T, F: AsyncFnMut() -> Option<T>>(what: &str, mut look: F) -> T {
    for _ in 0..600 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{what}: not within fifteen seconds");
}

impl School {
    pub async fn open(town: &Town) -> Self {
        let identity = suite::identity(town.host_of("identity")).unwrap();
        let code = identity.administrator_code().await.unwrap();
        let chief = Browser::register(town.http, &code, "chief").await;
        let id = import(&chief).await;
        let staff = codes(&chief, &id, json!({"audience": "AUDIENCE_STAFF"}), 7).await;
        let aliev = Browser::register(town.http, &staff["Алиев"], "aliev").await;
        let gonchar = Browser::register(town.http, &staff["Гончар"], "gonchar").await;
        let director = Browser::register(town.http, &staff["Павленко"], "director").await;
        let deputy = Browser::register(town.http, &staff["Завучева"], "deputy").await;

        let classes = aliev.get(&format!("/v1/schools/{id}/classes")).await.ok();
        let class_5a = find(&classes["classes"], "title", "5-А")["classId"]
            .as_str()
            .unwrap()
            .to_owned();
        let parents = json!({"audience": "AUDIENCE_CLASS_GUARDIANS", "classId": class_5a});
        let parents = codes(&aliev, &id, parents, 1).await;
        let mother = Browser::register(town.http, &parents["Аблаева"], "mother").await;
        let pupils = aliev
            .get(&format!("/v1/schools/{id}/pupils?pageSize=100"))
            .await
            .ok();
        let pupil = |surname: &str| {
            let list = pupils["pupils"].as_array().unwrap();
            let found = list
                .iter()
                .find(|p| p["name"]["surname"] == surname)
                .expect(surname);
            found["pupilId"].as_str().unwrap().to_owned()
        };
        Self {
            maria: pupil("Аблаева"),
            pyotr: pupil("Кузнецов"),
            osman: pupil("Аблаев"),
            id,
            class_5a,
            chief,
            aliev,
            gonchar,
            director,
            deputy,
            mother,
        }
    }

    /// A path below the school.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/schools/{}/{rest}", self.id)
    }

    /// The journal of a group and subject, once grading has heard of it.
    pub async fn journal(&self, group: &str, subject: &str) -> String {
        until("the journal", async || {
            let list = self
                .deputy
                .get(&self.path("journals?pageSize=100"))
                .await
                .ok();
            let found = list["journals"]
                .as_array()?
                .iter()
                .find(|j| j["groupTitle"] == group && j["subjectTitle"] == subject)?;
            found["journalId"].as_str().map(str::to_owned)
        })
        .await
    }
}

async fn import(chief: &Browser) -> String {
    let checked = chief
        .upload("/v1/schoolImports:upload?fileName=small.xlsx", workbook())
        .await
        .ok();
    let import = &checked["schoolImport"];
    assert_eq!(import["state"], "SCHOOL_IMPORT_STATE_CHECKED", "{import}");
    let id = import["schoolImportId"].as_str().unwrap();
    chief
        .post(&format!("/v1/schoolImports/{id}:apply"), json!({}))
        .await
        .ok();
    until("the import", async || {
        let now = chief.get(&format!("/v1/schoolImports/{id}")).await.ok();
        assert_ne!(
            now["schoolImport"]["state"], "SCHOOL_IMPORT_STATE_FAILED",
            "{now}"
        );
        let done = now["schoolImport"]["state"] == "SCHOOL_IMPORT_STATE_APPLIED";
        done.then(|| now["schoolImport"]["schoolId"].as_str().unwrap().to_owned())
    })
    .await
}

/// Issues codes once identity has heard of at least `people`; surname → code.
pub async fn codes(
    by: &Browser,
    school: &str,
    mut audience: Value,
    people: usize,
) -> BTreeMap<String, String> {
    let class = audience["classId"].as_str().unwrap_or_default().to_owned();
    until("identity's copy of the people", async || {
        let list = by
            .get(&format!("/v1/schools/{school}/invitations?classId={class}"))
            .await;
        let count = if list.status.is_success() {
            list.body["personCount"].as_u64().unwrap_or(0)
        } else {
            0
        };
        (count >= people as u64).then_some(())
    })
    .await;
    audience["personIds"] = json!([]);
    let issued = by
        .post(&format!("/v1/schools/{school}/invitations:issue"), audience)
        .await
        .ok();
    let list = issued["invitations"].as_array().unwrap();
    assert!(list.len() >= people, "{issued}");
    let pair = |i: &Value| {
        (
            i["invitation"]["name"]["surname"]
                .as_str()
                .unwrap()
                .to_owned(),
            i["code"].as_str().unwrap().to_owned(),
        )
    };
    list.iter().map(pair).collect()
}

/// The item of a list with a value.
pub fn find<'a>(list: &'a Value, field: &str, value: &str) -> &'a Value {
    list.as_array()
        .and_then(|l| l.iter().find(|i| i[field] == value))
        .unwrap_or_else(|| panic!("{field}={value} in {list}"))
}
