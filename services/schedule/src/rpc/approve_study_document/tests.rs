//! Approval by the director.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::PersonId;
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::study_documents::{
    Curriculum, Tariff, TeachingLoad, approval_of, curriculum_request, loads_request, save_request,
    teacher_from,
};
use crate::testing::{World, id, refused, text};

/// A tariff order with number and date.
fn tariff_request(n: u8) -> pb::SaveStudyDocumentRequest {
    pb::SaveStudyDocumentRequest {
        order_number: "41-к".into(),
        ordered_on: "2026-09-01".into(),
        ..save_request(Tariff, n)
    }
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn the_director_approves_and_the_version_says_who_and_when(db) {
        let world = World::on(db).planned().await;
        let draft = world.saved(pb::SaveStudyDocumentRequest { approve_by: "2026-08-31".into(), ..curriculum_request(1) }).await;
        let director = id::<PersonId>("Директор");
        let mut calls = world.staff_with_card("school", &["DIRECTOR"], director);
        let request = approval_of(&draft, 2);
        let approved = calls.approve_study_document(request.clone()).await.unwrap().into_inner().study_document.unwrap();
        assert_eq!((approved.state(), approved.approved_by.as_str()), (pb::StudyDocumentState::Approved, director.to_string().as_str()));
        assert!(approved.approved_at.is_some() && approved.overdue, "approved a day late: {approved:?}");
        let (_, told) = world.announced_load().await;
        assert_eq!(told, std::slice::from_ref(&approved));
        let again = calls.approve_study_document(request).await.unwrap().into_inner();
        assert_eq!(again.study_document, Some(approved));
    }

    async fn a_tariff_order_rests_on_the_load_as_it_was_approved(db) {
        let world = World::on(db).planned().await;
        let load = world.saved(save_request(TeachingLoad, 1)).await;
        let tariff = world.saved(tariff_request(2)).await;
        let early = world.approve_document(&tariff, 3).await;
        assert_eq!(refused(early), (Code::FailedPrecondition, "LOAD_NOT_APPROVED".into()));
        let load = world.approved(&load, 4).await;
        let tariff = world.approved(&tariff, 5).await;
        assert!(!tariff.outdated && tariff.order_number == "41-к");

        // The load changes: what was approved stays, in the load and in the order.
        let before = world.loads_of("Алгебра").await;
        let change = teacher_from(&before[0], "2026-10-01", "Ким");
        let request = pb::ChangeTeachingLoadsRequest { etag: load.etag.clone(), ..loads_request(vec![change], 6) };
        let next = world.change_loads(request).await.unwrap().into_inner().study_document.unwrap();
        world.harness.ignore_announced().await;
        assert_eq!((next.number, next.state()), (2, pb::StudyDocumentState::Draft));
        let teachers = |found: &pb::GetStudyDocumentResponse| {
            let algebra = found.loads.iter().filter_map(|one| one.teaching_load.clone());
            let algebra = algebra.filter(|one| one.subject_title == "Алгебра");
            algebra.map(|one| (one.teacher_id, one.ends_on)).collect::<Vec<_>>()
        };
        let whole = [(text::<PersonId>("Иванова"), String::new())];
        for kept in [&load, &tariff] {
            assert_eq!(teachers(&world.document(kept).await), whole);
        }
        let divided = [(text::<PersonId>("Иванова"), "2026-09-30".to_owned()), (text::<PersonId>("Ким"), String::new())];
        assert_eq!(teachers(&world.document(&next).await), divided);

        let waiting = world.documents().await.into_iter().find(|one| one.kind() == Tariff).unwrap();
        assert!(!waiting.outdated, "the new load is not approved yet");
        world.approved(&next, 7).await;
        let outdated = world.documents().await.into_iter().find(|one| one.kind() == Tariff).unwrap();
        assert!(outdated.outdated);
    }
}

#[tokio::test]
async fn what_is_not_ready_is_refused() {
    let world = World::with_a_plan().await;
    let empty = world.saved(save_request(Curriculum, 1)).await;
    let answer = world.approve_document(&empty, 2).await;
    let precondition = |reason: &str| (Code::FailedPrecondition, reason.to_owned());
    assert_eq!(refused(answer), precondition("STUDY_DOCUMENT_EMPTY"));
    let load = world.saved(save_request(TeachingLoad, 3)).await;
    let load = world.approved(&load, 4).await;
    let again = world.approve_document(&load, 5).await;
    assert_eq!(refused(again), precondition("STUDY_DOCUMENT_NOT_DRAFT"));
    let nameless = world.saved(save_request(Tariff, 6)).await;
    let answer = world.approve_document(&nameless, 7).await;
    assert_eq!(refused(answer), precondition("ORDER_MISSING"));
    let old = pb::StudyDocument {
        etag: "v9".into(),
        ..empty
    };
    let answer = world.approve_document(&old, 8).await;
    assert_eq!(refused(answer), (Code::Aborted, "ETAG_STALE".into()));
}

#[tokio::test]
async fn others_and_other_schools_find_no_document() {
    let world = World::with_a_plan().await;
    let draft = world.saved(curriculum_request(1)).await;
    let mut deputy = world.deputy();
    let answer = deputy.approve_study_document(approval_of(&draft, 2)).await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
    let mut abroad = world.staff("other", &["DIRECTOR"]);
    let answer = abroad.approve_study_document(approval_of(&draft, 3)).await;
    assert_eq!(answer.unwrap_err().code(), Code::NotFound);
    let nothing = pb::StudyDocument {
        study_document_id: text::<zhurnal_proto::id::StudyDocumentId>("none"),
        ..draft
    };
    let answer = world.approve_document(&nothing, 4).await;
    assert_eq!(answer.unwrap_err().code(), Code::NotFound);
}
