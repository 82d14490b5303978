//! ResetSecondFactor: an administrator of the person's school removes a second factor
//! that its owner has lost; all sessions of the account end.

use std::sync::{Mutex, PoisonError};

use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::idempotency;
use chassis::status::{self, from_db};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::SessionId;
use zhurnal_proto::identity::v1::{
    ResetSecondFactorRequest, ResetSecondFactorResponse, SecurityKind,
};

use super::off;
use crate::rpc::account_of;
use crate::security::{self, Actor};
use crate::store::{accounts, second_factors};
use crate::{Identity, open};

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ResetSecondFactorRequest,
) -> Result<ResetSecondFactorResponse, Status> {
    let (school, person) = (&request.school_id, &request.person_id);
    let permission = "identity.secondFactor.reset";
    let found = account_of::checked(identity, caller, permission, school, person).await?;
    let by = caller.user().map_or("", |u| u.display.as_str());
    let actor = caller.actor();
    let key = idempotency::key(&actor, "ResetSecondFactor", &request.request_id, &request)?;
    let heard = &Mutex::new(Vec::new());
    let answer = idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        let closed = reset(identity, &mut uow, found.account.account_id, by).await?;
        let ended_sessions = u32::try_from(closed.len()).unwrap_or(u32::MAX);
        heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(closed);
        Ok((uow, ResetSecondFactorResponse { ended_sessions }))
    })
    .await?;
    let ended = std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner));
    open::tell(identity, &ended).await;
    Ok(answer)
}

async fn reset(
    identity: &Identity,
    uow: &mut UnitOfWork,
    account_id: Uuid,
    by: &str,
) -> Result<Vec<SessionId>, Status> {
    if !second_factors::remove(uow.conn(), account_id)
        .await
        .map_err(from_db)?
    {
        return Err(off());
    }
    let kind = SecurityKind::SecondFactorReset;
    security::record(identity, uow, account_id, kind, Actor::Other(by)).await?;
    open::end_all(identity, uow, account_id, None).await
}

impl Identity {
    /// The operator removes a lost second factor on the machine itself; all sessions of
    /// the account end. False where the account has none that is on.
    pub async fn reset_second_factor(&self, login: &str) -> anyhow::Result<bool> {
        let found = accounts::by_login(self.cx.db.read(), &login.trim().to_lowercase()).await?;
        let account = found.ok_or_else(|| anyhow::anyhow!("нет учётной записи «{login}»"))?;
        let mut uow = self.cx.db.begin().await?;
        match reset(self, &mut uow, account.account_id, "оператор").await {
            Ok(ended) => {
                uow.commit().await?;
                open::tell(self, &ended).await;
                Ok(true)
            }
            Err(refused) if status::reason(&refused) == "SECOND_FACTOR_OFF" => Ok(false),
            Err(refused) => Err(anyhow::anyhow!(refused.to_string())),
        }
    }
}
