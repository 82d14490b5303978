//! Opening a session: the one way in for log in, registration and switching.

use chassis::db::{UnitOfWork, micros};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::SessionId;
use zhurnal_proto::identity::v1 as pb;

use crate::store::entity::{account, session};
use crate::store::sessions;
use crate::who::{self, Place};
use crate::{Identity, standing};

/// A session to open.
pub struct Opening<'a> {
    /// Whose.
    pub account: &'a account::Model,
    /// Where it acts.
    pub place: &'a Place,
    /// Where it could act.
    pub all: &'a [Place],
    /// Device name.
    pub device: &'a str,
    /// When the device logged in, where that was before now.
    pub since_us: Option<i64>,
    /// Its secret.
    pub secret: String,
    /// When it was proved last who is in it.
    pub proved_us: Option<i64>,
}

/// Adds a session and answers with its secret.
pub async fn session(
    identity: &Identity,
    uow: &UnitOfWork,
    opening: Opening<'_>,
) -> Result<pb::Session, Status> {
    let Opening {
        account,
        place,
        all,
        device,
        since_us,
        secret,
        proved_us,
    } = opening;
    let now = micros(identity.cx.clock.now());
    let session_id = identity.cx.ids.uuid();
    let row = session::Model {
        session_id,
        account_id: account.account_id,
        secret_hash: identity.secrets.session(&secret).to_vec(),
        family: place.family,
        school_id: place.school_id,
        municipality_id: place.municipality_id,
        device: device.to_owned(),
        created_us: since_us.unwrap_or(now),
        seen_us: now,
        ended_us: None,
        proved_us,
    };
    sessions::insert(uow.conn(), row)
        .await
        .map_err(chassis::status::from_db)?;
    let proof = standing::of(identity, uow.conn(), account.account_id, place, proved_us)
        .await
        .map_err(chassis::status::from_db)?;
    let me = who::me(
        uow.conn(),
        account,
        (place, all),
        proof.unfinished,
        identity.today(),
    )
    .await
    .map_err(chassis::status::from_db)?;
    Ok(pb::Session {
        session_id: SessionId::from_uuid(session_id).to_string(),
        secret,
        expires_in_days: u32::try_from(sessions::IDLE_DAYS).unwrap_or(30),
        device_cookie: String::new(),
        me: Some(me),
    })
}

/// Ends sessions and announces it; gives those that were open. After the commit,
/// [`tell`] makes every process refuse their tokens.
pub async fn end(
    identity: &Identity,
    uow: &mut UnitOfWork,
    session_ids: &[Uuid],
) -> Result<Vec<SessionId>, Status> {
    let now = identity.cx.clock.now();
    let mut ended = Vec::new();
    for id in session_ids {
        if sessions::end(uow.conn(), *id, now)
            .await
            .map_err(chassis::status::from_db)?
        {
            ended.push(SessionId::from_uuid(*id));
            let change = pb::SessionEnded {
                session_id: SessionId::from_uuid(*id).to_string(),
            };
            let key = SessionId::from_uuid(*id).to_string();
            uow.announce(identity.event(
                None,
                "session_ended",
                key,
                pb::identity_event::Change::SessionEnded(change),
            ));
        }
    }
    Ok(ended)
}

/// Ends the open sessions of an account but `kept`; gives those that ended.
pub async fn end_all(
    identity: &Identity,
    uow: &mut UnitOfWork,
    account_id: Uuid,
    kept: Option<SessionId>,
) -> Result<Vec<SessionId>, Status> {
    let open = sessions::open_of(uow.conn(), account_id)
        .await
        .map_err(chassis::status::from_db)?;
    let ids: Vec<Uuid> = open
        .iter()
        .map(|s| s.session_id)
        .filter(|id| kept.is_none_or(|k| k.uuid() != *id))
        .collect();
    end(identity, uow, &ids).await
}

/// Tells every process that sessions are over; their tokens are refused at once.
pub async fn tell(identity: &Identity, ended: &[SessionId]) {
    for session in ended {
        chassis::token::announce_ended(&identity.cx.cache, *session).await;
    }
}
