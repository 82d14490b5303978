//! Tests.

use chassis::on_both_databases;
use tonic::Code;
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::reporting::v1::{self as pb, PupilFigure};
use zhurnal_proto::roster::v1 as roster;

use crate::store::migrations;
use crate::testing::{World, a_paper_journal, cell, cells, id, modes, refused};

fn request(figure: PupilFigure) -> pb::ListBoardPupilsRequest {
    pb::ListBoardPupilsRequest {
        school_id: id::<SchoolId>("12").to_string(),
        figure: figure.into(),
        ..Default::default()
    }
}

async fn list(world: &World, request: pb::ListBoardPupilsRequest) -> pb::ListBoardPupilsResponse {
    world
        .deputy()
        .list_board_pupils(request)
        .await
        .unwrap()
        .into_inner()
}

fn lines(pupils: &[pb::BoardPupil]) -> Vec<String> {
    let line = |one: &pb::BoardPupil| {
        let surname = &one.name.as_ref().unwrap().surname;
        format!(
            "{} {surname} {} {}",
            one.class_title, one.subject_title, one.marks
        )
    };
    pupils.iter().map(line).collect()
}

async fn some_marks(world: &World) {
    world.at("2026-09-01T16:00");
    let of = |pupil, marks| cell("вт алгебра 5-А", "2026-09-01", pupil, marks, "");
    world
        .grading(cells(
            "5-А",
            "Алгебра",
            vec![of("Алиев", &["5"]), of("Ёлкин", &["4", "зач"])],
        ))
        .await;
}

on_both_databases! { migrations();
    async fn the_lists_name_who_has_no_mark_and_who_has_one(db) {
        let world = World::on(db).told().await;
        some_marks(&world).await;
        let without = list(&world, request(PupilFigure::WithoutMarks)).await;
        assert_eq!(lines(&without.pupils), [
            "5-А Алиев Физика 0",
            "5-А Ёлкин Физика 0",
            "5-А Жуков Алгебра 0",
            "5-А Жуков Физика 0",
            "5-Б Белов Алгебра 0",
        ]);
        assert_eq!(without.pupils[0].pupil_id, id::<PersonId>("Алиев").to_string());
        let one = list(&world, request(PupilFigure::OneMark)).await;
        assert_eq!(lines(&one.pupils), ["5-А Алиев Алгебра 1"]);
    }

    async fn whose_journal_is_kept_on_paper_owes_no_mark(db) {
        let world = World::on(db).told().await;
        some_marks(&world).await;
        let all = list(&world, request(PupilFigure::WithoutMarks)).await.pupils.len();
        let paper = a_paper_journal("Жуков", "2026-09-01");
        world.roster(modes(vec![paper.clone()])).await;
        let left = list(&world, request(PupilFigure::WithoutMarks)).await;
        assert_eq!(left.pupils.len(), all - 2);
        assert!(lines(&left.pupils).iter().all(|line| !line.contains("Жуков")));
        let over = roster::JournalMode { ends_on: "2026-08-31".into(), ..paper.clone() };
        world.roster(modes(vec![over])).await;
        assert_eq!(list(&world, request(PupilFigure::WithoutMarks)).await.pupils.len(), all);
        world.roster(modes(vec![paper.clone()])).await;
        assert_eq!(list(&world, request(PupilFigure::WithoutMarks)).await.pupils.len(), all - 2);
        world.roster(modes(vec![roster::JournalMode { withdrawn: true, ..paper }])).await;
        assert_eq!(list(&world, request(PupilFigure::WithoutMarks)).await.pupils.len(), all);
    }

    async fn pages_of_two_are_the_list(db) {
        let world = World::on(db).told().await;
        some_marks(&world).await;
        let whole = list(&world, request(PupilFigure::WithoutMarks)).await.pupils;
        let (mut walked, mut page_token) = (Vec::new(), String::new());
        loop {
            let page = pb::ListBoardPupilsRequest { page_size: 2, page_token, ..request(PupilFigure::WithoutMarks) };
            let (page, counted) = world.harness.counted(list(&world, page)).await;
            assert!(counted.statements <= 9, "{}", counted.statements);
            walked.extend(page.pupils);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(walked, whole);
    }
}

#[tokio::test]
async fn a_list_can_be_narrowed_to_a_class() {
    let world = World::sqlite().await;
    some_marks(&world).await;
    let narrowed = pb::ListBoardPupilsRequest {
        class_id: id::<ClassId>("5-Б").to_string(),
        ..request(PupilFigure::WithoutMarks)
    };
    assert_eq!(
        lines(&list(&world, narrowed).await.pupils),
        ["5-Б Белов Алгебра 0"]
    );
}

#[tokio::test]
async fn marks_outside_the_days_do_not_count() {
    let world = World::sqlite().await;
    some_marks(&world).await;
    world.at("2026-09-02T16:00");
    let wednesday = pb::ListBoardPupilsRequest {
        from: "2026-09-02".into(),
        to: "2026-09-02".into(),
        ..request(PupilFigure::WithoutMarks)
    };
    assert_eq!(
        lines(&list(&world, wednesday).await.pupils),
        [
            "5-А Алиев Английский язык 0",
            "5-А Алиев Физика 0",
            "5-А Ёлкин Физика 0",
            "5-А Жуков Физика 0",
        ]
    );
}

#[tokio::test]
async fn an_unknown_figure_and_anybody_else_are_refused() {
    let world = World::sqlite().await;
    for figure in [0, 99] {
        let unknown = pb::ListBoardPupilsRequest {
            figure,
            ..request(PupilFigure::OneMark)
        };
        assert_eq!(
            refused(world.deputy().list_board_pupils(unknown).await).0,
            Code::InvalidArgument,
            "{figure}"
        );
    }
    for mut calls in [
        world.staff("12", &["TEACHER"], "Ким"),
        world.staff("13", &["DIRECTOR"], "Завуч"),
    ] {
        let answer = calls.list_board_pupils(request(PupilFigure::OneMark)).await;
        assert_eq!(refused(answer).0, Code::PermissionDenied);
    }
}

#[tokio::test]
async fn each_listed_pupil_is_noted_in_the_access_log() {
    let world = World::sqlite().await;
    some_marks(&world).await;
    let page = list(&world, request(PupilFigure::WithoutMarks)).await;
    let mut shown: Vec<String> = page.pupils.iter().map(|p| p.pupil_id.clone()).collect();
    shown.sort_unstable();
    shown.dedup();
    let noted = world.harness.cx().looks.noted();
    let mut seen: Vec<String> = noted.iter().map(|look| look.subject_id.clone()).collect();
    seen.sort_unstable();
    assert_eq!(seen, shown);
    world.harness.ignore_announced().await;
}
