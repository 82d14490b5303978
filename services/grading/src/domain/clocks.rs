//! The two clocks of a lesson: when its entry is due, and until when its author
//! corrects freely (R25, R26, R123, R158). The server's time decides.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{
    lesson::{Lesson, LessonState},
    policy::{EntryDue, Policy},
};

/// Both instants of one lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// From this instant on an entry is late.
    pub entry_due: Timestamp,
    /// From this instant on a change needs a correction request.
    pub free_until: Timestamp,
}

/// What the clocks allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The lesson's day has not come.
    Future,
    /// Free entry and correction.
    Open,
    /// Entry is overdue: taken and recorded as late; correction still free.
    Late,
    /// Empty cells may be filled, recorded as late; a change needs a correction request.
    Correction,
    /// The lesson will not be held.
    Cancelled,
}

impl Clocks {
    /// The clocks of a day; `last_end` is the end of the class's last lesson that day.
    pub fn of_day(policy: &Policy, date: Date, last_end: Time, zone: &TimeZone) -> Clocks {
        let entry_due = match policy.entry_due {
            EntryDue::At(time) => time.on(date, zone),
            EntryDue::AfterLastLesson(delay) => after(date, last_end, delay, zone),
        };
        Clocks {
            entry_due,
            free_until: policy.free_correction_until.on(date, zone),
        }
    }

    /// The clocks of a lesson.
    pub fn of(policy: &Policy, lesson: &Lesson, zone: &TimeZone) -> Clocks {
        Clocks::of_day(policy, lesson.date, lesson.last_end, zone)
    }

    /// What is allowed at `now`.
    pub fn window(&self, lesson: &Lesson, now: Timestamp, zone: &TimeZone) -> Window {
        if lesson.state == LessonState::Cancelled {
            Window::Cancelled
        } else if zone.to_datetime(now).date() < lesson.date {
            Window::Future
        } else if now >= self.free_until {
            Window::Correction
        } else if self.is_late(now) {
            Window::Late
        } else {
            Window::Open
        }
    }

    /// An entry made now comes after it was due.
    pub fn is_late(&self, now: Timestamp) -> bool {
        now >= self.entry_due || now >= self.free_until
    }
}

fn after(date: Date, time: Time, delay: SignedDuration, zone: &TimeZone) -> Timestamp {
    let end = zone
        .to_ambiguous_timestamp(date.to_datetime(time))
        .compatible()
        .unwrap_or(Timestamp::MAX);
    end.saturating_add(delay).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{lesson::tests::a_lesson, policy::DayTime};

    fn zone() -> TimeZone {
        TimeZone::get("Europe/Simferopol").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// 1 September; the class's last lesson ends at 14:10 (11:10 UTC).
    fn lesson() -> Lesson {
        Lesson {
            date: date(2026, 9, 1),
            last_end: time(14, 10, 0, 0),
            ..a_lesson()
        }
    }

    #[test]
    fn an_entry_is_due_an_hour_after_the_last_lesson_of_the_class() {
        let clocks = Clocks::of(&Policy::default(), &lesson(), &zone());
        assert_eq!(clocks.entry_due, at("2026-09-01T12:10:00Z"));
        assert_eq!(clocks.free_until, at("2026-09-01T21:00:00Z"));
    }

    #[test]
    fn a_fixed_hour_does_not_depend_on_the_lessons() {
        let entry_due = EntryDue::At(DayTime::parse("17:00").unwrap());
        let clocks = Clocks::of(
            &Policy {
                entry_due,
                ..Policy::default()
            },
            &lesson(),
            &zone(),
        );
        assert_eq!(clocks.entry_due, at("2026-09-01T14:00:00Z"));
    }

    #[test]
    fn the_windows_follow_each_other_to_the_second() {
        let clocks = Clocks::of(&Policy::default(), &lesson(), &zone());
        for (now, window) in [
            ("2026-08-31T20:59:59Z", Window::Future),
            ("2026-08-31T21:00:00Z", Window::Open),
            ("2026-09-01T12:09:59.999999Z", Window::Open),
            ("2026-09-01T12:10:00Z", Window::Late),
            ("2026-09-01T20:59:59.999999Z", Window::Late),
            ("2026-09-01T21:00:00Z", Window::Correction),
            ("2027-05-31T09:00:00Z", Window::Correction),
        ] {
            assert_eq!(clocks.window(&lesson(), at(now), &zone()), window, "{now}");
        }
    }

    #[test]
    fn a_cancelled_lesson_has_no_window() {
        let cancelled = Lesson {
            state: LessonState::Cancelled,
            ..lesson()
        };
        let clocks = Clocks::of(&Policy::default(), &cancelled, &zone());
        assert_eq!(
            clocks.window(&cancelled, at("2026-09-01T08:00:00Z"), &zone()),
            Window::Cancelled
        );
    }

    proptest! {
        #[test]
        fn windows_never_go_back(minutes in prop::collection::vec(0i64..4_000, 2..20)) {
            let rank = |window| match window {
                Window::Future => 0, Window::Open => 1, Window::Late => 2, Window::Correction => 3, Window::Cancelled => 9,
            };
            let clocks = Clocks::of(&Policy::default(), &lesson(), &zone());
            let mut minutes = minutes;
            minutes.sort_unstable();
            let start = at("2026-08-31T00:00:00Z");
            let ranks: Vec<i32> = minutes.iter()
                .map(|m| rank(clocks.window(&lesson(), start + SignedDuration::from_mins(*m), &zone())))
                .collect();
            prop_assert!(ranks.is_sorted());
        }
    }
}
