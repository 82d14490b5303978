//! Guesses are counted before they are looked at, so that parallel ones cannot slip
//! through; a right one clears the counter.

use std::time::Duration;

use chassis::status::{self, from_db};
use sea_orm::ConnectionTrait;
use tonic::Status;

use crate::Identity;
use crate::store::attempts;

/// Counts a guess of a password in a transaction of its own.
pub async fn password(identity: &Identity, subject: &[u8; 32]) -> Result<(), Status> {
    let uow = identity.cx.db.begin().await.map_err(from_db)?;
    let text = "Слишком много неверных паролей, подождите";
    note(identity, uow.conn(), subject, text).await?;
    uow.commit().await.map_err(from_db)?;
    Ok(())
}

/// Counts a guess of a second factor's code in a transaction of its own.
pub async fn code(identity: &Identity, subject: &[u8; 32]) -> Result<(), Status> {
    let uow = identity.cx.db.begin().await.map_err(from_db)?;
    code_in(identity, uow.conn(), subject).await?;
    uow.commit().await.map_err(from_db)?;
    Ok(())
}

/// Counts a guess of a second factor's code.
pub async fn code_in(
    identity: &Identity,
    conn: &impl ConnectionTrait,
    subject: &[u8; 32],
) -> Result<(), Status> {
    let text = "Слишком много неверных кодов, подождите";
    note(identity, conn, subject, text).await
}

async fn note(
    identity: &Identity,
    conn: &impl ConnectionTrait,
    subject: &[u8; 32],
    text: &'static str,
) -> Result<(), Status> {
    let now = identity.cx.clock.now();
    let so_far = attempts::get_locked(conn, subject, now)
        .await
        .map_err(from_db)?;
    if let Some(wait) = so_far.wait(now) {
        let wait = Duration::try_from(wait).unwrap_or(Duration::from_secs(60));
        return Err(status::exhausted("TOO_MANY_ATTEMPTS", text, wait));
    }
    attempts::put(conn, subject, so_far.counted(now))
        .await
        .map_err(from_db)
}
