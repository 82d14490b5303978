//! What the RPCs of changed days have in common: lessons of the day are read and written,
//! the change is announced and shown.

use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::status;
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::{EVENT_ITEMS, announce, convert, timetable};
use crate::domain::day_change::{Act, DayChange, Kind};
use crate::domain::lesson::Lesson;
use crate::store::lessons::{LessonFilter, LessonView};
use crate::store::{School, lessons};

/// More lessons than a school has on a day.
const MOST: u64 = 10_000;

/// Who does it now.
pub fn act(cx: &Cx, caller: &Caller) -> Act {
    Act {
        by: caller.user().and_then(|user| user.person),
        at: cx.clock.now(),
    }
}

/// Lessons of the day.
pub async fn lessons_of(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<Vec<LessonView>, Status> {
    let filter = LessonFilter {
        from: day,
        to: day,
        class: None,
        groups: None,
        teacher: None,
        only_changed: false,
    };
    lessons::list(conn, school, &filter, None, MOST)
        .await
        .map_err(status::from_db)
}

/// Writes lessons of the day and announces them with the change.
pub async fn write(
    cx: &Cx,
    uow: &mut UnitOfWork,
    (school, change): (School, &DayChange),
    changed: &[Lesson],
) -> Result<pb::DayChange, Status> {
    for lesson in changed {
        let written = lessons::save(uow.conn(), school, (lesson, cx.clock.now())).await;
        if !written.map_err(status::from_db)? {
            return Err(timetable::raced());
        }
    }
    let ids: std::collections::HashSet<_> = changed.iter().map(|lesson| lesson.id).collect();
    let mut views = lessons_of(uow.conn(), school, change.date).await?;
    views.retain(|view| ids.contains(&view.lesson.id));
    let now = cx.clock.now();
    for chunk in views.chunks(EVENT_ITEMS) {
        let lessons = chunk.iter().map(|view| convert::lesson(school.id(), view));
        let change = Change::LessonsChanged(pb::LessonsChanged {
            lessons: lessons.collect(),
        });
        uow.announce(announce::event(school.id(), now, change));
    }
    let told = view(school.id(), change);
    let change = Change::DayChanged(concerned(told.clone(), &views));
    uow.announce(announce::event(school.id(), now, change));
    Ok(told)
}

/// The event, with the groups and teachers who are concerned.
fn concerned(change: pb::DayChange, views: &[LessonView]) -> pb::DayChanged {
    let groups = views.iter().map(|view| view.lesson.group.to_string());
    let teacher = |view: &LessonView| view.lesson.substitute().unwrap_or(view.lesson.teacher);
    let teachers = views.iter().map(|view| teacher(view).to_string());
    let once = |ids: Vec<String>| -> Vec<String> {
        let ids: std::collections::BTreeSet<String> = ids.into_iter().collect();
        ids.into_iter().collect()
    };
    pb::DayChanged {
        day_change: Some(change),
        group_ids: once(groups.collect()),
        teacher_ids: once(teachers.collect()),
    }
}

/// The change as people see it.
pub fn view(school: SchoolId, change: &DayChange) -> pb::DayChange {
    let text = |by: Option<zhurnal_proto::id::PersonId>| by.map(|by| by.to_string());
    let kind = match change.kind {
        Kind::Cancelled => pb::DayChangeKind::Cancelled,
        Kind::Remote => pb::DayChangeKind::Remote,
    };
    pb::DayChange {
        day_change_id: change.id.to_string(),
        school_id: school.to_string(),
        date: change.date.to_string(),
        kind: kind.into(),
        reason: change.reason.clone(),
        class_ids: change
            .extent
            .classes
            .iter()
            .map(ToString::to_string)
            .collect(),
        lesson_numbers: change
            .extent
            .numbers
            .iter()
            .map(|one| u32::from(*one))
            .collect(),
        lesson_count: change.lesson_count,
        made_by: text(change.made.by).unwrap_or_default(),
        made_at: Some(timestamp(change.made.at)),
        undone_by: text(change.undone.and_then(|it| it.by)).unwrap_or_default(),
        undone_at: change.undone.map(|it| timestamp(it.at)),
        etag: chassis::etag::of(change.version),
    }
}

fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}
