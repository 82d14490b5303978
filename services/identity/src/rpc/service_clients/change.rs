//! RotateClientSecret, RetireClientSecret, RevokeServiceClient: two secrets are good at
//! once while the other system changes them; a revoked client is over for good.

use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::idempotency;
use chassis::status::{self, from_db};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::{ClientSecretId, ServiceClientId};
use zhurnal_proto::identity::v1::{
    RetireClientSecretRequest, RetireClientSecretResponse, RevokeServiceClientRequest,
    RevokeServiceClientResponse, RotateClientSecretRequest, RotateClientSecretResponse,
};

use super::{manager, secret_of, secret_row, shown};
use crate::Identity;
use crate::clients::MOST_SECRETS;
use crate::store::service_clients;

/// RotateClientSecret.
pub(in crate::rpc) async fn rotate(
    identity: &Identity,
    caller: &Caller,
    request: RotateClientSecretRequest,
) -> Result<RotateClientSecretResponse, Status> {
    manager(identity, caller, "identity.serviceClients.rotate")?;
    let client_id = client_id(&request.client_id)?;
    let (actor, made) = (caller.actor(), request.request_id.clone());
    let key = idempotency::key(&actor, "RotateClientSecret", &made, &request)?;
    let secret = secret_of(identity, client_id, &made);
    let fresh = &secret;
    let answer = idempotency::once(&identity.cx.db, &key, |uow| async move {
        living(&uow, client_id).await?;
        let secrets = service_clients::secrets_of(uow.conn(), &[client_id])
            .await
            .map_err(from_db)?;
        if secrets.len() >= MOST_SECRETS {
            let text = "У системы уже два секрета: сначала завершите старый";
            return Err(status::precondition("TWO_SECRETS", text));
        }
        service_clients::insert_secret(uow.conn(), secret_row(identity, client_id, fresh))
            .await
            .map_err(from_db)?;
        let client = Some(shown(uow.conn(), client_id).await?);
        let answer = RotateClientSecretResponse {
            client,
            client_secret: String::new(),
        };
        Ok((uow, answer))
    })
    .await?;
    Ok(RotateClientSecretResponse {
        client_secret: secret,
        ..answer
    })
}

/// RetireClientSecret.
pub(in crate::rpc) async fn retire(
    identity: &Identity,
    caller: &Caller,
    request: RetireClientSecretRequest,
) -> Result<RetireClientSecretResponse, Status> {
    manager(identity, caller, "identity.serviceClients.rotate")?;
    let client_id = client_id(&request.client_id)?;
    let missing = || status::not_found("clientSecret");
    let secret: ClientSecretId = request.secret_id.parse().map_err(|_| missing())?;
    let actor = caller.actor();
    let key = idempotency::key(&actor, "RetireClientSecret", &request.request_id, &request)?;
    idempotency::once(&identity.cx.db, &key, |uow| async move {
        living(&uow, client_id).await?;
        let secrets = service_clients::secrets_of(uow.conn(), &[client_id])
            .await
            .map_err(from_db)?;
        if !secrets.iter().any(|s| s.secret_id == secret.uuid()) {
            return Err(missing());
        }
        if secrets.len() == 1 {
            let text = "Это последний секрет: чтобы закрыть доступ, отзовите систему";
            return Err(status::precondition("LAST_SECRET", text));
        }
        let now = identity.cx.clock.now();
        service_clients::retire(uow.conn(), client_id, secret.uuid(), now)
            .await
            .map_err(from_db)?;
        let client = Some(shown(uow.conn(), client_id).await?);
        Ok((uow, RetireClientSecretResponse { client }))
    })
    .await
}

/// RevokeServiceClient.
pub(in crate::rpc) async fn revoke(
    identity: &Identity,
    caller: &Caller,
    request: RevokeServiceClientRequest,
) -> Result<RevokeServiceClientResponse, Status> {
    manager(identity, caller, "identity.serviceClients.revoke")?;
    let client_id = client_id(&request.client_id)?;
    let actor = caller.actor();
    let key = idempotency::key(&actor, "RevokeServiceClient", &request.request_id, &request)?;
    let answer = idempotency::once(&identity.cx.db, &key, |uow| async move {
        let now = identity.cx.clock.now();
        service_clients::revoke(uow.conn(), client_id, now)
            .await
            .map_err(from_db)?;
        let client = Some(shown(uow.conn(), client_id).await?);
        Ok((uow, RevokeServiceClientResponse { client }))
    })
    .await?;
    identity.tell_client_ended(client_id).await;
    Ok(answer)
}

impl Identity {
    /// Every process refuses the client's tokens from now on. After the commit.
    pub(crate) async fn tell_client_ended(&self, client_id: Uuid) {
        let client = ServiceClientId::from_uuid(client_id).to_string();
        chassis::token::announce_client_ended(&self.cx.cache, &client).await;
    }
}

fn client_id(text: &str) -> Result<Uuid, Status> {
    let id: ServiceClientId = text
        .parse()
        .map_err(|_| status::not_found("serviceClient"))?;
    Ok(id.uuid())
}

/// A client that is held and not revoked.
async fn living(uow: &UnitOfWork, client_id: Uuid) -> Result<(), Status> {
    let client = service_clients::held(uow.conn(), client_id)
        .await
        .map_err(from_db)?
        .ok_or_else(|| status::not_found("serviceClient"))?;
    if client.revoked_us.is_some() {
        let text = "Доступ этой системы отозван";
        return Err(status::precondition("CLIENT_REVOKED", text));
    }
    Ok(())
}
