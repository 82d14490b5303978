//! Versions of the year.

use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::study_documents::{
    Curriculum, Tariff, TeachingLoad, curriculum_request, save_request,
};
use crate::testing::{World, text};

#[tokio::test]
async fn versions_are_told_by_kind_to_all_staff_of_the_school() {
    let world = World::with_a_plan().await;
    world.saved(save_request(Tariff, 1)).await;
    world.saved(save_request(TeachingLoad, 2)).await;
    world.saved(curriculum_request(3)).await;
    let kinds: Vec<_> = world
        .documents()
        .await
        .iter()
        .map(|one| one.kind())
        .collect();
    assert_eq!(kinds, [Curriculum, TeachingLoad, Tariff]);
    let request = pb::ListStudyDocumentsRequest {
        school_id: text::<SchoolId>("school"),
        academic_year: "2026/2027".into(),
    };
    let mut teacher = world.staff("school", &["TEACHER"]);
    let found = teacher.list_study_documents(request.clone()).await.unwrap();
    assert_eq!(found.into_inner().study_documents.len(), 3);
    let mut abroad = world.staff("other", &["DIRECTOR"]);
    let answer = abroad.list_study_documents(request.clone()).await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
    let other_year = pb::ListStudyDocumentsRequest {
        academic_year: "2025/2026".into(),
        ..request
    };
    let found = teacher.list_study_documents(other_year).await.unwrap();
    assert_eq!(found.into_inner().study_documents, []);
}

#[tokio::test]
async fn a_school_without_a_year_has_none() {
    let world = World::empty().await;
    assert_eq!(world.documents().await, []);
}
