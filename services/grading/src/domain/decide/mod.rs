//! Whether a change of a cell is made, and what it leaves behind.
//!
//! Three questions in this order: may this person touch this cell at all
//! ([`admissible`]), is it a sensible change of what stands there ([`plan`]), do
//! the clocks let it through without a correction request ([`permitted`]).

use jiff::Timestamp;
use zhurnal_proto::id::PersonId;

use super::{
    attendance::Attendance,
    cell::{Cell, Part, Slot, Stamp, Taken, Trace},
    clocks::{Clocks, Window},
    control_kind::ControlKind,
    lesson::Column,
    mark::MarkValue,
    operation::Change,
    policy::{MarkBlock, Policy},
    rejection::Rejection,
};

/// Who acts when, under which rules.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Rules.
    pub policy: &'a Policy,
    /// Clocks of the lesson.
    pub clocks: Clocks,
    /// What they allow now.
    pub window: Window,
    /// Server's time.
    pub now: Timestamp,
    /// Author's card.
    pub by: PersonId,
}

/// Why a change does not come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The cell already holds just that.
    Duplicate,
    /// The part was changed since the author saw it.
    Conflict,
    /// Against a rule.
    Rejected(Rejection),
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Stop {
        Stop::Rejected(rejection)
    }
}

/// A sensible change, not yet made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Part of the cell.
    pub part: Part,
    content: Content,
    comment: String,
    old: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Mark(Option<MarkValue>, ControlKind),
    Attendance(Option<Attendance>),
}

/// A change that was made, as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Part of the cell.
    pub part: Part,
    /// Text before; empty = none.
    pub old: String,
    /// Text after; empty = cleared.
    pub new: String,
    /// Kind of work; ordinary for attendance.
    pub kind: ControlKind,
    /// Comment after.
    pub comment: String,
    /// Revision of the part after.
    pub revision: i64,
    /// After the entry was due.
    pub late: bool,
}

/// May this person change this cell of this column at all?
pub fn admissible(
    column: &Column,
    pupil: PersonId,
    change: &Change,
    moment: &Moment<'_>,
) -> Result<(), Rejection> {
    if !column.lesson.is_of(moment.by) {
        return Err(Rejection::LessonNotOwn);
    }
    match moment.window {
        Window::Cancelled => return Err(Rejection::LessonCancelled),
        Window::Future => return Err(Rejection::LessonInFuture),
        Window::Open | Window::Late | Window::Correction => {}
    }
    if !column.members.contains(&pupil) {
        return Err(Rejection::PupilNotInGroup);
    }
    if let (Some(why), Change::SetMark { .. }) = (column.lesson.without_marks(), change) {
        return Err(why);
    }
    if column.on_paper.contains(&pupil) && change.sets() {
        return Err(Rejection::PaperJournal);
    }
    Ok(())
}

/// What the change would make of the cell; the clocks are not asked.
pub fn plan(
    cell: &Cell,
    change: &Change,
    base_revision: i64,
    policy: &Policy,
) -> Result<Plan, Stop> {
    let content = match change {
        Change::SetMark { value, kind, .. } => {
            let value = MarkValue::parse(value, policy.one_allowed)
                .map_err(|_| Rejection::MarkValueInvalid)?;
            Content::Mark(Some(value), *kind)
        }
        Change::ClearMark { .. } => Content::Mark(None, ControlKind::Ordinary),
        Change::SetAttendance { attendance, .. } => Content::Attendance(Some(*attendance)),
        Change::ClearAttendance => Content::Attendance(None),
    };
    let part = change.part();
    let plan = Plan {
        part,
        content,
        comment: change.comment().trim().to_owned(),
        old: cell.text(part),
    };
    if plan.is_there(cell) {
        return Err(Stop::Duplicate);
    }
    if !seen(cell, part, base_revision) {
        return Err(Stop::Conflict);
    }
    if plan.sets() && plan.applied_to(cell).lacks_comment() {
        return Err(Rejection::AbsentMarkNeedsComment.into());
    }
    Ok(plan)
}

/// The author knew what stands in the part.
fn seen(cell: &Cell, part: Part, base_revision: i64) -> bool {
    match cell.stamp(part) {
        None => base_revision == 0,
        Some(stamp) => {
            stamp.revision == base_revision || (base_revision == 0 && cell.text(part).is_empty())
        }
    }
}

/// Do the clocks let the change through without a correction request?
pub fn permitted(cell: &Cell, plan: &Plan, moment: &Moment<'_>) -> Result<(), Rejection> {
    let present = cell.stamp(plan.part);
    if present.is_some_and(|stamp| plan.undoes(stamp, moment)) {
        return Ok(());
    }
    if moment.window == Window::Correction {
        let fresh = |stamp: &Stamp| mended_by_its_author(stamp, moment);
        let free = match plan.part {
            // An empty cell may be filled; its author then has some minutes for the whole of it.
            Part::Mark(_) => cell.slots.iter().all(|slot| fresh(&slot.stamp)),
            Part::Attendance => present.is_none_or(fresh),
        };
        return if free {
            Ok(())
        } else {
            Err(Rejection::CorrectionRequired)
        };
    }
    match present {
        Some(stamp) if matches!(plan.part, Part::Mark(_)) && !plan.old.is_empty() => {
            unblocked(stamp, moment)
        }
        _ => Ok(()),
    }
}

/// A first entry made after the free time, by the same author, a few minutes ago.
fn mended_by_its_author(stamp: &Stamp, moment: &Moment<'_>) -> bool {
    stamp.set_by == moment.by
        && stamp.first_at >= moment.clocks.free_until
        && moment.now.duration_since(stamp.first_at) <= moment.policy.self_correction
}

/// R33.
fn unblocked(stamp: &Stamp, moment: &Moment<'_>) -> Result<(), Rejection> {
    match moment.policy.mark_block {
        MarkBlock::Off => Ok(()),
        MarkBlock::LockThenFree(time) if moment.now.duration_since(stamp.set_at) < time => {
            Err(Rejection::MarkBlocked)
        }
        MarkBlock::LockThenFree(_) => Ok(()),
        MarkBlock::GraceThenLock(time) if moment.now.duration_since(stamp.first_at) > time => {
            Err(Rejection::CorrectionRequired)
        }
        MarkBlock::GraceThenLock(_) if stamp.set_by == moment.by => Ok(()),
        MarkBlock::GraceThenLock(_) => Err(Rejection::MarkBlocked),
    }
}

/// Makes the change.
pub fn carry_out(cell: &mut Cell, plan: Plan, trace: Trace) -> Applied {
    let stamp = Stamp::after(cell.stamp(plan.part), plan.old.clone(), trace);
    let applied = Applied {
        part: plan.part,
        new: plan.text(),
        kind: plan.kind(),
        comment: plan.comment.clone(),
        revision: stamp.revision,
        late: trace.late,
        old: plan.old.clone(),
    };
    plan.put(cell, stamp);
    applied
}

impl Plan {
    /// Text after; empty = cleared.
    pub fn text(&self) -> String {
        match self.content {
            Content::Mark(value, _) => value.map(|value| value.to_string()),
            Content::Attendance(attendance) => attendance.map(|attendance| attendance.to_string()),
        }
        .unwrap_or_default()
    }

    /// Text before; empty = none.
    pub fn old(&self) -> &str {
        &self.old
    }

    fn kind(&self) -> ControlKind {
        match self.content {
            Content::Mark(_, kind) => kind,
            Content::Attendance(_) => ControlKind::Ordinary,
        }
    }

    fn sets(&self) -> bool {
        matches!(
            self.content,
            Content::Mark(Some(_), _) | Content::Attendance(Some(_))
        )
    }

    fn is_there(&self, cell: &Cell) -> bool {
        match self.content {
            Content::Mark(None, _) => self.old.is_empty(),
            Content::Attendance(attendance) => {
                cell.attendance() == attendance
                    && (attendance.is_none()
                        || cell
                            .taken
                            .as_ref()
                            .is_some_and(|taken| taken.comment == self.comment))
            }
            Content::Mark(value, kind) => match self.part {
                Part::Mark(number) => cell.slot(number).is_some_and(|slot| {
                    slot.value == value && slot.kind == kind && slot.comment == self.comment
                }),
                Part::Attendance => false,
            },
        }
    }

    /// The author takes the last change back while it is fresh.
    fn undoes(&self, stamp: &Stamp, moment: &Moment<'_>) -> bool {
        stamp.set_by == moment.by
            && moment.now.duration_since(stamp.set_at) <= moment.policy.undo
            && self.text() == stamp.before
    }

    fn applied_to(&self, cell: &Cell) -> Cell {
        let mut after = cell.clone();
        let nobody = PersonId::from_uuid(uuid::Uuid::nil());
        let trace = Trace {
            at: Timestamp::UNIX_EPOCH,
            by: nobody,
            late: false,
        };
        self.clone()
            .put(&mut after, Stamp::after(None, String::new(), trace));
        after
    }

    fn put(self, cell: &mut Cell, stamp: Stamp) {
        match (self.part, self.content) {
            (Part::Mark(slot), Content::Mark(value, kind)) => {
                cell.put_slot(Slot {
                    slot,
                    value,
                    kind,
                    comment: self.comment,
                    stamp,
                });
            }
            (_, Content::Attendance(attendance)) => {
                cell.taken = Some(Taken {
                    attendance,
                    comment: self.comment,
                    stamp,
                });
            }
            // A mark has always a slot: `Change::part`.
            (Part::Attendance, Content::Mark(..)) => {}
        }
    }
}

#[cfg(test)]
mod tests;
