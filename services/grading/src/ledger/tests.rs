//! Checkpoints and verification against manipulations of the database, on both
//! databases: each is found and named.

use std::sync::Arc;

use chassis::service::Service;
use jiff::SignedDuration;
use sea_orm::Value;
use zhurnal_proto::{
    grading::v1::{self as pb, Attendance, LedgerCheckpoint, grading_event::Change as Event},
    types::v1::WitnessedCheckpoint,
};

use crate::{GradingService, testing::*};

/// A school day under two checkpoints that both witnesses keep: a mark, a comment,
/// a changed mark, an absence, a recorded lesson, a correction request.
struct Day {
    world: World,
    roster: Witness,
    reporting: Witness,
}

impl Day {
    async fn on(db: chassis::testing::TestDb) -> Day {
        let world = World::on(db).await;
        let (roster, reporting) = Witness::both(&world.harness);
        let day = Day {
            world,
            roster,
            reporting,
        };
        day.world
            .record(vec![
                mark(PUPIL, "4"),
                commented(PUPIL + 1, "5", "молодец"),
                mark(PUPIL + 2, "3"),
            ])
            .await;
        day.checkpoint().await;
        day.world
            .harness
            .clock()
            .advance(SignedDuration::from_mins(10));
        day.world
            .record(vec![
                seen(1, mark(PUPIL, "5")),
                attend(PUPIL + 3, Attendance::Ill, ""),
            ])
            .await;
        day.record_lesson().await;
        day.checkpoint().await;
        // Everything is old enough to be held against anybody.
        day.world
            .harness
            .clock()
            .advance(SignedDuration::from_mins(9));
        day
    }

    async fn record_lesson(&self) {
        let entry = pb::RecordLessonRequest {
            school_id: school().to_string(),
            lesson_id: lesson(LESSON).to_string(),
            topic: "Дроби".into(),
            homework: "№ 5".into(),
            request_id: self.world.request_id(),
            ..Default::default()
        };
        self.world.teacher().record_lesson(entry).await.unwrap();
    }

    /// Signs what is there; the witnesses hear of it.
    async fn checkpoint(&self) -> Vec<LedgerCheckpoint> {
        self.world.harness.ignore_announced().await;
        self.world.grading.checkpoint_now().await.unwrap();
        let signed: Vec<LedgerCheckpoint> = self
            .world
            .announced()
            .await
            .into_iter()
            .filter_map(|event| {
                if let Event::LedgerCheckpointSigned(signed) = event {
                    signed.checkpoint
                } else {
                    None
                }
            })
            .collect();
        self.roster.hear(&signed);
        self.reporting.hear(&signed);
        signed
    }

    async fn sql(&self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let touched = self.world.sql(sql, values).await;
        assert!(touched > 0, "the manipulation touched nothing: {sql}");
    }

    /// Reasons and records of what a verification finds.
    async fn findings(&self) -> Vec<(String, String)> {
        let found = self.world.verify().await.findings;
        assert!(found.iter().all(|finding| !finding.message.is_empty()));
        found
            .into_iter()
            .map(|finding| (finding.reason, finding.record))
            .collect()
    }

    /// A verification finds this reason at a record whose name holds the text.
    async fn finds(&self, reason: &str, record: &str) {
        let found = self.findings().await;
        assert!(
            found
                .iter()
                .any(|(r, at)| r == reason && at.contains(record)),
            "no {reason} at {record}: {found:#?}"
        );
    }
}

fn cell(pupil: u128) -> String {
    format!("cell/{}/{}", lesson(LESSON), person(pupil))
}

fn pupil(n: u128) -> Value {
    uuid(n).into()
}

chassis::on_both_databases! { GradingService::migrations();
    async fn an_honest_ledger_verifies(db) {
        let day = Day::on(db).await;
        let report = day.world.verify().await;
        assert_eq!(report.findings, []);
        assert_eq!((report.entry_count, report.checkpoint_count), (6, 2));
        // New entries stand open for a while and then under the next checkpoint.
        day.world.record(vec![mark(PUPIL + 9, "5")]).await;
        assert_eq!(day.findings().await, []);
        let signed = day.checkpoint().await;
        assert_eq!((signed.len(), signed[0].tree_size), (1, 7));
        assert_eq!(day.findings().await, []);
        assert_eq!(day.world.grading.checkpoint_now().await.unwrap(), 0, "nothing new, nothing signed");
    }

    async fn a_checkpoint_is_a_signed_note_of_the_days_root(db) {
        let day = Day::on(db).await;
        let request = pb::ListLedgerCheckpointsRequest { school_id: school().to_string(), ..Default::default() };
        let listed = day.world.deputy().list_ledger_checkpoints(request).await.unwrap().into_inner().checkpoints;
        let [newest] = listed.as_slice() else { panic!("{listed:?}") };
        assert_eq!((newest.day.as_str(), newest.tree_size), ("2026-09-01", 6));
        let said = day.world.grading.key.open(&newest.note).unwrap();
        assert_eq!(hex::encode(said.root), newest.root);
        assert_eq!(day.roster.kept()[0].root, newest.root);
    }

    async fn a_changed_mark_is_named(db) {
        let day = Day::on(db).await;
        day.sql("UPDATE cell SET marks = replace(marks, '\"value\":\"3\"', '\"value\":\"5\"') WHERE pupil_id = ?", [pupil(PUPIL + 2)]).await;
        assert_eq!(day.findings().await, [("STATE_DIFFERS".to_owned(), cell(PUPIL + 2))]);
    }

    async fn a_changed_comment_author_or_time_is_named(db) {
        let day = Day::on(db).await;
        day.sql("UPDATE cell SET marks = replace(marks, 'молодец', 'лентяй') WHERE pupil_id = ?", [pupil(PUPIL + 1)]).await;
        day.finds("STATE_DIFFERS", &cell(PUPIL + 1)).await;
        day.sql("UPDATE cell SET marks = replace(marks, '\"set_us\":17', '\"set_us\":16') WHERE pupil_id = ?", [pupil(PUPIL + 2)]).await;
        day.finds("STATE_DIFFERS", &cell(PUPIL + 2)).await;
    }

    async fn a_changed_absence_a_deleted_cell_and_a_corrupt_one_are_named(db) {
        let day = Day::on(db).await;
        day.sql("UPDATE cell SET attendance = replace(attendance, 'б', 'н') WHERE pupil_id = ?", [pupil(PUPIL + 3)]).await;
        day.finds("STATE_DIFFERS", &cell(PUPIL + 3)).await;
        day.sql("DELETE FROM cell WHERE pupil_id = ?", [pupil(PUPIL)]).await;
        day.finds("STATE_DIFFERS", &cell(PUPIL)).await;
        day.sql("UPDATE cell SET marks = 'five' WHERE pupil_id = ?", [pupil(PUPIL + 1)]).await;
        day.finds("STATE_DIFFERS", &cell(PUPIL + 1)).await;
    }

    async fn a_cell_from_nowhere_is_named(db) {
        let day = Day::on(db).await;
        day.sql("INSERT INTO cell (school_id, lesson_id, pupil_id, academic_year, date, revision, marks, attendance)
            SELECT school_id, lesson_id, ?, academic_year, date, revision, marks, attendance FROM cell WHERE pupil_id = ?",
            [pupil(PUPIL + 20), pupil(PUPIL)]).await;
        assert_eq!(day.findings().await, [("STATE_DIFFERS".to_owned(), cell(PUPIL + 20))]);
    }

    async fn a_changed_topic_is_named(db) {
        let day = Day::on(db).await;
        day.sql("UPDATE lesson_entry SET topic = 'Проценты'", []).await;
        assert_eq!(day.findings().await, [("STATE_DIFFERS".to_owned(), format!("lesson_entry/{}", lesson(LESSON)))]);
    }

    async fn a_changed_ledger_row_is_named(db) {
        let day = Day::on(db).await;
        day.sql("UPDATE ledger_entry SET new_value = '5' WHERE pupil_id = ? AND new_value = '3'", [pupil(PUPIL + 2)]).await;
        let found = day.findings().await;
        assert!(found.iter().any(|(reason, record)| reason == "ENTRY_CHANGED" && record.starts_with("ledger_entry/")));
        assert!(found.iter().any(|(reason, record)| reason == "STATE_DIFFERS" && *record == cell(PUPIL + 2)));
    }

    async fn mark_and_ledger_row_changed_together_are_named(db) {
        let day = Day::on(db).await;
        day.sql("UPDATE ledger_entry SET new_value = '5' WHERE pupil_id = ? AND new_value = '3'", [pupil(PUPIL + 2)]).await;
        day.sql("UPDATE cell SET marks = replace(marks, '\"value\":\"3\"', '\"value\":\"5\"') WHERE pupil_id = ?", [pupil(PUPIL + 2)]).await;
        let found = day.findings().await;
        let [(reason, _)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(reason, "ENTRY_CHANGED");
    }

    async fn every_column_of_a_ledger_row_counts(db) {
        let day = Day::on(db).await;
        for change in [
            "author_id = pupil_id", "recorded_us = recorded_us - 1", "client_us = 5", "late = NOT late", "kind = 4",
            "old_value = '2'", "session_id = author_id", "policy_id = 'x'", "copy_cursor = 'x'", "revision = revision + 1",
            "slot = slot + 1", "day = '2026-09-02'", "personal_text = personal_text || '!'", "subject = 9",
        ] {
            let before = format!("UPDATE ledger_entry SET {change} WHERE pupil_id = ?");
            let kept = "CREATE TABLE kept AS SELECT * FROM ledger_entry";
            day.world.sql(kept, []).await;
            day.sql(&before, [pupil(PUPIL + 1)]).await;
            let found = day.findings().await;
            assert!(found.iter().any(|(reason, _)| reason == "ENTRY_CHANGED"), "{change}: {found:?}");
            day.world.sql("DELETE FROM ledger_entry", []).await;
            day.world.sql("INSERT INTO ledger_entry SELECT * FROM kept", []).await;
            day.world.sql("DROP TABLE kept", []).await;
        }
        assert_eq!(day.findings().await, []);
    }

    async fn a_deleted_ledger_row_is_named(db) {
        let day = Day::on(db).await;
        day.sql("DELETE FROM ledger_entry WHERE pupil_id = ? AND new_value = '4'", [pupil(PUPIL)]).await;
        day.finds("ENTRY_MISSING", "ledger_entry/").await;
        let found = day.findings().await;
        assert!(found.iter().filter(|(reason, _)| reason == "ENTRY_MISSING").count() >= 2, "by the tree and by the chain: {found:?}");
    }

    async fn a_row_that_somebody_else_inserted_is_named_before_and_after_a_checkpoint(db) {
        let day = Day::on(db).await;
        let names = "school_id, lesson_id, change_id, nth, academic_year, day, subject, pupil_id, slot, old_value, new_value,
            kind, revision, commitment, salt, personal_text, author_id, recorded_us, client_us, late,
            correction_request_id, session_id, policy_id, copy_cursor, seal";
        let forged = names.replace("change_id", "?").replace("revision", "revision + 1")
            .replace("old_value", "new_value").replace("new_value, new_value", "new_value, '5'");
        let sql = format!("INSERT INTO ledger_entry ({names}) SELECT {forged} FROM ledger_entry WHERE pupil_id = ? AND new_value = '3'");
        day.sql(&sql, [uuid(777).into(), pupil(PUPIL + 2)]).await;
        day.finds("ENTRY_INVENTED", &uuid(777).simple().to_string()).await;
        day.world.record(vec![mark(PUPIL + 9, "5")]).await;
        day.checkpoint().await;
        day.finds("ENTRY_INVENTED", &uuid(777).simple().to_string()).await;
    }

    async fn two_swapped_rows_are_both_named(db) {
        let day = Day::on(db).await;
        // The two marks change places: every value is one that was really given.
        day.sql("UPDATE ledger_entry SET pupil_id = CASE WHEN pupil_id = ? THEN ? ELSE ? END
            WHERE pupil_id IN (?, ?) AND revision = 1",
            [pupil(PUPIL + 1), pupil(PUPIL + 2), pupil(PUPIL + 1), pupil(PUPIL + 1), pupil(PUPIL + 2)]).await;
        let found = day.findings().await;
        assert_eq!(found.iter().filter(|(reason, _)| reason == "ENTRY_CHANGED").count(), 2, "{found:?}");
        for n in [1, 2] {
            assert!(found.iter().any(|(reason, record)| reason == "STATE_DIFFERS" && *record == cell(PUPIL + n)));
        }
    }

    async fn a_tail_cut_off_under_a_checkpoint_is_named(db) {
        let day = Day::on(db).await;
        day.sql("DELETE FROM ledger_entry WHERE recorded_us = (SELECT max(recorded_us) FROM ledger_entry)", []).await;
        let found = day.findings().await;
        assert_eq!(found.iter().filter(|(reason, record)| reason == "ENTRY_MISSING" && record.contains("ledger_entry/")).count(), 3, "{found:?}");
    }

    async fn the_own_checkpoint_deleted_is_named(db) {
        let day = Day::on(db).await;
        day.sql("DELETE FROM ledger_checkpoint WHERE tree_size = 6", []).await;
        day.finds("CHECKPOINT_MISSING", "ledger_checkpoint/2026-09-01/6").await;
        // Also when the next one is signed over the gap.
        day.world.record(vec![mark(PUPIL + 9, "5")]).await;
        day.world.grading.checkpoint_now().await.unwrap();
        day.world.harness.ignore_announced().await;
        let found = day.findings().await;
        assert!(found.iter().any(|(reason, _)| reason == "CHECKPOINT_MISSING" || reason == "ROOT_DIFFERS"), "{found:?}");
    }

    async fn the_first_checkpoint_deleted_is_named(db) {
        let day = Day::on(db).await;
        day.sql("DELETE FROM ledger_checkpoint WHERE tree_size = 3", []).await;
        day.finds("CHECKPOINT_MISSING", "ledger_checkpoint/2026-09-01/6").await;
        day.finds("ROOT_DIFFERS", "ledger_checkpoint/2026-09-01/6").await;
    }

    async fn tail_checkpoint_and_state_cut_off_together_are_found_by_the_witnesses(db) {
        let day = Day::on(db).await;
        day.sql("DELETE FROM ledger_entry WHERE recorded_us = (SELECT max(recorded_us) FROM ledger_entry)", []).await;
        day.sql("DELETE FROM ledger_checkpoint WHERE tree_size = 6", []).await;
        day.sql("DELETE FROM lesson_entry", []).await;
        day.sql("DELETE FROM cell WHERE pupil_id IN (?, ?)", [pupil(PUPIL), pupil(PUPIL + 3)]).await;
        let found = day.findings().await;
        assert_eq!(found.iter().filter(|(reason, _)| reason == "CHECKPOINT_MISSING").count(), 2, "one by each witness: {found:?}");
    }

    async fn the_whole_chain_rebuilt_with_the_own_key_is_found_by_the_witnesses(db) {
        let day = Day::on(db).await;
        // An insider with the service's key changes a mark and its entry, and signs the day anew.
        day.sql("UPDATE cell SET marks = replace(marks, '\"value\":\"3\"', '\"value\":\"5\"') WHERE pupil_id = ?", [pupil(PUPIL + 2)]).await;
        day.sql("UPDATE ledger_entry SET new_value = '5' WHERE pupil_id = ? AND new_value = '3'", [pupil(PUPIL + 2)]).await;
        day.sql("DELETE FROM ledger_checkpoint", []).await;
        for sealed in crate::store::ledger::after(day.world.harness.cx().db.read(), school(), None, 100).await.unwrap() {
            let sealed = sealed.unwrap();
            let seal = sealed.entry.seal(day.world.grading.key.seal());
            day.world.sql("UPDATE ledger_entry SET seal = ? WHERE change_id = ? AND nth = ?",
                [seal.into(), sealed.entry.key.change.into(), sealed.entry.key.nth.into()]).await;
        }
        day.sql("UPDATE ledger_progress SET position = 0", []).await;
        day.world.grading.checkpoint_now().await.unwrap();
        day.world.harness.ignore_announced().await;
        let found = day.findings().await;
        assert_eq!(found.iter().filter(|(reason, _)| reason == "ROOT_DIFFERS").count(), 2, "one by each witness: {found:?}");
        assert!(found.iter().all(|(reason, _)| reason == "ROOT_DIFFERS"), "nothing else gives it away: {found:?}");
    }

    async fn a_checkpoint_signed_by_another_key_or_altered_is_named(db) {
        let day = Day::on(db).await;
        day.sql("UPDATE ledger_checkpoint SET note = replace(note, 'signed 2026', 'signed 2025') WHERE tree_size = 3", []).await;
        day.finds("SIGNATURE_WRONG", "ledger_checkpoint/2026-09-01/3").await;
        day.sql("UPDATE ledger_checkpoint SET root = leaves WHERE tree_size = 3", []).await;
        day.finds("ROOT_DIFFERS", "ledger_checkpoint/2026-09-01/3").await;
    }

    async fn a_changed_correction_request_is_named(db) {
        let day = Day::on(db).await;
        day.world.harness.clock().set(at("2026-09-02T06:00:00Z"));
        let request = pb::RequestCorrectionRequest {
            school_id: school().to_string(),
            lesson_id: lesson(LESSON).to_string(),
            operation: Some(seen(1, mark(PUPIL + 2, "4"))),
            reason: "ошибка при вводе".into(),
            request_id: day.world.request_id(),
        };
        let asked = day.world.teacher().request_correction(request).await.unwrap().into_inner().correction_request.unwrap();
        let approve = pb::ApproveCorrectionRequest {
            school_id: school().to_string(),
            correction_request_id: asked.correction_request_id.clone(),
            note: "да".into(),
            request_id: day.world.request_id(),
        };
        day.world.deputy().approve_correction(approve).await.unwrap();
        day.checkpoint().await;
        assert_eq!(day.findings().await, []);
        let record = format!("correction_request/{}", asked.correction_request_id);
        for change in ["reason = 'другая причина'", "note = 'нет'", "decided_by = author_id", "state = 'REFUSED'", "new_value = '2'"] {
            day.world.sql("CREATE TABLE kept AS SELECT * FROM correction_request", []).await;
            day.sql(&format!("UPDATE correction_request SET {change}"), []).await;
            day.finds("STATE_DIFFERS", &record).await;
            day.world.sql("DELETE FROM correction_request", []).await;
            day.world.sql("INSERT INTO correction_request SELECT * FROM kept", []).await;
            day.world.sql("DROP TABLE kept", []).await;
        }
        assert_eq!(day.findings().await, []);
    }

    async fn erasing_a_personal_text_keeps_every_proof(db) {
        let day = Day::on(db).await;
        let empty: Vec<u8> = Vec::new();
        day.sql("UPDATE ledger_entry SET personal_text = '', salt = ? WHERE pupil_id = ?", [empty.into(), pupil(PUPIL + 1)]).await;
        day.finds("STATE_DIFFERS", &cell(PUPIL + 1)).await;
        day.sql("UPDATE cell SET marks = replace(marks, '\"comment\":\"молодец\",', '') WHERE pupil_id = ?", [pupil(PUPIL + 1)]).await;
        assert_eq!(day.findings().await, []);
    }

    async fn what_is_sealed_while_it_is_verified_is_no_finding(db) {
        let day = Arc::new(Day::on(db).await);
        let busy = day.clone();
        day.roster.meanwhile(async move {
            busy.world.record(vec![mark(PUPIL + 9, "5")]).await;
            busy.checkpoint().await;
        });
        assert_eq!(day.findings().await, []);
        assert_eq!(day.roster.kept()[0].tree_size, 7, "it was sealed meanwhile");
    }

    async fn a_witness_that_is_down_behind_or_lying_is_a_finding(db) {
        let day = Day::on(db).await;
        let honest = day.roster.kept();
        day.roster.keep(Vec::new());
        assert_eq!(day.findings().await, [("WITNESS_BEHIND".to_owned(), "witness/roster/2026-09-01".to_owned())]);
        day.roster.keep(honest.iter().cloned().map(|kept| WitnessedCheckpoint { root: "00".into(), ..kept }).collect());
        day.finds("ROOT_DIFFERS", "2026-09-01/6").await;
        day.finds("SIGNATURE_WRONG", "2026-09-01/6").await;
        day.roster.keep(honest);
        assert_eq!(day.findings().await, []);
    }
}

#[tokio::test]
async fn witnesses_that_cannot_be_reached_are_named() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "5")]).await;
    world.grading.checkpoint_now().await.unwrap();
    world.harness.ignore_announced().await;
    let found: Vec<(String, String)> = world
        .verify()
        .await
        .findings
        .into_iter()
        .map(|f| (f.reason, f.record))
        .collect();
    let unreachable = |name: &str| ("WITNESS_UNREACHABLE".to_owned(), format!("witness/{name}"));
    assert_eq!(found, [unreachable("reporting"), unreachable("roster")]);
}

#[tokio::test]
async fn the_task_signs_by_itself() {
    let world = World::configured(
        chassis::testing::TestDb::sqlite(GradingService::migrations()).await,
        chassis::config::Sources::new().set("grading.ledger.checkpoint_seconds", "1", "test"),
    )
    .await;
    let tasks = world.harness.start_tasks();
    world.record(vec![mark(PUPIL, "5")]).await;
    let request = || pb::ListLedgerCheckpointsRequest {
        school_id: school().to_string(),
        ..Default::default()
    };
    chassis::testing::eventually("a checkpoint", || async {
        !world
            .deputy()
            .list_ledger_checkpoints(request())
            .await
            .unwrap()
            .into_inner()
            .checkpoints
            .is_empty()
    })
    .await;
    drop(tasks);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn teachers_families_and_services_do_not_verify() {
    let world = World::sqlite().await;
    let request = || pb::VerifyLedgerRequest {
        school_id: school().to_string(),
        ..Default::default()
    };
    // A witness is asked for its checkpoints and asks for nothing.
    let witness = world.client(&chassis::caller::Caller::service("reporting"));
    for mut stranger in [world.teacher(), world.family(&[MOTHER]), witness] {
        let refused = stranger.verify_ledger(request()).await.unwrap_err();
        assert_eq!(refused.code(), tonic::Code::PermissionDenied);
    }
}

/// Entries of days that a stretch of the walk cuts in two.
#[tokio::test]
async fn a_ledger_longer_than_one_stretch_verifies() {
    let world = World::sqlite().await;
    let (roster, reporting) = Witness::both(&world.harness);
    let lessons = (0..9u32).map(|n| zhurnal_proto::schedule::v1::Lesson {
        lesson_number: n + 1,
        ..a_lesson(6_000 + u128::from(n))
    });
    world.hear_lessons(lessons.collect()).await;
    world.harness.clock().set(at("2026-09-01T07:00:00Z"));
    for round in 0..20i64 {
        for n in 0..9 {
            let value = if round % 2 == 0 { "4" } else { "5" };
            let all = (0..30)
                .map(|p| at_lesson(6_000 + n, seen(round, mark(PUPIL + p, value))))
                .collect();
            world.record(all).await;
        }
        world.harness.clock().advance(SignedDuration::from_mins(6));
    }
    world.harness.ignore_announced().await;
    world.grading.checkpoint_now().await.unwrap();
    let signed: Vec<LedgerCheckpoint> = world
        .announced()
        .await
        .into_iter()
        .filter_map(|event| {
            if let Event::LedgerCheckpointSigned(signed) = event {
                signed.checkpoint
            } else {
                None
            }
        })
        .collect();
    roster.hear(&signed);
    reporting.hear(&signed);
    let report = world.verify().await;
    assert_eq!(report.findings, []);
    assert_eq!(report.entry_count, 20 * 9 * 30);
    world.sql("UPDATE cell SET revision = revision + 0, marks = replace(marks, '\"value\":\"5\"', '\"value\":\"2\"') WHERE lesson_id = ? AND pupil_id = ?",
        [uuid(6_008).into(), uuid(PUPIL + 29).into()]).await;
    let found = world.verify().await.findings;
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].record,
        format!("cell/{}/{}", lesson(6_008), person(PUPIL + 29))
    );
}
