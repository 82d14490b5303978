//! Versions of the timetable to proto, nothing else.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use zhurnal_proto::id::{SchoolId, TimetableEntryId};
use zhurnal_proto::schedule::v1 as pb;

use crate::domain::timetable::conflicts::{Check, Conflict, Kind, LoadLeft};
use crate::domain::timetable::in_step::Steps;
use crate::domain::timetable::{Reign, Version};
use crate::store::ground::Titles;
use crate::store::timetables::EntryView;

/// Conflicts told at once.
const MOST_CONFLICTS: usize = 500;

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A version; `reign` = when it holds.
pub fn timetable(
    school: SchoolId,
    version: &Version,
    reign: Option<Reign>,
    (today, zone): (Date, &TimeZone),
) -> pb::Timetable {
    let valid_to = reign.and_then(|(_, to)| to);
    let over = reign.is_none() || valid_to.is_some_and(|last| last < today);
    let state = match version.approval {
        None => pb::TimetableState::Draft,
        Some(_) if over => pb::TimetableState::Replaced,
        Some(_) => pb::TimetableState::Approved,
    };
    let approved_at = version.approval.map(|it| prost_types::Timestamp {
        seconds: it.at.as_second(),
        nanos: it.at.subsec_nanosecond(),
    });
    let approved_on = version.approval.map(|it| zone.to_datetime(it.at).date());
    pb::Timetable {
        timetable_id: version.id.to_string(),
        school_id: school.to_string(),
        academic_year: version.year.to_string(),
        number: u32::try_from(version.number).unwrap_or_default(),
        title: version.title.clone(),
        state: state.into(),
        valid_from: text(version.approval.map(|it| it.valid_from)),
        valid_to: text(valid_to),
        cycle_weeks: version.cycle.weeks().into(),
        cycle_starts_on: version.cycle.starts_on().to_string(),
        entry_count: version.entry_count,
        approved_by: text(version.approval.and_then(|it| it.by)),
        approved_at,
        etag: chassis::etag::of(version.version),
        approve_by: text(version.approve_by),
        overdue: version.is_overdue(approved_on, today),
    }
}

/// A weekly lesson.
pub fn entry(view: EntryView) -> pb::TimetableEntry {
    let entry = view.entry;
    pb::TimetableEntry {
        timetable_entry_id: entry.id.to_string(),
        weekday: entry.weekday.into(),
        lesson_number: entry.number.into(),
        group_id: entry.group.to_string(),
        group_title: view.group_title,
        class_id: text(view.class),
        subject_id: entry.subject.to_string(),
        subject_title: view.subject_title,
        teacher_id: entry.teacher.to_string(),
        room: view.room,
        week: entry.week.number().into(),
    }
}

/// What is wrong with a version.
pub fn check(check: &Check, titles: &Titles) -> pb::TimetableCheck {
    let errors = check.error_count();
    let conflicts = check.conflicts.iter().take(MOST_CONFLICTS);
    pb::TimetableCheck {
        error_count: count(errors),
        warning_count: count(check.conflicts.len() - errors),
        conflicts: conflicts.map(|one| conflict(one, titles)).collect(),
        loads: check.loads.iter().map(|one| load(one, titles)).collect(),
    }
}

/// A conflict.
pub fn conflict(one: &Conflict, titles: &Titles) -> pb::TimetableConflict {
    let severity = if one.is_error {
        pb::TimetableSeverity::Error
    } else {
        pb::TimetableSeverity::Warning
    };
    let (weekday, lesson_number) = one.at.unwrap_or_default();
    pb::TimetableConflict {
        kind: kind(one.kind).into(),
        severity: severity.into(),
        timetable_entry_ids: one.entries.iter().map(ToString::to_string).collect(),
        weekday: weekday.into(),
        lesson_number: lesson_number.into(),
        group_id: text(one.of.group),
        subject_id: text(one.of.subject),
        teacher_id: text(one.of.teacher),
        class_id: text(one.of.class),
        room: titles.room(one.of.room),
    }
}

/// A place with what stands against it; the lesson that is to be put there is not named.
pub fn place(
    (weekday, number): (u8, u8),
    conflicts: &[Conflict],
    moved: TimetableEntryId,
    titles: &Titles,
) -> pb::TimetablePlace {
    let conflicts = conflicts.iter().map(|one| {
        let others = one.entries.iter().filter(|id| **id != moved);
        let others = Conflict {
            entries: others.copied().collect(),
            ..one.clone()
        };
        conflict(&others, titles)
    });
    pb::TimetablePlace {
        weekday: weekday.into(),
        lesson_number: number.into(),
        conflicts: conflicts.collect(),
    }
}

fn load(one: &LoadLeft, titles: &Titles) -> pb::TimetableLoad {
    let (group, subject, teacher) = one.key;
    let (group_title, class) = titles.groups.get(&group).cloned().unwrap_or_default();
    pb::TimetableLoad {
        group_id: group.to_string(),
        group_title,
        class_id: text(class),
        subject_id: subject.to_string(),
        subject_title: titles.subjects.get(&subject).cloned().unwrap_or_default(),
        teacher_id: teacher.to_string(),
        weekly_hours_hundredths: one.wanted,
        placed_hours_hundredths: one.placed,
    }
}

/// What an approval does.
pub fn effect(steps: &Steps, valid_to: Option<Date>) -> pb::TimetableEffect {
    pb::TimetableEffect {
        added: steps.added,
        changed: steps.changed,
        removed: steps.removed,
        unchanged: steps.unchanged,
        substituted: steps.substituted,
        valid_to: text(valid_to),
    }
}

fn kind(kind: Kind) -> pb::TimetableConflictKind {
    use pb::TimetableConflictKind as Told;
    match kind {
        Kind::TeacherBusy => Told::TeacherBusy,
        Kind::GroupBusy => Told::GroupBusy,
        Kind::PupilsBusy => Told::PupilsBusy,
        Kind::RoomBusy => Told::RoomBusy,
        Kind::NoBell => Told::NoBell,
        Kind::DayNotStudied => Told::DayNotStudied,
        Kind::NoLoad => Told::NoLoad,
        Kind::LoadExceeded => Told::LoadExceeded,
        Kind::LoadNotPlaced => Told::LoadNotPlaced,
        Kind::Gap => Told::Gap,
    }
}
