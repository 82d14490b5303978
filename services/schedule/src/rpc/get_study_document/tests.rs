//! A version with its content.

use tonic::Code;
use zhurnal_proto::id::StudyDocumentId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::study_documents::{TeachingLoad, curriculum_request, save_request};
use crate::testing::{World, text};

#[tokio::test]
async fn a_draft_of_the_load_shows_the_loads_of_now() {
    let world = World::with_a_plan().await;
    let draft = world.saved(save_request(TeachingLoad, 1)).await;
    let found = world.document(&draft).await;
    let row = |one: &pb::ListedLoad| {
        let load = one.teaching_load.clone().unwrap();
        let hours = load.weekly_hours_hundredths;
        (
            one.grade,
            one.group_title.clone(),
            load.subject_title,
            hours,
        )
    };
    let rows: Vec<_> = found.loads.iter().map(row).collect();
    let expected = [
        (5, "5-А", "Математика", 200),
        (5, "5-А", "Русский язык", 100),
        (5, "5-А Английский гр.1", "Английский язык", 100),
        (10, "10-А", "Алгебра", 100),
    ];
    let expected = expected
        .map(|(grade, group, subject, hours)| (grade, group.to_owned(), subject.to_owned(), hours));
    assert_eq!(rows, expected);
    assert_eq!(found.curriculum_lines, []);
}

#[tokio::test]
async fn other_schools_and_ids_find_nothing() {
    let world = World::with_a_plan().await;
    let draft = world.saved(curriculum_request(1)).await;
    let request = pb::GetStudyDocumentRequest {
        school_id: draft.school_id.clone(),
        study_document_id: draft.study_document_id,
    };
    let mut abroad = world.staff("other", &["DEPUTY"]);
    let answer = abroad.get_study_document(request.clone()).await;
    assert_eq!(answer.unwrap_err().code(), Code::NotFound);
    let unknown = pb::GetStudyDocumentRequest {
        study_document_id: text::<StudyDocumentId>("none"),
        ..request
    };
    let answer = world.deputy().get_study_document(unknown).await;
    assert_eq!(answer.unwrap_err().code(), Code::NotFound);
}
