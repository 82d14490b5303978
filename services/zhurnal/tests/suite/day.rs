//! One school day, from the first lesson to the deputy's report.

use chassis::testing::eventually;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::access;
use super::accounts;
use super::browser::{Browser, key};
use super::school::{School, find, until};
use super::town::{Spread, Town};

/// Monday, 16 November 2026, 10:30 in Simferopol: two lessons are over.
fn monday() -> Timestamp {
    "2026-11-16T07:30:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_day_in_one_process() {
    a_school_day(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_day_in_a_cluster_on_postgresql_and_redis() {
    a_school_day(Spread::Cluster).await;
}

async fn a_school_day(spread: Spread) {
    let town = Town::start(spread, monday()).await;
    let school = School::open(&town).await;
    let algebra = school.journal("5-А", "Алгебра").await;
    let lesson = lesson_of(&school.aliev, &school, &algebra, "2026-11-16").await;

    the_teacher_sees_the_day(&school, &lesson).await;
    the_family_sees_a_new_mark_at_once(&school, &algebra, &lesson).await;
    rules_are_kept(&school, &algebra, &lesson).await;
    a_repeat_acts_once(&school, &algebra, &lesson).await;
    the_lesson_is_recorded(&school, &lesson).await;
    a_family_sees_the_own_child_only(&school).await;
    strangers_cannot_write(&school, &algebra, &lesson).await;
    a_cancelled_lesson_takes_no_mark(&school, &algebra).await;

    // 23:50 of the lesson's day: the teacher still corrects alone.
    town.clock.advance(SignedDuration::from_mins(13 * 60 + 20));
    an_absence_is_corrected_until_midnight(&school, &algebra, &lesson).await;
    town.clock.advance(SignedDuration::from_mins(10 * 60 + 40));
    a_late_change_needs_the_deputy(&school, &algebra, &lesson).await;
    the_board_shows_the_day(&school).await;
    town.clock.advance(SignedDuration::from_mins(6));
    a_report_is_made(&school).await;
    access::the_family_sees_who_looked(&school).await;
    access::another_system_reads_what_it_may_until_it_is_revoked(&town, &school).await;
    the_ledger_finds_a_forgery(&town, &school).await;
    accounts::an_ended_session_is_refused_within_five_seconds(&town, &school).await;
    let now = monday() + SignedDuration::from_mins(24 * 60 + 6);
    accounts::a_second_factor_guards_the_way_in(&town, &school, now).await;
    accounts::no_page_sees_the_secret_of_its_session(&school).await;
    accounts::a_lost_password_is_set_anew(&town, &school).await;
    town.stop().await;
}

async fn page(by: &Browser, school: &School, journal: &str) -> Value {
    let path = school.path(&format!(
        "journals/{journal}/page?from=2026-11-09&to=2026-11-29"
    ));
    by.get(&path).await.ok()["page"].clone()
}

async fn lesson_of(by: &Browser, school: &School, journal: &str, date: &str) -> String {
    let page = page(by, school, journal).await;
    find(&page["columns"], "date", date)["lessonId"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn mark(lesson: &str, pupil: &str, value: &str) -> Value {
    json!({"lessonId": lesson, "pupilId": pupil, "slot": 1, "setMark": {"value": value}})
}

async fn record(by: &Browser, school: &School, journal: &str, operations: Value) -> Value {
    let path = school.path(&format!("journals/{journal}/marks:batchSet"));
    by.post(&path, json!({"operations": operations})).await.ok()["results"].clone()
}

#[track_caller]
fn rejected(result: &Value) -> &str {
    assert_eq!(result["verdict"], "MARK_VERDICT_REJECTED", "{result}");
    result["reason"].as_str().unwrap()
}

async fn the_teacher_sees_the_day(school: &School, lesson: &str) {
    let day = school.aliev.get(&school.path("teacherDay")).await.ok();
    assert_eq!(day["date"], "2026-11-16");
    let lessons = day["lessons"].as_array().unwrap();
    assert_eq!(lessons.len(), 1, "{day}");
    assert_eq!(lessons[0]["lesson"]["lessonId"], *lesson);
    assert_eq!(lessons[0]["pupilCount"], 4);
    assert!(lessons[0]["lesson"]["entryDueAt"].is_string());
}

async fn the_family_sees_a_new_mark_at_once(school: &School, journal: &str, lesson: &str) {
    let diary = format!("/v1/pupils/{}/diaryWeek", school.maria);
    let before = until("the diary", async || {
        let answer = school.mother.get(&diary).await;
        (answer.status == 200 && answer.body["week"]["days"].is_array()).then_some(answer)
    })
    .await;
    let etag = before.etag.clone().expect("an ETag");
    assert_eq!(
        school.mother.get_if_changed(&diary, &etag).await.status,
        304
    );

    let topic = format!("pupil:{}", school.maria);
    let position = eventually("where the live events stand", async || {
        school.mother.get(&diary).await.position
    })
    .await;
    let mut live = school.mother.live(&topic).await;
    let results = record(
        &school.aliev,
        school,
        journal,
        json!([mark(lesson, &school.maria, "4/5")]),
    )
    .await;
    assert_eq!(results[0]["verdict"], "MARK_VERDICT_APPLIED", "{results}");
    let (_, event) = live.next().await;
    assert_eq!(event["topic"], topic);
    // Who read before the change and listens after it hears of it too.
    let mut late = school.mother.live_after(&topic, &position).await;
    assert_eq!(late.next().await.1, event);
    let after = school.mother.get_if_changed(&diary, &etag).await;
    assert_ne!(after.etag, before.etag);
    let week = after.ok();
    let monday = find(&week["week"]["days"], "date", "2026-11-16");
    let shown = find(&monday["lessons"], "lessonId", lesson);
    assert_eq!(shown["cell"]["marks"][0]["value"], "4/5");
    assert_eq!(
        shown["cell"]["marks"][0]["exact"],
        json!({"numerator": "9", "denominator": "2"})
    );
}

async fn rules_are_kept(school: &School, journal: &str, lesson: &str) {
    let absent = |comment: &str| {
        json!([{"lessonId": lesson, "pupilId": school.maria,
            "setAttendance": {"attendance": "ATTENDANCE_ABSENT", "comment": comment}}])
    };
    let refused = record(&school.aliev, school, journal, absent("")).await;
    assert_eq!(rejected(&refused[0]), "ABSENT_MARK_NEEDS_COMMENT");
    let taken = record(
        &school.aliev,
        school,
        journal,
        absent("ответила до ухода к врачу"),
    )
    .await;
    assert_eq!(taken[0]["verdict"], "MARK_VERDICT_APPLIED", "{taken}");

    let tomorrow = lesson_of(&school.aliev, school, journal, "2026-11-17").await;
    let mixed = json!([
        mark(&tomorrow, &school.pyotr, "5"),
        mark(lesson, &school.osman, "5"),
        mark(lesson, &school.pyotr, "6"),
        mark(lesson, &school.pyotr, "5"),
    ]);
    let results = record(&school.aliev, school, journal, mixed).await;
    assert_eq!(rejected(&results[0]), "LESSON_IN_FUTURE");
    assert_eq!(rejected(&results[1]), "PUPIL_NOT_IN_GROUP");
    assert_eq!(rejected(&results[2]), "MARK_VALUE_INVALID");
    assert_eq!(
        results[3]["verdict"], "MARK_VERDICT_APPLIED",
        "a bad one takes no good one with it"
    );
}

async fn a_repeat_acts_once(school: &School, journal: &str, lesson: &str) {
    let path = school.path(&format!("journals/{journal}/marks:batchSet"));
    let mut second = mark(lesson, &school.pyotr, "4");
    second["slot"] = json!(2);
    let body = json!({"operations": [second]});
    let once = key();
    let first = school
        .aliev
        .post_keyed(&path, body.clone(), &once)
        .await
        .ok();
    let again = school.aliev.post_keyed(&path, body, &once).await.ok();
    assert_eq!(first, again);
    let other = json!({"operations": [mark(lesson, &school.pyotr, "2")]});
    assert_eq!(
        school.aliev.post_keyed(&path, other, &once).await.refused(),
        (422, "IDEMPOTENCY_KEY_REUSED".into())
    );
    let stale = record(
        &school.aliev,
        school,
        journal,
        json!([mark(lesson, &school.pyotr, "3")]),
    )
    .await;
    assert_eq!(
        stale[0]["verdict"], "MARK_VERDICT_CONFLICT",
        "base revision 0 is of an empty cell"
    );
    assert_eq!(
        stale[0]["cell"]["marks"][0]["value"], "5",
        "the conflict shows the present cell"
    );
}

async fn the_lesson_is_recorded(school: &School, lesson: &str) {
    let path = school.path(&format!("lessons/{lesson}:record"));
    let english = school
        .aliev
        .post(
            &path,
            json!({"topic": "Quadratic equations", "homework": "§ 12"}),
        )
        .await;
    assert_eq!(english.refused().1, "TOPIC_NOT_RUSSIAN");
    let body =
        json!({"topic": "Квадратные уравнения", "homework": "§ 12, № 5–9", "homeworkMinutes": 25});
    let recorded = school.aliev.post(&path, body).await.ok();
    assert_eq!(recorded["lesson"]["conducted"], true);
    let blind = school
        .aliev
        .post(&path, json!({"topic": "Другая тема"}))
        .await;
    assert_eq!(
        blind.refused().0,
        412,
        "a change must name the version that it saw"
    );
}

async fn a_family_sees_the_own_child_only(school: &School) {
    let nobody = "per_00000000000000000000000000000001";
    for path in ["diaryWeek", "marks", ""] {
        let of = |id: &str| {
            format!("/v1/pupils/{id}/{path}")
                .trim_end_matches('/')
                .to_owned()
        };
        let foreign = school.mother.get(&of(&school.pyotr)).await;
        let missing = school.mother.get(&of(nobody)).await;
        assert_eq!(foreign.status, 404, "{path}");
        let strip = |mut body: Value| {
            body.as_object_mut().unwrap().remove("traceId");
            body
        };
        assert_eq!(
            (foreign.status, strip(foreign.body)),
            (missing.status, strip(missing.body))
        );
    }
    let journal = school.mother.get(&school.path("journals")).await;
    assert_eq!(journal.refused().0, 403);
    let mut live = school
        .mother
        .live(&format!("pupil:{},pupil:{}", school.maria, school.pyotr))
        .await;
    let lesson = school.journal("5-А", "Алгебра").await;
    let column = lesson_of(&school.aliev, school, &lesson, "2026-11-16").await;
    let mut other = mark(&column, &school.pyotr, "3");
    other["slot"] = json!(3);
    let mut own = mark(&column, &school.maria, "5");
    own["slot"] = json!(2);
    record(&school.aliev, school, &lesson, json!([other])).await;
    let results = record(&school.aliev, school, &lesson, json!([own])).await;
    assert_eq!(results[0]["verdict"], "MARK_VERDICT_APPLIED", "{results}");
    assert_eq!(
        live.next().await.1["topic"],
        format!("pupil:{}", school.maria),
        "the other child's event never came"
    );
}

async fn strangers_cannot_write(school: &School, journal: &str, lesson: &str) {
    let path = school.path(&format!("journals/{journal}/marks:batchSet"));
    let body = json!({"operations": [mark(lesson, &school.maria, "2")]});
    assert_eq!(
        school.gonchar.post(&path, body.clone()).await.refused().0,
        404,
        "another teacher's group"
    );
    assert_eq!(
        school.mother.post(&path, body.clone()).await.refused().0,
        403
    );
    assert_eq!(
        school.deputy.post(&path, body.clone()).await.refused().0,
        404,
        "a deputy does not set marks"
    );
    assert_eq!(
        Browser::new(school_address(school))
            .post(&path, body)
            .await
            .refused()
            .0,
        401
    );
}

fn school_address(school: &School) -> std::net::SocketAddr {
    school.chief.address()
}

async fn a_cancelled_lesson_takes_no_mark(school: &School, journal: &str) {
    let lesson = lesson_of(&school.aliev, school, journal, "2026-11-10").await;
    let cancel = school.path(&format!("lessons/{lesson}:cancel"));
    assert_eq!(
        school
            .aliev
            .post(&cancel, json!({"reason": "карантин"}))
            .await
            .refused()
            .0,
        403
    );
    let found = school
        .deputy
        .get(&school.path("lessons?from=2026-11-10&to=2026-11-10&pageSize=100"))
        .await
        .ok();
    let etag = find(&found["lessons"], "lessonId", &lesson)["etag"].clone();
    let (body, once) = (json!({"reason": "карантин", "etag": etag}), key());
    let cursor = until("a token of the change", async || {
        let answer = school.deputy.post_after("", &cancel, body.clone(), &once);
        let answer = answer.await.ok();
        let cursor = &answer["causalToken"]["cursors"]["schedule"];
        cursor.as_str().map(str::to_owned)
    })
    .await;
    // Who has seen the cancellation is never served by a copy that has not.
    let seen = format!("schedule={cursor}");
    let path = school.path(&format!("journals/{journal}/marks:batchSet"));
    let late = json!({"operations": [mark(&lesson, &school.maria, "5")]});
    let answer = until("grading hears of it", async || {
        let once = key();
        let answer = school.aliev.post_after(&seen, &path, late.clone(), &once);
        let answer = answer.await;
        if answer.status == 503 {
            assert_eq!(answer.refused().1, "COPY_BEHIND");
            return None;
        }
        Some(answer.ok())
    })
    .await;
    assert_eq!(rejected(&answer["results"][0]), "LESSON_CANCELLED");
}

async fn an_absence_is_corrected_until_midnight(school: &School, journal: &str, lesson: &str) {
    let change = async |action: Value, revision: &Value| {
        let mut operation =
            json!({"lessonId": lesson, "pupilId": school.maria, "baseRevision": revision});
        operation
            .as_object_mut()
            .unwrap()
            .extend(action.as_object().unwrap().clone());
        let results = record(&school.aliev, school, journal, json!([operation])).await;
        assert_eq!(results[0]["verdict"], "MARK_VERDICT_APPLIED", "{results}");
        results[0]["cell"].clone()
    };
    let before = page(&school.aliev, school, journal).await;
    let cell = find(
        &find(&before["rows"], "pupilId", &school.maria)["cells"],
        "lessonId",
        lesson,
    )
    .clone();
    let revision = &cell["attendanceRevision"];
    let present = change(json!({"clearAttendance": {}}), revision).await;
    assert_ne!(present["attendance"], "ATTENDANCE_ABSENT", "{present}");
    let absent = json!({"setAttendance": {"attendance": "ATTENDANCE_ABSENT", "comment": "ответила до ухода к врачу"}});
    change(absent, &present["attendanceRevision"]).await;
}

async fn a_late_change_needs_the_deputy(school: &School, journal: &str, lesson: &str) {
    let before = page(&school.aliev, school, journal).await;
    let row = find(&before["rows"], "pupilId", &school.pyotr);
    let cell = find(&row["cells"], "lessonId", lesson);
    assert_eq!(cell["marks"][0]["value"], "5");
    let mut change = mark(lesson, &school.pyotr, "4");
    change["baseRevision"] = cell["marks"][0]["revision"].clone();
    let results = record(&school.aliev, school, journal, json!([change.clone()])).await;
    assert_eq!(rejected(&results[0]), "CORRECTION_REQUIRED");

    let path = school.path(&format!("lessons/{lesson}/correctionRequests"));
    let body = json!({"operation": change, "reason": "Ошибся строкой при вводе"});
    let asked = school.aliev.post(&path, body.clone()).await.ok();
    let id = asked["correctionRequest"]["correctionRequestId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        school.aliev.post(&path, body).await.refused().1,
        "CORRECTION_PENDING"
    );
    let approve = school.path(&format!("correctionRequests/{id}:approve"));
    school.aliev.step_up().await;
    school.deputy.step_up().await;
    assert_eq!(
        school.aliev.post(&approve, json!({})).await.refused().0,
        404,
        "never by its author"
    );
    let pending = school
        .deputy
        .get(&school.path("correctionRequests?state=CORRECTION_STATE_PENDING"))
        .await
        .ok();
    assert_eq!(
        find(&pending["correctionRequests"], "correctionRequestId", &id)["canDecide"],
        true
    );
    let done = school
        .deputy
        .post(&approve, json!({"note": "Согласовано"}))
        .await
        .ok();
    assert_eq!(
        done["correctionRequest"]["state"],
        "CORRECTION_STATE_APPROVED"
    );
    assert_eq!(
        school.deputy.post(&approve, json!({})).await.refused().1,
        "CORRECTION_DECIDED"
    );

    let after = page(&school.aliev, school, journal).await;
    let cell = find(
        &find(&after["rows"], "pupilId", &school.pyotr)["cells"],
        "lessonId",
        lesson,
    )
    .clone();
    assert_eq!(cell["marks"][0]["value"], "4");
    let history = school.path(&format!("lessons/{lesson}/pupils/{}/history", school.pyotr));
    let history = school.aliev.get(&history).await.ok();
    let entries = history["entries"].as_array().unwrap();
    let change = entries
        .iter()
        .find(|e| e["oldValue"] == "5" && e["newValue"] == "4")
        .expect("the change with its approval");
    assert_eq!(change["correctionRequestId"], *id);
}

async fn the_board_shows_the_day(school: &School) {
    let board = until("reporting has caught up", async || {
        let board = school
            .deputy
            .get(&school.path("controlBoard?from=2026-11-16&to=2026-11-16"))
            .await
            .ok()["board"]
            .clone();
        (board["school"]["marks"].as_u64()? >= 5).then_some(board)
    })
    .await;
    assert_eq!(board["school"]["lessonsRecorded"], 1, "{board}");
    assert_eq!(
        board["school"]["lessonsUnfilled"], 2,
        "informatics in both halves: {board}"
    );
    let unfilled =
        "controlBoard/lessons?figure=LESSON_FIGURE_UNFILLED&from=2026-11-16&to=2026-11-16";
    let lessons = school.deputy.get(&school.path(unfilled)).await.ok();
    assert_eq!(lessons["lessons"].as_array().unwrap().len(), 2);
    assert_eq!(
        school
            .aliev
            .get(&school.path("controlBoard"))
            .await
            .refused()
            .0,
        403
    );
}

async fn a_report_is_made(school: &School) {
    let body = json!({"kind": "REPORT_KIND_CLASS_SUMMARY", "classId": school.class_5a, "from": "2026-11-02", "to": "2026-11-17"});
    let job = school
        .deputy
        .post(&school.path("reportJobs:run"), body)
        .await
        .ok();
    let id = job["reportJob"]["reportJobId"].as_str().unwrap().to_owned();
    until("the report", async || {
        let job = school
            .deputy
            .get(&school.path(&format!("reportJobs/{id}")))
            .await
            .ok()["reportJob"]
            .clone();
        assert_ne!(job["state"], "REPORT_JOB_STATE_FAILED", "{job}");
        (job["state"] == "REPORT_JOB_STATE_DONE").then_some(())
    })
    .await;
    let taken = school.path(&format!(
        "reportJobs/{id}:download?format=REPORT_FORMAT_PDF"
    ));
    access::a_proof_is_asked_and_changes_the_secret(&school.deputy, &taken).await;
    for (format, kind, start) in [
        (
            "REPORT_FORMAT_XLSX",
            "application/vnd.openxmlformats",
            b"PK".as_slice(),
        ),
        ("REPORT_FORMAT_PDF", "application/pdf", b"%PDF"),
        ("REPORT_FORMAT_CSV", "text/csv", "\u{feff}".as_bytes()),
    ] {
        let path = school.path(&format!("reportJobs/{id}:download?format={format}"));
        let (status, content_type, bytes) = school.deputy.download(&path).await;
        assert_eq!(status, 200, "{format}");
        assert!(content_type.starts_with(kind), "{content_type}");
        assert!(
            bytes.starts_with(start),
            "{format}: {:?}",
            &bytes[..8.min(bytes.len())]
        );
    }
    let path = school.path(&format!(
        "reportJobs/{id}:download?format=REPORT_FORMAT_XLSX"
    ));
    school.gonchar.step_up().await;
    assert_eq!(school.gonchar.get(&path).await.refused().0, 404);
}

async fn the_ledger_finds_a_forgery(town: &Town, school: &School) {
    let verify = school.path("ledger:verify");
    until("checkpoints are signed and witnessed", async || {
        let kept = school
            .deputy
            .get(&school.path("ledger/checkpoints"))
            .await
            .ok();
        let signed = kept["checkpoints"].as_array().is_some_and(|c| c.len() >= 2);
        let mut witnessed = true;
        for witness in ["roster", "reporting"] {
            let seen = school
                .deputy
                .get(&school.path(&format!("witnesses/{witness}/checkpoints")))
                .await
                .ok();
            witnessed &= seen["checkpoints"].as_array().is_some_and(|c| c.len() >= 2);
        }
        (signed && witnessed).then_some(())
    })
    .await;
    let sound = school.deputy.post(&verify, json!({})).await.ok();
    assert_eq!(sound["findings"], Value::Null, "{sound}");
    let forged = forge(town).await;
    assert_eq!(forged, 1, "one mark was changed behind the journal's back");
    let found = school.deputy.post(&verify, json!({})).await.ok();
    let findings = found["findings"].as_array().expect("findings");
    assert!(
        findings
            .iter()
            .any(|f| f["reason"] == "STATE_DIFFERS" && f["pupilId"] == *school.pyotr),
        "{found}"
    );
}

/// Makes a 5 of Кузнецов's corrected 4, as a superuser of the database could.
async fn forge(town: &Town) -> u64 {
    use sea_orm::{ConnectOptions, ConnectionTrait, Database};
    let (_, url) = town
        .databases
        .iter()
        .find(|(name, _)| *name == "grading")
        .unwrap();
    let db = Database::connect(ConnectOptions::new(url.clone()))
        .await
        .unwrap();
    let done = db.execute_unprepared("UPDATE cell SET marks = REPLACE(marks, '\"value\":\"4\"', '\"value\":\"5\"') WHERE marks LIKE '%\"value\":\"4\"%'").await.unwrap();
    done.rows_affected()
}
