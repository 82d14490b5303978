//! RevokeInvitation: whoever may issue a code may also make it useless.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::idempotency;
use chassis::status::{self, from_db};
use tonic::Status;
use zhurnal_proto::id::{InvitationId, PersonId, SchoolId};
use zhurnal_proto::identity::v1::{RevokeInvitationRequest, RevokeInvitationResponse};

use super::convert;
use crate::domain::role::Role;
use crate::store::{invitations, people};
use crate::{Identity, who};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: RevokeInvitationRequest,
) -> Result<RevokeInvitationResponse, Status> {
    let school: SchoolId = request
        .school_id
        .parse()
        .map_err(|_| status::not_found("school"))?;
    let id: InvitationId = request
        .invitation_id
        .parse()
        .map_err(|_| status::not_found("invitation"))?;
    let conn = identity.cx.db.read();
    let row = invitations::by_id(conn, id.uuid()).await.map_err(from_db)?;
    let row = row
        .filter(|r| r.school_id == Some(school.uuid()))
        .ok_or_else(|| status::not_found("invitation"))?;
    let person = row
        .person_id
        .ok_or_else(|| status::not_found("invitation"))?;
    let mut facts = Facts::object("Invitation", id, school);
    facts = if row.role == Role::Teacher.number() {
        facts.flag("staff")
    } else {
        let teachers = people::class_teachers_of(conn, school.uuid(), person, identity.today())
            .await
            .map_err(from_db)?;
        facts
            .flag("class")
            .class_teachers(teachers.into_iter().map(PersonId::from_uuid))
    };
    identity
        .cx
        .access
        .check(caller, "identity.invitations.revoke", &facts)?;

    let key = idempotency::key(
        &caller.actor(),
        "RevokeInvitation",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&identity.cx.db, &key, |uow| async move {
        let now = identity.cx.clock.now();
        invitations::revoke(uow.conn(), id.uuid(), now)
            .await
            .map_err(from_db)?;
        let row = invitations::by_id(uow.conn(), id.uuid())
            .await
            .map_err(from_db)?;
        let row = row.ok_or_else(|| status::not_found("invitation"))?;
        let name = people::names(uow.conn(), school.uuid(), &[person])
            .await
            .map_err(from_db)?
            .remove(&person);
        let shown = convert::invitation(&row, name.as_ref().map(who::person_name), "", now);
        Ok((
            uow,
            RevokeInvitationResponse {
                invitation: Some(shown),
            },
        ))
    })
    .await
}
