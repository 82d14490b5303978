//! ExchangeSession: a session secret becomes an access token of five minutes;
//! roles and children are looked up anew each time.

use std::time::Duration;

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status::{self, from_db};
use tonic::Status;
use zhurnal_proto::identity::v1::{ExchangeSessionRequest, ExchangeSessionResponse};

use crate::store::{accounts, sessions};
use crate::{Identity, standing, who};

/// How long a service may believe what the token says.
const TOKEN_TTL: Duration = Duration::from_secs(300);

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ExchangeSessionRequest,
) -> Result<ExchangeSessionResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.sessions.exchange", &Facts::own())?;
    let ended = || status::unauthenticated("SESSION_ENDED");
    let conn = identity.cx.db.read();
    let now = identity.cx.clock.now();
    let hash = identity.secrets.session(&request.session_secret);
    let session = sessions::open_by_secret(conn, &hash, now)
        .await
        .map_err(from_db)?
        .ok_or_else(ended)?;
    let account = accounts::by_id(conn, session.account_id)
        .await
        .map_err(from_db)?
        .ok_or_else(ended)?;
    let today = identity.today();
    let places = who::places(conn, account.account_id, today)
        .await
        .map_err(from_db)?;
    let place = who::of_session(places.clone(), &session).ok_or_else(ended)?;
    let name = who::name_of(conn, &place).await.map_err(from_db)?;
    let user = who::user(&account, session.session_id, &place, name.as_ref());
    let proof = standing::of(
        identity,
        conn,
        account.account_id,
        &place,
        session.proved_us,
    )
    .await
    .map_err(from_db)?;
    let at = (&place, places.as_slice());
    let me = who::me(conn, &account, at, proof.unfinished, today)
        .await
        .map_err(from_db)?;
    let access_token = identity
        .cx
        .tokens
        .mint_user(&user, proof, TOKEN_TTL)
        .map_err(status::internal)?;
    if sessions::is_seen_stale(&session, now) {
        let uow = identity.cx.db.begin().await.map_err(from_db)?;
        sessions::seen(uow.conn(), session.session_id, now)
            .await
            .map_err(from_db)?;
        uow.commit().await.map_err(from_db)?;
    }
    Ok(ExchangeSessionResponse {
        access_token,
        expires_in_seconds: u32::try_from(TOKEN_TTL.as_secs()).unwrap_or(300),
        me: Some(me),
    })
}
