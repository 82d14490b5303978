//! One version with its lessons and conflicts.

use tonic::Code;
use zhurnal_proto::id::{SchoolId, TimetableId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::timetables::rows;
use crate::testing::{World, refused, school_12, text};

#[tokio::test]
async fn a_version_shows_its_lessons_by_day_and_number_and_a_sound_one_no_conflicts() {
    let world = World::with_a_plan().await;
    let shown = world.version(&world.imported().await).await;
    let row = |weekday, number, group: &str, subject: &str, room: &str| {
        (
            weekday,
            number,
            0,
            group.into(),
            subject.into(),
            room.into(),
        )
    };
    assert_eq!(
        rows(&shown.entries),
        [
            row(1, 1, "5-А", "Математика", "каб. 1"),
            row(1, 2, "10-А", "Алгебра", "каб. 2"),
            row(1, 2, "5-А", "Русский язык", "каб. 1"),
            row(2, 1, "5-А Английский гр.1", "Английский язык", ""),
            row(2, 2, "5-А", "Математика", "каб. 1"),
        ]
    );
    assert_eq!(shown.check, Some(pb::TimetableCheck::default()));
}

#[tokio::test]
async fn the_timetable_of_school_12_has_no_errors() {
    let world = World::empty().await;
    world.put(school_12()).await;
    world.harness.ignore_announced().await;
    let shown = world.version(&world.imported().await).await;
    assert_eq!(shown.entries.len(), 1289);
    let check = shown.check.unwrap();
    let errors = check
        .conflicts
        .iter()
        .filter(|one| one.severity() == pb::TimetableSeverity::Error);
    assert_eq!(
        errors.collect::<Vec<_>>(),
        Vec::<&pb::TimetableConflict>::new()
    );
    assert_eq!(check.error_count, 0);
}

#[tokio::test]
async fn a_version_of_another_school_looks_like_one_that_does_not_exist() {
    let world = World::with_a_plan().await;
    let own = world.imported().await.timetable_id;
    let ask = |school: &str, timetable_id: String| {
        let request = pb::GetTimetableVersionRequest {
            school_id: text::<SchoolId>(school),
            timetable_id,
        };
        let mut calls = world.staff("other school", &["DEPUTY"]);
        async move { calls.get_timetable_version(request).await.unwrap_err() }
    };
    let missing = ask("other school", text::<TimetableId>("нет")).await;
    for foreign in [
        ask("school", own.clone()).await,
        ask("other school", own).await,
    ] {
        assert_eq!(foreign.code(), Code::NotFound);
        assert_eq!(
            (foreign.message(), foreign.details()),
            (missing.message(), missing.details())
        );
    }
    let teacher = world.staff("school", &["TEACHER"]);
    let mut teacher = teacher;
    let request = pb::GetTimetableVersionRequest {
        school_id: text::<SchoolId>("school"),
        timetable_id: world.imported().await.timetable_id,
    };
    assert!(teacher.get_timetable_version(request).await.is_ok());
    let unknown = pb::GetTimetableVersionRequest {
        school_id: text::<SchoolId>("school"),
        timetable_id: text::<TimetableId>("нет"),
    };
    assert_eq!(
        refused(world.deputy().get_timetable_version(unknown).await).0,
        Code::NotFound
    );
}
