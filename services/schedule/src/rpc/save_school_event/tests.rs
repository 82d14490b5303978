//! Events are made and changed.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SchoolId, SubjectId};
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::events::{
    DAY, cards, change_request, excursion, groups, of_audience, save_request,
};
use crate::testing::{World, refused, text, violations};

chassis::on_both_databases! {
    Schedule::migrations();

    async fn a_class_teacher_drafts_an_event_of_the_own_class_and_nobody_is_told(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        let request = save_request(excursion(), 1);
        let event = world.save_event(request.clone()).await.unwrap().into_inner().school_event.unwrap();
        assert_eq!((event.state(), event.etag.as_str()), (pb::SchoolEventState::Draft, "v1"));
        assert_eq!(event.made_by, text::<PersonId>("Иванова"));
        assert!(event.can_change && event.published_at.is_none());
        // One day when no last one is said.
        assert_eq!(event.content.as_ref().unwrap().ends_on, DAY);
        // The same key again: the same event, no other.
        let again = world.save_event(request).await.unwrap().into_inner().school_event;
        assert_eq!(again, Some(event));
        assert_eq!(world.seen_by(&mut world.deputy(), "").await, ["Экскурсия"]);
    }

    async fn a_published_event_changes_once_and_its_audience_is_told(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        let seen = world.published(excursion(), 1).await;
        let content = pb::SchoolEventContent { starts_at: "11:00".into(), ..excursion() };
        let request = change_request(&seen, content, 2);
        let changed = world.save_event(request.clone()).await.unwrap().into_inner().school_event.unwrap();
        assert_eq!((changed.state(), changed.etag.as_str()), (pb::SchoolEventState::Published, "v3"));
        assert_eq!(changed.content.unwrap().starts_at, "11:00");
        world.save_event(request).await.unwrap();
        let [told] = &world.announced_events().await[..] else { panic!("not one event") };
        assert!(told.again);
        assert_eq!(told.group_ids, groups(&["5-А", "5-А Английский гр.1"]));
        // The class teacher made the change: nobody of the staff is left to be told.
        assert_eq!(told.staff_ids, cards(&[]));
        // Somebody else saw what was before.
        let late = world.save_event(change_request(&seen, excursion(), 3)).await;
        assert_eq!(refused(late), (Code::Aborted, "ETAG_STALE".into()));
    }

    async fn of_two_changes_at_once_one_is_made(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        let seen = world.published(excursion(), 1).await;
        let change = |n| world.save_event(change_request(&seen, excursion(), n));
        let (one, other) = tokio::join!(change(2), change(3));
        let made = [one.is_ok(), other.is_ok()];
        assert!(made == [true, false] || made == [false, true], "{one:?} {other:?}");
        let lost = if one.is_ok() { other } else { one };
        assert_eq!(lost.unwrap_err().code(), Code::Aborted);
        assert_eq!(world.announced_events().await.len(), 1);
    }
}

#[tokio::test]
async fn another_class_several_classes_and_the_school_are_for_the_management() {
    let world = World::with_a_plan().await.class_teachers().await;
    let of = |classes: &[&str]| pb::SchoolEventContent {
        class_ids: classes.iter().map(|one| text::<ClassId>(one)).collect(),
        ..excursion()
    };
    let mut group = of_audience(pb::SchoolEventAudience::Group);
    group.group_id = text::<GroupId>("10-А");
    let contents = [
        of(&["10-А"]),
        of(&["5-А", "10-А"]),
        group,
        of_audience(pb::SchoolEventAudience::School),
        of_audience(pb::SchoolEventAudience::Staff),
    ];
    for (n, content) in (1..).zip(contents) {
        let by_teacher = world.save_event(save_request(content.clone(), n)).await;
        assert_eq!(by_teacher.unwrap_err().code(), Code::PermissionDenied);
        for (role, n) in [
            ("DEPUTY", n + 10),
            ("DIRECTOR", n + 20),
            ("ADMINISTRATOR", n + 30),
        ] {
            let mut calls = world.staff("school", &[role]);
            let made = calls
                .save_school_event(save_request(content.clone(), n))
                .await;
            assert!(made.is_ok(), "{role}: {made:?}");
        }
    }
}

#[tokio::test]
async fn a_class_teacher_does_not_take_an_event_of_another_class() {
    let world = World::with_a_plan().await.class_teachers().await;
    let of_ten = pb::SchoolEventContent {
        class_ids: vec![text::<ClassId>("10-А")],
        ..excursion()
    };
    let seen = world.drafted(of_ten, 1).await;
    let taken = world
        .save_event(change_request(&seen, excursion(), 2))
        .await;
    assert_eq!(taken.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_group_of_the_own_class_is_the_class_teachers() {
    let world = World::with_a_plan().await.class_teachers().await;
    let mut content = of_audience(pb::SchoolEventAudience::Group);
    content.group_id = text::<GroupId>("5-А Английский гр.1");
    let made = world.save_event(save_request(content, 1)).await.unwrap();
    let event = made.into_inner().school_event.unwrap();
    assert_eq!(event.group_title, "5-А Английский гр.1");
}

#[tokio::test]
async fn other_staff_and_other_schools_make_no_events() {
    let world = World::with_a_plan().await.class_teachers().await;
    for (school, role) in [
        ("school", "TEACHER"),
        ("school", "SECRETARY"),
        ("other", "DEPUTY"),
    ] {
        let mut calls = world.staff(school, &[role]);
        let answer = calls.save_school_event(save_request(excursion(), 1)).await;
        let code = answer.unwrap_err().code();
        assert_eq!(code, Code::PermissionDenied, "{school} {role}");
    }
    let mut family = world.family("Мать");
    let answer = family.save_school_event(save_request(excursion(), 1)).await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test]
async fn what_does_not_hold_together_is_named_by_its_field() {
    let world = World::with_a_plan().await.class_teachers().await;
    let whole = excursion();
    let exam = pb::SchoolEventContent {
        kind: pb::SchoolEventKind::Exam.into(),
        subject_id: world.subject("Математика").await,
        ..excursion()
    };
    let with = |change: fn(&mut pb::SchoolEventContent)| {
        let mut content = whole.clone();
        change(&mut content);
        content
    };
    let mut of_school = exam.clone();
    of_school.audience = pb::SchoolEventAudience::School.into();
    of_school.class_ids.clear();
    let cases = [
        (
            with(|it| it.ends_on = "2026-09-06".into()),
            "endsOn",
            "REVERSED",
        ),
        (
            with(|it| it.ends_on = "2026-10-08".into()),
            "endsOn",
            "TOO_LONG",
        ),
        (with(|it| it.ends_at = "10:00".into()), "endsAt", "REVERSED"),
        (with(|it| it.ends_at.clear()), "endsAt", "REQUIRED"),
        (with(|it| it.starts_at.clear()), "startsAt", "REQUIRED"),
        (with(|it| it.class_ids.clear()), "classIds", "REQUIRED"),
        (with(|it| it.audience = 3), "classIds", "NOT_OF_AUDIENCE"),
        (
            with(|it| it.group_id = text::<GroupId>("5-А")),
            "groupId",
            "NOT_OF_AUDIENCE",
        ),
        (
            with(|it| it.subject_id = text::<SubjectId>("x")),
            "subjectId",
            "NOT_OF_KIND",
        ),
        (with(|it| it.kind = 2), "subjectId", "REQUIRED"),
        (
            with(|it| it.class_ids = vec![text::<ClassId>("7-Я")]),
            "classIds[0]",
            "UNKNOWN_CLASS",
        ),
        (
            with(|it| it.room = "каб. 99".into()),
            "room",
            "UNKNOWN_ROOM",
        ),
        (of_school, "audience", "EXAM_AUDIENCE"),
    ];
    for (n, (content, field, rule)) in (1..).zip(cases) {
        let answer = world
            .deputy()
            .save_school_event(save_request(content, n))
            .await;
        let expected = (format!("content.{field}"), rule.to_owned());
        assert_eq!(violations(answer), [expected]);
    }
    let unknown = pb::SchoolEventContent {
        subject_id: text::<SubjectId>("Астрология"),
        ..exam
    };
    let answer = world
        .deputy()
        .save_school_event(save_request(unknown, 50))
        .await;
    let expected = ("content.subjectId".to_owned(), "UNKNOWN_SUBJECT".to_owned());
    assert_eq!(violations(answer), [expected]);
    let mut group = of_audience(pb::SchoolEventAudience::Group);
    group.group_id = text::<GroupId>("7-Я");
    let answer = world
        .deputy()
        .save_school_event(save_request(group, 51))
        .await;
    let expected = ("content.groupId".to_owned(), "UNKNOWN_GROUP".to_owned());
    assert_eq!(violations(answer), [expected]);
}

#[tokio::test]
async fn an_exam_has_its_subject_and_a_taken_room_is_a_warning() {
    let world = World::with_a_plan().await.class_teachers().await;
    // Mathematics of 5-А is in room 1 from 8:00 to 8:40 on Mondays.
    let exam = pb::SchoolEventContent {
        kind: pb::SchoolEventKind::Exam.into(),
        subject_id: world.subject("Алгебра").await,
        starts_at: "08:30".into(),
        ends_at: "08:50".into(),
        room: "КАБ. 1".into(),
        ..excursion()
    };
    let first = world.drafted(exam.clone(), 1).await;
    assert_eq!(first.subject_title, "Алгебра");
    assert_eq!(first.content.unwrap().room, "каб. 1");
    let kinds = |event: &pb::SchoolEvent| -> Vec<(pb::RoomConflictKind, String)> {
        let conflicts = event.room_conflicts.iter();
        conflicts.map(|it| (it.kind(), it.title.clone())).collect()
    };
    let lesson = (pb::RoomConflictKind::Lesson, "5-А, Математика".to_owned());
    assert_eq!(kinds(&world.drafted(exam, 2).await)[0], lesson);
    let meeting = pb::SchoolEventContent {
        starts_at: "08:40".into(),
        ends_at: "08:45".into(),
        room: "каб. 1".into(),
        ..excursion()
    };
    let event = (pb::RoomConflictKind::Event, "Экскурсия".to_owned());
    assert_eq!(
        kinds(&world.drafted(meeting, 3).await),
        [event.clone(), event]
    );
}

#[tokio::test]
async fn what_is_over_cancelled_unknown_or_without_a_year_is_refused() {
    let world = World::with_a_plan().await.class_teachers().await;
    let past = pb::SchoolEventContent {
        starts_on: "2026-08-31".into(),
        ..excursion()
    };
    let answer = world.save_event(save_request(past, 1)).await;
    assert_eq!(
        refused(answer),
        (Code::FailedPrecondition, "EVENT_IS_OVER".into())
    );

    let seen = world.published(excursion(), 2).await;
    let other = pb::SchoolEventContent {
        class_ids: vec![text::<ClassId>("5-А"), text::<ClassId>("10-А")],
        ..excursion()
    };
    let answer = world
        .deputy()
        .save_school_event(change_request(&seen, other, 3))
        .await;
    let fixed = (Code::FailedPrecondition, "EVENT_AUDIENCE_FIXED".to_owned());
    assert_eq!(refused(answer), fixed);

    let mut unknown = change_request(&seen, excursion(), 4);
    unknown.school_event_id = format!("evt_{:032x}", 7);
    assert_eq!(
        world.save_event(unknown).await.unwrap_err().code(),
        Code::NotFound
    );

    let empty = World::empty().await.class_teachers().await;
    let answer = empty
        .deputy()
        .save_school_event(save_request(excursion(), 5))
        .await;
    let missing = (Code::FailedPrecondition, "SCHOOL_YEAR_MISSING".to_owned());
    assert_eq!(refused(answer), missing);
}

#[tokio::test]
async fn an_event_of_another_school_is_unknown_here() {
    let world = World::with_a_plan().await.class_teachers().await;
    let seen = world.drafted(excursion(), 1).await;
    let mut elsewhere = change_request(&seen, excursion(), 2);
    elsewhere.school_id = text::<SchoolId>("other");
    let mut calls = world.staff("other", &["DEPUTY"]);
    // The other school has none of this: neither class nor year nor event.
    let answer = calls.save_school_event(elsewhere).await;
    let expected = ("content.classIds[0]".to_owned(), "UNKNOWN_CLASS".to_owned());
    assert_eq!(violations(answer), [expected]);
}
