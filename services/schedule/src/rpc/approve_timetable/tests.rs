//! Approval, and the dated lessons that follow it.

use std::collections::BTreeSet;

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;
use zhurnal_proto::schedule::v1::timetable_operation::Action;

use crate::Schedule;
use crate::testing::lesson_plans::request_id;
use crate::testing::timetables::{approval_request, moved, operation, removed, terms};
use crate::testing::{World, refused, school_12, text};

/// Lessons of a week in November: date, number, subject, state.
async fn week(world: &World, from: &str, to: &str) -> Vec<(String, u32, String, String)> {
    let request = pb::ListLessonsRequest {
        school_id: text::<SchoolId>("school"),
        from: from.into(),
        to: to.into(),
        class_id: text::<zhurnal_proto::id::ClassId>("5-А"),
        page_size: 500,
        ..Default::default()
    };
    let found = world
        .deputy()
        .list_lessons(request)
        .await
        .unwrap()
        .into_inner();
    let row = |one: pb::Lesson| {
        let state = one
            .state()
            .as_str_name()
            .trim_start_matches("LESSON_STATE_")
            .to_owned();
        (one.date, one.lesson_number, one.subject_title, state)
    };
    found.lessons.into_iter().map(row).collect()
}

fn planned(date: &str, number: u32, subject: &str) -> (String, u32, String, String) {
    (date.into(), number, subject.into(), "PLANNED".into())
}

async fn substitute(world: &World, lesson: &pb::Lesson, who: &str, n: u8) -> pb::Lesson {
    let request = pb::SubstituteTeacherRequest {
        school_id: lesson.school_id.clone(),
        lesson_id: lesson.lesson_id.clone(),
        teacher_id: text::<PersonId>(who),
        reason: "болезнь".into(),
        etag: String::new(),
        request_id: request_id(n),
    };
    let answer = world.deputy().substitute_teacher(request).await.unwrap();
    answer.into_inner().lesson.unwrap()
}

async fn cancel(world: &World, lesson: &pb::Lesson, n: u8) -> pb::Lesson {
    let request = pb::CancelLessonRequest {
        school_id: lesson.school_id.clone(),
        lesson_id: lesson.lesson_id.clone(),
        reason: "карантин".into(),
        etag: String::new(),
        request_id: request_id(n),
    };
    world
        .deputy()
        .cancel_lesson(request)
        .await
        .unwrap()
        .into_inner()
        .lesson
        .unwrap()
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn lessons_follow_from_the_first_day_on_and_those_before_it_stay(db) {
        let world = World::on(db).planned().await;
        let before = world.lesson("2026-11-09", 1, "5-А").await;
        let gone = world.lesson("2026-11-16", 1, "5-А").await;
        let draft = world.moved_draft(((1, 1), "5-А"), (3, 1), 1).await;
        let answer = world.approve_timetable(&draft, "2026-11-16", 3).await.unwrap().into_inner();

        // 23 Mondays from 16 November (32 of the year less 9 before) and 26 Wednesdays: 7 to
        // 30 December, 19 from 13 January to 26 May less 24 March (holidays).
        let effect = answer.effect.unwrap();
        assert_eq!((effect.added, effect.changed, effect.removed), (26, 0, 23));
        assert_eq!((effect.substituted, effect.valid_to.as_str()), (0, ""));
        let version = answer.timetable.unwrap();
        assert_eq!(
            (version.state(), version.valid_from.as_str(), version.etag.as_str()),
            (pb::TimetableState::Approved, "2026-11-16", "v3")
        );
        assert!(version.approved_at.is_some() && !version.approved_by.is_empty());
        let imported = world.imported().await;
        assert_eq!(
            (imported.state(), imported.valid_to.as_str()),
            (pb::TimetableState::Approved, "2026-11-15")
        );

        let told = world.announced_lessons().await;
        assert_eq!(told.len(), 49);
        let out: Vec<&pb::Lesson> = told.iter().filter(|one| one.state() == pb::LessonState::Removed).collect();
        assert_eq!(out.len(), 23);
        let first = out.iter().find(|one| one.date == "2026-11-16").unwrap();
        assert_eq!((&first.lesson_id, first.etag.as_str()), (&gone.lesson_id, "v2"));
        let new = told.iter().find(|one| one.date == "2026-11-18").unwrap();
        assert_eq!(*new, world.lesson("2026-11-18", 1, "5-А").await);

        assert_eq!(world.lesson("2026-11-09", 1, "5-А").await, before);
        assert_eq!(
            week(&world, "2026-11-16", "2026-11-20").await,
            [
                planned("2026-11-16", 2, "Русский язык"),
                planned("2026-11-17", 1, "Английский язык"),
                planned("2026-11-17", 2, "Математика"),
                planned("2026-11-18", 1, "Математика"),
            ]
        );
        // What is out is out of everything: it cannot even be cancelled.
        let cancelled = pb::CancelLessonRequest {
            school_id: gone.school_id.clone(),
            lesson_id: gone.lesson_id.clone(),
            reason: "х".into(),
            request_id: request_id(9),
            ..Default::default()
        };
        assert_eq!(refused(world.deputy().cancel_lesson(cancelled).await).0, Code::NotFound);
    }

    async fn lessons_that_change_places_keep_their_ids(db) {
        let world = World::on(db).planned().await;
        let (maths, russian) = (
            world.lesson("2026-11-16", 1, "5-А").await,
            world.lesson("2026-11-16", 2, "5-А").await,
        );
        let draft = world.draft(1).await;
        let (first, second) = (
            world.entry(&draft, (1, 1), "5-А").await,
            world.entry(&draft, (1, 2), "5-А").await,
        );
        let swap = vec![moved(&first, (1, 2), 0), moved(&second, (1, 1), 0)];
        let draft = world.change(&draft, swap, 2).await.unwrap().into_inner().timetable.unwrap();
        let answer = world.approve_timetable(&draft, "2026-11-16", 3).await.unwrap().into_inner();
        assert_eq!(answer.effect.unwrap().changed, 46);
        let (now_first, now_second) = (
            world.lesson("2026-11-16", 1, "5-А").await,
            world.lesson("2026-11-16", 2, "5-А").await,
        );
        assert_eq!((&now_first.lesson_id, &now_second.lesson_id), (&russian.lesson_id, &maths.lesson_id));
        assert_eq!(
            (now_second.starts_at.as_str(), now_second.etag.as_str(), now_second.subject_title),
            ("08:50", "v2", maths.subject_title)
        );
        let told = world.announced_lessons().await;
        assert_eq!(told.len(), 46);
        assert!(told.contains(&now_first));
    }

    async fn what_people_have_done_to_a_lesson_stays(db) {
        let world = World::on(db).planned().await;
        let replaced = world.lesson("2026-11-17", 2, "5-А").await;
        let replaced = substitute(&world, &replaced, "Ким", 20).await;
        let off = world.lesson("2026-11-24", 2, "5-А").await;
        let off = cancel(&world, &off, 21).await;
        world.harness.ignore_announced().await;
        let draft = world.draft(1).await;
        let (maths, english) = (
            world.entry(&draft, (2, 2), "5-А").await,
            world.entry(&draft, (2, 1), "5-А Английский гр.1").await,
        );
        let swap = vec![moved(&maths, (2, 1), 0), moved(&english, (2, 2), 0)];
        let draft = world.change(&draft, swap, 2).await.unwrap().into_inner().timetable.unwrap();
        let answer = world.approve_timetable(&draft, "2026-11-16", 3).await.unwrap().into_inner();
        assert_eq!(answer.effect.unwrap().substituted, 1);
        world.harness.ignore_announced().await;

        let now = world.lesson("2026-11-17", 1, "5-А").await;
        assert_eq!(
            (&now.lesson_id, &now.substitute_id, now.state_reason.as_str()),
            (&replaced.lesson_id, &replaced.substitute_id, "болезнь")
        );
        assert_eq!(world.lesson("2026-11-24", 2, "5-А").await, off);
        let maths: Vec<_> = week(&world, "2026-11-24", "2026-11-24").await;
        let maths: Vec<_> = maths.iter().filter(|(_, _, subject, _)| subject == "Математика").collect();
        assert_eq!(maths.len(), 1, "{maths:?}");
    }

    async fn a_lesson_comes_back_with_its_id(db) {
        let world = World::on(db).planned().await;
        let was = world.lesson("2026-12-07", 1, "5-А").await;
        let draft = world.moved_draft(((1, 1), "5-А"), (3, 1), 1).await;
        world.approve_timetable(&draft, "2026-11-16", 3).await.unwrap();
        let back = world.draft(4).await;
        let answer = world.approve_timetable(&back, "2026-12-01", 5).await.unwrap().into_inner();
        let effect = answer.effect.unwrap();
        // 20 Mondays from 7 December come back, 24 Wednesdays from 2 December go.
        assert_eq!((effect.added, effect.changed, effect.removed), (20, 0, 24));
        let now = world.lesson("2026-12-07", 1, "5-А").await;
        let expected = pb::Lesson {
            etag: "v3".into(),
            ..was
        };
        assert_eq!(now, expected);
        // The version between them holds for two weeks.
        let versions = world.timetables().await;
        let between = &versions[1];
        assert_eq!((between.valid_from.as_str(), between.valid_to.as_str()), ("2026-11-16", "2026-11-30"));
        world.harness.ignore_announced().await;
    }

    async fn two_directors_at_once_leave_the_lessons_of_the_version_in_force(db) {
        let world = World::on(db).planned().await;
        let one = world.moved_draft(((1, 1), "5-А"), (3, 1), 1).await;
        let other = world.moved_draft(((1, 1), "5-А"), (4, 1), 3).await;
        let (a, b) = tokio::join!(
            world.approve_timetable(&one, "2026-11-16", 5),
            world.approve_timetable(&other, "2026-11-16", 6),
        );
        a.unwrap();
        b.unwrap();
        world.harness.ignore_announced().await;
        let request = pb::GetTimetableRequest {
            school_id: text::<SchoolId>("school"),
            class_id: text::<zhurnal_proto::id::ClassId>("5-А"),
            date: "2026-11-16".into(),
            ..Default::default()
        };
        let in_force = world.deputy().get_timetable(request).await.unwrap().into_inner();
        let weekly = in_force.entries.into_iter();
        let day = |weekday: u32| format!("2026-11-{}", 15 + weekday);
        let expected: Vec<_> = weekly
            .map(|one| planned(&day(one.weekday), one.lesson_number, &one.subject_title))
            .collect();
        assert_eq!(week(&world, "2026-11-16", "2026-11-20").await, expected);
    }
}

#[tokio::test]
async fn approval_acts_once() {
    let world = World::with_a_plan().await;
    let draft = world.moved_draft(((1, 1), "5-А"), (3, 1), 1).await;
    let first = world
        .approve_timetable(&draft, "2026-11-16", 3)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(world.announced_lessons().await.len(), 49);
    let again = world
        .approve_timetable(&draft, "2026-11-16", 3)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(again, first);
    let anew = world.approve_timetable(&draft, "2026-11-16", 4).await;
    let expected = (Code::FailedPrecondition, "TIMETABLE_NOT_DRAFT".to_owned());
    assert_eq!(refused(anew), expected);
    assert_eq!(world.announced_lessons().await, []);
}

#[tokio::test]
async fn a_timetable_starts_tomorrow_at_the_earliest_and_in_its_year() {
    let world = World::with_a_plan().await;
    let draft = world.moved_draft(((1, 1), "5-А"), (3, 1), 1).await;
    let early = "TIMETABLE_TOO_EARLY";
    let cases = [
        ("2026-08-31", early),
        ("2026-09-01", early),
        ("2027-09-01", "TIMETABLE_OUTSIDE_YEAR"),
    ];
    for (n, (day, reason)) in (3..).zip(cases) {
        let refusal = refused(world.approve_timetable(&draft, day, n).await);
        assert_eq!(
            refusal,
            (Code::FailedPrecondition, reason.to_owned()),
            "{day}"
        );
    }
    assert!(
        world
            .approve_timetable(&draft, "2026-09-02", 9)
            .await
            .is_ok()
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_draft_with_errors_or_changed_meanwhile_is_refused_and_nothing_happens() {
    let world = World::with_a_plan().await;
    let seen = world.moved_draft(((2, 2), "5-А"), (1, 2), 1).await;
    let wrong = refused(world.approve_timetable(&seen, "2026-11-16", 3).await);
    assert_eq!(
        wrong,
        (Code::FailedPrecondition, "TIMETABLE_HAS_ERRORS".to_owned())
    );
    let mended = world.entry(&seen, (1, 2), "5-А").await;
    world
        .change(&seen, vec![removed(&mended)], 4)
        .await
        .unwrap();
    let stale = refused(world.approve_timetable(&seen, "2026-11-16", 5).await);
    assert_eq!(stale, (Code::Aborted, "ETAG_STALE".to_owned()));
    assert_eq!(world.announced_lessons().await, []);
    assert_eq!(
        world.timetables().await[0].state(),
        pb::TimetableState::Draft
    );
    // What is left is short of hours, which is a warning only.
    let now = world.timetables().await.remove(0);
    assert!(world.approve_timetable(&now, "2026-11-16", 6).await.is_ok());
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn only_the_director_of_the_school_approves() {
    let world = World::with_a_plan().await;
    let draft = world.moved_draft(((1, 1), "5-А"), (3, 1), 1).await;
    let request = || approval_request(&draft, "2026-11-16", 3);
    for role in ["TEACHER", "DEPUTY", "ADMINISTRATOR"] {
        let answer = world
            .staff("school", &[role])
            .approve_timetable(request())
            .await;
        assert_eq!(refused(answer).0, Code::PermissionDenied, "{role}");
    }
    for school in ["school", "other school"] {
        let abroad = pb::ApproveTimetableRequest {
            school_id: text::<SchoolId>(school),
            ..request()
        };
        let answer = world
            .staff("other school", &["DIRECTOR"])
            .approve_timetable(abroad)
            .await;
        assert_eq!(refused(answer).0, Code::NotFound, "{school}");
    }
    // A deputy who has the director's duty too.
    let both = world.staff("school", &["DEPUTY", "DIRECTOR"]);
    let mut both = both;
    assert!(both.approve_timetable(request()).await.is_ok());
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn weeks_of_a_cycle_alternate_in_the_dated_lessons() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let russian = world.entry(&draft, (1, 2), "5-А").await;
    let english = world.entry(&draft, (2, 1), "5-А Английский гр.1").await;
    let steps = vec![
        terms("", 2, "2026-11-16"),
        moved(&russian, (3, 1), 1),
        moved(&english, (3, 1), 2),
    ];
    let draft = world
        .change(&draft, steps, 2)
        .await
        .unwrap()
        .into_inner()
        .timetable
        .unwrap();
    world
        .approve_timetable(&draft, "2026-11-16", 3)
        .await
        .unwrap();
    world.harness.ignore_announced().await;
    let wednesdays = ["2026-11-18", "2026-11-25", "2026-12-02", "2026-12-09"];
    let mut subjects = Vec::new();
    for day in wednesdays {
        let found = week(&world, day, day).await;
        subjects.extend(found.into_iter().map(|(_, _, subject, _)| subject));
    }
    let [one, two] = ["Русский язык", "Английский язык"];
    assert_eq!(subjects, [one, two, one, two]);
}

#[tokio::test]
async fn lessons_of_a_large_school_are_told_in_lists_of_500() {
    let world = World::empty().await;
    world.put(school_12()).await;
    world.harness.ignore_announced().await;
    let draft = world.draft(1).await;
    let entries = world.version(&draft).await.entries;
    let out: Vec<_> = entries
        .iter()
        .take(400)
        .map(|one| removed(&one.timetable_entry_id))
        .collect();
    let draft = world
        .change(&draft, out, 2)
        .await
        .unwrap()
        .into_inner()
        .timetable
        .unwrap();
    let approving = world.approve_timetable(&draft, "2026-09-02", 3);
    let (answer, sent) = world.harness.counted(approving).await;
    let effect = answer.unwrap().into_inner().effect.unwrap();
    assert!(effect.removed > 10_000, "{effect:?}");
    assert!(sent.commits == 1 && sent.statements < 80, "{sent:?}");
    let events: Vec<pb::ScheduleEvent> = world.harness.announced().await;
    let mut told = BTreeSet::new();
    for event in events {
        let Some(Change::LessonsChanged(list)) = event.change else {
            panic!("{event:?}")
        };
        assert!(list.lessons.len() <= 500);
        told.extend(list.lessons.into_iter().map(|one| one.lesson_id));
    }
    assert_eq!(told.len(), effect.removed as usize);
}

#[tokio::test]
async fn an_approval_has_a_day_by_which_it_is_due() {
    let world = World::with_a_plan().await;
    let due = |timetable: &pb::Timetable, day: &str, n| {
        let terms = pb::SetTimetableTerms {
            title: String::new(),
            cycle_weeks: 1,
            cycle_starts_on: "2026-08-31".into(),
            approve_by: day.into(),
        };
        let step = operation(Action::SetTerms(terms));
        let (world, timetable) = (&world, timetable.clone());
        async move {
            let changed = world.change(&timetable, vec![step], n).await.unwrap();
            changed.into_inner().timetable.unwrap()
        }
    };
    let late = due(&world.draft(1).await, "2026-09-01", 2).await;
    let in_time = due(&world.draft(3).await, "2026-09-02", 4).await;
    assert_eq!(
        (late.approve_by.as_str(), late.overdue),
        ("2026-09-01", false)
    );
    world
        .harness
        .clock()
        .advance(jiff::SignedDuration::from_hours(24));
    let overdue = world
        .timetables()
        .await
        .into_iter()
        .map(|one| (one.number, one.overdue));
    assert_eq!(
        overdue.collect::<Vec<_>>(),
        [(3, false), (2, true), (1, false)]
    );
    world
        .approve_timetable(&in_time, "2026-09-07", 5)
        .await
        .unwrap();
    world
        .approve_timetable(&late, "2026-09-14", 6)
        .await
        .unwrap();
    world.harness.ignore_announced().await;
    world
        .harness
        .clock()
        .advance(jiff::SignedDuration::from_hours(24));
    let told = world
        .timetables()
        .await
        .into_iter()
        .map(|one| (one.number, one.overdue));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [(3, false), (2, true), (1, false)]
    );
}
