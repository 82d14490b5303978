//! What was done at a lesson: topic, homework, kind of control.
//!
//! Invariant: a topic is in Russian (R129).

use jiff::Timestamp;
use zhurnal_proto::id::PersonId;

use super::{cell::Stamp, clocks::Window, control_kind::ControlKind, decide::Moment};

/// Content of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Topic: one line.
    pub topic: String,
    /// Homework; empty = none was set and said so.
    pub homework: String,
    /// Minutes that the homework should take.
    pub homework_minutes: u16,
    /// Control held at the lesson.
    pub control_kind: ControlKind,
}

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonEntry {
    /// What.
    pub content: Content,
    /// Last change; its revision is the entry's version.
    pub stamp: Stamp,
    /// The first entry came after it was due.
    pub recorded_late: bool,
}

/// Why an entry is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryRefusal {
    /// The topic has letters and none of them is Cyrillic.
    TopicNotRussian,
    /// Somebody changed the entry since it was read.
    EtagStale,
    /// Free correction is over.
    CorrectionRequired,
}

/// A topic that has letters has Cyrillic ones («Past Simple: повторение» passes).
pub fn topic_is_russian(topic: &str) -> bool {
    let mut letters = topic.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_none() || letters.any(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'))
}

/// Whether the new content may be recorded over what is there. `seen` is the
/// version that the caller saw, 0 = none. `Ok(false)`: it is there already.
pub fn decide(
    present: Option<&LessonEntry>,
    content: &Content,
    seen: i64,
    moment: &Moment<'_>,
) -> Result<bool, EntryRefusal> {
    if !topic_is_russian(&content.topic) {
        return Err(EntryRefusal::TopicNotRussian);
    }
    let Some(entry) = present else {
        return if seen == 0 {
            Ok(true)
        } else {
            Err(EntryRefusal::EtagStale)
        };
    };
    if entry.content == *content {
        return Ok(false);
    }
    if entry.stamp.revision != seen {
        return Err(EntryRefusal::EtagStale);
    }
    if moment.window == Window::Correction && !mended(&entry.stamp, moment) {
        return Err(EntryRefusal::CorrectionRequired);
    }
    Ok(true)
}

/// The author mends a late first entry, or takes back what was just written.
fn mended(stamp: &Stamp, moment: &Moment<'_>) -> bool {
    let since = |instant: Timestamp| moment.now.duration_since(instant);
    stamp.set_by == moment.by
        && (since(stamp.set_at) <= moment.policy.undo
            || (stamp.first_at >= moment.clocks.free_until
                && since(stamp.first_at) <= moment.policy.self_correction))
}

/// The entry after the change.
pub fn record(
    present: Option<&LessonEntry>,
    content: Content,
    at: Timestamp,
    by: PersonId,
    late: bool,
) -> LessonEntry {
    let before = present
        .map(|entry| entry.content.text())
        .unwrap_or_default();
    let trace = super::cell::Trace { at, by, late };
    LessonEntry {
        content,
        stamp: Stamp::after(present.map(|entry| &entry.stamp), before, trace),
        recorded_late: present.map_or(late, |entry| entry.recorded_late),
    }
}

impl Content {
    /// One text of all fields, for the ledger. The topic is one line, so the
    /// fields can be told apart.
    pub fn text(&self) -> String {
        let Content {
            topic,
            homework,
            homework_minutes,
            control_kind,
        } = self;
        format!(
            "{topic}\n{homework_minutes} мин, вид работы {}\n{homework}",
            control_kind.number()
        )
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, tz::TimeZone};

    use super::*;
    use crate::domain::{
        clocks::Clocks,
        lesson::tests::{a_lesson, person},
        policy::Policy,
    };

    fn content(topic: &str) -> Content {
        Content {
            topic: topic.to_owned(),
            homework: "§ 5, упр. 12".to_owned(),
            homework_minutes: 20,
            control_kind: ControlKind::Ordinary,
        }
    }

    fn moment<'a>(policy: &'a Policy, now: &str) -> Moment<'a> {
        let zone = TimeZone::get("Europe/Simferopol").unwrap();
        let (lesson, now) = (a_lesson(), now.parse().unwrap());
        let clocks = Clocks::of(policy, &lesson, &zone);
        Moment {
            policy,
            clocks,
            window: clocks.window(&lesson, now, &zone),
            now,
            by: person(1),
        }
    }

    #[test]
    fn a_topic_needs_russian_letters_when_it_has_letters() {
        for topic in [
            "Имя существительное",
            "Past Simple: повторение",
            "№ 12, § 3",
            "Ёж",
        ] {
            assert!(topic_is_russian(topic), "{topic}");
        }
        for topic in ["Past Simple", "Lesson 5", "Überblick", "Ω = 5"] {
            assert!(!topic_is_russian(topic), "{topic}");
        }
    }

    #[test]
    fn an_entry_needs_the_version_that_is_there() {
        let policy = Policy::default();
        let day = moment(&policy, "2026-09-01T07:00:00Z");
        assert_eq!(decide(None, &content("Тема"), 0, &day), Ok(true));
        assert_eq!(
            decide(None, &content("Тема"), 1, &day),
            Err(EntryRefusal::EtagStale)
        );
        let entry = record(None, content("Тема"), day.now, person(1), false);
        assert_eq!(decide(Some(&entry), &content("Тема"), 0, &day), Ok(false));
        assert_eq!(
            decide(Some(&entry), &content("Другая"), 0, &day),
            Err(EntryRefusal::EtagStale)
        );
        assert_eq!(decide(Some(&entry), &content("Другая"), 1, &day), Ok(true));
    }

    #[test]
    fn after_midnight_a_first_entry_is_late_and_a_change_needs_agreement() {
        let policy = Policy::default();
        let next = moment(&policy, "2026-09-02T07:00:00Z");
        assert_eq!(decide(None, &content("Тема"), 0, &next), Ok(true));
        let late = record(None, content("Тема"), next.now, person(1), true);
        assert!(late.recorded_late);
        let soon = Moment {
            now: next.now + SignedDuration::from_mins(5),
            ..next
        };
        assert_eq!(decide(Some(&late), &content("Другая"), 1, &soon), Ok(true));
        let later = Moment {
            now: next.now + SignedDuration::from_mins(6),
            ..next
        };
        assert_eq!(
            decide(Some(&late), &content("Другая"), 1, &later),
            Err(EntryRefusal::CorrectionRequired)
        );
        let other = Moment {
            by: person(2),
            ..soon
        };
        assert_eq!(
            decide(Some(&late), &content("Другая"), 1, &other),
            Err(EntryRefusal::CorrectionRequired)
        );
    }

    #[test]
    fn late_stays_late_after_a_change() {
        let at: Timestamp = "2026-09-01T07:00:00Z".parse().unwrap();
        let first = record(None, content("Тема"), at, person(1), true);
        let second = record(Some(&first), content("Другая"), at, person(1), false);
        assert!(second.recorded_late);
        assert_eq!(
            (second.stamp.revision, second.stamp.before),
            (2, first.content.text())
        );
    }
}
