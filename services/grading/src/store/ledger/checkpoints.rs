//! Signed checkpoints, with the keys and leaves of the entries that each added, and
//! how far the own feed has been taken into them.

use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use uuid::Uuid;
use zhurnal_proto::id::{LessonId, SchoolId};

use super::super::{all, corrupt, date, entity::ledger_checkpoint, instant, micros, one};
use crate::domain::ledger::{
    entry::EntryKey,
    tree::{Frontier, Hash},
};

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
