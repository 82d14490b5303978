//! One cell: pupil × lesson, the unit that is kept consistent.
//!
//! Invariant: slots are distinct and sorted; a slot or attendance that was ever
//! used stays with its growing revision, also when it is empty again.

use jiff::Timestamp;
use zhurnal_proto::id::PersonId;

use super::{attendance::Attendance, control_kind::ControlKind, mark::MarkValue};

/// Most slots of a cell.
pub const MOST_SLOTS: u8 = 8;

/// When and by whom a part of a cell was last changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Grows by one with each change; 1 = the first.
    pub revision: i64,
    /// Instant of the last change.
    pub set_at: Timestamp,
    /// Author of the last change.
    pub set_by: PersonId,
    /// When the part was last filled from empty.
    pub first_at: Timestamp,
    /// The last change came after the entry was due.
    pub late: bool,
    /// Text of the value before the last change; empty = none.
    pub before: String,
}

/// Who changes a part, when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Instant, server's.
    pub at: Timestamp,
    /// Author.
    pub by: PersonId,
    /// After the entry was due.
    pub late: bool,
}

impl Stamp {
    /// The stamp after a change of a part that held `before`.
    pub fn after(previous: Option<&Stamp>, before: String, trace: Trace) -> Stamp {
        let filled = previous.filter(|_| !before.is_empty());
        Stamp {
            revision: previous.map_or(0, |stamp| stamp.revision) + 1,
            set_at: trace.at,
            set_by: trace.by,
            first_at: filled.map_or(trace.at, |stamp| stamp.first_at),
            late: trace.late,
            before,
        }
    }
}

/// One mark, or where one was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Number in the cell, from 1.
    pub slot: u8,
    /// `None`: cleared.
    pub value: Option<MarkValue>,
    /// Kind of work.
    pub kind: ControlKind,
    /// Comment; empty = none.
    pub comment: String,
    /// Last change.
    pub stamp: Stamp,
}

/// Attendance, or where one was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// `None`: cleared, the pupil was there.
    pub attendance: Option<Attendance>,
    /// Comment; empty = none.
    pub comment: String,
    /// Last change.
    pub stamp: Stamp,
}

/// Which part of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The attendance.
    Attendance,
    /// The mark of a slot, from 1.
    Mark(u8),
}

impl Part {
    /// Number in the database: 0 = attendance, else the slot.
    pub fn number(self) -> i16 {
        match self {
            Part::Attendance => 0,
            Part::Mark(slot) => i16::from(slot),
        }
    }

    /// Back from the number.
    pub fn from_number(number: i16) -> Part {
        match u8::try_from(number) {
            Ok(slot) if slot > 0 => Part::Mark(slot),
            _ => Part::Attendance,
        }
    }
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Grows by one with each saved change of the cell; 0 = never saved.
    pub revision: i64,
    /// Slots ever used, sorted.
    pub slots: Vec<Slot>,
    /// Attendance, if it was ever taken.
    pub taken: Option<Taken>,
}

impl Cell {
    /// The slot, if it was ever used.
    pub fn slot(&self, number: u8) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.slot == number)
    }

    /// Marks that stand in the cell.
    pub fn marks(&self) -> impl Iterator<Item = (&Slot, MarkValue)> {
        self.slots
            .iter()
            .filter_map(|slot| slot.value.map(|value| (slot, value)))
    }

    /// The attendance that stands in the cell.
    pub fn attendance(&self) -> Option<Attendance> {
        self.taken.as_ref().and_then(|taken| taken.attendance)
    }

    /// The pupil was not at the lesson.
    pub fn is_absent(&self) -> bool {
        self.attendance().is_some_and(Attendance::is_absence)
    }

    /// «н», «б» or «у» and a mark stand together.
    pub fn is_absent_with_mark(&self) -> bool {
        self.is_absent() && self.marks().next().is_some()
    }

    /// An absence with a mark that nobody has explained (R32): neither the absence
    /// nor each of the marks has a comment.
    pub fn lacks_comment(&self) -> bool {
        let explained = |comment: &str| !comment.trim().is_empty();
        self.is_absent()
            && !self
                .taken
                .as_ref()
                .is_some_and(|taken| explained(&taken.comment))
            && self.marks().any(|(slot, _)| !explained(&slot.comment))
    }

    /// Nothing stands in the cell.
    pub fn is_empty(&self) -> bool {
        self.attendance().is_none() && self.marks().next().is_none()
    }

    /// Stamp of a part, if it was ever used.
    pub fn stamp(&self, part: Part) -> Option<&Stamp> {
        match part {
            Part::Attendance => self.taken.as_ref().map(|taken| &taken.stamp),
            Part::Mark(slot) => self.slot(slot).map(|slot| &slot.stamp),
        }
    }

    /// Text of what stands in a part; empty = nothing.
    pub fn text(&self, part: Part) -> String {
        match part {
            Part::Attendance => self.attendance().map(|a| a.to_string()),
            Part::Mark(slot) => self
                .slot(slot)
                .and_then(|slot| slot.value)
                .map(|v| v.to_string()),
        }
        .unwrap_or_default()
    }

    /// Puts a slot in its place.
    pub fn put_slot(&mut self, slot: Slot) {
        match self.slots.binary_search_by_key(&slot.slot, |one| one.slot) {
            Ok(at) => self.slots[at] = slot,
            Err(at) => self.slots.insert(at, slot),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::lesson::tests::person;

    pub(crate) fn trace(at: &str, by: u128) -> Trace {
        Trace {
            at: at.parse().unwrap(),
            by: person(by),
            late: false,
        }
    }

    fn marked(slot: u8, comment: &str) -> Slot {
        Slot {
            slot,
            value: Some(MarkValue::Points(4)),
            kind: ControlKind::Ordinary,
            comment: comment.to_owned(),
            stamp: Stamp::after(None, String::new(), trace("2026-09-01T06:00:00Z", 1)),
        }
    }

    fn absent(comment: &str) -> Option<Taken> {
        let stamp = Stamp::after(None, String::new(), trace("2026-09-01T06:00:00Z", 1));
        Some(Taken {
            attendance: Some(Attendance::Absent),
            comment: comment.to_owned(),
            stamp,
        })
    }

    #[test]
    fn an_absence_with_a_mark_is_explained_by_itself_or_by_every_mark() {
        for (absence, first, second, lacks) in [
            ("", "", "", true),
            ("", "написал позже", "", true),
            ("", "написал позже", "и сдал тетрадь", false),
            ("соревнования", "", "", false),
            (" ", "\n", "", true),
        ] {
            let cell = Cell {
                revision: 1,
                slots: vec![marked(1, first), marked(2, second)],
                taken: absent(absence),
            };
            assert_eq!(
                cell.lacks_comment(),
                lacks,
                "{absence:?} {first:?} {second:?}"
            );
        }
    }

    #[test]
    fn a_stamp_remembers_since_when_the_part_is_filled() {
        let first = Stamp::after(None, String::new(), trace("2026-09-01T06:00:00Z", 1));
        let second = Stamp::after(
            Some(&first),
            "4".to_owned(),
            trace("2026-09-01T07:00:00Z", 2),
        );
        assert_eq!(
            (second.revision, second.first_at, second.set_by),
            (2, first.set_at, person(2))
        );
        let cleared = Stamp::after(
            Some(&second),
            "5".to_owned(),
            trace("2026-09-01T08:00:00Z", 1),
        );
        let again = Stamp::after(
            Some(&cleared),
            String::new(),
            trace("2026-09-01T09:00:00Z", 1),
        );
        assert_eq!((again.revision, again.first_at), (4, again.set_at));
    }

    #[test]
    fn slots_stay_sorted_and_distinct() {
        let mut cell = Cell::default();
        for slot in [3, 1, 2, 1] {
            cell.put_slot(marked(slot, ""));
        }
        assert_eq!(
            cell.slots.iter().map(|slot| slot.slot).collect::<Vec<_>>(),
            [1, 2, 3]
        );
    }
}
