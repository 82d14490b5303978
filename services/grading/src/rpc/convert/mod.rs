//! Domain and store ↔ messages, nothing else.

mod operations;

use jiff::Timestamp;
use num_rational::Ratio;
use zhurnal_proto::{
    grading::v1 as pb,
    id::{GroupId, LessonId, PersonId},
    types::v1::{Fraction, PersonName},
};

pub use self::operations::{operation, operation_message};
use crate::{
    domain::{
        attendance::Attendance,
        cell::Cell,
        clocks::{Clocks, Window},
        control_kind::ControlKind,
        correction::CorrectionState,
        lesson::LessonState,
        mean::mean,
        week::academic_year,
    },
    store::{
        corrections::Listed, journals::Journal, lesson_cards::LessonCard, pupils::Name,
        save::SealedEntry,
    },
};

/// An instant.
pub fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}

/// A name.
pub fn name(name: Name) -> PersonName {
    PersonName {
        surname: name.surname,
        given_name: name.given_name,
        patronymic: name.patronymic,
    }
}

/// An exact number.
pub fn fraction(number: Ratio<i64>) -> Fraction {
    Fraction {
        numerator: *number.numer(),
        denominator: *number.denom(),
    }
}

/// The exact mean of the marks of cells.
pub fn average<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Option<Fraction> {
    mean(
        cells
            .into_iter()
            .flat_map(|cell| cell.marks().map(|(_, value)| value)),
    )
    .map(fraction)
}

fn control_kind(kind: ControlKind) -> i32 {
    i32::from(kind.number())
}

fn attendance(attendance: Option<Attendance>) -> pb::Attendance {
    match attendance {
        None => pb::Attendance::Unspecified,
        Some(Attendance::Absent) => pb::Attendance::Absent,
        Some(Attendance::Ill) => pb::Attendance::Ill,
        Some(Attendance::Excused) => pb::Attendance::Excused,
        Some(Attendance::Late { .. }) => pb::Attendance::Late,
    }
}

/// Marks of a cell by slot.
pub fn marks(cell: &Cell) -> Vec<pb::Mark> {
    cell.marks()
        .map(|(slot, value)| pb::Mark {
            slot: u32::from(slot.slot),
            value: value.to_string(),
            exact: value.exact().map(fraction),
            kind: control_kind(slot.kind),
            comment: slot.comment.clone(),
            revision: slot.stamp.revision,
            set_at: Some(timestamp(slot.stamp.set_at)),
        })
        .collect()
}

/// A cell as it stands.
pub fn cell(lesson: LessonId, pupil: PersonId, cell: &Cell, correction_pending: bool) -> pb::Cell {
    let taken = cell.taken.as_ref();
    pb::Cell {
        lesson_id: lesson.to_string(),
        pupil_id: pupil.to_string(),
        marks: marks(cell),
        attendance: attendance(cell.attendance()).into(),
        late_minutes: cell
            .attendance()
            .map_or(0, |attendance| u32::from(attendance.late_minutes())),
        attendance_comment: taken.map(|taken| taken.comment.clone()).unwrap_or_default(),
        attendance_revision: taken.map_or(0, |taken| taken.stamp.revision),
        correction_pending,
    }
}

/// A cell without comments: for events.
pub fn cell_without_comments(
    lesson: LessonId,
    pupil: PersonId,
    held: &Cell,
    correction_pending: bool,
) -> pb::Cell {
    let mut cell = cell(lesson, pupil, held, correction_pending);
    cell.attendance_comment.clear();
    for mark in &mut cell.marks {
        mark.comment.clear();
    }
    cell
}

/// A journal without names.
pub fn journal(journal: &Journal, teachers: &[PersonId]) -> pb::Journal {
    pb::Journal {
        journal_id: journal.id.to_string(),
        school_id: journal.school.to_string(),
        academic_year: academic_year(journal.academic_year),
        group_id: GroupId::to_string(&journal.group),
        group_title: journal.group_title.clone(),
        class_id: journal
            .class
            .map(|class| class.to_string())
            .unwrap_or_default(),
        grade: u32::try_from(journal.grade).unwrap_or(0),
        subject_id: journal.subject.to_string(),
        subject_title: journal.subject_title.clone(),
        teacher_ids: teachers.iter().map(ToString::to_string).collect(),
        teacher_names: Vec::new(),
        unmarked: journal.unmarked,
    }
}

/// What the clocks allow.
pub fn window(window: Window) -> pb::EntryWindow {
    match window {
        Window::Future => pb::EntryWindow::Future,
        Window::Open => pb::EntryWindow::Open,
        Window::Late => pb::EntryWindow::Late,
        Window::Correction => pb::EntryWindow::Correction,
        Window::Cancelled => pb::EntryWindow::Cancelled,
    }
}

/// Etag of a lesson entry's version; empty before the first.
pub fn etag(version: i64) -> String {
    if version == 0 {
        String::new()
    } else {
        chassis::etag::of(version)
    }
}

/// Version of an etag; empty = 0, nonsense = one that is never there.
pub fn version(etag: &str) -> i64 {
    match etag.trim_matches('"') {
        "" => 0,
        text => text
            .strip_prefix('v')
            .and_then(|digits| digits.parse().ok())
            .filter(|v| *v > 0)
            .unwrap_or(-1),
    }
}

/// A lesson as a column; `own`: the caller may write in it.
pub fn column(card: &LessonCard, clocks: Clocks, allowed: Window, own: bool) -> pb::LessonColumn {
    let entry = card.entry.as_ref();
    pb::LessonColumn {
        lesson_id: card.lesson.id.to_string(),
        date: card.lesson.date.to_string(),
        lesson_number: u32::try_from(card.number).unwrap_or(0),
        starts_at: card.starts_at.clone(),
        ends_at: card.ends_at.clone(),
        topic: entry.map(|entry| entry.topic.clone()).unwrap_or_default(),
        homework: entry
            .map(|entry| entry.homework.clone())
            .unwrap_or_default(),
        homework_minutes: entry
            .and_then(|entry| u32::try_from(entry.homework_minutes).ok())
            .unwrap_or(0),
        control_kind: entry.map_or(0, |entry| control_kind(entry.control_kind)),
        conducted: entry.is_some(),
        recorded_late: entry.is_some_and(|entry| entry.recorded_late),
        entry_due_at: Some(timestamp(clocks.entry_due)),
        free_correction_until: Some(timestamp(clocks.free_until)),
        window: window(allowed).into(),
        own,
        cancelled: card.lesson.state == LessonState::Cancelled,
        substituted: card.lesson.substitute.is_some(),
        remote: card.remote,
        etag: etag(entry.map_or(0, |entry| entry.version)),
    }
}

/// A correction request as people see it.
pub fn correction(listed: Listed) -> pb::CorrectionRequest {
    let Listed {
        request,
        in_charge,
        date,
        titles: (subject_title, group_title),
        names,
    } = listed;
    let [pupil_name, author_name, decided_by_name] = names.map(|found| found.map(name));
    let decision = request.state.decision().cloned();
    let state = match request.state {
        CorrectionState::Pending => pb::CorrectionState::Pending,
        CorrectionState::Approved(_) => pb::CorrectionState::Approved,
        CorrectionState::Refused(_) => pb::CorrectionState::Refused,
    };
    pb::CorrectionRequest {
        correction_request_id: request.id.to_string(),
        school_id: request.school.to_string(),
        journal_id: request.journal.to_string(),
        lesson_id: request.lesson().to_string(),
        date,
        subject_title,
        group_title,
        pupil_id: request.pupil().to_string(),
        pupil_name,
        operation: Some(operation_message(&request.operation)),
        old_value: request.old_value,
        new_value: request.new_value,
        reason: request.reason,
        state: state.into(),
        author_id: request.author.to_string(),
        author_name,
        requested_at: Some(timestamp(request.requested_at)),
        decided_by_id: decision
            .as_ref()
            .map(|d| d.by.to_string())
            .unwrap_or_default(),
        decided_by_name,
        note: decision
            .as_ref()
            .map(|d| d.note.clone())
            .unwrap_or_default(),
        decided_at: decision.map(|d| timestamp(d.at)),
        can_decide: in_charge && state == pb::CorrectionState::Pending,
    }
}

/// A ledger entry as people see it.
pub fn ledger_entry(
    sealed: &SealedEntry,
    sequence: i64,
    author_name: Option<Name>,
) -> pb::LedgerEntry {
    let entry = &sealed.entry;
    pb::LedgerEntry {
        ledger_entry_id: entry.key.id().to_string(),
        sequence,
        subject: i32::from(entry.subject as i16),
        lesson_id: entry.key.lesson.to_string(),
        pupil_id: entry
            .pupil
            .map(|pupil| pupil.to_string())
            .unwrap_or_default(),
        slot: u32::try_from(entry.slot).unwrap_or(0),
        old_value: entry.old_value.clone(),
        new_value: entry.new_value.clone(),
        personal_text: entry.personal.text().to_owned(),
        author_id: entry.author.to_string(),
        author_name: author_name.map(name),
        recorded_at: Some(timestamp(entry.recorded_at)),
        client_time: entry.client_time.map(timestamp),
        late: entry.late,
        correction_request_id: entry
            .correction
            .map(|id| id.to_string())
            .unwrap_or_default(),
        session_id: entry.session.map(|id| id.to_string()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_gives_its_version_back() {
        for number in [0, 1, 7] {
            assert_eq!(version(&etag(number)), number);
        }
        assert_eq!(version("\"v3\""), 3);
        for text in ["3", "v", "v0", "v-1", "x"] {
            assert_eq!(version(text), -1, "{text}");
        }
    }
}
