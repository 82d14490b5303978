//! What schedule announces. All events of one kind and school have one key: a
//! later state of a lesson never overtakes an earlier one.

use std::collections::HashMap;

use chassis::outbox::Announcement;
use jiff::Timestamp;
use prost::Message;
use zhurnal_proto::id::{GroupId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::{EVENT_ITEMS, convert};
use crate::domain::plan::PlannedGroup;
use crate::store::plans::NumberedPlan;

/// One event.
pub fn event(school: SchoolId, now: Timestamp, change: Change) -> Announcement {
    let kind = match &change {
        Change::CalendarChanged(_) => "calendar_changed",
        Change::TeachingLoadsChanged(_) => "teaching_loads_changed",
        Change::LessonsChanged(_) => "lessons_changed",
        Change::LessonPlanChanged(_) => "lesson_plan_changed",
        Change::StudyDocumentChanged(_) => "study_document_changed",
        Change::LessonAltered(_) => "lesson_altered",
        Change::DayChanged(_) => "day_changed",
        Change::SchoolEventChanged(_) => "school_event_changed",
    };
    let occurred_at = prost_types::Timestamp {
        seconds: now.as_second(),
        nanos: now.subsec_nanosecond(),
    };
    let event = pb::ScheduleEvent {
        occurred_at: Some(occurred_at),
        school_id: school.to_string(),
        change: Some(change),
    };
    Announcement {
        school_id: Some(school.uuid()),
        kind,
        key: format!("{kind}:{school}"),
        payload: event.encode_to_vec(),
        occurred_at: now,
    }
}

/// The events of a plan that was put: the calendar first, then loads and lessons
/// in lists of at most 500.
pub fn plan(numbered: &NumberedPlan, now: Timestamp) -> impl Iterator<Item = Announcement> {
    let school = numbered.school;
    let groups: HashMap<GroupId, &PlannedGroup> = numbered
        .plan
        .groups
        .iter()
        .map(|group| (group.id, group))
        .collect();
    let templates: Vec<pb::Lesson> = (0..numbered.weekly.len())
        .map(|at| template(numbered, &groups, at))
        .collect();
    let loads: Vec<pb::TeachingLoad> = loads(numbered);
    let loads: Vec<Change> = loads
        .chunks(EVENT_ITEMS)
        .map(|chunk| {
            Change::TeachingLoadsChanged(pb::TeachingLoadsChanged {
                teaching_loads: chunk.to_vec(),
            })
        })
        .collect();
    let lessons = numbered.lessons.chunks(EVENT_ITEMS).map(move |chunk| {
        let lesson = |(id, date, weekly): &(_, jiff::civil::Date, usize)| pb::Lesson {
            lesson_id: ToString::to_string(id),
            date: date.to_string(),
            ..templates[*weekly].clone()
        };
        Change::LessonsChanged(pb::LessonsChanged {
            lessons: chunk.iter().map(lesson).collect(),
        })
    });
    let first = Change::CalendarChanged(pb::CalendarChanged {
        calendar: Some(calendar(numbered)),
    });
    std::iter::once(first)
        .chain(loads)
        .chain(lessons)
        .map(move |change| event(school, now, change))
}

fn calendar(numbered: &NumberedPlan) -> pb::Calendar {
    let plan = &numbered.plan;
    let periods = numbered.periods.iter().zip(plan.calendar.periods());
    pb::Calendar {
        school_id: numbered.school.to_string(),
        academic_year: plan.year.to_string(),
        study_week_days: plan.calendar.week().days().into(),
        time_zone: plan.time_zone.clone(),
        periods: periods
            .map(|(id, period)| convert::period(numbered.school, *id, period))
            .collect(),
        days_off: plan
            .calendar
            .days_off()
            .iter()
            .map(convert::day_off)
            .collect(),
        bells: plan.bells.iter().map(convert::bell).collect(),
        holidays: Vec::new(),
        shortened_days: Vec::new(),
    }
}

fn loads(numbered: &NumberedPlan) -> Vec<pb::TeachingLoad> {
    let starts_on = numbered.plan.first_day().to_string();
    let loads = numbered.loads.iter().zip(&numbered.plan.loads);
    loads
        .map(|((id, subject), load)| pb::TeachingLoad {
            teaching_load_id: id.to_string(),
            school_id: numbered.school.to_string(),
            academic_year: numbered.plan.year.to_string(),
            group_id: load.group.to_string(),
            subject_id: subject.id.to_string(),
            subject_title: subject.title.clone(),
            teacher_id: load.teacher.to_string(),
            weekly_hours_hundredths: load.weekly_hours_hundredths,
            starts_on: starts_on.clone(),
            ends_on: String::new(),
        })
        .collect()
}

/// What all dated lessons of a weekly one have in common.
fn template(
    numbered: &NumberedPlan,
    groups: &HashMap<GroupId, &PlannedGroup>,
    at: usize,
) -> pb::Lesson {
    let plan = &numbered.plan;
    let (weekly, bell, (_, subject, room)) = (
        &plan.weekly[at],
        &plan.lesson_bells[at],
        &numbered.weekly[at],
    );
    let group = groups.get(&weekly.group);
    pb::Lesson {
        lesson_id: String::new(),
        school_id: numbered.school.to_string(),
        academic_year: plan.year.to_string(),
        date: String::new(),
        lesson_number: weekly.number.into(),
        starts_at: bell.starts_at.to_string(),
        ends_at: bell.ends_at.to_string(),
        group_id: weekly.group.to_string(),
        group_title: group.map(|group| group.title.clone()).unwrap_or_default(),
        class_id: group
            .and_then(|group| group.class)
            .map(|class| class.to_string())
            .unwrap_or_default(),
        grade: plan.slots[at].grade.into(),
        subject_id: subject.id.to_string(),
        subject_title: subject.title.clone(),
        teacher_id: weekly.teacher.to_string(),
        substitute_id: String::new(),
        room: room
            .as_ref()
            .map(|room| room.title.clone())
            .unwrap_or_default(),
        state: pb::LessonState::Planned.into(),
        state_reason: String::new(),
        etag: "v1".to_owned(),
        remote: false,
    }
}
