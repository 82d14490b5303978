//! A wanted change of a cell.

use jiff::Timestamp;
use zhurnal_proto::id::{LessonId, PersonId};

use super::{attendance::Attendance, cell::Part, control_kind::ControlKind};

/// What is to become of a part of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Set or replace a mark.
    SetMark {
        /// Slot, from 1.
        slot: u8,
        /// As written; whether it is a mark the policy decides.
        value: String,
        /// Kind of work.
        kind: ControlKind,
        /// Comment; empty = none.
        comment: String,
    },
    /// Clear a mark.
    ClearMark {
        /// Slot, from 1.
        slot: u8,
    },
    /// Set attendance.
    SetAttendance {
        /// What.
        attendance: Attendance,
        /// Comment; empty = none.
        comment: String,
    },
    /// Clear attendance: the pupil was there.
    ClearAttendance,
}

impl Change {
    /// Which part it changes.
    pub fn part(&self) -> Part {
        match self {
            Change::SetMark { slot, .. } | Change::ClearMark { slot } => Part::Mark(*slot),
            Change::SetAttendance { .. } | Change::ClearAttendance => Part::Attendance,
        }
    }

    /// It puts something there rather than clears it.
    pub fn sets(&self) -> bool {
        matches!(self, Change::SetMark { .. } | Change::SetAttendance { .. })
    }

    /// Comment that it brings.
    pub fn comment(&self) -> &str {
        match self {
            Change::SetMark { comment, .. } | Change::SetAttendance { comment, .. } => comment,
            Change::ClearMark { .. } | Change::ClearAttendance => "",
        }
    }
}

/// A change of one cell with what its author saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Lesson.
    pub lesson: LessonId,
    /// Pupil.
    pub pupil: PersonId,
    /// What to do.
    pub change: Change,
    /// Revision of the part that the author saw; 0 = empty.
    pub base_revision: i64,
    /// Time on the device: evidence only.
    pub client_time: Option<Timestamp>,
}
