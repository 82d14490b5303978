//! Schedule's feed: the calendar, loads, lesson plans and dated lessons.

use async_trait::async_trait;
use chassis::db::UnitOfWork;
use chassis::feed::Consumer;
use sea_orm::EntityTrait;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::{
    on_calendar_changed, on_lesson_plan_changed, on_lessons_changed, on_teaching_loads_changed,
    parse,
};
use crate::store::entity::{lesson, lesson_plan, period, school_year, subject, teaching_load};

/// Keeps reporting's copy of schedule's facts.
pub struct ScheduleFeed;

#[async_trait]
impl Consumer for ScheduleFeed {
    type Event = pb::WatchScheduleEventsResponse;
    const CHANGES: &'static [&'static str] = &[
        "calendar_changed",
        "lessons_changed",
        "teaching_loads_changed",
        "lesson_plan_changed",
    ];

    fn key_of(event: &Self::Event) -> Option<String> {
        event.event.as_ref().and_then(key)
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        match &event.event {
            Some(event) => apply(uow, event).await,
            None => Ok(()),
        }
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        let conn = uow.conn();
        period::Entity::delete_many().exec(conn).await?;
        subject::Entity::delete_many().exec(conn).await?;
        lesson::Entity::delete_many().exec(conn).await?;
        school_year::Entity::delete_many().exec(conn).await?;
        teaching_load::Entity::delete_many().exec(conn).await?;
        lesson_plan::Entity::delete_many().exec(conn).await?;
        Ok(())
    }
}

/// What the event is about.
fn key(event: &pb::ScheduleEvent) -> Option<String> {
    let kind = match event.change.as_ref()? {
        Change::CalendarChanged(_) => "calendar",
        Change::LessonsChanged(_) => "lessons",
        Change::TeachingLoadsChanged(_) => "loads",
        Change::LessonPlanChanged(_) => "lesson_plans",
        Change::StudyDocumentChanged(_) => "study_documents",
        Change::LessonAltered(_) => "altered_lessons",
        Change::DayChanged(_) => "days",
        Change::SchoolEventChanged(_) => "school_events",
    };
    Some(format!("{kind}:{}", event.school_id))
}

/// Takes the present state of what the event names.
pub async fn apply(uow: &UnitOfWork, event: &pb::ScheduleEvent) -> anyhow::Result<()> {
    let school = || parse::school(&event.school_id);
    match &event.change {
        Some(Change::CalendarChanged(changed)) => {
            on_calendar_changed::apply(uow, school()?, changed).await
        }
        Some(Change::LessonsChanged(changed)) => {
            on_lessons_changed::apply(uow, school()?, &changed.lessons).await
        }
        Some(Change::TeachingLoadsChanged(changed)) => {
            on_teaching_loads_changed::apply(uow, school()?, &changed.teaching_loads).await
        }
        Some(Change::LessonPlanChanged(changed)) => {
            on_lesson_plan_changed::apply(uow, school()?, changed).await
        }
        Some(
            Change::StudyDocumentChanged(_)
            | Change::LessonAltered(_)
            | Change::DayChanged(_)
            | Change::SchoolEventChanged(_),
        )
        | None => Ok(()),
    }
}
