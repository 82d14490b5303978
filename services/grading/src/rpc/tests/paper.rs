//! Pupils whose journal is kept on paper (R34): marks, corrections, the page, the diary.

use chassis::service::Service;
use zhurnal_proto::{
    grading::v1::{self as pb, Attendance},
    id::JournalModeId,
    roster::v1::{
        JournalMode, JournalModeKind, JournalModesChanged, roster_event::Change as RosterChange,
    },
};

use crate::{GradingService, testing::*};

/// The journal of the first pupil of 5-А is kept on paper in September.
fn on_paper() -> JournalMode {
    JournalMode {
        mode_id: JournalModeId::from_uuid(uuid(900)).to_string(),
        kind: JournalModeKind::Paper.into(),
        pupil_id: person(PUPIL).to_string(),
        starts_on: "2026-09-01".into(),
        ends_on: "2026-09-30".into(),
        etag: "v1".into(),
        ..Default::default()
    }
}

async fn hear(world: &World, mode: JournalMode) {
    let modes = vec![mode];
    let changed = JournalModesChanged { modes };
    world
        .hear_roster(RosterChange::JournalModesChanged(changed))
        .await;
}

async fn diary(world: &World, date: &str) -> pb::DiaryWeek {
    let request = pb::GetDiaryWeekRequest {
        pupil_id: person(PUPIL).to_string(),
        date: date.into(),
    };
    let mut mother = world.family(&[MOTHER]);
    let answer = mother.get_diary_week(request).await.unwrap();
    answer.into_inner().week.unwrap()
}

chassis::on_both_databases! { GradingService::migrations();
    async fn marks_of_a_pupil_on_paper_are_refused_and_those_of_others_are_not(db) {
        let world = World::on(db).await;
        // The column is known to the process before the decision comes.
        assert_eq!(reasons(&world.record(vec![mark(PUPIL, "5")]).await), [""]);
        hear(&world, on_paper()).await;
        let results = world.record(vec![
            seen(1, mark(PUPIL, "4")),
            attend(PUPIL, Attendance::Absent, ""),
            mark(PUPIL + 1, "4"),
        ]).await;
        assert_eq!(reasons(&results), ["PAPER_JOURNAL", "PAPER_JOURNAL", ""]);
        assert!(results[0].message.contains("на бумаге"));
        // What stands there from before may go.
        let cleared = world.record(vec![seen(1, clear(PUPIL))]).await;
        assert_eq!(reasons(&cleared), [""]);
        world.harness.ignore_announced().await;
    }

    async fn a_decision_counts_on_its_days_and_while_it_stands(db) {
        let world = World::on(db).await;
        hear(&world, JournalMode { ends_on: "2026-08-31".into(), ..on_paper() }).await;
        assert_eq!(reasons(&world.record(vec![mark(PUPIL, "5")]).await), [""]);
        hear(&world, JournalMode { ends_on: String::new(), ..on_paper() }).await;
        assert_eq!(reasons(&world.record(vec![seen(1, mark(PUPIL, "4"))]).await), ["PAPER_JOURNAL"]);
        hear(&world, JournalMode { starts_on: "2026-09-02".into(), ..on_paper() }).await;
        assert_eq!(reasons(&world.record(vec![attend(PUPIL, Attendance::Late, "")]).await), [""]);
        hear(&world, on_paper()).await;
        hear(&world, JournalMode { withdrawn: true, etag: "v2".into(), ..on_paper() }).await;
        assert_eq!(reasons(&world.record(vec![attend(PUPIL, Attendance::Absent, "болен")]).await), [""]);
        world.harness.ignore_announced().await;
    }

    async fn a_stage_of_the_school_or_a_class_refuses_nothing(db) {
        let world = World::on(db).await;
        let pilot = JournalMode {
            kind: JournalModeKind::Pilot.into(),
            pupil_id: String::new(),
            ..on_paper()
        };
        hear(&world, JournalMode { class_id: class_id(CLASS_5A), ..pilot.clone() }).await;
        hear(&world, pilot).await;
        assert_eq!(reasons(&world.record(vec![mark(PUPIL, "5")]).await), [""]);
        world.harness.ignore_announced().await;
    }

    async fn the_save_with_a_pupil_on_paper_costs_no_more(db) {
        let world = World::on(db).await;
        hear(&world, on_paper()).await;
        let mut teacher = world.teacher();
        for first in [0, 10] {
            let operations = (first..first + 10).map(|n| mark(PUPIL + n, "5")).collect();
            let (answer, cost) = world.harness.counted(teacher.record_marks(world.batch(operations))).await;
            let refused = answer.unwrap().into_inner().results.iter().filter(|one| !one.reason.is_empty()).count();
            assert_eq!(refused, usize::from(first == 0));
            assert!(cost.statements <= 5 && cost.commits == 1, "{cost:?}");
        }
        world.harness.ignore_announced().await;
    }

    async fn the_page_shows_the_days_on_paper(db) {
        let world = World::on(db).await;
        let mut teacher = world.teacher();
        let plain = world.page(&mut teacher).await.unwrap();
        assert!(plain.rows.iter().all(|row| row.paper_periods.is_empty()));
        hear(&world, on_paper()).await;
        let (page, cost) = world.harness.counted(world.page(&mut teacher)).await;
        let page = page.unwrap();
        assert!(cost.statements <= 3, "{cost:?}");
        assert_ne!(page.revision, plain.revision);
        let own = page.rows.iter().find(|row| row.pupil_id == person(PUPIL).to_string()).unwrap();
        let [period] = own.paper_periods.as_slice() else { panic!("{own:?}") };
        assert!(period.starts_on >= page.from && period.ends_on <= page.to);
        assert!(period.starts_on.as_str() >= "2026-09-01" && period.ends_on.as_str() <= "2026-09-30");
        let others = page.rows.iter().filter(|row| !row.paper_periods.is_empty());
        assert_eq!(others.count(), 1);
    }

    async fn the_diary_says_that_the_journal_is_on_paper(db) {
        let world = World::on(db).await;
        let before = diary(&world, "2026-09-28").await;
        assert!(!before.paper_journal);
        hear(&world, on_paper()).await;
        let last = diary(&world, "2026-09-28").await;
        assert!(last.paper_journal && last.revision != before.revision);
        assert!(!diary(&world, "2026-10-05").await.paper_journal);
    }
}

#[tokio::test]
async fn a_correction_of_what_is_on_paper_is_not_asked_for() {
    let world = World::sqlite().await;
    hear(&world, on_paper()).await;
    world.harness.clock().set(at("2026-09-02T12:00:00Z"));
    let request = pb::RequestCorrectionRequest {
        school_id: school().to_string(),
        lesson_id: lesson(LESSON).to_string(),
        operation: Some(mark(PUPIL, "5")),
        reason: "Забыл выставить".into(),
        request_id: world.request_id(),
    };
    let refused = world
        .teacher()
        .request_correction(request)
        .await
        .unwrap_err();
    assert_eq!(chassis::status::reason(&refused), "PAPER_JOURNAL");
}
