//! Other ministry systems (OAuth 2.0 client credentials): who runs the installation and
//! the region's administrators register them, change their secrets and end them.

mod change;
mod issue_token;
mod list;
mod register;

pub(super) use change::{retire, revoke, rotate};
pub(super) use issue_token::handle as issue_token;
pub(super) use list::handle as list;
pub(super) use register::handle as register;

use chassis::access::Facts;
use chassis::caller::{Caller, User};
use chassis::status::{self, from_db};
use sea_orm::{ConnectionTrait, DbErr};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::{ClientSecretId, SchoolId, ServiceClientId};
use zhurnal_proto::identity::v1 as pb;

use super::convert;
use crate::Identity;
use crate::store::entity::{client_secret, service_client};
use crate::store::service_clients;

/// The caller where the permission holds.
fn manager<'a>(
    identity: &Identity,
    caller: &'a Caller,
    permission: &str,
) -> Result<&'a User, Status> {
    identity
        .cx
        .access
        .check(caller, permission, &Facts::own())?;
    caller
        .user()
        .ok_or_else(|| status::unauthenticated("SESSION_ENDED"))
}

/// The secret that a request makes: it follows from the service's key, so that a repeated
/// request gets it again and it is stored only as a hash.
fn secret_of(identity: &Identity, client_id: Uuid, request_id: &str) -> String {
    let client = ServiceClientId::from_uuid(client_id).to_string();
    let bytes: [u8; 32] = identity
        .secrets
        .derive(b"client secret", &[&client, request_id]);
    crate::secrets::text(&bytes)
}

/// A new secret's row.
fn secret_row(identity: &Identity, client_id: Uuid, plain: &str) -> client_secret::Model {
    client_secret::Model {
        secret_id: identity.cx.ids.uuid(),
        client_id,
        secret_hash: identity.secrets.client(plain).to_vec(),
        issued_us: chassis::db::micros(identity.cx.clock.now()),
        used_us: None,
        retired_us: None,
    }
}

/// A client as answers show it.
async fn shown(conn: &impl ConnectionTrait, client_id: Uuid) -> Result<pb::ServiceClient, Status> {
    let client = service_clients::by_id(conn, client_id)
        .await
        .map_err(from_db)?
        .ok_or_else(|| status::not_found("serviceClient"))?;
    let mut all = all_shown(conn, vec![client]).await.map_err(from_db)?;
    all.pop().ok_or_else(|| status::not_found("serviceClient"))
}

/// Clients with their secrets.
async fn all_shown(
    conn: &impl ConnectionTrait,
    clients: Vec<service_client::Model>,
) -> Result<Vec<pb::ServiceClient>, DbErr> {
    let ids: Vec<Uuid> = clients.iter().map(|c| c.client_id).collect();
    let secrets = service_clients::secrets_of(conn, &ids).await?;
    let show = |client: service_client::Model| {
        let own = secrets.iter().filter(|s| s.client_id == client.client_id);
        let own = own.map(secret_shown).collect();
        client_shown(client, own)
    };
    Ok(clients.into_iter().map(show).collect())
}

fn secret_shown(secret: &client_secret::Model) -> pb::ClientSecret {
    pb::ClientSecret {
        secret_id: ClientSecretId::from_uuid(secret.secret_id).to_string(),
        issued_at: convert::stored(secret.issued_us),
        used_at: secret.used_us.and_then(convert::stored),
    }
}

fn client_shown(
    client: service_client::Model,
    secrets: Vec<pb::ClientSecret>,
) -> pb::ServiceClient {
    let list = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    pb::ServiceClient {
        client_id: ServiceClientId::from_uuid(client.client_id).to_string(),
        title: client.title,
        scopes: list(&client.scopes),
        school_ids: list(&client.school_ids),
        rate_per_minute: u32::try_from(client.rate_per_minute).unwrap_or(0),
        ends_on: client.ends_on,
        registered_at: convert::stored(client.registered_us),
        revoked_at: client.revoked_us.and_then(convert::stored),
        secrets,
    }
}

/// The schools of a client.
fn schools_of(client: &service_client::Model) -> Vec<SchoolId> {
    let ids = client.school_ids.split_whitespace();
    ids.filter_map(|id| id.parse().ok()).collect()
}
