//! Ledger rows and checkpoints.

use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, Value,
};
use uuid::Uuid;
use zhurnal_proto::id::{CorrectionRequestId, LessonId, PersonId, SchoolId, SessionId};

use super::{
    all, corrupt, date, entity::ledger_checkpoint, instant, micros, one, save::SealedEntry,
};
use crate::domain::ledger::{
    entry::{Entry, EntryKey, PersonalText, Subject},
    tree::{Frontier, Hash},
};

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

/// Entries of changes, in no order.
pub async fn of_changes(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    changes: &[(LessonId, Uuid)],
) -> Result<Vec<SealedEntry>, DbErr> {
    const AT_ONCE: usize = 256;
    let mut found = Vec::new();
    for chunk in changes.chunks(AT_ONCE) {
        let mut pairs = chunk.to_vec();
        if let Some(last) = chunk.last() {
            pairs.resize(chunk.len().next_power_of_two(), *last);
        }
        let rows = vec!["(?, ?)"; pairs.len()].join(", ");
        let sql = format!(
            "WITH w (lesson_id, change_id) AS (VALUES {rows})
            SELECT DISTINCT {} FROM w JOIN ledger_entry e
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

/// A checkpoint as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// Day of the tree.
    pub day: Date,
    /// Entries covered.
    pub tree_size: i64,
    /// Number of the first entry that it added.
    pub first_sequence: i64,
    /// Root.
    pub root: Vec<u8>,
    /// Signed note.
    pub note: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// Keys of the entries that it added, with their leaves.
    pub added: Vec<(EntryKey, Hash)>,
    /// Tree after them; `None` when the bytes are corrupt.
    pub frontier: Option<Frontier>,
}

/// Bytes of a key in `entries`.
const KEY: usize = 34;

fn write_key(bytes: &mut Vec<u8>, key: &EntryKey) {
    bytes.extend_from_slice(key.lesson.uuid().as_bytes());
    bytes.extend_from_slice(key.change.as_bytes());
    bytes.extend_from_slice(&key.nth.to_be_bytes());
}

fn read_key(bytes: &[u8; KEY]) -> EntryKey {
    let id = |from: usize| Uuid::from_slice(&bytes[from..from + 16]).unwrap_or_default();
    EntryKey {
        lesson: LessonId::from_uuid(id(0)),
        change: id(16),
        nth: i16::from_be_bytes([bytes[32], bytes[33]]),
    }
}

impl StoredCheckpoint {
    fn of_row(row: ledger_checkpoint::Model) -> Result<StoredCheckpoint, DbErr> {
        let keys = row.entries.as_chunks::<KEY>().0.iter().map(read_key);
        let leaves = row.leaves.as_chunks::<32>().0.iter().copied();
        Ok(StoredCheckpoint {
            day: date("ledger_checkpoint", &row.day)?,
            tree_size: row.tree_size,
            first_sequence: row.first_sequence,
            root: row.root,
            note: row.note,
            signed_at: instant(row.signed_us),
            added: keys.zip(leaves).collect(),
            frontier: u64::try_from(row.tree_size)
                .ok()
                .and_then(|size| Frontier::from_bytes(size, &row.frontier)),
        })
    }
}

/// All checkpoints of the days, by day and size.
pub async fn checkpoints(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    from: Date,
    to: Date,
) -> Result<Vec<StoredCheckpoint>, DbErr> {
    let rows = ledger_checkpoint::Entity::find()
        .filter(ledger_checkpoint::Column::SchoolId.eq(school.uuid()))
        .filter(ledger_checkpoint::Column::Day.between(from.to_string(), to.to_string()))
        .order_by_asc(ledger_checkpoint::Column::Day)
        .order_by_asc(ledger_checkpoint::Column::TreeSize)
        .all(conn)
        .await?;
    rows.into_iter().map(StoredCheckpoint::of_row).collect()
}

/// A checkpoint without its leaves.
#[derive(Clone, Debug, FromQueryResult)]
pub struct NewestCheckpoint {
    /// Day of the tree, ISO.
    pub day: String,
    /// Entries covered.
    pub tree_size: i64,
    /// Root.
    pub root: Vec<u8>,
    /// Signed note.
    pub note: String,
    /// When it was signed, microseconds.
    pub signed_us: i64,
}

/// The newest checkpoint of each day.
pub async fn newest(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    from: Date,
    to: Date,
) -> Result<Vec<NewestCheckpoint>, DbErr> {
    let sql = "SELECT k.day, k.tree_size, k.root, k.note, k.signed_us FROM ledger_checkpoint k
        WHERE k.school_id = ? AND k.day BETWEEN ? AND ?
            AND k.tree_size = (SELECT max(o.tree_size) FROM ledger_checkpoint o
                WHERE o.school_id = k.school_id AND o.day = k.day)
        ORDER BY k.day";
    all(
        conn,
        sql,
        [
            school.uuid().into(),
            from.to_string().into(),
            to.to_string().into(),
        ],
    )
    .await
}

/// The tree of a day as the newest checkpoint left it; empty when there is none.
pub async fn frontier(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    day: Date,
) -> Result<Frontier, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        tree_size: i64,
        frontier: Vec<u8>,
    }
    let sql = "SELECT tree_size, frontier FROM ledger_checkpoint WHERE school_id = ? AND day = ?
        ORDER BY tree_size DESC LIMIT 1";
    let Some(row) = one::<Row>(conn, sql, [school.uuid().into(), day.to_string().into()]).await?
    else {
        return Ok(Frontier::default());
    };
    u64::try_from(row.tree_size)
        .ok()
        .and_then(|size| Frontier::from_bytes(size, &row.frontier))
        .ok_or_else(|| {
            corrupt(
                "ledger_checkpoint",
                format!("{school}/{day}/{}", row.tree_size),
                "frontier",
            )
        })
}

/// Keeps a checkpoint.
pub async fn insert_checkpoint(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    checkpoint: &StoredCheckpoint,
) -> Result<(), DbErr> {
    let mut entries = Vec::with_capacity(checkpoint.added.len() * KEY);
    let mut leaves = Vec::with_capacity(checkpoint.added.len() * 32);
    for (key, leaf) in &checkpoint.added {
        write_key(&mut entries, key);
        leaves.extend_from_slice(leaf);
    }
    let row = ledger_checkpoint::Model {
        school_id: school.uuid(),
        day: checkpoint.day.to_string(),
        tree_size: checkpoint.tree_size,
        first_sequence: checkpoint.first_sequence,
        root: checkpoint.root.clone(),
        note: checkpoint.note.clone(),
        signed_us: micros(checkpoint.signed_at),
        entries,
        leaves,
        frontier: checkpoint
            .frontier
            .as_ref()
            .map(Frontier::to_bytes)
            .unwrap_or_default(),
    };
    ledger_checkpoint::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// How far the own feed has been taken into checkpoints.
pub async fn progress(conn: &impl ConnectionTrait) -> Result<i64, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        position: i64,
    }
    let row = one::<Row>(conn, "SELECT position FROM ledger_progress", []).await?;
    row.map(|row| row.position)
        .ok_or_else(|| DbErr::RecordNotFound("ledger_progress is empty".to_owned()))
}

/// Moves the progress; false when another process has moved it.
pub async fn advance(conn: &impl ConnectionTrait, from: i64, to: i64) -> Result<bool, DbErr> {
    let sql = "UPDATE ledger_progress SET position = ? WHERE position = ?";
    let query = chassis::db::statement(conn.get_database_backend(), sql, [to.into(), from.into()]);
    Ok(conn.execute_raw(query).await?.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_bytes() {
        let key = EntryKey {
            lesson: LessonId::from_uuid(Uuid::from_u128(7)),
            change: Uuid::from_u128(9),
            nth: 300,
        };
        let mut bytes = Vec::new();
        write_key(&mut bytes, &key);
        assert_eq!(bytes.len(), KEY);
        assert_eq!(read_key(bytes.as_chunks::<KEY>().0.first().unwrap()), key);
    }
}
