//! Loads that change during the year, and the timetable that follows.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{GroupId, PersonId, TeachingLoadId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::teaching_load_operation::Action;

use crate::Schedule;
use crate::testing::new_year::class;
use crate::testing::study_documents::{
    TeachingLoad, added, loads_request, save_request, teacher_from,
};
use crate::testing::{World, refused, text, violations};

fn end(load: &pb::TeachingLoad, from: &str) -> Action {
    Action::End(pb::EndTeachingLoad {
        teaching_load_id: load.teaching_load_id.clone(),
        from: from.into(),
    })
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn another_teacher_from_a_day_keeps_what_was_and_the_lessons_follow(db) {
        let world = World::on(db).planned().await;
        let load = world.loads_of("Алгебра").await.remove(0);
        let request = pb::ChangeTeachingLoadsRequest {
            draft_timetable: true,
            ..loads_request(vec![teacher_from(&load, "2026-11-16", "Ким")], 1)
        };
        let answer = world.change_loads(request.clone()).await.unwrap().into_inner();
        let document = answer.study_document.clone().unwrap();
        assert_eq!((document.kind(), document.number, document.state()), (TeachingLoad, 1, pb::StudyDocumentState::Draft));
        let (told, documents) = world.announced_load().await;
        assert_eq!((&told, documents), (&answer.teaching_loads, vec![document]));
        let rows: Vec<_> = world.loads_of("Алгебра").await.into_iter().map(|one| (one.teacher_id, one.starts_on, one.ends_on)).collect();
        let (ivanova, kim) = (text::<PersonId>("Иванова"), text::<PersonId>("Ким"));
        assert_eq!(rows, [
            (ivanova.clone(), "2026-09-01".into(), "2026-11-15".into()),
            (kim.clone(), "2026-11-16".into(), String::new()),
        ]);

        // The draft has the new teacher and lacks nothing; approved, it moves the lessons.
        assert_eq!(answer.timetable_loads, []);
        let draft = answer.timetable.unwrap();
        assert_eq!(draft.title, "Нагрузка с 16.11.2026");
        world.approve_timetable(&draft, "2026-11-16", 2).await.unwrap();
        world.harness.ignore_announced().await;
        let before = world.lesson("2026-11-09", 2, "10-А").await;
        let after = world.lesson("2026-11-16", 2, "10-А").await;
        assert_eq!((before.teacher_id, after.teacher_id), (ivanova, kim));

        // The same key again: the same answer, one draft.
        assert_eq!(world.change_loads(request).await.unwrap().into_inner().teaching_loads, told);
        assert_eq!(world.timetables().await.len(), 2);
    }

    async fn without_a_draft_the_answer_says_what_the_timetable_lacks(db) {
        let world = World::on(db).planned().await;
        let load = world.loads_of("Русский язык").await.remove(0);
        let more = Action::Change(pb::ChangeTeachingLoad {
            teaching_load_id: load.teaching_load_id.clone(),
            from: "2026-10-01".into(),
            weekly_hours_hundredths: 300,
            ..Default::default()
        });
        let answer = world.change_loads(loads_request(vec![more], 1)).await.unwrap().into_inner();
        world.harness.ignore_announced().await;
        assert_eq!(answer.timetable, None);
        let [lack] = &answer.timetable_loads[..] else { panic!("{answer:?}") };
        assert_eq!(lack.subject_title, "Русский язык");
        assert_eq!((lack.weekly_hours_hundredths, lack.placed_hours_hundredths), (300, 100));

        let ended = world.loads_of("Русский язык").await.pop().unwrap();
        let etag = answer.study_document.unwrap().etag;
        let request = pb::ChangeTeachingLoadsRequest {
            etag,
            draft_timetable: true,
            ..loads_request(vec![end(&ended, "2026-10-01")], 2)
        };
        let answer = world.change_loads(request).await.unwrap().into_inner();
        world.harness.ignore_announced().await;
        assert_eq!(answer.study_document.unwrap().etag, "v2");
        // In force on no day: in no list, and the draft has no lesson of it.
        assert_eq!(world.loads_of("Русский язык").await.len(), 1);
        let draft = answer.timetable.unwrap();
        assert_eq!(draft.entry_count, 4);
        let entries = world.version(&draft).await.entries;
        assert!(entries.iter().all(|entry| entry.subject_title != "Русский язык"));
    }

    async fn two_deputies_at_once_do_not_overwrite_each_other(db) {
        let world = World::on(db).planned().await;
        let load = world.loads_of("Алгебра").await.remove(0);
        let one = loads_request(vec![teacher_from(&load, "2026-10-01", "Ким")], 1);
        let other = loads_request(vec![teacher_from(&load, "2026-10-01", "Петров")], 2);
        let (a, b) = tokio::join!(world.change_loads(one), world.change_loads(other));
        let refusals: Vec<_> = [a, b].into_iter().filter_map(Result::err).collect();
        let [refusal] = &refusals[..] else { panic!("{refusals:?}") };
        assert_eq!(chassis::status::reason(refusal), "ETAG_STALE");
        world.harness.ignore_announced().await;
        assert_eq!(world.loads_of("Алгебра").await.len(), 2);
    }
}

#[tokio::test]
async fn a_new_subject_and_a_group_that_no_plan_named_get_their_load() {
    let world = World::with_a_plan().await;
    let group = zhurnal_proto::roster::v1::Group {
        group_id: text::<GroupId>("5-А Труд гр.1"),
        school_id: load_school(),
        academic_year: "2026/2027".into(),
        title: "5-А Труд гр.1".into(),
        class_id: text::<zhurnal_proto::id::ClassId>("5-А"),
        ..Default::default()
    };
    let class = class("5-А", "2026/2027", 5, 1);
    world.hear_classes(vec![class], vec![group]).await;
    let request = loads_request(vec![added("5-А Труд гр.1", " Труд ", "Ким", 2)], 1);
    world.change_loads(request).await.unwrap();
    world.harness.ignore_announced().await;
    let load = world.loads_of("Труд").await.remove(0);
    assert_eq!(load.weekly_hours_hundredths, 200);
    // The lesson plans know it too.
    let plan = world.lesson_plan("5-А Труд гр.1", "Труд").await;
    assert_eq!((plan.grade, plan.weekly_hours_hundredths), (5, 200));
}

fn load_school() -> String {
    text::<zhurnal_proto::id::SchoolId>("school")
}

#[tokio::test]
async fn each_step_that_cannot_be_is_named_and_nothing_is_changed() {
    let world = World::with_a_plan().await;
    let load = world.loads_of("Алгебра").await.remove(0);
    let unknown = pb::TeachingLoad {
        teaching_load_id: text::<TeachingLoadId>("none"),
        ..load.clone()
    };
    let cases = [
        (
            teacher_from(&unknown, "2026-10-01", "Ким"),
            "change.teachingLoadId",
            "UNKNOWN_LOAD",
        ),
        (
            teacher_from(&load, "2026-10-01", "Никто"),
            "change.teacherId",
            "UNKNOWN_TEACHER",
        ),
        (
            teacher_from(&load, "2026-08-31", "Ким"),
            "change.from",
            "OUTSIDE_YEAR",
        ),
        (
            teacher_from(&load, "2026-10-01", "Иванова"),
            "change.teacherId",
            "NOTHING_CHANGES",
        ),
        (
            added("Никакая", "Труд", "Ким", 1),
            "add.groupId",
            "UNKNOWN_GROUP",
        ),
        (
            added("10-А", "Алгебра", "Иванова", 1),
            "add.teacherId",
            "TWICE",
        ),
        (
            end(&unknown, "2026-10-01"),
            "end.teachingLoadId",
            "UNKNOWN_LOAD",
        ),
    ];
    for (n, (action, field, rule)) in (1..).zip(cases) {
        let first = added("5-А", "Труд", "Ким", 1);
        let answer = world
            .change_loads(loads_request(vec![first, action], n))
            .await;
        let expected = (format!("operations[1].{field}"), rule.to_owned());
        assert_eq!(violations(answer), [expected]);
    }
    let mut nothing = loads_request(vec![added("5-А", "Труд", "Ким", 1)], 20);
    nothing.operations[0].action = None;
    let expected = ("operations[0]".to_owned(), "REQUIRED".to_owned());
    assert_eq!(violations(world.change_loads(nothing).await), [expected]);
    // The day has come: what was before it cannot be changed any more.
    world
        .harness
        .clock()
        .set("2026-10-05T06:00:00Z".parse().unwrap());
    let late = loads_request(vec![end(&load, "2026-10-04")], 21);
    let expected = ("operations[0].end.from".to_owned(), "TOO_EARLY".to_owned());
    assert_eq!(violations(world.change_loads(late).await), [expected]);
    assert_eq!(world.loads_of("Труд").await, []);
    assert_eq!(world.documents().await, []);
}

#[tokio::test]
async fn only_the_office_of_the_school_changes_loads() {
    let world = World::with_a_plan().await;
    let request = loads_request(vec![added("5-А", "Труд", "Ким", 1)], 1);
    for (school, role) in [
        ("school", "TEACHER"),
        ("school", "DIRECTOR"),
        ("other", "DEPUTY"),
    ] {
        let mut calls = world.staff(school, &[role]);
        let answer = calls.change_teaching_loads(request.clone()).await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{school} {role}"
        );
    }
    world.saved(save_request(TeachingLoad, 2)).await;
    let answer = world.change_loads(request).await;
    assert_eq!(refused(answer), (Code::Aborted, "ETAG_STALE".into()));
}
