//! Reads numbered events.

use std::time::Duration;

use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};
use uuid::Uuid;

use tonic::Status;

use super::Cursor;
use crate::{
    db::{Db, from_micros, statement},
    status,
};

/// A numbered event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place in the feed.
    pub cursor: Cursor,
    /// School it belongs to; `None` for events of the region.
    pub school_id: Option<Uuid>,
    /// Kind, as announced.
    pub kind: String,
    /// What it is about, as announced.
    pub key: String,
    /// The encoded event message.
    pub payload: Vec<u8>,
    /// When it happened.
    pub occurred_at: Timestamp,
}

/// Which events a reader wants. The default is all of them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// `None`: of every school and of the region. `Some`: of these schools only.
    pub schools: Option<Vec<Uuid>>,
    /// `None`: every kind.
    pub kinds: Option<Vec<String>>,
}

impl Filter {
    /// Everything.
    pub fn all() -> Filter {
        Filter::default()
    }

    /// Only the events of one school.
    pub fn school(school: Uuid) -> Filter {
        Filter {
            schools: Some(vec![school]),
            kinds: None,
        }
    }

    /// The same, narrowed to some kinds.
    pub fn kinds(mut self, kinds: &[&str]) -> Filter {
        self.kinds = Some(kinds.iter().map(|&kind| kind.to_owned()).collect());
        self
    }

    /// The same, narrowed to the changes that a reader of `event` (full name of the
    /// message) asks for; none: all that were let through so far. Refuses a name that
    /// is no case of its `change` with INVALID_ARGUMENT.
    pub fn changes(mut self, event: &str, asked: &[String]) -> Result<Filter, Status> {
        if asked.is_empty() {
            return Ok(self);
        }
        let message = zhurnal_proto::descriptor_pool().get_message_by_name(event);
        let known = |name: &String| {
            let field = message.as_ref().and_then(|m| m.get_field_by_name(name));
            field.is_some_and(|f| f.containing_oneof().is_some_and(|o| o.name() == "change"))
        };
        if !asked.iter().all(known) {
            return Err(status::invalid_field(
                "changes",
                "CHANGES",
                "Таких изменений в ленте событий нет",
            ));
        }
        let allowed = |name: &&String| self.kinds.as_ref().is_none_or(|kinds| kinds.contains(name));
        self.kinds = Some(asked.iter().filter(allowed).cloned().collect());
        Ok(self)
    }

    fn clauses(&self) -> (String, Vec<Value>) {
        let mut sql = String::new();
        let mut values = Vec::new();
        let mut one_of = |column: &str, list: Vec<Value>| {
            // An empty list selects nothing.
            let marks = if list.is_empty() {
                "NULL".to_owned()
            } else {
                vec!["?"; list.len()].join(", ")
            };
            sql.push_str(&format!(" AND {column} IN ({marks})"));
            values.extend(list);
        };
        if let Some(schools) = &self.schools {
            one_of(
                "school_id",
                schools.iter().map(|&school| school.into()).collect(),
            );
        }
        if let Some(kinds) = &self.kinds {
            one_of(
                "kind",
                kinds.iter().map(|kind| kind.clone().into()).collect(),
            );
        }
        (sql, values)
    }
}

/// A stretch of the feed: everything in (`after`, `upto`] that the filter lets through.
pub(crate) struct Window {
    pub(crate) rows: Vec<OutboxRow>,
    pub(crate) upto: i64,
}

/// Column that orders the feed: on SQLite the position is the primary key itself.
fn position(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "position",
        _ => "id",
    }
}

/// The events of the next at most `size` positions, whatever the filter drops:
/// the cost of a read does not depend on how rare the wanted events are.
pub(crate) async fn window(
    db: &Db,
    after: Cursor,
    head: i64,
    size: i64,
    filter: &Filter,
) -> Result<Window, DbErr> {
    let upto = head.min(after.position.saturating_add(size));
    let position = position(db.backend());
    let (clauses, bound) = filter.clauses();
    let sql = format!(
        "SELECT {position}, school_id, kind, key, payload, occurred_us FROM outbox \
         WHERE {position} > ? AND {position} <= ?{clauses} ORDER BY {position}"
    );
    let range = [after.position.into(), upto.into()];
    let query = statement(db.backend(), &sql, range.into_iter().chain(bound));
    let found = db.read().query_all_raw(query).await?;
    let rows = found
        .iter()
        .map(|row| {
            Ok(OutboxRow {
                cursor: Cursor {
                    epoch: after.epoch,
                    position: row.try_get_by_index(0)?,
                },
                school_id: row.try_get_by_index(1)?,
                kind: row.try_get_by_index(2)?,
                key: row.try_get_by_index(3)?,
                payload: row.try_get_by_index(4)?,
                occurred_at: from_micros(row.try_get_by_index(5)?),
            })
        })
        .collect::<Result<_, DbErr>>()?;
    Ok(Window { rows, upto })
}

/// The first position after `after` that is still kept.
pub(crate) async fn first_after(db: &Db, after: i64) -> Result<Option<i64>, DbErr> {
    let position = position(db.backend());
    let sql =
        format!("SELECT {position} FROM outbox WHERE {position} > ? ORDER BY {position} LIMIT 1");
    let row = db
        .read()
        .query_one_raw(statement(db.backend(), &sql, [after.into()]))
        .await?;
    row.map(|row| row.try_get_by_index(0)).transpose()
}

/// How far the feed reaches: the cursor of its last numbered event.
pub async fn head(db: &Db) -> Result<Cursor, DbErr> {
    let sql = match db.backend() {
        DbBackend::Postgres => "SELECT epoch, head FROM feed_epoch",
        // The counter of AUTOINCREMENT: right even when the last rows are gone.
        _ => {
            "SELECT epoch, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0) FROM feed_epoch"
        }
    };
    let row = db
        .read()
        .query_one_raw(statement(db.backend(), sql, []))
        .await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("feed_epoch is empty".to_owned()))?;
    Ok(Cursor {
        epoch: row.try_get_by_index(0)?,
        position: row.try_get_by_index(1)?,
    })
}

/// The life this database is in.
pub async fn epoch(db: &Db) -> Result<i64, DbErr> {
    Ok(head(db).await?.epoch)
}

/// A cursor that covers everything committed before the call, for a causal token;
/// `None` when the sequencer takes longer than `within`.
pub async fn covered(db: &Db, within: Duration) -> Option<Cursor> {
    tokio::time::timeout(within, db.progress().cover())
        .await
        .ok()
}
