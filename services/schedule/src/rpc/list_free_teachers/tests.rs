//! Who is free at the time of a lesson.

use tonic::Code;
use zhurnal_proto::id::{LessonId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, refused, text};

const MONDAY: &str = "2026-09-07";

async fn of(world: &World, number: u32, group: &str) -> pb::ListFreeTeachersRequest {
    let lesson = world.lesson(MONDAY, number, group).await;
    pb::ListFreeTeachersRequest {
        school_id: lesson.school_id,
        lesson_id: lesson.lesson_id,
    }
}

async fn free(world: &World, number: u32, group: &str) -> Vec<(String, bool, u32)> {
    let request = of(world, number, group).await;
    let answer = world.deputy().list_free_teachers(request).await.unwrap();
    let told = |one: pb::FreeTeacher| (one.teacher_id, one.teaches_subject, one.lesson_count);
    let free = answer.into_inner().free_teachers;
    free.into_iter().map(told).collect()
}

fn is(name: &str, teaches_subject: bool, lessons: u32) -> (String, bool, u32) {
    (text::<PersonId>(name), teaches_subject, lessons)
}

chassis::on_both_databases! { crate::store::migrations();
    async fn everybody_who_teaches_and_has_no_lesson_then_is_free(db) {
        let world = World::on(db).planned().await;
        // 08:00: Иванова teaches 5-А herself; Петров comes for the second lesson.
        let first = free(&world, 1, "5-А").await;
        assert_eq!(first[0], is("Петров", false, 1));
        assert!(first.contains(&is("Сидорова", false, 0)));
        assert!(!first.iter().any(|one| one.0 == text::<PersonId>("Иванова")));
        // Whoever is named can be put there, and is busy afterwards.
        for (nth, (teacher_id, ..)) in first.iter().enumerate() {
            let of = of(&world, 1, "5-А").await;
            let request = pb::SubstituteTeacherRequest {
                school_id: of.school_id,
                lesson_id: of.lesson_id,
                teacher_id: teacher_id.clone(),
                reason: "болезнь".into(),
                request_id: format!("0192f0c1-0000-7000-8000-0000000000{nth:02x}"),
                ..Default::default()
            };
            world.deputy().substitute_teacher(request).await.unwrap();
            let left = free(&world, 1, "5-А").await;
            assert!(!left.iter().any(|one| one.0 == *teacher_id));
            assert!(left.contains(&is("Иванова", true, 1)), "her hour is free: {left:?}");
        }
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn only_who_may_put_a_substitute_asks_and_only_of_the_own_school() {
    let world = World::with_a_plan().await;
    let request = of(&world, 1, "5-А").await;
    for roles in [&["TEACHER"] as &[&str], &["DIRECTOR"], &["SECRETARY"]] {
        let calls = world.staff("school", roles);
        let answer = refused(calls.clone().list_free_teachers(request.clone()).await);
        assert_eq!(answer.0, Code::PermissionDenied, "{roles:?}");
    }
    let foreign = world.staff("other school", &["DEPUTY"]);
    let answer = refused(foreign.clone().list_free_teachers(request.clone()).await);
    assert_eq!(answer.0, Code::NotFound);
    let unknown = pb::ListFreeTeachersRequest {
        lesson_id: text::<LessonId>("нет такого"),
        school_id: text::<SchoolId>("school"),
    };
    let answer = refused(world.deputy().list_free_teachers(unknown).await);
    assert_eq!(answer.0, Code::NotFound);
}

#[tokio::test]
async fn a_cancelled_lesson_has_no_candidates() {
    let world = World::with_a_plan().await;
    let request = of(&world, 1, "5-А").await;
    let cancel = pb::CancelLessonRequest {
        school_id: request.school_id.clone(),
        lesson_id: request.lesson_id.clone(),
        reason: "карантин".into(),
        request_id: "0192f0c1-0000-7000-8000-000000000001".into(),
        ..Default::default()
    };
    world.deputy().cancel_lesson(cancel).await.unwrap();
    world.harness.ignore_announced().await;
    let answer = refused(world.deputy().list_free_teachers(request).await);
    assert_eq!(
        answer,
        (Code::FailedPrecondition, "LESSON_NOT_PLANNED".to_owned())
    );
}
