//! The account of a person, for those who answer for the person: never the own one,
//! never one with a higher role.

use chassis::access::Facts;
use chassis::caller::{Caller, User};
use chassis::status::{self, Refusal, from_db};
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{AccountId, PersonId, SchoolId};

use crate::Identity;
use crate::domain::role::Role;
use crate::store::entity::{account, person_card};
use crate::store::{accounts, people};
use crate::who::{self, Place};

/// A person of a school with the account.
pub(super) struct Found {
    /// The account.
    pub account: account::Model,
    /// The card, with the name.
    pub card: person_card::Model,
}

/// The account of a card where the caller has the permission for it. Refusals: not found
/// (another school, another class, no such card: the same answer), OWN_ACCOUNT,
/// NOT_REGISTERED, ROLE_ABOVE_OWN.
pub(super) async fn checked(
    identity: &Identity,
    caller: &Caller,
    permission: &str,
    school_id: &str,
    person_id: &str,
) -> Result<Found, Status> {
    let missing = || status::not_found("account");
    let school: SchoolId = school_id.parse().map_err(|_| missing())?;
    let person: PersonId = person_id.parse().map_err(|_| missing())?;
    let user = caller.user().ok_or_else(missing)?;
    let conn = identity.cx.db.read();
    let mut known = people::names(conn, school.uuid(), &[person.uuid()])
        .await
        .map_err(from_db)?;
    let holder = accounts::holder(conn, school.uuid(), person.uuid())
        .await
        .map_err(from_db)?;
    if holder == Some(user.account.uuid()) {
        return Err(own_account());
    }
    let facts = facts(identity, school, person, holder).await?;
    identity.cx.access.check(caller, permission, &facts)?;
    let card = known.remove(&person.uuid()).ok_or_else(missing)?;
    let account = match holder {
        Some(id) => accounts::by_id(conn, id).await.map_err(from_db)?,
        None => None,
    };
    let account = account.ok_or_else(|| {
        let text = "У этого человека ещё нет учётной записи: выдайте пригласительный код";
        status::precondition("NOT_REGISTERED", text)
    })?;
    let places = who::places(conn, account.account_id, identity.today())
        .await
        .map_err(from_db)?;
    if places.iter().any(|place| is_above(user, place)) {
        return Err(above());
    }
    Ok(Found { account, card })
}

async fn facts(
    identity: &Identity,
    school: SchoolId,
    person: PersonId,
    holder: Option<Uuid>,
) -> Result<Facts, Status> {
    let conn = identity.cx.db.read();
    let (at, card, today) = (school.uuid(), person.uuid(), identity.today());
    let mut facts = Facts::object("Account", person, school).subject(person);
    if let Some(holder) = holder {
        facts = facts.subject_account(AccountId::from_uuid(holder));
    }
    let duties = people::duties(conn, at, card, today)
        .await
        .map_err(from_db)?;
    if !duties.is_empty() {
        return Ok(facts.flag("staff"));
    }
    let teachers = people::class_teachers_of(conn, at, card, today)
        .await
        .map_err(from_db)?;
    let teachers = teachers.into_iter().map(PersonId::from_uuid);
    Ok(facts.flag("class").class_teachers(teachers))
}

/// Whether the account acts there with more than the caller answers for: in the region, in
/// another school, or, for a class teacher, as an employee at all.
fn is_above(user: &User, place: &Place) -> bool {
    if user.region || place.family {
        return false;
    }
    place.school_id != user.school.map(|s| s.uuid()) || !user.has_role(Role::Administrator.name())
}

fn own_account() -> Status {
    Refusal::new(
        Code::PermissionDenied,
        "OWN_ACCOUNT",
        "Со своей учётной записью так поступить нельзя",
    )
    .into()
}

fn above() -> Status {
    Refusal::new(
        Code::PermissionDenied,
        "ROLE_ABOVE_OWN",
        "У этого человека есть роль, за которую вы не отвечаете",
    )
    .into()
}
