//! Drafts that nobody wants.

use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::lesson_plans::request_id;
use crate::testing::timetables::terms;
use crate::testing::{World, refused, text};

fn request(seen: &pb::Timetable, n: u8) -> pb::DiscardTimetableRequest {
    pb::DiscardTimetableRequest {
        school_id: seen.school_id.clone(),
        timetable_id: seen.timetable_id.clone(),
        etag: seen.etag.clone(),
        request_id: request_id(n),
    }
}

#[tokio::test]
async fn a_draft_goes_with_its_lessons_and_a_repeat_is_answered_alike() {
    let world = World::with_a_plan().await;
    let imported = world.version(&world.imported().await).await;
    let draft = world.draft(1).await;
    for _ in 0..2 {
        world
            .deputy()
            .discard_timetable(request(&draft, 2))
            .await
            .unwrap();
    }
    assert_eq!(world.timetables().await.len(), 1);
    assert_eq!(world.version(&world.imported().await).await, imported);
    let gone = world.deputy().discard_timetable(request(&draft, 3)).await;
    assert_eq!(refused(gone).0, Code::NotFound);
}

#[tokio::test]
async fn a_draft_that_has_changed_stays_and_so_does_a_version_in_force() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    world
        .change(&draft, vec![terms("Х", 1, "2026-08-31")], 2)
        .await
        .unwrap();
    let stale = world.deputy().discard_timetable(request(&draft, 3)).await;
    assert_eq!(refused(stale), (Code::Aborted, "ETAG_STALE".to_owned()));
    let imported = world.imported().await;
    let in_force = world
        .deputy()
        .discard_timetable(request(&imported, 4))
        .await;
    let expected = (Code::FailedPrecondition, "TIMETABLE_NOT_DRAFT".to_owned());
    assert_eq!(refused(in_force), expected);
}

#[tokio::test]
async fn teachers_and_the_director_discard_nothing_and_strangers_find_nothing() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    for role in ["TEACHER", "DIRECTOR"] {
        let gone = world
            .staff("school", &[role])
            .discard_timetable(request(&draft, 2))
            .await;
        assert_eq!(refused(gone).0, Code::PermissionDenied, "{role}");
    }
    for school in ["school", "other school"] {
        let abroad = pb::DiscardTimetableRequest {
            school_id: text::<SchoolId>(school),
            ..request(&draft, 3)
        };
        let gone = world
            .staff("other school", &["DEPUTY"])
            .discard_timetable(abroad)
            .await;
        assert_eq!(refused(gone).0, Code::NotFound, "{school}");
    }
}
