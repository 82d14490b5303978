//! The ledger's tables: entries here, checkpoints beside.

mod checkpoints;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::{CorrectionRequestId, LessonId, PersonId, SchoolId, SessionId};

pub use self::checkpoints::{
    NewestCheckpoint, StoredCheckpoint, advance, checkpoints, frontier, insert_checkpoint, newest,
    progress,
};
use super::{all, corrupt, date, instant, save::SealedEntry};
use crate::domain::ledger::entry::{Entry, EntryKey, PersonalText, Subject};

#[derive(FromQueryResult)]
struct Row {
    school_id: Uuid,
    lesson_id: Uuid,
    change_id: Uuid,
    nth: i16,
    academic_year: i16,
    day: String,
    subject: i16,
    pupil_id: Uuid,
    slot: i16,
    old_value: String,
    new_value: String,
    kind: i16,
    revision: i64,
    commitment: Vec<u8>,
    salt: Vec<u8>,
    personal_text: String,
    author_id: Uuid,
    recorded_us: i64,
    client_us: i64,
    late: bool,
    correction_request_id: Uuid,
    session_id: Uuid,
    policy_id: String,
    copy_cursor: String,
    seal: Vec<u8>,
}

const COLUMNS: &str = "school_id, lesson_id, change_id, nth, academic_year, day, subject, pupil_id, slot, old_value,
    new_value, kind, revision, commitment, salt, personal_text, author_id, recorded_us, client_us, late,
    correction_request_id, session_id, policy_id, copy_cursor, seal";

fn known(id: Uuid) -> Option<Uuid> {
    (!id.is_nil()).then_some(id)
}

impl Row {
    fn key(&self) -> EntryKey {
        EntryKey {
            lesson: LessonId::from_uuid(self.lesson_id),
            change: self.change_id,
            nth: self.nth,
        }
    }

    fn into_entry(self) -> Result<SealedEntry, DbErr> {
        let key = self.key();
        let subject = Subject::from_number(self.subject).ok_or_else(|| {
            corrupt(
                "ledger_entry",
                format!("{}/{}", key.lesson, key.nth),
                "subject",
            )
        })?;
        let entry = Entry {
            school: SchoolId::from_uuid(self.school_id),
            academic_year: self.academic_year,
            key,
            day: date("ledger_entry", &self.day)?,
            subject,
            pupil: known(self.pupil_id).map(PersonId::from_uuid),
            slot: self.slot,
            old_value: self.old_value,
            new_value: self.new_value,
            kind: self.kind,
            revision: self.revision,
            personal: PersonalText::stored(self.salt, self.personal_text, self.commitment),
            author: PersonId::from_uuid(self.author_id),
            recorded_at: instant(self.recorded_us),
            client_time: (self.client_us != 0).then(|| instant(self.client_us)),
            late: self.late,
            correction: known(self.correction_request_id).map(CorrectionRequestId::from_uuid),
            session: known(self.session_id).map(SessionId::from_uuid),
            policy: self.policy_id,
            copy_cursor: self.copy_cursor,
        };
        Ok(SealedEntry {
            entry,
            seal: self.seal,
        })
    }
}

fn entries(rows: Vec<Row>) -> Result<Vec<SealedEntry>, DbErr> {
    rows.into_iter().map(Row::into_entry).collect()
}

/// Entries of a cell: its marks, its attendance, its correction requests.
pub async fn of_cell(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    lesson: LessonId,
    pupil: PersonId,
) -> Result<Vec<SealedEntry>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ledger_entry WHERE school_id = ? AND lesson_id = ? AND pupil_id = ?
        ORDER BY recorded_us, revision, change_id, nth"
    );
    entries(
        all(
            conn,
            &sql,
            [
                school.uuid().into(),
                lesson.uuid().into(),
                pupil.uuid().into(),
            ],
        )
        .await?,
    )
}

/// Entries of distinct changes, in no order.
pub async fn of_changes(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    changes: &[(LessonId, Uuid)],
) -> Result<Vec<SealedEntry>, DbErr> {
    const AT_ONCE: usize = 256;
    let mut found = Vec::new();
    for chunk in changes.chunks(AT_ONCE) {
        let mut pairs = chunk.to_vec();
        // The nil change has no entries: it fills up to a length that has a statement.
        let nothing = (LessonId::from_uuid(Uuid::nil()), Uuid::nil());
        pairs.resize(chunk.len().next_power_of_two(), nothing);
        let rows = vec!["(?, ?)"; pairs.len()].join(", ");
        let sql = format!(
            "WITH w (lesson_id, change_id) AS (VALUES {rows})
            SELECT {} FROM w JOIN ledger_entry e
                ON e.school_id = ? AND e.lesson_id = w.lesson_id AND e.change_id = w.change_id",
            COLUMNS
                .split(',')
                .map(|column| format!("e.{}", column.trim()))
                .collect::<Vec<_>>()
                .join(", ")
        );
        let keys = pairs
            .iter()
            .flat_map(|(lesson, change)| [Value::from(lesson.uuid()), Value::from(*change)]);
        found.extend(entries(
            all(conn, &sql, keys.chain([school.uuid().into()])).await?,
        )?);
    }
    Ok(found)
}

/// A stretch of a school's entries by lesson, for verification; the bare key of a
/// row that the service cannot have written.
pub async fn after(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    key: Option<EntryKey>,
    limit: i64,
) -> Result<Vec<Result<SealedEntry, EntryKey>>, DbErr> {
    // Nothing comes before the nil lesson with a negative place.
    let (lesson, change, nth) = key.map_or((Uuid::nil(), Uuid::nil(), -1), |k| {
        (k.lesson.uuid(), k.change, k.nth)
    });
    let sql = format!(
        "SELECT {COLUMNS} FROM ledger_entry WHERE school_id = ? AND (lesson_id, change_id, nth) > (?, ?, ?)
        ORDER BY lesson_id, change_id, nth LIMIT ?"
    );
    let values = [
        school.uuid().into(),
        lesson.into(),
        change.into(),
        nth.into(),
        limit.into(),
    ];
    let rows: Vec<Row> = all(conn, &sql, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let key = row.key();
            row.into_entry().map_err(|_| key)
        })
        .collect())
}
