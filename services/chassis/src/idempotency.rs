//! The same request twice has one effect and one answer.
//!
//! Key = actor, method, `request_id`; the answer is stored in the transaction of
//! the effect and kept for 30 days. Nobody looks before writing: a repeat is rare,
//! and it finds out by the unique key, or by what the first one has changed.

use std::{future::Future, time::Duration};

use jiff::{SignedDuration, Timestamp};
use prost::Message;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Value, sea_query::ArrayType};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use tonic::Status;
use uuid::Uuid;

use crate::{
    db::{Db, UnitOfWork, background, is_lock_timeout, is_unique_violation, micros, statement},
    status,
    task::Task,
};

/// How long an answer is kept: tablets work off line for weeks.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How often expired answers are removed, and how many at a time.
const SWEEP_EVERY: Duration = Duration::from_secs(600);
const SWEEP_BATCH: i64 = 5_000;

/// What makes two requests the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    actor: String,
    method: &'static str,
    request_id: Uuid,
    hash: [u8; 32],
}

/// The key of a request: who sends what to which method.
///
/// `actor` is `Caller::actor()`, `request_id` the request's field of that name:
/// UUID text made by the client once per intent, refused if it is none. The
/// request must encode the same way each time: no hash maps in it.
pub fn key(
    actor: &str,
    method: &'static str,
    request_id: &str,
    request: &impl Message,
) -> Result<IdempotencyKey, Status> {
    let request_id = Uuid::try_parse(request_id)
        .ok()
        .filter(|id| !id.is_nil())
        .ok_or_else(|| {
            status::invalid_field("request_id", "UUID", "Нужен идентификатор запроса (UUID)")
        })?;
    let hash = Sha256::digest(request.encode_to_vec()).into();
    Ok(IdempotencyKey {
        actor: actor.to_owned(),
        method,
        request_id,
        hash,
    })
}

/// Runs `body` once per key; a repeat gets the first answer.
///
/// `body` writes through the unit of work and gives it back with the answer;
/// `once` commits. When the body or the commit fails, the first request's answer
/// is looked for: a repeat may well be refused by what the first one has done.
pub async fn once<Resp, F, Fut>(db: &Db, key: &IdempotencyKey, body: F) -> Result<Resp, Status>
where
    Resp: Message + Default,
    F: FnOnce(UnitOfWork) -> Fut,
    Fut: Future<Output = Result<(UnitOfWork, Resp), Status>>,
{
    let uow = db.begin().await.map_err(status::from_db)?;
    let (mut uow, response) = match body(uow).await {
        Ok(done) => done,
        Err(refused) => return replay(db, key).await?.ok_or(refused),
    };
    uow.remember(key, &response);
    match uow.commit().await {
        Ok(()) => Ok(response),
        Err(err) if is_unique_violation(&err) => {
            let already =
                || status::conflict("CONCURRENT_CHANGE", "Одновременное изменение, повторите");
            replay(db, key).await?.ok_or_else(already)
        }
        Err(err) if is_lock_timeout(&err) => Err(status::conflict(
            "REQUEST_IN_FLIGHT",
            "Такой же запрос ещё выполняется, повторите",
        )),
        Err(err) => Err(status::from_db(err)),
    }
}

async fn replay<Resp: Message + Default>(
    db: &Db,
    key: &IdempotencyKey,
) -> Result<Option<Resp>, Status> {
    let Some(bytes) = find(db, key).await? else {
        return Ok(None);
    };
    Resp::decode(bytes.as_slice())
        .map(Some)
        .map_err(status::internal)
}

/// The answer remembered for the key. The same id with another body is refused.
pub async fn find(db: &Db, key: &IdempotencyKey) -> Result<Option<Vec<u8>>, Status> {
    let sql = "SELECT hash, response FROM idempotency_key
        WHERE request_id = ? AND actor = ? AND method = ?";
    let values = [
        key.request_id.into(),
        key.actor.clone().into(),
        key.method.into(),
    ];
    let row = db
        .read()
        .query_one_raw(statement(db.backend(), sql, values))
        .await;
    let Some(row) = row.map_err(status::from_db)? else {
        return Ok(None);
    };
    let hash: Vec<u8> = row.try_get_by_index(0).map_err(status::from_db)?;
    if hash != key.hash {
        return Err(status::precondition(
            "IDEMPOTENCY_KEY_REUSED",
            "Этот идентификатор запроса уже использован с другим содержимым",
        ));
    }
    row.try_get_by_index(1).map(Some).map_err(status::from_db)
}

/// An encoded answer under its key.
pub(crate) struct Remembered {
    pub(crate) key: IdempotencyKey,
    pub(crate) response: Vec<u8>,
}

/// Columns of an answer's row: name, type, value.
type Column = (&'static str, ArrayType, fn(&Remembered) -> Value);

const COLUMNS: [Column; 5] = [
    ("request_id", ArrayType::Uuid, |r| r.key.request_id.into()),
    ("actor", ArrayType::String, |r| r.key.actor.clone().into()),
    ("method", ArrayType::String, |r| r.key.method.into()),
    ("hash", ArrayType::Bytes, |r| r.key.hash.to_vec().into()),
    ("response", ArrayType::Bytes, |r| r.response.clone().into()),
];

fn expires_us(now: Timestamp) -> i64 {
    micros(now.checked_add(RETENTION).unwrap_or(Timestamp::MAX))
}

/// Part of [`UnitOfWork::commit`] on SQLite: a statement for each answer.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    answers: &[Remembered],
    now: Timestamp,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO idempotency_key (request_id, actor, method, hash, response, expires_us)
        VALUES (?, ?, ?, ?, ?, ?)";
    for answer in answers {
        let columns = COLUMNS.iter().map(|(_, _, column)| column(answer));
        let values = columns.chain([expires_us(now).into()]);
        tx.execute_raw(statement(tx.get_database_backend(), sql, values))
            .await?;
    }
    Ok(())
}

/// The columns of the answers as arrays, and the text that inserts them from `$6` to
/// `$11`; see [`crate::outbox::arrays`].
pub(crate) fn arrays(answers: &[Remembered], now: Timestamp) -> (&'static str, Vec<Value>) {
    const SQL: &str =
        "INSERT INTO idempotency_key (request_id, actor, method, hash, response, expires_us)
        SELECT request_id, actor, method, hash, response, $11
        FROM unnest($6::uuid[], $7::text[], $8::text[], $9::bytea[], $10::bytea[])
            AS answer (request_id, actor, method, hash, response)";
    let arrays = COLUMNS.iter().map(|(_, kind, column)| {
        let values = answers.iter().map(column).collect();
        Value::Array(kind.clone(), Some(Box::new(values)))
    });
    let all = arrays.chain([expires_us(now).into()]);
    (SQL, all.collect())
}

/// The task that removes expired answers.
pub fn sweeper(db: &Db) -> Task {
    let db = db.clone();
    Task::new("idempotency", move |stop: CancellationToken| {
        let db = db.clone();
        background(async move {
            loop {
                while sweep(&db).await? > 0 {}
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(SWEEP_EVERY) => {}
                }
            }
        })
    })
}

/// Removes up to 5,000 expired answers; returns how many.
pub async fn sweep(db: &Db) -> Result<u64, DbErr> {
    let sql = "DELETE FROM idempotency_key WHERE (request_id, actor, method) IN (
        SELECT request_id, actor, method FROM idempotency_key WHERE expires_us <= ? LIMIT ?)";
    let uow = db.begin().await?;
    let values = [micros(db.clock().now()).into(), SWEEP_BATCH.into()];
    let gone = uow
        .conn()
        .execute_raw(statement(db.backend(), sql, values))
        .await?
        .rows_affected();
    uow.commit_plain().await?;
    Ok(gone)
}
