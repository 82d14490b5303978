//! Versions of a year, and who sees them.

use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, refused, text, violations};

fn request(school: &str) -> pb::ListTimetablesRequest {
    pb::ListTimetablesRequest {
        school_id: text::<SchoolId>(school),
        academic_year: String::new(),
    }
}

#[tokio::test]
async fn the_imported_timetable_is_version_1_in_force_from_the_first_day() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let all = world.timetables().await;
    let [first_draft, imported] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!(*first_draft, draft);
    assert_eq!(
        (imported.number, imported.state(), imported.entry_count),
        (1, pb::TimetableState::Approved, 5)
    );
    assert_eq!(
        (imported.valid_from.as_str(), imported.valid_to.as_str()),
        ("2026-09-01", "")
    );
    assert_eq!(
        (imported.cycle_weeks, imported.cycle_starts_on.as_str()),
        (1, "2026-08-31")
    );
    assert_eq!(
        (
            imported.approved_by.as_str(),
            imported.approved_at.is_some()
        ),
        ("", true)
    );
}

#[tokio::test]
async fn the_staff_of_the_school_reads_the_list_and_nobody_else() {
    let world = World::with_a_plan().await;
    let teacher = world
        .staff("school", &["TEACHER"])
        .list_timetables(request("school"))
        .await;
    assert_eq!(teacher.unwrap().into_inner().timetables.len(), 1);
    let abroad = world
        .staff("other school", &["DEPUTY"])
        .list_timetables(request("school"))
        .await;
    assert_eq!(refused(abroad).0, Code::PermissionDenied);
    let system = world.client(&["schedule.read"], &[crate::testing::id("school")]);
    let mut system = system;
    assert_eq!(
        refused(system.list_timetables(request("school")).await).0,
        Code::PermissionDenied
    );
}

#[tokio::test]
async fn a_year_without_a_plan_has_no_versions() {
    let world = World::empty().await;
    assert_eq!(world.timetables().await, []);
    let world = World::with_a_plan().await;
    let of_year = |academic_year: &str| {
        let request = pb::ListTimetablesRequest {
            academic_year: academic_year.into(),
            ..request("school")
        };
        let mut calls = world.deputy();
        async move { calls.list_timetables(request).await }
    };
    assert_eq!(
        of_year("2026/2027")
            .await
            .unwrap()
            .into_inner()
            .timetables
            .len(),
        1
    );
    assert_eq!(
        of_year("2027/2028")
            .await
            .unwrap()
            .into_inner()
            .timetables
            .len(),
        0
    );
    let found = violations(of_year("2026").await);
    assert_eq!(
        found,
        [("academicYear".to_owned(), "INVALID_YEAR".to_owned())]
    );
}
