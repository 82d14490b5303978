//! RegisterServiceClient: the operator or an administrator of the region registers another
//! ministry system; its secret is shown once.

use chassis::caller::Caller;
use chassis::db::micros;
use chassis::idempotency;
use chassis::status::{self, from_db};
use jiff::civil::Date;
use tonic::Status;
use zhurnal_proto::id::ServiceClientId;
use zhurnal_proto::identity::v1::{RegisterServiceClientRequest, RegisterServiceClientResponse};

use super::{manager, secret_of, secret_row, shown};
use crate::Identity;
use crate::domain::scope;
use crate::store::entity::service_client;
use crate::store::service_clients;

/// Calls a minute where the request says nothing.
const USUAL_RATE: u32 = 600;

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: RegisterServiceClientRequest,
) -> Result<RegisterServiceClientResponse, Status> {
    let permission = "identity.serviceClients.register";
    let user = manager(identity, caller, permission)?;
    let scopes = scope::parse(&request.scopes.join(" "), &scope::ALL)
        .ok_or_else(|| status::invalid_field("scopes", "SCOPE_UNKNOWN", "такого права нет"))?;
    let last: Option<Date> = request.ends_on.parse().ok();
    if last.is_none_or(|day| day < identity.today()) {
        let text = "последний день уже прошёл";
        return Err(status::invalid_field("endsOn", "DATE_PASSED", text));
    }
    let rate = match request.rate_per_minute {
        0 => USUAL_RATE,
        rate => rate,
    };
    let (by, request_id) = (user.account.uuid(), request.request_id.clone());
    let actor = caller.actor();
    let key = idempotency::key(&actor, "RegisterServiceClient", &request_id, &request)?;
    let made = &request_id;
    let answer = idempotency::once(&identity.cx.db, &key, |uow| async move {
        let client_id = identity.cx.ids.uuid();
        let row = service_client::Model {
            client_id,
            title: request.title.trim().to_owned(),
            scopes: scopes.join(" "),
            school_ids: request.school_ids.join(" "),
            rate_per_minute: i32::try_from(rate).unwrap_or(i32::MAX),
            ends_on: request.ends_on.clone(),
            registered_us: micros(identity.cx.clock.now()),
            registered_by: by,
            revoked_us: None,
        };
        service_clients::insert(uow.conn(), row)
            .await
            .map_err(from_db)?;
        let secret = secret_of(identity, client_id, made);
        service_clients::insert_secret(uow.conn(), secret_row(identity, client_id, &secret))
            .await
            .map_err(from_db)?;
        let client = Some(shown(uow.conn(), client_id).await?);
        let answer = RegisterServiceClientResponse {
            client,
            client_secret: String::new(),
        };
        Ok((uow, answer))
    })
    .await?;
    // The remembered answer is without the secret.
    let id = answer.client.as_ref().map(|c| c.client_id.as_str());
    let id: ServiceClientId = id
        .unwrap_or_default()
        .parse()
        .map_err(|_| status::internal(anyhow::anyhow!("a client without an id")))?;
    Ok(RegisterServiceClientResponse {
        client_secret: secret_of(identity, id.uuid(), &request_id),
        ..answer
    })
}
