//! The witness: signed ledger checkpoints as grading announced them. Rows are only
//! added, also when grading comes back from a backup and tells its story anew.

use chassis::db::{from_micros, statement};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder,
};

use super::School;
use super::entity::witnessed_checkpoint;

/// A checkpoint as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// Day of the tree.
    pub day: String,
    /// Entries covered.
    pub tree_size: i64,
    /// Root, hex.
    pub root: String,
    /// Signed note.
    pub note: String,
    /// When it came.
    pub stored_at: Timestamp,
}

/// Keeps a checkpoint; one that is kept already stays as it came first. A second
/// root for the same size of the same tree is kept beside the first: it is evidence.
pub async fn add(
    conn: &impl ConnectionTrait,
    checkpoint: witnessed_checkpoint::Model,
) -> Result<(), DbErr> {
    use witnessed_checkpoint::Column::{Day, Root, SchoolId, TreeSize};
    let known = OnConflict::columns([SchoolId, Day, TreeSize, Root])
        .do_nothing()
        .to_owned();
    witnessed_checkpoint::Entity::insert(checkpoint.into_active_model())
        .on_conflict(known)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The checkpoint of each day that covers most, by day; of two with one size the
/// one that came first. Days without a bound are `None`. At most 1,000 days.
pub async fn newest_by_day(
    conn: &impl ConnectionTrait,
    school: School,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<Vec<Witnessed>, DbErr> {
    const SQL: &str = "SELECT school_id, day, tree_size, root, note, stored_us FROM (
            SELECT witnessed_checkpoint.*,
                ROW_NUMBER() OVER (PARTITION BY day ORDER BY tree_size DESC, stored_us, root) AS nth
            FROM witnessed_checkpoint WHERE school_id = ? AND day >= ? AND day <= ?) AS ranked
        WHERE nth = 1 ORDER BY day LIMIT 1000";
    let values = [
        school.uuid().into(),
        from.unwrap_or("0000").into(),
        to.unwrap_or("9999").into(),
    ];
    let rows = conn
        .query_all_raw(statement(conn.get_database_backend(), SQL, values))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(read(witnessed_checkpoint::Model::from_query_result(
                row, "",
            )?))
        })
        .collect()
}

/// The checkpoint of the latest day up to `day`: printed on forms.
pub async fn newest_until(
    conn: &impl ConnectionTrait,
    school: School,
    day: &str,
) -> Result<Option<Witnessed>, DbErr> {
    use witnessed_checkpoint::Column::{Day, SchoolId, StoredUs, TreeSize};
    let row = witnessed_checkpoint::Entity::find()
        .filter(SchoolId.eq(school.uuid()))
        .filter(Day.lte(day))
        .order_by_desc(Day)
        .order_by_desc(TreeSize)
        .order_by_asc(StoredUs)
        .one(conn)
        .await?;
    Ok(row.map(read))
}

fn read(row: witnessed_checkpoint::Model) -> Witnessed {
    let witnessed_checkpoint::Model {
        day,
        tree_size,
        root,
        note,
        stored_us,
        ..
    } = row;
    Witnessed {
        day,
        tree_size,
        root,
        note,
        stored_at: from_micros(stored_us),
    }
}
