//! LogOut: a logged-in person ends the session; announces SessionEnded.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status::{self, from_db};
use tonic::Status;
use zhurnal_proto::identity::v1::{LogOutRequest, LogOutResponse};

use crate::{Identity, open};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    _: LogOutRequest,
) -> Result<LogOutResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.sessions.logOut", &Facts::own())?;
    let user = caller
        .user()
        .ok_or_else(|| status::unauthenticated("SESSION_ENDED"))?;
    let mut uow = identity.cx.db.begin().await.map_err(from_db)?;
    let ended = open::end(identity, &mut uow, &[user.session.uuid()]).await?;
    uow.commit().await.map_err(from_db)?;
    open::tell(identity, &ended).await;
    Ok(LogOutResponse {})
}
