//! The rules that a school may set otherwise, as one versioned value.
//!
//! Invariant: every computed or recorded thing names the policy's id, so that it
//! can be explained after the policy has changed.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// Minutes since midnight, school's zone; 1440 = 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayTime(u16);

const DAY_MINUTES: u16 = 24 * 60;

impl DayTime {
    /// The end of the day.
    pub const MIDNIGHT: DayTime = DayTime(DAY_MINUTES);

    /// Reads `HH:MM` up to `24:00`.
    pub fn parse(text: &str) -> Option<DayTime> {
        let (hour, minute) = text.split_once(':')?;
        let two = |digits: &str| -> Option<u16> {
            (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| digits.parse().ok())?
        };
        let (hour, minute) = (two(hour)?, two(minute)?);
        let minutes = hour * 60 + minute;
        (minute < 60 && minutes <= DAY_MINUTES).then_some(DayTime(minutes))
    }

    /// The instant of this time on a day.
    pub fn on(self, date: Date, zone: &TimeZone) -> Timestamp {
        let midnight = date.at(0, 0, 0, 0);
        let local = midnight.saturating_add(SignedDuration::from_mins(i64::from(self.0)));
        zone.to_ambiguous_timestamp(local)
            .compatible()
            .unwrap_or(Timestamp::MAX)
    }
}

/// When the entry of a lesson is due (clock 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryDue {
    /// So long after the end of the class's last lesson of that day (R123).
    AfterLastLesson(SignedDuration),
    /// At a fixed hour of that day (R158).
    At(DayTime),
}

/// What happens to a mark that has just been set (R33).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkBlock {
    /// No block.
    Off,
    /// For so long it cannot be changed, then freely until clock 2.
    LockThenFree(SignedDuration),
    /// For so long its author may mend a slip, then only a correction request works.
    GraceThenLock(SignedDuration),
}

/// The rules in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Id and version, e.g. `region-default.1`.
    pub id: String,
    /// `1` is a mark.
    pub one_allowed: bool,
    /// Clock 1.
    pub entry_due: EntryDue,
    /// Clock 2: free correction ends at this time of the lesson's day (R25, R26).
    pub free_correction_until: DayTime,
    /// How long the author may mend a first entry made after clock 2.
    pub self_correction: SignedDuration,
    /// How long the author's own undo is never blocked.
    pub undo: SignedDuration,
    /// R33.
    pub mark_block: MarkBlock,
    /// Titles of subjects without marks, in small letters: class hour and the like.
    pub unmarked_subjects: Vec<String>,
}

impl Policy {
    /// Whether no marks are given in the subject.
    pub fn is_unmarked(&self, subject_title: &str) -> bool {
        let title = small_letters(subject_title);
        self.unmarked_subjects.contains(&title)
    }
}

/// A title as it is compared.
pub fn small_letters(title: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

impl Default for Policy {
    /// The region's defaults.
    fn default() -> Policy {
        Policy {
            id: "region-default.1".to_owned(),
            one_allowed: false,
            entry_due: EntryDue::AfterLastLesson(SignedDuration::from_mins(60)),
            free_correction_until: DayTime::MIDNIGHT,
            self_correction: SignedDuration::from_mins(5),
            undo: SignedDuration::from_secs(60),
            mark_block: MarkBlock::LockThenFree(SignedDuration::from_mins(5)),
            unmarked_subjects: vec!["классный час".to_owned(), "разговоры о важном".to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn midnight_is_the_first_instant_of_the_next_day() {
        let zone = TimeZone::get("Europe/Simferopol").unwrap();
        let end = DayTime::MIDNIGHT.on(date(2026, 9, 1), &zone);
        assert_eq!(end, "2026-09-01T21:00:00Z".parse().unwrap());
        assert_eq!(DayTime::parse("24:00"), Some(DayTime::MIDNIGHT));
    }

    #[test]
    fn a_time_that_a_clock_change_skips_is_the_instant_after_the_change() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let skipped = DayTime::parse("02:30")
            .unwrap()
            .on(date(2026, 3, 29), &zone);
        assert_eq!(skipped, "2026-03-29T01:30:00Z".parse().unwrap());
    }

    #[test]
    fn a_class_hour_has_no_marks_however_it_is_spelled() {
        let policy = Policy::default();
        assert!(policy.is_unmarked("Классный  час"));
        assert!(!policy.is_unmarked("Классный час 2"));
    }

    #[test]
    fn only_two_digit_times_of_a_day_are_read() {
        for text in [
            "", "8:00", "24:01", "25:00", "17:60", "17.00", "-1:00", "17:0", "+7:00",
        ] {
            assert_eq!(DayTime::parse(text), None, "{text}");
        }
        assert!(DayTime::parse("00:00") < DayTime::parse("17:00"));
    }
}
