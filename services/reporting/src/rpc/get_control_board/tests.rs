//! Tests.

use chassis::on_both_databases;
use tonic::Code;
use zhurnal_proto::grading::v1::grading_event::Change as Graded;
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::reporting::v1 as pb;
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::schedule::v1 as schedule;

use crate::store::migrations;
use crate::testing::{
    World, a_lesson, a_membership, a_pupil, a_school, cell, cells, entry, id, lessons, opened,
    refused,
};

fn request(from: &str, to: &str) -> pb::GetControlBoardRequest {
    pb::GetControlBoardRequest {
        school_id: id::<SchoolId>("12").to_string(),
        from: from.into(),
        to: to.into(),
    }
}

async fn board(world: &World) -> pb::ControlBoard {
    world
        .deputy()
        .get_control_board(request("", ""))
        .await
        .unwrap()
        .into_inner()
        .board
        .unwrap()
}

/// Tuesday's work: algebra of 5-А with a mark, an absence and homework; physics
/// entered late, with nothing else.
async fn tuesday(world: &World) {
    let day = "2026-09-01";
    world
        .grading(entry("вт алгебра 5-А", day, "5-А", "Алгебра", true, false))
        .await;
    let filled = vec![
        cell("вт алгебра 5-А", day, "Алиев", &["5"], ""),
        cell("вт алгебра 5-А", day, "Ёлкин", &[], "н"),
        cell("вт алгебра 5-А", day, "Жуков", &[], "оп"),
    ];
    world.grading(cells("5-А", "Алгебра", filled)).await;
    world
        .grading(entry("вт физика 5-А", day, "5-А", "Физика", false, true))
        .await;
}

on_both_databases! { migrations();
    async fn a_journal_without_marks_misses_neither_marks_nor_homework(db) {
        let world = World::on(db).told().await;
        world.at("2026-09-01T16:00");
        tuesday(&world).await;
        let Graded::JournalOpened(mut physics) = opened("5-А", "Физика") else { panic!("a journal") };
        if let Some(journal) = &mut physics.journal {
            journal.unmarked = true;
        }
        world.grading(Graded::JournalOpened(physics)).await;
        let school = board(&world).await.school.unwrap();
        // Its lessons count as every other: it is late, and 5-А has held it.
        assert_eq!((school.lessons_due, school.lessons_recorded, school.lessons_late), (4, 2, 1));
        assert_eq!((school.pupil_subjects, school.without_marks, school.lessons_without_homework), (4, 3, 0));
    }

    async fn the_board_counts_the_school_its_classes_and_teachers(db) {
        let world = World::on(db).told().await;
        world.at("2026-09-01T16:00");
        tuesday(&world).await;
        let board = board(&world).await;
        assert_eq!((board.from.as_str(), board.to.as_str()), ("2026-09-01", "2026-09-01"));
        let school = pb::BoardFigures {
            lessons_due: 4,
            lessons_recorded: 2,
            lessons_unfilled: 2,
            lessons_late: 1,
            lessons_without_homework: 1,
            pupil_subjects: 7,
            without_marks: 6,
            with_one_mark: 1,
            marks: 1,
            absences: 1,
        };
        assert_eq!(board.school, Some(school));

        let class = |title: &str| {
            let found = board.classes.iter().find(|one| one.class_title == title).unwrap();
            assert_eq!(found.class_id, id::<ClassId>(title).to_string());
            found.figures.unwrap()
        };
        assert_eq!(board.classes.iter().map(|one| one.class_title.as_str()).collect::<Vec<_>>(), ["1-А", "5-А", "5-Б"]);
        let (a, b, first) = (class("5-А"), class("5-Б"), class("1-А"));
        assert_eq!((a.lessons_due, a.lessons_recorded, a.lessons_unfilled), (2, 2, 0));
        assert_eq!((a.pupil_subjects, a.without_marks, a.with_one_mark), (6, 5, 1));
        assert_eq!((b.lessons_unfilled, b.pupil_subjects, b.without_marks), (1, 1, 1));
        assert_eq!((first.lessons_unfilled, first.pupil_subjects), (1, 0), "no marks in grade 1");

        let surnames: Vec<&str> = board.teachers.iter().map(|one| one.name.as_ref().unwrap().surname.as_str()).collect();
        assert_eq!(surnames, ["Иванова", "Петров"]);
        let ivanova = board.teachers[0].figures.unwrap();
        assert_eq!((ivanova.lessons_due, ivanova.lessons_recorded, ivanova.lessons_unfilled), (3, 1, 2));
        assert_eq!(board.teachers[0].teacher_id, id::<PersonId>("Иванова").to_string());
        assert_eq!(board.teachers[1].figures.unwrap().lessons_late, 1);
    }

    async fn the_board_takes_the_same_few_statements_whatever_the_school(db) {
        let world = World::on(db).told().await;
        world.at("2026-09-30T16:00");
        let small = world.harness.counted(board(&world)).await.1.statements;
        for class in ["6-А", "6-Б", "7-А", "7-Б", "8-А"] {
            world.roster(crate::testing::a_class(class, 6, class, "")).await;
            let pupils: Vec<String> = (0..20).map(|n| format!("Ученик {n} {class}")).collect();
            world.enrol(pupils.iter().map(|pupil| a_pupil(pupil, class)).collect()).await;
            world.join(pupils.iter().map(|pupil| a_membership(pupil, class)).collect()).await;
            let days: Vec<schedule::Lesson> = (1..30)
                .map(|day| {
                    let date = format!("2026-09-{day:02}");
                    let teacher = format!("Учитель {}", day % 7);
                    a_lesson(&format!("{class} {day}"), &date, 1, class, &format!("Предмет {}", day % 5), &teacher)
                })
                .collect();
            world.schedule(lessons(days)).await;
            let marks = pupils.iter().map(|pupil| cell(&format!("{class} 1"), "2026-09-01", pupil, &["4"], ""));
            world.grading(cells(class, "Предмет 1", marks.collect())).await;
        }
        let (large, counted) = world.harness.counted(board(&world)).await;
        let figures = large.school.unwrap();
        assert_eq!((figures.lessons_due, figures.marks), (7 + 5 * 29, 5 * 20));
        assert_eq!(counted.statements, small);
        assert!(small <= 10, "{small} statements");
        assert_eq!(counted.commits, 0);
    }
}

#[tokio::test]
async fn a_lesson_is_due_when_it_is_over_and_unfilled_when_the_entry_is_overdue() {
    let world = World::sqlite().await;
    let at = async |moment: &str| {
        world.at(moment);
        let school = board(&world).await.school.unwrap();
        (school.lessons_due, school.lessons_unfilled)
    };
    assert_eq!(at("2026-09-01T09:09").await, (0, 0));
    assert_eq!(at("2026-09-01T09:10").await, (3, 0));
    assert_eq!(
        at("2026-09-01T10:10").await,
        (3, 2),
        "5-Б and 1-А have no lessons after"
    );
    assert_eq!(at("2026-09-01T11:10").await, (4, 2));
    assert_eq!(at("2026-09-01T12:10").await, (4, 4));
    assert_eq!(
        at("2026-09-02T00:30").await,
        (4, 4),
        "yesterday's are overdue whatever the hour"
    );
}

#[tokio::test]
async fn a_fixed_hour_may_end_the_day_for_all() {
    let db = chassis::testing::TestDb::sqlite(migrations()).await;
    let world = World::configured(db, &[("entry_due", "17:00")])
        .told()
        .await;
    world.at("2026-09-01T16:59");
    assert_eq!(board(&world).await.school.unwrap().lessons_unfilled, 0);
    world.at("2026-09-01T17:00");
    assert_eq!(board(&world).await.school.unwrap().lessons_unfilled, 4);
}

#[tokio::test]
async fn marks_without_an_entry_make_a_lesson_recorded() {
    let world = World::sqlite().await;
    world.at("2026-09-01T16:00");
    let late = |mut cell: zhurnal_proto::grading::v1::ChangedCell| {
        cell.late = true;
        cell
    };
    let day = "2026-09-01";
    world
        .grading(cells(
            "5-Б",
            "Алгебра",
            vec![late(cell("вт алгебра 5-Б", day, "Белов", &["4"], ""))],
        ))
        .await;
    let school = board(&world).await.school.unwrap();
    assert_eq!((school.lessons_recorded, school.lessons_unfilled), (1, 3));
    assert_eq!(
        (school.lessons_late, school.lessons_without_homework),
        (1, 1),
        "all that there is came late"
    );
    world
        .grading(entry("вт алгебра 5-Б", day, "5-Б", "Алгебра", true, false))
        .await;
    let school = board(&world).await.school.unwrap();
    assert_eq!(
        (school.lessons_late, school.lessons_without_homework),
        (0, 0),
        "the entry decides once there is one"
    );
}

#[tokio::test]
async fn a_substitute_has_the_lesson_and_a_cancelled_one_nobody() {
    let world = World::sqlite().await;
    world.at("2026-09-01T16:00");
    let physics = a_lesson("вт физика 5-А", "2026-09-01", 3, "5-А", "Физика", "Петров");
    let substituted = schedule::Lesson {
        substitute_id: id::<PersonId>("Ким").to_string(),
        ..physics.clone()
    };
    world.schedule(lessons(vec![substituted])).await;
    let teachers = |board: &pb::ControlBoard| {
        board
            .teachers
            .iter()
            .map(|one| one.name.as_ref().unwrap().surname.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(teachers(&board(&world).await), ["Иванова", "Ким"]);
    let cancelled = schedule::Lesson {
        state: schedule::LessonState::Cancelled.into(),
        ..physics
    };
    world.schedule(lessons(vec![cancelled])).await;
    let board = board(&world).await;
    assert_eq!(teachers(&board), ["Иванова"]);
    assert_eq!(board.school.unwrap().lessons_due, 3);
}

#[tokio::test]
async fn pairs_are_of_the_pupils_of_the_day_who_are_owed_marks() {
    let world = World::sqlite().await;
    world.at("2026-09-02T16:00");
    // Physics and algebra for three, algebra for Белов, English for Алиев; no chess.
    assert_eq!(board(&world).await.school.unwrap().pupil_subjects, 8);
    let left = roster::Enrolment {
        ends_on: "2026-09-01".into(),
        ..a_pupil("Жуков", "5-А")
    };
    let home = roster::Enrolment {
        education_form: roster::EducationForm::Family.into(),
        ..a_pupil("Белов", "5-Б")
    };
    world.enrol(vec![left, home]).await;
    assert_eq!(board(&world).await.school.unwrap().pupil_subjects, 5);
}

#[tokio::test]
async fn without_days_the_present_quarter_is_shown() {
    let world = World::sqlite().await;
    world.at("2026-11-20T16:00");
    let shown = board(&world).await;
    assert_eq!(
        (shown.from.as_str(), shown.to.as_str()),
        ("2026-11-02", "2026-11-20")
    );
    assert_eq!(shown.school.unwrap().lessons_due, 0);
    let september = request("2026-09-01", "2026-09-30");
    let shown = world
        .deputy()
        .get_control_board(september)
        .await
        .unwrap()
        .into_inner()
        .board
        .unwrap();
    assert_eq!(shown.school.unwrap().lessons_due, 7);
    assert_eq!(shown.as_of, None, "no feed has been followed in this test");
}

#[tokio::test]
async fn only_the_management_of_the_school_sees_the_board() {
    let world = World::sqlite().await;
    world.roster_of("13", a_school("13")).await;
    let denied = (Code::PermissionDenied, "PERMISSION_DENIED".to_owned());
    for role in ["DEPUTY", "DIRECTOR", "ADMINISTRATOR"] {
        assert!(
            world
                .staff("12", &[role], "Завуч")
                .get_control_board(request("", ""))
                .await
                .is_ok(),
            "{role}"
        );
        let foreign = world
            .staff("13", &[role], "Завуч")
            .get_control_board(request("", ""))
            .await;
        assert_eq!(refused(foreign), denied, "{role} of another school");
    }
    // Ким is a class teacher: the board is not for her.
    for role in ["TEACHER", "SECRETARY", "OPERATOR"] {
        assert_eq!(
            refused(
                world
                    .staff("12", &[role], "Ким")
                    .get_control_board(request("", ""))
                    .await
            ),
            denied,
            "{role}"
        );
    }
}

#[tokio::test]
async fn a_range_that_is_none_and_a_school_that_is_not_known_are_refused() {
    let world = World::sqlite().await;
    let refused_for = async |from: &str, to: &str| {
        refused(world.deputy().get_control_board(request(from, to)).await).0
    };
    assert_eq!(
        refused_for("2026-09-02", "2026-09-01").await,
        Code::InvalidArgument
    );
    assert_eq!(
        refused_for("2024-09-01", "2026-09-01").await,
        Code::InvalidArgument
    );
    assert_eq!(refused_for("1 сентября", "").await, Code::InvalidArgument);
    let elsewhere = pb::GetControlBoardRequest {
        school_id: id::<SchoolId>("14").to_string(),
        ..request("", "")
    };
    let deputy = world
        .staff("14", &["DEPUTY"], "Завуч")
        .get_control_board(elsewhere)
        .await;
    assert_eq!(refused(deputy).0, Code::NotFound);
}
