//! Putting another teacher on a lesson.

use tonic::Code;
use zhurnal_proto::id::{LessonId, PersonId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, id, refused, staff_member, text};

const MONDAY: &str = "2026-09-07";

fn request_id(n: u8) -> String {
    format!("0192f0c1-0000-7000-8000-0000000000{n:02x}")
}

/// Puts `teacher` on the lesson of 5-А on Monday at `number`.
async fn put(
    world: &World,
    number: u32,
    teacher: &str,
    n: u8,
) -> Result<tonic::Response<pb::SubstituteTeacherResponse>, tonic::Status> {
    let request = request(world, number, teacher, n).await;
    world.deputy().substitute_teacher(request).await
}

async fn request(world: &World, number: u32, teacher: &str, n: u8) -> pb::SubstituteTeacherRequest {
    let lesson = world.lesson(MONDAY, number, "5-А").await;
    pb::SubstituteTeacherRequest {
        school_id: lesson.school_id,
        lesson_id: lesson.lesson_id,
        teacher_id: text::<PersonId>(teacher),
        reason: "болезнь".into(),
        etag: lesson.etag,
        request_id: request_id(n),
    }
}

async fn hire(world: &World, member: roster::StaffMember) {
    let changed = roster::StaffChanged {
        staff: vec![member],
    };
    world
        .hear(id("school"), Change::StaffChanged(changed))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_free_teacher_gets_the_lesson_and_everybody_hears_of_it() {
    let world = World::with_a_plan().await;
    let before = world.lesson(MONDAY, 1, "5-А").await;
    let answer = put(&world, 1, "Ким", 1).await.unwrap().into_inner();
    let expected = pb::Lesson {
        substitute_id: text::<PersonId>("Ким"),
        state_reason: "болезнь".into(),
        etag: "v2".into(),
        ..before
    };
    assert_eq!(answer.lesson, Some(expected.clone()));
    assert_eq!(
        world.announced_lessons().await,
        std::slice::from_ref(&expected)
    );
    assert_eq!(world.lesson(MONDAY, 1, "5-А").await, expected);
}

#[tokio::test]
async fn a_teacher_with_a_lesson_at_that_time_is_busy_also_in_the_other_shift() {
    let world = World::with_a_plan().await;
    // Иванова teaches 10-А in the second shift at 10:00; 5-А's second lesson is at 08:50.
    assert!(put(&world, 2, "Иванова", 1).await.is_ok());
    // Now she is at 5-А at 08:50-09:30 and the first lesson, at 08:00, is her own.
    let own = refused(put(&world, 1, "Иванова", 2).await);
    assert_eq!(own, (Code::FailedPrecondition, "TEACHER_BUSY".to_owned()));
    // Петров gave 08:50 away and is free; Ким takes 08:00 and cannot take it twice.
    assert!(put(&world, 1, "Ким", 3).await.is_ok());
    let twice = refused(put(&world, 1, "Ким", 4).await);
    assert_eq!(twice.1, "TEACHER_BUSY");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn two_lessons_at_one_time_by_the_clock_are_too_many() {
    let world = World::empty().await;
    let mut plan = crate::testing::a_plan();
    // The second shift's second lesson now runs into the first shift's second one.
    (plan.bells[2].starts_at, plan.bells[2].ends_at) = ("08:00".into(), "08:30".into());
    (plan.bells[3].starts_at, plan.bells[3].ends_at) = ("09:00".into(), "09:40".into());
    world.put(plan).await;
    world.employ(&["Иванова"]).await;
    world.harness.ignore_announced().await;
    let busy = refused(put(&world, 2, "Иванова", 1).await);
    assert_eq!(busy.1, "TEACHER_BUSY");
}

#[tokio::test]
async fn the_timetables_teacher_takes_the_lesson_back() {
    let world = World::with_a_plan().await;
    put(&world, 1, "Ким", 1).await.unwrap();
    let back = put(&world, 1, "Иванова", 2)
        .await
        .unwrap()
        .into_inner()
        .lesson
        .unwrap();
    assert_eq!(
        (
            back.substitute_id.as_str(),
            back.state_reason.as_str(),
            back.etag.as_str()
        ),
        ("", "", "v3")
    );
    assert_eq!(world.announced_lessons().await.len(), 2);
}

#[tokio::test]
async fn only_a_teacher_of_the_school_on_that_day_may_substitute() {
    let world = World::with_a_plan().await;
    let duties = [roster::Duty::Secretary];
    hire(&world, staff_member("Секретарь", &duties)).await;
    hire(
        &world,
        roster::StaffMember {
            starts_on: "2026-09-08".into(),
            ..staff_member("Новый", &[roster::Duty::Teacher])
        },
    )
    .await;
    hire(
        &world,
        roster::StaffMember {
            ends_on: "2026-09-06".into(),
            ..staff_member("Бывший", &[roster::Duty::Teacher])
        },
    )
    .await;
    hire(
        &world,
        roster::StaffMember {
            ends_on: MONDAY.into(),
            ..staff_member("Уходящий", &[roster::Duty::Teacher])
        },
    )
    .await;
    for (name, n) in [("Секретарь", 1), ("Новый", 2), ("Бывший", 3), ("Чужой", 4)]
    {
        let answer = refused(put(&world, 1, name, n).await);
        assert_eq!(
            answer,
            (Code::FailedPrecondition, "TEACHER_UNKNOWN".to_owned()),
            "{name}"
        );
    }
    assert!(put(&world, 1, "Уходящий", 5).await.is_ok());
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_deputy_with_lessons_of_their_own_is_a_teacher_too() {
    let world = World::with_a_plan().await;
    // Сидорова has a load; roster now says only that she is a deputy.
    hire(&world, staff_member("Сидорова", &[roster::Duty::Deputy])).await;
    assert!(put(&world, 1, "Сидорова", 1).await.is_ok());
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_cancelled_lesson_gets_no_substitute() {
    let world = World::with_a_plan().await;
    let lesson = world.lesson(MONDAY, 1, "5-А").await;
    let cancel = pb::CancelLessonRequest {
        school_id: lesson.school_id,
        lesson_id: lesson.lesson_id,
        reason: "карантин".into(),
        etag: String::new(),
        request_id: request_id(1),
    };
    world.deputy().cancel_lesson(cancel).await.unwrap();
    world.harness.ignore_announced().await;
    let answer = refused(put(&world, 1, "Ким", 2).await);
    assert_eq!(
        answer,
        (Code::FailedPrecondition, "LESSON_NOT_PLANNED".to_owned())
    );
}

#[tokio::test]
async fn a_stale_etag_changes_nothing() {
    let world = World::with_a_plan().await;
    let old = request(&world, 1, "Сидорова", 1).await;
    put(&world, 1, "Ким", 2).await.unwrap();
    world.harness.ignore_announced().await;
    let stale = refused(world.deputy().substitute_teacher(old).await);
    assert_eq!(stale, (Code::Aborted, "ETAG_STALE".to_owned()));
    assert_eq!(
        world.lesson(MONDAY, 1, "5-А").await.substitute_id,
        text::<PersonId>("Ким")
    );
}

#[tokio::test]
async fn the_same_request_twice_has_one_effect_and_one_answer() {
    let world = World::with_a_plan().await;
    let request = request(&world, 1, "Ким", 1).await;
    let first = world
        .deputy()
        .substitute_teacher(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = world
        .deputy()
        .substitute_teacher(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first.lesson, again.lesson);
    assert_eq!(world.announced_lessons().await.len(), 1);
}

#[tokio::test]
async fn who_may_not_substitute_is_refused_and_foreign_lessons_are_unknown() {
    let world = World::with_a_plan().await;
    let own = request(&world, 1, "Ким", 1).await;
    let teacher = world
        .staff("school", &["TEACHER"])
        .substitute_teacher(own.clone())
        .await;
    assert_eq!(refused(teacher).0, Code::PermissionDenied);
    let abroad = world
        .staff("other school", &["DEPUTY"])
        .substitute_teacher(own.clone())
        .await;
    assert_eq!(refused(abroad).0, Code::NotFound);
    let missing = pb::SubstituteTeacherRequest {
        lesson_id: text::<LessonId>("нет такого"),
        ..own
    };
    assert_eq!(
        refused(world.deputy().substitute_teacher(missing).await).0,
        Code::NotFound
    );
}

chassis::on_both_databases! { crate::store::migrations();
    async fn of_two_lessons_at_one_time_a_teacher_gets_one(db) {
        let world = World::on(db);
        let mut plan = crate::testing::a_plan();
        // 10-А and 5-А have their first lessons of Monday at the same time.
        plan.weekly_lessons[2].lesson_number = 1;
        plan.weekly_lessons[2].teacher_id = text::<PersonId>("Орлова");
        (plan.bells[2].starts_at, plan.bells[2].ends_at) = ("08:00".into(), "08:40".into());
        world.put(plan).await;
        world.employ(&["Ким"]).await;
        world.harness.ignore_announced().await;
        let first = request(&world, 1, "Ким", 1).await;
        let second = world.lesson(MONDAY, 1, "10-А").await;
        let second = pb::SubstituteTeacherRequest { lesson_id: second.lesson_id, request_id: request_id(2), ..first.clone() };
        let (mut one, mut two) = (world.deputy(), world.deputy());
        let (one, two) = tokio::join!(one.substitute_teacher(first), two.substitute_teacher(second));
        let refusals: Vec<_> = [one, two].into_iter().filter(Result::is_err).map(refused).collect();
        assert_eq!(refusals, [(Code::FailedPrecondition, "TEACHER_BUSY".to_owned())]);
        assert_eq!(world.announced_lessons().await.len(), 1);
    }
}
