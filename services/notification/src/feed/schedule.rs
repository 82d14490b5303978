//! Schedule's events → notices of the timetable: a substitution to the substitute, a change
//! to the families of the group, a changed day and an event of the school to all whom they
//! concern, once each.

use std::collections::BTreeSet;

use anyhow::Context;
use async_trait::async_trait;
use chassis::db::UnitOfWork;
use chassis::feed::Consumer;
use uuid::Uuid;
use zhurnal_proto::id::{DayChangeId, GroupId, LessonId, PersonId, SchoolEventId, SchoolId};
use zhurnal_proto::notification::v1::NoticeKind;
use zhurnal_proto::schedule::v1::schedule_event::Change;
use zhurnal_proto::schedule::v1::{
    DayChangeKind, DayChanged, Lesson, LessonAltered, LessonState, SchoolEventChanged,
    SchoolEventState, WatchScheduleEventsResponse,
};

use crate::Shared;
use crate::domain::wording::{self, DayNews, EventNews, Happening, LessonNews};
use crate::store::entity::told_change;
use crate::store::{people, waiting};
use crate::tell::{Telling, tell};

/// Tells changes of the timetable.
pub struct Schedule {
    /// Clock, ids, settings, peers.
    pub shared: Shared,
}

#[async_trait]
impl Consumer for Schedule {
    type Event = WatchScheduleEventsResponse;
    const CHANGES: &'static [&'static str] =
        &["lesson_altered", "day_changed", "school_event_changed"];

    fn key_of(event: &Self::Event) -> Option<String> {
        event.event.as_ref().map(|e| e.school_id.clone())
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        let Some(event) = &event.event else {
            return Ok(());
        };
        let school = event.school_id.parse::<SchoolId>()?.uuid();
        match &event.change {
            Some(Change::LessonAltered(altered)) => self.lesson(uow, school, altered).await,
            Some(Change::DayChanged(changed)) => self.day(uow, school, changed).await,
            Some(Change::SchoolEventChanged(changed)) => {
                self.school_event(uow, school, changed).await
            }
            _ => Ok(()),
        }
    }

    async fn reset(&self, _uow: &mut UnitOfWork) -> anyhow::Result<()> {
        // What was told stays told: a feed that starts over must not tell it again.
        Ok(())
    }
}

impl Schedule {
    async fn lesson(
        &self,
        uow: &mut UnitOfWork,
        school: Uuid,
        altered: &LessonAltered,
    ) -> anyhow::Result<()> {
        let lesson = altered.lesson.as_ref().context("an altered lesson")?;
        let id = lesson.lesson_id.parse::<LessonId>()?.uuid();
        if !self
            .is_news(uow, school, (id, &lesson.etag), &lesson.date)
            .await?
        {
            return Ok(());
        }
        let cancelled = lesson.state() == LessonState::Cancelled;
        let now_taught_by = match lesson.substitute_id.as_str() {
            "" => lesson.teacher_id.as_str(),
            substitute => substitute,
        };
        let before = card(&altered.previous_teacher_id)?;
        let mut tellings = Vec::new();
        if cancelled {
            let text = wording::teacher_lesson_cancelled(&news(lesson));
            tellings.push(self.to_staff(school, card(now_taught_by)?, text, lesson));
        } else {
            let text = wording::teacher_gets_lesson(&news(lesson));
            tellings.push(self.to_staff(school, card(now_taught_by)?, text, lesson));
            let text = wording::teacher_loses_lesson(&news(lesson));
            tellings.push(self.to_staff(school, before, text, lesson));
        }
        let group = lesson.group_id.parse::<GroupId>()?.uuid();
        let text = if cancelled {
            wording::family_lesson_cancelled(&news(lesson))
        } else {
            wording::family_other_teacher(&news(lesson))
        };
        tellings.push(
            self.to_families(uow, school, (&[group], &lesson.date), text)
                .await?,
        );
        self.tell(uow, &tellings).await
    }

    async fn day(
        &self,
        uow: &mut UnitOfWork,
        school: Uuid,
        changed: &DayChanged,
    ) -> anyhow::Result<()> {
        let change = changed.day_change.as_ref().context("a changed day")?;
        let id = change.day_change_id.parse::<DayChangeId>()?.uuid();
        if !self
            .is_news(uow, school, (id, &change.etag), &change.date)
            .await?
        {
            return Ok(());
        }
        let groups = changed.group_ids.iter();
        let groups: Vec<Uuid> = groups
            .map(|id| Ok(id.parse::<GroupId>()?.uuid()))
            .collect::<anyhow::Result<_>>()?;
        let news = match (&change.undone_at, change.kind()) {
            (Some(_), _) => DayNews::Restored,
            (None, DayChangeKind::Remote) => DayNews::Remote,
            (None, _) => DayNews::Cancelled,
        };
        let text = wording::day(&change.date, news, &change.lesson_numbers, &change.reason);
        let families = self.to_families(uow, school, (&groups, &change.date), text.clone());
        let families = families.await?;
        let teachers = changed.teacher_ids.iter();
        let teachers: BTreeSet<Uuid> = teachers
            .map(|id| Ok(id.parse::<PersonId>()?.uuid()))
            .collect::<anyhow::Result<_>>()?;
        // Whoever teaches here and has a child here is told once.
        let staff = Telling {
            to: teachers.difference(&families.to).copied().collect(),
            school,
            kind: NoticeKind::Timetable,
            pupil: None,
            text,
            link: format!("/today?date={}", change.date),
        };
        self.tell(uow, &[families, staff]).await
    }

    async fn school_event(
        &self,
        uow: &mut UnitOfWork,
        school: Uuid,
        changed: &SchoolEventChanged,
    ) -> anyhow::Result<()> {
        let event = changed.school_event.as_ref().context("an event")?;
        let content = event.content.as_ref().context("content of an event")?;
        let id = event.school_event_id.parse::<SchoolEventId>()?.uuid();
        if !self
            .is_news(uow, school, (id, &event.etag), &content.ends_on)
            .await?
        {
            return Ok(());
        }
        let news = match event.state() {
            SchoolEventState::Cancelled => EventNews::Cancelled(&event.cancel_reason),
            _ if changed.again => EventNews::Changed,
            _ => EventNews::Published,
        };
        let text = wording::event(
            news,
            &Happening {
                title: &content.title,
                starts_on: &content.starts_on,
                ends_on: &content.ends_on,
                starts_at: &content.starts_at,
                place: match content.room.as_str() {
                    "" => &content.place,
                    room => room,
                },
            },
        );
        let groups = changed.group_ids.iter();
        let groups: Vec<Uuid> = groups
            .map(|id| Ok(id.parse::<GroupId>()?.uuid()))
            .collect::<anyhow::Result<_>>()?;
        let mut families = self
            .to_families(uow, school, (&groups, &content.starts_on), text.clone())
            .await?;
        families.kind = NoticeKind::Event;
        families.link = format!("/child-events?date={}", content.starts_on);
        let staff = changed.staff_ids.iter();
        let staff: BTreeSet<Uuid> = staff.map(|id| card(id)).collect::<anyhow::Result<_>>()?;
        let staff = Telling {
            to: staff.difference(&families.to).copied().collect(),
            school,
            kind: NoticeKind::Event,
            pupil: None,
            text,
            link: format!("/events?date={}", content.starts_on),
        };
        self.tell(uow, &[families, staff]).await
    }

    /// Whether this version has not been told and is of a day that is not over.
    async fn is_news(
        &self,
        uow: &UnitOfWork,
        school: Uuid,
        (thing_id, etag): (Uuid, &str),
        date: &str,
    ) -> anyhow::Result<bool> {
        let version = chassis::etag::version(etag).context("a version")?;
        let told = told_change::Model {
            school_id: school,
            thing_id,
            version,
        };
        let new = waiting::note_change(uow.conn(), told).await?;
        Ok(new && *date >= *self.shared.today().to_string())
    }

    fn to_staff(&self, school: Uuid, card: Uuid, text: String, lesson: &Lesson) -> Telling {
        Telling {
            to: BTreeSet::from([card]),
            school,
            kind: NoticeKind::Timetable,
            pupil: None,
            text,
            link: format!("/today?date={}", lesson.date),
        }
    }

    async fn to_families(
        &self,
        uow: &UnitOfWork,
        school: Uuid,
        (groups, date): (&[Uuid], &str),
        text: String,
    ) -> anyhow::Result<Telling> {
        let pupils = people::members(uow.conn(), school, groups, date).await?;
        let told = people::told_of(uow.conn(), &pupils, self.shared.today()).await?;
        Ok(Telling {
            to: told.into_values().flatten().collect(),
            school,
            kind: NoticeKind::Timetable,
            pupil: None,
            text,
            link: format!("/diary?date={date}"),
        })
    }

    async fn tell(&self, uow: &mut UnitOfWork, tellings: &[Telling]) -> anyhow::Result<()> {
        let now = self.shared.cx.clock.now();
        Ok(tell(uow, &self.shared.cx.ids, now, tellings).await?)
    }
}

fn card(text: &str) -> anyhow::Result<Uuid> {
    Ok(text.parse::<PersonId>()?.uuid())
}

fn news(lesson: &Lesson) -> LessonNews<'_> {
    LessonNews {
        date: &lesson.date,
        number: lesson.lesson_number,
        group: &lesson.group_title,
        subject: &lesson.subject_title,
        room: &lesson.room,
        reason: &lesson.state_reason,
    }
}
