//! Bells: when a lesson number starts and ends, per shift (R239).
//!
//! Invariant: within a shift the numbers are unique and a lesson ends before the
//! next one starts. Two shifts have clocks of their own and may overlap.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::str::FromStr;

/// A time of day to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

/// A text that is not `HH:MM`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ожидается время ЧЧ:ММ")]
pub struct InvalidTime;

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let &[h1, h2, b':', m1, m2] = text.as_bytes() else {
            return Err(InvalidTime);
        };
        let digit = |b: u8| {
            if b.is_ascii_digit() {
                Ok(u16::from(b - b'0'))
            } else {
                Err(InvalidTime)
            }
        };
        let (hour, minute) = (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?);
        if hour < 24 && minute < 60 {
            Ok(Self(hour * 60 + minute))
        } else {
            Err(InvalidTime)
        }
    }
}

/// When a lesson number is held in a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bell {
    /// Shift, 1 or 2.
    pub shift: u8,
    /// Lesson number, from 1.
    pub number: u8,
    /// Start.
    pub starts_at: TimeOfDay,
    /// End, after the start.
    pub ends_at: TimeOfDay,
}

/// What is wrong with a bell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BellFault {
    /// It ends before it starts.
    #[error("урок заканчивается не позже, чем начинается")]
    EndsBeforeStart,
    /// The number is there twice in the shift.
    #[error("этот номер урока в смене уже есть")]
    Twice,
    /// It starts before an earlier number of the shift is over.
    #[error("урок начинается раньше, чем закончился предыдущий")]
    Overlaps,
}

/// The bells of a school.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bells {
    by_slot: BTreeMap<(u8, u8), Bell>,
}

impl Bells {
    /// Checks the bells; each fault names the index of its bell.
    pub fn new(bells: &[Bell]) -> Result<Self, Vec<(usize, BellFault)>> {
        let mut faults = Vec::new();
        let mut by_slot: BTreeMap<(u8, u8), (usize, Bell)> = BTreeMap::new();
        for (at, bell) in bells.iter().enumerate() {
            if bell.ends_at <= bell.starts_at {
                faults.push((at, BellFault::EndsBeforeStart));
            }
            match by_slot.entry((bell.shift, bell.number)) {
                Entry::Occupied(_) => faults.push((at, BellFault::Twice)),
                Entry::Vacant(free) => {
                    free.insert((at, *bell));
                }
            }
        }
        let ordered: Vec<&(usize, Bell)> = by_slot.values().collect();
        for pair in ordered.windows(2) {
            let ((_, earlier), (at, later)) = (pair[0], pair[1]);
            if earlier.shift == later.shift && later.starts_at < earlier.ends_at {
                faults.push((*at, BellFault::Overlaps));
            }
        }
        if faults.is_empty() {
            Ok(Self {
                by_slot: by_slot
                    .into_iter()
                    .map(|(slot, (_, bell))| (slot, bell))
                    .collect(),
            })
        } else {
            Err(faults)
        }
    }

    /// The bell of a lesson number in a shift.
    pub fn get(&self, shift: u8, number: u8) -> Option<&Bell> {
        self.by_slot.get(&(shift, number))
    }

    /// The bells of a day on which no lesson is longer than so many minutes. Each shift begins
    /// as usual and keeps its breaks.
    pub fn shortened(&self, minutes: u8) -> Self {
        let mut by_slot = self.by_slot.clone();
        let mut before: Option<(Bell, TimeOfDay)> = None;
        for bell in by_slot.values_mut() {
            let usual = *bell;
            let starts_at = match before {
                Some((earlier, ended)) if earlier.shift == usual.shift => {
                    TimeOfDay(ended.0 + (usual.starts_at.0 - earlier.ends_at.0))
                }
                _ => usual.starts_at,
            };
            let length = (usual.ends_at.0 - usual.starts_at.0).min(minutes.into());
            *bell = Bell {
                starts_at,
                ends_at: TimeOfDay(starts_at.0 + length),
                ..usual
            };
            before = Some((usual, bell.ends_at));
        }
        Self { by_slot }
    }

    /// All bells by shift and number.
    pub fn iter(&self) -> impl Iterator<Item = &Bell> {
        self.by_slot.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bell(shift: u8, number: u8, starts_at: &str, ends_at: &str) -> Bell {
        Bell {
            shift,
            number,
            starts_at: starts_at.parse().unwrap(),
            ends_at: ends_at.parse().unwrap(),
        }
    }

    #[test]
    fn a_shortened_day_keeps_beginnings_and_breaks_of_each_shift() {
        let bells = Bells::new(&[
            bell(1, 1, "08:00", "08:45"),
            bell(1, 2, "08:55", "09:40"),
            bell(1, 3, "10:00", "10:30"),
            bell(1, 4, "10:35", "11:20"),
            bell(2, 1, "13:00", "13:45"),
        ])
        .unwrap();
        let short = bells.shortened(35);
        let of = |shift, number| {
            let bell = short.get(shift, number).unwrap();
            format!("{}-{}", bell.starts_at, bell.ends_at)
        };
        assert_eq!(
            [of(1, 1), of(1, 2), of(1, 3), of(1, 4), of(2, 1)],
            // The third lesson is shorter than 35 minutes as it is.
            [
                "08:00-08:35",
                "08:45-09:20",
                "09:40-10:10",
                "10:15-10:50",
                "13:00-13:35"
            ]
        );
        assert_eq!(bells.shortened(45), bells);
    }

    #[test]
    fn a_time_reads_back_what_it_shows() {
        for text in ["00:00", "08:05", "23:59"] {
            assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
        }
        for text in ["24:00", "12:60", "8:00", "08-00", "08:0x", ""] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(InvalidTime), "{text}");
        }
    }

    #[test]
    fn two_shifts_have_clocks_of_their_own() {
        let bells =
            Bells::new(&[bell(1, 6, "12:30", "13:10"), bell(2, 1, "12:50", "13:30")]).unwrap();
        assert_eq!(bells.get(2, 1).unwrap().starts_at.to_string(), "12:50");
        assert_eq!(bells.get(1, 1), None);
    }

    #[test]
    fn bells_that_cannot_be_rung_are_named() {
        let wrong = [
            bell(1, 2, "08:30", "09:10"),
            bell(1, 1, "08:00", "08:40"),
            bell(1, 1, "10:00", "10:40"),
            bell(2, 1, "14:00", "14:00"),
        ];
        assert_eq!(
            Bells::new(&wrong).unwrap_err(),
            [
                (2, BellFault::Twice),
                (3, BellFault::EndsBeforeStart),
                (0, BellFault::Overlaps)
            ]
        );
    }
}
