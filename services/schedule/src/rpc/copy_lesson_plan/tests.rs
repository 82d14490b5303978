//! Copying a plan to parallel groups and into another year.

use tonic::Code;
use zhurnal_proto::id::{GroupId, PersonId, SchoolImportId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::LessonPlanCopyVerdict as Verdict;

use crate::testing::lesson_plans::{request_id, theme};
use crate::testing::{World, a_plan, refused, text};

const MATHS: (&str, &str) = ("5-А", "Математика");

/// [`a_plan`] with 5-Б and 6-А, which learn mathematics too: three and two hours a week.
async fn world(world: World) -> World {
    let mut plan = a_plan();
    for (title, grade, teacher, hours) in [("5-Б", 5, "Иванова", 300), ("6-А", 6, "Петров", 200)]
    {
        plan.groups.push(pb::PlannedGroup {
            group_id: text::<GroupId>(title),
            title: title.into(),
            class_id: String::new(),
            grade,
            shift: 1,
        });
        plan.loads.push(pb::PlannedLoad {
            group_id: text::<GroupId>(title),
            subject: "Математика".into(),
            teacher_id: text::<PersonId>(teacher),
            weekly_hours_hundredths: hours,
        });
    }
    world.put(plan).await;
    world.harness.ignore_announced().await;
    world
}

async fn copy_to(world: &World, groups: &[&str], n: u8) -> pb::CopyLessonPlanRequest {
    let source = world.lesson_plan(MATHS.0, MATHS.1).await;
    pb::CopyLessonPlanRequest {
        school_id: source.school_id,
        group_id: source.group_id,
        subject_id: source.subject_id,
        target_group_ids: groups.iter().map(|group| text::<GroupId>(group)).collect(),
        replace: false,
        request_id: request_id(n),
    }
}

fn verdicts(answer: &pb::CopyLessonPlanResponse) -> Vec<Verdict> {
    answer
        .copies
        .iter()
        .map(pb::LessonPlanCopy::verdict)
        .collect()
}

chassis::on_both_databases! { crate::store::migrations();
    async fn each_group_has_its_verdict_and_its_own_hours(db) {
        let world = world(World::on(db)).await;
        let source = world.put_plan(MATHS, vec![theme("Дроби", 60), theme("Степени", 8)], 1).await;
        let request = copy_to(&world, &["5-Б", "5-А", "6-А", "10-А", "нет такой", "5-Б"], 2).await;
        let answer = world.deputy().copy_lesson_plan(request).await.unwrap().into_inner();
        assert_eq!(verdicts(&answer), [Verdict::Copied, Verdict::SameGroup, Verdict::OtherGrade, Verdict::UnknownLoad, Verdict::UnknownLoad]);
        let copied = answer.copies[0].lesson_plan.clone().unwrap();
        assert_eq!((copied.state(), copied.planned_hours, copied.required_hours), (pb::LessonPlanState::Draft, 68, 102));
        assert_eq!((copied.hours_difference, copied.theme_count, copied.themes.len()), (-34, 2, 0));
        assert!(answer.copies[1].lesson_plan.is_none());
        let whole = world.lesson_plan("5-Б", "Математика").await;
        assert_eq!(world.announced_plans().await, std::slice::from_ref(&whole));
        let theme = |plan: &pb::LessonPlan, at: usize| (plan.themes[at].title.clone(), plan.themes[at].hours);
        assert_eq!(theme(&whole, 0), theme(&source, 0));
        assert_ne!(whole.themes[0].theme_id, source.themes[0].theme_id);
        assert_eq!(world.lesson_plan("6-А", "Математика").await.state(), pb::LessonPlanState::Missing);
    }

    async fn a_plan_that_is_there_is_replaced_only_when_that_is_said(db) {
        let world = world(World::on(db)).await;
        world.put_plan(MATHS, vec![theme("Дроби", 102)], 1).await;
        let own = world.put_plan(("5-Б", "Математика"), vec![theme("Своя", 102)], 2).await;
        let approved = world.approve(&own, 3).await.unwrap().into_inner().lesson_plan.unwrap();
        world.harness.ignore_announced().await;
        let request = copy_to(&world, &["5-Б"], 4).await;
        let answer = world.deputy().copy_lesson_plan(request.clone()).await.unwrap().into_inner();
        assert_eq!(verdicts(&answer), [Verdict::PlanExists]);
        assert_eq!(world.lesson_plan("5-Б", "Математика").await, approved);
        let replace = pb::CopyLessonPlanRequest { replace: true, request_id: request_id(5), ..request };
        let answer = world.deputy().copy_lesson_plan(replace.clone()).await.unwrap().into_inner();
        let again = world.deputy().copy_lesson_plan(replace).await.unwrap().into_inner();
        assert_eq!((verdicts(&answer), &answer.copies), (vec![Verdict::Copied], &again.copies));
        let plan = world.lesson_plan("5-Б", "Математика").await;
        assert_eq!((plan.state(), plan.themes[0].title.as_str(), plan.etag.as_str()), (pb::LessonPlanState::Draft, "Дроби", "v3"));
        assert_eq!(world.announced_plans().await.len(), 1);
    }
}

#[tokio::test]
async fn last_years_plan_goes_to_this_years_group() {
    let folder = tempfile::tempdir().unwrap();
    let calendar =
        "region = \"Республика Крым\"\nacademic_year = \"2027/2028\"\nversion = 9\nday = []\n";
    std::fs::write(
        folder.path().join("regional-calendar-2027-2028.toml"),
        calendar,
    )
    .unwrap();
    let world = world(World::with_calendars(folder.path()).await).await;
    world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
    world.put(next_year()).await;
    world.harness.ignore_announced().await;
    let request = copy_to(&world, &["5-А следующего года"], 2).await;
    let answer = world.teacher("Иванова").copy_lesson_plan(request).await;
    let answer = answer.unwrap().into_inner();
    assert_eq!(verdicts(&answer), [Verdict::Copied]);
    let copied = answer.copies[0].lesson_plan.clone().unwrap();
    assert_eq!(
        (copied.academic_year.as_str(), copied.planned_hours),
        ("2027/2028", 68)
    );
    world.harness.ignore_announced().await;
}

/// The next year's fifth form, put by another import.
fn next_year() -> pb::PutSchoolPlanRequest {
    let mut next = a_plan();
    next.school_import_id = text::<SchoolImportId>("next");
    next.academic_year = "2027/2028".into();
    for period in &mut next.periods {
        for day in [&mut period.starts_on, &mut period.ends_on] {
            *day = day.replace("2027", "2028").replace("2026", "2027");
        }
    }
    next.days_off.clear();
    next.weekly_lessons.clear();
    next.groups.truncate(1);
    next.groups[0].group_id = text::<GroupId>("5-А следующего года");
    next.loads.truncate(1);
    next.loads[0].group_id = text::<GroupId>("5-А следующего года");
    next
}

#[tokio::test]
async fn a_teacher_copies_between_own_loads_only() {
    let world = world(World::empty().await).await;
    world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
    let request = copy_to(&world, &["5-Б", "6-А"], 2).await;
    let answer = world
        .teacher("Иванова")
        .copy_lesson_plan(request.clone())
        .await;
    // 6-А is taught by somebody else: as unknown as a group that does not exist.
    assert_eq!(
        verdicts(&answer.unwrap().into_inner()),
        [Verdict::Copied, Verdict::UnknownLoad]
    );
    world.harness.ignore_announced().await;
    for mut calls in [
        world.teacher("Петров"),
        world.staff("school", &["DIRECTOR"]),
        world.staff("other school", &["DEPUTY"]),
    ] {
        let answer = refused(calls.copy_lesson_plan(request.clone()).await);
        assert_eq!(answer.0, Code::NotFound);
    }
}

#[tokio::test]
async fn there_must_be_something_to_copy() {
    let world = world(World::empty().await).await;
    let request = copy_to(&world, &["5-Б"], 1).await;
    let answer = refused(world.deputy().copy_lesson_plan(request).await);
    assert_eq!(
        answer,
        (Code::FailedPrecondition, "LESSON_PLAN_MISSING".to_owned())
    );
}
