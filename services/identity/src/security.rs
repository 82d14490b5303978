//! The security log: every change of an account's safety is written for its owner and
//! announced, in the transaction of the change.

use chassis::caller::User;
use chassis::db::{UnitOfWork, micros};
use chassis::status::from_db;
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::AccountId;
use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::{SecurityKind, SecurityRecorded};

use crate::Identity;
use crate::store::entity::security_entry;
use crate::store::{security, sessions};

/// Who changed the safety of an account.
pub enum Actor<'a> {
    /// Its owner, in a session.
    Owner(&'a User),
    /// Its owner, on a device that names itself.
    Device(&'a str),
    /// Somebody else, by the name to show.
    Other(&'a str),
}

/// Writes and announces an entry.
pub async fn record(
    identity: &Identity,
    uow: &mut UnitOfWork,
    account_id: Uuid,
    kind: SecurityKind,
    actor: Actor<'_>,
) -> Result<(), Status> {
    let (by_name, device) = match actor {
        Actor::Owner(user) => {
            let session = sessions::by_id(uow.conn(), user.session.uuid())
                .await
                .map_err(from_db)?;
            (
                String::new(),
                session.map_or_else(String::new, |s| s.device),
            )
        }
        Actor::Device(device) => (String::new(), device.to_owned()),
        Actor::Other(name) => (name.to_owned(), String::new()),
    };
    let entry = security_entry::Model {
        account_id,
        entry_id: identity.cx.ids.uuid(),
        kind: kind as i16,
        happened_us: micros(identity.cx.clock.now()),
        by_name,
        device,
    };
    security::insert(uow.conn(), entry).await.map_err(from_db)?;
    let account = AccountId::from_uuid(account_id).to_string();
    let change = SecurityRecorded {
        account_id: account.clone(),
        kind: kind.into(),
    };
    uow.announce(identity.event(
        None,
        "security_recorded",
        account,
        Change::SecurityRecorded(change),
    ));
    Ok(())
}
