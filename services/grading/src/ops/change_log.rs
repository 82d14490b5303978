//! Collects the ledger entries of one change: everything that one transaction
//! does on behalf of one person.

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;
use zhurnal_proto::id::{CorrectionRequestId, PersonId, SchoolId, SessionId};

use crate::{
    Grading,
    domain::{
        correction::CorrectionRequest,
        decide::Applied,
        ledger::entry::{Entry, EntryKey, PersonalText, SALT, Subject},
        lesson::Lesson,
        lesson_entry::LessonEntry,
    },
    store::{columns::KnownColumn, save::SealedEntry},
};

/// The entries of one change.
pub struct ChangeLog<'a> {
    grading: &'a Grading,
    /// Id of the change; in every entry and in the event.
    pub id: Uuid,
    school: SchoolId,
    at: Timestamp,
    day: Date,
    session: Option<SessionId>,
    copy_cursor: String,
    entries: Vec<SealedEntry>,
}

/// What an entry says beside who, when and where.
struct Said<'a> {
    subject: Subject,
    pupil: Option<PersonId>,
    slot: i16,
    old: String,
    new: String,
    kind: i16,
    revision: i64,
    text: &'a str,
    author: PersonId,
    client_time: Option<Timestamp>,
    late: bool,
    correction: Option<CorrectionRequestId>,
}

impl<'a> ChangeLog<'a> {
    /// A change at `at`, decided on the facts of a column.
    pub fn new(
        grading: &'a Grading,
        known: &KnownColumn,
        at: Timestamp,
        session: Option<SessionId>,
    ) -> ChangeLog<'a> {
        ChangeLog {
            grading,
            id: grading.cx.ids.uuid(),
            school: known.column.lesson.school,
            at,
            day: known.zone.to_datetime(at).date(),
            session,
            copy_cursor: known.copy_cursor.clone(),
            entries: Vec::new(),
        }
    }

    /// A mark or an attendance was changed by `author`; a correction request that
    /// allowed it is named.
    pub fn cell(
        &mut self,
        lesson: &Lesson,
        pupil: PersonId,
        applied: &Applied,
        author: PersonId,
        client_time: Option<Timestamp>,
        correction: Option<CorrectionRequestId>,
    ) {
        let slot = applied.part.number();
        self.push(
            lesson,
            Said {
                subject: if slot == 0 {
                    Subject::Attendance
                } else {
                    Subject::Mark
                },
                pupil: Some(pupil),
                slot,
                old: applied.old.clone(),
                new: applied.new.clone(),
                kind: applied.kind.number(),
                revision: applied.revision,
                text: &applied.comment,
                author,
                client_time,
                late: applied.late,
                correction,
            },
        );
    }

    /// A lesson was recorded.
    pub fn lesson(&mut self, lesson: &Lesson, entry: &LessonEntry) {
        self.push(
            lesson,
            Said {
                subject: Subject::Lesson,
                pupil: None,
                slot: 0,
                old: entry.stamp.before.clone(),
                new: entry.content.text(),
                kind: entry.content.control_kind.number(),
                revision: entry.stamp.revision,
                text: "",
                author: entry.stamp.set_by,
                client_time: None,
                late: entry.stamp.late,
                correction: None,
            },
        );
    }

    /// A correction request was made (`revision` 1) or decided (2).
    pub fn correction(&mut self, lesson: &Lesson, request: &CorrectionRequest) {
        let text;
        let (old, new, revision, author) = match request.state.decision() {
            None => {
                text = request.ledger_text();
                (String::new(), request.ledger_value(), 1, request.author)
            }
            Some(decision) => {
                text = decision.note.clone();
                (
                    request.ledger_value(),
                    request.state.word().to_owned(),
                    2,
                    decision.by,
                )
            }
        };
        self.push(
            lesson,
            Said {
                subject: Subject::Correction,
                pupil: Some(request.pupil()),
                slot: request.part().number(),
                old,
                new,
                kind: 0,
                revision,
                text: &text,
                author,
                client_time: request.operation.client_time,
                late: false,
                correction: Some(request.id),
            },
        );
    }

    fn push(&mut self, lesson: &Lesson, said: Said<'_>) {
        let entry = Entry {
            school: self.school,
            academic_year: lesson.academic_year,
            // A change has at most 200 operations and a few entries more.
            key: EntryKey {
                lesson: lesson.id,
                change: self.id,
                nth: i16::try_from(self.entries.len()).unwrap_or(i16::MAX),
            },
            day: self.day,
            subject: said.subject,
            pupil: said.pupil,
            slot: said.slot,
            old_value: said.old,
            new_value: said.new,
            kind: said.kind,
            revision: said.revision,
            personal: PersonalText::new(said.text, || self.grading.cx.ids.secret(SALT)),
            author: said.author,
            recorded_at: self.at,
            client_time: said.client_time,
            late: said.late,
            correction: said.correction,
            session: self.session,
            policy: self.grading.policy.id.clone(),
            copy_cursor: self.copy_cursor.clone(),
        };
        let seal = entry.seal(self.grading.key.seal());
        self.entries.push(SealedEntry { entry, seal });
    }

    /// The entries, to be written with the cells.
    pub fn entries(&self) -> &[SealedEntry] {
        &self.entries
    }
}
