//! ListSessions, EndSession, EndOtherSessions: a logged-in person sees and ends the own
//! sessions; announces SessionEnded and SecurityRecorded.

use chassis::access::Facts;
use chassis::caller::{Caller, User};
use chassis::status::{self, from_db};
use tonic::Status;
use zhurnal_proto::id::SessionId;
use zhurnal_proto::identity::v1::{
    DeviceSession, EndOtherSessionsRequest, EndOtherSessionsResponse, EndSessionRequest,
    EndSessionResponse, ListSessionsRequest, ListSessionsResponse, SecurityKind,
};

use super::convert;
use crate::security::{self, Actor};
use crate::store::{people, sessions};
use crate::{Identity, open, who};

/// ListSessions.
pub(super) async fn list(
    identity: &Identity,
    caller: &Caller,
    _: ListSessionsRequest,
) -> Result<ListSessionsResponse, Status> {
    let user = own(identity, caller, "identity.sessions.list")?;
    let conn = identity.cx.db.read();
    let now = identity.cx.clock.now();
    let mut rows = sessions::alive_of(conn, user.account.uuid(), now)
        .await
        .map_err(from_db)?;
    let current = user.session.uuid();
    rows.sort_by_key(|s| (s.session_id != current, std::cmp::Reverse(s.seen_us)));
    let places = who::places(conn, user.account.uuid(), identity.today())
        .await
        .map_err(from_db)?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let school = match row.school_id {
            Some(school) => people::school(conn, school).await.map_err(from_db)?,
            None => None,
        };
        let place = who::of_session(places.clone(), &row);
        let municipality = match &place {
            Some(place) => who::municipality_title(conn, place)
                .await
                .map_err(from_db)?,
            None => String::new(),
        };
        shown.push(DeviceSession {
            session_id: SessionId::from_uuid(row.session_id).to_string(),
            device: row.device,
            first_seen_at: convert::stored(row.created_us),
            last_seen_at: convert::stored(row.seen_us),
            current: row.session_id == current,
            role: place.as_ref().map(who::primary).unwrap_or_default().into(),
            school_title: school.map_or(municipality, |s| s.title),
        });
    }
    Ok(ListSessionsResponse { sessions: shown })
}

/// EndSession.
pub(super) async fn end(
    identity: &Identity,
    caller: &Caller,
    request: EndSessionRequest,
) -> Result<EndSessionResponse, Status> {
    let user = own(identity, caller, "identity.sessions.end")?;
    let missing = || status::not_found("session");
    let wanted: SessionId = request.session_id.parse().map_err(|_| missing())?;
    let mut uow = identity.cx.db.begin().await.map_err(from_db)?;
    sessions::by_id(uow.conn(), wanted.uuid())
        .await
        .map_err(from_db)?
        .filter(|s| s.account_id == user.account.uuid())
        .ok_or_else(missing)?;
    let ended = open::end(identity, &mut uow, &[wanted.uuid()]).await?;
    if !ended.is_empty() && wanted != user.session {
        tell_owner(identity, &mut uow, user).await?;
    }
    uow.commit().await.map_err(from_db)?;
    open::tell(identity, &ended).await;
    Ok(EndSessionResponse {})
}

/// EndOtherSessions.
pub(super) async fn end_others(
    identity: &Identity,
    caller: &Caller,
    _: EndOtherSessionsRequest,
) -> Result<EndOtherSessionsResponse, Status> {
    let user = own(identity, caller, "identity.sessions.endOthers")?;
    let mut uow = identity.cx.db.begin().await.map_err(from_db)?;
    let kept = Some(user.session);
    let ended = open::end_all(identity, &mut uow, user.account.uuid(), kept).await?;
    if !ended.is_empty() {
        tell_owner(identity, &mut uow, user).await?;
    }
    uow.commit().await.map_err(from_db)?;
    open::tell(identity, &ended).await;
    Ok(EndOtherSessionsResponse {
        ended_sessions: u32::try_from(ended.len()).unwrap_or(u32::MAX),
    })
}

async fn tell_owner(
    identity: &Identity,
    uow: &mut chassis::db::UnitOfWork,
    user: &User,
) -> Result<(), Status> {
    let kind = SecurityKind::SessionEnded;
    security::record(identity, uow, user.account.uuid(), kind, Actor::Owner(user)).await
}

fn own<'a>(identity: &Identity, caller: &'a Caller, permission: &str) -> Result<&'a User, Status> {
    identity
        .cx
        .access
        .check(caller, permission, &Facts::own())?;
    caller
        .user()
        .ok_or_else(|| status::unauthenticated("SESSION_ENDED"))
}
