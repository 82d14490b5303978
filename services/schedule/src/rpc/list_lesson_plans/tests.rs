//! Listing the plans of a year, those that are missing included.

use tonic::Code;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::lesson_plans::{return_request, theme};
use crate::testing::{Calls, World, refused, text, violations};

fn all() -> pb::ListLessonPlansRequest {
    pb::ListLessonPlansRequest {
        school_id: text::<SchoolId>("school"),
        page_size: 500,
        ..Default::default()
    }
}

async fn list(
    mut calls: Calls,
    request: pb::ListLessonPlansRequest,
) -> pb::ListLessonPlansResponse {
    calls.list_lesson_plans(request).await.unwrap().into_inner()
}

fn titles(answer: &pb::ListLessonPlansResponse) -> Vec<String> {
    let plans = answer.lesson_plans.iter();
    plans
        .map(|plan| format!("{} {}", plan.group_title, plan.subject_title))
        .collect()
}

/// Of the four loads: one approved, one returned with other hours, one a draft, one missing.
async fn prepared(world: &World) {
    let approved = world
        .put_plan(("5-А", "Математика"), vec![theme("Дроби", 68)], 1)
        .await;
    world.approve(&approved, 2).await.unwrap();
    let short = world
        .put_plan(("5-А", "Русский язык"), vec![theme("Слово", 30)], 3)
        .await;
    world
        .deputy()
        .return_lesson_plan(return_request(&short, 4))
        .await
        .unwrap();
    world
        .put_plan(("10-А", "Алгебра"), vec![theme("Функции", 34)], 5)
        .await;
}

chassis::on_both_databases! { crate::store::migrations();
    async fn the_deputy_sees_every_load_and_how_its_plan_stands(db) {
        let world = World::on(db).planned().await;
        prepared(&world).await;
        let answer = list(world.deputy(), all()).await;
        assert_eq!(titles(&answer), ["5-А Математика", "5-А Русский язык", "5-А Английский гр.1 Английский язык", "10-А Алгебра"]);
        use pb::LessonPlanState::{Approved, Draft, Missing, Returned};
        let states: Vec<_> = answer.lesson_plans.iter().map(|plan| (plan.state(), plan.hours_difference)).collect();
        assert_eq!(states, [(Approved, 0), (Returned, -4), (Missing, -34), (Draft, 0)]);
        assert_eq!(answer.lesson_plans[1].remark, "Добавьте повторение");
        assert!(answer.lesson_plans.iter().all(|plan| plan.themes.is_empty()));
        assert_eq!(answer.lesson_plans[0].theme_count, 1);
        let counts = pb::LessonPlanCounts { missing: 1, draft: 1, returned: 1, approved: 1, differing: 1 };
        assert_eq!(answer.counts, Some(counts));
        world.harness.ignore_announced().await;
    }

    async fn filters_narrow_the_list_and_not_the_counts(db) {
        let world = World::on(db).planned().await;
        prepared(&world).await;
        let missing = pb::ListLessonPlansRequest { state: pb::LessonPlanState::Missing.into(), ..all() };
        let answer = list(world.deputy(), missing).await;
        assert_eq!(titles(&answer), ["5-А Английский гр.1 Английский язык"]);
        assert_eq!(answer.counts.unwrap().approved, 1);
        let differing = pb::ListLessonPlansRequest { only_differing: true, ..all() };
        assert_eq!(titles(&list(world.deputy(), differing).await), ["5-А Русский язык"]);
        let tenth = pb::ListLessonPlansRequest { grade: 10, ..all() };
        let answer = list(world.deputy(), tenth).await;
        assert_eq!((titles(&answer), answer.counts.unwrap().missing), (vec!["10-А Алгебра".to_owned()], 0));
        let of_teacher = pb::ListLessonPlansRequest { teacher_id: text::<PersonId>("Иванова"), ..all() };
        assert_eq!(titles(&list(world.deputy(), of_teacher).await), ["5-А Математика", "10-А Алгебра"]);
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn a_teacher_sees_the_own_loads_and_a_secretary_none() {
    let world = World::with_a_plan().await;
    let own = list(world.teacher("Иванова"), all()).await;
    assert_eq!(titles(&own), ["5-А Математика", "10-А Алгебра"]);
    assert_eq!(own.counts.unwrap().missing, 2);
    let other = pb::ListLessonPlansRequest {
        teacher_id: text::<PersonId>("Петров"),
        ..all()
    };
    assert_eq!(
        titles(&list(world.teacher("Иванова"), other).await),
        Vec::<String>::new()
    );
    let secretary = list(world.staff("school", &["SECRETARY"]), all()).await;
    assert_eq!(secretary.lesson_plans, []);
    let director = list(world.staff("school", &["DIRECTOR"]), all()).await;
    assert_eq!(director.lesson_plans.len(), 4);
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps() {
    let world = World::with_a_plan().await;
    let whole = list(world.deputy(), all()).await;
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = pb::ListLessonPlansRequest {
            page_size: 1,
            page_token,
            ..all()
        };
        let page = list(world.deputy(), request).await;
        assert_eq!(page.counts, whole.counts);
        seen.extend(page.lesson_plans);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, whole.lesson_plans);
}

#[tokio::test]
async fn a_year_that_the_school_does_not_have_is_empty_and_a_strange_one_refused() {
    let world = World::with_a_plan().await;
    let year = |year: &str| pb::ListLessonPlansRequest {
        academic_year: year.into(),
        ..all()
    };
    assert_eq!(
        list(world.deputy(), year("2025/2026")).await.lesson_plans,
        []
    );
    assert_eq!(
        list(world.deputy(), year("2026/2027"))
            .await
            .lesson_plans
            .len(),
        4
    );
    let wrong = violations(world.deputy().list_lesson_plans(year("2026")).await);
    assert_eq!(wrong[0].0, "academicYear");
}

#[tokio::test]
async fn other_schools_and_systems_do_not_read_the_list() {
    let world = World::with_a_plan().await;
    for mut calls in [
        world.staff("other school", &["DEPUTY"]),
        world.client(&["schedule.read"], &[]),
    ] {
        let answer = refused(calls.list_lesson_plans(all()).await);
        assert_eq!(answer.0, Code::PermissionDenied);
    }
}
