//! The one answer for codes that are unknown, used, revoked or expired: codes
//! cannot be probed by the difference.

use chassis::status::Refusal;
use tonic::{Code, Status};

use crate::Identity;
use crate::domain::code;
use crate::store::entity::invitation;
use crate::store::invitations;

/// INVITATION_UNKNOWN.
pub fn refusal() -> Status {
    Refusal::new(
        Code::NotFound,
        "INVITATION_UNKNOWN",
        "Код не найден, уже использован или истёк",
    )
    .into()
}

/// A code that can be used now.
pub async fn usable(identity: &Identity, typed: &str) -> Result<invitation::Model, Status> {
    let normal = code::normalise(typed).ok_or_else(refusal)?;
    let hash = identity.secrets.code(&normal);
    let found = invitations::by_hash(identity.cx.db.read(), &hash)
        .await
        .map_err(chassis::status::from_db)?;
    found
        .filter(|i| invitations::is_usable(i, identity.cx.clock.now()))
        .ok_or_else(refusal)
}
