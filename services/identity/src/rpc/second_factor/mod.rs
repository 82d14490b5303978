//! The second factor of an account: begun with the password, turned on with a code,
//! removed with both; a lost one is reset by somebody else.

mod begin;
mod confirm;
mod regenerate;
mod remove;
mod reset;

pub(super) use begin::handle as begin;
pub(super) use confirm::handle as confirm;
pub(super) use regenerate::handle as regenerate;
pub(super) use remove::handle as remove;
pub(super) use reset::handle as reset;

use chassis::access::Facts;
use chassis::caller::{Caller, User};
use chassis::status::{self, from_db};
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::identity::v1::{
    GetSecondFactorRequest, GetSecondFactorResponse, SecondFactor, SecondFactorState,
};

use super::convert;
use crate::domain::code;
use crate::domain::second_factor::RECOVERY_CODES;
use crate::store::entity::{account, second_factor};
use crate::store::second_factors;
use crate::who::Place;
use crate::{Identity, proof};

/// GetSecondFactor: a logged-in person sees the own one.
pub(super) async fn get(
    identity: &Identity,
    caller: &Caller,
    _: GetSecondFactorRequest,
) -> Result<GetSecondFactorResponse, Status> {
    let (_, account, places) = own(identity, caller, "identity.secondFactor.get").await?;
    let conn = identity.cx.db.read();
    let shown = shown(identity, conn, &account, &places).await?;
    Ok(GetSecondFactorResponse {
        second_factor: Some(shown),
    })
}

/// The caller with the own account and its places, where the permission holds.
async fn own(
    identity: &Identity,
    caller: &Caller,
    permission: &str,
) -> Result<(User, account::Model, Vec<Place>), Status> {
    identity
        .cx
        .access
        .check(caller, permission, &Facts::own())?;
    let user = caller
        .user()
        .ok_or_else(|| status::unauthenticated("SESSION_ENDED"))?
        .clone();
    let (account, _, places) = super::get_me::present(identity, caller).await?;
    Ok((user, account, places))
}

/// The second factor as its owner sees it.
async fn shown(
    identity: &Identity,
    conn: &impl ConnectionTrait,
    account: &account::Model,
    places: &[Place],
) -> Result<SecondFactor, Status> {
    let factor = second_factors::get(conn, account.account_id)
        .await
        .map_err(from_db)?;
    let left = second_factors::recovery_left(conn, account.account_id)
        .await
        .map_err(from_db)?;
    let state = match &factor {
        None => SecondFactorState::Off,
        Some(f) if f.confirmed_us.is_none() => SecondFactorState::Begun,
        Some(_) => SecondFactorState::On,
    };
    Ok(SecondFactor {
        state: state.into(),
        turned_on_at: factor
            .and_then(|f| f.confirmed_us)
            .and_then(convert::stored),
        recovery_codes_left: u32::try_from(left).unwrap_or(u32::MAX),
        required: is_required(identity, places),
    })
}

/// Whether a role of the account demands a second factor.
fn is_required(identity: &Identity, places: &[Place]) -> bool {
    let mut roles = places.iter().flat_map(|p| &p.roles);
    roles.any(|role| identity.protected_roles.contains(role))
}

/// The second factor that is on, or SECOND_FACTOR_OFF.
async fn on(
    conn: &impl ConnectionTrait,
    account: &account::Model,
) -> Result<second_factor::Model, Status> {
    second_factors::on(conn, account.account_id)
        .await
        .map_err(from_db)?
        .ok_or_else(off)
}

fn off() -> Status {
    status::precondition("SECOND_FACTOR_OFF", "Второй фактор не включён")
}

fn already_on() -> Status {
    status::precondition("SECOND_FACTOR_ON", "Второй фактор уже включён")
}

/// The recovery codes of a request: they follow from the service's key and are not
/// stored, so that a repeat gets them again.
fn recovery_codes(identity: &Identity, account: &account::Model, request_id: &str) -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|n| {
            let parts = [&proof::id_of(account), request_id, &n.to_string()];
            code::from_bytes(&identity.secrets.derive(b"recovery code", &parts))
        })
        .collect()
}

/// Stores the codes' hashes in place of earlier ones.
async fn put_recovery(
    identity: &Identity,
    conn: &impl ConnectionTrait,
    account: &account::Model,
    codes: &[String],
) -> Result<(), Status> {
    let id = proof::id_of(account);
    let hashes = codes
        .iter()
        .filter_map(|c| code::normalise(c))
        .map(|c| identity.secrets.recovery(&id, &c))
        .collect();
    second_factors::put_recovery(conn, account.account_id, hashes)
        .await
        .map_err(from_db)
}
