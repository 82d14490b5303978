//! Reading a plan, also one that nobody has saved.

use tonic::Code;
use zhurnal_proto::id::{GroupId, SchoolId, SubjectId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::lesson_plans::{control_work, request_id, theme};
use crate::testing::{World, refused, text, violations};

async fn of(world: &World, group: &str, subject: &str) -> pb::GetLessonPlanRequest {
    pb::GetLessonPlanRequest {
        school_id: text::<SchoolId>("school"),
        group_id: text::<GroupId>(group),
        subject_id: world.subject(subject).await,
    }
}

chassis::on_both_databases! { crate::store::migrations();
    async fn a_load_without_a_plan_says_what_it_asks_for(db) {
        let world = World::on(db).planned().await;
        let request = of(&world, "5-А", "Математика").await;
        let answer = world.teacher("Иванова").get_lesson_plan(request).await.unwrap().into_inner();
        let plan = answer.lesson_plan.unwrap();
        assert_eq!(plan.state(), pb::LessonPlanState::Missing);
        // Two hours a week in 34 study weeks: 168 school days of five a week.
        assert_eq!((plan.weekly_hours_hundredths, plan.study_weeks), (200, 34));
        assert_eq!((plan.required_hours, plan.planned_hours, plan.hours_difference), (68, 0, -68));
        assert_eq!((plan.grade, plan.group_title.as_str(), plan.etag.as_str()), (5, "5-А", ""));
        assert_eq!(plan.themes, []);
        // Lessons on Mondays and Tuesdays, by date.
        assert!(answer.lessons.len() > 60 && answer.lessons.is_sorted_by_key(|one| one.date.clone()));
        assert_eq!((answer.lessons[0].date.as_str(), answer.lessons[1].date.as_str()), ("2026-09-01", "2026-09-07"));
    }

    async fn a_cancelled_lesson_passes_its_hour_on(db) {
        let world = World::on(db).planned().await;
        let before = world.teacher("Иванова").get_lesson_plan(of(&world, "5-А", "Математика").await).await.unwrap().into_inner().lessons;
        let lesson = world.lesson("2026-09-07", 1, "5-А").await;
        assert_eq!(before[1].lesson_id, lesson.lesson_id);
        let cancel = pb::CancelLessonRequest {
            school_id: lesson.school_id,
            lesson_id: lesson.lesson_id.clone(),
            reason: "карантин".into(),
            etag: String::new(),
            request_id: request_id(1),
        };
        world.deputy().cancel_lesson(cancel).await.unwrap();
        world.harness.ignore_announced().await;
        let after = world.teacher("Иванова").get_lesson_plan(of(&world, "5-А", "Математика").await).await.unwrap().into_inner();
        assert_eq!(after.lessons.len(), before.len() - 1);
        assert_eq!(after.lessons[1], before[2]);
        assert_eq!(after.lesson_plan.unwrap().required_hours, 68);
    }
}

#[tokio::test]
async fn a_saved_plan_is_read_with_its_themes_and_warnings() {
    let world = World::with_a_plan().await;
    let themes = vec![theme("Дроби", 60), control_work("Итоговая работа", 8)];
    let saved = world.put_plan(("5-А", "Математика"), themes, 1).await;
    let read = world.lesson_plan("5-А", "Математика").await;
    assert_eq!(read, saved);
    assert_eq!(
        (read.planned_hours, read.hours_difference, read.theme_count),
        (68, 0, 2)
    );
    let warnings: Vec<_> = read.warnings().collect();
    assert_eq!(
        warnings,
        [
            pb::LessonPlanWarning::ControlWorkAtEdge,
            pb::LessonPlanWarning::TooManyControlWorks
        ]
    );
}

#[tokio::test]
async fn own_teachers_and_the_management_read_and_nobody_else() {
    let world = World::with_a_plan().await;
    let request = of(&world, "5-А", "Математика").await;
    for mut calls in [
        world.teacher("Иванова"),
        world.deputy(),
        world.staff("school", &["ADMINISTRATOR"]),
        world.staff("school", &["DIRECTOR"]),
    ] {
        assert!(calls.get_lesson_plan(request.clone()).await.is_ok());
    }
    for mut calls in [
        world.teacher("Петров"),
        world.staff("school", &["SECRETARY"]),
        world.staff("other school", &["DEPUTY"]),
    ] {
        let answer = refused(calls.get_lesson_plan(request.clone()).await);
        assert_eq!(answer, (Code::NotFound, "NOT_FOUND".to_owned()));
    }
    let client = refused(
        world
            .client(&["schedule.read"], &[])
            .get_lesson_plan(request)
            .await,
    );
    assert_eq!(client.0, Code::PermissionDenied);
}

#[tokio::test]
async fn a_plan_without_a_load_does_not_exist() {
    let world = World::with_a_plan().await;
    let real = of(&world, "5-А", "Математика").await;
    let strange = [
        pb::GetLessonPlanRequest {
            group_id: text::<GroupId>("нет такой"),
            ..real.clone()
        },
        pb::GetLessonPlanRequest {
            subject_id: text::<SubjectId>("нет такого"),
            ..real.clone()
        },
        // Both exist, but 10-А does not learn it.
        pb::GetLessonPlanRequest {
            group_id: text::<GroupId>("10-А"),
            ..real.clone()
        },
    ];
    for request in strange {
        assert_eq!(
            refused(world.deputy().get_lesson_plan(request).await).0,
            Code::NotFound
        );
    }
    let wrong = pb::GetLessonPlanRequest {
        group_id: "5-А".into(),
        ..real
    };
    let wrong = violations(world.deputy().get_lesson_plan(wrong).await);
    assert_eq!(wrong[0].0, "groupId");
}
