//! Where a lesson could stand.

use std::collections::BTreeMap;

use tonic::Code;
use zhurnal_proto::id::{GroupId, PersonId, SchoolId, TimetableEntryId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, refused, text, violations};

use pb::TimetableConflictKind as Kind;

async fn request(world: &World) -> pb::ListTimetablePlacesRequest {
    let draft = world.draft(1).await;
    pb::ListTimetablePlacesRequest {
        school_id: draft.school_id,
        timetable_id: draft.timetable_id,
        ..Default::default()
    }
}

type Places = BTreeMap<(u32, u32), Vec<Kind>>;

async fn places(world: &World, request: pb::ListTimetablePlacesRequest) -> Places {
    let answer = world.deputy().list_timetable_places(request).await.unwrap();
    let place = |one: pb::TimetablePlace| {
        let kinds = one.conflicts.iter().map(pb::TimetableConflict::kind);
        ((one.weekday, one.lesson_number), kinds.collect())
    };
    answer.into_inner().places.into_iter().map(place).collect()
}

#[tokio::test]
async fn every_place_with_a_bell_is_told_with_what_stands_there() {
    let world = World::with_a_plan().await;
    let draft = request(&world).await;
    let versions = world.timetables().await;
    let maths = world.entry(&versions[0], (2, 2), "5-А").await;
    let wanted = pb::ListTimetablePlacesRequest {
        timetable_entry_id: maths,
        ..draft
    };
    let found = places(&world, wanted).await;
    // Two bells of the first shift on five days.
    assert_eq!(found.len(), 10);
    assert_eq!(found[&(2, 2)], []);
    assert_eq!(
        found[&(1, 1)],
        [Kind::TeacherBusy, Kind::GroupBusy, Kind::RoomBusy]
    );
    assert_eq!(found[&(1, 2)], [Kind::GroupBusy, Kind::RoomBusy]);
    assert_eq!(found[&(5, 1)], []);
}

#[tokio::test]
async fn places_of_a_lesson_that_is_to_be_put_are_told_too() {
    let world = World::with_a_plan().await;
    let wanted = pb::ListTimetablePlacesRequest {
        group_id: text::<GroupId>("10-А"),
        teacher_id: text::<PersonId>("Петров"),
        room: "КАБ. 1".into(),
        ..request(&world).await
    };
    let found = places(&world, wanted).await;
    // 09:10 of the second shift overlaps 08:50-09:30, when Петров teaches in that room.
    assert_eq!(found[&(1, 1)], [Kind::TeacherBusy, Kind::RoomBusy]);
    assert_eq!(found[&(1, 2)], [Kind::GroupBusy]);
    assert_eq!(found[&(2, 1)], [Kind::RoomBusy]);
    assert_eq!(found[&(3, 2)], []);
}

#[tokio::test]
async fn a_lesson_or_a_group_with_a_teacher_must_be_named() {
    let world = World::with_a_plan().await;
    let draft = request(&world).await;
    let with = |change: fn(&mut pb::ListTimetablePlacesRequest)| {
        let mut request = draft.clone();
        change(&mut request);
        let mut calls = world.deputy();
        async move { violations(calls.list_timetable_places(request).await) }
    };
    let one = |field: &str, rule: &str| vec![(field.to_owned(), rule.to_owned())];
    let either = one("timetableEntryId", "EXACTLY_ONE");
    assert_eq!(with(|_| ()).await, either);
    assert_eq!(with(|r| r.group_id = text::<GroupId>("5-А")).await, either);
    let both = |r: &mut pb::ListTimetablePlacesRequest| {
        r.timetable_entry_id = text::<TimetableEntryId>("х");
        r.group_id = text::<GroupId>("5-А");
        r.teacher_id = text::<PersonId>("Ким");
    };
    assert_eq!(with(both).await, either);
    let unknown = |r: &mut pb::ListTimetablePlacesRequest| {
        r.timetable_entry_id = text::<TimetableEntryId>("нет");
    };
    assert_eq!(
        with(unknown).await,
        one("timetableEntryId", "UNKNOWN_ENTRY")
    );
    let stranger = |r: &mut pb::ListTimetablePlacesRequest| {
        r.group_id = text::<GroupId>("нет");
        r.teacher_id = text::<PersonId>("Ким");
    };
    assert_eq!(with(stranger).await, one("groupId", "UNKNOWN_GROUP"));
}

#[tokio::test]
async fn places_are_for_those_who_edit() {
    let world = World::with_a_plan().await;
    let wanted = pb::ListTimetablePlacesRequest {
        group_id: text::<GroupId>("10-А"),
        teacher_id: text::<PersonId>("Петров"),
        ..request(&world).await
    };
    let teacher = world
        .staff("school", &["TEACHER"])
        .list_timetable_places(wanted.clone())
        .await;
    assert_eq!(refused(teacher).0, Code::PermissionDenied);
    for school in ["school", "other school"] {
        let abroad = pb::ListTimetablePlacesRequest {
            school_id: text::<SchoolId>(school),
            ..wanted.clone()
        };
        let found = world
            .staff("other school", &["DEPUTY"])
            .list_timetable_places(abroad)
            .await;
        assert_eq!(refused(found).0, Code::NotFound, "{school}");
    }
}
