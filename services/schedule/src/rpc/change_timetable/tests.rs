//! Editing a draft: what is saved, what is found wrong, what is refused.

use chassis::status;
use tonic::Code;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SchoolId, SubjectId, TimetableEntryId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::timetable_operation::Action;

use crate::Schedule;
use crate::testing::timetables::{change_request, kinds, moved, operation, removed, rows, terms};
use crate::testing::{World, id, refused, text, violations};
use chassis::service::Service;

use pb::TimetableConflictKind as Kind;

chassis::on_both_databases! {
    Schedule::migrations();

    async fn lessons_are_put_moved_and_removed_in_one_request(db) {
        let world = World::on(db).planned().await;
        let draft = world.draft(1).await;
        let (first, second) = (
            world.entry(&draft, (1, 1), "5-А").await,
            world.entry(&draft, (1, 2), "5-А").await,
        );
        let put = world.put_operation((3, 1), ("5-А", "Математика", "Иванова"), " каб.  7").await;
        let steps = vec![put, moved(&second, (1, 1), 0), removed(&first)];
        let changed = world.change(&draft, steps, 2).await.unwrap().into_inner();
        let now = changed.timetable.clone().unwrap();
        assert_eq!((now.etag.as_str(), now.entry_count), ("v2", 5));
        assert_eq!(changed.removed_entry_ids, [first]);
        let row = |weekday, number, subject: &str, room: &str| {
            (weekday, number, 0, "5-А".to_owned(), subject.to_owned(), room.to_owned())
        };
        assert_eq!(
            rows(&changed.entries),
            [row(1, 1, "Русский язык", "каб. 1"), row(3, 1, "Математика", "каб. 7")]
        );
        let shown = world.version(&now).await;
        assert_eq!((shown.timetable, shown.check), (changed.timetable, changed.check));
        for entry in &changed.entries {
            assert!(shown.entries.contains(entry), "{entry:?}");
        }
    }

    async fn a_change_of_what_somebody_else_has_changed_is_refused_and_nothing_is_lost(db) {
        let world = World::on(db).planned().await;
        let draft = world.draft(1).await;
        let entry = world.entry(&draft, (1, 1), "5-А").await;
        let theirs = world.change(&draft, vec![moved(&entry, (5, 1), 0)], 2).await;
        let theirs = theirs.unwrap().into_inner().timetable.unwrap();
        let mine = world.change(&draft, vec![moved(&entry, (4, 1), 0)], 3).await.unwrap_err();
        assert_eq!((mine.code(), status::reason(&mine)), (Code::Aborted, "ETAG_STALE".to_owned()));
        let current = status::error_info(&mine).unwrap().metadata["current"].clone();
        assert_eq!(current, theirs.etag);
        assert_eq!(world.entry(&theirs, (5, 1), "5-А").await, entry);
    }
}

#[tokio::test]
async fn a_draft_is_saved_with_its_conflicts_and_they_are_told() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let maths = world.entry(&draft, (2, 2), "5-А").await;
    let russian = world.entry(&draft, (1, 2), "5-А").await;
    let changed = world
        .change(&draft, vec![moved(&maths, (1, 2), 0)], 2)
        .await;
    let check = changed.unwrap().into_inner().check.unwrap();
    // 08:50-09:30 of the first shift against 10:00 of the second: the teacher is free.
    assert_eq!(kinds(&check), [Kind::GroupBusy, Kind::RoomBusy]);
    assert_eq!((check.error_count, check.warning_count), (1, 1));
    let busy = &check.conflicts[0];
    let mut concerned = busy.timetable_entry_ids.clone();
    concerned.sort();
    let mut expected = vec![maths, russian];
    expected.sort();
    assert_eq!(concerned, expected);
    assert_eq!((busy.weekday, busy.lesson_number), (1, 2));
    assert_eq!(busy.severity(), pb::TimetableSeverity::Error);
    assert_eq!(check.conflicts[1].room, "каб. 1");
}

#[tokio::test]
async fn hours_that_are_left_are_listed_with_their_load() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let maths = world.entry(&draft, (2, 2), "5-А").await;
    let changed = world
        .change(&draft, vec![removed(&maths)], 2)
        .await
        .unwrap()
        .into_inner();
    let check = changed.check.unwrap();
    assert_eq!(kinds(&check), [Kind::LoadNotPlaced]);
    let [left] = &check.loads[..] else {
        panic!("{:?}", check.loads)
    };
    assert_eq!(
        (left.group_title.as_str(), left.subject_title.as_str()),
        ("5-А", "Математика")
    );
    assert_eq!(
        (left.weekly_hours_hundredths, left.placed_hours_hundredths),
        (200, 100)
    );
    assert_eq!(left.teacher_id, text::<PersonId>("Иванова"));

    let foreign = world
        .put_operation((3, 1), ("5-А", "Математика", "Ким"), "")
        .await;
    let changed = world
        .change(&changed.timetable.unwrap(), vec![foreign], 3)
        .await;
    let check = changed.unwrap().into_inner().check.unwrap();
    assert_eq!(kinds(&check), [Kind::NoLoad, Kind::LoadNotPlaced]);
    assert_eq!(check.conflicts[0].teacher_id, text::<PersonId>("Ким"));
}

#[tokio::test]
async fn pupils_in_two_groups_cannot_be_taught_at_once() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let english = world.entry(&draft, (2, 1), "5-А Английский гр.1").await;
    let to_maths = |draft: &pb::Timetable, n| {
        let (world, draft, english) = (&world, draft.clone(), english.clone());
        async move {
            let changed = world
                .change(&draft, vec![moved(&english, (1, 1), 0)], n)
                .await;
            changed.unwrap().into_inner()
        }
    };
    // Nobody has told yet who is in the groups, nor how the class is called.
    let alone = to_maths(&draft, 2).await;
    assert_eq!(kinds(&alone.check.unwrap()), []);
    world.enrol("5-А", &["Аня", "Боря"], "").await;
    world.enrol("5-А Английский гр.1", &["Боря"], "").await;
    let shared = to_maths(&alone.timetable.unwrap(), 3).await;
    assert_eq!(kinds(&shared.check.unwrap()), [Kind::PupilsBusy]);
    // Боря has left the group before today: only the title of the class tells.
    world
        .enrol("5-А Английский гр.1", &["Боря"], "2026-08-31")
        .await;
    let left = to_maths(&shared.timetable.unwrap(), 4).await;
    assert_eq!(kinds(&left.check.unwrap()), []);
    let class = roster::SchoolClass {
        class_id: text::<ClassId>("5-А"),
        academic_year: "2026/2027".into(),
        title: "5-А".into(),
        grade: 5,
        ..Default::default()
    };
    let classes = roster::ClassesChanged {
        classes: vec![class],
        removed_ids: Vec::new(),
    };
    world
        .hear(id("school"), Change::ClassesChanged(classes))
        .await
        .unwrap();
    let whole = to_maths(&left.timetable.unwrap(), 5).await;
    assert_eq!(kinds(&whole.check.unwrap()), [Kind::PupilsBusy]);
}

#[tokio::test]
async fn a_lesson_of_every_second_week_counts_half() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let russian = world.entry(&draft, (1, 2), "5-А").await;
    let steps = vec![
        terms("Две недели", 2, "2026-09-07"),
        moved(&russian, (1, 2), 1),
    ];
    let changed = world.change(&draft, steps, 2).await.unwrap().into_inner();
    let now = changed.timetable.unwrap();
    assert_eq!((now.title.as_str(), now.cycle_weeks), ("Две недели", 2));
    let check = changed.check.unwrap();
    assert_eq!(kinds(&check), [Kind::LoadNotPlaced]);
    assert_eq!(check.loads[0].placed_hours_hundredths, 50);
    let back = world
        .change(&now, vec![terms("", 1, "2026-09-07")], 3)
        .await;
    let field = |name: &str, rule: &str| vec![(name.to_owned(), rule.to_owned())];
    let expected = field("operations[0].setTerms.cycleWeeks", "WEEK_NOT_IN_CYCLE");
    assert_eq!(violations(back), expected);
}

#[tokio::test]
async fn every_rule_of_a_step_is_named_with_its_field() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let maths = world.entry(&draft, (1, 1), "5-А").await;
    let Some(Action::Put(sound)) = world
        .put_operation((3, 1), ("5-А", "Математика", "Иванова"), "")
        .await
        .action
    else {
        panic!("a put");
    };
    let put = |change: fn(&mut pb::PutTimetableEntry)| {
        let mut put = sound.clone();
        change(&mut put);
        operation(Action::Put(put))
    };
    let stranger = text::<TimetableEntryId>("нет");
    let cases = [
        (
            put(|p| p.group_id = text::<GroupId>("нет")),
            "put.groupId",
            "UNKNOWN_GROUP",
        ),
        (
            put(|p| p.subject_id = text::<SubjectId>("нет")),
            "put.subjectId",
            "UNKNOWN_SUBJECT",
        ),
        (
            put(|p| p.teacher_id = text::<PersonId>("нет")),
            "put.teacherId",
            "UNKNOWN_TEACHER",
        ),
        (
            put(|p| p.timetable_entry_id = text::<TimetableEntryId>("нет")),
            "put.timetableEntryId",
            "UNKNOWN_ENTRY",
        ),
        (put(|p| p.week = 1), "put.week", "WEEK_NOT_IN_CYCLE"),
        (
            moved(&stranger, (1, 1), 0),
            "move.timetableEntryId",
            "UNKNOWN_ENTRY",
        ),
        (moved(&maths, (1, 1), 2), "move.week", "WEEK_NOT_IN_CYCLE"),
        (
            removed(&stranger),
            "remove.timetableEntryId",
            "UNKNOWN_ENTRY",
        ),
        (
            terms("", 1, "2026-09-08"),
            "setTerms.cycleStartsOn",
            "NOT_A_MONDAY",
        ),
        (pb::TimetableOperation::default(), "action", "REQUIRED"),
    ];
    for (at, (step, field, rule)) in (2..).zip(cases) {
        let steps = vec![moved(&maths, (1, 1), 0), step];
        let found = violations(world.change(&draft, steps, at).await);
        assert_eq!(found, [(format!("operations[1].{field}"), rule.to_owned())]);
    }
    assert_eq!(world.timetables().await[0], draft);
}

#[tokio::test]
async fn an_etag_is_demanded_and_a_version_in_force_does_not_change() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let steps = || vec![terms("Новое", 1, "2026-08-31")];
    let blind = pb::Timetable {
        etag: String::new(),
        ..draft.clone()
    };
    let found = violations(world.change(&blind, steps(), 2).await);
    assert_eq!(found[0].0, "etag");
    let imported = world.imported().await;
    let expected = (Code::FailedPrecondition, "TIMETABLE_NOT_DRAFT".to_owned());
    assert_eq!(refused(world.change(&imported, steps(), 3).await), expected);
}

#[tokio::test]
async fn a_repeated_request_changes_once() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let put = world
        .put_operation((3, 1), ("5-А", "Математика", "Иванова"), "")
        .await;
    let first = world
        .change(&draft, vec![put.clone()], 2)
        .await
        .unwrap()
        .into_inner();
    let again = world
        .change(&draft, vec![put], 2)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    assert_eq!(world.timetables().await[0].entry_count, 6);
}

#[tokio::test]
async fn teachers_and_the_director_change_nothing_and_strangers_find_nothing() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let request = || change_request(&draft, vec![terms("Х", 1, "2026-08-31")], 2);
    for role in ["TEACHER", "DIRECTOR"] {
        let changed = world
            .staff("school", &[role])
            .change_timetable(request())
            .await;
        assert_eq!(refused(changed).0, Code::PermissionDenied, "{role}");
    }
    for school in ["school", "other school"] {
        let abroad = pb::ChangeTimetableRequest {
            school_id: text::<SchoolId>(school),
            ..request()
        };
        let changed = world
            .staff("other school", &["DEPUTY"])
            .change_timetable(abroad)
            .await;
        assert_eq!(refused(changed).0, Code::NotFound, "{school}");
    }
}
