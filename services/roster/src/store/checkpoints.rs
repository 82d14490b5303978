//! Ledger checkpoints that roster keeps as a witness: only ever added, never changed,
//! never forgotten.

use jiff::civil::Date;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, OnConflict, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::School;
use super::column;
use super::entity::witnessed_checkpoint;

/// A checkpoint as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Day of the tree.
    pub day: Date,
    /// Entries that it covers.
    pub tree_size: i64,
    /// RFC 6962 root, hex.
    pub root: String,
    /// Signed note.
    pub note: String,
    /// When it was stored, microseconds.
    pub stored_us: i64,
}

/// Keeps a checkpoint; what is there already stays as it is.
pub async fn keep(
    conn: &impl ConnectionTrait,
    school: School,
    checkpoint: &Checkpoint,
) -> Result<(), DbErr> {
    use witnessed_checkpoint::Column as W;
    let row = witnessed_checkpoint::Model {
        school_id: school.uuid(),
        day: column::date(checkpoint.day),
        tree_size: checkpoint.tree_size,
        root: checkpoint.root.clone(),
        note: checkpoint.note.clone(),
        stored_us: checkpoint.stored_us,
    };
    let known = OnConflict::columns([W::SchoolId, W::Day, W::TreeSize, W::Root])
        .do_nothing()
        .to_owned();
    witnessed_checkpoint::Entity::insert(row.into_active_model())
        .on_conflict(known)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The newest checkpoint of each day. A day with two roots of one size has both: that
/// is what a witness is for.
pub async fn newest_of_days(
    conn: &impl ConnectionTrait,
    school: School,
    (from, to): (Option<Date>, Option<Date>),
) -> Result<Vec<Checkpoint>, DbErr> {
    use witnessed_checkpoint::Column as W;
    let other = Alias::new("other");
    let largest = Query::select()
        .expr(Func::max(Expr::col((other.clone(), W::TreeSize))))
        .from_as(witnessed_checkpoint::Entity, other.clone())
        .and_where(
            Expr::col((other.clone(), W::SchoolId))
                .equals((witnessed_checkpoint::Entity, W::SchoolId)),
        )
        .and_where(Expr::col((other, W::Day)).equals((witnessed_checkpoint::Entity, W::Day)))
        .to_owned();
    let mut query = witnessed_checkpoint::Entity::find()
        .filter(W::SchoolId.eq(school.uuid()))
        .filter(Expr::col((witnessed_checkpoint::Entity, W::TreeSize)).in_subquery(largest));
    if let Some(from) = from {
        query = query.filter(W::Day.gte(column::date(from)));
    }
    if let Some(to) = to {
        query = query.filter(W::Day.lte(column::date(to)));
    }
    let rows = query
        .order_by_asc(W::Day)
        .order_by_asc(W::Root)
        .all(conn)
        .await?;
    let read = |row: witnessed_checkpoint::Model| {
        Ok::<_, DbErr>(Checkpoint {
            day: column::read_date(("witnessed_checkpoint", "day"), &row.day)?,
            tree_size: row.tree_size,
            root: row.root,
            note: row.note,
            stored_us: row.stored_us,
        })
    };
    rows.into_iter().map(read).collect()
}
