//! Saving a plan.

use tonic::Code;
use zhurnal_proto::id::{GroupId, ThemeId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::lesson_plans::{request_id, return_request, theme};
use crate::testing::{World, refused, text, violations};

const MATHS: (&str, &str) = ("5-А", "Математика");

fn state(plan: &pb::LessonPlan) -> pb::LessonPlanState {
    plan.state()
}

chassis::on_both_databases! { crate::store::migrations();
    async fn a_teacher_saves_a_plan_and_is_told_by_how_much_its_hours_differ(db) {
        let world = World::on(db).planned().await;
        let request = world.put_request(MATHS, vec![theme("Дроби", 40), theme("Степени", 30)], 1).await;
        let answer = world.teacher("Иванова").put_lesson_plan(request).await.unwrap().into_inner();
        let plan = answer.lesson_plan.unwrap();
        assert_eq!(state(&plan), pb::LessonPlanState::Draft);
        assert_eq!((plan.planned_hours, plan.required_hours, plan.hours_difference), (70, 68, 2));
        assert_eq!((plan.themes[1].number, plan.themes[1].title.as_str()), (2, "Степени"));
        assert_eq!((plan.title.as_str(), plan.etag.as_str()), ("Учебник", "v1"));
        assert_eq!(world.announced_plans().await, std::slice::from_ref(&plan));
        assert_eq!(world.lesson_plan(MATHS.0, MATHS.1).await, plan);
    }

    async fn a_year_is_planned_and_approved_before_it_begins(db) {
        let world = World::on(db).planned().await;
        world.harness.clock().set("2026-08-20T06:00:00Z".parse().unwrap());
        let request = world.put_request(MATHS, vec![theme("Дроби", 68)], 1).await;
        let saved = world.teacher("Иванова").put_lesson_plan(request).await.unwrap().into_inner();
        let approved = world.approve(&saved.lesson_plan.unwrap(), 2).await.unwrap().into_inner();
        let approved = approved.lesson_plan.unwrap();
        assert_eq!((state(&approved), approved.weekly_hours_hundredths), (pb::LessonPlanState::Approved, 200));
        assert_eq!(approved.decided_at.unwrap().seconds, 1_787_205_600);
        world.harness.ignore_announced().await;
    }

    async fn themes_keep_their_ids_in_a_new_order_and_removed_ones_are_gone(db) {
        let world = World::on(db).planned().await;
        let first = world.put_plan(MATHS, vec![theme("Дроби", 1), theme("Степени", 2), theme("Углы", 3)], 1).await;
        let [fractions, powers, _] = &first.themes[..] else { panic!("three themes") };
        let again = vec![powers.clone(), theme("Новая", 4), fractions.clone()];
        let second = world.put_plan(MATHS, again, 2).await;
        let ids: Vec<_> = second.themes.iter().map(|one| one.theme_id.as_str()).collect();
        assert_eq!((ids[0], ids[2]), (powers.theme_id.as_str(), fractions.theme_id.as_str()));
        assert!(!first.themes.iter().any(|one| one.theme_id == ids[1]));
        assert_eq!((second.etag.as_str(), second.planned_hours), ("v2", 7));
        assert_eq!(world.lesson_plan(MATHS.0, MATHS.1).await, second);
    }

    async fn of_two_saves_at_one_time_one_is_kept(db) {
        let world = World::on(db).planned().await;
        // A first save, and one over a plan that is there.
        for round in 0..2u8 {
            let one = world.put_request(MATHS, vec![theme("Дроби", 68 + u32::from(round))], 1 + round * 2).await;
            let two = pb::PutLessonPlanRequest {
                themes: vec![theme("Степени", 60)],
                request_id: request_id(2 + round * 2),
                ..one.clone()
            };
            let (mut a, mut b) = (world.deputy(), world.teacher("Иванова"));
            let (a, b) = tokio::join!(a.put_lesson_plan(one), b.put_lesson_plan(two));
            let refusals: Vec<_> = [a, b].into_iter().filter(Result::is_err).map(refused).collect();
            assert_eq!(refusals.len(), 1, "{refusals:?}");
            assert_eq!(refusals[0].0, Code::Aborted);
            assert!(["ETAG_STALE", "CONCURRENT_CHANGE"].contains(&refusals[0].1.as_str()), "{refusals:?}");
            assert_eq!(world.announced_plans().await.len(), 1);
        }
        assert_eq!(world.lesson_plan(MATHS.0, MATHS.1).await.etag, "v2");
    }
}

#[tokio::test]
async fn a_changed_approved_plan_is_a_draft_and_an_unchanged_one_stays_approved() {
    let world = World::with_a_plan().await;
    let saved = world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
    let approved = world.approve(&saved, 2).await.unwrap().into_inner();
    let approved = approved.lesson_plan.unwrap();
    let same = world.put_plan(MATHS, approved.themes.clone(), 3).await;
    assert_eq!(same, approved);
    let mut themes = approved.themes;
    themes[0].homework = "§ 2".into();
    let changed = world.put_plan(MATHS, themes, 4).await;
    assert_eq!(
        (state(&changed), changed.decided_at),
        (pb::LessonPlanState::Draft, None)
    );
    assert_eq!(changed.decided_by, "");
}

#[tokio::test]
async fn a_returned_plan_that_is_saved_is_a_draft_without_the_remark() {
    let world = World::with_a_plan().await;
    let saved = world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
    let returned = world
        .deputy()
        .return_lesson_plan(return_request(&saved, 2))
        .await;
    let returned = returned.unwrap().into_inner().lesson_plan.unwrap();
    let again = world.put_plan(MATHS, returned.themes, 3).await;
    assert_eq!(
        (state(&again), again.remark.as_str()),
        (pb::LessonPlanState::Draft, "")
    );
}

#[tokio::test]
async fn a_stale_or_missing_etag_changes_nothing() {
    let world = World::with_a_plan().await;
    let first = world.put_request(MATHS, vec![theme("Дроби", 68)], 1).await;
    let too_early = pb::PutLessonPlanRequest {
        etag: "v1".into(),
        ..first.clone()
    };
    let answer = refused(world.deputy().put_lesson_plan(too_early).await);
    assert_eq!(answer, (Code::Aborted, "ETAG_STALE".to_owned()));
    let saved = world.put_plan(MATHS, first.themes.clone(), 2).await;
    for etag in ["", "v2", "x"] {
        let stale = pb::PutLessonPlanRequest {
            etag: etag.into(),
            themes: vec![theme("Другая", 1)],
            request_id: request_id(3),
            ..first.clone()
        };
        let answer = refused(world.deputy().put_lesson_plan(stale).await);
        assert_eq!(answer, (Code::Aborted, "ETAG_STALE".to_owned()), "{etag}");
    }
    assert_eq!(world.lesson_plan(MATHS.0, MATHS.1).await, saved);
}

#[tokio::test]
async fn the_same_request_twice_has_one_effect_and_one_answer() {
    let world = World::with_a_plan().await;
    let request = world.put_request(MATHS, vec![theme("Дроби", 68)], 1).await;
    let mut calls = world.teacher("Иванова");
    let first = calls
        .put_lesson_plan(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = calls.put_lesson_plan(request).await.unwrap().into_inner();
    assert_eq!(first.lesson_plan, again.lesson_plan);
    assert_eq!(world.announced_plans().await.len(), 1);
}

#[tokio::test]
async fn what_a_theme_may_not_be_is_said_at_its_field() {
    let world = World::with_a_plan().await;
    let saved = world.put_plan(MATHS, vec![theme("Дроби", 1)], 1).await;
    let known = saved.themes[0].clone();
    let strange = pb::LessonPlanTheme {
        theme_id: text::<ThemeId>("чужая"),
        ..theme("Чужая", 1)
    };
    let kind = pb::LessonPlanTheme {
        control_kind: 99,
        ..theme("Вид", 1)
    };
    for (themes, expected) in [
        (
            vec![theme("Past Simple", 1)],
            ("themes[0].title", "TOPIC_NOT_RUSSIAN"),
        ),
        (vec![known.clone(), known], ("themes[1].themeId", "TWICE")),
        (vec![strange], ("themes[0].themeId", "UNKNOWN_THEME")),
        (vec![kind], ("themes[0].controlKind", "UNKNOWN_VALUE")),
        (vec![theme("Ноль", 0)], ("themes[0].hours", "TOO_SMALL")),
        (vec![theme("", 1)], ("themes[0].title", "REQUIRED")),
    ] {
        let request = world.put_request(MATHS, themes, 2).await;
        let answer = violations(world.deputy().put_lesson_plan(request).await);
        assert_eq!(answer, [(expected.0.to_owned(), expected.1.to_owned())]);
    }
    let many = vec![theme("Дроби", 1); 401];
    let request = world.put_request(MATHS, many, 3).await;
    let answer = violations(world.deputy().put_lesson_plan(request).await);
    assert_eq!(answer[0].0, "themes");
}

#[tokio::test]
async fn own_teachers_deputies_and_administrators_save_and_nobody_else() {
    let world = World::with_a_plan().await;
    let request = world.put_request(MATHS, vec![theme("Дроби", 68)], 1).await;
    for mut calls in [
        world.teacher("Петров"),
        world.staff("school", &["DIRECTOR"]),
        world.staff("other school", &["ADMINISTRATOR"]),
    ] {
        let answer = refused(calls.put_lesson_plan(request.clone()).await);
        assert_eq!(answer, (Code::NotFound, "NOT_FOUND".to_owned()));
    }
    let missing = pb::PutLessonPlanRequest {
        group_id: text::<GroupId>("нет такой"),
        ..request.clone()
    };
    assert_eq!(
        refused(world.deputy().put_lesson_plan(missing).await).0,
        Code::NotFound
    );
    let mut administrator = world.staff("school", &["ADMINISTRATOR"]);
    assert!(administrator.put_lesson_plan(request).await.is_ok());
    world.harness.ignore_announced().await;
}
