//! Sums of hours beside the curriculum.

use tonic::Code;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::study_documents::{
    added, curriculum_request, line, loads_request, teacher_from,
};
use crate::testing::{World, text};

fn request(date: &str) -> pb::GetLoadSummaryRequest {
    pb::GetLoadSummaryRequest {
        school_id: text::<SchoolId>("school"),
        date: date.into(),
        ..Default::default()
    }
}

async fn summary(world: &World, date: &str) -> pb::GetLoadSummaryResponse {
    let answer = world.deputy().get_load_summary(request(date)).await;
    answer.unwrap().into_inner()
}

fn hours_of(found: &pb::GetLoadSummaryResponse, teacher: &str) -> (u32, u32) {
    let id = text::<PersonId>(teacher);
    let row = found.teachers.iter().find(|row| row.teacher_id == id);
    row.map_or((0, 0), |row| (row.weekly_hours_hundredths, row.load_count))
}

#[tokio::test]
async fn a_class_is_held_to_its_curriculum_with_what_is_missing_and_over() {
    let world = World::with_a_plan().await;
    world.class_is_told().await;
    let second = added("5-А", "Труд", "Ким", 2);
    world
        .change_loads(loads_request(vec![second], 1))
        .await
        .unwrap();
    world.harness.ignore_announced().await;
    let mut curriculum = curriculum_request(2);
    curriculum
        .curriculum_lines
        .push(line(5, "Английский язык", 1));
    curriculum.curriculum_lines.push(line(5, "История", 2));
    let curriculum = world.saved(curriculum).await;

    let found = summary(&world, "2026-09-01").await;
    assert_eq!(found.curriculum_id, curriculum.study_document_id);
    let class = found
        .classes
        .iter()
        .find(|class| class.title == "5-А")
        .unwrap();
    let rows: Vec<_> = class
        .subjects
        .iter()
        .map(|one| {
            let title = one.subject_title.as_str();
            (
                title,
                one.curriculum_hours_hundredths,
                one.most_hours_hundredths,
                one.missing_hours_hundredths,
                one.excess_hours_hundredths,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("Английский язык", 100, 100, 0, 0),
            ("История", 200, 0, 200, 0),
            ("Математика", 300, 200, 100, 0),
            ("Русский язык", 100, 100, 0, 0),
            ("Труд", 0, 200, 0, 200),
        ]
    );
    assert_eq!(
        (
            class.grade,
            class.curriculum_hours_hundredths,
            class.weekly_hours_hundredths
        ),
        (5, 700, 600)
    );
    assert_eq!(hours_of(&found, "Иванова"), (300, 2));
    assert_eq!(hours_of(&found, "Ким"), (200, 1));
}

#[tokio::test]
async fn hours_are_those_of_the_day() {
    let world = World::with_a_plan().await;
    let algebra = world.loads_of("Алгебра").await.remove(0);
    let change = teacher_from(&algebra, "2026-10-01", "Ким");
    world
        .change_loads(loads_request(vec![change], 1))
        .await
        .unwrap();
    world.harness.ignore_announced().await;
    let before = summary(&world, "2026-09-30").await;
    assert_eq!(
        (hours_of(&before, "Иванова"), hours_of(&before, "Ким")),
        ((300, 2), (0, 0))
    );
    let after = summary(&world, "2026-10-01").await;
    assert_eq!(
        (hours_of(&after, "Иванова"), hours_of(&after, "Ким")),
        ((200, 1), (100, 1))
    );
    // Without a curriculum nothing is missing and nothing is over.
    let ok =
        |one: &pb::SubjectHours| one.missing_hours_hundredths + one.excess_hours_hundredths == 0;
    assert!(
        after
            .classes
            .iter()
            .all(|class| class.subjects.iter().all(ok))
    );
}

#[tokio::test]
async fn another_school_is_refused_and_one_without_a_year_has_no_sums() {
    let world = World::with_a_plan().await;
    let mut abroad = world.staff("other", &["DEPUTY"]);
    let answer = abroad.get_load_summary(request("")).await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
    let empty = World::empty().await;
    assert_eq!(
        summary(&empty, "").await,
        pb::GetLoadSummaryResponse::default()
    );
}
