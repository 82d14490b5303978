//! Lesson plans to proto and back, nothing else.

use jiff::Timestamp;
use tonic::Status;
use zhurnal_proto::id::ThemeId;
use zhurnal_proto::schedule::v1 as pb;

use super::lesson_plan::Opened;
use super::parse;
use crate::domain::lesson_plan::control_kind::ControlKind;
use crate::domain::lesson_plan::{Counts, Decision, LessonPlan, State, Theme, ThemeText, Warning};
use crate::store::lesson_plans::Summary;

/// A plan without themes; `None`: nobody has saved one.
pub fn plan(opened: &Opened, saved: Option<&Summary>) -> pb::LessonPlan {
    let (load, figures) = (&opened.load, &opened.figures);
    let teachers = opened.teachers.iter().map(ToString::to_string);
    let mut plan = pb::LessonPlan {
        school_id: opened.school.id().to_string(),
        academic_year: load.year.to_string(),
        group_id: load.group.to_string(),
        group_title: load.group_title.clone(),
        class_id: load.class.map(|id| id.to_string()).unwrap_or_default(),
        grade: load.grade.into(),
        subject_id: load.subject.to_string(),
        subject_title: load.subject_title.clone(),
        teacher_ids: teachers.collect(),
        state: pb::LessonPlanState::Missing.into(),
        weekly_hours_hundredths: figures.weekly_hours_hundredths,
        study_weeks: figures.study_weeks,
        required_hours: figures.required_hours,
        hours_difference: difference(0, figures.required_hours),
        ..Default::default()
    };
    if let Some(Summary {
        head,
        hours,
        theme_count,
    }) = saved
    {
        plan.state = state(&head.state).into();
        plan.title.clone_from(&head.title);
        plan.saved_at = Some(timestamp(head.saved_at));
        plan.planned_hours = *hours;
        plan.hours_difference = difference(*hours, figures.required_hours);
        plan.theme_count = *theme_count;
        plan.etag = chassis::etag::of(head.version);
        if let Some(Decision { by, at }) = decision(&head.state) {
            plan.decided_by = by.map(|person| person.to_string()).unwrap_or_default();
            plan.decided_at = Some(timestamp(at));
        }
        if let State::Returned { remark, .. } = &head.state {
            plan.remark.clone_from(remark);
        }
    }
    plan
}

/// Planned minus required.
pub fn difference(planned: u32, required: u32) -> i32 {
    let difference = i64::from(planned) - i64::from(required);
    i32::try_from(difference).unwrap_or(if difference < 0 { i32::MIN } else { i32::MAX })
}

/// State of a saved plan.
pub fn state(state: &State) -> pb::LessonPlanState {
    match state {
        State::Draft => pb::LessonPlanState::Draft,
        State::Returned { .. } => pb::LessonPlanState::Returned,
        State::Approved { .. } => pb::LessonPlanState::Approved,
    }
}

fn decision(state: &State) -> Option<Decision> {
    match state {
        State::Draft => None,
        State::Returned { decision, .. } | State::Approved { decision } => Some(*decision),
    }
}

/// What somebody should look at.
pub fn warnings(plan: &LessonPlan) -> Vec<i32> {
    let warnings = plan.warnings().into_iter();
    let warning = warnings.map(|warning| match warning {
        Warning::ControlWorkAtEdge => pb::LessonPlanWarning::ControlWorkAtEdge,
        Warning::TooManyControlWorks => pb::LessonPlanWarning::TooManyControlWorks,
    });
    warning.map(i32::from).collect()
}

/// Themes in order.
pub fn themes(themes: &[Theme]) -> Vec<pb::LessonPlanTheme> {
    let numbered = themes.iter().zip(1..);
    numbered
        .map(|(one, number)| pb::LessonPlanTheme {
            theme_id: one.id.to_string(),
            ..theme(number, &one.text)
        })
        .collect()
}

/// A theme that has no id yet.
pub fn theme(number: u32, text: &ThemeText) -> pb::LessonPlanTheme {
    pb::LessonPlanTheme {
        theme_id: String::new(),
        number,
        section: text.section.clone(),
        title: text.title.clone(),
        hours: text.hours.into(),
        control_kind: text.control.number().into(),
        homework: text.homework.clone(),
    }
}

/// A theme of a request; `at` is its place in the list.
pub fn read_theme(
    at: usize,
    theme: &pb::LessonPlanTheme,
) -> Result<(Option<ThemeId>, ThemeText), Status> {
    // The request's own rules have refused a kind that nobody knows.
    let control = ControlKind::from_number(theme.control_kind).unwrap_or_default();
    let id = parse::optional_id(&format!("themes[{at}].themeId"), &theme.theme_id)?;
    let text = ThemeText {
        section: theme.section.trim().to_owned(),
        title: theme.title.trim().to_owned(),
        hours: u16::try_from(theme.hours).unwrap_or(u16::MAX),
        control,
        homework: theme.homework.trim().to_owned(),
    };
    Ok((id, text))
}

/// How many plans stand how.
pub fn counts(counts: &Counts) -> pb::LessonPlanCounts {
    pb::LessonPlanCounts {
        missing: counts.missing,
        draft: counts.draft,
        returned: counts.returned,
        approved: counts.approved,
        differing: counts.differing,
    }
}

fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}
