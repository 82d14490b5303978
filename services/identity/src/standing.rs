//! What a session has proved: when, by what, and whether its role demands a second
//! factor that the account has not.

use chassis::caller::Proof;
use chassis::db::from_micros;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::Identity;
use crate::store::second_factors;
use crate::who::Place;

/// The proof of a session that acts in a place.
pub async fn of(
    identity: &Identity,
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    place: &Place,
    proved_us: Option<i64>,
) -> Result<Proof, DbErr> {
    let second_factor = second_factors::on(conn, account_id).await?.is_some();
    let demanded = |role| identity.protected_roles.contains(role);
    Ok(Proof {
        given_at: proved_us.map(from_micros),
        second_factor,
        unfinished: !second_factor && place.roles.iter().any(demanded),
    })
}
