//! What an approval would do.

use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, refused, text};

fn request(seen: &pb::Timetable, valid_from: &str) -> pb::PreviewTimetableRequest {
    pb::PreviewTimetableRequest {
        school_id: seen.school_id.clone(),
        timetable_id: seen.timetable_id.clone(),
        valid_from: valid_from.into(),
    }
}

#[tokio::test]
async fn a_preview_tells_what_approval_then_does_and_does_nothing_itself() {
    let world = World::with_a_plan().await;
    let later = world.moved_draft(((2, 2), "5-А"), (5, 1), 1).await;
    world
        .approve_timetable(&later, "2027-01-11", 3)
        .await
        .unwrap();
    world.harness.ignore_announced().await;
    let draft = world.moved_draft(((1, 1), "5-А"), (3, 1), 4).await;
    let told = world
        .deputy()
        .preview_timetable(request(&draft, "2026-11-16"))
        .await
        .unwrap();
    let told = told.into_inner();
    let effect = told.effect.clone().unwrap();
    // Until the later version: 7 Mondays and 7 Wednesdays to 30 December.
    assert_eq!((effect.added, effect.removed), (7, 7));
    assert_eq!(effect.valid_to, "2027-01-10");
    assert_eq!((told.error_count, told.warning_count), (0, 0));
    assert_eq!(world.timetables().await[0], draft);
    let done = world
        .approve_timetable(&draft, "2026-11-16", 6)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(done.effect, told.effect);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_draft_with_errors_shows_how_many() {
    let world = World::with_a_plan().await;
    let draft = world.moved_draft(((2, 2), "5-А"), (1, 2), 1).await;
    let told = world
        .director()
        .preview_timetable(request(&draft, "2026-11-16"))
        .await
        .unwrap();
    let told = told.into_inner();
    assert_eq!((told.error_count, told.warning_count), (1, 1));
}

#[tokio::test]
async fn a_day_that_approval_refuses_is_refused_here_too() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    for (day, reason) in [
        ("2026-09-01", "TIMETABLE_TOO_EARLY"),
        ("2027-09-01", "TIMETABLE_OUTSIDE_YEAR"),
    ] {
        let answer = world.deputy().preview_timetable(request(&draft, day)).await;
        assert_eq!(
            refused(answer),
            (Code::FailedPrecondition, reason.to_owned())
        );
    }
    let imported = world.imported().await;
    let answer = world
        .deputy()
        .preview_timetable(request(&imported, "2026-11-16"))
        .await;
    assert_eq!(refused(answer).1, "TIMETABLE_NOT_DRAFT");
}

#[tokio::test]
async fn teachers_and_strangers_see_no_preview() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let request = request(&draft, "2026-11-16");
    let teacher = world
        .staff("school", &["TEACHER"])
        .preview_timetable(request.clone())
        .await;
    assert_eq!(refused(teacher).0, Code::PermissionDenied);
    for school in ["school", "other school"] {
        let abroad = pb::PreviewTimetableRequest {
            school_id: text::<SchoolId>(school),
            ..request.clone()
        };
        let answer = world
            .staff("other school", &["DIRECTOR"])
            .preview_timetable(abroad)
            .await;
        assert_eq!(refused(answer).0, Code::NotFound, "{school}");
    }
}
