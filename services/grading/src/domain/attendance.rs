//! Attendance of one pupil at one lesson.
//!
//! Invariant: only being late has minutes.

use std::fmt;

/// Longest lateness that can be recorded, minutes.
pub const LONGEST_LATENESS: u16 = 240;

/// What the teacher recorded instead of "present".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attendance {
    /// Absent, reason not known (н).
    Absent,
    /// Ill (б); a restricted class of data.
    Ill,
    /// Valid reason (у).
    Excused,
    /// Late (оп) by so many minutes; 0 = not said.
    Late {
        /// Minutes.
        minutes: u16,
    },
}

/// The text is no attendance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an attendance")]
pub struct InvalidAttendance;

impl Attendance {
    /// Was not at the lesson: a mark beside it needs a comment (R32).
    pub fn is_absence(self) -> bool {
        !matches!(self, Attendance::Late { .. })
    }

    /// Minutes late.
    pub fn late_minutes(self) -> u16 {
        match self {
            Attendance::Late { minutes } => minutes,
            _ => 0,
        }
    }

    /// Reads the canonical text.
    pub fn stored(text: &str) -> Result<Attendance, InvalidAttendance> {
        match text {
            "н" => Ok(Attendance::Absent),
            "б" => Ok(Attendance::Ill),
            "у" => Ok(Attendance::Excused),
            "оп" => Ok(Attendance::Late { minutes: 0 }),
            _ => {
                let minutes = text.strip_prefix("оп ").ok_or(InvalidAttendance)?;
                let minutes: u16 = minutes.parse().map_err(|_| InvalidAttendance)?;
                let late = Attendance::Late { minutes };
                if minutes <= LONGEST_LATENESS && late.to_string() == text {
                    Ok(late)
                } else {
                    Err(InvalidAttendance)
                }
            }
        }
    }
}

impl fmt::Display for Attendance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Attendance::Absent => f.write_str("н"),
            Attendance::Ill => f.write_str("б"),
            Attendance::Excused => f.write_str("у"),
            Attendance::Late { minutes: 0 } => f.write_str("оп"),
            Attendance::Late { minutes } => write!(f, "оп {minutes}"),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn any_attendance() -> impl Strategy<Value = Attendance> {
        prop_oneof![
            Just(Attendance::Absent),
            Just(Attendance::Ill),
            Just(Attendance::Excused),
            (0..=LONGEST_LATENESS).prop_map(|minutes| Attendance::Late { minutes }),
        ]
    }

    #[test]
    fn being_late_is_no_absence() {
        assert!(Attendance::Absent.is_absence());
        assert!(Attendance::Ill.is_absence());
        assert!(Attendance::Excused.is_absence());
        assert!(!Attendance::Late { minutes: 40 }.is_absence());
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "", "Н", "x", "оп 0", "оп 05", "оп 241", "оп -1", "оп  5", "н 5",
        ] {
            assert_eq!(Attendance::stored(text), Err(InvalidAttendance), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_attendance_is_read_back_from_its_text(attendance in any_attendance()) {
            prop_assert_eq!(Attendance::stored(&attendance.to_string()), Ok(attendance));
        }
    }
}
