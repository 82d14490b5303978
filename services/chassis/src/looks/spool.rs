//! The table that looks wait in.

use prost::Message;
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;
use zhurnal_proto::identity::v1::LookNote;

use crate::db::{Db, padded, statement};
use crate::ids::Ids;

/// Looks stored or handed over at once.
pub(super) const BATCH: usize = 500;

/// Stores looks, all or none.
pub(super) async fn store(db: &Db, ids: &Ids, looks: &[LookNote]) -> Result<(), DbErr> {
    if looks.is_empty() {
        return Ok(());
    }
    let uow = db.begin().await?;
    for batch in looks.chunks(BATCH) {
        let places = vec!["(?, ?)"; batch.len()].join(", ");
        let sql = format!("INSERT INTO look_spool (look_id, payload) VALUES {places}");
        let values = batch
            .iter()
            .flat_map(|look| [Value::from(ids.uuid()), Value::from(look.encode_to_vec())]);
        let insert = statement(db.backend(), &sql, values);
        uow.conn().execute_raw(insert).await?;
    }
    uow.commit().await
}

/// The oldest looks that wait.
pub(super) async fn oldest(db: &Db) -> Result<Vec<(Uuid, LookNote)>, DbErr> {
    let sql = "SELECT look_id, payload FROM look_spool ORDER BY look_id LIMIT 500";
    let select = statement(db.backend(), sql, []);
    let rows = db.read().query_all_raw(select).await?;
    rows.iter()
        .map(|row| {
            let payload: Vec<u8> = row.try_get_by_index(1)?;
            let look = LookNote::decode(payload.as_slice())
                .map_err(|error| DbErr::Custom(format!("look_spool: {error}")))?;
            Ok((row.try_get_by_index(0)?, look))
        })
        .collect()
}

/// Forgets looks that were handed over.
pub(super) async fn forget(db: &Db, ids: &[Uuid]) -> Result<(), DbErr> {
    let values: Vec<Value> = ids.iter().map(|id| Value::from(*id)).collect();
    let (places, values) = padded(&values);
    let sql = format!("DELETE FROM look_spool WHERE look_id IN ({places})");
    let uow = db.begin().await?;
    uow.conn()
        .execute_raw(statement(db.backend(), &sql, values))
        .await?;
    uow.commit().await
}
