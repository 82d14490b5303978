//! IssueClientToken: another system gets an access token for its secret (RFC 6749 4.4).

use std::time::Duration;

use chassis::access::Facts;
use chassis::caller::{Caller, Client};
use chassis::status::{self, Refusal, from_db};
use tonic::{Code, Status};
use zhurnal_proto::id::ServiceClientId;
use zhurnal_proto::identity::v1::{IssueClientTokenRequest, IssueClientTokenResponse};

use super::schools_of;
use crate::Identity;
use crate::domain::scope;
use crate::store::entity::service_client;
use crate::store::service_clients;

/// How long a service may believe what the token says.
const TOKEN_TTL: Duration = Duration::from_secs(300);

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: IssueClientTokenRequest,
) -> Result<IssueClientTokenResponse, Status> {
    let permission = "identity.clientTokens.issue";
    identity
        .cx
        .access
        .check(caller, permission, &Facts::own())?;
    let client = known(identity, &request).await?;
    let own: Vec<&str> = client.scopes.split_whitespace().collect();
    let scopes = match request.scope.trim() {
        "" => own,
        wanted => scope::parse(wanted, &own).ok_or_else(not_granted)?,
    };
    let id = ServiceClientId::from_uuid(client.client_id).to_string();
    let speaker = Client {
        id,
        scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
        schools: schools_of(&client),
    };
    let rate = u32::try_from(client.rate_per_minute).unwrap_or(0);
    let access_token = identity
        .cx
        .tokens
        .mint_client(&speaker, rate, TOKEN_TTL)
        .map_err(status::internal)?;
    Ok(IssueClientTokenResponse {
        access_token,
        expires_in_seconds: u32::try_from(TOKEN_TTL.as_secs()).unwrap_or(300),
        scope: scopes.join(" "),
    })
}

/// The client whose secret it is, while it may call; everything else is the same refusal.
async fn known(
    identity: &Identity,
    request: &IssueClientTokenRequest,
) -> Result<service_client::Model, Status> {
    let id: ServiceClientId = request.client_id.parse().map_err(|_| unknown())?;
    let conn = identity.cx.db.read();
    let hash = identity.secrets.client(&request.client_secret);
    let secret = service_clients::secret(conn, &hash)
        .await
        .map_err(from_db)?
        .filter(|s| s.client_id == id.uuid())
        .ok_or_else(unknown)?;
    let client = service_clients::by_id(conn, secret.client_id)
        .await
        .map_err(from_db)?
        .filter(|c| c.revoked_us.is_none() && c.ends_on >= identity.today().to_string())
        .ok_or_else(unknown)?;
    let now = identity.cx.clock.now();
    if service_clients::is_used_stale(&secret, now) {
        let uow = identity.cx.db.begin().await.map_err(from_db)?;
        service_clients::used(uow.conn(), secret.secret_id, now)
            .await
            .map_err(from_db)?;
        uow.commit().await.map_err(from_db)?;
    }
    Ok(client)
}

fn unknown() -> Status {
    let text = "Неизвестная система или неверный секрет";
    Refusal::new(Code::Unauthenticated, "CLIENT_UNKNOWN", text).into()
}

fn not_granted() -> Status {
    let text = "Системе не дано такое право";
    Refusal::new(Code::PermissionDenied, "SCOPE_NOT_GRANTED", text).into()
}
