//! Journals without marks: clubs, extended day, class hour; and groups of several classes.

use chassis::service::Service;
use zhurnal_proto::{
    grading::v1::{self as pb, Attendance, grading_event::Change as Event},
    roster::v1::{self as roster, roster_event::Change as RosterChange},
    schedule::v1 as schedule,
};

use crate::{GradingService, testing::*};

/// A number that no group of the plan has.
const CLUB: u128 = 940;
const CHESS: u128 = 941;
const AT_CLUB: u128 = 942;

fn club(unmarked: bool) -> roster::Group {
    roster::Group {
        group_id: group_id(CLUB),
        school_id: school().to_string(),
        academic_year: "2026/2027".into(),
        title: "Шахматы".into(),
        kind: roster::GroupKind::Club.into(),
        grade: 5,
        shift: 1,
        unmarked,
        ..Default::default()
    }
}

async fn hear_group(world: &World, group: roster::Group) {
    let changed = roster::GroupsChanged {
        groups: vec![group],
        removed_ids: Vec::new(),
    };
    world
        .hear_roster(RosterChange::GroupsChanged(changed))
        .await;
}

/// The first pupil of 5-А is in the club from 1 September, one of 5-Б since the second.
async fn with_a_club(world: &World, unmarked: bool) {
    hear_group(world, club(unmarked)).await;
    let memberships = vec![
        membership(CLUB, PUPIL, "2026-09-01", ""),
        membership(CLUB, STRANGER, "2026-09-02", ""),
    ];
    let changed = roster::MembershipsChanged { memberships };
    world
        .hear_roster(RosterChange::MembershipsChanged(changed))
        .await;
    world.hear_lessons(vec![at_club()]).await;
    world.harness.ignore_announced().await;
}

fn at_club() -> schedule::Lesson {
    schedule::Lesson {
        group_id: group_id(CLUB),
        group_title: "Шахматы".into(),
        class_id: String::new(),
        subject_id: subject_id(CHESS),
        subject_title: "Шахматы".into(),
        ..a_lesson(AT_CLUB)
    }
}

/// Journals that the teacher's list shows.
async fn journals(world: &World) -> Vec<pb::Journal> {
    let request = pb::ListJournalsRequest {
        school_id: school().to_string(),
        page_size: 500,
        ..Default::default()
    };
    let answer = world.teacher().list_journals(request).await.unwrap();
    answer.into_inner().journals
}

async fn of_club(world: &World) -> pb::Journal {
    let found = journals(world).await.into_iter();
    let mut found = found.filter(|one| one.group_id == group_id(CLUB));
    found.next().expect("the club's journal")
}

async fn record(world: &World, operations: Vec<pb::MarkOperation>) -> Vec<pb::MarkResult> {
    let journal = of_club(world).await.journal_id;
    let request = pb::RecordMarksRequest {
        journal_id: journal,
        ..world.batch(operations)
    };
    let answer = world.teacher().record_marks(request).await.unwrap();
    answer.into_inner().results
}

fn here(operation: pb::MarkOperation) -> pb::MarkOperation {
    at_lesson(AT_CLUB, operation)
}

chassis::on_both_databases! { GradingService::migrations();
    async fn a_club_without_marks_has_attendance_of_who_is_in_it_that_day(db) {
        let world = World::on(db).await;
        with_a_club(&world, true).await;
        let journal = of_club(&world).await;
        assert!(journal.unmarked && journal.class_id.is_empty() && journal.grade == 5);
        let results = record(&world, vec![
            here(mark(PUPIL, "5")),
            here(attend(PUPIL, Attendance::Absent, "")),
            here(attend(STRANGER, Attendance::Absent, "")),
        ]).await;
        assert_eq!(reasons(&results), ["UNMARKED_GROUP", "", "PUPIL_NOT_IN_GROUP"]);
        assert_eq!(results[0].message, "В этом журнале отметки не выставляются");
        world.harness.ignore_announced().await;

        let request = pb::GetJournalPageRequest {
            school_id: school().to_string(),
            journal_id: journal.journal_id,
            from: "2026-09-01".into(),
            to: "2026-09-30".into(),
        };
        let page = world.teacher().get_journal_page(request).await.unwrap().into_inner().page.unwrap();
        let rows: Vec<_> = page.rows.iter().map(|row| row.member_from.as_str()).collect();
        assert!(page.without_marks && page.columns.len() == 1);
        assert_eq!(rows.len(), 2);
    }

    async fn what_the_group_says_of_marks_counts_from_then_on(db) {
        let world = World::on(db).await;
        with_a_club(&world, false).await;
        assert_eq!(reasons(&record(&world, vec![here(mark(PUPIL, "5"))]).await), [""]);
        world.harness.ignore_announced().await;

        // The column is known to the process before the word comes.
        hear_group(&world, club(true)).await;
        let opened: Vec<pb::Journal> = world.announced().await.into_iter().filter_map(|event| match event {
            Event::JournalOpened(opened) => opened.journal,
            _ => None,
        }).collect();
        assert_eq!(opened.iter().map(|one| one.unmarked).collect::<Vec<_>>(), [true]);
        let results = record(&world, vec![here(seen(1, mark(PUPIL, "4")))]).await;
        assert_eq!(reasons(&results), ["UNMARKED_GROUP"]);
        // What stands there may go.
        assert_eq!(reasons(&record(&world, vec![here(seen(1, clear(PUPIL)))]).await), [""]);
        world.harness.ignore_announced().await;
    }

    async fn a_class_hour_is_a_subject_without_marks_of_the_class(db) {
        let world = World::on(db).await;
        let hour = schedule::Lesson {
            lesson_number: 7,
            subject_id: subject_id(CHESS),
            subject_title: "Классный час".into(),
            ..a_lesson(AT_CLUB)
        };
        world.hear_lessons(vec![hour]).await;
        world.harness.ignore_announced().await;
        let journal = journals(&world).await.into_iter().find(|one| one.subject_title == "Классный час").unwrap();
        assert!(journal.unmarked && !journal.class_id.is_empty());
        let request = pb::RecordMarksRequest {
            journal_id: journal.journal_id,
            ..world.batch(vec![here(mark(PUPIL, "5")), here(attend(PUPIL, Attendance::Late, ""))])
        };
        let results = world.teacher().record_marks(request).await.unwrap().into_inner().results;
        assert_eq!(reasons(&results), ["UNMARKED_GROUP", ""]);
        world.harness.ignore_announced().await;
    }

    async fn the_diary_of_a_member_shows_the_clubs_lessons(db) {
        let world = World::on(db).await;
        with_a_club(&world, true).await;
        let request = pb::GetDiaryWeekRequest {
            pupil_id: person(PUPIL).to_string(),
            date: "2026-09-01".into(),
        };
        let week = world.family(&[MOTHER]).get_diary_week(request).await.unwrap().into_inner().week.unwrap();
        let subjects: Vec<_> = week.days.iter().flat_map(|day| &day.lessons).map(|lesson| lesson.subject_title.clone()).collect();
        assert!(subjects.contains(&"Шахматы".to_owned()), "{subjects:?}");
        let other = pb::GetDiaryWeekRequest {
            pupil_id: person(STRANGER).to_string(),
            date: "2026-09-01".into(),
        };
        let week = world.family(&[MOTHER_OF_STRANGER]).get_diary_week(other).await.unwrap().into_inner().week.unwrap();
        let subjects: Vec<_> = week.days.iter().flat_map(|day| &day.lessons).map(|lesson| lesson.subject_title.clone()).collect();
        assert!(!subjects.contains(&"Шахматы".to_owned()), "{subjects:?}");
    }
}
