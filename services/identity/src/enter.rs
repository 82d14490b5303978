//! The end of a log-in: the device is known from now on, a session opens, the log-in
//! is announced.

use chassis::db::{UnitOfWork, micros};
use chassis::status::{Refusal, from_db};
use tonic::{Code, Status};
use zhurnal_proto::id::PersonId;
use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::{PersonLoggedIn, Session};

use crate::store::attempts;
use crate::store::entity::account;
use crate::who::{self, Place};
use crate::{Identity, open};

/// A person whose proofs are all right.
pub struct Entering<'a> {
    /// The account.
    pub account: &'a account::Model,
    /// What it may act as.
    pub places: &'a [Place],
    /// Device name.
    pub device: &'a str,
    /// Cookie of the device.
    pub cookie: String,
}

/// What the account may act as; NOTHING_TO_ACT_AS where that is nothing.
pub async fn places(
    identity: &Identity,
    uow: &UnitOfWork,
    account: &account::Model,
) -> Result<Vec<Place>, Status> {
    let places = who::places(uow.conn(), account.account_id, identity.today())
        .await
        .map_err(from_db)?;
    if places.is_empty() {
        return Err(Refusal::new(
            Code::PermissionDenied,
            "NOTHING_TO_ACT_AS",
            "У этой учётной записи больше нет действующих ролей",
        )
        .into());
    }
    Ok(places)
}

/// Opens the session in the first of the places.
pub async fn enter(
    identity: &Identity,
    uow: &mut UnitOfWork,
    entering: Entering<'_>,
) -> Result<Session, Status> {
    let Entering {
        account,
        places,
        device,
        cookie,
    } = entering;
    let place = places
        .first()
        .ok_or_else(|| chassis::status::unauthenticated("SESSION_ENDED"))?;
    attempts::remember(
        uow.conn(),
        account.account_id,
        &identity.secrets.device(&cookie),
        identity.cx.clock.now(),
    )
    .await
    .map_err(from_db)?;
    let opening = open::Opening {
        account,
        place,
        all: places,
        device,
        since_us: None,
        proved_us: Some(micros(identity.cx.clock.now())),
        secret: crate::secrets::fresh(&identity.cx.ids),
    };
    let mut session = open::session(identity, uow, opening).await?;
    session.device_cookie = cookie;
    for (school, person) in cards(place) {
        let person = PersonId::from_uuid(person).to_string();
        let change = PersonLoggedIn {
            person_id: person.clone(),
            role: who::primary(place).into(),
        };
        uow.announce(identity.event(
            Some(school),
            "person_logged_in",
            person,
            Change::PersonLoggedIn(change),
        ));
    }
    Ok(session)
}

fn cards(place: &Place) -> Vec<(uuid::Uuid, uuid::Uuid)> {
    match (place.school_id, place.person_id) {
        (Some(school), Some(person)) => vec![(school, person)],
        _ => place.cards.clone(),
    }
}
