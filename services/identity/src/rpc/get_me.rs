//! GetMe: a logged-in person sees the own name, roles and children.

use chassis::access::Facts;
use chassis::caller::{Caller, User, UserKind};
use chassis::status::{self, from_db};
use tonic::Status;
use zhurnal_proto::identity::v1::{GetMeRequest, GetMeResponse};

use crate::store::accounts;
use crate::store::entity::account;
use crate::who::Place;
use crate::{Identity, standing, who};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    _: GetMeRequest,
) -> Result<GetMeResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.me.get", &Facts::own())?;
    let (account, place, places) = present(identity, caller).await?;
    let conn = identity.cx.db.read();
    let proof = standing::of(identity, conn, account.account_id, &place, None)
        .await
        .map_err(from_db)?;
    let at = (&place, places.as_slice());
    let me = who::me(conn, &account, at, proof.unfinished, identity.today())
        .await
        .map_err(from_db)?;
    Ok(GetMeResponse { me: Some(me) })
}

/// The caller's account, the place it acts in, and all its places.
pub(super) async fn present(
    identity: &Identity,
    caller: &Caller,
) -> Result<(account::Model, Place, Vec<Place>), Status> {
    let ended = || status::unauthenticated("SESSION_ENDED");
    let user: &User = caller.user().ok_or_else(ended)?;
    let conn = identity.cx.db.read();
    let account = accounts::by_id(conn, user.account.uuid())
        .await
        .map_err(from_db)?
        .ok_or_else(ended)?;
    let places = who::places(conn, account.account_id, identity.today())
        .await
        .map_err(from_db)?;
    let family = user.kind == UserKind::Family;
    let at = (
        family,
        user.school.map(|s| s.uuid()),
        user.municipality.map(|m| m.uuid()),
    );
    let place = places
        .iter()
        .find(|place| place.at() == at)
        .cloned()
        .ok_or_else(ended)?;
    Ok((account, place, places))
}
