//! Copies of versions.

use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::lesson_plans::request_id;
use crate::testing::timetables::{removed, rows, terms};
use crate::testing::{World, refused, text};

fn request(source: &pb::Timetable, n: u8) -> pb::CreateTimetableRequest {
    pb::CreateTimetableRequest {
        school_id: source.school_id.clone(),
        source_timetable_id: source.timetable_id.clone(),
        title: " Второе полугодие ".into(),
        request_id: request_id(n),
    }
}

#[tokio::test]
async fn a_draft_has_the_lessons_of_its_source_and_lives_alone() {
    let world = World::with_a_plan().await;
    let imported = world.imported().await;
    let made = world
        .deputy()
        .create_timetable(request(&imported, 1))
        .await
        .unwrap();
    let draft = made.into_inner().timetable.unwrap();
    assert_eq!(
        (
            draft.number,
            draft.state(),
            draft.title.as_str(),
            draft.entry_count
        ),
        (2, pb::TimetableState::Draft, "Второе полугодие", 5)
    );
    assert_eq!((draft.valid_from.as_str(), draft.etag.as_str()), ("", "v1"));
    let (source, copy) = (world.version(&imported).await, world.version(&draft).await);
    assert_eq!(rows(&source.entries), rows(&copy.entries));

    let gone = copy.entries[0].timetable_entry_id.clone();
    let steps = vec![removed(&gone), terms("Две недели", 2, "2026-09-07")];
    let changed = world.change(&draft, steps, 2).await.unwrap().into_inner();
    assert_eq!(world.version(&imported).await, source);
    // A copy of a draft takes its terms along.
    let second = world.copy_of(&changed.timetable.unwrap(), 3).await;
    assert_eq!(
        (
            second.number,
            second.cycle_weeks,
            second.cycle_starts_on.as_str(),
            second.entry_count
        ),
        (3, 2, "2026-09-07", 4)
    );
}

#[tokio::test]
async fn a_repeated_request_makes_one_draft() {
    let world = World::with_a_plan().await;
    let imported = world.imported().await;
    let first = world
        .deputy()
        .create_timetable(request(&imported, 1))
        .await
        .unwrap();
    let again = world
        .deputy()
        .create_timetable(request(&imported, 1))
        .await
        .unwrap();
    assert_eq!(first.into_inner(), again.into_inner());
    assert_eq!(world.timetables().await.len(), 2);
}

#[tokio::test]
async fn the_twenty_first_draft_is_refused() {
    let world = World::with_a_plan().await;
    let imported = world.imported().await;
    for n in 1..=20 {
        world.copy_of(&imported, n).await;
    }
    let one_more = world
        .deputy()
        .create_timetable(request(&imported, 21))
        .await;
    let expected = (
        Code::FailedPrecondition,
        "TIMETABLE_TOO_MANY_DRAFTS".to_owned(),
    );
    assert_eq!(refused(one_more), expected);
}

#[tokio::test]
async fn teachers_and_the_director_make_no_drafts_and_strangers_find_no_source() {
    let world = World::with_a_plan().await;
    let imported = world.imported().await;
    for role in ["TEACHER", "DIRECTOR"] {
        let made = world
            .staff("school", &[role])
            .create_timetable(request(&imported, 1))
            .await;
        assert_eq!(refused(made).0, Code::PermissionDenied, "{role}");
    }
    let administrator = world.staff("school", &["ADMINISTRATOR"]);
    let mut administrator = administrator;
    assert!(
        administrator
            .create_timetable(request(&imported, 1))
            .await
            .is_ok()
    );
    for school in ["school", "other school"] {
        let abroad = pb::CreateTimetableRequest {
            school_id: text::<SchoolId>(school),
            ..request(&imported, 2)
        };
        let made = world
            .staff("other school", &["DEPUTY"])
            .create_timetable(abroad)
            .await;
        assert_eq!(refused(made).0, Code::NotFound, "{school}");
    }
}
