//! The timesheet follows the lessons, and so does the register of changed ones.

use tonic::Code;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, refused, text, violations};

fn of(month: &str) -> pb::GetTimesheetRequest {
    pb::GetTimesheetRequest {
        school_id: text::<SchoolId>("school"),
        month: month.into(),
    }
}

async fn rows(world: &World, month: &str) -> Vec<pb::TimesheetRow> {
    let answer = world.deputy().get_timesheet(of(month)).await.unwrap();
    answer.into_inner().rows
}

fn row(rows: &[pb::TimesheetRow], name: &str) -> pb::TimesheetRow {
    let id = text::<PersonId>(name);
    let found = rows.iter().find(|row| row.teacher_id == id);
    found.cloned().unwrap_or_default()
}

chassis::on_both_databases! { crate::store::migrations();
    async fn substitutions_move_hours_and_cancelled_lessons_lose_them(db) {
        let world = World::on(db).planned().await;
        let before = rows(&world, "2026-09").await;
        let (own, other) = (row(&before, "Иванова"), row(&before, "Сидорова"));
        assert!(own.planned > 8 && own.given == own.planned, "{own:?}");
        let replaced = world.lesson("2026-09-07", 1, "5-А").await;
        let request = pb::SubstituteTeacherRequest {
            school_id: replaced.school_id.clone(),
            lesson_id: replaced.lesson_id.clone(),
            teacher_id: text::<PersonId>("Сидорова"),
            reason: "болезнь".into(),
            request_id: "0192f0c1-0000-7000-8000-000000000001".into(),
            ..Default::default()
        };
        world.deputy().substitute_teacher(request).await.unwrap();
        let cancelled = world.lesson("2026-09-08", 2, "5-А").await;
        let request = pb::CancelLessonRequest {
            school_id: cancelled.school_id.clone(),
            lesson_id: cancelled.lesson_id.clone(),
            reason: "карантин".into(),
            request_id: "0192f0c1-0000-7000-8000-000000000002".into(),
            ..Default::default()
        };
        world.deputy().cancel_lesson(request).await.unwrap();
        world.harness.ignore_announced().await;

        let after = rows(&world, "2026-09").await;
        let given = row(&after, "Иванова");
        assert_eq!((given.replaced, given.cancelled), (1, 1));
        assert_eq!((given.planned, given.given), (own.planned, own.given - 2));
        let taken = row(&after, "Сидорова");
        assert_eq!((taken.substituted, taken.given), (1, other.given + 1));
        let day = taken.days.iter().find(|day| day.date == "2026-09-07");
        assert_eq!(day.map(|day| day.given), Some(1));

        let register = pb::ListLessonsRequest {
            school_id: text::<SchoolId>("school"),
            from: "2026-09-01".into(),
            to: "2026-09-30".into(),
            only_changed: true,
            ..Default::default()
        };
        let register = world.deputy().list_lessons(register).await.unwrap().into_inner();
        let ids: Vec<_> = register.lessons.iter().map(|one| one.lesson_id.as_str()).collect();
        assert_eq!(ids, [replaced.lesson_id.as_str(), cancelled.lesson_id.as_str()]);
        assert_eq!(register.lessons[1].state_reason, "карантин");
    }
}

#[tokio::test]
async fn a_month_without_lessons_is_empty_and_what_is_no_month_is_refused() {
    let world = World::with_a_plan().await;
    assert_eq!(rows(&world, "2027-07").await, []);
    for wrong in ["2026-13", "2026-9", "09-2026", "2026-091"] {
        let answer = violations(world.deputy().get_timesheet(of(wrong)).await);
        assert_eq!(answer[0].0, "month", "{wrong}");
    }
}

#[tokio::test]
async fn teachers_and_other_schools_do_not_read_it() {
    let world = World::with_a_plan().await;
    for calls in [
        world.staff("school", &["TEACHER"]),
        world.staff("other school", &["DEPUTY"]),
    ] {
        let answer = refused(calls.clone().get_timesheet(of("2026-09")).await);
        assert_eq!(answer.0, Code::PermissionDenied);
    }
    let director = world.staff("school", &["DIRECTOR"]);
    assert!(director.clone().get_timesheet(of("2026-09")).await.is_ok());
}
