//! Drafts of curriculum, load and tariff order.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::study_documents::{
    Curriculum, Tariff, TeachingLoad, curriculum_request, line, save_request,
};
use crate::testing::{World, refused, violations};

chassis::on_both_databases! {
    Schedule::migrations();

    async fn a_curriculum_is_saved_with_the_hours_of_the_year(db) {
        let world = World::on(db).planned().await;
        let mut request = curriculum_request(1);
        request.approve_by = "2026-08-25".into();
        request.curriculum_lines.push(pb::CurriculumLine { yearly_hours: 20, ..line(10, "Астрономия", 1) });
        let saved = world.save(request).await.unwrap().into_inner().study_document.unwrap();
        assert_eq!((saved.kind(), saved.state(), saved.number), (Curriculum, pb::StudyDocumentState::Draft, 1));
        // The day has passed without the approval: it is 1 September.
        assert!(saved.overdue && saved.approved_by.is_empty());
        let (loads, told) = world.announced_load().await;
        assert_eq!((loads, told), (vec![], vec![saved.clone()]));

        let found = world.document(&saved).await;
        let rows: Vec<_> = found.curriculum_lines.iter().map(|one| {
            (one.grade, one.subject_title.as_str(), one.weekly_hours_hundredths, one.yearly_hours)
        }).collect();
        // 34 study weeks of grade 5.
        assert_eq!(rows, [(5, "Математика", 300, 102), (5, "Русский язык", 100, 34), (10, "Астрономия", 100, 20)]);

        let mut next = curriculum_request(2);
        next.curriculum_lines.truncate(1);
        next.etag = saved.etag.clone();
        let saved = world.saved(next.clone()).await;
        assert_eq!((saved.number, saved.etag.as_str()), (1, "v2"));
        assert_eq!(world.document(&saved).await.curriculum_lines.len(), 1);
        // Once more with the same key: the same answer, no other change.
        assert_eq!(world.saved(next).await, saved);
    }

    async fn whoever_saw_an_older_version_is_refused(db) {
        let world = World::on(db).planned().await;
        let mut early = curriculum_request(1);
        early.etag = "v1".into();
        assert_eq!(refused(world.save(early).await), (Code::Aborted, "ETAG_STALE".into()));
        world.saved(curriculum_request(2)).await;
        for (etag, n) in [("", 3), ("v7", 4)] {
            let request = pb::SaveStudyDocumentRequest { etag: etag.into(), ..curriculum_request(n) };
            assert_eq!(refused(world.save(request).await), (Code::Aborted, "ETAG_STALE".into()));
        }
    }

    async fn a_change_after_the_approval_opens_the_next_version(db) {
        let world = World::on(db).planned().await;
        let first = world.saved(curriculum_request(1)).await;
        let first = world.approved(&first, 2).await;
        let mut request = curriculum_request(3);
        request.etag = first.etag.clone();
        request.curriculum_lines = vec![line(5, "Математика", 5)];
        let second = world.saved(request).await;
        assert_eq!((second.number, second.state()), (2, pb::StudyDocumentState::Draft));
        assert_eq!(world.document(&first).await.curriculum_lines.len(), 2);
        let second = world.approved(&second, 4).await;
        let states: Vec<_> = world.documents().await.iter().map(|one| (one.number, one.state())).collect();
        assert_eq!(states, [(2, pb::StudyDocumentState::Approved), (1, pb::StudyDocumentState::Replaced)]);
        assert_eq!(second.etag, "v2");
    }
}

#[tokio::test]
async fn lines_that_cannot_be_are_named() {
    let world = World::with_a_plan().await;
    let mut twice = curriculum_request(1);
    twice.curriculum_lines.push(line(5, " математика ", 1));
    let field = "curriculumLines[2].subjectTitle".to_owned();
    assert_eq!(
        violations(world.save(twice).await),
        [(field, "TWICE".into())]
    );
    for (kind, n) in [(TeachingLoad, 2), (Tariff, 3)] {
        let request = pb::SaveStudyDocumentRequest {
            curriculum_lines: vec![line(5, "Математика", 1)],
            ..save_request(kind, n)
        };
        let expected = ("curriculumLines".into(), "NOT_A_CURRICULUM".into());
        assert_eq!(violations(world.save(request).await), [expected]);
    }
    let year = pb::SaveStudyDocumentRequest {
        academic_year: "2026/2028".into(),
        ..curriculum_request(4)
    };
    let expected = ("academicYear".into(), "INVALID_YEAR".into());
    assert_eq!(violations(world.save(year).await), [expected]);
}

#[tokio::test]
async fn a_school_without_a_calendar_has_nothing_to_save_to() {
    let world = World::empty().await;
    let answer = world.save(curriculum_request(1)).await;
    let expected = (Code::FailedPrecondition, "SCHOOL_YEAR_MISSING".into());
    assert_eq!(refused(answer), expected);
}

#[tokio::test]
async fn only_deputies_and_administrators_of_the_school_save() {
    let world = World::with_a_plan().await;
    for (school, role) in [
        ("school", "TEACHER"),
        ("school", "DIRECTOR"),
        ("other", "DEPUTY"),
    ] {
        let mut calls = world.staff(school, &[role]);
        let answer = calls.save_study_document(curriculum_request(1)).await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{school} {role}"
        );
    }
    let mut administrator = world.staff("school", &["ADMINISTRATOR"]);
    administrator
        .save_study_document(curriculum_request(1))
        .await
        .unwrap();
    world.harness.ignore_announced().await;
}
