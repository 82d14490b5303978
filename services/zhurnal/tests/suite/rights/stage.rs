//! Two schools in two municipalities, alike but for their names, and what their people have
//! made: lessons, marks, a correction that waits, a report, codes, a grant, a draft.

use std::collections::BTreeMap;

use chassis::lifecycle::Running;
use jiff::{SignedDuration, Timestamp};
use roster::domain::school_import::SheetKind;
use roster::testing::{SmallSchool, to_xlsx};
use serde_json::{Value, json};

use super::super::browser::Browser;
use super::super::school::{codes, find, until};
use super::super::town::{Spread, Town};
use super::cast::{self, Caller};

/// Everything that the sweep needs.
pub struct Stage {
    pub town: Town,
    pub places: Vec<Place>,
    pub callers: Vec<Caller>,
    pub http: reqwest::Client,
    pub base: String,
}

/// One school.
#[derive(Default)]
pub struct Place {
    pub at: usize,
    /// In all its names and nowhere else.
    pub canary: String,
    pub school: String,
    pub municipality: String,
    pub import: String,
    /// Class ids by title.
    pub classes: BTreeMap<String, String>,
    /// Cards of the staff by surname, of the pupils by given name.
    people: BTreeMap<String, String>,
    pub mother_of_maria: String,
    pub father_of_pyotr: String,
    pub mother_of_alisa: String,
    pub lessons: Vec<Lesson>,
    pub staff_code: String,
    pub class_code: String,
    pub correction: String,
    pub job: String,
    pub grant: String,
    pub timetable: String,
    pub document: String,
    /// Drafts of an event of 5-А, by its class teacher, and of the school, by the deputy.
    pub events: BTreeMap<&'static str, String>,
}

/// A lesson that somebody teaches.
pub struct Lesson {
    pub title: String,
    pub id: String,
    pub journal: String,
    pub group: String,
    pub subject: String,
    pub class: &'static str,
    pub teacher: &'static str,
    pub pupil: &'static str,
}

/// Journals of the small school: group, subject, class, teacher, a pupil, the day of a lesson.
const TAUGHT: [(&str, &str, &str, &str, &str, &str); 4] = [
    ("5-А", "Алгебра", "5-А", "Алиев", "Мария", "2026-11-17"),
    (
        "5-А Информатика гр.1",
        "Информатика",
        "5-А",
        "Гончар",
        "Мария",
        "2026-11-16",
    ),
    (
        "5-А Информатика гр.2",
        "Информатика",
        "5-А",
        "Ёлкин",
        "Пётр",
        "2026-11-16",
    ),
    ("10-А", "Алгебра", "10-А", "Алиев", "Осман", "2026-11-17"),
];

/// Monday, 16 November 2026, 10:30 in Simferopol: two lessons are over.
fn monday() -> Timestamp {
    "2026-11-16T07:30:00Z".parse().unwrap()
}

impl Place {
    /// A card by the surname of the staff.
    pub fn person(&self, surname: &str) -> String {
        self.people[surname].clone()
    }

    /// A card by the given name of a pupil.
    pub fn pupil(&self, name: &str) -> String {
        self.people[name].clone()
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/schools/{}/{rest}", self.school)
    }
}

impl Stage {
    pub fn running(&self) -> &Running {
        &self.town.processes[0]
    }

    pub async fn set() -> Self {
        let town = Town::start(Spread::Embedded, monday()).await;
        let identity = zhurnal::suite::identity(town.host_of("identity")).unwrap();
        let code = identity.administrator_code().await.unwrap();
        let chief = Browser::register(town.http, &code, "chief").await;
        let mut opened = Vec::new();
        for at in 0..2 {
            opened.push(open(&town, &chief, at).await);
        }
        town.clock.advance(SignedDuration::from_hours(24));
        chief.step_up().await;
        let mut places = Vec::new();
        for (mut place, people) in opened {
            made_on_the_next_day(&mut place, &people, &chief).await;
            places.push(place);
        }
        let callers = cast::callers(&town.processes[0], &places);
        Self {
            base: format!("http://{}", town.http),
            http: reqwest::Client::new(),
            town,
            places,
            callers,
        }
    }
}

/// Those who log in for real.
struct People {
    director: Browser,
    deputy: Browser,
    aliev: Browser,
}

/// The small school with every post; in the second one all surnames end in a canary.
fn workbook(at: usize) -> Vec<u8> {
    let mut school = SmallSchool::new();
    for (number, surname, name, post) in [
        ("С-006", "Завучева", "Нина", "Заместитель директора по УВР"),
        (
            "С-007",
            "Журналова",
            "Инна",
            "Администратор электронного журнала",
        ),
        ("С-008", "Электронов", "Илья", "Инженер-электроник"),
        ("С-009", "Библиотекарева", "Анна", "Библиотекарь"),
    ] {
        school.push(SheetKind::Staff, &[number, surname, name, "", post, "", ""]);
    }
    let title = format!("МБОУ «Школа № {}»", at + 1);
    let place = ["Белогорский район", "Кировский район"][at];
    school.set(SheetKind::School, "B", 2, &title);
    school.set(SheetKind::School, "B", 3, place);
    for sheet in [SheetKind::Staff, SheetKind::Pupils, SheetKind::Guardians] {
        for row in 2..=school.last_row(sheet) {
            let surname = school.get(sheet, 1, row);
            school.set(sheet, "B", row, &format!("{surname}-{}", canary(at)));
        }
    }
    to_xlsx(&school.book()).unwrap()
}

fn canary(at: usize) -> &'static str {
    ["Здешняя", "Тамошняя"][at]
}

async fn open(town: &Town, chief: &Browser, at: usize) -> (Place, People) {
    let mut place = Place {
        at,
        canary: canary(at).to_owned(),
        ..Place::default()
    };
    (place.import, place.school) = import(chief, at).await;
    let school = chief
        .get(&format!("/v1/schools/{}", place.school))
        .await
        .ok();
    place.municipality = text(&school["school"]["municipalityId"]);
    let staff = codes(
        chief,
        &place.school,
        json!({"audience": "AUDIENCE_STAFF"}),
        9,
    )
    .await;
    let enter = async |surname: &str, login: &str| {
        let code = &staff[&format!("{surname}-{}", canary(at))];
        Browser::register(town.http, code, &format!("{login}{at}")).await
    };
    let people = People {
        director: enter("Павленко", "director").await,
        deputy: enter("Завучева", "deputy").await,
        aliev: enter("Алиев", "aliev").await,
    };
    enter("Ёлкин", "yolkin").await;
    cards(&mut place, &people).await;
    account_of_maria(town, &place, &people).await;
    lessons(&mut place, &people).await;
    mark(&place, &people).await;
    (place, people)
}

async fn import(chief: &Browser, at: usize) -> (String, String) {
    let path = format!("/v1/schoolImports:upload?fileName=school{at}.xlsx");
    let checked = chief.upload(&path, workbook(at)).await.ok();
    assert_eq!(
        checked["schoolImport"]["state"], "SCHOOL_IMPORT_STATE_CHECKED",
        "{checked}"
    );
    let id = text(&checked["schoolImport"]["schoolImportId"]);
    let path = format!("/v1/schoolImports/{id}");
    chief.post(&format!("{path}:apply"), json!({})).await.ok();
    let school = until("the import", async || {
        let now = chief.get(&path).await.ok()["schoolImport"].clone();
        assert_ne!(now["state"], "SCHOOL_IMPORT_STATE_FAILED", "{now}");
        (now["state"] == "SCHOOL_IMPORT_STATE_APPLIED").then(|| text(&now["schoolId"]))
    })
    .await;
    (id, school)
}

async fn cards(place: &mut Place, people: &People) {
    let by = &people.director;
    for class in list(by, place, "classes", "classes").await {
        place
            .classes
            .insert(text(&class["title"]), text(&class["classId"]));
    }
    for member in list(by, place, "staff?pageSize=100", "staff").await {
        let surname = text(&member["name"]["surname"]);
        let surname = surname
            .trim_end_matches(place.canary.as_str())
            .trim_end_matches('-');
        place
            .people
            .insert(surname.to_owned(), text(&member["personId"]));
    }
    for pupil in list(by, place, "pupils?pageSize=100", "pupils").await {
        let name = text(&pupil["name"]["givenName"]);
        place.people.insert(name, text(&pupil["pupilId"]));
    }
    place.mother_of_maria = guardian(by, place, "Мария", "мать").await;
    place.father_of_pyotr = guardian(by, place, "Пётр", "отец").await;
    place.mother_of_alisa = guardian(by, place, "Алиса", "мать").await;
}

async fn guardian(by: &Browser, place: &Place, pupil: &str, relation: &str) -> String {
    let card = by
        .get(&format!("/v1/pupils/{}/card", place.pupil(pupil)))
        .await
        .ok();
    let guardians = card["guardians"].as_array().unwrap();
    let found = guardians.iter().find(|g| g.to_string().contains(relation));
    text(&found.unwrap_or_else(|| panic!("{card}"))["card"]["personId"])
}

async fn account_of_maria(town: &Town, place: &Place, people: &People) {
    let audience = json!({"audience": "AUDIENCE_CLASS_PUPILS", "classId": place.classes["5-А"]});
    let issued = codes(&people.aliev, &place.school, audience, 4).await;
    let code = &issued[&format!("Аблаева-{}", place.canary)];
    Browser::register(town.http, code, &format!("maria{}", place.at)).await;
}

async fn lessons(place: &mut Place, people: &People) {
    for (group, subject, class, teacher, pupil, date) in TAUGHT {
        let journal = until("the journal", async || {
            let all = list(&people.deputy, place, "journals?pageSize=100", "journals").await;
            all.into_iter()
                .find(|j| j["groupTitle"] == group && j["subjectTitle"] == subject)
        })
        .await;
        let path = format!(
            "journals/{}/page?from=2026-11-09&to=2026-11-29",
            text(&journal["journalId"])
        );
        let page = people.deputy.get(&place.path(&path)).await.ok();
        let column = find(&page["page"]["columns"], "date", date);
        place.lessons.push(Lesson {
            title: format!("{subject} of {group}"),
            id: text(&column["lessonId"]),
            journal: text(&journal["journalId"]),
            group: text(&journal["groupId"]),
            subject: text(&journal["subjectId"]),
            class,
            teacher,
            pupil,
        });
    }
}

/// A mark of Monday's algebra, to be corrected on Tuesday.
async fn mark(place: &Place, people: &People) {
    let lesson = monday_lesson(place, people).await;
    let operation = json!({"lessonId": lesson, "pupilId": place.pupil("Мария"), "slot": 1, "setMark": {"value": "4"}});
    let path = place.path(&format!(
        "journals/{}/marks:batchSet",
        place.lessons[0].journal
    ));
    let done = people
        .aliev
        .post(&path, json!({"operations": [operation]}))
        .await
        .ok();
    assert_eq!(
        done["results"][0]["verdict"], "MARK_VERDICT_APPLIED",
        "{done}"
    );
}

async fn monday_lesson(place: &Place, people: &People) -> String {
    let page = page_of_algebra(place, people).await;
    text(&find(&page["columns"], "date", "2026-11-16")["lessonId"])
}

async fn page_of_algebra(place: &Place, people: &People) -> Value {
    let path = format!(
        "journals/{}/page?from=2026-11-09&to=2026-11-29",
        place.lessons[0].journal
    );
    people.deputy.get(&place.path(&path)).await.ok()["page"].clone()
}

async fn made_on_the_next_day(place: &mut Place, people: &People, chief: &Browser) {
    for by in [&people.director, &people.deputy, &people.aliev] {
        by.step_up().await;
    }
    place.correction = correction(place, people).await;
    let body = json!({"kind": "REPORT_KIND_CLASS_SUMMARY", "classId": place.classes["5-А"], "from": "2026-11-02", "to": "2026-11-17"});
    let job = people
        .deputy
        .post(&place.path("reportJobs:run"), body)
        .await
        .ok();
    place.job = text(&job["reportJob"]["reportJobId"]);
    until("the report", async || {
        let job = people
            .deputy
            .get(&place.path(&format!("reportJobs/{}", place.job)))
            .await
            .ok();
        (job["reportJob"]["state"] == "REPORT_JOB_STATE_DONE").then_some(())
    })
    .await;
    place.staff_code = invitation(
        &people.director,
        place,
        json!({"audience": "AUDIENCE_STAFF"}),
    )
    .await;
    let class = json!({"audience": "AUDIENCE_CLASS_GUARDIANS", "classId": place.classes["5-А"]});
    place.class_code = invitation(&people.aliev, place, class).await;
    let body = json!({
        "accountId": people.aliev.me["accountId"], "role": "ROLE_ENGINEER",
        "schoolId": place.school,
    });
    let granted = chief.post("/v1/roleGrants:grant", body).await.ok();
    place.grant = text(&granted["roleGrant"]["roleGrantId"]);
    let timetables = list(&people.deputy, place, "timetables", "timetables").await;
    place.timetable = text(&timetables[0]["timetableId"]);
    let body = json!({"kind": "STUDY_DOCUMENT_KIND_CURRICULUM", "academicYear": "2026/2027"});
    let saved = people
        .deputy
        .post(&place.path("studyDocuments:save"), body)
        .await
        .ok();
    place.document = text(&saved["studyDocument"]["studyDocumentId"]);
    let class = json!({
        "audience": "SCHOOL_EVENT_AUDIENCE_CLASSES", "classIds": [place.classes["5-А"]],
    });
    let school = json!({"audience": "SCHOOL_EVENT_AUDIENCE_SCHOOL"});
    let drafts = [
        ("class", &people.aliev, class),
        ("school", &people.deputy, school),
    ];
    for (case, by, audience) in drafts {
        let id = event(place, by, audience).await;
        place.events.insert(case, id);
    }
}

async fn event(place: &Place, by: &Browser, mut content: Value) -> String {
    content["kind"] = json!("SCHOOL_EVENT_KIND_ACTIVITY");
    content["title"] = json!("Экскурсия");
    content["startsOn"] = json!("2026-11-20");
    let path = place.path("events");
    let saved = by.post(&path, json!({"content": content})).await;
    text(&saved.ok()["schoolEvent"]["schoolEventId"])
}

async fn correction(place: &Place, people: &People) -> String {
    let page = page_of_algebra(place, people).await;
    let lesson = text(&find(&page["columns"], "date", "2026-11-16")["lessonId"]);
    let row = find(&page["rows"], "pupilId", &place.pupil("Мария"));
    let cell = find(&row["cells"], "lessonId", &lesson);
    let operation = json!({
        "lessonId": lesson, "pupilId": place.pupil("Мария"), "slot": 1,
        "setMark": {"value": "5"}, "baseRevision": cell["marks"][0]["revision"],
    });
    let path = place.path(&format!("lessons/{lesson}/correctionRequests"));
    let body = json!({"operation": operation, "reason": "Ошибся строкой при вводе"});
    let asked = people.aliev.post(&path, body).await.ok();
    text(&asked["correctionRequest"]["correctionRequestId"])
}

async fn invitation(by: &Browser, place: &Place, mut audience: Value) -> String {
    audience["personIds"] = json!([]);
    let issued = by
        .post(&place.path("invitations:issue"), audience)
        .await
        .ok();
    text(&issued["invitations"][0]["invitation"]["invitationId"])
}

async fn list(by: &Browser, place: &Place, path: &str, field: &str) -> Vec<Value> {
    let answer = by.get(&place.path(path)).await.ok();
    answer[field].as_array().cloned().unwrap_or_default()
}

#[track_caller]
fn text(value: &Value) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None => panic!("no text: {value}"),
    }
}
