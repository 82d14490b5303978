//! A school begins its second year: the rollover in roster, then the year is opened, loads and
//! timetable are carried over and approved, and in September there are lessons, a mark and a
//! diary.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::rollover::{act, last_days, planned};
use super::school::{School, find, until};
use super::town::{Spread, Town};

const NEXT: &str = "2027/2028";

/// Monday, 6 September 2027, 10:30 in Simferopol.
fn first_monday() -> Timestamp {
    "2027-09-06T07:30:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_year_begins_in_one_process() {
    a_second_year_begins(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_year_begins_in_a_cluster_on_postgresql_and_redis() {
    a_second_year_begins(Spread::Cluster).await;
}

async fn a_second_year_begins(spread: Spread) {
    let town = Town::start(spread, last_days()).await;
    let mut school = School::open(&town).await;
    let plan = planned(&school).await;
    act(&school, "apply", &plan).await;

    let draft = the_deputy_sees_the_next_year(&school).await;
    the_deputy_opens_it(&school, &draft).await;
    let load = the_loads_are_carried_over(&school).await;
    the_director_approves_the_load(&school, &load).await;
    the_timetable_is_carried_over_and_approved(&school).await;

    town.clock.set(first_monday());
    for (browser, login) in [
        (&mut school.aliev, "aliev"),
        (&mut school.deputy, "deputy"),
        (&mut school.mother, "mother"),
    ] {
        let words = json!({"login": login, "password": "три синих чайника"});
        browser.enter("/session/logIn", words).await;
    }
    let lesson = the_teachers_day_has_lessons(&school).await;
    let algebra = school.journal("6-А", "Алгебра").await;
    a_mark_is_recorded(&school, &algebra, &lesson).await;
    the_diary_shows_it(&school).await;
    town.stop().await;
}

async fn the_deputy_sees_the_next_year(school: &School) -> Value {
    let path = school.path("schoolYear/draft");
    let draft = until("schedule knows the classes of the next year", async || {
        let draft = school.deputy.get(&path).await.ok()["draft"].clone();
        let known = draft["gaps"].as_array().is_none_or(Vec::is_empty);
        let grades = draft["grades"].as_array()?.iter();
        let grades: Vec<_> = grades.map(|one| &one["grade"]).collect();
        // 10-А waits for its pupils.
        (known && grades == [&json!(6), &json!(10), &json!(11)]).then_some(draft)
    })
    .await;
    assert_eq!(
        (&draft["academicYear"], &draft["periods"][0]["startsOn"]),
        (&json!(NEXT), &json!("2027-09-01"))
    );
    assert_eq!(school.aliev.get(&path).await.refused().0, 403);
    draft
}

async fn the_deputy_opens_it(school: &School, draft: &Value) {
    let fields = [
        "academicYear",
        "studyWeekDays",
        "periods",
        "daysOff",
        "bells",
    ];
    let pairs = fields.map(|name| (name.to_owned(), draft[name].clone()));
    let request = Value::Object(pairs.into_iter().collect());
    let path = school.path("schoolYear:open");
    let teacher = school.aliev.post(&path, request.clone()).await;
    assert_eq!(teacher.refused().0, 403);
    let opened = school.deputy.post(&path, request.clone()).await.ok()["schoolYear"].clone();
    assert_eq!(opened["calendar"]["academicYear"], NEXT);
    let again = school.deputy.post(&path, request).await;
    assert_eq!(again.refused(), (409, "SCHOOL_YEAR_EXISTS".into()));
    let year = school.aliev.get(&school.path("schoolYear")).await.ok();
    assert_eq!(year["academicYears"], json!(["2026/2027", NEXT]));
    assert_eq!(
        year["schoolYear"]["calendar"]["academicYear"], "2026/2027",
        "until September"
    );

    let id = opened["studyDocument"]["studyDocumentId"].as_str().unwrap();
    let path = school.path(&format!("studyDocuments/{id}:approve"));
    let etag = json!({"etag": opened["studyDocument"]["etag"]});
    school.director.post(&path, etag).await.ok();
}

async fn the_loads_are_carried_over(school: &School) -> Value {
    let path = school.path("teachingLoads/carry?academicYear=2027%2F2028");
    let told = school.deputy.get(&path).await.ok()["carry"].clone();
    let algebra = find(&told["loads"], "nextGroupTitle", "6-А");
    assert_eq!(
        (
            &algebra["groupTitle"],
            &algebra["outcome"],
            &algebra["teacherId"]
        ),
        (
            &json!("5-А"),
            &json!("LOAD_CARRY_OUTCOME_CARRIED"),
            &school.aliev.me["personId"]
        )
    );
    let path = school.path("teachingLoads:carry");
    let done = school
        .deputy
        .post(&path, json!({"academicYear": NEXT}))
        .await
        .ok();
    assert_eq!(done["carry"], told);
    done["studyDocument"].clone()
}

async fn the_director_approves_the_load(school: &School, load: &Value) {
    let id = load["studyDocumentId"].as_str().unwrap();
    let path = school.path(&format!("studyDocuments/{id}:approve"));
    school
        .director
        .post(&path, json!({"etag": load["etag"]}))
        .await
        .ok();
}

async fn the_timetable_is_carried_over_and_approved(school: &School) {
    let path = school.path("timetables:start");
    let request = json!({"academicYear": NEXT, "title": "С сентября", "carry": true});
    let made = school.deputy.post(&path, request).await.ok();
    assert_eq!(made["leftOut"].as_u64().unwrap_or(0), 0, "{made}");
    let draft = made["timetable"].clone();
    let one = school.path(&format!(
        "timetables/{}",
        draft["timetableId"].as_str().unwrap()
    ));
    let shown = school.deputy.get(&one).await.ok();
    assert_eq!(
        shown["check"]["errorCount"].as_u64().unwrap_or(0),
        0,
        "{shown}"
    );
    let approval = json!({"etag": draft["etag"], "validFrom": "2027-09-01"});
    let done = school
        .director
        .post(&format!("{one}:approve"), approval)
        .await
        .ok();
    assert!(done["effect"]["added"].as_u64().unwrap() > 50, "{done}");
}

async fn the_teachers_day_has_lessons(school: &School) -> Value {
    let path = school.path("teacherDay");
    until("the teacher's day has the lesson", async || {
        let day = school.aliev.get(&path).await.ok();
        assert_eq!(day["date"], "2027-09-06");
        let lessons = day["lessons"].as_array()?;
        let found = lessons
            .iter()
            .find(|one| one["journal"]["groupTitle"] == "6-А")?;
        (found["pupilCount"] == 4).then(|| found["lesson"]["lessonId"].clone())
    })
    .await
}

async fn a_mark_is_recorded(school: &School, journal: &str, lesson: &Value) {
    let page = school.path(&format!(
        "journals/{journal}/page?from=2027-09-01&to=2027-09-30"
    ));
    let page = school.aliev.get(&page).await.ok()["page"].clone();
    find(&page["columns"], "lessonId", lesson.as_str().unwrap());
    let path = school.path(&format!("journals/{journal}/marks:batchSet"));
    let operation =
        json!({"lessonId": lesson, "pupilId": school.maria, "slot": 1, "setMark": {"value": "5"}});
    let answer = school
        .aliev
        .post(&path, json!({"operations": [operation]}))
        .await
        .ok();
    let verdict = &answer["results"][0]["verdict"];
    assert_eq!(verdict, "MARK_VERDICT_APPLIED", "{answer}");
}

async fn the_diary_shows_it(school: &School) {
    let path = format!("/v1/pupils/{}/diaryWeek?date=2027-09-06", school.maria);
    let week = school.mother.get(&path).await.ok()["week"].clone();
    assert_eq!(week["classTitle"], "6-А");
    let monday = find(&week["days"], "date", "2027-09-06");
    let algebra = find(&monday["lessons"], "subjectTitle", "Алгебра");
    assert_eq!(algebra["cell"]["marks"][0]["value"], "5", "{monday}");
}
