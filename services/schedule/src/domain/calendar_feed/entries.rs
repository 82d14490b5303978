//! Lessons, events and free days as entries of a feed.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use zhurnal_proto::id::{PersonId, SchoolId};

use super::{Entry, When};
use crate::domain::bells::TimeOfDay;
use crate::domain::calendar::{DayOff, Holiday};
use crate::domain::lesson::{Lesson, LessonState};
use crate::domain::school_event::{Kind, SchoolEvent, State};

/// Who reads the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// A pupil or the family: groups are not told, one may be called by its only pupil.
    Pupil,
    /// An employee.
    Teacher(PersonId),
    /// Whoever follows a class.
    Class,
}

/// A lesson with the titles beside it.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'a> {
    /// The lesson.
    pub lesson: &'a Lesson,
    /// When it was made or changed last.
    pub stamp: Timestamp,
    /// What the group is called; empty where that is not told.
    pub group: &'a str,
    /// Title of the subject.
    pub subject: &'a str,
    /// Title of the room; empty = none.
    pub room: &'a str,
}

/// A lesson.
pub fn lesson(planned: Planned<'_>, viewer: Viewer, zone: &TimeZone) -> Option<Entry> {
    let lesson = planned.lesson;
    let slot = lesson.slot;
    let cancelled = matches!(lesson.state, LessonState::Cancelled { .. });
    // For the timetable's own teacher a replaced lesson does not take place.
    let replaced = !cancelled && lesson.substitute().is_some();
    let given_away = replaced && viewer == Viewer::Teacher(lesson.teacher);
    let mut title = match viewer {
        Viewer::Teacher(_) if !planned.group.is_empty() => {
            format!("{}, {}", planned.subject, planned.group)
        }
        Viewer::Class if !planned.group.is_empty() => {
            format!("{} ({})", planned.subject, planned.group)
        }
        _ => planned.subject.to_owned(),
    };
    if cancelled {
        title = format!("Отменён: {title}");
    } else if given_away {
        title = format!("Ведёт другой учитель: {title}");
    }
    let remote = lesson.remote && !cancelled;
    let notes = [
        (replaced && !given_away, "Замена"),
        (remote, "Дистанционно"),
    ];
    let notes: Vec<&str> = notes.iter().filter(|it| it.0).map(|it| it.1).collect();
    let hours = (slot.starts_at, slot.ends_at);
    Some(Entry {
        uid: format!("{}@zhurnal", lesson.id),
        stamp: planned.stamp,
        sequence: lesson.version - 1,
        when: hours_on(slot.date, hours, 1, zone)?,
        title,
        place: if remote {
            "Дистанционно".to_owned()
        } else {
            planned.room.to_owned()
        },
        note: notes.join(". "),
        cancelled: cancelled || given_away,
    })
}

/// A published or cancelled event: its title and where it is, nothing more of what was written.
pub fn event(event: &SchoolEvent, zone: &TimeZone) -> Option<Entry> {
    let content = &event.content;
    let cancelled = match event.state {
        State::Draft => return None,
        State::Published(_) => false,
        State::Cancelled { .. } => true,
    };
    let days = (content.when.ends_on - content.when.starts_on).get_days() + 1;
    let when = match content.when.hours {
        Some(hours) => hours_on(content.when.starts_on, hours, days, zone)?,
        None => When::Days(content.when.starts_on, content.when.ends_on),
    };
    let kind = match content.kind {
        Kind::Activity => "Мероприятие",
        Kind::Exam => "Экзамен",
        Kind::ParentsMeeting => "Родительское собрание",
    };
    let place = [content.room.as_str(), content.place.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|it| !it.is_empty()).collect();
    Some(Entry {
        uid: format!("{}@zhurnal", event.id),
        stamp: event.changed_at,
        sequence: event.version - 1,
        when,
        title: if cancelled {
            format!("Отменено: {}", content.title)
        } else {
            content.title.clone()
        },
        place: place.join(", "),
        note: kind.to_owned(),
        cancelled,
    })
}

/// Days without lessons.
#[derive(Debug, Clone, Default)]
pub struct FreeDays {
    /// Holidays of all grades, first and last day.
    pub gaps: Vec<(Date, Date)>,
    /// Holidays of some grades.
    pub own: Vec<Holiday>,
    /// Days off.
    pub days_off: Vec<DayOff>,
}

/// Free days as whole days; holidays of some grades where one of `grades` has them.
pub fn free_days(school: SchoolId, free: &FreeDays, grades: &[u8]) -> Vec<Entry> {
    let gaps = free.gaps.iter().map(|(first, last)| {
        let title = "Каникулы";
        whole_days(school, "holidays", (*first, *last), title)
    });
    let is_own = |one: &&Holiday| {
        let covers = |grade: &u8| (one.grade_from..=one.grade_to).contains(grade);
        grades.iter().any(covers)
    };
    let own = free.own.iter().filter(is_own).map(|one| {
        let kind = format!("holidays-{}-{}", one.grade_from, one.grade_to);
        whole_days(school, &kind, (one.starts_on, one.ends_on), &one.title)
    });
    let off = free.days_off.iter().map(|day| {
        let title = format!("Выходной: {}", day.title);
        whole_days(school, "day-off", (day.date, day.date), &title)
    });
    gaps.chain(own).chain(off).collect()
}

fn whole_days(school: SchoolId, kind: &str, (first, last): (Date, Date), title: &str) -> Entry {
    Entry {
        uid: format!("{kind}-{first}-{school}@zhurnal"),
        // When a calendar was changed is not kept: the same days have the same stamp.
        stamp: a_year_before(first),
        sequence: 0,
        when: When::Days(first, last),
        title: title.to_owned(),
        place: String::new(),
        note: String::new(),
        cancelled: false,
    }
}

/// Long before the day comes.
fn a_year_before(day: Date) -> Timestamp {
    let before = day.saturating_sub(Span::new().years(1));
    let zoned = before.to_zoned(TimeZone::UTC);
    zoned.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

fn hours_on(
    day: Date,
    (from, to): (TimeOfDay, TimeOfDay),
    days: i32,
    zone: &TimeZone,
) -> Option<When> {
    let instant = |at: TimeOfDay| {
        let time: Time = at.to_string().parse().ok()?;
        let zoned = zone.to_zoned(day.to_datetime(time)).ok()?;
        Some(zoned.timestamp())
    };
    Some(When::Hours {
        from: instant(from)?,
        to: instant(to)?,
        days,
    })
}
