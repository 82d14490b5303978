//! Lesson plans of the demo school: of the demo teachers' loads one is complete and
//! approved, one is short of hours, the others are missing.

use anyhow::Context;
use chassis::client::PeerChannel;
use chassis::lifecycle::Running;
use chassis::service::Cx;
use roster::demo::{DemoRole, Seeded};
use tonic::Code;
use zhurnal_proto::grading::v1::ControlKind;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;

/// Hours that the plan with a difference lacks.
const LACKS: u32 = 2;

/// Puts the plans as the school's deputy, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let cx = running.context("schedule").context("schedule runs here")?;
    let Some(deputy) = super::person(seeded, DemoRole::Deputy) else {
        return Ok(());
    };
    let channel = super::channel(running, seeded, (deputy, "DEPUTY"), "schedule")?;
    let mut calls = ScheduleServiceClient::new(channel);
    for role in [DemoRole::ClassTeacher, DemoRole::Teacher] {
        let Some(teacher) = super::person(seeded, role) else {
            continue;
        };
        let request = pb::ListLessonPlansRequest {
            school_id: seeded.school_id.to_string(),
            teacher_id: teacher.person_id.to_string(),
            state: pb::LessonPlanState::Missing.into(),
            ..Default::default()
        };
        let missing = calls.list_lesson_plans(request).await?.into_inner();
        let mut missing = missing.lesson_plans.into_iter();
        if let Some(whole) = missing.next() {
            let saved = save(&mut calls, &cx, &whole, whole.required_hours).await?;
            approve(&mut calls, &cx, saved).await?;
        }
        if let Some(short) = missing.next() {
            save(
                &mut calls,
                &cx,
                &short,
                short.required_hours.saturating_sub(LACKS),
            )
            .await?;
        }
    }
    Ok(())
}

type Calls = ScheduleServiceClient<PeerChannel>;

async fn save(
    calls: &mut Calls,
    cx: &Cx,
    plan: &pb::LessonPlan,
    hours: u32,
) -> anyhow::Result<pb::LessonPlan> {
    let request = pb::PutLessonPlanRequest {
        school_id: plan.school_id.clone(),
        group_id: plan.group_id.clone(),
        subject_id: plan.subject_id.clone(),
        title: format!(
            "{}, {}-й класс (примерный план)",
            plan.subject_title, plan.grade
        ),
        themes: themes(hours),
        etag: plan.etag.clone(),
        request_id: cx.ids.uuid().to_string(),
    };
    let saved = calls.put_lesson_plan(request).await?.into_inner();
    saved.lesson_plan.context("the saved plan")
}

/// A deputy who teaches does not approve the own plan: it stays a draft.
async fn approve(calls: &mut Calls, cx: &Cx, plan: pb::LessonPlan) -> anyhow::Result<()> {
    let request = pb::ApproveLessonPlanRequest {
        school_id: plan.school_id,
        group_id: plan.group_id,
        subject_id: plan.subject_id,
        etag: plan.etag,
        request_id: cx.ids.uuid().to_string(),
    };
    match calls.approve_lesson_plan(request).await {
        Err(status) if status.code() != Code::FailedPrecondition => Err(status.into()),
        _ => Ok(()),
    }
}

/// Invented themes of exactly so many hours: repetition at both ends, and a control work
/// after every fourth theme.
fn themes(hours: u32) -> Vec<pb::LessonPlanTheme> {
    let theme =
        |section: String, title: String, hours: u32, homework: String| pb::LessonPlanTheme {
            section,
            title,
            hours,
            homework,
            ..Default::default()
        };
    let mut themes = Vec::new();
    let mut left = hours;
    let mut take = |wanted: u32| {
        let taken = wanted.min(left.saturating_sub(1));
        left -= taken;
        taken
    };
    let first = take(2);
    let repetition = "Повторение".to_owned();
    let homework = "Повторить правила".to_owned();
    themes.push(theme(
        repetition.clone(),
        "Повторение изученного в прошлом году".into(),
        first,
        homework,
    ));
    for number in 1_u32.. {
        let section = format!("Раздел {}", number.div_ceil(4));
        let homework = format!("§ {number}, вопросы после параграфа");
        themes.push(theme(
            section.clone(),
            format!("Тема {number}. Новый материал"),
            take(2),
            homework,
        ));
        let practice = format!("Тема {number}. Упражнения и задачи");
        themes.push(theme(
            section.clone(),
            practice,
            take(1),
            format!("§ {number}, упр. 1–3"),
        ));
        if number % 4 == 0 {
            themes.push(pb::LessonPlanTheme {
                control_kind: ControlKind::ControlWork.into(),
                ..theme(
                    section,
                    format!("Контрольная работа № {}", number / 4),
                    take(1),
                    String::new(),
                )
            });
        }
        if themes.last().is_some_and(|last| last.hours == 0) {
            break;
        }
    }
    themes.retain(|theme| theme.hours > 0);
    themes.push(theme(
        repetition,
        "Итоговое повторение".into(),
        left.max(1),
        String::new(),
    ));
    themes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_have_exactly_the_hours_asked_for_and_control_works_stand_inside() {
        for hours in [1, 2, 3, 17, 34, 66, 68, 102, 170, 204] {
            let themes = themes(hours);
            let sum: u32 = themes.iter().map(|theme| theme.hours).sum();
            assert_eq!(sum, hours);
            assert!(
                themes
                    .iter()
                    .all(|theme| theme.hours > 0 && !theme.title.is_empty())
            );
            let controls: u32 = themes
                .iter()
                .filter(|theme| theme.control_kind() == ControlKind::ControlWork)
                .map(|theme| theme.hours)
                .sum();
            assert!(controls * 10 <= hours, "{controls} of {hours}");
            let last = themes.last().map(pb::LessonPlanTheme::control_kind);
            assert_eq!(last, Some(ControlKind::Unspecified));
        }
    }
}
