//! What a call costs in statements, on both databases.

use chassis::service::Service;
use zhurnal_proto::grading::v1::{self as pb, Attendance};

use crate::{GradingService, testing::*};

/// Everything of one RecordMarks, with a harness that has been warmed or not.
async fn cost_of(world: &World, operations: Vec<pb::MarkOperation>) -> (u64, u64) {
    let mut teacher = world.teacher();
    let request = world.batch(operations);
    let (answer, cost) = world.harness.counted(teacher.record_marks(request)).await;
    let results = answer.unwrap().into_inner().results;
    assert!(
        results.iter().all(|result| result.reason.is_empty()),
        "{:?}",
        reasons(&results)
    );
    world.harness.ignore_announced().await;
    (cost.statements, cost.commits)
}

chassis::on_both_databases! { GradingService::migrations();
    async fn a_class_save_costs_five_statements_and_one_commit_whatever_its_size(db) {
        let world = World::on(db).await;
        let marks = |from: u128, count: u128, value: &'static str| (from..from + count).map(move |n| mark(PUPIL + n, value)).collect::<Vec<_>>();
        // Cold: the first save of a lesson reads its facts too.
        let cold = cost_of(&world, marks(0, 1, "5")).await;
        let one = cost_of(&world, marks(1, 1, "5")).await;
        let nine = cost_of(&world, marks(2, 9, "5")).await;
        let all = cost_of(&world, marks(11, 19, "4")).await;
        for (statements, commits) in [cold, one, nine, all] {
            assert!(statements <= 5, "{statements} statements");
            assert_eq!(commits, 1);
        }
        assert_eq!(one, nine);
        assert_eq!(one, all);
        // A whole class with attendance in the same batch: a cell is one row.
        let attendance = (0..30).map(|n| attend(PUPIL + n, Attendance::Late, "")).collect();
        assert_eq!(cost_of(&world, attendance).await, one);
    }

    async fn a_full_class_of_thirty_cold_costs_no_more(db) {
        let world = World::on(db).await;
        let cold = cost_of(&world, (0..30).map(|n| mark(PUPIL + n, "5")).collect()).await;
        assert!(cold.0 <= 5 && cold.1 == 1, "{cold:?}");
    }

    async fn after_a_change_of_facts_the_next_save_costs_no_more(db) {
        let world = World::on(db).await;
        cost_of(&world, vec![mark(PUPIL, "5")]).await;
        world.hear_lessons(vec![a_lesson(LESSON)]).await;
        let (statements, commits) = cost_of(&world, vec![mark(PUPIL + 1, "5")]).await;
        assert!(statements <= 5 && commits == 1, "{statements}");
    }

    async fn a_page_costs_three_statements_whatever_its_size(db) {
        let world = World::on(db).await;
        let mut teacher = world.teacher();
        let (empty, cost) = world.harness.counted(world.page(&mut teacher)).await;
        assert!(empty.unwrap().rows.iter().all(|row| row.cells.is_empty()));
        assert!(cost.statements <= 3 && cost.commits == 0, "{cost:?}");
        // Sixty lessons of thirty pupils.
        let lessons = (0..60u32).map(|n| zhurnal_proto::schedule::v1::Lesson {
            date: jiff::civil::date(2026, 8, 3).saturating_add(jiff::Span::new().days(n / 2)).to_string(),
            lesson_number: n % 2 + 1,
            ..a_lesson(5_000 + u128::from(n))
        });
        let lessons: Vec<_> = lessons.collect();
        world.hear_lessons(lessons.clone()).await;
        world
            .hear_roster(zhurnal_proto::roster::v1::roster_event::Change::MembershipsChanged(
                zhurnal_proto::roster::v1::MembershipsChanged {
                    memberships: (0..CLASS_SIZE).map(|n| membership(GROUP_5A, PUPIL + n, "2026-08-01", "")).collect(),
                },
            ))
            .await;
        for n in 0..60 {
            let all = (0..30).map(|pupil| at_lesson(5_000 + n, mark(PUPIL + pupil, "5"))).collect();
            world.record(all).await;
        }
        let request = pb::GetJournalPageRequest {
            school_id: school().to_string(),
            journal_id: world.maths.to_string(),
            from: "2026-08-03".into(),
            to: "2026-09-01".into(),
        };
        let (page, full) = world.harness.counted(teacher.get_journal_page(request)).await;
        let page = page.unwrap().into_inner().page.unwrap();
        assert!(page.columns.len() >= 60 && page.rows.len() == 30);
        assert!(page.rows.iter().all(|row| row.cells.len() == 60));
        assert!(full.statements <= 3, "{full:?}");
        world.harness.ignore_announced().await;
    }

    async fn a_diary_week_costs_three_statements(db) {
        let world = World::on(db).await;
        let mut mother = world.family(&[MOTHER]);
        let request = pb::GetDiaryWeekRequest { pupil_id: person(PUPIL).to_string(), date: String::new() };
        let (week, cost) = world.harness.counted(mother.get_diary_week(request)).await;
        assert!(!week.unwrap().into_inner().week.unwrap().days.is_empty());
        assert!(cost.statements <= 3 && cost.commits == 0, "{cost:?}");
    }

    async fn concurrent_writers_lose_nothing(db) {
        let world = World::on(db).await;
        // Twelve sessions of the teacher set the mark of every pupil at once, each
        // seeing an empty cell: one wins each cell, the others hear of a conflict.
        let attempts = (0..12u128).map(|n| {
            let mut teacher = world.teacher();
            let value = ["2", "3", "4", "5"][usize::try_from(n % 4).unwrap()];
            let request = world.batch((0..30).map(|p| mark(PUPIL + p, value)).collect());
            async move { teacher.record_marks(request).await.unwrap().into_inner().results }
        });
        let answers = futures::future::join_all(attempts).await;
        let mut teacher = world.teacher();
        let page = world.page(&mut teacher).await.unwrap();
        for pupil in 0..30u128 {
            let id = person(PUPIL + pupil).to_string();
            let at = usize::try_from(pupil).unwrap();
            let applied: Vec<_> = answers.iter().map(|a| &a[at]).filter(|r| r.verdict() == pb::MarkVerdict::Applied).collect();
            assert_eq!(applied.len(), 1, "one first entry of {id}");
            let row = page.rows.iter().find(|row| row.pupil_id == id).unwrap();
            assert_eq!(row.cells[0].marks, applied[0].cell.as_ref().unwrap().marks);
            let rest = answers.iter().map(|a| a[at].verdict()).filter(|v| *v != pb::MarkVerdict::Applied);
            assert!(rest.clone().all(|v| matches!(v, pb::MarkVerdict::Conflict | pb::MarkVerdict::Duplicate)));
        }
        world.harness.ignore_announced().await;
    }

    async fn a_mark_and_an_absence_at_the_same_moment_keep_the_rule_between_them(db) {
        let world = World::on(db).await;
        let writers = (0..30u128).flat_map(|n| [mark(PUPIL + n, "4"), attend(PUPIL + n, Attendance::Absent, "")]);
        let answers = futures::future::join_all(writers.map(|operation| {
            let mut teacher = world.teacher();
            let request = world.batch(vec![operation]);
            async move { teacher.record_marks(request).await.unwrap().into_inner().results.remove(0) }
        }))
        .await;
        for pair in answers.as_chunks::<2>().0 {
            let applied = pair.iter().filter(|result| result.verdict() == pb::MarkVerdict::Applied).count();
            let refused = pair.iter().filter(|result| result.reason == "ABSENT_MARK_NEEDS_COMMENT").count();
            assert_eq!((applied, refused), (1, 1), "R32 holds for writers that do not see each other");
        }
        // The last event of each cell tells all of it.
        world.harness.ignore_announced().await;
    }

    async fn of_two_states_of_one_record_in_an_event_the_last_one_counts(db) {
        let world = World::on(db).await;
        let enrolment = |id: u128, class: u128, from: &str, to: &str| zhurnal_proto::roster::v1::Enrolment {
            enrolment_id: zhurnal_proto::id::EnrolmentId::from_uuid(uuid(id)).to_string(),
            school_id: school().to_string(),
            pupil_id: person(PUPIL).to_string(),
            class_id: class_id(class),
            starts_on: from.into(),
            ends_on: to.into(),
            ..Default::default()
        };
        // A transfer: the old enrolment ends, a new one begins, and is mended at once.
        let enrolments = vec![
            enrolment(PUPIL + 10_000, CLASS_5A, "2026-08-30", "2026-08-31"),
            enrolment(90_001, CLASS_5A, "2026-09-01", ""),
            enrolment(90_001, CLASS_5B, "2026-09-01", ""),
        ];
        world
            .hear_roster(zhurnal_proto::roster::v1::roster_event::Change::EnrolmentsChanged(
                zhurnal_proto::roster::v1::EnrolmentsChanged { enrolments },
            ))
            .await;
        let request = pb::GetDiaryWeekRequest { pupil_id: person(PUPIL).to_string(), date: String::new() };
        let week = world.family(&[MOTHER]).get_diary_week(request).await.unwrap().into_inner().week.unwrap();
        assert_eq!(week.class_title, "5-Б");
    }

    async fn the_same_request_at_once_has_one_effect(db) {
        let world = World::on(db).await;
        let request = world.batch(vec![mark(PUPIL, "5")]);
        let answers = futures::future::join_all((0..8).map(|_| {
            let (mut teacher, request) = (world.teacher(), request.clone());
            async move { teacher.record_marks(request).await }
        }))
        .await;
        for answer in answers {
            let results = answer.unwrap().into_inner().results;
            assert_eq!(verdicts(&results), [pb::MarkVerdict::Applied]);
        }
        assert_eq!(world.announced().await.len(), 1);
    }
}
