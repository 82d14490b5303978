//! Tests.

use chassis::on_both_databases;
use tonic::Code;
use zhurnal_proto::id::{ClassId, JournalId, LessonId, PersonId, SchoolId};
use zhurnal_proto::reporting::v1::{self as pb, LessonFigure};

use crate::store::migrations;
use crate::testing::{World, cell, cells, entry, id, refused};

fn request(figure: LessonFigure) -> pb::ListBoardLessonsRequest {
    pb::ListBoardLessonsRequest {
        school_id: id::<SchoolId>("12").to_string(),
        figure: figure.into(),
        ..Default::default()
    }
}

async fn list(world: &World, request: pb::ListBoardLessonsRequest) -> pb::ListBoardLessonsResponse {
    world
        .deputy()
        .list_board_lessons(request)
        .await
        .unwrap()
        .into_inner()
}

async fn some_work(world: &World) {
    world.at("2026-09-02T16:00");
    let (tuesday, wednesday) = ("2026-09-01", "2026-09-02");
    world
        .grading(entry(
            "вт алгебра 5-А",
            tuesday,
            "5-А",
            "Алгебра",
            true,
            false,
        ))
        .await;
    world
        .grading(cells(
            "5-А",
            "Алгебра",
            vec![cell("вт алгебра 5-А", tuesday, "Алиев", &["5"], "")],
        ))
        .await;
    world
        .grading(entry(
            "вт физика 5-А",
            tuesday,
            "5-А",
            "Физика",
            false,
            true,
        ))
        .await;
    world
        .grading(entry(
            "ср физика 5-А",
            wednesday,
            "5-А",
            "Физика",
            true,
            false,
        ))
        .await;
    world
        .grading(entry(
            "вт алгебра 1-А",
            tuesday,
            "1-А",
            "Алгебра",
            true,
            false,
        ))
        .await;
}

on_both_databases! { migrations();
    async fn a_list_holds_just_the_lessons_that_its_figure_counts(db) {
        let world = World::on(db).told().await;
        some_work(&world).await;
        let school_id = id::<SchoolId>("12").to_string();
        let board = pb::GetControlBoardRequest { school_id, ..Default::default() };
        let board = world.deputy().get_control_board(board).await.unwrap().into_inner().board.unwrap();
        let school = board.school.unwrap();
        let expected = [
            (LessonFigure::Unfilled, school.lessons_unfilled, vec!["вт алгебра 5-Б", "ср английский", "ср шахматы"]),
            (LessonFigure::Late, school.lessons_late, vec!["вт физика 5-А"]),
            (LessonFigure::WithoutHomework, school.lessons_without_homework, vec!["вт физика 5-А"]),
            // Not in the board's sums; grade 1 has no marks to miss.
            (LessonFigure::WithoutMarks, 2, vec!["вт физика 5-А", "ср физика 5-А"]),
        ];
        for (figure, count, names) in expected {
            let found = list(&world, request(figure)).await.lessons;
            let ids: Vec<String> = found.into_iter().map(|lesson| lesson.lesson_id).collect();
            let wanted: Vec<String> = names.iter().map(|name| id::<LessonId>(name).to_string()).collect();
            assert_eq!(ids, wanted, "{figure:?}");
            assert_eq!(ids.len(), count as usize, "{figure:?}");
        }
    }

    async fn pages_of_one_are_the_list(db) {
        let world = World::on(db).told().await;
        some_work(&world).await;
        let whole = list(&world, request(LessonFigure::Unfilled)).await;
        assert_eq!(whole.next_page_token, "");
        let mut walked = Vec::new();
        let mut page_token = String::new();
        loop {
            let page = pb::ListBoardLessonsRequest { page_size: 1, page_token, ..request(LessonFigure::Unfilled) };
            let (page, counted) = world.harness.counted(list(&world, page)).await;
            assert!(counted.statements <= 3, "{}", counted.statements);
            walked.extend(page.lessons);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(walked, whole.lessons);
    }
}

#[tokio::test]
async fn a_lesson_is_shown_with_journal_group_subject_and_teacher() {
    let world = World::sqlite().await;
    world.at("2026-09-01T16:00");
    let only = pb::ListBoardLessonsRequest {
        class_id: id::<ClassId>("5-Б").to_string(),
        ..request(LessonFigure::Unfilled)
    };
    let found = list(&world, only).await.lessons;
    assert_eq!(found.len(), 1);
    let lesson = &found[0];
    assert_eq!(
        lesson.journal_id,
        id::<JournalId>("5-Б Алгебра").to_string()
    );
    assert_eq!(
        (lesson.group_title.as_str(), lesson.subject_title.as_str()),
        ("5-Б", "Алгебра")
    );
    assert_eq!(
        (lesson.date.as_str(), lesson.lesson_number),
        ("2026-09-01", 1)
    );
    assert_eq!(lesson.teacher_name.as_ref().unwrap().surname, "Иванова");
}

#[tokio::test]
async fn a_list_can_be_narrowed_to_a_teacher_and_days() {
    let world = World::sqlite().await;
    world.at("2026-09-02T16:00");
    let count = async |request| list(&world, request).await.lessons.len();
    let of = |teacher: &str| pb::ListBoardLessonsRequest {
        teacher_id: id::<PersonId>(teacher).to_string(),
        ..request(LessonFigure::Unfilled)
    };
    assert_eq!(count(of("Иванова")).await, 3);
    assert_eq!(count(of("Петров")).await, 2);
    let tuesday = pb::ListBoardLessonsRequest {
        to: "2026-09-01".into(),
        ..of("Петров")
    };
    assert_eq!(count(tuesday).await, 1);
}

#[tokio::test]
async fn a_token_of_another_list_and_an_unknown_figure_are_refused() {
    let world = World::sqlite().await;
    world.at("2026-09-02T16:00");
    let first = list(
        &world,
        pb::ListBoardLessonsRequest {
            page_size: 1,
            ..request(LessonFigure::Unfilled)
        },
    )
    .await;
    let other = pb::ListBoardLessonsRequest {
        page_token: first.next_page_token,
        ..request(LessonFigure::Late)
    };
    assert_eq!(
        refused(world.deputy().list_board_lessons(other).await).0,
        Code::InvalidArgument
    );
    for figure in [0, 99] {
        let unknown = pb::ListBoardLessonsRequest {
            figure,
            ..request(LessonFigure::Late)
        };
        assert_eq!(
            refused(world.deputy().list_board_lessons(unknown).await).0,
            Code::InvalidArgument,
            "{figure}"
        );
    }
}

#[tokio::test]
async fn only_the_management_of_the_school_sees_the_lists() {
    let world = World::sqlite().await;
    for mut calls in [
        world.staff("12", &["TEACHER"], "Ким"),
        world.staff("13", &["DEPUTY"], "Завуч"),
    ] {
        let answer = calls
            .list_board_lessons(request(LessonFigure::Unfilled))
            .await;
        assert_eq!(refused(answer).0, Code::PermissionDenied);
    }
}
