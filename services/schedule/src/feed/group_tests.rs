//! A club of several classes from roster's word to its dated lessons, and its end.

use chassis::service::Service as _;
use zhurnal_proto::id::{GroupId, SchoolId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change as Told;

use crate::Schedule;
use crate::testing::study_documents::{added, loads_request};
use crate::testing::timetables::{kinds, moved};
use crate::testing::{World, id, text, violations};

use pb::TimetableConflictKind as Kind;

fn club() -> roster::Group {
    roster::Group {
        group_id: text::<GroupId>("Шахматы"),
        school_id: text::<SchoolId>("school"),
        academic_year: "2026/2027".into(),
        title: "Шахматы".into(),
        kind: roster::GroupKind::Club.into(),
        grade: 5,
        shift: 1,
        unmarked: true,
        ..Default::default()
    }
}

async fn hear(world: &World, groups: Vec<roster::Group>, removed_ids: Vec<String>) {
    let changed = roster::GroupsChanged {
        groups,
        removed_ids,
    };
    let change = Change::GroupsChanged(changed);
    world.hear(id("school"), change).await.unwrap();
}

/// The draft in which the club meets on Wednesdays.
async fn drafted(world: &World) -> pb::ChangeTimetableResponse {
    hear(world, vec![club()], Vec::new()).await;
    let request = loads_request(vec![added("Шахматы", "Шахматы", "Ким", 1)], 1);
    world.change_loads(request).await.unwrap();
    let draft = world.draft(2).await;
    let put = world
        .put_operation((3, 1), ("Шахматы", "Шахматы", "Ким"), "зал")
        .await;
    let changed = world.change(&draft, vec![put], 3).await;
    changed.unwrap().into_inner()
}

async fn lessons(world: &World) -> Vec<pb::Lesson> {
    let mut found = Vec::new();
    for (from, to) in [("2026-09-01", "2026-09-30"), ("2026-10-01", "2026-10-30")] {
        let request = pb::ListLessonsRequest {
            school_id: text::<SchoolId>("school"),
            from: from.into(),
            to: to.into(),
            page_size: 500,
            ..Default::default()
        };
        let answer = world.deputy().list_lessons(request).await.unwrap();
        found.extend(answer.into_inner().lessons);
    }
    found.retain(|one| one.group_title == "Шахматы");
    found
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn a_club_of_several_classes_gets_load_places_and_dated_lessons_until_it_ends(db) {
        let world = World::on(db).planned().await;
        let changed = drafted(&world).await;
        assert_eq!(kinds(&changed.check.unwrap()), []);
        world.approve_timetable(&changed.timetable.unwrap(), "2026-09-07", 4).await.unwrap();
        world.harness.ignore_announced().await;
        let dated = lessons(&world).await;
        assert_eq!((dated.len(), dated[0].grade, dated[0].class_id.as_str()), (7, 5, ""));
        assert!(dated.iter().all(|one| one.state() == pb::LessonState::Planned));

        hear(&world, vec![roster::Group { ends_on: "2026-09-30".into(), ..club() }], Vec::new()).await;
        let after = lessons(&world).await;
        let cancelled: Vec<_> = after.iter().filter(|one| one.state() == pb::LessonState::Cancelled).collect();
        assert_eq!((after.len(), cancelled.len()), (7, 3));
        assert!(cancelled.iter().all(|one| one.date.as_str() > "2026-09-30" && one.state_reason == "Группа завершила занятия"));
        let load = world.loads_of("Шахматы").await.remove(0);
        assert_eq!(load.ends_on, "2026-09-30");
        let (mut loads, mut told) = (Vec::new(), 0);
        for event in world.harness.announced::<pb::ScheduleEvent>().await {
            match event.change {
                Some(Told::TeachingLoadsChanged(changed)) => loads.extend(changed.teaching_loads),
                Some(Told::LessonsChanged(changed)) => told += changed.lessons.iter().filter(|one| one.state() == pb::LessonState::Cancelled).count(),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(loads.len(), 1);
        assert!(told >= cancelled.len());

        // The same word again changes nothing more; no load begins after the end.
        hear(&world, vec![roster::Group { ends_on: "2026-09-30".into(), ..club() }], Vec::new()).await;
        assert!(world.harness.announced::<pb::ScheduleEvent>().await.is_empty());
        let mut late = loads_request(vec![added("Шахматы", "Шахматы", "Петров", 1)], 5);
        let Some(pb::teaching_load_operation::Action::Add(add)) = &mut late.operations[0].action else { panic!() };
        add.starts_on = "2026-10-01".into();
        late.etag = world.documents().await.remove(0).etag;
        assert_eq!(violations(world.change_loads(late).await), [("operations[0].add.startsOn".to_owned(), "GROUP_ENDED".to_owned())]);
    }

    async fn a_pupil_of_the_club_is_not_in_two_places(db) {
        let world = World::on(db).planned().await;
        let changed = drafted(&world).await;
        let draft = changed.timetable.unwrap();
        world.enrol("5-А", &["Аня", "Боря"], "").await;
        world.enrol("Шахматы", &["Боря"], "").await;
        let entry = world.entry(&draft, (3, 1), "Шахматы").await;
        let clash = world.change(&draft, vec![moved(&entry, (1, 1), 0)], 5).await.unwrap().into_inner();
        assert_eq!(kinds(&clash.check.unwrap()), [Kind::PupilsBusy]);
        let refused = world.approve_timetable(&clash.timetable.clone().unwrap(), "2026-09-07", 6).await;
        assert!(refused.is_err());
        // Without a common pupil both may meet at once.
        world.enrol("Шахматы", &["Боря"], "2026-08-31").await;
        let free = world.change(&clash.timetable.unwrap(), vec![moved(&entry, (2, 2), 0)], 7).await.unwrap().into_inner();
        assert_eq!(kinds(&free.check.unwrap()), []);
        world.harness.ignore_announced().await;
    }

    async fn a_group_that_was_deleted_goes_unless_it_is_taught(db) {
        let world = World::on(db).planned().await;
        hear(&world, vec![club()], Vec::new()).await;
        hear(&world, Vec::new(), vec![text::<GroupId>("Шахматы")]).await;
        let gone = world.change_loads(loads_request(vec![added("Шахматы", "Шахматы", "Ким", 1)], 1)).await;
        assert_eq!(violations(gone), [("operations[0].add.groupId".to_owned(), "UNKNOWN_GROUP".to_owned())]);
        hear(&world, vec![club()], Vec::new()).await;
        world.change_loads(loads_request(vec![added("Шахматы", "Шахматы", "Ким", 1)], 2)).await.unwrap();
        hear(&world, Vec::new(), vec![text::<GroupId>("Шахматы")]).await;
        assert_eq!(world.loads_of("Шахматы").await.len(), 1);
        assert_eq!(world.lesson_plan("Шахматы", "Шахматы").await.grade, 5);
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn roster_finds_out_whether_a_group_is_taught() {
    let world = World::with_a_plan().await;
    let request = |group: &str| pb::ListTeachingLoadsRequest {
        school_id: text::<SchoolId>("school"),
        group_id: text::<GroupId>(group),
        page_size: 1,
        ..Default::default()
    };
    let taught = world.roster().list_teaching_loads(request("5-А")).await;
    assert_eq!(taught.unwrap().into_inner().teaching_loads.len(), 1);
    let other = world.roster().list_teaching_loads(request("Шахматы")).await;
    assert!(other.unwrap().into_inner().teaching_loads.is_empty());
}
