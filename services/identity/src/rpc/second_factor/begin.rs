//! BeginSecondFactor: a logged-in person, with the password, gets a secret for an
//! application; nothing changes at log-in yet.

use chassis::caller::Caller;
use chassis::idempotency;
use chassis::status::{self, from_db};
use tonic::Status;
use zhurnal_proto::identity::v1::{BeginSecondFactorRequest, BeginSecondFactorResponse};

use super::{already_on, own};
use crate::domain::second_factor::{Generator, SECRET_BYTES};
use crate::store::entity::account;
use crate::store::second_factors;
use crate::{Identity, proof};

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: BeginSecondFactorRequest,
) -> Result<BeginSecondFactorResponse, Status> {
    let (_, account, _) = own(identity, caller, "identity.secondFactor.begin").await?;
    // The hash of what is remembered must not help to guess a password.
    let silent = BeginSecondFactorRequest {
        password: String::new(),
        ..request.clone()
    };
    let actor = caller.actor();
    let key = idempotency::key(&actor, "BeginSecondFactor", &request.request_id, &silent)?;
    proof::password(identity, &account, request.password, "password").await?;
    // The remembered answer is empty: the secret follows from the key and the request.
    let id = proof::id_of(&account);
    let secret: [u8; SECRET_BYTES] = identity
        .secrets
        .derive(b"totp secret", &[&id, &request.request_id]);
    let sealed = identity
        .secrets
        .seal_totp(&id, &secret, &identity.cx.ids)
        .map_err(status::internal)?;
    let account_id = account.account_id;
    idempotency::once(&identity.cx.db, &key, |uow| async move {
        if !second_factors::begin(uow.conn(), account_id, sealed)
            .await
            .map_err(from_db)?
        {
            return Err(already_on());
        }
        Ok((uow, BeginSecondFactorResponse::default()))
    })
    .await?;
    answer(&secret, &account)
}

fn answer(secret: &[u8], account: &account::Model) -> Result<BeginSecondFactorResponse, Status> {
    let broken = || status::internal(anyhow::anyhow!("a second factor has no address"));
    let generator = Generator::new(secret, &account.login).ok_or_else(broken)?;
    let uri = generator.uri().ok_or_else(broken)?;
    Ok(BeginSecondFactorResponse {
        qr_svg: crate::rpc::convert::qr(&uri)?,
        otpauth_uri: uri,
        secret: generator.secret_text(),
    })
}
