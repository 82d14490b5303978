//! Reading themes from the text of a table.

use tonic::Code;
use zhurnal_proto::grading::v1::ControlKind;
use zhurnal_proto::schedule::v1 as pb;

use super::delimiter;
use crate::testing::{World, refused, violations};

async fn request(world: &World, text: &str) -> pb::ImportLessonPlanRequest {
    let plan = world.lesson_plan("5-А", "Математика").await;
    pb::ImportLessonPlanRequest {
        school_id: plan.school_id,
        group_id: plan.group_id,
        subject_id: plan.subject_id,
        text: text.into(),
    }
}

async fn import(world: &World, text: &str) -> pb::ImportLessonPlanResponse {
    let request = request(world, text).await;
    let answer = world.teacher("Иванова").import_lesson_plan(request).await;
    answer.unwrap().into_inner()
}

#[tokio::test]
async fn rows_are_read_or_refused_by_name_and_nothing_is_saved() {
    let world = World::with_a_plan().await;
    let text = "Раздел;Тема;Часы;Вид контроля;Домашнее задание\r\n\
                Числа;\"Дроби; проценты\";20;;\"§ 1\nупр. 2\"\r\n\
                Числа;Past Simple;1;;\r\n\
                ;Итог;48;к/р;";
    let answer = import(&world, text).await;
    let titles: Vec<_> = answer
        .themes
        .iter()
        .map(|one| (one.number, one.title.as_str(), one.hours))
        .collect();
    assert_eq!(titles, [(1, "Дроби; проценты", 20), (2, "Итог", 48)]);
    assert_eq!(answer.themes[0].homework, "§ 1\nупр. 2");
    assert_eq!(answer.themes[1].control_kind(), ControlKind::ControlWork);
    assert_eq!((answer.planned_hours, answer.required_hours), (68, 68));
    let [issue] = &answer.issues[..] else {
        panic!("one refused row: {:?}", answer.issues)
    };
    assert_eq!((issue.row, issue.column.as_str()), (4, "«Тема»"));
    assert_eq!(
        (issue.reason.as_str(), issue.value.as_str()),
        ("TOPIC_NOT_RUSSIAN", "Past Simple")
    );
    assert!(!issue.hint.is_empty() && !issue.message.is_empty());
    let plan = world.lesson_plan("5-А", "Математика").await;
    assert_eq!(plan.state(), pb::LessonPlanState::Missing);
}

#[tokio::test]
async fn cells_of_a_spreadsheet_come_with_tabs() {
    let world = World::with_a_plan().await;
    let answer = import(
        &world,
        "1\tДроби, проценты\t2\n\n2\tСтепени\t3\tсамостоятельная",
    )
    .await;
    let titles: Vec<_> = answer
        .themes
        .iter()
        .map(|one| (one.title.as_str(), one.hours))
        .collect();
    assert_eq!(titles, [("Дроби, проценты", 2), ("Степени", 3)]);
    assert_eq!(answer.issues, []);
}

#[test]
fn a_comma_parts_columns_only_below_their_names() {
    assert_eq!(delimiter("Тема,Часы\nДроби,2"), b',');
    assert_eq!(delimiter("Дроби, проценты\nСтепени"), b'\t');
    assert_eq!(delimiter("\nДроби;2"), b';');
    assert_eq!(delimiter("Дроби\t2;3"), b'\t');
}

#[tokio::test]
async fn a_text_that_is_no_table_of_themes_is_refused() {
    let world = World::with_a_plan().await;
    for (text, reason) in [
        ("Тема;Часы".to_owned(), "TABLE_EMPTY"),
        ("Раздел;Часы\nЧисла;2".to_owned(), "TABLE_WITHOUT_TITLES"),
        ("Дроби\n".repeat(401), "TABLE_TOO_MANY_ROWS"),
    ] {
        let request = request(&world, &text).await;
        let answer = refused(world.deputy().import_lesson_plan(request).await);
        assert_eq!(answer, (Code::FailedPrecondition, reason.to_owned()));
    }
    let empty = request(&world, "").await;
    let answer = violations(world.deputy().import_lesson_plan(empty).await);
    assert_eq!(answer[0].0, "text");
    let long = request(&world, &"я".repeat(300_001)).await;
    let answer = violations(world.deputy().import_lesson_plan(long).await);
    assert_eq!(answer[0].0, "text");
}

#[tokio::test]
async fn whoever_may_not_save_the_plan_does_not_read_a_table_for_it() {
    let world = World::with_a_plan().await;
    let request = request(&world, "Дроби").await;
    for mut calls in [
        world.teacher("Петров"),
        world.staff("school", &["DIRECTOR"]),
        world.staff("other school", &["DEPUTY"]),
    ] {
        let answer = refused(calls.import_lesson_plan(request.clone()).await);
        assert_eq!(answer, (Code::NotFound, "NOT_FOUND".to_owned()));
    }
}
